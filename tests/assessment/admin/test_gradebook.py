"""The gradebook at the desk: the table, its files, one learner's work, and who may see and do what."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from html import unescape
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from assessment.admin.gradebook import LEARNERS
from assessment.models import Assignment, Attempt, Enrolment, GradeNote, User
from assessment.models.corrections import ActionKind
from tests.desks import make_instructor
from tests.grading import HOUR, Class
from tests.wire import statements

pytestmark = pytest.mark.django_db

XSS = "<script>alert(1)</script>"


@pytest.fixture
def group(db: None) -> Class:
    return Class(now=timezone.now())


@pytest.fixture
def desk(group: Class) -> Client:
    return signed_in(group.teacher)


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def book(group: Class, query: str = "") -> str:
    return reverse("admin:assessment_course_page", args=[group.course.pk, "gradebook"]) + query


def work(group: Class, user: User, given: Assignment) -> str:
    enrolment = Enrolment.objects.get(user=user, course=group.course)
    return reverse("admin:assessment_course_work", args=[group.course.pk, enrolment.pk, given.assessment_id])


def text(client: Client, address: str) -> str:
    reply = client.get(address)
    assert reply.status_code == 200
    return unescape(reply.content.decode())


def send(client: Client, address: str, name: str, **entered: Any) -> str:
    """Send one of the forms of the page and return the page that comes of it."""
    prefixed = {f"{name}-{field}": value for field, value in entered.items()}
    reply = client.post(address, {"do": name, **prefixed}, follow=True)
    assert reply.status_code == 200
    return unescape(reply.content.decode())


def test_the_table_tells_states_in_words(group: Class, desk: Client) -> None:
    lea, bob = group.learner("lea", first_name=XSS), group.learner("bob")
    given = group.assign(slug="first", closes_at=group.now + HOUR)
    group.take(given, lea, 1)
    Assignment.objects.filter(pk=given.pk).update(closes_at=group.now - HOUR)
    group.note(given, group.learner("ill"), is_excused=True, reason="Ill.")
    shown = desk.get(book(group)).content.decode()
    assert XSS not in shown
    for words in ("50 %", "late", "missing", "excused", "UTC"):
        assert words in shown
    assert work(group, bob, given) in shown


def test_the_table_has_pages_and_filters(group: Class, desk: Client) -> None:
    monday = group.section("Monday")
    for number in range(LEARNERS + 1):
        group.learner(f"learner-{number:03}", monday if number == 7 else None)
    assert "learner-100" not in text(desk, book(group))
    assert "learner-100" in text(desk, book(group, "?page=2"))
    assert "learner-007" in text(desk, book(group, f"?section={monday.pk}"))
    assert "1 learner" in text(desk, book(group, "?search=learner-099"))
    assert "learner-100" in text(desk, book(group, "?order=-name"))


@pytest.mark.parametrize("query", ["?page=no", "?section=no", "?order=no", "?search=%00", "?left=no"])
def test_an_address_that_makes_no_sense_breaks_nothing(group: Class, desk: Client, query: str) -> None:
    group.learner("lea")
    assert desk.get(book(group, query)).status_code == 200


def test_the_table_costs_the_same_for_any_number(group: Class, desk: Client) -> None:
    def cost() -> int:
        with statements() as sent:
            desk.get(book(group))
        return len(sent)

    group.take(group.assign(), group.learner(), 1)
    before = cost()
    for _ in range(3):
        learner = group.learner()
        group.take(group.assign(), learner, 1)
    assert cost() == before


def test_files_have_all_whom_the_page_shows(group: Class, desk: Client) -> None:
    monday = group.section("Monday")
    given = group.assign(slug="first")
    group.take(given, group.learner("ann", monday, last_name="=1+1"), 2)
    group.learner("bob")
    address = reverse("admin:assessment_course_grade_file", args=[group.course.pk, "csv"])
    reply = desk.get(f"{address}?section={monday.pk}&points")
    body = b"".join(reply).decode("utf-8-sig")
    [row] = csv.DictReader(io.StringIO(body))
    assert (row["username"], row["last name"], row["An assessment (first), points"]) == (
        "ann",
        "'=1+1",
        "2.0",
    )
    assert desk.get(address.replace("csv", "xlsx")).status_code == 200
    assert desk.get(address.replace("csv", "pdf")).status_code == 404


def test_others_find_no_course(group: Class) -> None:
    lea, given = group.learner("lea"), group.assign()
    addresses = [
        book(group),
        work(group, lea, given),
        reverse("admin:assessment_course_grade_file", args=[group.course.pk, "csv"]),
    ]
    another = signed_in(make_instructor("another"))
    assert [another.get(one).status_code for one in addresses] == [404] * 3
    assert another.post(addresses[1], {"do": "grade"}).status_code == 404
    assert [signed_in(lea).get(one).status_code for one in addresses] == [302] * 3
    assert not GradeNote.objects.exists()


def test_a_learner_of_another_course_has_no_page_here(group: Class, desk: Client) -> None:
    given, stranger = group.assign(), Enrolment.objects.create(user=make_instructor("x"), course=group.course)
    for enrolment, assessment in ((uuid4(), given.assessment_id), (stranger.pk, uuid4())):
        address = reverse("admin:assessment_course_work", args=[group.course.pk, enrolment, assessment])
        assert desk.get(address).status_code == 404


@pytest.mark.parametrize(("typed", "share"), [("87.5", 0.875), ("87,5", 0.875), ("100 %", 1.0), ("0", 0.0)])
def test_a_grade_is_typed_with_point_or_comma(group: Class, desk: Client, typed: str, share: float) -> None:
    lea, given = group.learner("lea"), group.assign()
    shown = send(
        desk, work(group, lea, given), "grade", counts="grade", score=typed, reason="Oral.", comment="Good."
    )
    assert "The grade is noted." in shown
    assert "Grade given" in shown
    note = GradeNote.objects.get()
    assert (note.score, note.comment, note.author) == (share, "Good.", group.teacher)


@pytest.mark.parametrize(
    ("entered", "told"),
    [
        ({"counts": "grade", "score": "104", "reason": "r"}, "more than everything"),
        ({"counts": "grade", "score": "1.5.2", "reason": "r"}, "Write a number from 0 to 100"),
        ({"counts": "grade", "score": "-5", "reason": "r"}, "Write a number from 0 to 100"),
        ({"counts": "grade", "score": "nan", "reason": "r"}, "Write a number from 0 to 100"),
        ({"counts": "grade", "score": "", "reason": "r"}, "Write the grade in percent."),
        ({"counts": "grade", "score": "50"}, "Say why"),
        ({"counts": "excused"}, "Say why"),
        ({"counts": "attempts", "score": "50"}, "choose “Another grade”"),
        ({"counts": "nonsense"}, "Select a valid choice"),
        ({"counts": "attempts", "comment": "x" * 2001}, "at most 2000 characters"),
    ],
)
def test_a_refused_grade_says_why_and_keeps_what_was_typed(
    group: Class, desk: Client, entered: dict[str, str], told: str
) -> None:
    lea, given = group.learner("lea"), group.assign()
    shown = send(desk, work(group, lea, given), "grade", **{"comment": "A long comment.", **entered})
    assert told in shown
    assert "Nothing was changed" in shown
    assert entered.get("comment", "A long comment.") in shown
    assert not GradeNote.objects.exists()


def test_excused_and_taken_back(group: Class, desk: Client) -> None:
    lea, given = group.learner("lea"), group.assign()
    address = work(group, lea, given)
    assert "excused" in send(desk, address, "grade", counts="excused", reason="Ill.")
    assert "not begun" in send(desk, address, "grade", counts="attempts", reason="")
    assert GradeNote.objects.count() == 2


def test_an_attempt_is_voided_and_restored(group: Class, desk: Client) -> None:
    lea, given = group.learner("lea"), group.assign()
    attempt = group.take(given, lea, 1)
    address = work(group, lea, given)
    assert "Say why" in send(desk, address, f"void:{attempt.pk}", reason=" ")
    assert "Let it count again" in send(desk, address, f"void:{attempt.pk}", reason="The wrong room.")
    shown = send(desk, address, f"restore:{attempt.pk}", reason="It was right.")
    assert "This attempt counts again." in shown
    assert "counts for nothing" in shown
    assert [one.kind for one in attempt.actions.all()] == [ActionKind.VOID, ActionKind.RESTORE]


def test_times_are_entered_in_the_zone_of_the_course(group: Class, desk: Client) -> None:
    group.course.time_zone = "America/Sao_Paulo"
    group.course.save()
    lea, given = group.learner("lea"), group.assign(time_limit_minutes=60)
    attempt = group.take(given, lea, 1, ends=False)
    name = f"extend:{attempt.pk}"
    shown = send(
        desk, work(group, lea, given), name, until="2031-05-13T14:30", reason="The network was down."
    )
    attempt.refresh_from_db()
    assert attempt.deadline == datetime(2031, 5, 13, 14, 30, tzinfo=ZoneInfo("America/Sao_Paulo"))
    assert "until 2031-05-13 14:30" in shown
    assert "America/Sao_Paulo" in shown


@pytest.mark.parametrize(
    ("until", "told"),
    [
        ("2001-01-01T10:00", "This time is past."),
        ("", "Say until when."),
        ("tomorrow", "Write a date and a time"),
        ("soon", "Write a date and a time"),
    ],
)
def test_a_time_that_makes_no_sense_is_refused(group: Class, desk: Client, until: str, told: str) -> None:
    lea, given = group.learner("lea"), group.assign(time_limit_minutes=60)
    attempt = group.take(given, lea, 1, ends=False)
    shown = send(desk, work(group, lea, given), f"extend:{attempt.pk}", until=until, reason="My reason.")
    assert told in shown
    assert "My reason." in shown
    assert not attempt.actions.exists()


def test_what_the_verb_refuses_is_said_at_the_form(group: Class, desk: Client) -> None:
    lea, given = group.learner("lea"), group.assign(time_limit_minutes=60)
    attempt = group.take(given, lea, 1, ends=False)
    Attempt.objects.filter(pk=attempt.pk).update(deadline=datetime(2040, 1, 1, tzinfo=ZoneInfo("UTC")))
    shown = send(
        desk, work(group, lea, given), f"extend:{attempt.pk}", until="2031-05-13T14:30", reason="My reason."
    )
    assert "Time can only be added" in shown
    assert "My reason." in shown


def test_it_is_reopened_and_another_is_allowed(group: Class, desk: Client) -> None:
    lea, given = group.learner("lea"), group.assign(attempts_allowed=1)
    attempt = group.take(given, lea, 1)
    address = work(group, lea, given)
    assert "Another attempt may be begun." in send(
        desk, address, f"allow_another:{attempt.pk}", reason="A fire alarm."
    )
    assert "open again" in send(desk, address, f"reopen:{attempt.pk}", until="", reason="By mistake.")
    attempt.refresh_from_db()
    assert (attempt.state, attempt.deadline) == ("open", None)


def test_a_place_is_scored_by_hand(group: Class, desk: Client) -> None:
    lea, given = group.learner("lea"), group.assign()
    attempt = group.take(given, lea, 0)
    address, name = work(group, lea, given), f"score:{attempt.pk}"
    assert "nothing at this position" in send(desk, address, name, position=9, score="50", reason="r")
    assert "place 2: 50 %" in send(desk, address, name, position=2, score="50", reason="Seen on paper.")
    attempt.refresh_from_db()
    assert attempt.score == 0.5
    assert "taken back" in send(desk, address, name, position=2, score="", reason="Not so.")


def test_a_form_of_somebody_elses_attempt_does_nothing(group: Class, desk: Client) -> None:
    lea, bob, given = group.learner("lea"), group.learner("bob"), group.assign()
    attempt = group.take(given, bob, 1)
    for name in (f"void:{attempt.pk}", "void:nonsense", "nonsense", ""):
        send(desk, work(group, lea, given), name, reason="r")
    attempt.refresh_from_db()
    assert not attempt.is_void
