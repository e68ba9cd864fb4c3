"""Platforms at the desk: who may let one in, what is shown of it, and the grades that it is sent."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.models import (
    Assignment,
    Course,
    Deployment,
    Grade,
    Invitation,
    Platform,
    PlatformContext,
    PlatformPerson,
    ResourceLink,
    ResultChange,
    ToolKey,
    User,
)
from assessment.models.grades import GradeState
from assessment.models.people import Role
from assessment.models.platforms import PlatformState, RefusedLaunch
from assessment.platforms.arriving import digest
from assessment.platforms.keys import published_keys
from tests import sitting
from tests.builders import NOW, assignment_of, enrol, make_assessment, make_attempt, make_course, make_learner
from tests.desks import make_instructor
from tests.lti.serving import Exchange, Server, json_reply

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"
REGISTERED = ["platform", "invitation", "toolkey", "refusedlaunch"]
SENT_TO = ["resourcelink", "grade"]


def make_platform(name: str = "School", **fields: Any) -> Platform:
    host = f"https://{name.lower()}.example"
    usual = {
        "issuer": host,
        "client_id": "client",
        "authorization_url": f"{host}/authorize",
        "token_url": f"{host}/token",
        "jwks_url": f"{host}/keys",
        "state": PlatformState.ACTIVE,
        "created_at": NOW,
    }
    return Platform.objects.create(name=name, **usual | fields)


def make_deployment(platform: Platform, name: str = "1", **fields: Any) -> Deployment:
    return Deployment.objects.create(platform=platform, deployment_id=name, created_at=NOW, **fields)


def make_link(
    course: Course, assignment: Assignment | None = None, *, title: str = "Week 1", platform: Any = None
) -> ResourceLink:
    """A link in a platform's course that is ``course`` here, with a column of its own."""
    platform = platform or make_platform()
    deployment = make_deployment(platform, state=PlatformState.ACTIVE)
    context = PlatformContext.objects.create(deployment=deployment, context_id="c", course=course)
    return ResourceLink.objects.create(
        context=context,
        link_id="l",
        title=title,
        assignment=assignment,
        line_item=f"{platform.issuer}/items/1",
        created_at=NOW,
    )


def make_grade(link: ResourceLink, user: User, **fields: Any) -> Grade:
    """A grade of 7 of 10 that was refused."""
    person, _ = PlatformPerson.objects.get_or_create(
        platform=link.context.deployment.platform, user=user, defaults={"subject": f"subject-of-{user}"}
    )
    usual = {
        "version": 1,
        "score": 7.0,
        "maximum": 10.0,
        "is_final": True,
        "timestamp": NOW,
        "state": GradeState.PARKED,
        "due_at": NOW,
        "created_at": NOW,
        "reason": "school.example answered 403.",
    }
    return Grade.objects.create(link=link, person=person, **usual | fields)


def make_taken(name: str) -> Grade:
    """A course of a platform in which somebody took what a link opens, and whose grade was refused."""
    course, learner = make_course(slug=f"course-{name}"), make_learner(f"learner-{name}")
    assessment = make_assessment(slug=f"assessment-{name}", course=course)
    enrol(learner, course)
    attempt, _ = sitting.start(assessment, learner)
    sitting.submit(attempt)
    link = make_link(course, assignment_of(assessment), title=f"Link {name}", platform=make_platform(name))
    # What the attempt left in the outbox is no part of what is tested here.
    ResultChange.objects.all().delete()
    return make_grade(link, learner)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def listing(model: str) -> str:
    return reverse(f"admin:assessment_{model}_changelist")


def page(row: Any, way: str = "change", *rest: Any) -> str:
    return reverse(f"admin:assessment_{row._meta.model_name}_{way}", args=[row.pk, *rest])


def do(desk: Client, model: str, action: str, *rows: Any) -> Any:
    data = {"action": action, "_selected_action": [str(row.pk) for row in rows]}
    return desk.post(listing(model), data, follow=True)


def told(reply: Any) -> list[str]:
    return [str(message) for message in reply.context["messages"]]


@pytest.fixture
def desk() -> Client:
    """A browser in which a superuser is signed in."""
    return signed_in(make_learner("root", is_staff=True, is_superuser=True))


def everything(user: User) -> User:
    user.user_permissions.set(Permission.objects.all())
    return user


def teaches(user: User, course: Course) -> User:
    enrol(user, course, Role.INSTRUCTOR)
    return user


# Who may see what


