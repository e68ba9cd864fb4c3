"""The live view at the desk: who is where, and more time for one, for some and for all."""

from __future__ import annotations

from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.models import Assignment, Attempt, Course
from tests import sitting
from tests.desks import make_instructor
from tests.grading import Class
from tests.wire import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db: None) -> Class:
    return Class(now=timezone.now())


@pytest.fixture
def desk(group: Class) -> Client:
    client = Client()
    client.force_login(group.teacher)
    return client


def live(course: Course, query: str = "") -> str:
    return reverse("admin:assessment_course_page", args=[course.pk, "live"]) + query


def text(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200
    return unescape(reply.content.decode())


def send(client: Client, given: Assignment, **entered: Any) -> str:
    address = reverse("admin:assessment_course_minutes", args=[given.course_id, given.pk])
    said = {"minutes": "10", "reason": "The network was down.", "whom": "all"} | entered
    reply = client.post(address, said, follow=True)
    assert reply.status_code == 200
    return unescape(reply.content.decode())


def sit(group: Class, given: Assignment, *names: str, **options: Any) -> list[Attempt]:
    return [group.take(given, group.learner(one, **options), 1, ends=False) for one in names]


def added(attempt: Attempt) -> timedelta:
    before = attempt.deadline
    attempt.refresh_from_db()
    assert before
    assert attempt.deadline
    return attempt.deadline - before


TEN = timedelta(minutes=10)


def test_it_shows_who_is_where(group: Class, desk: Client) -> None:
    given = group.assign(items=3, time_limit_minutes=60)
    [lea] = sit(group, given, "lea")
    group.learner("bob")
    sitting.submit(sit(group, given, "ann")[0], group.now)
    shown = text(desk, live(group.course))
    assert "1 not begun, 1 working, 1 handed in" in shown
    assert "3 of 3" in shown
    assert "place 3" in shown
    assert f'value="{lea.learner.users.get().pk}"' in shown


def test_a_course_without_assignments_has_a_page(group: Class, desk: Client) -> None:
    assert "Nothing is assigned" in text(desk, live(group.course))


def test_it_shows_the_assignment_that_is_asked_for(group: Class, desk: Client) -> None:
    first, second = group.assign(slug="first"), group.assign(slug="second")
    sit(group, first, "lea")
    assert f'value="{first.pk}" selected' in text(desk, live(group.course))
    assert f'value="{second.pk}" selected' in text(desk, live(group.course, f"?assignment={second.pk}"))
    assert f'value="{first.pk}" selected' in text(desk, live(group.course, "?assignment=no&section=no"))


def test_of_a_sections_own_assignment_only_the_section_is_shown(group: Class, desk: Client) -> None:
    monday = group.section("Monday")
    whole = group.assign()
    own = group.assign_to(monday, whole.assessment)
    group.learner("ann", monday)
    group.learner("bob")
    shown = text(desk, live(group.course, f"?assignment={own.pk}"))
    assert ("ann" in shown, ">bob<" in shown) == (True, False)
    shown = text(desk, live(group.course, f"?assignment={whole.pk}"))
    assert (">ann<" in shown, ">bob<" in shown) == (False, True)


def test_the_page_costs_the_same_for_any_number(group: Class, desk: Client) -> None:
    def cost() -> int:
        with statements() as sent:
            desk.get(live(group.course))
        return len(sent)

    given = group.assign(time_limit_minutes=60)
    sit(group, given, "lea")
    before = cost()
    sit(group, given, "ann", "bob")
    assert cost() == before


def test_all_get_more_time(group: Class, desk: Client) -> None:
    given = group.assign(time_limit_minutes=60)
    attempts = sit(group, given, "lea", "bob")
    assert "2 attempts have 10 minutes more." in send(desk, given)
    assert [added(one) for one in attempts] == [TEN, TEN]
    assert attempts[0].actions.get().author == group.teacher


def test_a_section_or_those_ticked_get_more_time(group: Class, desk: Client) -> None:
    monday, given = group.section("Monday"), group.assign(time_limit_minutes=60)
    [lea] = sit(group, given, "lea", section=monday)
    [bob] = sit(group, given, "bob")
    assert "1 attempt has 10 minutes more." in send(desk, given, whom=str(monday.pk))
    assert [added(lea), added(bob)] == [TEN, timedelta()]
    send(desk, given, whom="chosen", learner=[str(bob.learner.users.get().pk)])
    assert [added(lea), added(bob)] == [timedelta(), TEN]


@pytest.mark.parametrize(
    ("entered", "told"),
    [
        ({"reason": " "}, "Say why"),
        ({"minutes": "0"}, "greater than or equal to 1"),
        ({"minutes": "1,5"}, "Enter a whole number"),
        ({"minutes": "9" * 30}, "less than or equal to"),
        ({"whom": "chosen"}, "Nobody is ticked"),
        ({"whom": "nobody"}, "Select a valid choice"),
        ({"whom": "chosen", "learner": "nonsense"}, "no learner of this course"),
    ],
)
def test_what_makes_no_sense_is_refused_and_kept(
    group: Class, desk: Client, entered: dict[str, str], told: str
) -> None:
    given = group.assign(time_limit_minutes=60)
    [lea] = sit(group, given, "lea")
    shown = send(desk, given, **entered)
    assert told in shown
    if "reason" not in entered:
        assert "The network was down." in shown
    assert added(lea) == timedelta()


def test_where_nobody_works_it_says_so(group: Class, desk: Client) -> None:
    given = group.assign()
    sit(group, given, "lea")
    assert "Nobody got more time" in send(desk, given)


def test_others_give_no_time(group: Class) -> None:
    given = group.assign(time_limit_minutes=60)
    [lea] = sit(group, given, "lea")
    client = Client()
    client.force_login(make_instructor("another"))
    address = reverse("admin:assessment_course_minutes", args=[group.course.pk, given.pk])
    said = {"minutes": "10", "reason": "r", "whom": "all"}
    assert client.post(address, said).status_code == 404
    assert client.get(live(group.course)).status_code == 404
    assert added(lea) == timedelta()
