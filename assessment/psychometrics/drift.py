"""Drift: items whose parameters moved between two calibrations, apart from the scale that moved with all of
them.

Robust z of the differences: Huynh & Meyer 2010. The distance between the curves: root mean squared
difference of the probabilities, weighted by the ability of the group (as in van der Linden & Hambleton
1997).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from assessment.psychometrics import irt
from assessment.psychometrics.estimation import STANDARD_NORMAL, NormalPrior, grid_for, log_prior
from assessment.psychometrics.irt import Bools, Floats, ItemParameters

# The two-sided 1 % point of a standard normal, and a distance that changes one answer in twenty.
CRITICAL_Z = 2.576
NOTICEABLE = 0.05

# A quarter of a standard normal lies beyond 0.6745; so the interquartile range is 1.349 standard deviations.
_IQR = 1.349
_SMALLEST_SPREAD = 1e-3


@dataclass(frozen=True, slots=True)
class Link:
    """The line from the old scale to the new: theta_new = slope theta_old + intercept."""

    slope: float
    intercept: float

    def apply(self, items: ItemParameters) -> ItemParameters:
        """Return old parameters on the new scale."""
        return ItemParameters(items.a / self.slope, self.slope * items.b + self.intercept, items.c, items.d)


@dataclass(frozen=True, slots=True)
class Drift:
    """One entry per item: robust z of discrimination and of difficulty, distance of the curves, and the
    verdict.

    ``moved`` are items with a z beyond the 1 % point whose curves differ by 0.05 or more.
    """

    link: Link
    a_z: Floats
    b_z: Floats
    distance: Floats
    moved: Bools


def link(old: ItemParameters, new: ItemParameters) -> Link:
    """Return the line between the scales of two calibrations of the same items, by medians: a few that drift
    do not bend it. Items need positive discriminations."""
    slope = float(np.exp(np.median(np.log(old.a / new.a))))
    return Link(slope, float(np.median(new.b - slope * old.b)))


def drift(old: ItemParameters, new: ItemParameters, group: NormalPrior = STANDARD_NORMAL) -> Drift:
    """Return what moved between two calibrations of the same items; ``group`` weighs the curves' distance."""
    line = link(old, new)
    expected = line.apply(old)
    a_z = _robust_z(np.log(new.a / expected.a))
    b_z = _robust_z(new.b - expected.b)
    grid = grid_for(1, group.sd)
    weights = np.exp(log_prior(group, grid))
    gap = irt.probability(grid, new) - irt.probability(grid, expected)
    distance = np.sqrt(weights @ gap**2)
    beyond = (np.abs(a_z) > CRITICAL_Z) | (np.abs(b_z) > CRITICAL_Z)
    return Drift(line, a_z, b_z, distance, beyond & (distance >= NOTICEABLE))


def _robust_z(difference: Floats) -> Floats:
    low, middle, high = np.quantile(difference, [0.25, 0.5, 0.75])
    standardized: Floats = (difference - middle) / max((high - low) / _IQR, _SMALLEST_SPREAD)
    return standardized
