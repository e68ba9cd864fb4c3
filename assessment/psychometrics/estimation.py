"""Estimates of theta: on a grid of 61 points (EAP), and by the root of a score function (ML, MAP, WLE).

EAP: Bock & Mislevy 1982. WLE: Warm 1989, in the general form score + J / (2 I) = 0, which holds for all the
models here (Samejima 1993). Responses are persons x items, missing is NaN; dichotomous or partial credit.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assessment.psychometrics import irt
from assessment.psychometrics.irt import Bools, Floats, ItemParameters
from assessment.psychometrics.polytomous import PolytomousParameters, curves

Items = ItemParameters | PolytomousParameters

GRID: Floats = np.linspace(-6.0, 6.0, 61)
GRID.setflags(write=False)
WIDTH = float(GRID[1] - GRID[0])
"""Between two points of the grid. What varies less than this is not seen on it."""
LONGEST_ON_GRID = 200
"""Answers of one person up to which 61 points are exact to 0.001; a posterior narrows as answers come in."""
FINEST = 20
"""By how much a finer grid is finer at most: 1,201 points."""

_SMALLEST = 1e-300
_LOWEST = float(np.log(_SMALLEST))
_STEPS = 60
_PRECISION = 1e-10


@dataclass(frozen=True, slots=True)
class NormalPrior:
    """What is assumed of theta before any response. Raises ValueError unless both are finite and ``sd`` is above
    zero."""

    mean: float = 0.0
    sd: float = 1.0

    def __post_init__(self) -> None:
        if not np.isfinite(self.mean):
            raise ValueError(f"the mean of a prior must be finite, got {self.mean}")
        if not (np.isfinite(self.sd) and self.sd > 0):
            raise ValueError(
                f"the standard deviation of a prior must be finite and above zero, got {self.sd}"
            )


@dataclass(frozen=True, slots=True)
class Estimate:
    """Theta and its standard error, one entry per person (NaN where nothing is known)."""

    theta: Floats
    standard_error: Floats


STANDARD_NORMAL = NormalPrior()


def grid_for(answers: int, sd: float = 1.0) -> Floats:
    """Return a grid over [-6, 6] that is fine enough for persons with N answers and for a prior of this ``sd``:
    `GRID`, or one with up to `FINEST` points between two of its points."""
    needed = max(np.sqrt(max(answers, 1) / LONGEST_ON_GRID), WIDTH / sd)
    finer = int(min(np.ceil(needed - 1e-9), FINEST))
    return GRID if finer == 1 else np.linspace(GRID[0], GRID[-1], (len(GRID) - 1) * finer + 1)


def log_prior(prior: NormalPrior = STANDARD_NORMAL, grid: Floats = GRID) -> Floats:
    """Return the logarithm of the prior's weights on the grid, which sum to 1.

    Raises ValueError for a prior that is narrower than the grid is wide from point to point.
    """
    width = float(grid[1] - grid[0])
    if prior.sd < width * (1 - 1e-9):
        raise ValueError(
            f"a prior of sd {prior.sd} is finer than the grid, whose points are {width:.2g} apart"
        )
    log_density: Floats = -0.5 * np.square((grid - prior.mean) / prior.sd)
    above = log_density - log_density.max()
    weights: Floats = above - np.log(np.exp(above).sum())
    return weights


def log_likelihood(responses: Floats, items: Items, grid: Floats = GRID) -> Floats:
    """Return the log-likelihood of each person's responses at each grid point, persons x points."""
    table = np.log(np.maximum(curves(grid, items).probability, _SMALLEST))
    return _sum_over_responses(as_responses(responses, items), table, _categories(items))


def update(log_posterior: Floats, item: Items, score: float) -> Floats:
    """Return the log-posterior after one response to the one item in ``item``; both have 61 points.

    A score between 0 and 1 on a dichotomous item weighs right and wrong by the score. The one formula for
    learners and for simulations. Raises ValueError for a score that the item does not have.
    """
    if not isinstance(item, ItemParameters):
        if np.isnan(score):
            raise ValueError("a score is a number; what was not answered updates nothing")
        of_category: Floats = log_likelihood(np.array([[score]], dtype=np.float64), item)[0]
        return log_posterior + of_category
    checked_score(score)
    wrong, right = (np.maximum(curve[:, 0], _LOWEST) for curve in irt.log_likelihoods(GRID, item))
    return np.asarray(log_posterior + (1 - score) * wrong + score * right)


def checked_score(score: float) -> float:
    """Return a score as it is. Raises ValueError unless it lies in [0, 1]; NaN does not."""
    if not 0 <= score <= 1:
        raise ValueError(f"a score lies between 0 and 1, got {score}")
    return score