@pytest.mark.parametrize("model", REGISTERED)
def test_platforms_are_for_superusers_whatever_else_somebody_may_do(model: str, desk: Client) -> None:
    teacher = teaches(everything(make_learner(is_staff=True)), make_taken("own").link.context.course)
    for user in (make_instructor(), teacher):
        assert signed_in(user).get(listing(model)).status_code == 403
    assert desk.get(listing(model)).status_code == 200


def test_no_way_leads_a_teacher_to_a_platform() -> None:
    grade = make_taken("own")
    platform = grade.link.context.deployment.platform
    invitation = Invitation.objects.create(name="I", digest="d", created_at=NOW, expires_at=NOW)
    teacher = signed_in(teaches(everything(make_learner(is_staff=True)), grade.link.context.course))
    before = Platform.objects.values().get()
    ways = [page(platform), page(platform, "page", "connection"), page(invitation), page(platform, "history")]
    posts = [page(platform), page(platform, "page", "connection"), page(platform, "do", "close")]
    posts += [reverse("admin:assessment_platform_add"), reverse("admin:assessment_invitation_add")]
    for reply in [*map(teacher.get, ways), *(teacher.post(way, {"name": "Mine"}) for way in posts)]:
        assert reply.status_code == 403
    assert Platform.objects.values().get() == before
    assert Invitation.objects.count() == 1


@pytest.mark.parametrize("model", [*REGISTERED, *SENT_TO])
def test_learners_are_not_let_in(model: str) -> None:
    learner = make_taken("own").person.user
    assert signed_in(learner).get(listing(model)).status_code == 302


@pytest.mark.parametrize("model", SENT_TO)
def test_an_instructor_who_teaches_nothing_sees_nothing(model: str) -> None:
    make_taken("foreign")
    reply = signed_in(make_instructor()).get(listing(model))
    assert reply.context["cl"].result_count == 0
    assert "foreign" not in reply.content.decode()


def test_instructors_see_the_links_and_grades_of_their_courses() -> None:
    own, foreign = make_taken("own"), make_taken("foreign")
    teacher = signed_in(teaches(make_instructor(), own.link.context.course))
    for mine, theirs in ((own, foreign), (own.link, foreign.link)):
        reply = teacher.get(listing(mine._meta.model_name))
        assert list(reply.context["cl"].queryset) == [mine]
        assert "foreign" not in reply.content.decode()
        assert teacher.get(page(mine)).status_code == 200
        assert teacher.get(page(theirs)).status_code == 302
    assert teacher.get(listing("grade"), {"q": "foreign"}).context["cl"].result_count == 0


def test_launches_and_nonces_are_not_shown(desk: Client) -> None:
    kinds = {name for name in ("launch", "usednonce", "resultchange") if listed(desk, name)}
    assert kinds == set()


def listed(desk: Client, model: str) -> bool:
    return desk.get(f"/admin/assessment/{model}/").status_code == 200


# Registrations

BY_HAND = {
    "name": "School",
    "issuer": "https://school.example",
    "client_id": "abc",
    "authorization_url": "https://school.example/authorize",
    "token_url": "https://school.example/token",
    "token_audience": "",
    "jwks_url": "school.example/keys",
    "deployments-TOTAL_FORMS": "1",
    "deployments-INITIAL_FORMS": "0",
    "deployments-0-deployment_id": "7",
    "deployments-0-state": "active",
}


def test_a_platform_that_is_entered_by_hand_is_confirmed(desk: Client) -> None:
    assert desk.post(reverse("admin:assessment_platform_add"), BY_HAND).status_code == 302
    platform = Platform.objects.get()
    assert (platform.state, platform.jwks_url) == (PlatformState.ACTIVE, "https://school.example/keys")
    deployment = platform.deployments.get()
    assert (deployment.deployment_id, deployment.state) == ("7", PlatformState.ACTIVE)
    assert deployment.created_at >= platform.created_at


@pytest.mark.parametrize("name", ["authorization_url", "token_url", "jwks_url"])
def test_an_address_without_tls_is_refused(desk: Client, name: str) -> None:
    data = BY_HAND | {name: "http://school.example/"}
    reply = desk.post(reverse("admin:assessment_platform_add"), data)
    assert "begins with https://" in str(reply.context["adminform"].form.errors[name])
    assert not Platform.objects.exists()


def test_the_same_registration_is_refused_in_words(desk: Client) -> None:
    for _ in range(2):
        reply = desk.post(reverse("admin:assessment_platform_add"), BY_HAND)
    assert "registered already" in reply.content.decode()
    assert Platform.objects.count() == 1


