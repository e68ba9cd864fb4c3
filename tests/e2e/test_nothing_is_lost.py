"""Sessions that end, hands that are faster than the network, second tabs, storages that refuse: no text is lost."""

import json
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Route, expect
from pytest_django.live_server_helper import LiveServer

from assessment.models import Attempt, Draft, Response
from assessment.models.attempts import AttemptState
from tests.builders import PASSWORD, make_learner
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

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

RESPONSES = "**/responses/"
DRAFTS = "**/draft/"
STUMBLE = 500
SIGNED_OUT = "Signed out: sign in again, what you entered is kept on this device."

NO_STORAGE = """Object.defineProperty(window, "localStorage", {
    get() { throw new DOMException("Access is denied.", "SecurityError"); }
});"""
FULL_STORAGE = """Storage.prototype.setItem = () => {
    throw new DOMException("The quota has been exceeded.", "QuotaExceededError");
};"""


def field(page: Page) -> Locator:
    return page.get_by_role("textbox", name="Your answer")


def open_exercise(page: Page) -> None:
    page.get_by_role("button", name="Question 2").click()
    expect(title_of_item(page)).to_contain_text("Question 2")


def fulfill(status: int) -> Callable[[Route], None]:
    return lambda route: route.fulfill(status=status, body="")


def kept_on_device(page: Page) -> dict[str, str]:
    kept: dict[str, str] = json.loads(page.evaluate("JSON.stringify(localStorage)"))
    return kept


@pytest.fixture
def signed_in(context: BrowserContext, live_server: LiveServer) -> Page:
    """A page of a learner who can sign in again."""
    make_quiz()
    sign_in(context, live_server.url, make_learner("ann"))
    page = context.new_page()
    start(page)
    open_exercise(page)
    return page


def sign_in_again(page: Page) -> None:
    page.get_by_role("status").get_by_role("link", name="Sign in").click()
    page.get_by_label("Name").fill("ann")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(title_of_item(page)).to_contain_text("Question 2")


@pytest.mark.parametrize("cookies", [["sessionid"], ["sessionid", "csrftoken"]])
def test_a_draft_outlives_the_session(signed_in: Page, context: BrowserContext, cookies: list[str]) -> None:
    for cookie in cookies:
        context.clear_cookies(name=cookie)
    type_number(signed_in, "7.77")
    expect(signed_in.get_by_text(SIGNED_OUT)).to_be_visible()
    expect(signed_in.get_by_text("CSRF")).to_have_count(0)
    expect(signed_in.locator("header").get_by_role("link", name="Sign in")).to_be_visible()
    assert any("7.77" in value for value in kept_on_device(signed_in).values())
    sign_in_again(signed_in)
    expect(field(signed_in)).to_have_value("7.77")
    expect(signed_in.get_by_text("Draft saved")).to_be_visible()
    assert Draft.objects.get().answer == {"a": "7.77"}
    expect(signed_in.get_by_text(SIGNED_OUT)).to_have_count(0)


def test_a_draft_outlives_the_session_and_a_reload(signed_in: Page, context: BrowserContext) -> None:
    context.clear_cookies(name="sessionid")
    type_number(signed_in, "7.77")
    expect(signed_in.get_by_text(SIGNED_OUT)).to_be_visible()
    signed_in.reload()
    signed_in.get_by_role("main").get_by_role("link", name="Sign in").click()
    signed_in.get_by_label("Name").fill("ann")
    signed_in.get_by_label("Password").fill(PASSWORD)
    signed_in.get_by_role("button", name="Sign in").click()
    expect(field(signed_in)).to_have_value("7.77")
    expect(signed_in.get_by_text("Draft saved")).to_be_visible()
    assert Draft.objects.get().answer == {"a": "7.77"}


