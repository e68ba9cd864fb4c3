"""Giving an assessment to people: every change of an assignment is recorded with its author."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from assessment.models import Assessment, Assignment, AssignmentChange, Course, User
from assessment.rules.definition import UsualTerms
from content.authoring import AuthoringError


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
