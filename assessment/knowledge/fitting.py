"""The parameters of knowledge tracing, learned from our own log of answers to one skill.

Unpenalized fits of such models run to degenerate corners (Baker, Corbett & Aleven 2008: guess and slip
above one half; Beck & Chang 2007: many parameter sets predict alike). So guess and slip stay below one half
by construction, and a prior around the parameters given as start holds what the log says little about.
"""

from __future__ import annotations

from dataclasses import astuple, dataclass

import numpy as np

from assessment.knowledge.mastery import LIMITS, Floats, MasteryParameters, forward

# The spread of the prior on the logit scale: wide, but not wide enough for a corner.
PRIOR_SPREAD = 1.5

_DIFFERENCE = 1e-5
_TINY = 1e-6


@dataclass(frozen=True, slots=True)
class FittedMastery:
    """The most probable parameters, and the log-likelihood of the log at the start and at the end."""

    parameters: MasteryParameters
    log_likelihood: float
    start_log_likelihood: float
    converged: bool


def fit(correct: Floats, days: Floats, start: MasteryParameters | None = None) -> FittedMastery:
    """Return the parameters of one skill, from learners x answers as in `mastery.trace_many` (NaN pads)."""
    from scipy.optimize import minimize

    center = _to_logit(start or MasteryParameters())
    rest = np.zeros(len(correct))

    def log_likelihood(points: Floats) -> Floats:
        total: Floats = forward(_from_logit(points), correct, days, rest)[1].sum(axis=0)
        return total

    def objective(point: Floats) -> tuple[float, Floats]:
        # All differences in one pass: the forward recursion takes many parameter sets at once.
        shifts = np.concatenate([np.zeros((1, 5)), np.eye(5), -np.eye(5)]) * _DIFFERENCE
        heights = log_likelihood(point + shifts)
        gradient = (heights[1:6] - heights[6:]) / (2 * _DIFFERENCE)
        penalty = (point - center) / PRIOR_SPREAD
        return float(np.sum(penalty**2) / 2 - heights[0]), penalty / PRIOR_SPREAD - gradient

    found = minimize(objective, center, jac=True, method="L-BFGS-B")
    first, last = log_likelihood(np.stack([center, found.x]))
    return FittedMastery(
        MasteryParameters(*map(float, _from_logit(found.x[np.newaxis])[0])),
        log_likelihood=float(last),
        start_log_likelihood=float(first),
        converged=bool(found.success),
    )


def _to_logit(parameters: MasteryParameters) -> Floats:
    share = np.clip(np.array(astuple(parameters)) / LIMITS, _TINY, 1 - _TINY)
    logit: Floats = np.log(share / (1 - share))
    return logit


def _from_logit(points: Floats) -> Floats:
    sets: Floats = LIMITS / (1 + np.exp(-np.clip(points, -30.0, 30.0)))
    return sets
