"""Regions of a parameter: is one draw of an exercise harder than another, for learners of the same ability?

The drawn values are cut into groups, and the score is explained by ability alone, and by ability and group: a
likelihood-ratio test of two logistic regressions (Swaminathan & Rogers 1990 use it so for groups of persons), or the
F test of two linear ones where there is partial credit. Over the parameters of an exercise by Holm 1979. The adjusted
facility of a group is what all learners would reach in it (standardization: Dorans & Kulick 1986).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from assessment.psychometrics.intervals import NAN
from assessment.psychometrics.irt import Floats, Integers

MOST_VALUES: Final = 6
"""Different values that stand for themselves; more are cut into thirds."""
LEAST_IN_GROUP: Final = 20
"""Answers in each group before anything is tested: fewer make a likelihood ratio a poor guess."""

_STEPS: Final = 50
_RIDGE: Final = 1e-6


@dataclass(frozen=True, slots=True)
class Region:
    """A part of the values that a parameter takes: ``low`` to ``high``, the same where it is one value."""

    low: float
    high: float
    answers: int
    facility: float
    adjusted: float


@dataclass(frozen=True, slots=True)
class Dependence:
    """How the score depends on a parameter beside ability; ``p_value`` is NaN before there are enough answers."""

    regions: tuple[Region, ...]
    p_value: float

    @property
    def gap(self) -> float:
        """How far the adjusted facilities of the easiest and the hardest region lie apart."""
        adjusted = [one.adjusted for one in self.regions]
        return max(adjusted) - min(adjusted) if adjusted else NAN


def dependence(values: Floats, scores: Floats, ability: Floats) -> Dependence:
    """Return how the scores depend on the drawn values. Persons whose ability is NaN are left out."""
    known = ~np.isnan(ability)
    values, scores, ability = values[known], scores[known], ability[known]
    group, edges = regions_of(values)
    sizes = np.bincount(group, minlength=len(edges))
    if len(edges) < 2:
        return Dependence((), NAN)
    base = _with_intercept(ability)
    full = np.column_stack([base, *(group == one for one in range(1, len(edges)))]).astype(np.float64)
    is_logistic = bool(np.isin(scores, (0.0, 1.0)).all())
    fit = _logistic if is_logistic else _linear
    adjusted = _adjusted(full, base.shape[1], len(edges), fit(full, scores), is_logistic)
    enough = int(sizes.min()) >= LEAST_IN_GROUP and np.ptp(scores) > 0
    p_value = (_ratio_test if is_logistic else _f_test)(base, full, scores) if enough else NAN
    rows = [
        Region(low, high, int(sizes[one]), float(scores[group == one].mean()), adjusted[one])
        for one, (low, high) in enumerate(edges)
    ]
    return Dependence(tuple(rows), p_value)


def regions_of(values: Floats) -> tuple[Integers, list[tuple[float, float]]]:
    """Return the region of each value, and from where to where each region goes: single values, or thirds."""
    distinct = np.unique(values)
    if len(distinct) <= MOST_VALUES:
        return np.searchsorted(distinct, values).astype(np.int64), [(float(v), float(v)) for v in distinct]
    cuts = np.quantile(values, [1 / 3, 2 / 3], method="lower")
    group = np.searchsorted(np.unique(cuts), values).astype(np.int64)
    _, group = np.unique(group, return_inverse=True)
    inside = [values[group == one] for one in range(int(group.max()) + 1)]
    return group.astype(np.int64), [(float(one.min()), float(one.max())) for one in inside]


def holm(p_values: Sequence[float]) -> list[float]:
    """Return the p-values corrected for their number; NaN stays NaN and counts for nothing."""
    order = [place for place in np.argsort(p_values) if not np.isnan(p_values[place])]
    corrected, highest = [NAN] * len(p_values), 0.0
    for done, place in enumerate(order):
        highest = max(highest, min(1.0, (len(order) - done) * p_values[place]))
        corrected[place] = highest
    return corrected


def _with_intercept(ability: Floats) -> Floats:
    spread = float(ability.std())
    if spread == 0:
        return np.ones((len(ability), 1))
    scaled: Floats = (ability - ability.mean()) / spread
    return np.column_stack([np.ones_like(scaled), scaled])


def _adjusted(design: Floats, first: int, groups: int, weights: Floats, is_logistic: bool) -> list[float]:
    """Return the mean prediction over all persons, with each group in turn."""
    found = []
    for one in range(groups):
        moved = design.copy()
        moved[:, first:] = 0.0
        if one:
            moved[:, first + one - 1] = 1.0
        predicted = moved @ weights
        found.append(float((_chance(predicted) if is_logistic else np.clip(predicted, 0, 1)).mean()))
    return found


def _ratio_test(base: Floats, full: Floats, scores: Floats) -> float:
    from scipy.special import chdtrc

    heights = [_log_likelihood(design, scores, _logistic(design, scores)) for design in (base, full)]
    return float(chdtrc(full.shape[1] - base.shape[1], max(0.0, 2 * (heights[1] - heights[0]))))


def _f_test(base: Floats, full: Floats, scores: Floats) -> float:
    from scipy.special import fdtrc

    first, second = (float(np.square(scores - d @ _linear(d, scores)).sum()) for d in (base, full))
    more, left = full.shape[1] - base.shape[1], len(scores) - full.shape[1]
    if left < 1 or second <= 0:
        return NAN
    return float(fdtrc(more, left, max(0.0, (first - second) / more / (second / left))))


def _linear(design: Floats, scores: Floats) -> Floats:
    return np.linalg.lstsq(design, scores, rcond=None)[0].astype(np.float64)


def _logistic(design: Floats, scores: Floats) -> Floats:
    """Return the weights of a logistic regression (Newton's method; a trace of ridge holds separated groups)."""
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = _chance(design @ weights)
        curvature = (design.T * (chance * (1 - chance))) @ design + _RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curvature, design.T @ (scores - chance) - _RIDGE * weights)
        weights = weights + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-9:
            break
    return weights


def _chance(logit: Floats) -> Floats:
    chance: Floats = 1 / (1 + np.exp(-np.clip(logit, -30, 30)))
    return chance


def _log_likelihood(design: Floats, scores: Floats, weights: Floats) -> float:
    logit = np.clip(design @ weights, -30, 30)
    return float(np.sum(scores * logit - np.logaddexp(0, logit)))
