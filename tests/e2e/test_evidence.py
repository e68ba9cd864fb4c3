"""The desk's tables of variants and pictures of certificates, in a browser."""

from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from content.models import ItemVersion
from tests.builders import exercise_document, make_item
from tests.desks import make_instructor, own_everything
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import sign_in

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True)]

PAGES = ("parameters", "variants", "certificate")


@pytest.fixture
def version() -> ItemVersion:
    changes: dict[str, Any] = {
        "parameters": {"x": {"integer": [0, 9]}},
        "require": ["x > -1"],
        "misconceptions": {"a": {"forgot-the-two": "x", "square": "x*x"}},
    }
    version = make_item(exercise_document(**changes)).current
    assert version is not None
    return version


def address(version: ItemVersion, name: str) -> str:
    return f"/admin/content/itemversion/{version.pk}/page/{name}/"


def enter(context: BrowserContext, server: LiveServer) -> None:
    instructor = make_instructor()
    own_everything(instructor)
    sign_in(context, server.url, instructor)


@pytest.mark.parametrize("dark", [False, True])
def test_the_pages_are_accessible(
    browser: Browser, live_server: LiveServer, axe: str, version: ItemVersion, dark: bool
) -> None:
    context = browser.new_context(base_url=live_server.url, color_scheme="dark" if dark else "light")
    enter(context, live_server)
    page = context.new_page()
    for width in (1280, 820):
        page.set_viewport_size({"width": width, "height": 900})
        for name in PAGES:
            page.goto(address(version, name) + "?seed=0")
            expect(page.locator("section.evidence")).to_be_visible()
            assert faults(page, axe) == []
            assert sideways(page) == 0
    context.close()


def test_a_table_is_sorted_with_the_keyboard(
    page: Page, context: BrowserContext, live_server: LiveServer, version: ItemVersion
) -> None:
    enter(context, live_server)
    page.goto(address(version, "variants"))
    column = page.locator("table.variants tbody tr td:nth-child(3)")
    drawn = [int(text) for text in column.all_inner_texts()]
    heading = page.get_by_role("columnheader", name="x", exact=True)
    page.get_by_role("button", name="x", exact=True).focus()
    page.keyboard.press("Enter")
    expect(heading).to_have_attribute("aria-sort", "ascending")
    assert [int(text) for text in column.all_inner_texts()] == sorted(drawn)
    page.keyboard.press("Space")
    expect(heading).to_have_attribute("aria-sort", "descending")
    assert [int(text) for text in column.all_inner_texts()] == sorted(drawn, reverse=True)


def test_a_row_opens_its_variant_and_grades_an_answer(
    page: Page, context: BrowserContext, live_server: LiveServer, version: ItemVersion
) -> None:
    enter(context, live_server)
    page.goto(address(version, "variants"))
    page.get_by_role("link", name="7", exact=True).click()
    expect(page.locator("#variant h2")).to_have_text("Seed 7")
    x = page.locator("table.variants tr:has(a[aria-current]) td:nth-child(3)").inner_text()
    page.get_by_role("textbox", name="Answer a").fill(str(2 * int(x)))
    page.get_by_role("button", name="Try this answer").click()
    expect(page.locator("#variant .verdict")).to_contain_text("a: right")
