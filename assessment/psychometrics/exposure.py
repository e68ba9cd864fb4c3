"""Exposure control: how often an item may be given, kept by eligibility (van der Linden & Veldkamp 2004,
2007).

At the start of an attempt each item is eligible or not, by chance. The chance falls as an item is given
more often than its ceiling allows; it follows from counters, so it needs no simulation beforehand and
adapts when the bank or the learners change. Counters can be kept by bands of theta: then the ceiling holds
within each band as well.

Two additions to the published method. The target leans back by what was given too much or too little so
far, so that the rate meets the ceiling itself and not only in expectation. And an item in demand counts for
less where it is eligible, so that it goes to those learners for whom it does much better than the next
best.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np

from assessment.psychometrics.irt import Bools, Floats, Integers


@dataclass(frozen=True, slots=True)
class ExposureControl:
    """No item is given to more than ``ceiling`` of the learners.

    ``edges`` between bands of theta, ascending, make the ceiling hold within each band. What was given too
    much is made up for within ``horizon`` attempts. ``discount`` in [0, 1] is how far an item in demand
    counts for less. Raises ValueError outside these ranges.
    """

    ceiling: float = 0.25
    edges: tuple[float, ...] = ()
    horizon: float = 100.0
    discount: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.ceiling <= 1:
            raise ValueError(f"a ceiling lies in (0, 1], got {self.ceiling}")
        if list(self.edges) != sorted(set(self.edges)):
            raise ValueError("the edges between bands must ascend")
        if not self.horizon >= 1 or not 0 <= self.discount <= 1:
            raise ValueError("a horizon is at least one attempt, a discount lies in [0, 1]")

    def band(self, theta: float) -> int:
        """Return the number of the band that ``theta`` lies in."""
        return int(np.searchsorted(self.edges, theta))


@dataclass(frozen=True, slots=True)
class ExposureCounts:
    """Finished attempts per band; how often each item was given and was eligible in them, bands x items."""

    attempts: Floats
    given: Floats
    eligible: Floats

    @classmethod
    def none(cls, control: ExposureControl, items: int) -> Self:
        """Return counters of no attempts."""
        bands = len(control.edges) + 1
        return cls(np.zeros(bands), np.zeros((bands, items)), np.zeros((bands, items)))

    def after(self, band: int, given: tuple[int, ...], eligible: Bools) -> Self:
        """Return the counters after an attempt that ended in ``band``; ``eligible`` is that band's row."""
        attempts, by_item, could = self.attempts.copy(), self.given.copy(), self.eligible.copy()
        attempts[band] += 1
        by_item[band, list(given)] += 1
        could[band] += eligible
        return type(self)(attempts, by_item, could)

    def rates(self) -> Floats:
        """Return the share of all attempts in which each item was given; 0 before the first attempt."""
        rates: Floats = self.given.sum(axis=0) / max(self.attempts.sum(), 1.0)
        return rates


@dataclass(frozen=True, slots=True)
class Eligibility:
    """What one attempt may use of a bank of ``count`` items: all, but for those in demand.

    ``demanded`` are their places; ``eligible`` and ``chance`` of it, bands x places. Kept apart from the many that
    are always eligible, they cost an attempt little in a large bank.
    """

    count: int
    demanded: Integers
    eligible: Bools
    chance: Floats

    def favor(self, control: ExposureControl, band: int) -> Floats:
        """Return the factor of every item while the estimate is in ``band``: 0 when not eligible."""
        factor = np.ones(self.count)
        factor[self.demanded] = self.eligible[band] * (1 - control.discount * (1 - self.chance[band]))
        return factor

    def mask(self, band: int) -> Bools:
        """Return which items of the bank are eligible in ``band``."""
        mask = np.ones(self.count, dtype=np.bool_)
        mask[self.demanded] = self.eligible[band]
        return mask

    def withheld(self) -> Integers:
        """Return the places of the items that are eligible in no band."""
        return self.demanded[~self.eligible.any(axis=0)]


def chances(control: ExposureControl, counts: ExposureCounts) -> Floats:
    """Return the probability that an item is eligible in the next attempt, bands x items."""
    attempts = counts.attempts[:, np.newaxis]
    owed = (control.ceiling * attempts - counts.given) / control.horizon
    target = np.clip(control.ceiling + owed, 0.0, 1.0)
    # How often an item is given when it may be given; without it an item in no demand needs no control.
    demand = counts.given / np.maximum(counts.eligible, 1.0)
    chance: Floats = np.divide(target, demand, out=np.ones_like(demand), where=demand > target)
    return chance


def draw(control: ExposureControl, counts: ExposureCounts, rng: np.random.Generator) -> Eligibility:
    """Return what the next attempt may use. One number per item serves all bands, so that they agree."""
    chance = chances(control, counts)
    eligible = rng.random(chance.shape[1]) < chance
    demanded = np.flatnonzero((chance < 1).any(axis=0))
    return Eligibility(chance.shape[1], demanded, eligible[:, demanded], chance[:, demanded])


def overlap(given: list[Integers]) -> float:
    """Return the expected share of items that two learners have in common (Chen, Ankenmann & Spray 2003)."""
    lengths = np.array([len(items) for items in given], dtype=np.float64)
    times = np.bincount(np.concatenate(given)).astype(np.float64)
    pairs = len(given) * (len(given) - 1) / 2
    shared = (times * (times - 1) / 2).sum()
    return float(shared / pairs / lengths.mean())
