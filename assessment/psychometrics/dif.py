"""Differential item functioning: does an item favor one of two groups of equal ability?

Mantel-Haenszel with the classes of the Educational Testing Service: Holland & Thayer 1988, Zieky 1993; its
variance: Phillips & Holland 1987. Logistic regression: Swaminathan & Rogers 1990; effect size: Jodoin &
Gierl 2001. Persons are matched by strata, of total scores or of bands of theta (for adaptive or sparse
responses).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assessment.psychometrics.irt import Bools, Floats, Integers

# Fewer answers than this in either group say nothing reliable about an item.
MINIMUM_GROUP = 100

_STEPS = 50
_RIDGE = 1e-8


@dataclass(frozen=True, slots=True)
class MantelHaenszel:
    """One entry per item. ``delta`` is on the ETS scale, below zero when the item is harder for the focal
    group.

    ``category`` is "A" (negligible), "B" or "C" (large), "" where a group has too few answers; the numbers
    are NaN there.
    """

    odds_ratio: Floats
    delta: Floats
    delta_error: Floats
    chi_square: Floats
    p_value: Floats
    category: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LogisticDif:
    """One entry per item: likelihood-ratio tests of a shift (uniform) and of another slope (non-uniform), and
    the gain in Nagelkerke's R² of both; NaN where a group has too few answers."""

    uniform: Floats
    uniform_p: Floats
    nonuniform: Floats
    nonuniform_p: Floats
    effect: Floats


def score_strata(responses: Floats) -> Integers:
    """Return the stratum of each person by the share of answers that were right, in steps of one item."""
    answered = np.maximum((~np.isnan(responses)).sum(axis=1), 1)
    share = np.nansum(responses, axis=1) / answered
    return np.asarray(np.rint(share * responses.shape[1]), dtype=np.int64)


def theta_strata(theta: Floats, bands: int = 10) -> Integers:
    """Return the stratum of each person by bands of theta that hold equally many persons."""
    edges = np.quantile(theta, np.linspace(0, 1, bands + 1)[1:-1])
    return np.searchsorted(edges, theta).astype(np.int64)


def mantel_haenszel(
    responses: Floats, focal: Bools, strata: Integers, *, minimum: int = MINIMUM_GROUP
) -> MantelHaenszel:
    """Return the test of each item. ``focal`` says who belongs to the focal group; the others are the
    reference.
    """
    from scipy.special import chdtrc

    enough = _enough(responses, focal, minimum)
    right_r, wrong_r = _tables(responses, ~focal, strata)
    right_f, wrong_f = _tables(responses, focal, strata)
    total = np.maximum(right_r + wrong_r + right_f + wrong_f, 1.0)
    for_reference, for_focal = right_r * wrong_f / total, wrong_r * right_f / total
    r, s = for_reference.sum(axis=0), for_focal.sum(axis=0)
    usable = enough & (r > 0) & (s > 0)
    ratio = np.divide(r, s, out=np.full_like(r, np.nan), where=usable)
    delta = -2.35 * np.log(ratio)
    # Phillips & Holland: the variance of the logarithm of the common odds ratio.
    cross = (right_r * wrong_f + ratio * wrong_r * right_f) * (
        right_r + wrong_f + ratio * (wrong_r + right_f)
    )
    error = 2.35 * np.sqrt((cross / total**2).sum(axis=0) / (2 * np.where(usable, r, np.nan) ** 2))
    chi_square = np.where(usable, _chi_square(right_r, wrong_r, right_f, wrong_f), np.nan)
    p_value = chdtrc(1, chi_square)
    category = tuple(
        _category(*entry) for entry in zip(delta.tolist(), error.tolist(), p_value.tolist(), strict=True)
    )
    return MantelHaenszel(ratio, delta, error, chi_square, p_value, category)


