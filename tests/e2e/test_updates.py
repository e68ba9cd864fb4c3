"""The code of a screen cannot be had: the page says so, or takes the new build by itself, once."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.builders import make_lesson

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

FIRST_PAGE = re.compile(r"^http://[^/]+/$")
LESSON = re.compile(r"/assets/Lesson-[^/]+\.js$")


@pytest.fixture
def page(context: BrowserContext) -> Page:
    """The first page, from which the lesson's code is not fetched yet; what fails is in its console."""
    make_lesson()
    opened = context.new_page()
    opened.goto("/")
    expect(opened.get_by_role("link", name="A lesson").first).to_be_visible()
    return opened


def follow(page: Page) -> None:
    page.get_by_role("link", name="A lesson").first.click()


def test_a_part_that_does_not_come_can_be_tried_again(page: Page) -> None:
    page.route(LESSON, lambda route: route.abort())
    follow(page)
    expect(page.get_by_role("alert")).to_contain_text("A part of the page could not be loaded")
    page.unroute(LESSON)
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="A lesson", level=1)).to_be_visible()


def test_a_new_build_is_taken_by_itself(page: Page) -> None:
    gone: list[Route] = []

    def replaced(route: Route) -> None:
        gone.append(route)
        route.fulfill(status=404)

    newer = '<!doctype html><script type="module" src="/assets/index-newer.js"></script>'
    page.route(LESSON, replaced)
    page.route(FIRST_PAGE, lambda route: route.fulfill(body=newer, content_type="text/html"))
    with page.expect_event("load"):
        follow(page)
    page.unroute(LESSON)
    page.reload()
    expect(page.get_by_role("heading", name="A lesson", level=1)).to_be_visible()
    assert gone


def test_pointing_at_a_link_fetches_its_screen(page: Page) -> None:
    with page.expect_response(LESSON):
        page.get_by_role("link", name="A lesson").first.hover()
