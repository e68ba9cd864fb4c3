"""Every screen, light and dark, wide and narrow, under the rules of axe."""

from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from tests.builders import (
    PASSWORD,
    choice_document,
    exercise_document,
    make_assessment,
    make_item,
    make_lesson,
    vector_document,
)
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import answer, hand_in, make_quiz, start, type_number, verdict

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

THEORY = r"""
## One

$w$ and a table

| $a$ | b |
|---|---|
| 1 | 2 |

## Two

$$
f(w) = a_1 w + a_2 w^2 + a_3 w^3 + a_4 w^4 + a_5 w^5 + a_6 w^6 + a_7 w^7
$$

> Mind it.
"""

FIGURES = [
    {
        "kind": "curve",
        "title": "A curve",
        "x": {"name": "u", "from": 0, "to": 1, "label": "$u$"},
        "y_label": "height",
        "curves": [{"label": "square", "y": "u ** 2"}, {"label": "line", "y": "u"}],
        "points": [{"x": 0.5, "y": 0.25, "label": "a point"}],
    },
    {
        "kind": "contour",
        "title": "A bowl",
        "x": {"name": "u", "from": -1, "to": 1, "label": "$u$"},
        "y": {"name": "v", "from": -1, "to": 1, "label": "$v$"},
        "z": "u ** 2 + 2 * v ** 2",
    },
    {"kind": "table", "title": "Numbers", "columns": [{"label": "$x$", "values": "x"}]},
]


def catalogue(page: Page) -> None:
    page.goto("/")
    expect(page.get_by_role("link", name="A lesson").first).to_be_visible()


def lesson(page: Page) -> None:
    page.goto("/lessons/a-lesson")
    expect(page.locator("math").first).to_be_visible()


def premium_lesson(page: Page) -> None:
    page.goto("/lessons/premium")
    expect(page.get_by_role("heading", name="The rest is for members of a course")).to_be_visible()


def rules(page: Page) -> None:
    page.goto("/assessments/quiz")
    expect(page.get_by_role("heading", name="How it works")).to_be_visible()


def wrong_answer(page: Page) -> None:
    start(page)
    page.get_by_text("That one").click()
    answer(page)
    expect(verdict(page)).to_contain_text("Not right")


def right_answer(page: Page) -> None:
    start(page)
    page.get_by_text("This one").click()
    answer(page)
    expect(verdict(page)).to_contain_text("Right")


def question_before_handing_in(page: Page) -> None:
    start(page)
    page.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("dialog")).to_be_visible()


def result(page: Page) -> None:
    right_answer(page)
    hand_in(page)


def unreadable_answer(page: Page) -> None:
    page.goto("/practice/double-it")
    type_number(page, "two")
    page.get_by_role("button", name="Check").click()
    expect(verdict(page)).to_contain_text("Not readable yet")


def vector(page: Page) -> None:
    page.goto("/practice/double-all")
    expect(page.get_by_role("textbox").first).to_be_visible()


def parts_and_solution(page: Page) -> None:
    vector(page)
    for field in page.get_by_role("textbox").all():
        field.fill("1")
    page.get_by_role("button", name="Check").click()
    expect(verdict(page)).to_contain_text("Not right")
    page.get_by_role("button", name="Show the solution").click()
    expect(page.get_by_role("region", name="Solution")).to_be_visible()


def result_of_a_wrong_answer(page: Page) -> None:
    wrong_answer(page)
    hand_in(page)


def figures(page: Page) -> None:
    page.goto("/practice/drawn")
    expect(page.get_by_role("img", name="A curve")).to_be_visible()
    expect(page.get_by_role("img", name="A bowl")).to_be_visible()
    expect(page.get_by_role("table", name="Numbers")).to_be_visible()


def progress(page: Page) -> None:
    unreadable_answer(page)
    type_number(page, "1")
    page.get_by_role("button", name="Check").click()
    expect(verdict(page)).to_contain_text("Not right")
    page.goto("/progress")
    expect(page.get_by_role("heading", name="Skills", exact=True)).to_be_visible()


def sign_up(page: Page) -> None:
    page.goto("/sign-up")
    expect(page.get_by_label("Name")).to_be_visible()


def recovery_offer(page: Page) -> None:
    sign_up(page)
    page.get_by_label("Name").fill("ada")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Create the account").click()
    expect(page.get_by_role("heading", name="Your account is ready")).to_be_visible()