def logistic(
    responses: Floats, focal: Bools, matching: Floats, *, minimum: int = MINIMUM_GROUP
) -> LogisticDif:
    """Return the tests of each item; ``matching`` is each person's total score or theta."""
    from scipy.special import chdtrc

    enough = _enough(responses, focal, minimum)
    scaled = (matching - matching.mean()) / max(float(matching.std()), _RIDGE)
    group = focal.astype(np.float64)
    design = np.column_stack([np.ones_like(scaled), scaled, group, scaled * group])
    results = np.full((responses.shape[1], 3), np.nan)
    for item in np.flatnonzero(enough):
        answered = ~np.isnan(responses[:, item])
        results[item] = _nested(responses[answered, item], design[answered])
    uniform, nonuniform, effect = results.T
    return LogisticDif(uniform, chdtrc(1, uniform), nonuniform, chdtrc(1, nonuniform), effect)


def _enough(responses: Floats, focal: Bools, minimum: int) -> Bools:
    answered = ~np.isnan(responses)
    enough: Bools = (answered[focal].sum(axis=0) >= minimum) & (answered[~focal].sum(axis=0) >= minimum)
    return enough


def _tables(responses: Floats, group: Bools, strata: Integers) -> tuple[Floats, Floats]:
    """Return the right and wrong answers of a group, strata x items."""
    member = np.zeros((int(strata.max()) + 1, len(strata)))
    member[strata, np.arange(len(strata))] = group
    right: Floats = member @ (responses == 1)
    wrong: Floats = member @ (responses == 0)
    return right, wrong


def _chi_square(right_r: Floats, wrong_r: Floats, right_f: Floats, wrong_f: Floats) -> Floats:
    """The Mantel-Haenszel chi-square with its continuity correction."""
    reference, focal = right_r + wrong_r, right_f + wrong_f
    right, wrong = right_r + right_f, wrong_r + wrong_f
    total = reference + focal
    counted = total > 1
    size = np.where(counted, total, 2.0)
    expected = np.where(counted, reference * right / size, 0.0)
    variance = np.where(counted, reference * focal * right * wrong / (size**2 * (size - 1)), 0.0).sum(axis=0)
    observed = np.where(counted, right_r, 0.0)
    distance = np.maximum(np.abs((observed - expected).sum(axis=0)) - 0.5, 0.0)
    chi_square: Floats = np.divide(distance**2, variance, out=np.zeros_like(variance), where=variance > 0)
    return chi_square


def _category(delta: float, error: float, p_value: float) -> str:
    """C: at least 1.5 and significantly above 1 in size; A: below 1 or not significant; B: between."""
    if np.isnan(delta):
        return ""
    if abs(delta) < 1 or p_value > 0.05:
        return "A"
    return "C" if abs(delta) >= 1.5 and abs(delta) - 1.645 * error > 1 else "B"


def _nested(scores: Floats, design: Floats) -> tuple[float, float, float]:
    """Return the two likelihood ratios of the nested models and the gain in R²."""
    nothing = _height(scores, design[:, :1])
    matched, shifted, full = (_height(scores, design[:, :columns]) for columns in (2, 3, 4))
    size = len(scores)
    most = 1 - np.exp(2 * nothing / size)

    def explained(height: float) -> float:
        return float((1 - np.exp(2 * (nothing - height) / size)) / most) if most > 0 else 0.0

    return 2 * (shifted - matched), 2 * (full - shifted), explained(full) - explained(matched)


def _height(scores: Floats, design: Floats) -> float:
    """Return the highest log-likelihood of a logistic regression (Newton's method, a trace of ridge)."""
    weights = np.zeros(design.shape[1])
    for _ in range(_STEPS):
        chance = 1 / (1 + np.exp(-np.clip(design @ weights, -30, 30)))
        curvature = (design.T * (chance * (1 - chance))) @ design + _RIDGE * np.eye(len(weights))
        step = np.linalg.solve(curvature, design.T @ (scores - chance) - _RIDGE * weights)
        weights = weights + np.clip(step, -2, 2)
        if np.abs(step).max() < 1e-10:
            break
    logit = np.clip(design @ weights, -30, 30)
    return float(np.sum(scores * logit - np.logaddexp(0, logit)))