def test_what_is_pasted_into_the_platform_stands_beside_the_form(desk: Client) -> None:
    platform = make_platform()
    ways = [reverse("admin:assessment_platform_add"), page(platform), page(platform, "page", "connection")]
    for way in ways:
        text = desk.get(way, headers={"Host": "localhost"}).content.decode()
        for path in ("/lti/login", "/lti/launch", "/lti/jwks", "/lti/config"):
            assert f"<code>http://localhost{path}</code>" in text


def test_each_field_says_what_is_pasted_there(desk: Client) -> None:
    form = desk.get(reverse("admin:assessment_platform_add")).context["adminform"].form
    for name, where in {
        "issuer": "Platform ID",
        "client_id": "Application ID",
        "authorization_url": "Authentication request URL",
        "token_url": "Auth token endpoint",
        "token_audience": "OAuth2 Audience",
        "jwks_url": "Keyset URL",
    }.items():
        assert where in form.fields[name].help_text


def test_platforms_are_listed_with_what_waits(desk: Client) -> None:
    platform = make_platform(keys_fetched_at=NOW)
    make_deployment(platform, "1")
    make_deployment(platform, "2")
    make_deployment(platform, "3", state=PlatformState.ACTIVE)
    row = desk.get(listing("platform")).context["cl"].queryset.get()
    assert row.waiting_count == 2
    assert desk.get(listing("platform"), {"q": "school"}).context["cl"].result_count == 1


def test_a_platform_is_confirmed_and_closed(desk: Client) -> None:
    platform = make_platform(state=PlatformState.PENDING)
    for way in ("confirm", "close", "confirm"):
        desk.post(page(platform, "do", way))
        platform.refresh_from_db()
        assert platform.state == {"confirm": "active", "close": "closed"}[way]
    assert desk.get(page(platform, "do", "close")).status_code == 405
    history = desk.get(page(platform, "history")).content.decode()
    assert "It may open us now" in history


def test_several_are_confirmed_and_closed_at_once(desk: Client) -> None:
    chosen = [make_platform(name, state=PlatformState.PENDING) for name in ("One", "Two")]
    other = make_platform("Three", state=PlatformState.PENDING)
    do(desk, "platform", "confirm_selected", *chosen)
    assert set(Platform.objects.filter(state=PlatformState.ACTIVE)) == set(chosen)
    do(desk, "platform", "close_selected", *chosen)
    assert set(Platform.objects.filter(state=PlatformState.CLOSED)) == set(chosen)
    other.refresh_from_db()
    assert other.state == PlatformState.PENDING


def test_the_waiting_deployments_are_confirmed_and_no_other(desk: Client) -> None:
    platform = make_platform()
    waits = make_deployment(platform, "1")
    closed = make_deployment(platform, "2", state=PlatformState.CLOSED)
    elsewhere = make_deployment(make_platform("Else"))
    assert "Confirm the waiting deployments" in desk.get(page(platform)).content.decode()
    desk.post(page(platform, "do", "confirm-deployments"))
    for deployment, state in ((waits, "active"), (closed, "closed"), (elsewhere, "pending")):
        deployment.refresh_from_db()
        assert deployment.state == state
    assert "Confirm the waiting deployments" not in desk.get(page(platform)).content.decode()


def test_one_deployment_is_confirmed_and_keeps_its_name(desk: Client) -> None:
    platform = make_platform()
    deployment = make_deployment(platform, "1")
    data = BY_HAND | {
        "deployments-INITIAL_FORMS": "1",
        "deployments-0-id": str(deployment.pk),
        "deployments-0-platform": str(platform.pk),
        "deployments-0-deployment_id": "another",
    }
    assert desk.post(page(platform), data).status_code == 302
    deployment.refresh_from_db()
    assert (deployment.deployment_id, deployment.state) == ("1", PlatformState.ACTIVE)
    assert deployment.created_at == NOW


def test_no_platform_is_deleted(desk: Client) -> None:
    platform = make_platform()
    assert desk.post(page(platform, "delete"), {"post": "yes"}).status_code == 403
    do(desk, "platform", "delete_selected", platform)
    assert Platform.objects.exists()


# Trying a connection


