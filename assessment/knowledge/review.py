"""When a skill should be reviewed, by FSRS-6 as in the ``fsrs`` library, without its random fuzz.

What is scheduled is a skill, not a card: each review is a fresh variant. So there are no steps of minutes
for a skill just learned (the lesson did that); a lapse comes back after ten minutes, everything else after
whole days.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Self

if TYPE_CHECKING:
    from fsrs import Card, Scheduler

PASS_SCORE = 0.6


class Rating(IntEnum):
    """How a review went, with the numbers that FSRS gives these words."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


class Phase(IntEnum):
    """Where a skill stands in its schedule, with the numbers of FSRS."""

    LEARNING = 1
    REVIEW = 2
    RELEARNING = 3


@dataclass(frozen=True, slots=True)
class Plan:
    """What a schedule aims at: the chance to still know the skill when its review is due, and the longest
    wait.
    """

    retention: float = 0.9
    maximum_days: int = 365

    def __post_init__(self) -> None:
        if not 0 < self.retention < 1:
            raise ValueError(f"retention must lie between 0 and 1, got {self.retention}")
        if self.maximum_days < 1:
            raise ValueError(f"maximum_days must be at least 1, got {self.maximum_days}")


@dataclass(frozen=True, slots=True)
class ReviewState:
    """The memory of one skill: FSRS's ``stability`` in days and ``difficulty`` in [1, 10], and when it is
    due (UTC).
    """

    phase: Phase
    step: int | None
    stability: float
    difficulty: float
    due: datetime
    last_review: datetime

    def to_json(self) -> dict[str, Any]:
        return {
            "phase": int(self.phase),
            "step": self.step,
            "stability": self.stability,
            "difficulty": self.difficulty,
            "due": self.due.isoformat(),
            "last_review": self.last_review.isoformat(),
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(
            phase=Phase(stored["phase"]),
            step=stored["step"],
            stability=stored["stability"],
            difficulty=stored["difficulty"],
            due=datetime.fromisoformat(stored["due"]),
            last_review=datetime.fromisoformat(stored["last_review"]),
        )


DEFAULT_PLAN = Plan()


def rating(score: float, *, tries: int = 1, hints: int = 0) -> Rating:
    """Return the rating of a review from the score of its last try, the tries it took and the hints read.

    Nothing here is ``EASY``: a score does not tell a fluent answer from a laborious one. Raises ValueError for
    a score outside [0, 1] or NaN, for less than one try and for a negative number of hints.
    """
    if not 0 <= score <= 1:
        raise ValueError(f"a score lies between 0 and 1, got {score}")
    if tries < 1 or hints < 0:
        raise ValueError(f"a review takes a try and no negative hints, got {tries} tries and {hints} hints")
    if score < PASS_SCORE:
        return Rating.AGAIN
    return Rating.GOOD if score >= 1 and tries == 1 and hints == 0 else Rating.HARD


def next_review(
    state: ReviewState | None, rating: Rating, now: datetime, *, plan: Plan = DEFAULT_PLAN
) -> ReviewState:
    """Return the state after a review at ``now`` (aware); ``state`` is None for a skill never reviewed.

    Raises ValueError when ``now`` has no time zone.
    """
    from fsrs import Rating as Grade

    moment = _utc(now)
    card, _ = _scheduler(plan).review_card(_card(state, moment), Grade(int(rating)), moment)
    if (
        card.stability is None or card.difficulty is None
    ):  # pragma: no cover - the library sets both in a review
        raise AssertionError("a reviewed card has a memory")
    return ReviewState(Phase(card.state.value), card.step, card.stability, card.difficulty, card.due, moment)


def retrievability(state: ReviewState, now: datetime, *, plan: Plan = DEFAULT_PLAN) -> float:
    """Return the probability that the skill is still remembered at ``now``. Whole days count, as in FSRS."""
    moment = _utc(now)
    return float(_scheduler(plan).get_card_retrievability(_card(state, moment), moment))


def due(states: Mapping[str, ReviewState], now: datetime, *, plan: Plan = DEFAULT_PLAN) -> tuple[str, ...]:
    """Return the names of what is due at ``now``, most nearly forgotten first, then by name."""
    waiting = (name for name, state in states.items() if state.due <= now)
    return tuple(sorted(waiting, key=lambda name: (retrievability(states[name], now, plan=plan), name)))


@lru_cache(maxsize=32)
def _scheduler(plan: Plan) -> Scheduler:
    from fsrs import Scheduler

    return Scheduler(
        desired_retention=plan.retention,
        learning_steps=(),
        relearning_steps=(timedelta(minutes=10),),
        maximum_interval=plan.maximum_days,
        enable_fuzzing=False,
    )


def _card(state: ReviewState | None, now: datetime) -> Card:
    from fsrs import Card, State

    # A card that makes its own id sleeps for a millisecond to keep ids apart; ours needs none.
    if state is None:
        return Card(card_id=0, due=now)
    return Card(
        card_id=0,
        state=State(int(state.phase)),
        step=state.step,
        stability=state.stability,
        difficulty=state.difficulty,
        due=state.due,
        last_review=state.last_review,
    )


def _utc(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("the moment of a review needs a time zone")
    return moment.astimezone(UTC)
