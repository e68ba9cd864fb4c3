"""The gradebook of a course: its learners by what is assigned in it, each cell by its grade rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from assessment.grades.outcomes import Outcome, State, outcome_of, percent
from assessment.grades.reading import Grounds, read_grounds
from assessment.models import Assessment, Assignment, Course, Enrolment, User
from assessment.models.assignments import read_elsewhere
from assessment.models.people import EnrolmentQuerySet, Role

AT_ONCE: Final = 500
"""Learners of a file that are in memory at a time."""

ORDERS: Final[Mapping[str, tuple[str, ...]]] = {
    "name": ("user__last_name", "user__first_name", "user__username"),
    "-name": ("-user__last_name", "-user__first_name", "-user__username"),
    "username": ("user__username",),
    "-username": ("-user__username",),
    "section": ("section__title", "user__last_name", "user__first_name", "user__username"),
    "-section": ("-section__title", "user__last_name", "user__first_name", "user__username"),
}
"""How the rows can be sorted."""

FIRST_COLUMNS: Final = (
    "username",
    "last name",
    "first name",
    "e-mail",
    "section",
    "last handed in",
    "total, %",
)
"""Of a file, before those of assessments."""


@dataclass(frozen=True, slots=True)
class Column:
    """An assessment with the ways in which it is assigned in a course: to all of it, to sections, or to both."""

    assessment: Assessment
    assignments: tuple[Assignment, ...]

    @property
    def main(self) -> Assignment:
        """The assignment to the whole course, else the first to a section: whose dates and weight the table heads."""
        return self.assignments[0]

    def holding(self, section_id: UUID | None) -> Assignment | None:
        """Return which assignment holds for somebody of a section; the section's own goes before the course's."""
        whole = None
        for one in self.assignments:
            if one.section_id is None:
                whole = one
            elif one.section_id == section_id:
                return one
        return whole


@dataclass(frozen=True, slots=True)
class Row:
    """A learner of the course: one cell for each column, None where the assessment is not for this learner.

    ``total`` is a share of everything; None where nothing counts yet.
    """

    enrolment: Enrolment
    cells: tuple[Outcome | None, ...]
    total: float | None

    @property
    def user(self) -> User:
        return self.enrolment.user

    @property
    def percent(self) -> float | None:
        return percent(self.total)

    @property
    def handed_in_at(self) -> datetime | None:
        """When something was handed in last."""
        last = max((one for one in self.cells if one and one.handed_in), key=_handed_in, default=None)
        return last.handed_in_at if last else None


def columns_of(course: Course) -> tuple[Column, ...]:
    """Return what is assigned in a course, what closes first at the front. Two queries."""
    given = Assignment.objects.filter(course=course).select_related("assessment__current", "section")
    together: dict[UUID, list[Assignment]] = {}
    for one in given.order_by("section__title", "pk"):
        together.setdefault(one.assessment_id, []).append(one)
    read_elsewhere([one for some in together.values() for one in some])
    columns = [
        Column(some[0].assessment, tuple(sorted(some, key=lambda one: one.section_id is not None)))
        for some in together.values()
    ]
    return tuple(sorted(columns, key=_place))


def learners_of(
    course: Course,
    now: datetime,
    *,
    section: UUID | None = None,
    search: str = "",
    with_left: bool = False,
    order: str = "name",
) -> EnrolmentQuerySet:
    """Return the learners of a course: no testers, no instructors, and those who left only where they are wanted."""
    found = Enrolment.objects.filter(course=course, role=Role.LEARNER)
    if not with_left:
        found = found.active(now)
    if section:
        found = found.filter(section=section)
    for word in search.split():
        found = found.filter(
            Q(user__username__icontains=word)
            | Q(user__first_name__icontains=word)
            | Q(user__last_name__icontains=word)
            | Q(user__email__icontains=word)
        )
    return found.select_related("user", "section").order_by(*ORDERS[order], "pk")


def rows_of(columns: Sequence[Column], enrolments: Sequence[Enrolment], now: datetime) -> list[Row]:
    """Return the rows of some learners. Three queries for any number of learners and columns."""
    given = [one for column in columns for one in column.assignments]
    grounds = read_grounds([one.user_id for one in enrolments], given)
    return [_row(one, columns, grounds[one.user_id], now) for one in enrolments]


def all_rows_of(columns: Sequence[Column], enrolments: Sequence[Enrolment], now: datetime) -> Iterator[Row]:
    """Yield the rows of any number of learners, some at a time."""
    for start in range(0, len(enrolments), AT_ONCE):
        yield from rows_of(columns, enrolments[start : start + AT_ONCE], now)


def table_of(
    columns: Sequence[Column], rows: Iterable[Row], *, with_points: bool = False
) -> Iterator[Sequence[Any]]:
    """Yield a gradebook as the rows of a file, the head first: percent, or the word for why there is none.

    ``with_points`` adds a column of points beside each of percent.
    """
    heads = [name for column in columns for name in _heads(column, with_points)]
    yield [*FIRST_COLUMNS, *heads]
    for row in rows:
        user, section = row.user, row.enrolment.section
        who = (user.username, user.last_name, user.first_name, user.email, section.title if section else "")
        cells = [value for cell in row.cells for value in _values(cell, with_points)]
        yield [*who, row.handed_in_at, row.percent, *cells]


def cell_of(column: Column, enrolment: Enrolment, now: datetime) -> Outcome | None:
    """Return one cell of the table. Three queries."""
    return rows_of([column], [enrolment], now)[0].cells[0]


def total(cells: Iterable[Outcome | None]) -> float | None:
    """Return the mean of shares by the weights of their assignments; None where nothing counts.

    What is missing counts 0. What is excused, not due yet, under way or still to be judged is left out.
    """
    weights = earned = 0.0
    for cell in cells:
        if cell is None or (cell.share is None and cell.state is not State.MISSING):
            continue
        weights += cell.assignment.weight
        earned += cell.assignment.weight * (cell.share or 0.0)
    return earned / weights if weights else None


def _heads(column: Column, with_points: bool) -> Iterator[str]:
    """Yield the heads of a column: the slug is there for programs, as a title may change and come twice."""
    name = f"{column.assessment.title} ({column.assessment.slug})"
    yield f"{name}, %"
    if with_points:
        yield f"{name}, points"


def _values(cell: Outcome | None, with_points: bool) -> Iterator[float | str | None]:
    if cell is None or cell.share is None:
        yield cell.words if cell else None
    else:
        yield cell.percent
    if with_points:
        yield None if cell is None or cell.score is None else round(cell.score, 4)


def _handed_in(outcome: Outcome) -> float:
    return outcome.handed_in or 0.0


def _row(enrolment: Enrolment, columns: Sequence[Column], grounds: Grounds, now: datetime) -> Row:
    cells = tuple(_cell(enrolment, column, grounds, now) for column in columns)
    return Row(enrolment, cells, total(cells))


def _cell(enrolment: Enrolment, column: Column, grounds: Grounds, now: datetime) -> Outcome | None:
    holds = column.holding(enrolment.section_id) or _attended(column, grounds)
    return outcome_of(grounds, holds, column.assignments, now) if holds else None


def _attended(column: Column, grounds: Grounds) -> Assignment | None:
    """Return another section's assignment at which somebody has attempts or a note, from before a change."""
    known = (one for one in column.assignments if one.id in grounds.sittings or one.id in grounds.notes)
    return next(known, None)


def _place(column: Column) -> tuple[bool, float, str, UUID]:
    closing = column.main.closes_at
    return (closing is None, closing.timestamp() if closing else 0.0, column.assessment.title, column.main.pk)
