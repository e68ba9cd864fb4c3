"""Browsers at the authoring desk."""

from __future__ import annotations

from typing import Any

from django.test import Client

from assessment.models import Assignment, Course, Enrolment, User
from assessment.models.people import Role
from assessment.people.instructors import ensure_instructor_group
from content.models import AuthorGrant, ItemBank, Lesson
from tests.builders import NOW, make_learner


class OwnDesk(Client):
    """A browser of somebody to whom everything belongs that there is at the moment of a request."""

    def __init__(self, user: User) -> None:
        super().__init__()
        self.user = user
        self.is_counted = False
        """While statements are counted, nothing more is given; call `own_everything` outside of it."""
        self.force_login(user)

    def request(self, **request: Any) -> Any:
        if not self.is_counted:
            own_everything(self.user)
        return super().request(**request)


def make_instructor(username: str = "instructor") -> User:
    """Somebody who may work at the desk, and to whom nothing belongs."""
    user = make_learner(username, is_staff=True)
    user.groups.add(ensure_instructor_group())
    return user


def own_everything(user: User) -> None:
    """Grant all banks and lessons, and put everybody and what is of no course into the user's courses."""
    course, _ = Course.objects.get_or_create(slug="everybody", defaults={"title": "Everybody"})
    Assignment.objects.filter(course=None, assessment__lesson=None).update(course=course)
    enrolled = [Enrolment(course=course, user=one) for one in User.objects.exclude(pk=user.pk)]
    teaches = [Enrolment(course=one, user=user, role=Role.INSTRUCTOR) for one in Course.objects.all()]
    Enrolment.objects.bulk_create([*enrolled, *teaches], ignore_conflicts=True)
    grants = [AuthorGrant(user=user, bank=bank, granted_at=NOW) for bank in ItemBank.objects.all()]
    grants += [AuthorGrant(user=user, lesson=lesson, granted_at=NOW) for lesson in Lesson.objects.all()]
    AuthorGrant.objects.bulk_create(grants, ignore_conflicts=True)
