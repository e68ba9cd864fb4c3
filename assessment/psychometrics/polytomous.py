"""Items with partial credit: the graded response and the generalized partial credit model.

Graded response (Samejima 1969): P(score >= k) = 1 / (1 + exp(-a (theta - b_k))).
Generalized partial credit (Muraki 1992): P(score = k) is proportional to exp(sum of a (theta - b_v), v <= k).
Scores count from 0. Arrays are persons x items x categories; items with fewer categories are padded with NaN in
``b`` and with probability 0.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import ArrayLike

from assessment.psychometrics.irt import Floats, ItemParameters

_LIMIT = 350.0


class Model(StrEnum):
    """The models of partial credit."""

    GRADED = "graded"
    PARTIAL_CREDIT = "partial_credit"


@dataclass(frozen=True, slots=True, init=False)
class PolytomousParameters:
    """Discrimination ``a`` per item and ``b``, items x (categories - 1): thresholds of a graded item, steps of
    a partial credit item.

    Raises ValueError for ``a`` that is not above zero, for a NaN before a number, for an item without any
    threshold, and for thresholds of a graded item that do not rise.
    """

    a: Floats
    b: Floats
    model: Model

    def __init__(self, a: ArrayLike, b: ArrayLike, model: Model = Model.GRADED) -> None:
        b = np.array(b, dtype=np.float64, ndmin=2)
        a = np.array(np.broadcast_to(np.asarray(a, dtype=np.float64), len(b)))
        present = ~np.isnan(b)
        if not np.all(a > 0) or not np.isfinite(a).all():
            raise ValueError("discrimination must be above zero")
        if not present[:, 0].all() or np.any(present[:, 1:] & ~present[:, :-1]):
            raise ValueError("thresholds stand at the beginning of their row, NaN pads its end")
        rise = np.diff(b, axis=1)
        if model is Model.GRADED and np.any(rise[~np.isnan(rise)] <= 0):
            raise ValueError("the thresholds of a graded item must rise")
        for name, value in (("a", a), ("b", b)):
            value.setflags(write=False)
            object.__setattr__(self, name, value)
        object.__setattr__(self, "model", model)

    def __len__(self) -> int:
        return len(self.a)

    @property
    def categories(self) -> int:
        """The highest number of categories of any item."""
        return int(self.b.shape[1]) + 1


@dataclass(frozen=True, slots=True)
class CategoryCurves:
    """Probability of each category and its first two derivatives by theta, persons x items x categories."""

    probability: Floats
    slope: Floats
    curvature: Floats


def category_probability(theta: ArrayLike, items: PolytomousParameters) -> Floats:
    """Return the probability of each score, persons x items x categories."""
    return curves(theta, items).probability


def category_information(theta: ArrayLike, items: PolytomousParameters) -> Floats:
    """Return what each category adds to the information, slope² / P, persons x items x categories."""
    drawn = curves(theta, items)
    return _over(drawn.slope**2, drawn.probability)


def information(theta: ArrayLike, items: PolytomousParameters) -> Floats:
    """Return the Fisher information of each item, persons x items."""
    total: Floats = category_information(theta, items).sum(axis=2)
    return total


def expected_score(theta: ArrayLike, items: PolytomousParameters) -> Floats:
    """Return the expected score on each item, persons x items."""
    mean: Floats = category_probability(theta, items) @ np.arange(items.categories, dtype=np.float64)
    return mean


def simulate(theta: ArrayLike, items: PolytomousParameters, rng: np.random.Generator) -> Floats:
    """Return drawn scores 0.0, 1.0, ..., persons x items."""
    cumulative = category_probability(theta, items).cumsum(axis=2)
    drawn = rng.random(cumulative.shape[:2])[:, :, np.newaxis]
    scores: Floats = (drawn > cumulative[:, :, :-1]).sum(axis=2).astype(np.float64)
    return scores


def curves(theta: ArrayLike, items: PolytomousParameters | ItemParameters) -> CategoryCurves:
    """Return the curves of all categories of any item; a dichotomous item has the categories wrong and right."""
    column = np.atleast_1d(np.asarray(theta, dtype=np.float64))[:, np.newaxis, np.newaxis]
    if isinstance(items, ItemParameters):
        return _dichotomous(column, items)
    return _graded(column, items) if items.model is Model.GRADED else _partial_credit(column, items)


def _dichotomous(column: Floats, items: ItemParameters) -> CategoryCurves:
    logit = np.clip(items.a * (column[:, :, 0] - items.b), -_LIMIT, _LIMIT)
    rising, falling = 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(logit))
    span = items.d - items.c
    slope = items.a * span * rising * falling
    curvature = items.a * slope * (falling - rising)
    wrong, right = (1 - items.d) + span * falling, items.c + span * rising
    return CategoryCurves(
        np.stack([wrong, right], axis=2),
        np.stack([-slope, slope], axis=2),
        np.stack([-curvature, curvature], axis=2),
    )


def _graded(column: Floats, items: PolytomousParameters) -> CategoryCurves:
    """Differences of neighboring cumulative curves, 1 before the first threshold and 0 behind the last."""
    a = items.a[:, np.newaxis]
    # A threshold at infinity is never passed: that is what a padded category needs.
    logit = np.clip(a * (column - np.where(np.isnan(items.b), np.inf, items.b)), -_LIMIT, _LIMIT)
    reached, missed = 1 / (1 + np.exp(-logit)), 1 / (1 + np.exp(logit))
    reached, missed = np.where(np.isnan(items.b), 0.0, reached), np.where(np.isnan(items.b), 1.0, missed)
    slope = a * reached * missed
    curvature = a * slope * (missed - reached)
    # The same difference from both sides: each side is exact where the other subtracts two numbers near 1.
    from_below = _differences(reached, first=1.0, last=0.0)
    from_above = -_differences(missed, first=0.0, last=1.0)
    lower_tail = np.pad(reached, ((0, 0), (0, 0), (1, 0)), constant_values=1.0) < 0.5
    probability = np.where(lower_tail, from_below, from_above)
    return CategoryCurves(probability, _differences(slope), _differences(curvature))


def _differences(cumulative: Floats, *, first: float = 0.0, last: float = 0.0) -> Floats:
    """Return each cumulative curve less the next, with ``first`` before the first and ``last`` behind the last."""
    edges = ((0, 0), (0, 0))
    before = np.pad(cumulative, (*edges, (1, 0)), constant_values=first)
    after = np.pad(cumulative, (*edges, (0, 1)), constant_values=last)
    difference: Floats = before - after
    return difference


def _partial_credit(column: Floats, items: PolytomousParameters) -> CategoryCurves:
    steps = items.a[:, np.newaxis] * (column - items.b)
    exponent = np.pad(np.cumsum(steps, axis=2), ((0, 0), (0, 0), (1, 0)))
    exponent = np.where(np.isnan(exponent), -np.inf, exponent)
    weight = np.exp(exponent - exponent.max(axis=2, keepdims=True))
    probability = weight / weight.sum(axis=2, keepdims=True)
    score = np.arange(items.categories, dtype=np.float64)
    centered = score - (probability @ score)[:, :, np.newaxis]
    variance = (probability * centered**2).sum(axis=2, keepdims=True)
    a = items.a[:, np.newaxis]
    return CategoryCurves(
        probability, a * probability * centered, a**2 * probability * (centered**2 - variance)
    )


def _over(numerator: Floats, denominator: Floats) -> Floats:
    """Divide, with 0 where a category cannot occur."""
    return np.divide(numerator, denominator, out=np.zeros_like(numerator), where=denominator > 0)
