"""A course with learners, sections and assessments, for tests of grades."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from assessment.grades.noting import note_grade
from assessment.models import Assessment, Assignment, Attempt, Course, Enrolment, GradeNote, Section, User
from assessment.models.people import Role
from assessment.people.learners import own_learner
from tests import sitting
from tests.builders import NOW, enrol, make_assessment, make_course, make_item, make_learner
from tests.desks import make_instructor

HOUR = timedelta(hours=1)


@dataclass
class Class:
    """A course with a teacher; ``now`` is when things happen."""

    course: Course = field(default_factory=make_course)
    teacher: User = field(default_factory=lambda: make_instructor("teacher"))
    now: datetime = NOW

    def __post_init__(self) -> None:
        enrol(self.teacher, self.course, Role.INSTRUCTOR)

    def section(self, title: str) -> Section:
        return Section.objects.create(course=self.course, title=title)

    def learner(self, username: str | None = None, section: Section | None = None, **fields: Any) -> User:
        user = make_learner(username, **fields)
        Enrolment.objects.create(user=user, course=self.course, section=section)
        own_learner(user=user, now=NOW)
        return user

    def assign(self, *, items: int = 2, **fields: Any) -> Assignment:
        """An assessment of choices, assigned to the course; ``right`` is right in each."""
        assessment = make_assessment(*(make_item() for _ in range(items)), course=self.course, **fields)
        return assessment.assignments.get()

    def assign_to(self, section: Section, assessment: Assessment, **terms: Any) -> Assignment:
        return Assignment.objects.create(assessment=assessment, course=self.course, section=section, **terms)

    def take(
        self,
        assignment: Assignment,
        user: User,
        right: int,
        *,
        at: datetime | None = None,
        ends: bool = True,
    ) -> Attempt:
        """Sit an attempt with so many right answers."""
        moment = at or self.now
        attempt = sitting.start_at(assignment, user, now=moment)
        for position in range(1, attempt.presentations.count() + 1):
            entered = sitting.RIGHT if position <= right else sitting.WRONG
            sitting.answer(attempt, position, entered, now=moment)
        return sitting.submit(attempt, moment) if ends else attempt

    def note(self, assignment: Assignment, user: User, **said: Any) -> GradeNote:
        return note_grade(assignment=assignment, user=user, author=self.teacher, now=self.now, **said)
