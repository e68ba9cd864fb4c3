"""What a learner and an instructor are told of an estimate of theta.

A point would promise more than a posterior knows: a learner gets a word and an interval.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final, Literal

import numpy as np

from assessment.psychometrics.estimation import GRID, expected, posterior, quantiles
from assessment.psychometrics.irt import Floats

BandName = Literal["low", "below_average", "average", "above_average", "high"]

EDGES: Final = (-1.5, -0.5, 0.5, 1.5)
"""Between the bands, in standard deviations of the group that the bank was calibrated on."""
NAMES: Final[tuple[BandName, ...]] = ("low", "below_average", "average", "above_average", "high")
COVERED: Final = 0.9
"""How sure the interval is."""


@dataclass(frozen=True, slots=True)
class Ability:
    """The band that theta most likely lies in, and the interval that holds it with 90 %, to a decimal place."""

    band: BandName
    low: float
    high: float


def ability(log_posterior: Sequence[float] | Floats) -> Ability:
    """Return what a learner may be told of a log-posterior on the grid."""
    weights = posterior(np.asarray(log_posterior, dtype=np.float64))
    tail = (1 - COVERED) / 2
    low, high = quantiles(weights, (tail, 1 - tail))
    bounds = pairwise((-np.inf, *EDGES, np.inf))
    mass = [float(weights[(start <= GRID) & (end > GRID)].sum()) for start, end in bounds]
    return Ability(NAMES[int(np.argmax(mass))], round(low, 1), round(high, 1))


def chance_above(log_posterior: Sequence[float] | Floats, cut: float) -> float:
    """Return the chance that theta is at a cut or above."""
    weights = posterior(np.asarray(log_posterior, dtype=np.float64))
    return float(weights[cut <= GRID].sum())


def estimate(log_posterior: Sequence[float] | Floats) -> tuple[float, float]:
    """Return theta and its standard error: what an instructor sees."""
    found = expected(np.asarray(log_posterior, dtype=np.float64))
    return float(found.theta), float(found.standard_error)
