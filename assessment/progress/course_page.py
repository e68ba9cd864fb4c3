"""A course as one of its members finds it: what is due first, what is under way, and what has been done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q

from assessment.models import Accommodation, Assignment, Attempt, Course, User
from assessment.models.attempts import AttemptState, read_closings
from assessment.models.corrections import ActionKind
from assessment.people.learners import learners_of

SOON: Final = timedelta(hours=48)
"""What closes within it is due soon."""


class Due(StrEnum):
    """How somebody stands to an assignment. LATE: it has closed for the others and is open for this person."""

    NOT_OPEN = "not_open"
    OPEN = "open"
    DUE_SOON = "due_soon"
    LATE = "late"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    MISSING = "missing"


URGENCY: Final = (Due.LATE, Due.IN_PROGRESS, Due.DUE_SOON, Due.OPEN)
"""What waits for an answer now."""


@dataclass(frozen=True, slots=True)
class Entry:
    """An assignment as it holds for somebody, with what is arranged for them.

    ``ended`` are the attempts that count, the first first; ``is_released`` says that all of them may be known.
    """

    assignment: Assignment
    closes_at: datetime | None
    time_limit_minutes: float | None
    state: Due
    attempts_left: int | None
    unfinished: Attempt | None
    ended: tuple[Attempt, ...]
    is_released: bool

    @property
    def opens_at(self) -> datetime | None:
        return self.assignment.opens_at


def course_page(*, course: Course, user: User, now: datetime) -> list[Entry]:
    """Return what is given to a member of a course, what is due first. A constant number of queries."""
    attempts: dict[UUID, list[Attempt]] = defaultdict(list)
    for one in _attempts(course, user):
        attempts[one.assignment.assessment_id].append(one)
    arranged = list(user.accommodations.all())
    entries = [
        _entry(given, attempts[given.assessment_id], arranged, now) for given in _given(course, user, now)
    ]
    return sorted((one for one in entries if _is_shown(one)), key=_order)


def _given(course: Course, user: User, now: datetime) -> Iterable[Assignment]:
    found = Assignment.objects.filter(course=course, assessment__current__isnull=False)
    held = found.filter(found.held_by(user, now))
    return held.select_related("assessment__current").order_by("assessment__title", "pk")


def _attempts(course: Course, user: User) -> list[Any]:
    """Return a person's attempts at what the course was given, in whichever section, the first first."""
    learners = learners_of([user.pk])[user.pk]
    besides = Count("actions", filter=Q(actions__kind=ActionKind.ALLOW_ANOTHER))
    found = Attempt.objects.filter(learner__in=learners, assignment__course=course)
    related = found.select_related("assignment__assessment", "learner").annotate(given_besides=besides)
    attempts = list(related.prefetch_related("learner__users__accommodations").order_by("started_at"))
    read_closings(attempts)
    return attempts


def _entry(
    given: Assignment, attempts: Sequence[Any], arrangements: Sequence[Accommodation], now: datetime
) -> Entry:
    arranged = given.accommodation_among(arrangements)
    counted = [one for one in attempts if not one.is_void]
    unfinished = next((one for one in counted if one.is_open(now)), None)
    ended = tuple(one for one in counted if one.state != AttemptState.OPEN)
    allowed = given.attempts_for(arranged)
    used = len(counted) - sum(one.given_besides for one in attempts)
    return Entry(
        assignment=given,
        closes_at=given.closing_for(arranged),
        time_limit_minutes=given.minutes_for(arranged),
        state=_state(given, arranged, bool(counted), unfinished is not None, now),
        attempts_left=None if allowed is None else max(0, allowed - used),
        unfinished=unfinished,
        ended=ended,
        is_released=bool(ended) and all(one.releases_verdicts(now) for one in ended),
    )


def _state(
    given: Assignment, arranged: Accommodation | None, has_begun: bool, is_under_way: bool, now: datetime
) -> Due:
    closing = given.closing_for(arranged)
    if is_under_way:
        return Due.IN_PROGRESS
    if has_begun:
        return Due.DONE
    if given.opens_at and now < given.opens_at:
        return Due.NOT_OPEN
    if closing and now >= closing:
        return Due.MISSING
    if given.closes_at and now >= given.closes_at:
        return Due.LATE
    return Due.DUE_SOON if closing and closing - now <= SOON else Due.OPEN


def _is_shown(entry: Entry) -> bool:
    """Whether it can be taken, or somebody has taken it."""
    return entry.assignment.is_given or entry.state in (Due.IN_PROGRESS, Due.DONE)


def _order(entry: Entry) -> tuple[int, bool, float]:
    """First what waits for an answer, by its closing; then what is to come; then what is over, the last first."""
    if entry.state in URGENCY:
        return 0, entry.closes_at is None, entry.closes_at.timestamp() if entry.closes_at else 0.0
    if entry.state is Due.NOT_OPEN:
        return 1, False, entry.opens_at.timestamp() if entry.opens_at else 0.0
    over = entry.closes_at or (entry.ended[-1].finished_at if entry.ended else None)
    return 2, over is None, -over.timestamp() if over else 0.0
