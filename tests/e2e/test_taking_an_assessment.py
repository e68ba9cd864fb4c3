"""A learner takes an assessment in a real browser, from the rules to the result."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessment.models import Attempt, Draft, Response
from assessment.rules.delivery import Feedback
from tests.builders import make_learner
from tests.e2e.screens import (
    answer,
    hand_in,
    make_quiz,
    shown_number,
    sign_in,
    start,
    title_of_item,
    type_number,
    verdict,
)

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]


def test_a_wrong_answer_is_explained_and_the_second_try_counts(page: Page) -> None:
    make_quiz(penalty=0.25)
    start(page)
    page.get_by_text("That one").click()
    answer(page)
    expect(verdict(page)).to_contain_text("Not right")
    expect(verdict(page)).to_contain_text("1 try left")
    expect(verdict(page)).to_contain_text("Not that one.")
    page.get_by_text("This one").click()
    page.get_by_role("button", name="Try again").click()
    expect(verdict(page)).to_contain_text("Right")
    expect(verdict(page)).to_contain_text("0.75 of 1")
    page.get_by_role("button", name="Next question").click()
    expect(title_of_item(page)).to_contain_text("Question 2")
    type_number(page, str(2 * shown_number(page)))
    answer(page)
    expect(verdict(page)).to_contain_text("Right")
    hand_in(page)
    expect(page.get_by_role("img", name="1.75 of 2")).to_be_visible()


def test_an_unreadable_answer_says_what_is_wrong_and_costs_no_try(page: Page) -> None:
    make_quiz()
    start(page)
    page.get_by_role("button", name="Question 2").click()
    type_number(page, "two")
    answer(page)
    expect(verdict(page)).to_contain_text("Not readable yet")
    expect(verdict(page)).to_contain_text("This cost you no try.")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_attribute("aria-invalid", "true")
    expect(page.locator(".item-head")).to_contain_text("2 tries left")


def test_a_reload_finds_the_same_item_with_what_was_typed(page: Page) -> None:
    make_quiz()
    start(page)
    page.get_by_role("button", name="Question 2").click()
    asked = shown_number(page)
    type_number(page, "3.14")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    page.reload()
    expect(title_of_item(page)).to_contain_text("Question 2")
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("3.14")
    assert shown_number(page) == asked


def test_leaving_the_page_keeps_what_was_just_typed(page: Page) -> None:
    make_quiz()
    start(page)
    page.get_by_role("button", name="Question 2").click()
    type_number(page, "2.71")
    page.goto("/")
    page.get_by_role("link", name="Go on").click()
    page.get_by_role("button", name="Question 2").click()
    expect(page.get_by_role("textbox", name="Your answer")).to_have_value("2.71")
    assert Draft.objects.get().answer == {"a": "2.71"}


def test_another_session_of_the_learner_goes_on_where_the_first_stopped(
    context: BrowserContext, page: Page, live_server: LiveServer
) -> None:
    make_quiz()
    sign_in(context, live_server.url, make_learner())
    start(page)
    page.get_by_text("This one").click()
    answer(page)
    expect(verdict(page)).to_be_visible()
    page.goto("/assessments/quiz")
    page.get_by_role("button", name="Continue where you stopped").click()
    expect(title_of_item(page)).to_contain_text("Question 2")
    assert Attempt.objects.count() == 1


def test_the_keyboard_alone_is_enough(page: Page) -> None:
    make_quiz()
    page.goto("/assessments/quiz")
    page.get_by_role("button", name="Start", exact=True).press("Enter")
    expect(title_of_item(page)).to_contain_text("Question 1")
    page.keyboard.press("1")
    expect(page.get_by_role("radio").first).to_be_checked()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Next question")).to_be_focused()
    page.keyboard.press("Enter")
    expect(title_of_item(page)).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.type(str(2 * shown_number(page)))
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Right")
    page.get_by_role("button", name="Hand in").press("Enter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("img", name="2 of 2")).to_be_visible()


def test_handing_in_says_first_what_is_still_open(page: Page) -> None:
    make_quiz()
    start(page)
    page.get_by_text("This one").click()
    answer(page)
    expect(verdict(page)).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("One question is open")
    dialog.get_by_role("button", name="Question 2").click()
    expect(title_of_item(page)).to_contain_text("Question 2")


def test_verdicts_that_are_withheld_are_shown_with_the_result(page: Page) -> None:
    make_quiz(feedback=Feedback.AT_END)
    start(page)
    page.get_by_text("That one").click()
    answer(page)
    expect(verdict(page)).to_contain_text("Recorded")
    expect(verdict(page)).not_to_contain_text("Not that one.")
    page.get_by_text("This one").click()
    page.get_by_role("button", name="Change the answer").click()
    expect(verdict(page)).to_contain_text("Recorded")
    hand_in(page)
    expect(page.get_by_role("img", name="1 of 2")).to_be_visible()
    expect(page.get_by_text("Well seen.")).to_be_attached()


def test_the_time_ends_the_attempt_with_what_was_typed(
    context: BrowserContext, live_server: LiveServer
) -> None:
    learner = make_learner()
    make_quiz(time_limit_minutes=30)
    page = context.new_page()
    sign_in(context, live_server.url, learner)
    start(page)
    expect(page.get_by_role("timer")).to_contain_text("29:")
    page.get_by_text("This one").click()
    expect(page.get_by_text("Draft saved")).to_be_visible()
    Attempt.objects.update(deadline=datetime.now(UTC) + timedelta(seconds=3))
    page.reload()
    expect(page.get_by_role("heading", name="Your result")).to_be_visible(timeout=15_000)
    expect(page.get_by_text("Ended with the time")).to_be_visible()
    assert Response.objects.get().score == 1