@pytest.fixture
def served(settings: Any) -> Iterator[Callable[[bool], Platform]]:
    """Makes a platform that answers, and that gives leave to send grades or does not."""
    settings.PRIVATE_PLATFORMS = True
    servers = []

    def make(gives_leave: bool) -> Platform:
        def answer(exchange: Exchange) -> None:
            is_token = exchange.request_read.path == "/token"
            found: dict[str, Any] = {"access_token": "t", "expires_in": 60} if is_token else {"keys": []}
            exchange.send(json_reply(found, 401 if is_token and not gives_leave else 200))

        servers.append(Server(answer))
        host = f"http://127.0.0.1:{servers[-1].server_port}"
        return make_platform(issuer=host, token_url=f"{host}/token", jwks_url=f"{host}/keys")

    yield make
    for server in servers:
        server.close()


def tried(reply: Any) -> list[tuple[str, bool]]:
    return [(what, fault is None) for what, fault in reply.context["tried"]]


def test_a_connection_is_tried_line_by_line(desk: Client, served: Any) -> None:
    reply = desk.post(page(served(True), "page", "connection"))
    assert [works for _, works in tried(reply)] == [True, True]
    assert "Its public keys can be read: yes" in reply.content.decode()
    assert Platform.objects.get().keys_fetched_at is not None


def test_what_is_wrong_with_a_connection_is_said(desk: Client, served: Any) -> None:
    reply = desk.post(page(served(False), "page", "connection"))
    assert [works for _, works in tried(reply)] == [True, False]
    assert "answered 401" in reply.content.decode()


def test_looking_at_the_page_tries_nothing(desk: Client, served: Any) -> None:
    assert desk.get(page(served(True), "page", "connection")).context["tried"] is None
    assert Platform.objects.get().keys_fetched_at is None


def test_only_a_page_of_the_desk_can_have_a_connection_tried(served: Any) -> None:
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_learner(is_staff=True, is_superuser=True))
    assert browser.post(page(served(True), "page", "connection")).status_code == 403


# Invitations


def invited(desk: Client, **changes: Any) -> Any:
    data = {
        "name": "School",
        "confirms": "on",
        "expires_at_0": f"{timezone.now() + timedelta(days=2):%Y-%m-%d}",
        "expires_at_1": "12:00:00",
    }
    data = {name: value for name, value in (data | changes).items() if value is not None}
    return desk.post(reverse("admin:assessment_invitation_add"), data, follow=True)


def secret_of(reply: Any) -> str:
    found = re.search(r"http://testserver/lti/register\?invitation=([\w-]+)", " ".join(told(reply)))
    assert found
    return found[1]


def test_the_link_of_an_invitation_is_shown_once_and_kept_nowhere(desk: Client) -> None:
    reply = invited(desk)
    secret, invitation = secret_of(reply), Invitation.objects.get()
    assert unescape(reply.content.decode()).count(secret) == 1
    assert invitation.digest == digest(secret)
    assert secret not in str(Invitation.objects.values().get())
    for way in (listing("invitation"), page(invitation), page(invitation, "history"), "/admin/"):
        assert secret not in desk.get(way).content.decode()


def test_an_invitation_is_as_it_was_wanted(desk: Client) -> None:
    invited(desk, confirms=None)
    invitation = Invitation.objects.get()
    assert (invitation.name, invitation.confirms, invitation.used_at) == ("School", False, None)
    assert timedelta(days=1) < invitation.expires_at - invitation.created_at < timedelta(days=3)


def test_an_invitation_is_for_a_week_unless_said_otherwise(desk: Client) -> None:
    form = desk.get(reverse("admin:assessment_invitation_add")).context["adminform"].form
    left = form.initial["expires_at"] - timezone.now()
    assert timedelta(days=6.9) < left < timedelta(days=7)


def test_an_invitation_that_is_over_is_not_made(desk: Client) -> None:
    reply = invited(desk, expires_at_0="2020-01-01")
    assert "passed already" in str(reply.context["adminform"].form.errors)
    assert not Invitation.objects.exists()


def test_an_invitation_is_taken_back_until_it_was_used(desk: Client) -> None:
    open_one, used = (
        Invitation.objects.create(name=name, digest=name, created_at=NOW, expires_at=NOW) for name in "ab"
    )
    Invitation.objects.filter(pk=used.pk).update(used_at=NOW)
    assert desk.post(page(used), {"name": "Another"}).status_code == 403
    assert desk.post(page(used, "delete"), {"post": "yes"}).status_code == 403
    data = {"post": "yes", "action": "delete_selected", "_selected_action": [str(used.pk), str(open_one.pk)]}
    desk.post(listing("invitation"), data)
    assert Invitation.objects.count() == 2
    desk.post(page(open_one, "delete"), {"post": "yes"})
    assert list(Invitation.objects.all()) == [used]


