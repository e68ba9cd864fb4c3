"""No answer is lost and none counts twice, whatever the connection does."""

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from assessment.models import Response
from tests.e2e.screens import answer, make_quiz, start, verdict

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

RESPONSES = "**/responses/"


def choose_the_key(page: Page) -> None:
    page.get_by_text("This one").click()


def test_a_reply_that_gets_lost_is_asked_for_again_and_the_answer_counts_once(
    context: BrowserContext,
) -> None:
    make_quiz()
    page = context.new_page()
    start(page)
    keys: list[str | None] = []

    def lose_the_first_reply(route: Route) -> None:
        keys.append(route.request.header_value("Idempotency-Key"))
        if len(keys) > 1:
            route.continue_()
            return
        route.fetch()
        route.abort("connectionreset")

    page.route(RESPONSES, lose_the_first_reply)
    choose_the_key(page)
    answer(page)
    expect(verdict(page)).to_contain_text("Right")
    assert len(keys) == 2
    assert keys[0] == keys[1] is not None
    assert Response.objects.count() == 1


def test_an_answer_given_off_line_is_sent_when_the_connection_is_back(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    start(page)
    choose_the_key(page)
    context.set_offline(True)
    answer(page)
    expect(page.get_by_text("Your answer is kept on this device")).to_be_visible()
    assert not Response.objects.exists()
    context.set_offline(False)
    expect(verdict(page)).to_contain_text("Right")
    assert Response.objects.count() == 1


def test_an_answer_survives_the_page_that_could_not_send_it(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    start(page)
    address = page.url
    page.route(RESPONSES, lambda route: route.abort("connectionreset"))
    choose_the_key(page)
    answer(page)
    expect(page.get_by_text("Your answer is kept on this device")).to_be_visible()
    page.close()
    later = context.new_page()
    later.goto(address)
    expect(later.get_by_role("button", name="Question 1, full score")).to_be_visible()
    assert Response.objects.count() == 1


def test_a_server_that_stumbles_is_asked_again(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    start(page)
    stumbles = iter([503, 502])

    def stumble(route: Route) -> None:
        status = next(stumbles, None)
        if status is None:
            route.continue_()
        else:
            route.fulfill(status=status, body="")

    page.route(RESPONSES, stumble)
    choose_the_key(page)
    answer(page)
    expect(verdict(page)).to_contain_text("Right", timeout=10_000)
    assert Response.objects.count() == 1


def test_a_screen_that_could_not_load_offers_to_try_again(context: BrowserContext) -> None:
    make_quiz()
    page = context.new_page()
    page.route("**/assessments/quiz/", lambda route: route.fulfill(status=500, body="{}"))
    page.goto("/assessments/quiz")
    expect(page.get_by_role("alert")).to_contain_text("The server had an error")
    page.unroute_all()
    page.get_by_role("button", name="Try again").click()
    expect(page.get_by_role("heading", name="The quiz")).to_be_visible()
