"""The gradebook of a large course, against one pass over its attempts: a page of it, all of it as files, and live."""

from __future__ import annotations

import random
from collections.abc import Iterable
from datetime import timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from django.test import Client
from django.utils import timezone

from assessment.authoring import next_assessment_version, put_in_force
from assessment.models import (
    Assessment,
    Assignment,
    Attempt,
    Course,
    Enrolment,
    Learner,
    User,
    UserLearner,
)
from assessment.models.people import Role, Way
from assessment.results.gradebook import all_rows_of, columns_of, learners_of, rows_of, table_of
from assessment.results.live import watch
from bench import Measurement, seconds_per_call
from bench.delivery import scratch_database
from content.models import Item, ItemBank
from content.sheets.files import sheet_file

LEARNERS = 2_000
ASSIGNMENTS = 40
PAGE = 100
UTC = ZoneInfo("UTC")
ITEM = "bench-item"


def measure() -> Iterable[Measurement]:
    with scratch_database():
        course = _course()
        floor = seconds_per_call(lambda: _pass(course), calls=1, rounds=3)
        name = f"{LEARNERS:,} learners × {ASSIGNMENTS} assignments"
        of = "a pass over the attempts"
        yield Measurement(f"gradebook, {name}: {PAGE} rows", _best(lambda: _page(course)), of, floor)
        yield Measurement("gradebook: that page at the desk", _best(_desk(course)), of, floor)
        yield Measurement("gradebook: all of it as CSV", _best(lambda: _file(course, "csv")), of, floor)
        yield Measurement("gradebook: all of it as XLSX", _best(lambda: _file(course, "xlsx")), of, floor)
        yield Measurement("live view of one assignment", _best(lambda: _live(course)), of, floor)


def _best(work: object) -> float:
    if not callable(work):
        raise TypeError(work)
    return seconds_per_call(work, calls=1, rounds=3)


def _page(course: Course) -> None:
    now = timezone.now()
    rows_of(columns_of(course), list(learners_of(course, now)[:PAGE]), now)


def _file(course: Course, form: str) -> None:
    now = timezone.now()
    columns = columns_of(course)
    rows = all_rows_of(columns, list(learners_of(course, now)), now)
    made = sheet_file(form, table_of(columns, rows), zone=UTC, title=course.title)
    if made is None or sum(len(one) for one in made.content) < LEARNERS * ASSIGNMENTS:
        raise RuntimeError("the file is not whole")


def _live(course: Course) -> None:
    now = timezone.now()
    column = columns_of(course)[0]
    watch(column.main, column, list(learners_of(course, now)), now)


def _desk(course: Course) -> object:
    client = Client(SERVER_NAME="127.0.0.1")
    root = User.objects.create_superuser("bench-root")
    client.force_login(root, "django.contrib.auth.backends.ModelBackend")

    def get() -> None:
        reply = client.get(f"/admin/assessment/course/{course.pk}/page/gradebook/")
        if reply.status_code != 200:
            raise RuntimeError(reply.content)

    return get


def _pass(course: Course) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attempt.learner_id, attempt.assignment_id, attempt.score FROM assessment_attempt AS attempt "
            "JOIN assessment_assignment AS given ON given.id = attempt.assignment_id WHERE given.course_id = %s",
            [course.pk],
        )
        cursor.fetchall()


def _course() -> Course:
    """Return a course of which everybody has taken everything once."""
    now = timezone.now()
    bank = ItemBank.objects.create(slug="bench-bank", title="A bank")
    Item.objects.create(bank=bank, slug=ITEM, title="An item")
    course = Course.objects.create(slug="bench", title="A large course")
    users = User.objects.bulk_create(
        User(username=f"bench-{n:05}", last_name=f"Name {n * 7919 % LEARNERS:05}") for n in range(LEARNERS)
    )
    Enrolment.objects.bulk_create(Enrolment(user=one, course=course, role=Role.LEARNER) for one in users)
    learners = Learner.objects.bulk_create(Learner(created_at=now) for _ in users)
    UserLearner.objects.bulk_create(
        UserLearner(user=user, learner=learner, kind=Way.OWN)
        for user, learner in zip(users, learners, strict=True)
    )
    for number in range(ASSIGNMENTS):
        _take(_assignment(course, number), learners)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return course


def _assignment(course: Course, number: int) -> Assignment:
    now = timezone.now()
    assessment = Assessment.objects.create(slug=f"bench-{number}", title=f"Assessment {number}")
    slots = [{"item": ITEM}]
    document = {
        "slug": assessment.slug,
        "title": assessment.title,
        "tries": 1,
        "sections": [{"title": "One", "slots": slots}],
    }
    version = next_assessment_version(assessment, document, now)
    put_in_force(assessment, version, version.definition, now)
    assessment.refresh_from_db()
    return Assignment.objects.create(
        assessment=assessment, course=course, closes_at=now - timedelta(days=number + 1)
    )


def _take(assignment: Assignment, learners: list[Learner]) -> None:
    now, dice = timezone.now(), random.Random(assignment.assessment.slug)  # noqa: S311 - dice of a benchmark
    Attempt.objects.bulk_create(
        Attempt(
            learner=one,
            assignment=assignment,
            version=assignment.assessment.version,
            release="at_end",
            mode="fixed",
            number=1,
            state="submitted",
            started_at=now - timedelta(days=50),
            finished_at=now - timedelta(days=49),
            score=dice.randint(0, 20) / 2,
            max_score=10.0,
        )
        for one in learners
    )
