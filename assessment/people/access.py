"""Who may use a lesson, and who may practice what.

Anyone may use a free lesson; a premium one is for those whose course has it, for its authors, and for superusers.
Items of an exclusive assessment that runs are not for its learners, nor for guests: else one would just sign out.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from assessment.errors import EnrolmentRequired, NotForPractice
from assessment.models import (
    Accommodation,
    AssessmentSource,
    Assignment,
    Attempt,
    Enrolment,
    Presentation,
    User,
)
from assessment.models.assignments import GIVEN
from assessment.models.attempts import AttemptState
from assessment.rules.delivery import Feedback
from content.models import AuthorGrant, Item, Lesson
from content.models.items import ItemQuerySet


def accessible(lessons: Collection[Lesson], user: User | None, now: datetime) -> set[UUID]:
    """Return the ids of the lessons whose theory, exercises and assessments the user may use."""
    free = {lesson.pk for lesson in lessons if not lesson.premium}
    if user is None or len(free) == len(lessons):
        return free
    if user.is_superuser:
        return {lesson.pk for lesson in lessons}
    granted = Enrolment.objects.active(now).filter(user=user, course__lessons__in=lessons)
    free |= set(granted.values_list("course__lessons", flat=True))
    if user.is_staff:
        free |= set(AuthorGrant.objects.lessons(user).values_list("pk", flat=True))
    return free


def for_practice(user: User | None, now: datetime) -> ItemQuerySet:
    """Return the items that may be practiced now; a premium lesson asks for its enrollment besides."""
    return Item.objects.practiced(_solved(user, now) if user else None).exclude(_held(user, now))


def _solved(user: User, now: datetime) -> QuerySet[Any]:
    """Return the items whose solutions the user has been shown with what came of an attempt."""
    later = Accommodation.objects.filter(user__links__learner=OuterRef("attempt__learner"), closes_at__gt=now)
    still = Q(closes_at__gt=now) | Q(GIVEN, closes_at__isnull=True)
    elsewhere = Assignment.objects.filter(
        still,
        assessment=OuterRef("attempt__assignment__assessment"),
        course=OuterRef("attempt__assignment__course"),
    )
    closed = Q(
        ~Exists(later),
        ~Exists(elsewhere),
        attempt__release=Feedback.AFTER_CLOSE,
        attempt__assignment__closes_at__lte=now,
    )
    released = Q(attempt__release__in=[Feedback.IMMEDIATE, Feedback.AT_END]) | closed
    shown = Presentation.objects.filter(released, attempt__learner__users=user)
    return shown.exclude(attempt__state=AttemptState.OPEN).values("item_version__item")


def require_not_held(item_id: UUID, user: User | None, now: datetime) -> None:
    """Raises NotForPractice where an assessment keeps the item now, in words that tell nothing of the assessment."""
    if Item.objects.filter(_held(user, now), pk=item_id).exists():
        raise NotForPractice


def _held(user: User | None, now: datetime) -> Q:
    """Return the condition that an exclusive assignment runs which keeps the item from the user's practice.

    What it may ask is what the current version says, and the versions that somebody is still answering.
    """
    running = Assignment.objects.exclusive().running(now)
    if user and not user.is_guest:
        running = running.filter(Q(course=None) | running.held_by(user, now))
    answered = Attempt.objects.filter(
        version=OuterRef("version"), state=AttemptState.OPEN, assignment__in=running.values("pk")
    )
    current = Q(version__current_of__in=running.values("assessment"))
    sources = AssessmentSource.objects.filter(current | Exists(answered))
    drawn = sources.filter(bank=OuterRef("bank")).filter(Q(skill=None) | Q(skill__items=OuterRef("pk")))
    named = sources.filter(item=OuterRef("pk"))
    return Q(Exists(named) | Exists(drawn))


def require_access(lesson: Lesson | None, user: User, now: datetime) -> None:
    """Raises EnrolmentRequired when the lesson that something belongs to is not for the user."""
    if lesson and lesson.pk not in accessible([lesson], user, now):
        raise EnrolmentRequired(
            "This belongs to a premium lesson: only members of a course that has it may use it."
        )
