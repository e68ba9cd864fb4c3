"""Whose work somebody may look into: what the table of `assessment.people.rights` says, as sets of rows.

An instructor oversees the courses in which he is enrolled as one, and nothing follows from being staff. Superusers
oversee everything.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from assessment.models import Assessment, Assignment, Attempt, Correction, Course, Presentation, User
from assessment.people.rights import may, rows
from content.models import Item


def overseen_courses(user: User, now: datetime) -> QuerySet[Course]:
    return Course.objects.filter(rows(user, "view", Course, now)).order_by()


def overseen_attempts(user: User, now: datetime) -> Q:
    """Return the condition on attempts: those at what is assigned to the user's courses."""
    return rows(user, "view", Attempt, now)


def overseen_users(user: User, now: datetime) -> Q:
    """Return the condition on users: oneself, and who is or was in a course of the user's."""
    return rows(user, "view", User, now)


def overseen_assessments(user: User, now: datetime) -> QuerySet[Assessment]:
    """Return those assigned to the user's courses, and those of a lesson granted to the user that are no course's.

    To look at; what of them the user may write is `written_assessments`.
    """
    return Assessment.objects.filter(rows(user, "view", Assessment, now)).order_by()


def written_assessments(user: User, now: datetime) -> QuerySet[Assessment]:
    """Return those whose document the user may change.

    Those of a lesson granted to the user that are no course's, and those that are assigned to the user's courses and
    to nobody else: whoever takes something into his course may not rewrite it for the others.
    """
    return Assessment.objects.filter(rows(user, "change", Assessment, now)).order_by()


def overseen_assignments(user: User, now: datetime) -> QuerySet[Assignment]:
    """Return those to the user's courses, and those to everybody of what is of a lesson granted to the user."""
    return Assignment.objects.filter(rows(user, "view", Assignment, now)).order_by()


def may_correct(user: User, item: Item, assessment: Assessment | None, now: datetime) -> bool:
    """Whether the user may judge anew what was answered to an item, everywhere or in one assessment."""
    return may(user, "correct", item, now) or bool(assessment and may(user, "correct", assessment, now))


def overseen_corrections(user: User, now: datetime) -> Q:
    return rows(user, "view", Correction, now)


def sees_item(user: User, item: Item, now: datetime) -> bool:
    """Whether an item is the user's to see: of a granted bank, or shown in attempts that the user oversees."""
    if may(user, "view", item, now):
        return True
    shown = Presentation.objects.filter(item_version__item=item)
    return shown.filter(attempt__in=Attempt.objects.filter(overseen_attempts(user, now))).exists()
