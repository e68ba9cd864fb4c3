"""Every address that a person types opens a page."""

import pytest
from playwright.sync_api import Page

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]


def test_the_authoring_desk_works_under_the_content_security_policy(page: Page, admin_user: object) -> None:
    page.goto("/admin/")
    page.get_by_label("Username:").fill("admin")
    page.get_by_label("Password:").fill("password")
    page.get_by_role("button", name="Log in").click()
    page.get_by_role("button", name="Log out").wait_for()


@pytest.mark.usefixtures("frontend")
def test_the_first_page_draws_itself(page: Page) -> None:
    page.goto("/")
    page.get_by_role("main").wait_for()
    assert page.title()
