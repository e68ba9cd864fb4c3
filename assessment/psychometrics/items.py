"""Statistics of an item among others, as the quiz report of Moodle defines them, and of what they add up to.

Facility, discrimination and its efficiency, effective weight, coefficient of internal consistency, error ratio:
Moodle, "Quiz statistics calculations". Scores are fractions in [0, 1]; where Moodle prints percents, here are shares.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from assessment.psychometrics.intervals import NAN, Estimate, correlation, mean_score, reliability
from assessment.psychometrics.irt import Floats


@dataclass(frozen=True, slots=True)
class ItemStatistics:
    """``facility`` is the mean score, ``sd`` that of the score as a fraction.

    ``discrimination`` is the correlation of the item with the rest, without the item itself: Moodle's index, and for
    right-or-wrong items the corrected point-biserial. ``efficiency`` is their covariance over the greatest that the
    same scores could have. ``shared`` is the covariance of the item's points with the total, from which come
    effective weights.
    """

    answers: int
    facility: Estimate
    sd: float
    discrimination: Estimate
    efficiency: float
    shared: float


@dataclass(frozen=True, slots=True)
class Totals:
    """What attempts came to, in points of ``most``. ``consistency`` is Cronbach's alpha over the places of an
    attempt, ``error_ratio`` the share of the standard deviation that is chance, ``error`` the standard error."""

    attempts: int
    most: float
    mean: Estimate
    median: float
    sd: float
    skewness: float
    kurtosis: float
    consistency: Estimate
    error_ratio: float
    error: float


def item_statistics(scores: Floats, rest: Floats, points: Floats, total: Floats) -> ItemStatistics:
    """Return the statistics of one item: its scores, and for the same attempts the rest, its points and the total.

    ``rest`` and ``total`` are NaN where there is none; such answers count for facility alone.
    """
    known = ~(np.isnan(rest) | np.isnan(total))
    own, others = scores[known], rest[known]
    return ItemStatistics(
        answers=len(scores),
        facility=mean_score(scores),
        sd=float(scores.std(ddof=1)) if len(scores) > 1 else NAN,
        discrimination=correlation(own, others),
        efficiency=efficiency(own, others),
        shared=covariance(points[known], total[known]),
    )


def covariance(one: Floats, other: Floats) -> float:
    """Return the covariance of two columns; NaN for fewer than two rows."""
    if len(one) < 2:
        return NAN
    return float((one - one.mean()) @ (other - other.mean())) / (len(one) - 1)


def efficiency(scores: Floats, rest: Floats) -> float:
    """Return the covariance over the greatest possible one: the best scores with the best rests."""
    greatest = covariance(np.sort(scores), np.sort(rest))
    return covariance(scores, rest) / greatest if greatest > 0 else NAN


def effective_weights(shared: Floats) -> Floats:
    """Return each item's share in the spread of totals; NaN where it works against the total."""
    roots = np.sqrt(np.where(shared >= 0, shared, np.nan))
    sum_of_roots = float(np.nansum(roots))
    weights: Floats = roots / sum_of_roots if sum_of_roots > 0 else np.full_like(roots, np.nan)
    return weights


def totals(points: Floats, most: float, item_variances: Floats) -> Totals:
    """Return what attempts came to; ``item_variances`` are those of the points at each place of an attempt."""
    count = len(points)
    spread = points - points.mean() if count else points
    variance = float(spread @ spread) / (count - 1) if count > 1 else NAN
    sd = math.sqrt(variance)
    consistency = _consistency(variance, item_variances)
    ratio = math.sqrt(1 - consistency) if consistency <= 1 else NAN
    skewness, kurtosis = _shape(spread, variance)
    return Totals(
        attempts=count,
        most=most,
        mean=_mean_points(points, most),
        median=float(np.median(points)) if count else NAN,
        sd=sd,
        skewness=skewness,
        kurtosis=kurtosis,
        consistency=reliability(consistency, count, len(item_variances)),
        error_ratio=ratio,
        error=ratio * sd,
    )


def _mean_points(points: Floats, most: float) -> Estimate:
    if not len(points) or most <= 0:
        return Estimate.unknown()
    found = mean_score(points / most)
    return Estimate(found.value * most, found.low * most, found.high * most)


def _consistency(variance: float, item_variances: Floats) -> float:
    places = len(item_variances)
    if places < 2 or not variance > 0:
        return NAN
    return float(places / (places - 1) * (1 - item_variances.sum() / variance))


def _shape(spread: Floats, variance: float) -> tuple[float, float]:
    """Return skewness and kurtosis by Fisher's k-statistics; NaN for fewer than three or four rows."""
    n = len(spread)
    if n < 3 or not variance > 0:
        return NAN, NAN
    second, third, fourth = (float(np.mean(spread**power)) for power in (2, 3, 4))
    skewness = n**2 * third / ((n - 1) * (n - 2)) / variance**1.5
    if n < 4:
        return skewness, NAN
    k4 = n**2 * ((n + 1) * fourth - 3 * (n - 1) * second**2) / ((n - 1) * (n - 2) * (n - 3))
    return skewness, k4 / variance**2
