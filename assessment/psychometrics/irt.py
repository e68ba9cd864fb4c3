"""Item response theory for dichotomous items: the one- to four-parameter logistic models.

P(theta) = c + (d - c) / (1 + exp(-a (theta - b))), in the logistic metric without the factor 1.7
(Birnbaum 1968; Barton & Lord 1981). Arrays are persons x items.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Integers = NDArray[np.int64]

# Beyond this logit a probability is 0 or 1 to the last bit, and exp() would overflow soon after.
_LIMIT = 700.0


@dataclass(frozen=True, slots=True, init=False)
class ItemParameters:
    """One entry per item: discrimination ``a``, difficulty ``b``, lower asymptote ``c``, upper asymptote
    ``d``.

    Entries of one value stand for all items, so ``ItemParameters(1.0, difficulties)`` is a Rasch bank. Raises
    ValueError for what is not finite, for ``a`` of zero, and unless 0 <= c < d <= 1. A negative ``a`` is
    allowed: calibration finds such items, and somebody should see them.
    """

    a: Floats
    b: Floats
    c: Floats
    d: Floats

    def __init__(self, a: ArrayLike, b: ArrayLike, c: ArrayLike = 0.0, d: ArrayLike = 1.0) -> None:
        columns = [np.atleast_1d(np.asarray(column, dtype=np.float64)) for column in (a, b, c, d)]
        for name, column in zip("abcd", np.broadcast_arrays(*columns), strict=True):
            fixed = np.array(column)
            fixed.setflags(write=False)
            object.__setattr__(self, name, fixed)
        if self.a.ndim != 1:
            raise ValueError("item parameters are one-dimensional: one entry per item")
        if not all(np.isfinite(column).all() for column in columns):
            raise ValueError("item parameters must be finite")
        if np.any(self.a == 0):
            raise ValueError("an item with discrimination 0 measures nothing")
        if np.any(self.c < 0) or np.any(self.d > 1) or np.any(self.c >= self.d):
            raise ValueError("asymptotes must satisfy 0 <= c < d <= 1")

    def __len__(self) -> int:
        return len(self.a)

    def __getitem__(self, index: int | slice | Integers | Bools) -> Self:
        """Return some of the items, unchecked: what is part of a valid bank is valid."""
        taken = object.__new__(type(self))
        for name in ("a", "b", "c", "d"):
            column = np.atleast_1d(getattr(self, name)[index])
            column.setflags(write=False)
            object.__setattr__(taken, name, column)
        return taken

    @property
    def intercept(self) -> Floats:
        """The intercept of the slope-intercept form: logit = a theta + intercept."""
        return -self.a * self.b


def probability(theta: ArrayLike, items: ItemParameters) -> Floats:
    """Return the probability of a correct response, persons x items."""
    return items.c + (items.d - items.c) * _logistic(theta, items)


def slope(theta: ArrayLike, items: ItemParameters) -> Floats:
    """Return the derivative of the probability by theta, persons x items."""
    rising = _logistic(theta, items)
    return items.a * (items.d - items.c) * rising * _complement(theta, items)


def information(theta: ArrayLike, items: ItemParameters) -> Floats:
    """Return the Fisher information of each item, slope² / (P (1 - P)), persons x items."""
    rising, falling = _logistic(theta, items), _complement(theta, items)
    span = items.d - items.c
    correct, wrong = items.c + span * rising, (1 - items.d) + span * falling
    fisher: Floats = np.square(items.a * span * rising * falling) / (correct * wrong)
    return fisher


def log_likelihoods(theta: ArrayLike, items: ItemParameters) -> tuple[Floats, Floats]:
    """Return the logarithms of the probabilities of a wrong and of a correct response, each persons x
    items.
    """
    rising, falling = _logistic(theta, items), _complement(theta, items)
    span = items.d - items.c
    return np.log((1 - items.d) + span * falling), np.log(items.c + span * rising)


def standard_error(theta: ArrayLike, items: ItemParameters) -> Floats:
    """Return the asymptotic standard error of theta, one per person, when all the items are answered."""
    total: Floats = information(theta, items).sum(axis=1)
    return 1 / np.sqrt(total)


def simulate(theta: ArrayLike, items: ItemParameters, rng: np.random.Generator) -> Floats:
    """Return drawn responses, 0.0 or 1.0, persons x items."""
    chance = probability(theta, items)
    return (rng.random(chance.shape) < chance).astype(np.float64)


def _logit(theta: ArrayLike, items: ItemParameters) -> Floats:
    column = np.atleast_1d(np.asarray(theta, dtype=np.float64))[:, np.newaxis]
    return np.clip(items.a * (column - items.b), -_LIMIT, _LIMIT)


def _logistic(theta: ArrayLike, items: ItemParameters) -> Floats:
    return 1 / (1 + np.exp(-_logit(theta, items)))


def _complement(theta: ArrayLike, items: ItemParameters) -> Floats:
    """One minus the logistic, exact in the upper tail as well, where the subtraction would leave nothing."""
    return 1 / (1 + np.exp(_logit(theta, items)))