def test_an_answer_outlives_the_session_and_its_verdict_is_shown(
    signed_in: Page, context: BrowserContext
) -> None:
    context.clear_cookies(name="sessionid")
    type_number(signed_in, "7.77")
    answer(signed_in)
    expect(signed_in.get_by_text(SIGNED_OUT)).to_be_visible()
    expect(field(signed_in)).to_have_value("7.77")
    sign_in_again(signed_in)
    expect(verdict(signed_in)).to_contain_text("Not right")
    expect(field(signed_in)).to_have_value("7.77")
    assert Response.objects.get().answer == {"a": "7.77"}


def test_handing_in_waits_for_an_answer_on_its_way(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    start(page)
    page.route(RESPONSES, fulfill(STUMBLE))
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Sending…")).to_be_visible()
    page.get_by_role("button", name="Hand in").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Your answer to question 1 is still on the way. It is sent first.")
    dialog.get_by_role("button", name="Hand in").click()
    expect(dialog).to_contain_text("question 1 has not reached the server", timeout=20_000)
    assert Attempt.objects.get().state == AttemptState.OPEN
    assert any("outbox" in name for name in kept_on_device(page))
    page.unroute_all()
    dialog.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()
    assert score_of_the_answer() == 1


def test_handing_in_waits_for_a_draft(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    start(page)
    open_exercise(page)
    page.route(DRAFTS, fulfill(STUMBLE))
    type_number(page, "7.77")
    page.get_by_role("button", name="Hand in").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Hand in").click()
    expect(dialog.get_by_role("alert")).to_contain_text("The server had an error")
    assert Attempt.objects.get().state == AttemptState.OPEN
    page.unroute_all()
    dialog.get_by_role("button", name="Hand in").click()
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()
    assert Response.objects.get().answer == {"a": "7.77"}


def test_the_second_tab_is_told_and_what_it_shows_is_graded(context: BrowserContext) -> None:
    make_quiz()
    first = context.new_page()
    start(first)
    open_exercise(first)
    type_number(first, "1.11")
    second = context.new_page()
    second.goto(first.url)
    expect(second.get_by_text("This attempt is open in another tab")).to_be_visible()
    expect(field(second)).to_be_disabled()
    second.get_by_role("button", name="Go on here").click()
    expect(field(second)).to_have_value("1.11")
    expect(first.get_by_text("You continued this attempt in another tab")).to_be_visible()
    expect(field(first)).to_be_disabled()
    type_number(second, "2.22")
    hand_in(second)
    assert Response.objects.get().answer == {"a": "2.22"}


def test_a_tab_is_told_that_another_has_handed_in_and_keeps_its_text(context: BrowserContext) -> None:
    make_quiz()
    first = context.new_page()
    start(first)
    open_exercise(first)
    type_number(first, "1.11")
    second = context.new_page()
    second.goto(first.url)
    second.get_by_role("button", name="Go on here").click()
    expect(field(second)).to_have_value("1.11")
    type_number(second, "2.22")
    hand_in(second)
    expect(first.get_by_text("was handed in from another tab or device")).to_be_visible()
    expect(field(first)).to_have_value("1.11")
    expect(first.get_by_role("button", name="Hand in")).to_have_count(0)
    first.get_by_role("link", name="See the result").click()
    expect(first.get_by_role("heading", name="Your result")).to_be_visible()


def test_text_that_another_device_has_cut_off_stays_to_be_read(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    start(page)
    open_exercise(page)
    Attempt.objects.update(state=AttemptState.SUBMITTED, finished_at=datetime.now(UTC))
    type_number(page, "7.77")
    answer(page)
    expect(page.get_by_text("was handed in from another tab or device")).to_be_visible()
    expect(field(page)).to_have_value("7.77")
    page.get_by_role("link", name="See the result").click()
    left = page.get_by_role("region", name="Came too late")
    expect(left).to_contain_text("Question 2: 7.77")
    left.get_by_role("button", name="Discard").click()
    page.reload()
    expect(page.get_by_role("heading", name="Your result")).to_be_visible()
    expect(left).to_have_count(0)


def test_what_another_device_has_saved_does_not_replace_what_is_shown(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    start(page)
    open_exercise(page)
    type_number(page, "2.22")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    Draft.objects.update(answer={"a": "1.11"})
    hand_in(page)
    assert Response.objects.get().answer == {"a": "2.22"}


def test_a_failing_answer_says_why_it_waits(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    start(page)
    page.route(RESPONSES, fulfill(STUMBLE))
    page.keyboard.press("1")
    answer(page)
    expect(page.get_by_text("The server had an error. Your answer is kept on this device")).to_be_visible()
    expect(page.get_by_text("sent again by itself")).to_be_visible()


def test_an_api_that_says_nothing_gets_a_sentence_and_another_try(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    page.clock.install()
    silent: list[Route] = []
    page.route("**/api/v1/assessments/quiz/", lambda route: silent.append(route))
    with page.expect_request("**/api/v1/assessments/quiz/"):
        page.goto("/assessments/quiz")
    page.clock.run_for(5_000)
    expect(page.get_by_text("Still loading")).to_be_visible()
    page.clock.run_for(20_000)
    expect(page.get_by_role("alert")).to_contain_text("The server does not answer")
    page.unroute_all(behavior="ignoreErrors")
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="The quiz")).to_be_visible()
    assert silent


@pytest.mark.parametrize("obstacle", [NO_STORAGE, FULL_STORAGE], ids=["forbidden", "full"])
def test_answering_works_without_storage_and_says_what_is_not_kept(
    context: BrowserContext, page: Page, obstacle: str
) -> None:
    make_quiz()
    page.add_init_script(obstacle)
    start(page)
    page.keyboard.press("1")
    expect(page.get_by_text("Nothing can be kept on this device")).to_be_visible()
    page.keyboard.press("Enter")
    expect(verdict(page)).to_contain_text("Right")
    open_exercise(page)
    type_number(page, "2.22")
    expect(page.get_by_text("Draft saved")).to_be_visible()
    hand_in(page)
    assert Response.objects.count() == 2


def test_a_page_whose_script_fails_says_so(context: BrowserContext) -> None:
    page = context.new_page()
    page.route("**/assets/*.js", lambda route: route.abort())
    page.goto("/")
    expect(page.get_by_text("a part of the page could not be loaded")).to_be_visible()


def test_a_screen_that_was_offline_loads_by_itself_when_the_connection_is_back(
    context: BrowserContext,
) -> None:
    make_quiz()
    page = context.new_page()
    page.goto("/")
    context.set_offline(True)
    page.get_by_role("link", name="Progress").click()
    page.evaluate(
        "history.pushState(null, '', '/assessments/quiz'); dispatchEvent(new PopStateEvent('popstate'))"
    )
    expect(page.get_by_role("alert")).to_contain_text("The server cannot be reached")
    context.set_offline(False)
    expect(page.get_by_role("heading", name="The quiz")).to_be_visible()


def test_the_focus_after_the_last_question_is_on_what_replaced_it(page: Page) -> None:
    make_quiz()
    start(page)
    page.keyboard.press("1")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Next question").press("Enter")
    type_number(page, str(2 * shown_number(page)))
    answer(page)
    expect(verdict(page)).to_contain_text("Right")
    page.get_by_role("button", name="Next question").press("Enter")
    expect(page.get_by_role("heading", name="Every question has its answer")).to_be_focused()


@pytest.mark.parametrize("is_member", [False, True])
def test_nothing_is_wider_than_a_small_phone(
    context: BrowserContext, live_server: LiveServer, is_member: bool
) -> None:
    make_quiz()
    if is_member:
        sign_in(context, live_server.url, make_learner("ann"))
    page = context.new_page()
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ["/", "/assessments/quiz", "/progress", "/sign-up", "/nowhere"]:
        page.goto(path)
        expect(page.get_by_role("heading").first).to_be_visible()
        beyond = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        assert page.evaluate(beyond) == 0, path
    start(page)
    assert page.evaluate(beyond) == 0
