"""Items without parameters: when one is asked unscored, and what its answers tell about its difficulty.

The estimate is Bayesian and on-line: difficulty has a posterior on the grid of 61 points, begun at the author's
guess; each answer multiplies in its likelihood, averaged over what was known of the learner. The order of
answers does not matter. Discrimination is taken as 1: a calibration will find it.
"""

from __future__ import annotations

import numpy as np

from assessment.psychometrics.estimation import GRID, NormalPrior, log_prior, posterior
from assessment.psychometrics.irt import Floats

GUESSED_WITHIN = 1.0
"""The standard deviation of an author's guess of a difficulty."""
SAFEGUARD = 1e-12

_RIGHT: Floats = 1 / (1 + np.exp(GRID[:, np.newaxis] - GRID))
"""Chance of a right answer, difficulty x theta."""


def has_room(share: float, shown: int, seeded: int) -> bool:
    """Return whether one more seeded item keeps their share of all items shown within ``share``."""
    return seeded + 1 <= share * (shown + 1) + SAFEGUARD


def first_guess(difficulty: float) -> Floats:
    """Return the log-posterior of a difficulty before any answer, 61 points."""
    return log_prior(NormalPrior(difficulty, GUESSED_WITHIN))


def learn(log_difficulty: Floats, log_ability: Floats, score: float) -> Floats:
    """Return the log-posterior of a difficulty after one score in [0, 1] of a learner; all have 61 points."""
    right = _RIGHT @ posterior(log_ability)
    learned: Floats = log_difficulty + score * np.log(right) + (1 - score) * np.log1p(-right)
    return learned
