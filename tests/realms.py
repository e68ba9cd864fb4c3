"""One row of each kind that belongs to somebody, so that rights can be tried on one's own rows and on all others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import transaction
from django.db.models import Model

from api.models import ApiKey
from api.rights import RIGHTS
from assessment.authoring import draft_assessment
from assessment.knowledge.mastery import MasteryParameters
from assessment.models import (
    Accommodation,
    Assessment,
    AssignmentChange,
    Calibration,
    Correction,
    CorrectionEffect,
    CorrectionRun,
    Course,
    GradeNote,
    OnlineDifficulty,
    RegradeRequest,
    Response,
    Section,
    StatisticsSnapshot,
    User,
)
from assessment.models.people import Role as Enrolled
from content.authoring import draft_item, draft_lesson
from content.models import AuthorGrant, ImportRun, Review
from content.models.grants import GrantRole
from content.rights import PERSONAL, Role
from tests.assessment.admin.test_platforms import make_grade, make_link, make_platform
from tests.builders import (
    NOW,
    assignment_of,
    enrol,
    exercise_document,
    make_assessment,
    make_attempt,
    make_bank,
    make_course,
    make_item,
    make_learner,
    make_lesson,
)
from tests.desks import make_instructor
from tests.practicing import make_fit
from tests.sitting import answer


@dataclass
class Realm:
    """A lesson with a bank, and a course; what each role has in them, by kind of row."""

    name: str
    rows: dict[Role, dict[type[Model], Any]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.write()
        self.teach()
        self.correct()

    def have(self, role: Role, *rows: Any) -> None:
        self.rows.setdefault(role, {}).update({type(row): row for row in rows})

    @property
    def of(self) -> dict[type[Model], Any]:
        """One row of each kind, the instructor's before the author's."""
        return {**self.rows[Role.AUTHOR], **self.rows[Role.INSTRUCTOR]}

    def write(self) -> None:
        """Make what authors and reviewers have: a bank with a draft to review, and what follows from its lesson."""
        name = self.name
        self.lesson = make_lesson(f"lesson-{name}", title=f"Lesson {name}")
        self.bank = make_bank(f"bank-{name}", lesson=self.lesson)
        document = exercise_document(f"item-{name}", title=f"Item {name}", skills=[name])
        self.item = make_item(document, bank=self.bank)
        draft = draft_item(bank=self.bank, document=document, now=NOW)
        asked = Review.objects.create(version=draft, fingerprint=draft.fingerprint, asked_at=NOW)
        self.have(Role.REVIEWER, self.bank, self.item, draft, asked)
        self.imported = ImportRun.objects.create(begun_at=NOW, sources=f"bank-{name}.zip")
        self.have(Role.AUTHOR, *self.rows[Role.REVIEWER].values(), self.lesson, self.imported)
        document = {"slug": self.lesson.slug, "title": f"Lesson {name}"}
        self.have(
            Role.AUTHOR, draft_lesson(subject=self.lesson.subject, document=document, now=NOW), *self.fits()
        )
        everybodys = make_assessment(self.item, slug=f"open-{name}", lesson=self.lesson)
        self.have(Role.AUTHOR, *self.around(everybodys, None))

    def fits(self) -> list[Model]:
        calibrated = {"model": "2PL", "parameters": {}, "report": {}, "created_at": NOW}
        return [
            Calibration.objects.create(bank=self.bank, number=1, **calibrated),
            OnlineDifficulty.objects.create(item=self.item, mean=0, variance=1, answers=1, updated_at=NOW),
            make_fit(self.name, MasteryParameters()),
        ]

    def around(self, assessment: Assessment, course: Course | None) -> list[Model]:
        """Return an assessment with its draft, its only assignment, a change of that, and statistics."""
        given = assignment_of(assessment)
        counted = {"attempts": 0, "document": {}, "seconds": 0, "computed_at": NOW}
        return [
            assessment,
            draft_assessment(document={"slug": assessment.slug}, now=NOW),
            given,
            AssignmentChange.objects.create(assignment=given, before={}, after=given.terms(), created_at=NOW),
            StatisticsSnapshot.objects.create(assessment=assessment, course=course, **counted),
        ]

    def teach(self) -> None:
        """Make what an instructor has, and the learner of the course."""
        name = self.name
        self.course = make_course(self.lesson, slug=f"course-{name}")
        self.learner = make_learner(f"learner-{name}", email=f"{name}@example.org")
        enrolled = enrol(self.learner, self.course)
        self.attempt = make_attempt(
            self.item, learner=self.learner, slug=f"assessment-{name}", course=self.course
        )
        answer(self.attempt, 1, {"a": "-1"})
        assessment = self.attempt.assessment
        arranged = Accommodation.objects.create(user=self.learner, assessment=assessment, time_factor=1.5)
        link = make_link(
            self.course, self.attempt.assignment, title=f"Link {name}", platform=make_platform(name)
        )
        note = GradeNote.objects.create(
            assignment=self.attempt.assignment,
            learner=self.attempt.learner,
            comment="Well done.",
            created_at=NOW,
        )
        asked = RegradeRequest.objects.create(
            response=Response.objects.get(attempt=self.attempt), created_at=NOW
        )
        section = Section.objects.create(course=self.course, title=f"Section {name}")
        self.have(Role.INSTRUCTOR, self.course, section, self.learner, enrolled, arranged, self.attempt, note)
        self.have(Role.INSTRUCTOR, asked, link, make_grade(link, self.learner))
        self.have(Role.INSTRUCTOR, *self.around(assessment, self.course))
        key = ApiKey(owner=self.learner, name="a test", scopes=["practice"])
        key.issue(NOW)
        key.save()
        self.have(Role.OWNER, self.learner, self.attempt, note, asked, key, self.course)

    def correct(self) -> None:
        """Make a correction in all courses, the author's, and one in the course alone, the instructor's."""
        here = self.rows[Role.INSTRUCTOR][Assessment]
        lent = make_item(exercise_document(f"lent-{self.name}"), bank=make_bank(f"library-{self.name}"))
        for role, item, assessment in ((Role.AUTHOR, self.item, None), (Role.INSTRUCTOR, lent, here)):
            made = Correction.objects.create(
                kind="drop", reason=f"{self.name} {role}", assessment=assessment, created_at=NOW
            )
            made.versions.set([item.version])
            run = CorrectionRun.objects.create(correction=made, kind="preview", asked_at=NOW)
            self.have(role, made, run)
        scores = {"before_score": 1, "before_max": 1, "after_score": 1, "after_max": 1}
        felt = CorrectionEffect.objects.create(
            correction=made, attempt=self.attempt, learner=self.attempt.learner, **scores
        )
        self.have(Role.INSTRUCTOR, felt)
        self.have(Role.OWNER, felt)

    def author(self) -> User:
        user = self._granted(f"author-{self.name}", GrantRole.AUTHOR)
        ImportRun.objects.filter(pk=self.imported.pk).update(by=user)
        return user

    def reviewer(self) -> User:
        return self._granted(f"reviewer-{self.name}", GrantRole.REVIEWER)

    def _granted(self, username: str, role: GrantRole) -> User:
        user = make_instructor(username)
        AuthorGrant.objects.give(self.bank, user=user, granted_by=None, now=NOW, role=role)
        return user

    def instructor(self) -> User:
        user = make_instructor(f"instructor-{self.name}")
        enrol(user, self.course, Enrolled.INSTRUCTOR)
        return user


@dataclass(frozen=True)
class Person:
    """Somebody with one role in one realm; an administrator, a guest and a stranger have none."""

    user: User
    role: Role | None = None
    realm: Realm | None = None

    def has(self, row: Model) -> bool:
        return bool(self.role and self.realm and self.realm.rows[self.role].get(type(row)) == row)

    def may(self, operation: str, row: Model) -> bool:
        """Whether a line of the table gives the person's role this operation, and the row is of the person's realm.

        The conditions of the lines are not asked: it is they that are tried.
        """
        if self.user.is_superuser:
            return operation not in PERSONAL
        lines = RIGHTS.lines_of(operation, type(row))
        return self.has(row) and any(line.role is self.role for line in lines)


class World:
    """Two realms with people, one without any, and people without a realm. Built once for many checks."""

    def __init__(self) -> None:
        self.own, self.other, self.nobodys = realms = Realm("own"), Realm("other"), Realm("nobodys")
        own, other = self.own, self.other
        self.people = {
            "author": Person(own.author(), Role.AUTHOR, own),
            "author of another bank": Person(other.author(), Role.AUTHOR, other),
            "reviewer": Person(own.reviewer(), Role.REVIEWER, own),
            "instructor": Person(own.instructor(), Role.INSTRUCTOR, own),
            "instructor of another course": Person(other.instructor(), Role.INSTRUCTOR, other),
            "learner": Person(own.learner, Role.OWNER, own),
            "guest": Person(make_learner("guest", is_guest=True)),
            "administrator": Person(make_learner("root", is_staff=True, is_superuser=True)),
        }
        self.rows: dict[type[Model], list[Any]] = {}
        for realm in realms:
            for kinds in realm.rows.values():
                for model, row in kinds.items():
                    if row not in self.rows.setdefault(model, []):
                        self.rows[model].append(row)


PEOPLE: Final = (
    "author",
    "author of another bank",
    "reviewer",
    "instructor",
    "instructor of another course",
    "learner",
    "guest",
    "administrator",
)


@contextmanager
def built(blocker: Any) -> Iterator[World]:
    """Build a world outside of any test, and take it back."""
    with blocker.unblock(), transaction.atomic():
        yield World()
        transaction.set_rollback(True)


@contextmanager
def untouched() -> Iterator[None]:
    """Take back whatever happens to the world meanwhile."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)
