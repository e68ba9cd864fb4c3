"""On-line difficulty of an item that is not calibrated yet: Elo's update with a variance, as in Glicko.

Elo 1978, Glickman 1999. One step of Bayes' rule per answer: the logistic curve, flattened by what is not
known of the other side, is met by a normal distribution at its center. Steps shrink as the variance does;
there is no K to tune.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np

from assessment.psychometrics.estimation import checked_score


@dataclass(frozen=True, slots=True)
class Rating:
    """What is believed of a difficulty, or of an ability: normal with ``mean`` and ``variance``."""

    mean: float = 0.0
    variance: float = 1.0
    answers: int = 0

    def __post_init__(self) -> None:
        if not (np.isfinite(self.variance) and self.variance > 0 and np.isfinite(self.mean)):
            raise ValueError(
                f"a rating is finite and of a variance above zero, got {self.mean}, {self.variance}"
            )

    @property
    def standard_error(self) -> float:
        """The standard deviation of the belief."""
        return float(np.sqrt(self.variance))

    def to_json(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)


def chance(ability: Rating, difficulty: Rating) -> float:
    """Return the probability of a right answer, averaged over what is not known of either side."""
    flat = _flattening(ability.variance + difficulty.variance)
    return float(1 / (1 + np.exp(-flat * (ability.mean - difficulty.mean))))


def update_difficulty(difficulty: Rating, ability: Rating, score: float) -> Rating:
    """Return the belief about an item after a score in [0, 1] of a learner; the learner's stays as it is."""
    mean, variance = _step(difficulty, ability, 1 - score)
    return Rating(mean, variance, difficulty.answers + 1)


def update_ability(ability: Rating, difficulty: Rating, score: float) -> Rating:
    """Return the belief about a learner after a score in [0, 1] on an item; the item's stays as it is."""
    mean, variance = _step(ability, difficulty, score)
    return Rating(mean, variance, ability.answers + 1)


def _step(own: Rating, other: Rating, won: float) -> tuple[float, float]:
    """Return mean and variance after winning ``won`` of one encounter; difficulty wins what ability loses."""
    checked_score(won)
    flat = _flattening(other.variance)
    expected = 1 / (1 + np.exp(-flat * (own.mean - other.mean)))
    variance = 1 / (1 / own.variance + flat**2 * expected * (1 - expected))
    return float(own.mean + variance * flat * (won - expected)), float(variance)


def _flattening(variance: float) -> float:
    """How much a logistic curve flattens when averaged over a normal of this variance (MacKay 1992)."""
    return float(1 / np.sqrt(1 + np.pi * variance / 8))
