"""A course for the next term: the same lessons, sections and assignments at later dates, and nobody in it yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from assessment.models import Assignment, AssignmentChange, Course, Section, User
from assessment.people.assignments import shifted
from assessment.people.courses import make_course


@dataclass(frozen=True, slots=True)
class Copied:
    """An assignment and when it would open and close in the copy."""

    assignment: Assignment
    opens_at: datetime | None
    closes_at: datetime | None


def first_day(course: Course) -> date | None:
    """Return the first day of a course by its own clock: when something opens or closes there."""
    zone = ZoneInfo(course.time_zone)
    dates = course.assignments.values_list("opens_at", "closes_at")
    first = min((moment for pair in dates for moment in pair if moment), default=None)
    return first.astimezone(zone).date() if first else None


def preview_copy(course: Course, days: int) -> list[Copied]:
    """Return what a copy would hold, the first first. What is retired is not given again."""
    found = course.assignments.select_related("assessment", "section").filter(assessment__retired_at=None)
    copied = [
        Copied(one, *(shifted(moment, days, course.time_zone) for moment in (one.opens_at, one.closes_at)))
        for one in found
    ]
    return sorted(copied, key=_by_date)


def _by_date(copied: Copied) -> tuple[bool, str, str]:
    moment = copied.opens_at or copied.closes_at
    return moment is None, moment.isoformat() if moment else "", copied.assignment.assessment.title


@transaction.atomic
def copy_course(*, course: Course, title: str, slug: str, days: int, author: User, now: datetime) -> Course:
    """Return a copy of a course whose dates are so many days later by its own clock; its maker teaches it.

    People, their arrangements and the join code stay behind. Raises ValidationError with the field at fault.
    """
    preview = preview_copy(course, days)
    copy = make_course(title=title, slug=slug, time_zone=course.time_zone, author=author)
    copy.copied_from = course
    copy.save(update_fields=["copied_from"])
    copy.lessons.set(course.lessons.all())
    sections = {one.title: Section(course=copy, title=one.title) for one in course.sections.all()}
    Section.objects.bulk_create(sections.values())
    made = [_assignment(one, copy, sections) for one in preview]
    Assignment.objects.bulk_create(made)
    AssignmentChange.objects.bulk_create(_beginnings(made, author, now))
    return copy


def _assignment(copied: Copied, course: Course, sections: dict[str, Section]) -> Assignment:
    given = copied.assignment
    return Assignment(
        assessment=given.assessment,
        course=course,
        section=sections[given.section.title] if given.section else None,
        is_open=given.is_open,
        opens_at=copied.opens_at,
        closes_at=copied.closes_at,
        time_limit_minutes=given.time_limit_minutes,
        attempts_allowed=given.attempts_allowed,
        release=given.release,
        grade_rule=given.grade_rule,
        weight=given.weight,
        exclusive=given.exclusive,
    )


def _beginnings(made: Sequence[Assignment], author: User, now: datetime) -> list[AssignmentChange]:
    return [
        AssignmentChange(assignment=one, author=author, before={}, after=one.terms(), created_at=now)
        for one in made
    ]
