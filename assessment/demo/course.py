"""The demo: three accounts to sign in with, and a course in which somebody has been working for three weeks."""

from __future__ import annotations

import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import transaction

from assessment.demo.people import Person, practice, sit
from assessment.models import (
    Accommodation,
    Assessment,
    Assignment,
    Attempt,
    Course,
    Enrolment,
    Response,
    User,
)
from assessment.models.people import Role
from assessment.people.assignments import give_on_usual_terms
from assessment.people.instructors import ensure_instructor_group
from assessment.people.passwords import DEMO_PASSWORD as PASSWORD
from content.models import AuthorGrant, Item, ItemBank, Lesson

COURSE: Final = "machine-learning-demo"
ASSESSMENT: Final = "regularization-quiz"
SEED: Final = 20_240_601
WEEKS: Final = timedelta(weeks=3)

ACCOUNTS: Final[Mapping[str, Mapping[str, Any]]] = {
    "learner": {"first_name": "Lea", "last_name": "Learner"},
    "instructor": {"first_name": "Ines", "last_name": "Instructor", "is_staff": True},
    "admin": {"first_name": "Adam", "last_name": "Admin", "is_staff": True, "is_superuser": True},
}
LEARNERS: Final = (
    "Ada Okafor",
    "Bruno Keller",
    "Chiara Rossi",
    "Daniyar Aliev",
    "Elif Demir",
    "Farid Haddad",
    "Grace Mwangi",
    "Hana Sato",
    "Ivan Petrov",
    "Jamila Khan",
    "Karl Lindqvist",
    "Lucia Fernandez",
)
SLOW: Final = "Daniyar Aliev"
"""Runs out of time."""
AT_IT: Final = "Hana Sato"
"""Is in the middle of an attempt."""


class NotADemo(Exception):
    def __init__(self) -> None:
        super().__init__(
            "Everybody knows the demo's password: set DEMO=true where you really want its accounts."
        )


class LibraryMissing(Exception):
    def __init__(self) -> None:
        super().__init__(f"The demo needs the assessment {ASSESSMENT}: run import_content first.")


@dataclass(frozen=True, slots=True)
class DemoReport:
    """What stands after seeding; ``seeded`` is false when it all stood before."""

    accounts: tuple[str, ...]
    password: str
    course: str
    seeded: bool
    learners: int
    attempts: int
    responses: int

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


@transaction.atomic
def seed_demo(*, now: datetime, names: Sequence[str] = LEARNERS) -> DemoReport:
    """Make the demo's accounts and its course with three weeks of work in it, all of it or nothing.

    Accounts and a course that exist are left alone. A second call at the same time waits for the slug of the course.
    Raises NotADemo where the settings do not allow it, LibraryMissing before the library is imported.
    """
    if not settings.DEMO:
        raise NotADemo
    assessment = Assessment.objects.filter(slug=ASSESSMENT).first()
    if assessment is None:
        raise LibraryMissing
    course, seeded = Course.objects.get_or_create(slug=COURSE, defaults={"title": "Machine Learning (demo)"})
    accounts = _accounts()
    if "instructor" in accounts:
        _let_write(accounts["instructor"], now)
    if seeded:
        course.lessons.set(Lesson.objects.published())
        _fill(course, _for_the_course(assessment, course, now), accounts, names, now)
    return _report(course, seeded=seeded)


def _accounts() -> dict[str, User]:
    """Make the accounts that do not exist yet and return those; one that somebody else has taken gets nothing."""
    taken = set(User.objects.filter(username__in=ACCOUNTS).values_list("username", flat=True))
    made = {
        username: User.objects.create_user(username, password=PASSWORD, **fields)
        for username, fields in ACCOUNTS.items()
        if username not in taken
    }
    if "instructor" in made:
        made["instructor"].groups.add(ensure_instructor_group())
    return made


