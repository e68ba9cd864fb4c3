"""Courses and who is in them: made, joined by a code, divided into sections, left."""

from __future__ import annotations

import re
import secrets
import unicodedata
from collections.abc import Collection
from datetime import datetime
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from assessment.errors import EnrolmentOver, LastInstructor, SignUpFirst, UnknownJoinCode
from assessment.models import Course, Enrolment, Section, User
from assessment.models.people import Role
from content.catalogue import slug_fault

ALPHABET: Final = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""No letter looks like a digit or like another letter."""
LENGTH: Final = 8
"""Of thirty letters each: 650 billion codes, which nobody tries through at the pace that is allowed."""
BETWEEN: Final = re.compile(r"[\s\-\u2010-\u2015]+")
"""What people write between the letters of a code."""


@transaction.atomic
def make_course(*, title: str, slug: str, author: User, time_zone: str = "UTC") -> Course:
    """Return a new course that its maker teaches. Raises ValidationError with the field that is at fault."""
    if reason := slug_fault(slug):
        raise ValidationError({"slug": f"The slug {reason}."})
    course = Course(title=title, slug=slug, time_zone=time_zone)
    course.full_clean()
    try:
        with transaction.atomic():
            course.save()
    except IntegrityError:
        raise ValidationError({"slug": "Course with this Slug already exists."}) from None
    let_teach(course=course, user=author)
    return course


def let_teach(*, course: Course, user: User) -> Enrolment:
    """Enroll whoever makes a course as its instructor. Twice is once."""
    return Enrolment.objects.update_or_create(
        course=course, user=user, defaults={"role": Role.INSTRUCTOR, "ends_at": None}
    )[0]


def set_join_code(*, course: Course) -> str:
    """Give a course a new code, in place of the one before, and return it."""
    course.join_code = "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
    course.save(update_fields=["join_code"])
    return course.join_code


def clear_join_code(*, course: Course) -> None:
    """Let nobody join any more by a code; whoever has joined stays. Twice is once."""
    course.join_code = None
    course.save(update_fields=["join_code"])


def course_of_code(code: str) -> Course:
    """Return the course that a code opens, however it is capitalized and divided. Raises UnknownJoinCode."""
    letters = BETWEEN.sub("", unicodedata.normalize("NFKC", code)).upper()
    found = Course.objects.filter(join_code=letters).first() if _may_be_code(letters) else None
    if found is None:
        raise UnknownJoinCode
    return found


def _may_be_code(letters: str) -> bool:
    return 0 < len(letters) <= 2 * LENGTH and set(letters) <= set(ALPHABET)


@transaction.atomic
def join_course(*, user: User, code: str, now: datetime) -> Enrolment:
    """Enroll somebody as a learner by the code of a course; twice is once, and an instructor stays one.

    Raises UnknownJoinCode, SignUpFirst for a guest, or EnrolmentOver: who was taken out comes back by an instructor.
    """
    course = course_of_code(code)
    if user.is_guest:
        raise SignUpFirst
    enrolled, _ = Enrolment.objects.get_or_create(course=course, user=user)
    if enrolled.ends_at and enrolled.ends_at <= now:
        raise EnrolmentOver
    return enrolled


def add_section(*, course: Course, title: str) -> Section:
    """Return a new section of a course. Raises ValidationError where its name is taken or none."""
    section = Section(course=course, title=" ".join(title.split()))
    return _saved(section)


def rename_section(*, section: Section, title: str) -> Section:
    """Raises ValidationError where the name is taken or none."""
    section.title = " ".join(title.split())
    return _saved(section)


def _saved(section: Section) -> Section:
    section.full_clean()
    try:
        with transaction.atomic():
            section.save()
    except IntegrityError:
        raise ValidationError({"title": "This course has a section of that name."}) from None
    return section


def move_learners(*, course: Course, users: Collection[UUID], section: Section | None) -> int:
    """Put members of a course into one of its sections, or into none, and return how many there are.

    Attempts under way go on as they began. Raises ValidationError for another course's section.
    """
    if section and section.course_id != course.pk:
        raise ValidationError({"section": "This section belongs to another course."})
    return course.enrolments.filter(user__in=users).update(section=section)


@transaction.atomic
def end_enrolments(*, course: Course, users: Collection[UUID], now: datetime) -> int:
    """End the enrollment of some people and return how many it were; what they did stays. Twice is once.

    Locks the course, so that two instructors do not both leave. Raises LastInstructor.
    """
    Course.objects.select_for_update(no_key=True).get(pk=course.pk)
    active = Enrolment.objects.active(now).filter(course=course)
    if not _has_instructor(active.exclude(user__in=users)) and _has_instructor(active):
        raise LastInstructor
    return active.filter(user__in=users).update(ends_at=now)


def _has_instructor(enrolments: QuerySet[Enrolment]) -> bool:
    return enrolments.filter(role=Role.INSTRUCTOR).exists()
