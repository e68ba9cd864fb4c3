"""A reader comes back to the place that they left."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.builders import make_lesson
from tests.e2e.screens import make_quiz, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

THEORY = "\n\n".join(f"## Part {part}\n\n" + "Words that take a line or two. " * 60 for part in range(1, 9))
NEAR = 3


@pytest.fixture(autouse=True)
def _content() -> None:
    make_quiz(lesson=make_lesson(theory=THEORY))


def read_down_to(page: Page, top: int) -> None:
    """Scroll as a reader does, and rest until the place is written down."""
    page.goto("/lessons/a-lesson")
    expect(page.get_by_role("heading", name="Part 1")).to_be_visible()
    page.evaluate("(top) => scrollTo(0, top)", top)
    wait_until(page, lambda: page.evaluate(f"Math.abs((history.state?.scroll ?? -1e6) - {top}) < {NEAR}"))
    wait_until(page, lambda: page.evaluate("localStorage.getItem('assay.reading.a-lesson') !== null"))


def expect_place(page: Page, top: int) -> None:
    wait_until(page, lambda: page.evaluate(f"Math.abs(scrollY - {top}) < {NEAR}"))


def test_the_way_back_leads_to_the_place_in_the_text(page: Page) -> None:
    read_down_to(page, 1500)
    page.evaluate("document.querySelector('.finish a').click()")
    expect(page.get_by_role("heading", name="How it works")).to_be_visible()
    assert page.evaluate("scrollY") == 0
    page.go_back()
    expect(page.get_by_role("heading", name="Part 1")).to_be_attached()
    expect_place(page, 1500)
    page.go_forward()
    expect(page.get_by_role("heading", name="How it works")).to_be_visible()


def test_a_reload_stays_at_the_place(page: Page) -> None:
    read_down_to(page, 1200)
    page.reload()
    expect_place(page, 1200)


def test_a_way_back_inside_the_lesson_leads_to_its_place(page: Page) -> None:
    read_down_to(page, 700)
    page.get_by_role("navigation", name="In this lesson").get_by_role("link", name="Part 7").click()
    wait_until(page, lambda: page.evaluate("scrollY > 1500"))
    page.go_back()
    expect_place(page, 700)


def test_an_address_with_a_section_opens_there(page: Page) -> None:
    page.goto("/lessons/a-lesson#section-6")
    expect(page.get_by_role("heading", name="Part 6")).to_be_in_viewport()


def test_who_comes_anew_is_offered_the_section_that_they_left(page: Page) -> None:
    read_down_to(page, 1800)
    page.goto("/")
    page.get_by_role("link", name="A lesson", exact=True).click()
    offer = page.get_by_role("link", name="Continue where you left off")
    expect(offer).to_be_visible()
    assert page.evaluate("scrollY") == 0
    section = offer.get_attribute("href") or ""
    offer.click()
    expect(page.locator(section)).to_be_in_viewport()


def test_who_opens_a_lesson_first_is_offered_nothing(page: Page) -> None:
    page.goto("/lessons/a-lesson")
    expect(page.get_by_role("heading", name="Part 1")).to_be_visible()
    expect(page.get_by_text("Continue where you left off")).to_have_count(0)
