"""Intervals around what answers say: how far the numbers of few learners can be trusted.

Shares: Wilson 1927. Correlations: Fisher 1921. Means: Student 1908. Cronbach's alpha: Feldt 1965.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final, Self

import numpy as np

from assessment.psychometrics.irt import Floats

LEVEL: Final = 0.95
"""How often an interval holds what it is about."""
NAN: Final = float("nan")


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number with the interval that holds it; NaN where there is none."""

    value: float
    low: float = NAN
    high: float = NAN

    @classmethod
    def unknown(cls) -> Self:
        return cls(NAN)


def share(right: float, answers: int, level: float = LEVEL) -> Estimate:
    """Return a share of independent answers with Wilson's interval, which never leaves [0, 1]."""
    if not answers:
        return Estimate.unknown()
    z, p = _normal(level), right / answers
    center = (p + z**2 / (2 * answers)) / (1 + z**2 / answers)
    half = z / (1 + z**2 / answers) * math.sqrt(p * (1 - p) / answers + z**2 / (4 * answers**2))
    return Estimate(p, max(0.0, center - half), min(1.0, center + half))


def mean_score(scores: Floats, level: float = LEVEL) -> Estimate:
    """Return the mean of scores in [0, 1]: Wilson's interval where all are 0 or 1, else Student's."""
    from scipy.special import stdtrit

    if not len(scores):
        return Estimate.unknown()
    if np.isin(scores, (0.0, 1.0)).all():
        return share(float(scores.sum()), len(scores), level)
    mean = float(scores.mean())
    if len(scores) < 2:
        return Estimate(mean)
    error = float(scores.std(ddof=1)) / math.sqrt(len(scores))
    half = float(stdtrit(len(scores) - 1, 0.5 + level / 2)) * error
    return Estimate(mean, max(0.0, mean - half), min(1.0, mean + half))


def correlation(one: Floats, other: Floats, level: float = LEVEL) -> Estimate:
    """Return the correlation with the interval of Fisher's z; unknown where nothing varies."""
    if len(one) < 2 or np.ptp(one) == 0 or np.ptp(other) == 0:
        return Estimate.unknown()
    first, second = one - one.mean(), other - other.mean()
    r = float((first @ second) / math.sqrt(float(first @ first) * float(second @ second)))
    if len(one) < 4 or abs(r) >= 1:
        return Estimate(r)
    z, half = math.atanh(r), _normal(level) / math.sqrt(len(one) - 3)
    return Estimate(r, math.tanh(z - half), math.tanh(z + half))


def reliability(alpha: float, persons: int, items: int, level: float = LEVEL) -> Estimate:
    """Return alpha with Feldt's interval: (1 - alpha) / (1 - its estimate) follows F(n - 1, (n - 1)(k - 1))."""
    from scipy.special import fdtri

    if persons < 2 or items < 2 or math.isnan(alpha):
        return Estimate(alpha)
    degrees = persons - 1, (persons - 1) * (items - 1)
    low, high = (1 - (1 - alpha) * float(fdtri(*degrees, p)) for p in (0.5 + level / 2, 0.5 - level / 2))
    return Estimate(alpha, low, high)


def _normal(level: float) -> float:
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2))