def as_responses(responses: ArrayLike, items: Items) -> Floats:
    """Return responses as floats. Raises ValueError unless they are persons x items."""
    matrix = np.asarray(responses, dtype=np.float64)
    if matrix.ndim != 2 or matrix.shape[1] != len(items):
        raise ValueError(f"responses are persons x {len(items)} items, got the shape {matrix.shape}")
    return matrix


def posterior(log_posterior: Floats) -> Floats:
    """Return the weights of the grid points, summing to 1 along the last axis."""
    weights = np.exp(log_posterior - log_posterior.max(axis=-1, keepdims=True))
    normalized: Floats = weights / weights.sum(axis=-1, keepdims=True)
    return normalized


def expected(log_posterior: Floats, grid: Floats = GRID) -> Estimate:
    """Return the mean and the standard deviation of a log-posterior on the grid (last axis)."""
    weights = posterior(log_posterior)
    mean = weights @ grid
    variance = (weights * (grid - mean[..., np.newaxis]) ** 2).sum(axis=-1)
    return Estimate(np.asarray(mean), np.sqrt(variance))


def quantiles(weights: Floats, shares: Sequence[float]) -> tuple[float, ...]:
    """Return the thetas below which these shares of a posterior's 61 weights lie.

    A point stands for the stretch of the scale around it, to half way to its neighbors: so much has been reached
    at the far end of the stretch, not at the point.
    """
    edges = np.append(GRID - WIDTH / 2, GRID[-1] + WIDTH / 2)
    reached = np.append(0.0, np.cumsum(weights))
    return tuple(float(np.clip(np.interp(share, reached, edges), GRID[0], GRID[-1])) for share in shares)


def eap(responses: Floats, items: Items, prior: NormalPrior = STANDARD_NORMAL) -> Estimate:
    """Return the mean of the posterior with its standard deviation; the prior where nothing was answered."""
    grid = grid_for(len(items), prior.sd)
    return expected(log_prior(prior, grid) + log_likelihood(responses, items, grid), grid)


def maximum_posterior(responses: Floats, items: Items, prior: NormalPrior = STANDARD_NORMAL) -> Estimate:
    """Return the mode of the posterior (MAP) with the standard error of its curvature in expectation."""
    answers = as_responses(responses, items)
    return _root(answers, items, lambda at: _score(at) - (at.theta - prior.mean) / prior.sd**2, prior)


def maximum_likelihood(responses: Floats, items: Items) -> Estimate:
    """Return the likeliest theta, the end of the grid for all right or all wrong, NaN for no responses.

    With guessing the likelihood may have a peak inside and rise again towards an end; the higher one counts.
    """
    answers = as_responses(responses, items)
    return _without_data_unknown(answers, _or_an_end(_root(answers, items, _score, None), answers, items))


def weighted_likelihood(responses: Floats, items: Items) -> Estimate:
    """Return Warm's estimate, nearly unbiased and finite for all right and all wrong; NaN for no
    responses.
    """
    responses = as_responses(responses, items)
    weighted = _root(responses, items, lambda at: at.score + at.warm / (2 * at.information), None)
    return _without_data_unknown(responses, weighted)


Estimator = Callable[[Floats, Items], Estimate]
ESTIMATORS: dict[str, Estimator] = {
    "eap": eap,
    "map": maximum_posterior,
    "ml": maximum_likelihood,
    "wle": weighted_likelihood,
}


@dataclass(frozen=True, slots=True)
class _Sums:
    """What the answered items add up to at ``theta``; all of one shape."""

    theta: Floats
    score: Floats
    information: Floats
    warm: Floats


def _score(at: _Sums) -> Floats:
    return at.score


def _root(
    responses: Floats, items: Items, slope: Callable[[_Sums], Floats], prior: NormalPrior | None
) -> Estimate:
    """Return the zero of ``slope`` that is the highest peak, or the end of the grid it rises towards."""
    low, high = _brackets(slope(_on_grid(responses, items)))
    theta = (low + high) / 2
    for _ in range(_STEPS):
        at = _at(theta, responses, items)
        rise = slope(at)
        low, high = np.where(rise > 0, theta, low), np.where(rise > 0, high, theta)
        step = rise / (at.information + (0 if prior is None else prior.sd**-2))
        # A step of Fisher scoring where it stays inside the bracket, else halve the bracket.
        proposed = np.where((theta + step > low) & (theta + step < high), theta + step, (low + high) / 2)
        moved, theta = np.abs(proposed - theta).max(initial=0.0), proposed
        if moved < _PRECISION:
            break
    precision = _at(theta, responses, items).information + (0 if prior is None else prior.sd**-2)
    return Estimate(theta, 1 / np.sqrt(np.maximum(precision, _SMALLEST)))


