"""The figures and questions in the text of a lesson, as readers meet them."""

from __future__ import annotations

from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect
from pytest_django.live_server_helper import LiveServer

from content.illustrations import KINDS
from tests.builders import choice_document, exercise_document, make_item, make_learner, make_lesson
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import sign_in, verdict

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

CHECK = "One.\n\n[[check: double-it]]\n\nTwo."


def theory(kind: str) -> str:
    """Return a text with a figure as it is where its author sets nothing that need not be set."""
    lists = "\n".join(f"{name}: [0.1, 1, 10]" for name in KINDS[kind].equal_lengths)
    return f"## One\n\n```figure {kind}\ncaption: A caption.\nwords: What it shows.\n{lists}\n```\n\n## Two\n\nEnd."


def drawn(page: Page, kind: str) -> Locator:
    figure = page.locator(f"#{kind}-1")
    figure.scroll_into_view_if_needed()
    expect(figure).to_have_attribute("data-state", "drawn", timeout=30_000)
    return figure


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_is_accessible_and_fits(
    kind: str,
    scheme: Literal["light", "dark"],
    width: int,
    axe: str,
    browser: Browser,
    live_server: LiveServer,
) -> None:
    make_lesson(theory=theory(kind))
    context = browser.new_context(
        base_url=live_server.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    page = context.new_page()
    page.goto("/lessons/a-lesson")
    figure = drawn(page, kind)
    for hidden in figure.locator("summary").all():
        hidden.click()
    found, beyond = faults(page, axe), sideways(page)
    context.close()
    assert found == []
    assert beyond == 0, "the page is wider than its window"


@pytest.mark.parametrize("kind", KINDS)
def test_a_figure_says_what_it_shows_and_has_its_numbers(kind: str, page: Page) -> None:
    make_lesson(theory=theory(kind))
    page.goto("/lessons/a-lesson")
    figure = drawn(page, kind)
    expect(figure.get_by_role("status").first).not_to_be_empty()
    expect(figure.locator("table").first).to_be_attached()
    figure.locator("summary", has_text="In words").click()
    expect(figure.get_by_text("What it shows.")).to_be_visible()


def test_a_figure_that_cannot_be_fetched_leaves_its_words(context: BrowserContext) -> None:
    make_lesson(theory=theory("weight-plane"))
    page = context.new_page()
    page.route("**/WeightPlane-*.js", lambda route: route.abort())
    page.goto("/lessons/a-lesson")
    figure = page.locator("#weight-plane-1")
    figure.scroll_into_view_if_needed()
    expect(figure.get_by_text("could not be loaded")).to_be_visible()
    expect(figure.get_by_text("What it shows.")).to_be_visible()
    page.close()


def test_a_reader_is_made_no_guest_until_a_question_is_wanted(page: Page) -> None:
    make_item(exercise_document())
    make_lesson(theory=CHECK)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if request.method == "POST" else None)
    page.goto("/lessons/a-lesson")
    place = page.get_by_role("article", name="Check yourself")
    expect(place.get_by_role("button", name="Show the question")).to_be_visible()
    assert asked == []
    place.get_by_role("button", name="Show the question").click()
    expect(place.get_by_role("heading", name="Check yourself")).to_be_focused()
    place.get_by_role("textbox").fill("0.5")
    place.get_by_role("button", name="Check").click()
    expect(verdict(page)).to_contain_text("Not right")


def test_a_learner_finds_the_question_open(
    context: BrowserContext, page: Page, live_server: LiveServer
) -> None:
    make_item(exercise_document())
    make_lesson(theory=CHECK)
    sign_in(context, live_server.url, make_learner())
    page.goto("/lessons/a-lesson")
    expect(page.get_by_role("article", name="Check yourself").get_by_role("textbox")).to_be_visible()


def test_a_fixed_question_is_asked_once_and_takes_no_keys_of_the_page(page: Page) -> None:
    make_item(choice_document(slug="double-it") | {"use": "practice"})
    make_lesson(theory=CHECK)
    page.goto("/lessons/a-lesson")
    place = page.get_by_role("article", name="Check yourself")
    place.get_by_role("button", name="Show the question").click()
    page.keyboard.press("1")
    expect(place.get_by_role("radio").first).not_to_be_checked()
    place.get_by_text("This one").click()
    place.get_by_role("button", name="Check").click()
    expect(verdict(page)).to_contain_text("Right")
    expect(verdict(page)).to_be_focused()
    expect(place.get_by_role("button", name="Another variant")).to_have_count(0)
