"""Who is where in an assignment while it runs: for those who watch over it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final, NamedTuple
from uuid import UUID

from assessment.models import Assignment, Enrolment, User
from assessment.models.assessments import published_definition
from assessment.models.attempts import AttemptState
from assessment.models.statements import all_rows
from assessment.modes import MODES
from assessment.results.gradebook import Column
from assessment.results.queries import QUERIES


class Seat(StrEnum):
    """Where somebody is: ``grading`` is between the deadline and the end that it brings."""

    NOT_BEGUN = "not_begun"
    OPEN = "open"
    GRADING = "grading"
    SUBMITTED = "submitted"
    EXPIRED = "expired"


SEAT_WORDS: Final[Mapping[Seat, str]] = {
    Seat.NOT_BEGUN: "not begun",
    Seat.OPEN: "working",
    Seat.GRADING: "time is up",
    Seat.SUBMITTED: "handed in",
    Seat.EXPIRED: "time ran out",
}


class _Sitting(NamedTuple):
    user_id: UUID
    attempt_id: UUID
    number: int
    mode: str
    version_id: UUID
    state: str
    started_at: datetime
    deadline: datetime | None
    finished_at: datetime | None


class _Whereabouts(NamedTuple):
    attempt_id: UUID
    places: int
    answered: int
    position: int | None
    done_at: datetime | None


@dataclass(frozen=True, slots=True)
class Seen:
    """One learner at an assignment that runs.

    ``position`` is where something was done last, ``total`` how many items there are, at most where they are chosen
    one by one. ``time_left`` is None without a deadline and for who is not working.
    """

    enrolment: Enrolment
    seat: Seat
    attempt_id: UUID | None = None
    number: int | None = None
    position: int | None = None
    answered: int = 0
    total: int | None = None
    started_at: datetime | None = None
    deadline: datetime | None = None
    finished_at: datetime | None = None
    seen_at: datetime | None = None
    time_left: timedelta | None = None

    @property
    def user(self) -> User:
        return self.enrolment.user

    @property
    def section(self) -> str | None:
        return self.enrolment.section.title if self.enrolment.section else None

    @property
    def words(self) -> str:
        return SEAT_WORDS[self.seat]


def watch(
    assignment: Assignment, column: Column, enrolments: Sequence[Enrolment], now: datetime
) -> list[Seen]:
    """Return where those learners are for whom an assignment holds, or who have an attempt at it. Two queries."""
    asked = {"users": [one.user_id for one in enrolments], "assignment": assignment.pk}
    sittings = {row[0]: _Sitting._make(row) for row in all_rows(QUERIES["latest_sittings"], asked)}
    far = _whereabouts([one.attempt_id for one in sittings.values()])
    return [
        _seen(one, sittings.get(one.user_id), far, now)
        for one in enrolments
        if one.user_id in sittings or column.holding(one.section_id) == assignment
    ]


def counted(seen: Collection[Seen]) -> dict[Seat, int]:
    """Return how many are in each state, in their order."""
    found = Counter(one.seat for one in seen)
    return {seat: found[seat] for seat in Seat}


def _whereabouts(attempts: Sequence[UUID]) -> Mapping[UUID, _Whereabouts]:
    rows = all_rows(QUERIES["whereabouts"], {"attempts": attempts}) if attempts else []
    return {row[0]: _Whereabouts._make(row) for row in rows}


def _seen(
    enrolment: Enrolment, sitting: _Sitting | None, far: Mapping[UUID, _Whereabouts], now: datetime
) -> Seen:
    if sitting is None:
        return Seen(enrolment, Seat.NOT_BEGUN)
    at = far.get(sitting.attempt_id) or _Whereabouts(sitting.attempt_id, 0, 0, None, None)
    seat = _seat(sitting, now)
    return Seen(
        enrolment,
        seat,
        attempt_id=sitting.attempt_id,
        number=sitting.number,
        position=at.position,
        answered=at.answered,
        total=_total(sitting, at),
        started_at=sitting.started_at,
        deadline=sitting.deadline,
        finished_at=sitting.finished_at,
        seen_at=max(filter(None, (sitting.started_at, at.done_at))),
        time_left=sitting.deadline - now if sitting.deadline and seat is Seat.OPEN else None,
    )


def _seat(sitting: _Sitting, now: datetime) -> Seat:
    is_over = sitting.deadline is not None and now > sitting.deadline
    return Seat.GRADING if sitting.state == AttemptState.OPEN and is_over else Seat(sitting.state)


def _total(sitting: _Sitting, at: _Whereabouts) -> int:
    mode = MODES[sitting.mode]
    return mode.longest(published_definition(sitting.version_id)) if mode.grows else at.places
