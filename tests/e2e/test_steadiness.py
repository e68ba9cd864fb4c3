"""Nothing moves by itself, when the text arrives or a font does, and nothing is wider than its window."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import exercise_document, make_assessment, make_item, make_lesson
from tests.e2e.screens import make_quiz, start

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

STEADY = 0.02
"""A fifth of what web vitals call good: less than a line of text that moves by itself."""

WATCH = """
window.shifts = [];
new PerformanceObserver((list) => {
  for (const { value, hadRecentInput, sources } of list.getEntries())
    if (!hadRecentInput)
      shifts.push({ value, what: sources.map(({ node }) => node?.className ?? node?.textContent ?? "gone") });
}).observe({ type: "layout-shift", buffered: true });
"""
# Two frames after the fonts: what they could move has moved.
SETTLED = """
document.fonts.ready.then(() =>
  new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))))
"""

WINDOWS = [(1280, 800), (390, 844)]
THEORY = "\n\n".join(f"## Part {part}\n\n" + "Words that take a line or two. " * 40 for part in range(1, 9))


def catalogue(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name="A lesson").first).to_be_visible()


def lesson(page: Page) -> None:
    page.goto("/lessons/a-lesson")
    expect(page.get_by_role("heading", name="Part 1")).to_be_visible()


def practice(page: Page) -> None:
    page.goto("/practice/double-in-words")
    expect(page.get_by_role("textbox")).to_be_visible()


def rules(page: Page) -> None:
    page.goto("/assessments/quiz")
    expect(page.get_by_role("heading", name="How it works")).to_be_visible()


def progress(page: Page) -> None:
    page.goto("/progress")
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def sign_in(page: Page) -> None:
    page.goto("/sign-in")
    expect(page.get_by_label("Name")).to_be_visible()


def question(page: Page) -> None:
    start(page)


SCREENS = [catalogue, lesson, practice, rules, progress, sign_in]


@pytest.fixture
def shown_at(browser: Browser, live_server: LiveServer) -> Iterator[Callable[[int, int], BrowserContext]]:
    """Make a context with a window of that size, whose pages keep a list of what moved."""
    make_quiz()
    make_item(exercise_document("double-in-words", body="What is twice {x}? [[a]]"))
    make_lesson(theory=THEORY)
    opened: list[BrowserContext] = []

    def make(width: int, height: int) -> BrowserContext:
        context = browser.new_context(
            base_url=live_server.url, viewport={"width": width, "height": height}, reduced_motion="reduce"
        )
        context.add_init_script(WATCH)
        opened.append(context)
        return context

    yield make
    for context in opened:
        context.close()


def moved(page: Page) -> list[dict[str, object]]:
    """Return what moved, when it adds up to too much."""
    page.wait_for_load_state("networkidle")
    page.evaluate(SETTLED)
    shifts: list[dict[str, object]] = page.evaluate("shifts")
    return shifts if page.evaluate("shifts.reduce((sum, { value }) => sum + value, 0)") >= STEADY else []


@pytest.mark.parametrize("window", WINDOWS, ids=["desktop", "phone"])
@pytest.mark.parametrize("show", SCREENS, ids=lambda show: show.__name__)
def test_a_screen_holds_still_while_it_loads(
    show: Callable[[Page], None],
    window: tuple[int, int],
    shown_at: Callable[[int, int], BrowserContext],
) -> None:
    page = shown_at(*window).new_page()
    show(page)
    assert moved(page) == []


@pytest.mark.parametrize("window", WINDOWS, ids=["desktop", "phone"])
def test_late_fonts_move_no_text(
    window: tuple[int, int], shown_at: Callable[[int, int], BrowserContext]
) -> None:
    context = shown_at(*window)
    late: list[Route] = []
    context.route("**/*.woff2", lambda route: late.append(route))
    page = context.new_page()
    # The page counts as loaded only with its fonts.
    page.goto("/lessons/a-lesson", wait_until="commit")
    expect(page.get_by_role("heading", name="Part 1")).to_be_visible()
    assert late, "no font was asked for"
    for route in late:
        route.continue_()
    context.unroute("**/*.woff2")
    assert moved(page) == []


@pytest.mark.parametrize("width", [320, 256], ids=["small-phone", "larger-text"])
@pytest.mark.parametrize("show", [*SCREENS, question], ids=lambda show: show.__name__)
def test_a_narrow_window_needs_no_sideways_scroll(
    show: Callable[[Page], None], width: int, shown_at: Callable[[int, int], BrowserContext]
) -> None:
    page = shown_at(width, 640).new_page()
    show(page)
    beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert page.evaluate(beyond) <= 0, "the page is wider than its window"


def test_the_bar_of_a_long_quiz_leaves_the_phone_to_the_question(
    shown_at: Callable[[int, int], BrowserContext],
) -> None:
    items = [make_item(exercise_document(f"double-{number}")) for number in range(14)]
    make_assessment(*items, slug="long")
    page = shown_at(390, 844).new_page()
    start(page, "long")
    bar = page.locator(".sitting-bar").bounding_box()
    assert bar
    assert bar["height"] <= 0.12 * 844
    page.get_by_role("button", name="Question 14,").click()
    expect(page.locator(".marker[aria-current]")).to_be_in_viewport(ratio=1)
