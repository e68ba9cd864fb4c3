"""Who may do what with content: a table with one line for each role and kind of row.

Nobody has a role in general. It is held toward a row: by a grant of a bank or lesson, by teaching a course, because
the row is one's own. The desk, the REST API and the commands ask the same table, `assessment.people.rights`, of
which this is the part that knows nothing of learners.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from functools import reduce
from operator import or_
from typing import Any, Final, NamedTuple

from django.db.models import Model, Q

from content.models import (
    AuthorGrant,
    ImportRun,
    Item,
    ItemBank,
    ItemVersion,
    Lesson,
    LessonVersion,
    Media,
    Misconception,
    Review,
    Skill,
    Status,
    Subject,
)
from content.uploading import unused


class Role(StrEnum):
    """What somebody is to a row. An administrator is a superuser, and may everything but what is PERSONAL."""

    AUTHOR = "author"
    REVIEWER = "reviewer"
    INSTRUCTOR = "instructor"
    OWNER = "owner"
    STAFF = "anybody at the desk"


PERSONAL: Final = frozenset({"take", "keep"})
"""What nobody does for somebody else, administrators neither."""

EVERYTHING: Final = Q(pk__isnull=False)
NOTHING: Final = Q(pk__in=())


class Right(NamedTuple):
    """To do something with rows of a kind."""

    operation: str
    model: type[Model]


@dataclass(frozen=True, slots=True)
class Where:
    """Toward which rows somebody has a role, in words and as a condition."""

    words: str
    rows: Callable[[Any, datetime], Q]


@dataclass(frozen=True, slots=True)
class Line:
    """What a role may do with rows of a kind. ``may`` names operations, with spaces between them."""

    model: type[Model]
    role: Role
    may: str
    where: Where

    @property
    def operations(self) -> list[str]:
        return self.may.split()


class UnknownRight(LookupError):
    """The table does not know the kind of row, or the operation, that was asked about."""


@dataclass(frozen=True, slots=True)
class Rights:
    """A table of rights. Rows of the kinds ``administered`` are for administrators alone."""

    lines: tuple[Line, ...]
    administered: tuple[type[Model], ...] = ()

    def __add__(self, more: Rights) -> Rights:
        return Rights(self.lines + more.lines, self.administered + more.administered)

    @property
    def models(self) -> set[type[Model]]:
        return {line.model for line in self.lines} | set(self.administered)

    def lines_of(self, operation: str, model: type[Model]) -> list[Line]:
        """Return the lines that let somebody do something with rows of a kind. Raises UnknownRight."""
        if model not in self.models:
            raise UnknownRight(f"The table of rights has no line about {model._meta.label}.")
        if not any(operation in line.operations for line in self.lines):
            raise UnknownRight(f"The table of rights has no operation {operation}.")
        return [line for line in self.lines if line.model is model and operation in line.operations]

    def rows(self, user: Any, operation: str, model: type[Model], now: datetime) -> Q:
        """Return the condition on the rows of a kind with which somebody may do something. Asks no database."""
        lines = self.lines_of(operation, model)
        if user.is_superuser and operation not in PERSONAL:
            return EVERYTHING
        return reduce(or_, (line.where.rows(user, now) for line in lines), NOTHING)

    def may(self, user: Any, operation: str, row: Model, now: datetime) -> bool:
        """Whether somebody may do something with a stored row; for administrators it asks no database."""
        condition = self.rows(user, operation, type(row), now)
        if condition is EVERYTHING:
            return True
        return type(row)._default_manager.filter(condition, pk=row.pk).exists()


def _of(kind: str, path: str, words: str) -> str:
    return words if path == "pk" else f"of {kind} {words}"


def every(words: str) -> Where:
    return Where(words, lambda _user, _now: EVERYTHING)


def authored(path: str) -> Where:
    """Those of banks of which somebody is an author; ``path`` leads to the bank."""
    return Where(
        _of("banks", path, "granted as author"),
        lambda user, _now: Q(**{f"{path}__in": AuthorGrant.objects.banks(user).values("pk")}),
    )


def reviewed(path: str) -> Where:
    """Those of banks of which somebody is a reviewer; ``path`` leads to the bank."""
    return Where(
        _of("banks", path, "granted as reviewer"),
        lambda user, _now: Q(**{f"{path}__in": AuthorGrant.objects.reviewed(user).values("pk")}),
    )


def lesson(path: str) -> Where:
    """Those of lessons of which somebody is an author; ``path`` leads to the lesson."""
    return Where(
        _of("lessons", path, "granted, themselves or with a bank"),
        lambda user, _now: Q(**{f"{path}__in": AuthorGrant.objects.lessons(user).values("pk")}),
    )


def _published_alone(user: Any, _now: datetime) -> Q:
    banks = AuthorGrant.objects.banks(user).filter(needs_review=False)
    return Q(status=Status.DRAFT, item__bank__in=banks.values("pk"))


def _own_unused(user: Any, _now: datetime) -> Q:
    return Q(uploaded_by=user) & unused()


def _decided(user: Any, _now: datetime) -> Q:
    banks = AuthorGrant.objects.reviewed(user).values("pk")
    return Q(status=Status.DRAFT, item__bank__in=banks) & ~Q(written_by=user)


OWN_IMPORTS: Final = Where("one's own", lambda user, _now: Q(by=user))
SHARED: Final = every("all of them: they are shared")
NEW: Final = every("new ones, of which one becomes the author")
NO_REVIEW: Final = Where("drafts of banks granted as author that need no review", _published_alone)
UNUSED: Final = Where("those that one uploaded and nothing shows", _own_unused)
OTHERS_DRAFTS: Final = Where("drafts that somebody else wrote, of banks granted as reviewer", _decided)

CONTENT: Final = Rights(
    lines=(
        Line(Subject, Role.STAFF, "view add change", SHARED),
        Line(Skill, Role.STAFF, "view add change", SHARED),
        Line(Misconception, Role.STAFF, "view add change", SHARED),
        Line(Media, Role.STAFF, "view add", SHARED),
        Line(Media, Role.STAFF, "delete", UNUSED),
        Line(Lesson, Role.STAFF, "add", NEW),
        Line(Lesson, Role.AUTHOR, "view change", lesson("pk")),
        Line(LessonVersion, Role.AUTHOR, "view add change delete publish", lesson("lesson")),
        Line(ItemBank, Role.STAFF, "add", NEW),
        Line(ItemBank, Role.AUTHOR, "view change", authored("pk")),
        Line(ItemBank, Role.REVIEWER, "view", reviewed("pk")),
        Line(Item, Role.AUTHOR, "view add change correct", authored("bank")),
        Line(Item, Role.REVIEWER, "view", reviewed("bank")),
        Line(ItemVersion, Role.AUTHOR, "view add change delete", authored("item__bank")),
        Line(ItemVersion, Role.AUTHOR, "publish", NO_REVIEW),
        Line(ItemVersion, Role.REVIEWER, "view", reviewed("item__bank")),
        Line(ItemVersion, Role.REVIEWER, "decide", OTHERS_DRAFTS),
        Line(Review, Role.AUTHOR, "view add", authored("version__item__bank")),
        Line(Review, Role.REVIEWER, "view", reviewed("version__item__bank")),
        Line(ImportRun, Role.STAFF, "add", every("into banks granted as author")),
        Line(ImportRun, Role.AUTHOR, "view undo", OWN_IMPORTS),
    ),
    administered=(AuthorGrant,),
)
