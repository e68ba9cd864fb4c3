"""Who may use a lesson: a free one is for everybody, a premium one for those whose course has it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from assessment.errors import EnrolmentRequired
from assessment.models import Enrolment, User
from content.models import Lesson


def accessible(lessons: Collection[Lesson], user: User | None, now: datetime) -> set[UUID]:
    """Return the ids of the lessons whose theory, exercises and assessments the user may use."""
    free = {lesson.pk for lesson in lessons if not lesson.premium}
    if user is None or len(free) == len(lessons):
        return free
    if user.is_staff:
        return {lesson.pk for lesson in lessons}
    granted = Enrolment.objects.active(now).filter(user=user, course__lessons__in=lessons)
    return free | set(granted.values_list("course__lessons", flat=True))


def require_access(lesson: Lesson | None, user: User, now: datetime) -> None:
    """Raises EnrolmentRequired when the lesson that something belongs to is not for the user."""
    if lesson and lesson.pk not in accessible([lesson], user, now):
        raise EnrolmentRequired(
            "This belongs to a premium lesson: only members of a course that has it may use it."
        )