def recovery_code(page: Page) -> None:
    recovery_offer(page)
    page.get_by_role("button", name="Show a recovery code").click()
    expect(page.get_by_role("heading", name="Your recovery code")).to_be_visible()


def account(page: Page) -> None:
    recovery_offer(page)
    page.goto("/account")
    page.get_by_role("button", name="Delete your account").click()
    part = page.get_by_role("region", name="Password", exact=True)
    part.get_by_label("Current password").fill("wrong")
    part.get_by_label("New password").fill("another-long-one")
    part.get_by_role("button").click()
    expect(part.get_by_role("alert")).to_be_visible()


def guests_account(page: Page) -> None:
    unreadable_answer(page)
    page.goto("/account")
    expect(page.get_by_role("heading", name="Delete what you did")).to_be_visible()


def recover(page: Page) -> None:
    page.goto("/recover")
    page.get_by_label("Name or e-mail address").fill("ada")
    page.get_by_role("button", name="Send a link").click()
    expect(page.get_by_text("a link is on its way")).to_be_visible()


def recover_by_link(page: Page) -> None:
    page.goto("/recover?token=x")
    expect(page.get_by_role("heading", name="Choose a new password")).to_be_visible()


def one_page(page: Page) -> None:
    make_assessment(
        make_item(choice_document("first")),
        make_item(exercise_document("second")),
        slug="one-page",
        layout="one_page",
        tools=["calculator", "scratchpad"],
        solution_on_request=True,
    )
    start(page, "one-page")
    second = page.get_by_role("article", name="Question 2")
    second.get_by_role("textbox").fill("-77777")
    second.get_by_role("button", name="Answer").click()
    second.get_by_role("button", name="Show the solution").click()
    expect(second.get_by_role("button", name="Keep trying")).to_be_focused()


def solution_beside_the_calculator(page: Page) -> None:
    one_page(page)
    page.get_by_role("button", name="Close it").click()
    expect(page.get_by_role("region", name="Solution")).to_be_visible()
    page.get_by_role("button", name="Calculator").click()
    # Its code is on the way; whoever types before it is there types elsewhere.
    expect(page.get_by_role("region", name="Calculator").get_by_role("textbox")).to_be_focused()
    page.keyboard.type("1 + 1")
    page.keyboard.press("Enter")
    expect(page.get_by_role("list", name="Results")).to_contain_text("2")


def scratch_pad(page: Page) -> None:
    one_page(page)
    page.get_by_role("button", name="Scratch pad").click()
    expect(page.get_by_role("textbox", name="Your notes")).to_be_focused()


def nowhere(page: Page) -> None:
    page.goto("/nowhere")
    expect(page.get_by_role("heading", name="Nothing here")).to_be_visible()


SCREENS = [
    catalogue,
    lesson,
    premium_lesson,
    rules,
    wrong_answer,
    right_answer,
    question_before_handing_in,
    result,
    unreadable_answer,
    vector,
    parts_and_solution,
    result_of_a_wrong_answer,
    figures,
    progress,
    sign_up,
    recovery_offer,
    recovery_code,
    account,
    guests_account,
    recover,
    recover_by_link,
    one_page,
    solution_beside_the_calculator,
    scratch_pad,
    nowhere,
]


@pytest.mark.parametrize(("scheme", "width"), [("light", 1280), ("dark", 320)])
@pytest.mark.parametrize("show", SCREENS, ids=lambda show: show.__name__)
def test_a_screen_has_no_serious_fault(
    show: Callable[[Page], None],
    scheme: Literal["light", "dark"],
    width: int,
    axe: str,
    browser: Browser,
    live_server: LiveServer,
) -> None:
    make_quiz()
    make_item(vector_document())
    make_item(exercise_document("drawn", figures=FIGURES))
    make_lesson(theory=THEORY)
    make_lesson("premium", premium=True)
    context = browser.new_context(
        base_url=live_server.url,
        color_scheme=scheme,
        viewport={"width": width, "height": 800},
        reduced_motion="reduce",
    )
    page = context.new_page()
    show(page)
    found, beyond = faults(page, axe), sideways(page)
    context.close()
    assert found == []
    assert beyond == 0, "the page is wider than its window"
