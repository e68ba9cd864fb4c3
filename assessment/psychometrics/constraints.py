"""What a whole assessment must contain: rows of lower and upper bounds, and penalties that steer towards
them.

The penalties are those of a weighted deviations model (Swanson & Stocking 1993) turned into factors in [0,
1], so that they multiply into the favor of an item; a factor of 0 marks an item after which a row could no
longer be met. For promises that hold with certainty, see `assessment.psychometrics.shadow`.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np

from assessment.psychometrics.irt import Bools, Floats, Integers

PENALTY = 2.0

# Sums of coefficients are compared with this much tolerance.
_SLACK = 1e-9


@dataclass(frozen=True, slots=True)
class Constraint:
    """The sum of ``coefficients`` (one per item of the bank) over the items given lies in [lower, upper].

    Coefficients of 0 and 1 count items; others add up words, minutes, ... Raises ValueError for bounds that
    no sum can meet.
    """

    name: str
    coefficients: Floats
    lower: float = -np.inf
    upper: float = np.inf

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError(
                f"{self.name}: the lower bound {self.lower} is above the upper bound {self.upper}"
            )
        if not np.isfinite(self.coefficients).all():
            raise ValueError(f"{self.name}: coefficients must be finite")


def bounded_counts(
    name: str, labels: Sequence[Hashable], bounds: Mapping[Hashable, tuple[float, float]]
) -> tuple[Constraint, ...]:
    """Return one constraint for each label with bounds: how many of the items given bear it."""
    column = np.array(labels, dtype=object)
    return tuple(
        Constraint(f"{name} {label}", (column == label).astype(np.float64), lower, upper)
        for label, (lower, upper) in bounds.items()
    )


def violations(constraints: Sequence[Constraint], given: Sequence[int]) -> dict[str, float]:
    """Return by how much each constraint that is not met misses its bound, for a finished assessment."""
    chosen = list(given)
    sums = {one.name: float(one.coefficients[chosen].sum()) for one in constraints}
    missed = {one.name: max(one.lower - sums[one.name], sums[one.name] - one.upper) for one in constraints}
    return {name: amount for name, amount in missed.items() if amount > _SLACK}


def wanting(constraints: Sequence[Constraint], given: Sequence[int]) -> bool:
    """Return whether some lower bound is not reached yet, so that stopping now would miss it."""
    chosen = list(given)
    return any(one.coefficients[chosen].sum() < one.lower - _SLACK for one in constraints)


def favor(
    constraints: Sequence[Constraint], given: Sequence[int], length: int, *, penalty: float = PENALTY
) -> Floats:
    """Return a factor in [0, 1] for every item as the next of an assessment of ``length`` items.

    0 where some row could not be met any more; otherwise smaller, the more an item leads away from the pace
    at which the rows have to be filled. When no item keeps all rows, the rows are only steered by, not
    enforced.
    """
    return Kinds.of(constraints).favor(given, length, penalty=penalty)


@dataclass(frozen=True, slots=True)
class Kinds:
    """Rows of a bank with its items taken together that no row tells apart, made once for many choices.

    ``kind`` numbers the kind of each item, ``sizes`` counts the items of each, ``coefficients`` is rows x kinds.
    """

    constraints: tuple[Constraint, ...]
    kind: Integers
    sizes: Integers
    coefficients: Floats

    @classmethod
    def of(cls, constraints: Sequence[Constraint]) -> Self:
        table = np.stack([one.coefficients for one in constraints])
        coefficients, kind, sizes = np.unique(table, axis=1, return_inverse=True, return_counts=True)
        return cls(tuple(constraints), np.ravel(kind), sizes, coefficients)

    def favor(self, given: Sequence[int], length: int, *, penalty: float = PENALTY) -> Floats:
        """As the function `favor`."""
        left = length - len(given)
        unused = self.sizes - np.bincount(self.kind[list(given)], minlength=len(self.sizes))
        factors, possible = np.ones(len(self.sizes)), unused > 0
        for constraint, coefficients in zip(self.constraints, self.coefficients, strict=True):
            row = _Row(constraint, coefficients, self.sizes - unused, unused, left)
            factors /= 1 + penalty * row.deviation()
            possible &= row.keeps()
        if not possible.any():
            return factors[self.kind]
        favor: Floats = np.where(possible, factors, 0.0)[self.kind]
        favor[list(given)] = 0.0
        return favor


class _Row:
    """One constraint as it stands in the middle of an assessment, with ``left`` items still to give.

    ``coefficients`` are those of each kind of item; ``given`` and ``unused`` say how many of it were given and are
    still there.
    """

    def __init__(
        self, constraint: Constraint, coefficients: Floats, given: Integers, unused: Integers, left: int
    ) -> None:
        self._coefficients = coefficients
        self._left = left
        so_far = float(coefficients @ given)
        self._needed, self._allowed = constraint.lower - so_far, constraint.upper - so_far
        ascending = np.argsort(coefficients, kind="stable")
        self._least = _sum_of_first(coefficients[ascending], unused[ascending], left - 1)
        descending = ascending[::-1]
        self._most = _sum_of_first(coefficients[descending], unused[descending], left - 1)

    def keeps(self) -> Bools:
        """Say for each kind whether the row can still be met after an item of it."""
        kept: Bools = (self._coefficients + self._least <= self._allowed + _SLACK) & (
            self._coefficients + self._most >= self._needed - _SLACK
        )
        return kept

    def deviation(self) -> Floats:
        """Return how far each kind is from the pace needed, in units of the largest coefficient."""
        scale = max(float(np.abs(self._coefficients).max()), _SLACK)
        below = np.maximum(0.0, self._needed / self._left - self._coefficients)
        above = np.maximum(0.0, self._coefficients - self._allowed / self._left)
        return (below + above) / scale


def _sum_of_first(values: Floats, counts: Integers, most: int) -> float:
    """Return the sum of the first ``most`` numbers of a list that has each value as often as its count."""
    before = np.cumsum(counts) - counts
    return float(values @ np.clip(most - before, 0, counts))


def signatures(constraints: Sequence[Constraint]) -> Integers:
    """Return a group number for each item: items with equal coefficients in all counting rows share one."""
    counting = [one.coefficients for one in constraints if np.isin(one.coefficients, (0.0, 1.0)).all()]
    if not counting:
        return np.zeros(len(constraints[0].coefficients), dtype=np.int64)
    groups = np.unique(np.stack(counting, axis=1), axis=0, return_inverse=True)[1]
    return np.asarray(groups, dtype=np.int64).ravel()
