"""The gradebook and the live view over REST: for those who teach the course, and their machines."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.utils import timezone

from api.models import ApiKey, Scope
from assessment.models import GradeNote
from tests.api.client import Api, Reply
from tests.builders import make_learner
from tests.desks import make_instructor
from tests.grading import HOUR, Class

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db: None) -> Class:
    return Class(now=timezone.now())


@pytest.fixture
def teacher(group: Class) -> Api:
    return Api(group.teacher)


def book(api: Api, group: Class, query: str = "") -> Reply:
    return api.get(f"courses/{group.course.pk}/gradebook/{query}")


def give(api: Api, group: Class, **said: Any) -> Reply:
    return api.post(f"courses/{group.course.pk}/gradebook/notes/", said)


def test_a_page_has_learners_by_what_is_assigned(group: Class, teacher: Api) -> None:
    monday = group.section("Monday")
    lea = group.learner("lea", monday, first_name="Lea", email="lea@example.org")
    given = group.assign(slug="first", weight=2.0)
    group.take(given, lea, 1)
    reply = book(teacher, group)
    assert reply.status == 200
    assert [one["assessment"] for one in reply.json["columns"]] == ["first"]
    [row] = reply.json["results"]
    assert (row["learner"]["username"], row["section"], row["total"]) == ("lea", "Monday", 0.5)
    [cell] = row["grades"]
    assert (cell["state"], cell["share"], cell["score"], cell["max"]) == ("done", 0.5, 1.0, 2.0)
    assert cell["assignment"] == str(given.pk)


def test_pages_go_on_by_their_links(group: Class, teacher: Api) -> None:
    for number in range(51):
        group.learner(f"learner-{number:02}")
    first = book(teacher, group)
    assert len(first.json["results"]) == 50
    following = teacher.get(first.json["next"].split("/api/v1/")[1])
    assert len(following.json["results"]) == 1
    assert book(teacher, group, "?cursor=nonsense").code == "invalid_cursor"


def test_learners_are_filtered(group: Class, teacher: Api) -> None:
    monday = group.section("Monday")
    group.learner("ann", monday)
    group.learner("bob")
    found = book(teacher, group, f"?section={monday.pk}").json["results"]
    assert [one["learner"]["username"] for one in found] == ["ann"]
    found = book(teacher, group, "?search=bo").json["results"]
    assert [one["learner"]["username"] for one in found] == ["bob"]


@pytest.mark.parametrize(
    ("query", "field"),
    [
        ("?section=nonsense", "section"),
        ("?section=01900000-0000-7000-8000-000000000000", "section"),
        ("?format=pdf", "format"),
        ("?left=perhaps", "left"),
        (f"?search={'x' * 300}", "search"),
        ("?search=%00", "search"),
        ("?format=csv&points=2", "points"),
    ],
)
def test_what_cannot_be_asked_is_refused_at_its_field(
    group: Class, teacher: Api, query: str, field: str
) -> None:
    reply = book(teacher, group, query)
    assert (reply.status, reply.json["errors"][0]["attr"]) == (400, field)


def test_as_a_file_it_has_all_learners(group: Class, teacher: Api) -> None:
    given = group.assign(slug="first")
    for number in range(60):
        group.learner(f"learner-{number:02}")
    group.take(given, group.learner("=cmd"), 2)
    reply = teacher.get(f"courses/{group.course.pk}/gradebook/?format=csv&points=true")
    assert reply.headers["Content-Disposition"] == f'attachment; filename="grades-{group.course.slug}.csv"'
    rows = list(csv.DictReader(io.StringIO(reply.text.lstrip("\ufeff"))))
    assert len(rows) == 61
    [row] = [one for one in rows if one["username"] == "'=cmd"]
    assert (row["total, %"], row["An assessment (first), points"]) == ("100.0", "2.0")


def test_a_workbook_is_one(group: Class, teacher: Api) -> None:
    group.learner("lea")
    response = teacher.browser.get(f"/api/v1/courses/{group.course.pk}/gradebook/?format=xlsx")
    assert b"".join(response).startswith(b"PK")
    assert response.headers["Content-Type"].endswith("spreadsheetml.sheet")


def test_a_grade_is_given_and_taken_back(group: Class, teacher: Api) -> None:
    lea, given = group.learner("lea"), group.assign()
    whose = {"learner": str(lea.pk), "assignment": str(given.pk)}
    reply = give(teacher, group, **whose, share=0.875, reason="Seen on paper.", comment="Well done.")
    assert reply.status == 201
    assert (reply.json["share"], reply.json["given"], reply.json["comment"]) == (0.875, True, "Well done.")
    assert give(teacher, group, **whose, excused=True, reason="Ill.").json["excused"]
    reply = give(teacher, group, **whose)
    assert (reply.json["share"], reply.json["state"]) == (None, "not_begun")
    assert GradeNote.objects.count() == 3


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"share": 1.5, "reason": "r"}, "share"),
        ({"share": "1,5", "reason": "r"}, "share"),
        ({"share": 0.5}, "reason"),
        ({"share": 0.5, "excused": True, "reason": "r"}, "excused"),
        ({"learner": str(uuid4()), "comment": "c"}, "learner"),
        ({"assignment": str(uuid4()), "comment": "c"}, "assignment"),
        ({"comment": "x" * 2001}, "comment"),
    ],
)
def test_a_grade_that_makes_no_sense_is_refused_at_its_field(
    group: Class, teacher: Api, said: dict[str, Any], field: str
) -> None:
    whose = {"learner": str(group.learner("lea").pk), "assignment": str(group.assign().pk)}
    reply = give(teacher, group, **{**whose, **said})
    assert (reply.status, reply.json["errors"][0]["attr"]) == (400, field)
    assert not GradeNote.objects.exists()


def test_to_others_a_course_does_not_exist(group: Class) -> None:
    lea, given = group.learner("lea"), group.assign()
    for somebody in (make_instructor("another"), lea):
        api = Api(somebody)
        assert book(api, group).status == 404
        assert api.get(f"courses/{group.course.pk}/live/?assignment={given.pk}").status == 404
        assert give(api, group, learner=str(lea.pk), assignment=str(given.pk)).status == 404
    assert not GradeNote.objects.exists()
    assert book(Api(make_learner(is_superuser=True)), group).status == 200


def test_keys_need_the_scope(group: Class) -> None:
    key = ApiKey(owner=group.teacher, name="LMS", scopes=[Scope.GRADEBOOK_READ.value])
    token = key.issue(group.now)
    key.save()
    assert book(Api(key=token), group).status == 200
    assert give(Api(key=token), group, comment="c").code == "scope_missing"


def test_live_says_who_is_where(group: Class, teacher: Api) -> None:
    given = group.assign(time_limit_minutes=60)
    group.learner("bob")
    attempt = group.take(given, group.learner("lea"), 2, ends=False)
    reply = teacher.get(f"courses/{group.course.pk}/live/?assignment={given.pk}")
    assert reply.status == 200
    assert reply.json["counts"]["open"] == 1
    learners = {one["username"]: one for one in reply.json["learners"]}
    assert learners["bob"]["state"] == "not_begun"
    assert (learners["lea"]["attempt"], learners["lea"]["answered"]) == (str(attempt.pk), 2)
    wrong = teacher.get(f"courses/{group.course.pk}/live/?assignment=nonsense")
    assert (wrong.status, wrong.json["errors"][0]["attr"]) == (400, "assignment")


def test_a_review_has_the_grade_once_it_may_be_known(group: Class) -> None:
    given = group.assign(feedback="after_close", closes_at=group.now + HOUR)
    lea = group.learner("lea")
    attempt = group.take(given, lea, 1)
    group.note(given, lea, score=0.9, reason="Seen on paper.", comment="Well done.")
    path = f"attempts/{attempt.pk}/review/"
    withheld = Api(lea).get(path).json["grade"]
    assert (withheld["share"], withheld["comment"], withheld["released"]) == (None, "", False)
    given.closes_at = group.now - timedelta(minutes=1)
    given.save()
    told = Api(lea).get(path).json["grade"]
    assert (told["share"], told["comment"], told["given"], told["by_rule"]) == (0.9, "Well done.", True, 0.5)


def test_the_export_has_what_was_said_once_it_may_be_known(group: Class) -> None:
    given = group.assign(feedback="after_close", closes_at=group.now + HOUR)
    lea = group.learner("lea")
    group.note(given, lea, score=0.9, reason="Seen on paper.", comment="Well done.")
    assert Api(lea).get("me/export/").json["grades"] == []
    given.closes_at = group.now - timedelta(minutes=1)
    given.save()
    [told] = Api(lea).get("me/export/").json["grades"]
    assert (told["share"], told["given"], told["comment"]) == (0.9, True, "Well done.")
