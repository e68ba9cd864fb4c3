"""What an instructor waits for: the statistics of ten thousand attempts of ten items, computed anew and kept.

A few attempts are sat by made-up learners; the others are copies of these, each with a learner of its own. The floor
of computing is one pass over the places by SQL, that of the page reading the document that it shows.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import Final

from django.db import connection
from django.db.models import Model
from django.test import RequestFactory
from django.utils import timezone

from assessment.admin.statistics import statistics_page
from assessment.demo.people import Person, sit
from assessment.models import (
    Assessment,
    Attempt,
    Learner,
    Presentation,
    Response,
    User,
    Verdict,
)
from assessment.results.statistics import Subject, statistics_of
from assessment.transfer.importing import import_course
from bench import Measurement, seconds_per_call
from bench.delivery import LIBRARY, scratch_database
from content.formats.course_folder import read_course

SAT: Final = 100
ATTEMPTS: Final = 10_000
CALLS: Final = 5
COPIED: Final = {
    Learner: {"id"},
    Attempt: {"id", "learner_id"},
    Presentation: {"id", "learner_id", "attempt_id"},
    Response: {"id", "learner_id", "attempt_id", "presentation_id", "key"},
    Verdict: {"id", "response_id"},
}
"""What is copied, and which of its columns get an id of the copy."""
FLOOR: Final = """
    SELECT item_version_id, count(*), avg(score), avg(first_score), stddev_samp(score)
    FROM assessment_presentation GROUP BY item_version_id
"""
READ: Final = "SELECT document FROM assessment_statisticssnapshot"


def measure() -> Iterable[Measurement]:
    with scratch_database():
        import_course(course=read_course(LIBRARY), now=timezone.now())
        assessment = Assessment.objects.get(slug="regularization-quiz")
        _sit(assessment)
        _copy(ATTEMPTS // SAT - 1)
        begin = time.perf_counter()
        found = statistics_of(Subject(assessment), now=timezone.now())
        computing = time.perf_counter() - begin
        if found.report.attempts != ATTEMPTS:
            raise RuntimeError(f"{found.report.attempts} attempts were counted")
        yield Measurement(
            f"statistics of {ATTEMPTS:,} attempts: computed",
            computing,
            "one pass over the places",
            seconds_per_call(lambda: _rows(FLOOR), calls=CALLS),
        )
        yield Measurement(
            f"statistics of {ATTEMPTS:,} attempts: the page, kept",
            seconds_per_call(_page(assessment), calls=CALLS),
            "reading its document",
            seconds_per_call(lambda: _rows(READ), calls=CALLS),
        )


def _sit(assessment: Assessment) -> None:
    assignment, now = assessment.assignments.get(), timezone.now()
    dice = random.Random(1)  # noqa: S311 - dice of a benchmark
    for number in range(SAT):
        user = User.objects.create_user(f"bench-{number}")
        person = Person(user, dice.gauss(0.2, 1.0), timedelta(minutes=1), dice)
        sit(person, assignment, now - timedelta(days=1), until=now)


def _copy(times: int) -> None:
    """Copy everything this many times; the id of a copy follows from that of its original."""
    with connection.cursor() as cursor:
        for model, replaced in COPIED.items():
            cursor.execute(_copying(model, replaced), [times])
        cursor.execute("ANALYZE")


def _copying(model: type[Model], replaced: set[str]) -> str:
    table = model._meta.db_table
    columns = [(field.attname, field.column) for field in model._meta.concrete_fields]
    names = ", ".join(f'"{column}"' for _, column in columns)
    values = ", ".join(
        f'md5(source."{column}"::text || copy)::uuid' if name in replaced else f'source."{column}"'
        for name, column in columns
    )
    return f'INSERT INTO "{table}" ({names}) SELECT {values} FROM "{table}" AS source, generate_series(1, %s) AS copy'  # noqa: S608


def _page(assessment: Assessment) -> Callable[[], object]:
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True)
    return lambda: statistics_page(assessment, request)


def _rows(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        cursor.fetchall()
