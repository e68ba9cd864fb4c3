"""A browser is sent by a learning-management system: in a frame, with cookies and without, to the grade and back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import BrowserContext, FrameLocator, Page, expect
from pytest_django import Settings
from pytest_django.live_server_helper import LiveServer

from assessment.models import Accommodation, Assessment, Attempt, PlatformPerson, ResourceLink
from assessment.platforms.arriving import bind
from assessment.platforms.grading import send_due
from assessment.platforms.keys import published_keys
from assessment.platforms.tokens import forget_tokens
from tests.builders import choice_document, make_assessment, make_item
from tests.e2e.axe import faults, sideways
from tests.e2e.screens import wait_until
from tests.lti.browsing import Browser
from tests.lti.platform import FakeLms

pytestmark = [pytest.mark.e2e, pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("frontend")]

SAME_SITE, OTHER_SITE = "localhost", "127.0.0.1"


@pytest.fixture
def quiz(db: None) -> Assessment:
    document = choice_document()
    document["interactions"]["a"]["shuffle"] = False
    return make_assessment(make_item(document), slug="quiz", title="The quiz")


def school(settings: Settings, live_server: LiveServer, host: str) -> FakeLms:
    settings.PRIVATE_PLATFORMS = True
    lms = FakeLms(host=host, login_url=f"{live_server.url}/lti/login")
    lms.register_in_assay(live_server.url)
    lms.tool_jwks = published_keys(timezone.now())
    return lms


def place(lms: FakeLms, quiz: Assessment) -> ResourceLink:
    """Let the link of the course open the quiz, as its teacher does at the first launch."""
    target = lms.target
    lms.target = "http://testserver/lti/launch"
    Browser(lms).launch(lms.teacher)
    lms.target = target
    link = ResourceLink.objects.get()
    bind(link, quiz, timezone.now())
    return link


@pytest.fixture
def near(settings: Settings, live_server: LiveServer, db: None) -> Iterator[FakeLms]:
    """A platform whose frames have our cookies."""
    with school(settings, live_server, SAME_SITE) as lms:
        yield lms


@pytest.fixture
def far(settings: Settings, live_server: LiveServer, db: None) -> Iterator[FakeLms]:
    """A platform in whose frames the browser gives us no cookies."""
    with school(settings, live_server, OTHER_SITE) as lms:
        yield lms


@pytest.fixture(autouse=True)
def _tokens() -> Iterator[None]:
    yield
    for person in PlatformPerson.objects.select_related("platform"):
        forget_tokens(person.platform)


def take(view: Page | FrameLocator) -> None:
    view.get_by_role("button", name="Start", exact=True).click()
    view.get_by_text("This one").click()
    view.get_by_role("button", name="Answer", exact=True).click()
    expect(view.get_by_role("region", name="Verdict")).to_contain_text("Right")
    view.get_by_role("button", name="Hand in").click()
    view.get_by_role("dialog").get_by_role("button", name="Hand in").click()
    expect(view.get_by_role("heading", name="Your result")).to_be_visible()


def test_a_learner_takes_the_quiz_in_the_frame_and_sees_the_grade_sent(
    page: Page, near: FakeLms, quiz: Assessment
) -> None:
    place(near, quiz)
    page.goto(near.page_url(near.login_parameters()))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="The quiz")).to_be_visible()
    expect(frame.get_by_text("Opened from School")).to_be_visible()
    expect(frame.get_by_role("link", name="Sign in")).to_have_count(0)
    take(frame)
    assert send_due(timezone.now()) == (1, 0)
    assert near.grade(near.link, near.student.sub) == 100
    expect(frame.get_by_text("Your grade was sent to School.")).to_be_visible()


def test_where_cookies_are_blocked_one_click_opens_a_window_in_which_all_works(
    page: Page, context: BrowserContext, far: FakeLms, quiz: Assessment
) -> None:
    place(far, quiz)
    page.goto(far.page_url(far.login_parameters()))
    frame = page.frame_locator("iframe")
    with context.expect_page() as opened:
        frame.get_by_role("button", name="Open in a new window").click()
    window = opened.value
    expect(window.get_by_role("heading", name="The quiz")).to_be_visible()
    take(window)
    assert send_due(timezone.now()) == (1, 0)
    expect(window.get_by_text("Your grade was sent to School.")).to_be_visible()
    # The token is in the page alone.
    assert not [one for one in context.cookies() if one.get("name") == "sessionid"]


def test_where_cookies_are_blocked_and_the_platform_keeps_secrets_all_works_in_the_frame(
    page: Page, context: BrowserContext, far: FakeLms, quiz: Assessment
) -> None:
    place(far, quiz)
    far.keeps_secrets = True
    page.goto(far.page_url(far.login_parameters()))
    take(page.frame_locator("iframe"))
    assert send_due(timezone.now()) == (1, 0)
    assert far.grade(far.link, far.student.sub) == 100
    assert not context.cookies()


def test_two_people_one_after_the_other_in_one_browser_are_not_mixed(
    page: Page, context: BrowserContext, near: FakeLms, quiz: Assessment
) -> None:
    place(near, quiz)
    other = context.new_page()
    page.goto(near.page_url(near.login_parameters()))
    other.goto(near.page_url(near.login_parameters(near.teacher)))
    expect(other.frame_locator("iframe").get_by_role("link", name="Grades")).to_be_visible()
    take(page.frame_locator("iframe"))
    [person] = PlatformPerson.objects.filter(user__learners__attempts__isnull=False)
    assert person.subject == near.student.sub


def test_a_teacher_arranges_more_for_one_learner_and_for_all(
    page: Page, context: BrowserContext, near: FakeLms, quiz: Assessment, axe: str
) -> None:
    link = place(near, quiz)
    assert link.assignment
    link.assignment.time_limit_minutes = 20
    link.assignment.save()
    page.goto(near.page_url(near.login_parameters()))
    student = page.frame_locator("iframe")
    student.get_by_role("button", name="Start", exact=True).click()
    expect(student.get_by_role("button", name="Answer", exact=True)).to_be_visible()
    before = Attempt.objects.get()
    assert before.deadline
    desk = context.new_page()
    desk.goto(near.page_url(near.login_parameters(near.teacher), framed=False))
    desk.get_by_role("button", name=f"Arrange… for {near.student.name}").click()
    panel = desk.get_by_role("region", name=f"Arrange something for {near.student.name}")
    expect(panel.get_by_role("heading")).to_be_focused()
    panel.get_by_label("Minutes more").fill("10")
    panel.get_by_label("Tries for each question").fill("5")
    panel.get_by_label("Times as long").fill("0.5")
    panel.get_by_role("button", name="Arrange it").click()
    # The browser itself refuses what takes time away.
    expect(panel).to_be_visible()
    panel.get_by_label("Times as long").fill("1")
    assert faults(desk, axe) == []
    panel.get_by_role("button", name="Arrange it").click()
    expect(desk.get_by_text("1 attempt under way reached.")).to_be_visible()
    expect(desk.get_by_role("button", name=f"Arrange… for {near.student.name}")).to_be_focused()
    after = Attempt.objects.get()
    assert (after.deadline, after.tries) == (before.deadline + timedelta(minutes=10), 5)
    desk.get_by_role("button", name=f"Arrange… for {near.student.name}").click()
    expect(panel.get_by_label("Minutes more")).to_have_value("10")
    panel.get_by_role("button", name="Arrange nothing any more").click()
    expect(desk.get_by_text("Nothing is arranged")).to_be_visible()
    assert not Accommodation.objects.exists()
    desk.get_by_role("button", name="Arrange something for all…").click()
    desk.get_by_label("Attempts more").fill("1")
    desk.get_by_role("button", name="Arrange it").click()
    expect(desk.get_by_text("Arranged for")).to_be_visible()
    assert Accommodation.objects.get().extra_attempts == 1
    desk.set_viewport_size({"width": 320, "height": 800})
    desk.get_by_role("button", name="Arrange something for all…").click()
    expect(desk.get_by_label("Attempts more")).to_be_visible()
    assert sideways(desk) == 0


def test_a_teacher_chooses_sees_grades_and_sends_one_again(
    page: Page, near: FakeLms, quiz: Assessment
) -> None:
    page.goto(near.page_url(near.login_parameters(near.teacher)))
    frame = page.frame_locator("iframe")
    frame.get_by_text("The quiz").click()
    frame.get_by_role("button", name="Choose").click()
    expect(frame.get_by_role("link", name="Preview as a learner")).to_be_visible()
    page.goto(near.page_url(near.login_parameters()))
    take(page.frame_locator("iframe"))
    from tests.lti import faults

    near.faults.add("scores", faults.status(400, {"error": "The course is archived"}))
    send_due(timezone.now())
    page.goto(near.page_url(near.login_parameters(near.teacher)))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("table")).to_contain_text("The course is archived")
    frame.get_by_role("button", name="Send again").first.click()
    expect(frame.get_by_role("table")).to_contain_text("on its way")
    send_due(timezone.now())
    wait_until(page, lambda: near.grade(near.link, near.student.sub) == 100)
    expect(frame.get_by_role("table")).to_contain_text("sent")


def test_a_page_whose_time_is_over_says_so_in_plain_words(
    page: Page, near: FakeLms, quiz: Assessment
) -> None:
    place(near, quiz)
    page.goto(near.page_url(near.login_parameters()))
    frame = page.frame_locator("iframe")
    expect(frame.get_by_role("heading", name="The quiz")).to_be_visible()
    near_page = page.frames[1].url
    page.goto(near_page)
    expect(page.get_by_text("Open it again")).to_be_visible()
