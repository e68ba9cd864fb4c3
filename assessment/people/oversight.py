"""Whose work somebody may look into: the one place that the REST API and the desk ask.

An instructor oversees the courses in which he is enrolled as one, and nothing follows from being staff. Superusers
oversee everything. What somebody may *write* follows from grants (`content.models.AuthorGrant`).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from assessment.models import Assessment, Course, Enrolment, User
from assessment.models.people import Role
from content.models import AuthorGrant

EVERYTHING = Q(pk__isnull=False)


def overseen_courses(user: User, now: datetime) -> QuerySet[Course]:
    if user.is_superuser:
        return Course.objects.order_by()
    taught = Enrolment.objects.active(now).filter(user=user, role=Role.INSTRUCTOR)
    return Course.objects.filter(pk__in=taught.values("course")).order_by()


def overseen_attempts(user: User, now: datetime) -> Q:
    """Return the condition on attempts: those at assessments of the user's courses."""
    return EVERYTHING if user.is_superuser else Q(assessment__course__in=overseen_courses(user, now))


def overseen_users(user: User, now: datetime) -> Q:
    """Return the condition on users: oneself, and who is or was in a course of the user's."""
    if user.is_superuser:
        return EVERYTHING
    enrolled = Enrolment.objects.filter(course__in=overseen_courses(user, now))
    return Q(pk=user.pk) | Q(pk__in=enrolled.values("user"))


def overseen_assessments(user: User, now: datetime) -> QuerySet[Assessment]:
    """Return those of the user's courses, and those of no course that belong to a lesson granted to the user."""
    found = Assessment.objects.order_by()
    if user.is_superuser:
        return found
    lessons = AuthorGrant.objects.lessons(user).values("pk")
    return found.filter(
        Q(course__in=overseen_courses(user, now)) | Q(course__isnull=True, lesson__in=lessons)
    )
