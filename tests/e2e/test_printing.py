"""A lesson on paper is its text, black on white."""

import pytest
from playwright.sync_api import Page, expect

from tests.builders import make_lesson
from tests.e2e.screens import make_quiz

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]


def test_paper_shows_the_text_and_nothing_to_press(page: Page) -> None:
    make_quiz(lesson=make_lesson(theory="## One\n\nWords.\n\n## Two\n\n| a | b |\n|---|---|\n| 1 | 2 |"))
    page.emulate_media(color_scheme="dark")
    page.goto("/lessons/a-lesson")
    expect(page.get_by_role("heading", name="One")).to_be_visible()
    page.emulate_media(media="print", color_scheme="dark")
    for gone in (".header", ".footer", ".lesson-side", ".finish", ".reading-line"):
        expect(page.locator(gone)).to_be_hidden()
    expect(page.get_by_text("Words.")).to_be_visible()
    expect(page.get_by_role("table")).to_be_visible()
    expect(page.locator("html")).to_have_css("background-color", "rgb(255, 255, 255)")
    expect(page.locator("h1")).to_have_css("color", "rgb(0, 0, 0)")