def test_invitations_say_what_became_of_them(desk: Client) -> None:
    later = timezone.now() + timedelta(days=1)
    for name, expires_at, used_at in (("a", later, None), ("b", NOW, None), ("c", later, NOW)):
        Invitation.objects.create(
            name=name, digest=name, created_at=NOW, expires_at=expires_at, used_at=used_at
        )
    Invitation.objects.filter(name="b").update(expires_at=timezone.now() - timedelta(days=1))
    text = desk.get(listing("invitation")).content.decode()
    assert re.findall(r'field-state">([^<]+)<', text) == ["used", "over", "can be used"]


# Keys, and launches that were refused


def test_the_sealed_part_of_a_key_appears_on_no_page(desk: Client) -> None:
    published_keys(timezone.now())
    key = ToolKey.objects.get()
    for way in (listing("toolkey"), page(key)):
        text = desk.get(way).content.decode()
        assert key.kid in text
        assert key.sealed not in unescape(text)
    assert desk.post(page(key), {"retires_at_0": "2020-01-01"}).status_code == 403
    assert desk.post(page(key, "delete"), {"post": "yes"}).status_code == 403


def test_a_key_that_cannot_be_opened_is_seen(desk: Client) -> None:
    published_keys(timezone.now())
    assert 'alt="True"' in desk.get(listing("toolkey")).content.decode()
    ToolKey.objects.update(sealed="of another secret key")
    assert 'alt="False"' in desk.get(listing("toolkey")).content.decode()


def test_a_refused_launch_is_found_by_its_sign(desk: Client) -> None:
    for trace, reason in (("12ab", XSS), ("34cd", "it is over")):
        RefusedLaunch.objects.create(
            trace=trace, platform=make_platform(trace), reason=reason, created_at=NOW
        )
    reply = desk.get(listing("refusedlaunch"), {"q": "12ab"})
    assert [row.trace for row in reply.context["cl"].result_list] == ["12ab"]
    assert XSS not in reply.content.decode()


# Links


def test_of_a_link_only_the_assignment_is_changed(desk: Client) -> None:
    link = make_taken("own").link
    other = make_assessment(course=link.context.course)
    reply = desk.get(page(link))
    assert list(reply.context["adminform"].form.fields) == ["assignment"]
    desk.post(page(link), {"assignment": str(assignment_of(other).pk), "title": "Mine", "line_item": "x"})
    link.refresh_from_db()
    assert (link.assignment, link.title) == (assignment_of(other), "Link own")
    assert link.line_item == "https://own.example/items/1"
    assert desk.post(page(link, "delete"), {"post": "yes"}).status_code == 403


def test_a_link_opens_what_its_course_is_given() -> None:
    link = make_taken("own").link
    here, everybodys = make_assessment(course=link.context.course), make_assessment()
    taught = make_course()
    elsewhere = make_assessment(course=taught)
    teacher = signed_in(teaches(teaches(make_instructor(), taught), link.context.course))
    offered = teacher.get(page(link)).context["adminform"].form.fields["assignment"].queryset
    assert set(offered) == {link.assignment, assignment_of(here)}
    for foreign in (elsewhere, everybodys):
        reply = teacher.post(page(link), {"assignment": str(assignment_of(foreign).pk)})
        assert "assignment" in reply.context["adminform"].form.errors


def test_what_a_link_opens_now_has_its_results_sent(desk: Client) -> None:
    grade = make_taken("own")
    link = grade.link
    attempt = make_attempt(course=link.context.course, learner=grade.person.user)
    sitting.submit(attempt)
    ResultChange.objects.all().delete()
    data = {"assignment": str(attempt.assignment.pk)}
    reply = desk.post(page(link), data, follow=True)
    assert ResultChange.objects.get().assignment == attempt.assignment
    assert "The grades of 1 learners are sent to its column." in told(reply)
    ResultChange.objects.all().delete()
    desk.post(page(link), data)
    assert not ResultChange.objects.exists()


def test_all_results_of_a_link_are_sent_again(desk: Client) -> None:
    grade, other = make_taken("own"), make_taken("other")
    do(desk, "resourcelink", "send_all_again", grade.link)
    noted = ResultChange.objects.get()
    assert noted.assignment == grade.link.assignment
    for one, state in ((grade, GradeState.WAITING), (other, GradeState.PARKED)):
        one.refresh_from_db()
        assert one.state == state


