"""Giving an assessment to people: every change of an assignment is recorded with its author."""

from __future__ import annotations

from collections.abc import Collection
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.db import transaction

from assessment.models import Assessment, Assignment, AssignmentChange, Course, User
from assessment.rules.definition import UsualTerms
from content.authoring import AuthoringError

MOST_DAYS: Final = 3_660
"""Ten years: what is further away is a slip of the keyboard."""


class UnfitRelease(AuthoringError):
    """The mode of an assessment cannot live with when an assignment shows verdicts."""


@transaction.atomic
def change_assignment(*, assignment: Assignment, author: User | None, now: datetime) -> Assignment:
    """Save an assignment as it is given, new or changed, and record what it said before. Locks it.

    Attempts under way keep the release and the end they began with. Without an author it follows a document. Raises
    UnfitRelease where verdicts cannot be released in that way.
    """
    if fault := assignment.release_fault():
        raise UnfitRelease(fault)
    stands = Assignment.objects.select_for_update(of=("self",)).filter(pk=assignment.pk).first()
    before, after = stands.terms() if stands else {}, assignment.terms()
    assignment.save()
    if before != after:
        AssignmentChange.objects.create(
            assignment=assignment, author=author, before=before, after=after, created_at=now
        )
    return assignment


@transaction.atomic
def shift_assignments(
    *, course: Course, assignments: Collection[UUID], days: int, author: User, now: datetime
) -> list[Assignment]:
    """Move the dates of some of a course's assignments by days of its own clock, and record it. Locks them.

    Returns those that had dates. Attempts under way keep the end they began with.
    """
    found = course.assignments.select_for_update(of=("self",)).filter(pk__in=assignments).order_by("pk")
    moved = [one for one in found if one.opens_at or one.closes_at]
    before = [one.terms() for one in moved]
    for one in moved:
        one.opens_at = shifted(one.opens_at, days, course.time_zone)
        one.closes_at = shifted(one.closes_at, days, course.time_zone)
    Assignment.objects.bulk_update(moved, ["opens_at", "closes_at"])
    AssignmentChange.objects.bulk_create(
        AssignmentChange(assignment=one, author=author, before=was, after=one.terms(), created_at=now)
        for one, was in zip(moved, before, strict=True)
        if days
    )
    return moved


def shifted(moment: datetime | None, days: int, time_zone: str) -> datetime | None:
    """Return a moment some days later by the clock of a time zone: 23:59 stays 23:59 where clocks change between.

    Raises ValidationError where no calendar has the day.
    """
    if moment is None:
        return None
    zone = ZoneInfo(time_zone)
    if abs(days) > MOST_DAYS:
        raise ValidationError({"days": f"Dates move by at most {MOST_DAYS} days."})
    wall = moment.astimezone(zone).replace(tzinfo=None) + timedelta(days=days)
    return wall.replace(tzinfo=zone).astimezone(UTC)


def give_on_usual_terms(
    *, assessment: Assessment, usual: UsualTerms, now: datetime, course: Course | None = None
) -> Assignment:
    """Return a new assignment to a course or to everybody that follows the document of its assessment."""
    assignment = Assignment(assessment=assessment, course=course)
    assignment.take(usual)
    return change_assignment(assignment=assignment, author=None, now=now)


@transaction.atomic
def take_usual_terms(*, assessment: Assessment, usual: UsualTerms, now: datetime) -> list[Assignment]:
    """Let assignments follow a new document, and return those that do not. Locks them.

    What somebody has made or changed by hand stays as it is.
    """
    given = Assignment.objects.select_for_update(of=("self",)).filter(assessment=assessment).order_by("pk")
    others = [one for one in given if one.usual_terms != usual]
    by_hand = [one for one in others if one.changes.filter(author__isnull=False).exists()]
    for one in others:
        if one not in by_hand:
            one.take(usual)
            change_assignment(assignment=one, author=None, now=now)
    return by_hand
