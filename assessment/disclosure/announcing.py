"""What a learner is told at once of an answer: facts, stored with the response, so that a repeated request gets the
same. Texts are made from the presentation and the first verdict, neither of which changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import msgspec

from assessment.models import Attempt, Presentation
from assessment.scoring.tries import TryRules


@dataclass(frozen=True, slots=True)
class Announcement:
    """The facts of one reply, whole: what is withheld of them is decided by ``released``.

    ``score`` is what the place counts for after the answer, in weights; ``next`` is the position that the attempt
    went on to by itself.
    """

    number: int
    valid: bool
    score: float | None
    max_score: float
    correct: bool
    settled: bool
    tries_left: int | None
    answers: int
    released: bool
    state: str
    attempt_score: float
    attempt_max_score: float
    next: int | None = None

    def to_json(self) -> dict[str, Any]:
        document: dict[str, Any] = msgspec.to_builtins(self)
        return document

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)


def announcement(
    attempt: Attempt | None,
    place: Presentation,
    rules: TryRules,
    *,
    number: int,
    valid: bool,
    correct: bool,
    following: int | None = None,
) -> Announcement:
    """Return what is told of an answer that left the attempt and the place as they are given."""
    credit = place.credit
    return Announcement(
        number=number,
        valid=valid,
        score=None if credit is None else credit * place.weight,
        max_score=place.weight,
        correct=correct,
        settled=place.is_settled,
        tries_left=place.tries_left(rules),
        answers=place.answers,
        released=attempt is None or attempt.rules.releases(finished=False, closed=False),
        state=attempt.state if attempt else "open",
        attempt_score=attempt.score if attempt else 0.0,
        attempt_max_score=attempt.max_score if attempt else 0.0,
        next=following,
    )