def test_instructors_send_the_results_of_their_own_links_again() -> None:
    own, foreign = make_taken("own"), make_taken("foreign")
    teacher = signed_in(teaches(make_instructor(), own.link.context.course))
    do(teacher, "resourcelink", "send_all_again", own.link, foreign.link)
    assert [one.assignment for one in ResultChange.objects.all()] == [own.link.assignment]


# The ledger


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({"state__exact": "parked"}, 1),
        ({"state__exact": "sent"}, 0),
        ({"q": "learner-own"}, 1),
        ({"q": "subject-of-learner-own"}, 1),
        ({"q": "nobody"}, 0),
    ],
)
def test_grades_are_found(desk: Client, asked: dict[str, str], count: int) -> None:
    make_taken("own")
    assert desk.get(listing("grade"), asked).context["cl"].result_count == count


def test_grades_are_filtered_by_their_platform(desk: Client) -> None:
    own = make_taken("own")
    make_taken("other")
    asked = {"link__context__deployment__platform__id__exact": str(own.person.platform_id)}
    assert list(desk.get(listing("grade"), asked).context["cl"].queryset) == [own]


@pytest.mark.parametrize("model", SENT_TO)
def test_filters_name_the_platforms_of_ones_own_courses_alone(model: str) -> None:
    user = make_instructor()
    for name in ("one", "two"):
        teaches(user, make_taken(name).link.context.course)
    make_taken("foreign")
    specs = signed_in(user).get(listing(model)).context["cl"].filter_specs
    offered = [[name for _, name in one.lookup_choices] for one in specs if one.title == "platform"]
    assert offered == [["one", "two"]]


def test_nobody_writes_in_the_ledger(desk: Client) -> None:
    grade = make_taken("own")
    before = Grade.objects.values().get()
    assert b'name="_save"' not in desk.get(page(grade)).content
    assert desk.post(page(grade), {"score": "10"}).status_code == 403
    assert desk.post(page(grade, "delete"), {"post": "yes"}).status_code == 403
    assert desk.get(reverse("admin:assessment_grade_add")).status_code == 403
    assert Grade.objects.values().get() == before


def test_a_grade_is_sent_again(desk: Client) -> None:
    grade = make_taken("own")
    reply = do(desk, "grade", "send_again", grade)
    grade.refresh_from_db()
    assert (grade.state, grade.reason, grade.tries) == (GradeState.WAITING, "", 0)
    assert told(reply)[0].startswith("1 of 1 are sent again.")


def test_instructors_send_grades_of_their_courses_again_and_no_others() -> None:
    own, foreign = make_taken("own"), make_taken("foreign")
    teacher = signed_in(teaches(make_instructor(), own.link.context.course))
    do(teacher, "grade", "send_again", own, foreign)
    for grade, state in ((own, GradeState.WAITING), (foreign, GradeState.PARKED)):
        grade.refresh_from_db()
        assert grade.state == state


def test_whoever_may_only_look_sends_nothing() -> None:
    grade = make_taken("own")
    looker = teaches(make_learner(is_staff=True), grade.link.context.course)
    looker.user_permissions.set(Permission.objects.filter(codename__in=["view_grade", "view_resourcelink"]))
    desk = signed_in(looker)
    do(desk, "grade", "send_again", grade)
    do(desk, "resourcelink", "send_all_again", grade.link)
    grade.refresh_from_db()
    assert grade.state == GradeState.PARKED
    assert not ResultChange.objects.exists()


def test_what_platforms_and_people_are_called_is_shown_as_text(desk: Client) -> None:
    course = make_course()
    platform = make_platform(name="School", client_id=XSS, keys_fetched_at=NOW)
    Platform.objects.update(name=XSS)
    link = make_link(course, title=XSS, platform=platform)
    grade = make_grade(link, make_learner("eve", first_name=XSS), reason=XSS)
    ways = [listing(model) for model in ("platform", *SENT_TO)]
    ways += [page(platform), page(platform, "page", "connection"), page(link), page(grade)]
    for way in ways:
        assert not re.search(r"<script>alert", desk.get(way).content.decode()), way


@pytest.mark.parametrize("model", ["platform", *SENT_TO])
def test_lists_cost_the_same_however_long_they_are(
    model: str, desk: Client, django_assert_num_queries: Any, django_assert_max_num_queries: Any
) -> None:
    make_taken("one")
    with django_assert_max_num_queries(20) as few:
        desk.get(listing(model))
    make_taken("two")
    make_taken("three")
    with django_assert_num_queries(len(few.captured_queries)):
        desk.get(listing(model))