def _or_an_end(inside: Estimate, responses: Floats, items: Items) -> Estimate:
    """Return each estimate, or the end of the grid where the likelihood is higher than there."""
    ends = log_likelihood(responses, items, GRID[[0, -1]])
    end = np.where(ends[:, 1] > ends[:, 0], GRID[-1], GRID[0])
    higher = ends.max(axis=1) > _log_likelihood_at(inside.theta, responses, items)
    at_end = _at(end, responses, items).information
    return Estimate(
        np.where(higher, end, inside.theta),
        np.where(higher, 1 / np.sqrt(at_end), inside.standard_error),
    )


def _log_likelihood_at(theta: Floats, responses: Floats, items: Items) -> Floats:
    """Return the log-likelihood of each person's responses at the person's own theta."""
    p = np.maximum(curves(theta, items).probability, _SMALLEST)
    answered = ~np.isnan(responses)
    chosen = np.where(answered, responses, 0).astype(np.int64)[:, :, np.newaxis]
    terms = np.log(np.take_along_axis(p, chosen, axis=2)[:, :, 0])
    total: Floats = np.where(answered, terms, 0.0).sum(axis=1)
    return total


def _brackets(slope: Floats) -> tuple[Floats, Floats]:
    """Return the grid cell around the highest peak of a function, given its slope at the grid points."""
    rise = (slope[:, 1:] + slope[:, :-1]) * WIDTH / 2
    height = np.pad(np.cumsum(rise, axis=1), ((0, 0), (1, 0)))
    peaks = (slope[:, :-1] > 0) & (slope[:, 1:] <= 0)
    cell = np.argmax(np.where(peaks, np.maximum(height[:, :-1], height[:, 1:]), -np.inf), axis=1)
    low, high = GRID[cell], GRID[cell + 1]
    # Without a peak inside, the function rises towards an end: a bracket of no width stays there.
    end = np.where(height[:, -1] > 0, GRID[-1], GRID[0])
    inside = peaks.any(axis=1)
    return np.where(inside, low, end), np.where(inside, high, end)


def _on_grid(responses: Floats, items: Items) -> _Sums:
    """Return the sums at every grid point, persons x 61, as products of tables."""
    drawn = curves(GRID, items)
    p = np.maximum(drawn.probability, _SMALLEST)
    answered = (~np.isnan(responses)).astype(np.float64)
    information = answered @ (drawn.slope**2 / p).sum(axis=2).T
    warm = answered @ (drawn.slope * drawn.curvature / p).sum(axis=2).T
    score = _sum_over_responses(responses, drawn.slope / p, _categories(items))
    return _Sums(np.broadcast_to(GRID, score.shape), score, np.maximum(information, _SMALLEST), warm)


def _at(theta: Floats, responses: Floats, items: Items) -> _Sums:
    """Return the sums at each person's own theta, one entry per person."""
    drawn = curves(theta, items)
    p = np.maximum(drawn.probability, _SMALLEST)
    answered = ~np.isnan(responses)
    chosen = np.where(answered, responses, 0).astype(np.int64)[:, :, np.newaxis]
    ratio = np.take_along_axis(drawn.slope / p, chosen, axis=2)[:, :, 0]
    information = (drawn.slope**2 / p).sum(axis=2)
    warm = (drawn.slope * drawn.curvature / p).sum(axis=2)
    score, total, bias = (np.where(answered, term, 0).sum(axis=1) for term in (ratio, information, warm))
    return _Sums(theta, score, np.maximum(total, _SMALLEST), bias)


def _sum_over_responses(responses: Floats, table: Floats, categories: Floats) -> Floats:
    """Return, persons x points, the sum of the table's (points x items x categories) entries chosen by
    responses.

    Raises ValueError for a score that an item does not have.
    """
    known = ~np.isnan(responses)
    highest = categories - 1
    if np.any(known & ((responses < 0) | (responses > highest) | (responses != np.floor(responses)))):
        raise ValueError("a response is a whole score from 0 to the item's highest category, or NaN")
    total = np.zeros((len(responses), len(table)))
    for category in range(table.shape[2]):
        total += (responses == category).astype(np.float64) @ table[:, :, category].T
    return total


def _categories(items: Items) -> Floats:
    """Return the number of categories of each item."""
    if isinstance(items, ItemParameters):
        return np.full(len(items), 2.0)
    thresholds = (~np.isnan(items.b)).astype(np.float64)
    return 1 + thresholds @ np.ones(thresholds.shape[1])


def _without_data_unknown(responses: ArrayLike, estimate: Estimate) -> Estimate:
    nothing: Bools = np.isnan(np.asarray(responses)).all(axis=1)
    return Estimate(
        np.where(nothing, np.nan, estimate.theta), np.where(nothing, np.nan, estimate.standard_error)
    )
