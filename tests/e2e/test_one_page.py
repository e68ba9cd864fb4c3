"""All questions on one page, the solution on request, and what lies beside the questions."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, expect

from assessment.models import Attempt, Draft, Response
from tests.builders import choice_document, exercise_document, make_assessment, make_item
from tests.e2e.screens import hand_in, wait_until

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]


def begin(page: Page, *, items: int = 3, **fields: Any) -> None:
    """Start an attempt of choices and, at the end, an exercise, whose key is twice the shown number."""
    choices = [make_item(choice_document(f"choice-{n}")) for n in range(items - 1)]
    given = {"layout": "one_page", "tries": 3} | fields
    make_assessment(*choices, make_item(exercise_document()), slug="quiz", **given)
    page.goto("/assessments/quiz")
    page.get_by_role("button", name="Start", exact=True).click()
    expect(question(page, 1)).to_be_visible()


def question(page: Page, position: int) -> Locator:
    return page.get_by_role("article", name=f"Question {position}")


def verdict_on(page: Page, position: int) -> Locator:
    return page.get_by_role("region", name=f"Verdict on question {position}")


def test_each_question_has_its_own_answer_verdict_and_draft(page: Page) -> None:
    begin(page)
    question(page, 1).get_by_text("That one").click()
    question(page, 1).get_by_role("button", name="Answer").click()
    expect(verdict_on(page, 1)).to_contain_text("Not right")
    question(page, 3).get_by_role("textbox").fill("7.7")
    expect(question(page, 3)).to_contain_text("Draft saved")
    expect(question(page, 1)).not_to_contain_text("Draft saved")
    expect(verdict_on(page, 3)).to_have_count(0)
    question(page, 2).get_by_text("This one").click()
    question(page, 2).get_by_role("button", name="Answer").click()
    expect(verdict_on(page, 2)).to_contain_text("Right")
    page.reload()
    expect(verdict_on(page, 1)).to_contain_text("Not right")
    expect(verdict_on(page, 2)).to_contain_text("Right")
    expect(question(page, 3).get_by_role("textbox")).to_have_value("7.7")
    hand_in(page)
    assert [one.answer for one in Response.objects.order_by("sequence")][-1] == {"a": "7.7"}


def test_what_was_typed_anywhere_is_graded_at_the_end(page: Page) -> None:
    begin(page, feedback="at_end", tries=1)
    question(page, 1).get_by_text("This one").click()
    question(page, 2).get_by_text("That one").click()
    hand_in(page)
    attempt = Attempt.objects.get()
    assert attempt.score == 1
    assert {one.presentation.position: one.answer["a"] for one in Response.objects.all()} == {
        1: "right",
        2: "wrong",
    }


def test_the_list_and_the_keys_lead_to_a_question_and_act_on_the_one_worked_at(page: Page) -> None:
    begin(page, items=6)
    page.get_by_role("button", name="Question 4").click()
    expect(question(page, 4).get_by_role("heading")).to_be_focused()
    expect(question(page, 4).get_by_role("heading")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Question 4")).to_have_attribute("aria-current", "step")
    page.keyboard.press("2")
    expect(question(page, 4).get_by_role("radio").nth(1)).to_be_checked()
    expect(question(page, 1).get_by_role("radio").nth(1)).not_to_be_checked()
    page.keyboard.press("f")
    expect(page.get_by_role("button", name="Question 4, not answered, flagged")).to_be_visible()
    page.keyboard.press("n")
    expect(question(page, 5).get_by_role("heading")).to_be_focused()
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(verdict_on(page, 5)).to_be_visible()
    wait_until(page, lambda: Draft.objects.count() == 1)


def test_a_second_tab_takes_over_all_that_was_typed(context: BrowserContext) -> None:
    page = context.new_page()
    begin(page)
    question(page, 3).get_by_role("textbox").fill("7.7")
    question(page, 1).get_by_text("That one").click()
    other = context.new_page()
    other.goto(page.url)
    other.get_by_role("button", name="Go on here").click()
    expect(question(other, 3).get_by_role("textbox")).to_have_value("7.7")
    expect(question(other, 1).get_by_role("radio", name="That one")).to_be_checked()
    expect(page.get_by_text("this one takes no answers")).to_be_visible()
    expect(question(page, 3).get_by_role("textbox")).to_be_disabled()


@pytest.mark.parametrize("layout", ["one_page", "one_question"])
def test_the_solution_is_shown_on_request_and_says_first_what_that_costs(page: Page, layout: str) -> None:
    begin(page, items=1, layout=layout, solution_on_request=True)
    here = page.get_by_role("article")
    here.get_by_role("textbox").fill("-77777")
    here.get_by_role("button", name="Answer").click()
    expect(here.get_by_role("region", name="Verdict")).to_contain_text("Not right")
    here.get_by_role("button", name="Show the solution").click()
    expect(here.get_by_role("group")).to_contain_text("It counts as it stands: 0 of 1.")
    here.get_by_role("button", name="Keep trying").click()
    expect(here.get_by_role("region", name="Solution")).to_have_count(0)
    here.get_by_role("button", name="Show the solution").click()
    here.get_by_role("button", name="Close it and show the solution").click()
    expect(here.get_by_role("region", name="Solution")).to_be_focused()
    expect(here.get_by_role("region", name="Verdict")).to_contain_text("You asked for the solution")
    expect(here.get_by_role("textbox")).to_be_disabled()
    page.reload()
    page.get_by_role("button", name="Question 1").click()
    expect(here.get_by_role("region", name="Solution")).to_contain_text("Right is")
    hand_in(page)
    expect(page.locator(".reviewed")).to_contain_text("You asked for the solution")


def test_no_solution_is_offered_before_a_try_while_hints_are_left_nor_where_it_is_not_allowed(
    page: Page,
) -> None:
    begin(page, items=1, solution_on_request=True)
    offer = page.get_by_role("button", name="Show the solution")
    expect(page.get_by_role("button", name="Show a hint")).to_be_visible()
    expect(offer).to_have_count(0)
    page.get_by_role("button", name="Show a hint").click()
    expect(offer).to_be_visible()


def test_the_calculator_calculates_and_its_keys_are_not_those_of_the_page(page: Page) -> None:
    begin(page, tools=["calculator"])
    expect(page.get_by_role("button", name="Scratch pad")).to_have_count(0)
    opener = page.get_by_role("button", name="Calculator")
    opener.click()
    panel = page.get_by_role("region", name="Calculator")
    expect(panel.get_by_role("textbox", name="Calculation")).to_be_focused()
    page.keyboard.type("(1 - 2*0.1*0.5)*3")
    expect(panel).to_contain_text("= 2.7")
    page.keyboard.press("Enter")
    panel.get_by_role("button", name="the last result").click()
    panel.get_by_role("button", name="times", exact=True).click()
    panel.get_by_role("button", name="2", exact=True).click()
    panel.get_by_role("button", name="2", exact=True).press("1")
    page.keyboard.press("h")
    expect(page.get_by_role("radio", checked=True)).to_have_count(0)
    panel.get_by_role("button", name="Calculate", exact=True).click()
    expect(panel.get_by_role("list", name="Results")).to_contain_text("5.4")
    page.keyboard.type("1,5")
    page.keyboard.press("Enter")
    expect(panel).to_contain_text("Write the decimal sign as a point.")
    page.keyboard.press("Escape")
    expect(panel).to_have_count(0)
    expect(opener).to_be_focused()
    opener.click()
    expect(panel.get_by_role("list", name="Results")).to_contain_text("5.4")


def test_notes_survive_a_reload_and_end_with_the_attempt(page: Page) -> None:
    begin(page, tools=["scratchpad"])
    page.get_by_role("button", name="Scratch pad").click()
    page.get_by_role("textbox", name="Your notes").fill("w = 2.7 after a step")
    page.reload()
    page.get_by_role("button", name="Scratch pad").click()
    expect(page.get_by_role("textbox", name="Your notes")).to_have_value("w = 2.7 after a step")
    hand_in(page)
    kept = page.evaluate("Object.keys(localStorage).filter((key) => key.includes('notes'))")
    assert kept == []