def _let_write(instructor: User, now: datetime) -> None:
    """Let the instructor change the library, in which the desk is to be tried."""
    for bank in ItemBank.objects.all():
        AuthorGrant.objects.give(bank, user=instructor, granted_by=None, now=now)


def _for_the_course(library: Assessment, course: Course, now: datetime) -> Assignment:
    """Assign the library's assessment to the course: an instructor sees what is done in the course and no more."""
    return give_on_usual_terms(assessment=library, usual=library.definition.usual, now=now, course=course)


def _fill(
    course: Course, assignment: Assignment, accounts: Mapping[str, User], names: Sequence[str], now: datetime
) -> None:
    """Enroll everybody and let the learners work, in the order of time: ids rise with it."""
    dice = random.Random(SEED)  # noqa: S311 - the same demo everywhere
    work: list[_Work] = []
    for name in names:
        learner = _made_up(name, now - WEEKS)
        _enrol(course, learner, Role.LEARNER)
        work += _plan(name, learner, now, dice)
    Accommodation.objects.create(user=learner, time_factor=1.5, reason="Reads with a screen reader")
    if "instructor" in accounts:
        _enrol(course, accounts["instructor"], Role.INSTRUCTOR)
    if "learner" in accounts:
        _enrol(course, accounts["learner"], Role.LEARNER)
        work.append(_Work(now - timedelta(days=6, hours=2), accounts["learner"], -0.4, practices=4))
    for task in sorted(work, key=lambda task: task.begins):
        task.do(assignment, now, dice)


@dataclass(frozen=True, slots=True)
class _Work:
    """One sitting, and some practice in the evenings after it."""

    begins: datetime
    learner: User
    ability: float
    practices: int
    pace: timedelta = timedelta(minutes=2)

    def do(self, assignment: Assignment, now: datetime, dice: random.Random) -> None:
        person = Person(self.learner, self.ability, self.pace, random.Random(dice.getrandbits(32)))  # noqa: S311 - as above
        sit(person, assignment, self.begins, until=now)
        exercises = list(Item.objects.exercises().filter(bank__lesson=assignment.assessment.lesson))
        for evening in range(1, self.practices + 1):
            at = self.begins + timedelta(days=evening, hours=dice.uniform(0, 3))
            if exercises and at < now - timedelta(hours=1):
                practice(person, dice.choice(exercises), at)


def _plan(name: str, learner: User, now: datetime, dice: random.Random) -> Iterable[_Work]:
    """Yield one or two sittings; the second goes better."""
    ability, practices = dice.gauss(0.3, 1.0), dice.randint(0, 4)
    first = now - timedelta(days=dice.uniform(9, 20))
    pace = timedelta(minutes=7) if name == SLOW else timedelta(seconds=dice.uniform(60, 150))
    yield _Work(first, learner, ability, practices, pace)
    if name == AT_IT:
        yield _Work(now - timedelta(minutes=9), learner, ability + 0.8, 0, timedelta(minutes=2))
    elif dice.random() < 0.5:
        yield _Work(first + timedelta(days=dice.uniform(2, 8)), learner, ability + 0.8, 0, pace)


def _made_up(name: str, joined: datetime) -> User:
    """Return an account that nobody can sign in to."""
    first_name, last_name = name.split()
    return User.objects.create_user(
        f"{first_name}.{last_name}".lower(), first_name=first_name, last_name=last_name, date_joined=joined
    )


def _enrol(course: Course, user: User, role: Role) -> None:
    Enrolment.objects.create(course=course, user=user, role=role)


def _report(course: Course, *, seeded: bool) -> DemoReport:
    learners = User.objects.filter(enrolments__course=course, enrolments__role=Role.LEARNER)
    return DemoReport(
        accounts=tuple(ACCOUNTS),
        password=PASSWORD,
        course=course.title,
        seeded=seeded,
        learners=learners.count(),
        attempts=Attempt.objects.filter(learner__users__in=learners).count(),
        responses=Response.objects.filter(learner__users__in=learners).count(),
    )
