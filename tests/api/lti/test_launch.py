"""A launch from a platform into the app, and who is let in as what."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone

from assessment.models import (
    Assessment,
    Assignment,
    Attempt,
    Deployment,
    Enrolment,
    Launch,
    Platform,
    PlatformContext,
    PlatformPerson,
    RefusedLaunch,
    ResourceLink,
    Session,
    User,
)
from assessment.models.people import Role
from assessment.models.platforms import PlatformState
from assessment.people.assignments import change_assignment
from assessment.platforms.arriving import given
from tests import builders
from tests.api.client import Api, Reply
from tests.lti.browsing import Browser, code_of, form_of
from tests.lti.messages import DEEP_LINK, REVIEW
from tests.lti.platform import FakeLms
from tests.lti.school import Link
from tests.lti.school import User as Somebody

pytestmark = pytest.mark.django_db


def take(code: str) -> Reply:
    return Api().post("launch/", {"code": code})


def set_custom(browser: Browser, parameters: dict[str, str]) -> None:
    browser.lms.custom_parameters = parameters


def inside(browser: Browser, *args: Any, **launch: Any) -> Api:
    """Launch, take the launch up, and return the way in that its page has."""
    return Api(key=take(code_of(browser.launch(*args, **launch))).json["token"])


def test_a_learner_is_launched_into_the_quiz_and_answers_without_a_cookie(
    browser: Browser, placed: ResourceLink
) -> None:
    taken = take(code_of(browser.launch()))
    assert placed.assignment
    assert {name: taken.json[name] for name in ("platform", "is_teacher", "assessment", "assignment")} == {
        "platform": "School",
        "is_teacher": False,
        "assessment": "quiz",
        "assignment": str(placed.assignment.pk),
    }
    app = Api(key=taken.json["token"])
    attempt = app.post("attempts/", {"assessment": "quiz", "assignment": taken.json["assignment"]}).json["id"]
    assert app.respond(attempt, 1, {"a": "right"}).json["correct"]
    assert app.browser.cookies.get("sessionid") is None
    person = PlatformPerson.objects.get(subject=browser.lms.student.sub)
    assert Attempt.objects.get().learner.users.get() == person.user
    assert person.user.get_full_name() == browser.lms.student.name


def test_whoever_the_platform_names_by_number_alone_is_let_in(browser: Browser, placed: ResourceLink) -> None:
    nobody = Somebody(sub="42", name="", email="")
    assert take(code_of(browser.launch(nobody))).status == 200
    user = PlatformPerson.objects.get(subject="42").user
    assert (user.first_name, user.last_name, user.email) == ("", "", "")
    assert not user.has_usable_password()


def test_the_same_subject_is_the_same_learner_and_another_platform_s_is_not(
    browser: Browser, placed: ResourceLink
) -> None:
    for _ in range(2):
        code_of(browser.launch())
    assert PlatformPerson.objects.filter(subject=browser.lms.student.sub).count() == 1
    with FakeLms(name="Elsewhere") as elsewhere:
        elsewhere.register_in_assay()
        Browser(elsewhere).launch(Somebody(sub=browser.lms.student.sub, name="Else", email=""))
    assert len({one.user_id for one in PlatformPerson.objects.filter(subject=browser.lms.student.sub)}) == 2


def test_the_same_client_id_at_two_issuers_is_two_registrations(
    browser: Browser, placed: ResourceLink
) -> None:
    with FakeLms(name="Elsewhere", client_id=browser.lms.client_id) as elsewhere:
        elsewhere.register_in_assay()
        Browser(elsewhere).launch(elsewhere.teacher)
        assert take(code_of(browser.launch())).json["platform"] == "School"
        assert elsewhere.calls["jwks"] == browser.lms.calls["jwks"] == 1


def test_a_code_opens_once_and_not_for_long(browser: Browser, placed: ResourceLink) -> None:
    code = code_of(browser.launch())
    assert [take(code).status for _ in range(2)] == [200, 400]
    late = code_of(browser.launch())
    Launch.objects.update(created_at=timezone.now() - Launch.CODE_AGE - timedelta(seconds=1))
    refused = take(late)
    assert (refused.status, refused.code) == (400, "wrong_code")


def test_a_token_is_renewed_and_the_one_before_holds_until_the_next(
    browser: Browser, placed: ResourceLink
) -> None:
    first = take(code_of(browser.launch())).json["token"]
    second = Api(key=first).post("launch/renewal/").json["token"]
    assert [Api(key=one).get("me/").status for one in (first, second)] == [200, 200]
    third = Api(key=second).post("launch/renewal/").json["token"]
    assert [Api(key=one).get("me/").status for one in (first, second, third)] == [401, 200, 200]
    assert Api(key=first).post("launch/renewal/").status == 401


def test_a_renewal_whose_reply_was_lost_can_be_asked_for_again(
    browser: Browser, placed: ResourceLink
) -> None:
    first = take(code_of(browser.launch())).json["token"]
    Api(key=first).post("launch/renewal/")
    again = Api(key=first).post("launch/renewal/").json["token"]
    assert Api(key=again).get("me/").status == 200


@pytest.mark.parametrize("end", ["session", "age", "account", "sign-out"])
def test_a_token_dies_with_its_session(browser: Browser, placed: ResourceLink, end: str) -> None:
    token = take(code_of(browser.launch())).json["token"]
    match end:
        case "session":
            Session.objects.all().delete()
        case "age":
            Launch.objects.update(token_made_at=timezone.now() - Launch.TOKEN_AGE)
        case "account":
            User.objects.update(is_active=False)
        case "sign-out":
            assert Api(key=token).delete("session/").status == 204
    reply = Api(key=token).get("attempts/")
    assert (reply.status, reply.code) == (401, "authentication_failed")
    assert Api(key=token).post("launch/renewal/").status == 401


def test_two_people_in_one_browser_are_never_mixed(browser: Browser, placed: ResourceLink) -> None:
    other = Somebody(sub="other", name="Otto Other", email="")
    ways = [browser.way(browser.begin()) for _ in range(2)]
    people = (browser.lms.student, other)
    tokens = [browser.lms.id_token(way["nonce"], one) for way, one in zip(ways, people, strict=True)]
    # They arrive in the other order.
    codes = [
        code_of(browser.arrive({"id_token": token, "state": way["state"]}))
        for way, token in reversed(list(zip(ways, tokens, strict=True)))
    ]
    apps = [Api(key=take(code).json["token"]) for code in codes]
    names = [User.objects.get(pk=app.get("me/").json["id"]).get_full_name() for app in apps]
    assert names == [other.name, browser.lms.student.name]


def test_roles_follow_the_launch_downwards_too(browser: Browser, placed: ResourceLink) -> None:
    teacher = browser.lms.teacher
    assert take(code_of(browser.launch(teacher))).json["is_teacher"]
    enrolment = Enrolment.objects.get(user__platforms__subject=teacher.sub)
    assert enrolment.role == Role.INSTRUCTOR
    demoted = Somebody(sub=teacher.sub, name=teacher.name, email="", roles=browser.lms.student.roles)
    app = inside(browser, demoted)
    enrolment.refresh_from_db()
    assert enrolment.role == Role.LEARNER
    assert app.get("launch/grades/").status == 403


@pytest.mark.parametrize(
    ("role", "teaches"),
    [
        ("http://purl.imsglobal.org/vocab/lis/v2/membership#Instructor", True),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership/Instructor#TeachingAssistant", True),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership#Administrator", True),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership#Learner", False),
        ("http://purl.imsglobal.org/vocab/lis/v2/membership#InstructorInSpirit", False),
        ("http://purl.imsglobal.org/vocab/lis/v2/institution/person#Instructor", False),
        ("http://evil.example/membership#Instructor", False),
    ],
)
def test_only_a_role_in_this_course_makes_a_teacher(
    browser: Browser, placed: ResourceLink, role: str, teaches: bool
) -> None:
    somebody = Somebody(sub="somebody", name="S", email="", roles=(role,))
    assert take(code_of(browser.launch(somebody))).json["is_teacher"] == teaches


def test_a_teacher_lands_on_the_grades_of_the_link(browser: Browser, placed: ResourceLink) -> None:
    code_of(browser.launch())
    app = inside(browser, browser.lms.teacher)
    told = app.get("launch/grades/").json
    assert [(one["name"], one["state"], one["attempts"]) for one in told["people"]] == [
        (browser.lms.student.name, "none", 0)
    ]


def test_a_link_that_nobody_has_set_up_lets_its_teacher_choose_and_its_learners_wait(
    browser: Browser, quiz: Assessment
) -> None:
    waiting = browser.launch()
    assert (waiting.status_code, b"has not chosen" in waiting.content) == (409, True)
    choosing = browser.launch(browser.lms.teacher)
    assert b"The quiz" in choosing.content
    taken = take(code_of(browser.submit(choosing, assessment="quiz")))
    assert (taken.json["assessment"], taken.json["is_teacher"]) == ("quiz", True)
    assert take(code_of(browser.launch())).json["assessment"] == "quiz"
    # The first choice stands, however long the second page was open.
    builders.make_assessment(slug="another", title="Another")
    again = browser.submit(choosing, assessment="another")
    assert take(code_of(again)).json["assessment"] == "quiz"


def test_a_page_to_choose_is_worth_nothing_where_its_people_are_not_let_in_any_more(
    browser: Browser, quiz: Assessment
) -> None:
    choosing = browser.launch(browser.lms.teacher)
    Platform.objects.update(state=PlatformState.CLOSED)
    assert browser.submit(choosing, assessment="quiz").status_code == 400
    Platform.objects.update(state=PlatformState.ACTIVE)
    User.objects.update(is_active=False)
    assert browser.submit(choosing, assessment="quiz").status_code == 400
    PlatformPerson.objects.all().delete()
    User.objects.all().delete()
    assert browser.submit(choosing, assessment="quiz").status_code == 400
    PlatformContext.objects.all().delete()
    assert browser.submit(choosing, assessment="quiz").status_code == 400
    assert not Launch.objects.filter(link__assignment__isnull=False).exists()


def test_nobody_elses_page_brings_a_choice(browser: Browser, quiz: Assessment) -> None:
    """Else it could let a browser in as somebody who once came to choose."""
    form = form_of(browser.launch(browser.lms.teacher))
    sent = {**form.fields, "assessment": "quiz"}
    elsewhere = Client().post("/lti/choose", sent, headers={"Origin": "https://evil.example"})
    assert elsewhere.status_code == 400
    assert ResourceLink.objects.get().assignment is None
    here: Any = Client().post("/lti/choose", sent, headers={"Origin": "http://testserver"})
    assert take(code_of(here)).json["assessment"] == "quiz"


def test_what_is_not_offered_cannot_be_chosen(browser: Browser, quiz: Assessment) -> None:
    premium = builders.make_lesson("premium", premium=True)
    builders.make_assessment(slug="premium-quiz", lesson=premium)
    builders.make_assessment(slug="of-others", course=builders.make_course())
    choosing = browser.launch(browser.lms.teacher)
    offered = choosing.content.decode()
    assert "premium-quiz" not in offered
    assert "of-others" not in offered
    for slug in ("premium-quiz", "of-others", "unheard-of", ""):
        assert browser.submit(choosing, assessment=slug).status_code == 400
    assert ResourceLink.objects.get().assignment is None


def test_deep_linking_brings_the_choice_back_with_a_column(browser: Browser, quiz: Assessment) -> None:
    lms = browser.lms
    choosing = browser.launch(lms.teacher, DEEP_LINK)
    returning = browser.submit(choosing, assessment="quiz")
    assert f"form-action 'self' {lms.issuer}" in returning["Content-Security-Policy"]
    _, chosen = sent_back(browser, browser.launch(lms.teacher, DEEP_LINK))
    assert chosen.title == "The quiz"
    assert lms.line_item(chosen).maximum == 2
    taken = take(code_of(browser.launch(link=chosen)))
    assert taken.json["assessment"] == "quiz"


def sent_back(browser: Browser, choosing: HttpResponse, **fields: str) -> tuple[dict[str, Any], Link]:
    """Choose, let the browser carry it to the platform, and return what that read and the link it made of it."""
    lms = browser.lms
    form = form_of(browser.submit(choosing, assessment="quiz", **fields))
    lms.tool_jwks = json.loads(Client().get("/lti/jwks").content)
    with httpx.Client(trust_env=False) as client:
        assert client.post(form.action, data=form.fields).status_code == 200
    item = lms.choices[-1]["https://purl.imsglobal.org/spec/lti-dl/claim/content_items"][0]
    return item, list(lms.links.values())[-1]


def test_a_teacher_can_choose_dates_which_the_platform_is_told_and_the_assignment_keeps(
    browser: Browser, quiz: Assessment
) -> None:
    dates = {"opens_at": "2035-06-01T08:00", "closes_at": "2035-12-24T18:30", "time_zone": "Europe/Berlin"}
    item, link = sent_back(browser, browser.launch(browser.lms.teacher, DEEP_LINK), **dates)
    opens, closes = datetime(2035, 6, 1, 6, tzinfo=UTC), datetime(2035, 12, 24, 17, 30, tzinfo=UTC)
    assert datetime.fromisoformat(item["available"]["startDateTime"]) == opens
    assert datetime.fromisoformat(item["submission"]["endDateTime"]) == closes
    code_of(browser.launch(link=link))
    assignment = Assignment.objects.get(course__isnull=False)
    assert (assignment.opens_at, assignment.closes_at) == (opens, closes)
    change = assignment.changes.get(author__isnull=False)
    assert change.author.platforms.get().subject == browser.lms.teacher.sub
    # A platform that has dates of its own goes on to set them.
    browser.lms.custom_parameters["due"] = "2035-12-31T00:00:00Z"
    code_of(browser.launch(browser.lms.teacher, link=link))
    assignment.refresh_from_db()
    assert assignment.closes_at == datetime(2035, 12, 31, tzinfo=UTC)


def test_dates_can_be_chosen_where_a_link_opens_for_the_first_time(
    browser: Browser, quiz: Assessment
) -> None:
    choosing = browser.launch(browser.lms.teacher)
    code_of(browser.submit(choosing, assessment="quiz", closes_at="2035-12-24T18:30", time_zone=""))
    assignment = Assignment.objects.get(course__isnull=False)
    assert (assignment.opens_at, assignment.closes_at) == (None, datetime(2035, 12, 24, 18, 30, tzinfo=UTC))


@pytest.mark.parametrize(
    ("dates", "words"),
    [
        ({"closes_at": "soon"}, b"A date like"),
        ({"closes_at": "2035-12-24T18:30", "time_zone": "Nowhere/Land"}, b"A date like"),
        ({"closes_at": "2035-12-24T18:30", "time_zone": "../../etc/passwd"}, b"A date like"),
        ({"closes_at": "2035-12-24T18:30", "time_zone": "\0"}, b"A date like"),
        ({"closes_at": "2019-12-24T18:30"}, b"over already"),
        ({"opens_at": "2035-12-24T18:30", "closes_at": "2035-12-24T18:30"}, b"after it opens"),
        ({"opens_at": "9999-12-31T23:59", "time_zone": "Pacific/Honolulu"}, b"A date like"),
    ],
)
def test_dates_that_cannot_be_are_said_on_the_page_that_keeps_the_choice(
    browser: Browser, quiz: Assessment, dates: dict[str, str], words: bytes
) -> None:
    choosing = browser.launch(browser.lms.teacher)
    again = browser.submit(choosing, assessment="quiz", **dates)
    assert (again.status_code, words in again.content) == (400, True)
    assert b'value="quiz" required checked' in again.content
    assert ResourceLink.objects.get().assignment is None
    mended = browser.submit(again, assessment="quiz", opens_at="", closes_at="")
    assert take(code_of(mended)).json["assessment"] == "quiz"


def test_a_date_that_does_not_go_with_those_that_stand_leaves_the_link_unset(
    browser: Browser, quiz: Assessment
) -> None:
    choosing = browser.launch(browser.lms.teacher)
    course = ResourceLink.objects.get().context.course
    assignment = given(course, quiz, timezone.now())
    assignment.closes_at = timezone.now() + timedelta(days=1)
    assignment.save()
    again = browser.submit(choosing, assessment="quiz", opens_at="2035-12-24T18:30")
    assert (again.status_code, b"after it opens" in again.content) == (400, True)
    assert ResourceLink.objects.get().assignment is None


def test_columns_lead_back_to_the_work(browser: Browser, quiz: Assessment) -> None:
    item, _ = sent_back(browser, browser.launch(browser.lms.teacher, DEEP_LINK))
    assert "available" not in item
    assert item["lineItem"]["submissionReview"]["url"] == "http://testserver/lti/launch"


def test_only_teachers_choose(browser: Browser, quiz: Assessment) -> None:
    assert browser.launch(browser.lms.student, DEEP_LINK).status_code == 400


def test_dates_of_the_link_become_those_of_the_assignment_unless_somebody_has_set_them(
    browser: Browser, placed: ResourceLink
) -> None:
    assignment = placed.assignment
    assert assignment
    due = timezone.now().replace(microsecond=0) + timedelta(days=3)
    set_custom(browser, {"due": due.isoformat(), "available_start": "$ResourceLink.available.startDateTime"})
    code_of(browser.launch())
    assignment.refresh_from_db()
    assert (assignment.opens_at, assignment.closes_at) == (None, due)
    assignment.closes_at = due + timedelta(days=1)
    change_assignment(assignment=assignment, author=builders.make_learner(), now=timezone.now())
    set_custom(browser, {"due": (due + timedelta(days=9)).isoformat()})
    code_of(browser.launch())
    assignment.refresh_from_db()
    assert assignment.closes_at == due + timedelta(days=1)


def test_a_copied_course_opens_the_same_quiz_in_a_course_of_its_own(
    browser: Browser, placed: ResourceLink
) -> None:
    lms = browser.lms
    lms.custom_parameters = {"link_history": "$ResourceLink.id.history"}
    copied = lms.copy_course(lms.course)
    link = next(one for one in lms.links.values() if one.course is copied)
    assert take(code_of(browser.launch(link=link))).json["assessment"] == "quiz"
    assert Assignment.objects.filter(assessment__slug="quiz", course__isnull=False).count() == 2


def test_a_submission_review_shows_the_attempt_to_its_learner_and_the_teacher_alone(
    browser: Browser, placed: ResourceLink
) -> None:
    lms = browser.lms
    app = inside(browser)
    attempt = app.post("attempts/", {"assessment": "quiz"}).json["id"]
    app.post(f"attempts/{attempt}/submit/")
    for reader in (lms.teacher, lms.student):
        taken = take(code_of(browser.launch(reader, REVIEW, link=lms.link, about=lms.student)))
        assert taken.json["attempt"] == attempt
        assert Api(key=taken.json["token"]).get(f"attempts/{attempt}/review/").status == 200
    nosy = Somebody(sub="nosy", name="N", email="", roles=lms.student.roles)
    assert browser.launch(nosy, REVIEW, link=lms.link, about=lms.student).status_code == 400


def test_one_message_opens_once_for_two_posts_at_the_same_moment_too(
    browser: Browser, placed: ResourceLink, transactional_db: None
) -> None:
    way = browser.way(browser.begin())
    fields = {"id_token": browser.lms.id_token(way["nonce"]), "state": way["state"]}
    cookies = browser.client.cookies

    def post(_: int) -> int:
        other = Client()
        other.cookies = cookies.copy()  # type: ignore[assignment]  # a copy of the same
        try:
            return other.post("/lti/launch", fields).status_code
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(post, range(4))) == [303, 400, 400, 400]
    assert Launch.objects.count() == 1


def test_without_its_cookie_a_launch_offers_a_window_and_opens_nothing(
    browser: Browser, placed: ResourceLink
) -> None:
    before = Session.objects.count()
    way = browser.way(browser.begin())
    browser.client.cookies.clear()
    fields = {"id_token": browser.lms.id_token(way["nonce"]), "state": way["state"]}
    offered = browser.arrive(fields)
    assert offered.status_code == 200
    assert Session.objects.count() == before
    form = form_of(offered)
    assert (form.action, form.fields["login_hint"]) == ("/lti/login", browser.lms.student.sub)
    # The message was not used up by it.
    assert browser.begin(form.fields).status_code == 302


def test_where_the_platform_keeps_secrets_the_browser_needs_no_cookie(
    browser: Browser, placed: ResourceLink
) -> None:
    parameters = browser.lms.login_parameters() | {"lti_storage_target": "_parent"}
    page = browser.begin(parameters)
    html = page.content.decode()
    secret = html.split('data-secret="')[1].split('"')[0]
    address = html.split('data-address="')[1].split('"')[0].replace("&amp;", "&")
    way = browser.way({"Location": address})  # type: ignore[arg-type]  # all that is asked of it
    browser.client.cookies.clear()
    fields = {"id_token": browser.lms.id_token(way["nonce"]), "state": way["state"]}
    fetching = browser.arrive(fields)
    assert fetching.status_code == 200
    assert browser.submit(fetching, kept="something else").status_code == 403
    code_of(browser.submit(fetching, kept=secret))


def test_the_cookie_is_for_frames_and_for_https(browser: Browser, placed: ResourceLink) -> None:
    browser.lms.use_tool("https://testserver")
    browser.is_secure = True
    cookie = browser.begin().cookies.output()
    for word in ("SameSite=None; Partitioned", "Secure", "HttpOnly", "Path=/lti/"):
        assert word in cookie


def test_a_launch_is_framed_by_its_platform_and_nobody_else(browser: Browser, placed: ResourceLink) -> None:
    location = browser.launch()["Location"].partition("#")[0]
    policy = Client().get(location)["Content-Security-Policy"]
    assert "frame-ancestors http://127.0.0.1:*" in policy
    assert "frame-ancestors 'none'" in Client().get("/launched")["Content-Security-Policy"]
    assert "frame-ancestors 'none'" in Client().get("/launched?platform=x")["Content-Security-Policy"]
    Platform.objects.update(state=PlatformState.CLOSED)
    assert "frame-ancestors 'none'" in Client().get(location)["Content-Security-Policy"]


def test_an_unknown_deployment_waits_with_a_plain_page_and_is_seen_at_the_desk(
    browser: Browser, placed: ResourceLink
) -> None:
    browser.lms.deployment_id = "another"
    waiting = browser.launch()
    assert (waiting.status_code, b"waits to be confirmed" in waiting.content) == (400, True)
    found = Deployment.objects.get(deployment_id="another")
    assert found.state == PlatformState.PENDING
    found.state = PlatformState.ACTIVE
    found.save()
    # Another deployment has its own courses: its teacher chooses there.
    assert b"Choose an assessment" in browser.launch(browser.lms.teacher).content


def test_an_unknown_key_has_the_keys_fetched_anew_once_in_a_while(
    browser: Browser, placed: ResourceLink
) -> None:
    lms = browser.lms
    assert lms.calls["jwks"] == 1
    lms.rotate()
    # Asked a moment ago: whoever names unknown keys does not make us ask for each.
    assert browser.launch().status_code == 400
    assert lms.calls["jwks"] == 1
    Platform.objects.update(keys_fetched_at=timezone.now() - timedelta(minutes=2))
    code_of(browser.launch())
    assert lms.calls["jwks"] == 2


def test_a_platform_that_has_withdrawn_a_key_is_believed(browser: Browser, placed: ResourceLink) -> None:
    from tests.lti.signing import Seal

    old = browser.lms.signing_key
    browser.lms.rotate(withdraw=True)
    Platform.objects.update(keys_fetched_at=timezone.now() - timedelta(minutes=2))
    code_of(browser.launch())
    assert browser.launch(seal=Seal(kid=old.kid, key=old)).status_code == 400


def test_a_refusal_has_a_sign_that_learner_and_desk_both_see(browser: Browser, placed: ResourceLink) -> None:
    refused = browser.launch(aud="somebody-else")
    row = RefusedLaunch.objects.get()
    assert row.trace in refused.content.decode()
    assert "somebody-else" in row.reason
    assert "somebody-else" not in refused.content.decode()
