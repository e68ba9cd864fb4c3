"""Whose work somebody may look into: the one place that the REST API and the desk ask.

An instructor oversees the courses in which he is enrolled as one, and nothing follows from being staff. Superusers
oversee everything. What somebody may *write* follows from grants (`content.models.AuthorGrant`).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessment.models import Assessment, Assignment, Course, Enrolment, User
from assessment.models.people import Role
from content.models import AuthorGrant

EVERYTHING = Q(pk__isnull=False)


def overseen_courses(user: User, now: datetime) -> QuerySet[Course]:
    if user.is_superuser:
        return Course.objects.order_by()
    taught = Enrolment.objects.active(now).filter(user=user, role=Role.INSTRUCTOR)
    return Course.objects.filter(pk__in=taught.values("course")).order_by()


def overseen_attempts(user: User, now: datetime) -> Q:
    """Return the condition on attempts: those at what is assigned to the user's courses."""
    return EVERYTHING if user.is_superuser else Q(assignment__course__in=overseen_courses(user, now))


def overseen_users(user: User, now: datetime) -> Q:
    """Return the condition on users: oneself, and who is or was in a course of the user's."""
    if user.is_superuser:
        return EVERYTHING
    enrolled = Enrolment.objects.filter(course__in=overseen_courses(user, now))
    return Q(pk=user.pk) | Q(pk__in=enrolled.values("user"))


def overseen_assessments(user: User, now: datetime) -> QuerySet[Assessment]:
    """Return those assigned to the user's courses, and those of a lesson granted to the user that are no course's.

    To look at; what of them the user may write is `written_assessments`.
    """
    found = Assessment.objects.order_by()
    if user.is_superuser:
        return found
    here = Assignment.objects.filter(course__in=overseen_courses(user, now), assessment=OuterRef("pk"))
    return found.filter(Q(Exists(here)) | _of_granted_lesson(user))


def written_assessments(user: User, now: datetime) -> QuerySet[Assessment]:
    """Return those whose document the user may change.

    Those of a lesson granted to the user that are no course's, and those that are assigned to the user's courses and
    to nobody else: whoever takes something into his course may not rewrite it for the others.
    """
    found = Assessment.objects.order_by()
    if user.is_superuser:
        return found
    given = Assignment.objects.filter(assessment=OuterRef("pk"))
    here = Q(course__in=overseen_courses(user, now))
    only_here = Q(Exists(given.filter(here))) & ~Q(Exists(given.exclude(here)))
    return found.filter(only_here | _of_granted_lesson(user))


def overseen_assignments(user: User, now: datetime) -> QuerySet[Assignment]:
    """Return those to the user's courses, and those to everybody of what is of a lesson granted to the user."""
    found = Assignment.objects.order_by()
    if user.is_superuser:
        return found
    granted = Q(course__isnull=True, assessment__lesson__in=AuthorGrant.objects.lessons(user).values("pk"))
    return found.filter(Q(course__in=overseen_courses(user, now)) | granted)


def _of_granted_lesson(user: User) -> Q:
    """Return the condition on assessments that they belong to a lesson of the user's, and not to courses alone."""
    given = Assignment.objects.filter(assessment=OuterRef("pk"))
    courses_alone = Q(Exists(given)) & ~Q(Exists(given.filter(course__isnull=True)))
    return Q(lesson__in=AuthorGrant.objects.lessons(user).values("pk")) & ~courses_alone
