"""Item statistics of an assessment or a bank, kept for a minute: whoever looks then computes them anew.

Counted are the finished attempts of learners as `assessment.results.counting` says, by the verdicts that are current,
so corrections count at once with the next computation.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from assessment.models import Assessment, Course, StatisticsSnapshot, User
from assessment.modes import MODES
from assessment.people.oversight import overseen_courses, written_assessments
from assessment.results.computing import BANK_NOTE, report_of
from assessment.results.counting import Counted, count_assessment, count_bank, skills_practiced
from assessment.results.report import Report, Reports, SkillRow, from_document, is_readable, to_document
from content.models import ItemBank, ItemVersion

FRESH: Final = timedelta(seconds=60)
"""How old statistics are shown: a class that hands in is seen by whoever looks a minute later."""
NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Statistics:
    """The statistics as they stood at ``as_of``. ``has_more``: somebody has a second attempt, which ``report`` counts
    only where all attempts were asked for."""

    report: Report
    as_of: datetime
    seconds: float
    has_more: bool
    is_of_all: bool


@dataclass(frozen=True, slots=True)
class Subject:
    """What statistics are of: an assessment, perhaps in one course alone, or a bank."""

    assessment: Assessment | None = None
    course: Course | None = None
    bank: ItemBank | None = None

    @property
    def fields(self) -> Mapping[str, Any]:
        return {"assessment": self.assessment, "course": self.course, "bank": self.bank}

    def reports(self) -> Reports:
        counted = self._counted()
        every = bool(counted.is_first.all())
        return Reports(self._report(counted.firsts()), None if every else self._report(counted))

    def _counted(self) -> Counted:
        if self.bank is not None:
            return count_bank(self.bank)
        if self.assessment is None:
            raise TypeError("statistics are of an assessment or of a bank")
        return count_assessment(self.assessment, self.course)

    def _report(self, counted: Counted) -> Report:
        versions = ItemVersion.objects.select_related("item__bank").in_bulk(list(counted.answers))
        if self.assessment is None:
            return report_of(counted, versions, mode="", notes=(BANK_NOTE,))
        mode = MODES.get(self.assessment.mode)
        skills = _skills(counted) if mode and mode.grows else ()
        return report_of(counted, versions, mode=self.assessment.mode, skills=skills)


def statistics_of(subject: Subject, *, now: datetime, of_all: bool = False) -> Statistics:
    """Return the statistics, at most a minute old: by the first attempt of each person, or by all attempts."""
    found = _snapshots(subject).first()
    if found is None or not _is_fresh(found, now):
        found = _renew(subject, now)
    reports = from_document(found.document)
    report = reports.all if of_all and reports.all else reports.first
    return Statistics(report, found.computed_at, found.seconds, reports.all is not None, of_all)


@transaction.atomic
def _renew(subject: Subject, now: datetime) -> StatisticsSnapshot:
    """Compute and keep the statistics. Locks the snapshot: who comes second waits, and finds them fresh."""
    blank = StatisticsSnapshot(**subject.fields, attempts=0, document={}, seconds=0.0, computed_at=NEVER)
    StatisticsSnapshot.objects.bulk_create([blank], ignore_conflicts=True)
    held = _snapshots(subject).select_for_update(of=("self",)).get()
    if _is_fresh(held, now):
        return held
    begin = time.perf_counter()
    reports = subject.reports()
    held.document, held.seconds = to_document(reports), time.perf_counter() - begin
    held.attempts, held.computed_at = (reports.all or reports.first).attempts, now
    held.save()
    return held


def _snapshots(subject: Subject) -> QuerySet[StatisticsSnapshot]:
    present = {name: row for name, row in subject.fields.items() if row is not None}
    absent = {f"{name}__isnull": True for name in subject.fields if name not in present}
    return StatisticsSnapshot.objects.filter(**present, **absent)


def _is_fresh(snapshot: StatisticsSnapshot, now: datetime) -> bool:
    return now - FRESH < snapshot.computed_at and is_readable(snapshot.document)


def _skills(counted: Counted) -> tuple[SkillRow, ...]:
    kept = {int(one) for places in counted.places.values() for one in places.attempt}
    rows = skills_practiced([counted.attempts[one] for one in sorted(kept)])
    return tuple(SkillRow(skill, attempts, answers, mean) for skill, _, answers, mean, attempts in rows)


def courses_to_look_at(user: User, assessment: Assessment, now: datetime) -> QuerySet[Course]:
    """Return the courses of the user's to which the assessment is assigned."""
    return overseen_courses(user, now).filter(assignments__assessment=assessment).distinct().order_by("title")


def may_look_everywhere(user: User, assessment: Assessment, now: datetime) -> bool:
    """Whether somebody may see the statistics over all courses: whoever may write the assessment."""
    return written_assessments(user, now).filter(pk=assessment.pk).exists()


def subject_for(user: User, assessment: Assessment, course: UUID | None, now: datetime) -> Subject | None:
    """Return what somebody sees who asks for a course, or without one for everywhere; None: nothing.

    Who may not look everywhere and names no course sees the first of the own courses.
    """
    courses = courses_to_look_at(user, assessment, now)
    if course is not None:
        found = courses.filter(pk=course).first()
        return Subject(assessment, found) if found else None
    if may_look_everywhere(user, assessment, now):
        return Subject(assessment)
    first = courses.first()
    return Subject(assessment, first) if first else None
