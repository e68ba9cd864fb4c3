"""Whose work somebody may look into: the one place that the REST API and the desk ask.

An instructor oversees the courses in which he is enrolled as one, and nothing follows from being staff. Superusers
oversee everything. What somebody may *write* follows from grants (`content.models.AuthorGrant`).
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessment.models import Assessment, Assignment, Correction, Course, Enrolment, Presentation, User
from assessment.models.people import Role
from content.models import AuthorGrant, Item

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
    return found.filter(_given_only_here(user, now) | _of_granted_lesson(user))


def overseen_assignments(user: User, now: datetime) -> QuerySet[Assignment]:
    """Return those to the user's courses, and those to everybody of what is of a lesson granted to the user."""
    found = Assignment.objects.order_by()
    if user.is_superuser:
        return found
    granted = Q(course__isnull=True, assessment__lesson__in=AuthorGrant.objects.lessons(user).values("pk"))
    return found.filter(Q(course__in=overseen_courses(user, now)) | granted)


def may_correct(user: User, item: Item, assessment: Assessment | None, now: datetime) -> bool:
    """Whether the user may judge anew what was answered to an item, everywhere or in one assessment.

    Authors may of the banks that are granted to them; who teaches may in what his courses have and nobody else.
    """
    if user.is_superuser or AuthorGrant.objects.banks(user).filter(pk=item.bank_id).exists():
        return True
    return assessment is not None and _given_only_to(user, now).filter(pk=assessment.pk).exists()


def overseen_corrections(user: User, now: datetime) -> Q:
    """Return the condition on corrections: those that the user might have proposed, by `may_correct`."""
    if user.is_superuser:
        return EVERYTHING
    banks = AuthorGrant.objects.banks(user).values("pk")
    authored = Correction.objects.filter(versions__item__bank__in=banks).order_by()
    return Q(pk__in=authored.values("pk")) | Q(assessment__in=_given_only_to(user, now).values("pk"))


def sees_item(user: User, item: Item, now: datetime) -> bool:
    """Whether an item is the user's to see: of a granted bank, or shown in attempts that the user oversees."""
    if user.is_superuser or AuthorGrant.objects.banks(user).filter(pk=item.bank_id).exists():
        return True
    shown = Presentation.objects.filter(item_version__item=item)
    return shown.filter(attempt__assignment__course__in=overseen_courses(user, now)).exists()


def _given_only_to(user: User, now: datetime) -> QuerySet[Assessment]:
    return Assessment.objects.order_by().filter(_given_only_here(user, now))


def _given_only_here(user: User, now: datetime) -> Q:
    """Return the condition on assessments that they are assigned to the user's courses and to nobody else."""
    given = Assignment.objects.filter(assessment=OuterRef("pk"))
    here = Q(course__in=overseen_courses(user, now))
    return Q(Exists(given.filter(here))) & ~Q(Exists(given.exclude(here)))


def _of_granted_lesson(user: User) -> Q:
    """Return the condition on assessments that they belong to a lesson of the user's, and not to courses alone."""
    given = Assignment.objects.filter(assessment=OuterRef("pk"))
    courses_alone = Q(Exists(given)) & ~Q(Exists(given.filter(course__isnull=True)))
    return Q(lesson__in=AuthorGrant.objects.lessons(user).values("pk")) & ~courses_alone
