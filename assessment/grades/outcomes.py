"""Where somebody stands at an assignment: not begun, handed in, late, missing, excused, and the share reached."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from assessment.grades.reading import Grounds, Noted, Sitting, read_grounds
from assessment.grades.standing import full_score
from assessment.models import Accommodation, Assignment, Attempt, User, UserLearner
from assessment.models.assignments import GradeRule, read_elsewhere
from assessment.rules.delivery import Feedback

AFTER_CLOSE: Final = Feedback.AFTER_CLOSE.value
"""How attempts have it stored."""


class State(StrEnum):
    """Where somebody stands at an assignment, as people and programs read it."""

    TO_COME = "to_come"
    NOT_BEGUN = "not_begun"
    OPEN = "open"
    WAITS = "waits"
    DONE = "done"
    LATE = "late"
    MISSING = "missing"
    EXCUSED = "excused"


WORDS: Final[Mapping[State, str]] = {
    State.TO_COME: "to come",
    State.NOT_BEGUN: "not begun",
    State.OPEN: "under way",
    State.WAITS: "to be judged",
    State.DONE: "done",
    State.LATE: "late",
    State.MISSING: "missing",
    State.EXCUSED: "excused",
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where somebody stands at an assignment.

    ``share`` is what counts of everything, ``by_rule`` what the attempts alone come to; ``maximum`` is what a full
    score is called. ``attempts`` are counted without void ones, ``under_way`` says that one of them is open besides
    what stands. ``is_released``: its learner may know share and comment.
    """

    assignment: Assignment
    state: State
    share: float | None = None
    by_rule: float | None = None
    maximum: float | None = None
    attempts: int = 0
    under_way: bool = False
    is_given: bool = False
    is_released: bool = False
    comment: str = ""
    handed_in: float | None = None

    @property
    def handed_in_at(self) -> datetime | None:
        """When the last attempt ended."""
        return None if self.handed_in is None else datetime.fromtimestamp(self.handed_in, UTC)

    @property
    def words(self) -> str:
        return WORDS[self.state]

    @property
    def is_excused(self) -> bool:
        return self.state is State.EXCUSED

    @property
    def percent(self) -> float | None:
        """The share as people read it."""
        return percent(self.share)

    @property
    def score(self) -> float | None:
        """The share in points of the assessment."""
        return None if self.share is None or self.maximum is None else self.share * self.maximum

    def as_told(self) -> Outcome:
        """Return what of it its learner may know."""
        if self.is_released:
            return self
        return replace(self, share=None, by_rule=None, is_given=False, comment="")


def percent(share: float | None) -> float | None:
    """Return a share of everything as people read it, in hundredths of a percent at most."""
    return None if share is None else round(100 * share, 2)


def grades_of(user: User, assignments: Collection[Assignment], now: datetime) -> dict[UUID, Outcome]:
    """Return where somebody stands at each of some assignments, by their ids. At most four queries.

    The assignments have their assessments at hand. What a learner is shown goes through `Outcome.as_told`.
    """
    read_elsewhere(assignments)
    grounds = read_grounds([user.pk], assignments)[user.pk]
    return {one.pk: outcome_of(grounds, one, [one], now) for one in assignments}


def grade_at(attempt: Attempt, now: datetime) -> Outcome | None:
    """Return where the person of an attempt stands at its assignment, as the person may know it; None: nobody's.

    Four queries.
    """
    user = (
        UserLearner.objects.filter(learner=attempt.learner_id).order_by("user").values_list("user", flat=True)
    )
    if (found := user.first()) is None:
        return None
    grounds = read_grounds([found], [attempt.assignment])[found]
    return outcome_of(grounds, attempt.assignment, [attempt.assignment], now).as_told()


def outcome_of(grounds: Grounds, given: Assignment, among: Sequence[Assignment], now: datetime) -> Outcome:
    """Return where somebody stands by the terms of one assignment, with the attempts at some that belong together."""
    if len(among) == 1:
        sittings, note = grounds.sittings.get(given.id, ()), grounds.notes and grounds.notes.get(given.id)
        return _outcome(given, sittings, note or None, grounds.arranged, now)
    ids = [one.id for one in among]
    # Attempts at each are in order already; of two assignments the one that somebody left came first.
    together = [one for given_id in ids for one in grounds.sittings.get(given_id, ())]
    together.sort(key=lambda one: one.attempt_id)
    said = [found for given_id in ids if (found := grounds.notes.get(given_id))]
    note = max(said, key=lambda one: one.note_id, default=None)
    return _outcome(given, together, note, grounds.arranged, now)


def _outcome(
    given: Assignment,
    sittings: Sequence[Sitting],
    note: Noted | None,
    arranged: Sequence[Accommodation],
    now: datetime,
) -> Outcome:
    ended = [one for one in sittings if one.is_over]
    graded = [one for one in ended if one.max_score > 0]
    under_way = len(ended) < len(sittings)
    state, reached = _state(given, ended, graded, under_way, arranged, now)
    share = None if state is State.WAITS else reached
    if note is not None and note.is_excused:
        state, share = State.EXCUSED, None
    elif note is not None and note.score is not None:
        state, share = State.LATE if state is State.LATE else State.DONE, note.score
    is_given = note is not None and note.score is not None
    return Outcome(
        assignment=given,
        state=state,
        share=share,
        by_rule=reached,
        maximum=graded[-1].max_score if graded else full_score(given) if is_given else None,
        attempts=len(sittings),
        under_way=under_way,
        is_given=is_given,
        is_released=_is_released(given, ended, arranged, now),
        comment=note.comment if note else "",
        handed_in=ended[-1].handed_in if ended else None,
    )


def _state(
    given: Assignment,
    ended: Sequence[Sitting],
    graded: Sequence[Sitting],
    under_way: bool,
    arranged: Sequence[Accommodation],
    now: datetime,
) -> tuple[State, float | None]:
    """Return where the attempts alone put somebody, and the share that they come to."""
    if ended:
        if any(one.waits for one in graded):
            return State.WAITS, None
        shares = [one.share for one in graded]
        reached = min(1.0, max(0.0, GradeRule(given.grade_rule).of(shares))) if shares else None
        return (State.LATE if _is_late(given, graded, shares) else State.DONE), reached
    if under_way:
        return State.OPEN, None
    if given.opens_at and now < given.opens_at:
        return State.TO_COME, None
    closing = given.closing_for(given.accommodation_among(arranged)) if arranged else given.closes_at
    return (State.MISSING if closing and now >= closing else State.NOT_BEGUN), None


def _is_late(given: Assignment, graded: Sequence[Sitting], shares: Sequence[float]) -> bool:
    """Whether what counts by the rule was handed in after the closing: by arrangement, or as it was reopened."""
    if given.closes_at is None or not graded:
        return False
    match given.grade_rule:
        case GradeRule.FIRST:
            counting = graded[:1]
        case GradeRule.LAST:
            counting = graded[-1:]
        case GradeRule.MEAN:
            counting = graded
        case _:
            counting = [graded[shares.index(max(shares))]]
    closing = given.closes_at.timestamp()
    return any(one.handed_in is not None and one.handed_in > closing for one in counting)


def _is_released(
    given: Assignment, ended: Sequence[Sitting], arranged: Sequence[Accommodation], now: datetime
) -> bool:
    """Whether results may be shown: those of all attempts that ended; before any, as an attempt's would be."""
    releases = [one.release for one in ended] or [given.feedback.value]
    if AFTER_CLOSE not in releases:
        return True
    mine = given.accommodation_among(arranged) if arranged else None
    return given.has_closed(given.last_closing(mine), now)
