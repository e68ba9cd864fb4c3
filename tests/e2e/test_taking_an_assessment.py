"""A learner takes an assessment in a real browser, from the rules to the result."""

from datetime import UTC, datetime, timedelta

import pytest
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django.live_server_helper import LiveServer

from assessment.delivery.attempts import settle
from assessment.models import Attempt, Draft
from assessment.rules.delivery import Feedback
from tests.builders import make_bank, make_learner
from tests.e2e.screens import (
    answer,
    hand_in,
    make_quiz,
    score_of_the_answer,
    shown_number,
    sign_in,
    start,
    title_of_item,
    type_number,
    verdict,
)
from tests.measuring import make_adaptive, make_measuring_items

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


def test_a_reload_shows_again_what_was_said_of_an_answer(page: Page) -> None:
    make_quiz()
    start(page)
    page.get_by_text("That one").click()
    answer(page)
    expect(verdict(page)).to_contain_text("Not that one.")
    page.reload()
    expect(verdict(page)).to_contain_text("Not that one.")
    expect(page.get_by_role("radio", name="That one")).to_be_checked()


def test_the_result_marks_what_was_right_and_says_how_an_answer_was_read(page: Page) -> None:
    make_quiz(tries=1)
    start(page)
    page.get_by_text("That one").click()
    answer(page)
    expect(verdict(page)).to_contain_text("Right is")
    page.get_by_role("button", name="Next question").click()
    type_number(page, "1e6")
    answer(page)
    expect(verdict(page)).to_contain_text("Read as 1000000.")
    expect(verdict(page)).to_contain_text("It is too large.")
    hand_in(page)
    marked = page.locator(".answered-choice li[data-right=true]")
    expect(marked).to_contain_text("This one")
    expect(marked).to_contain_text("right")
    expect(page.get_by_text("Judged by: within")).to_be_visible()


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
    assert score_of_the_answer() == 1


def test_an_answer_is_one_request(page: Page) -> None:
    make_quiz()
    start(page)
    sent: list[str] = []
    page.on(
        "request", lambda request: sent.append(f"{request.method} {request.url.rsplit('/attempts/', 1)[-1]}")
    )
    page.keyboard.press("1")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    sent.clear()
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Right")
    expect(page.get_by_role("button", name="Question 1, full score")).to_be_visible()
    page.wait_for_load_state("networkidle")
    [request] = sent
    assert request.endswith("/presentations/1/responses/")


def test_an_adaptive_assessment_goes_on_by_itself_and_tells_a_level(page: Page) -> None:
    bank = make_bank()
    make_measuring_items([-2, -1, 0, 1, 2, 3], bank=bank)
    make_adaptive(bank, stop={"min_items": 3, "max_items": 3})
    start(page, "adaptive")
    for position in range(1, 4):
        expect(title_of_item(page)).to_have_text(f"Question {position}")
        page.get_by_text("This one").click()
        answer(page)
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()
    expect(page.get_by_text("Your level:")).to_be_visible()
    expect(page.get_by_text("Of 100 questions like these you would get about")).to_be_visible()
    page.get_by_role("link", name="Try again").click()
    expect(page.get_by_role("region", name="Your earlier attempts")).to_contain_text("of 100")


def test_a_result_that_is_being_graded_comes_by_itself(
    context: BrowserContext, page: Page, live_server: LiveServer
) -> None:
    make_quiz(time_limit_minutes=30)
    sign_in(context, live_server.url, make_learner())
    start(page)
    attempt = Attempt.objects.get()
    Attempt.objects.update(deadline=datetime.now(UTC))
    page.goto(f"/attempts/{attempt.pk}/result")
    expect(page.get_by_text("Your answers are being graded")).to_be_visible()
    settle(attempt_id=attempt.pk, now=datetime.now(UTC) + timedelta(minutes=1))
    expect(page.get_by_text("Ended with the time")).to_be_visible()


def test_a_new_attempt_waits_until_the_last_one_is_graded(
    context: BrowserContext, live_server: LiveServer
) -> None:
    make_quiz(time_limit_minutes=30)
    sign_in(context, live_server.url, make_learner())
    page = context.new_page()
    start(page)
    page.goto("/assessments/quiz")
    expect(page.get_by_role("button", name="Continue where you stopped")).to_be_visible()
    attempt = Attempt.objects.get()
    Attempt.objects.update(deadline=datetime.now(UTC))
    page.get_by_role("button", name="Continue where you stopped").click()
    expect(page.get_by_role("alert")).to_contain_text("The time of your last attempt is up")
    settle(attempt_id=attempt.pk, now=datetime.now(UTC) + timedelta(minutes=1))
    page.get_by_role("button", name="Try again").click()
    expect(title_of_item(page)).to_contain_text("Question 1")
    assert Attempt.objects.count() == 2
