"""The columns that statistics are made of: scores, what else the attempt came to, and the ability of its learner."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

import numpy as np

from assessment.psychometrics.irt import Bools, Floats, Integers
from assessment.results.counting import Counted, Places


@dataclass(frozen=True, slots=True)
class Sums:
    """By attempt, where scores add up: points and the most there were, brought to a common maximum ``most``."""

    points: Floats
    possible: Floats
    most: float

    def total(self, attempt: Integers) -> Floats:
        """Return the totals of some attempts on the common scale."""
        scaled: Floats = self.points[attempt] / self.possible[attempt] * self.most
        return scaled

    def rest(self, places: Places, earned: Floats) -> Floats:
        """Return what the attempts of some places came to without these places; NaN where nothing else is there."""
        attempt = places.attempt
        others = self.possible[attempt] - places.weight
        known = others > 1e-9
        share = np.divide(
            self.points[attempt] - earned, others, out=np.full(len(others), np.nan), where=known
        )
        rest: Floats = share * (self.most - places.weight)
        return rest


@dataclass(frozen=True, slots=True)
class Column:
    """The places of one version as statistics take them: ``ability`` is the rest, or theta, or NaN."""

    places: Places
    score: Floats
    rest: Floats
    total: Floats
    ability: Floats
    unanswered: int


def attempts_kept(counted: Counted) -> Bools:
    """Return which attempts the columns are of: all, or the first of each person."""
    kept = np.zeros(len(counted.attempts), dtype=np.bool_)
    for one in counted.places.values():
        kept[one.attempt] = True
    return kept


def sums_of(counted: Counted) -> Sums:
    count = len(counted.attempts)
    points, possible = np.zeros(count), np.zeros(count)
    for one in counted.places.values():
        points += np.bincount(one.attempt, one.weight * np.nan_to_num(one.score), minlength=count)
        possible += np.bincount(one.attempt, one.weight, minlength=count)
    usable = counted.totals & (possible > 0)
    points[~usable], possible[~usable] = np.nan, np.nan
    return Sums(points, possible, float(np.mean(possible[usable])) if usable.any() else np.nan)


def column_of(counted: Counted, version: UUID, sums: Sums) -> Column:
    """Return a version's places: where scores add up, what was not answered is worth nothing; else it is left out."""
    places = counted.places[version]
    adds_up = counted.totals[places.attempt]
    plain = np.where(adds_up, np.nan_to_num(places.score), places.first)
    kept = ~np.isnan(plain)
    places, score = places.where(kept), plain[kept]
    earned = places.weight * score
    rest, attempt = sums.rest(places, earned), places.attempt
    return Column(
        places=places,
        score=score,
        rest=rest,
        total=sums.total(attempt),
        ability=on_one_scale(rest / sums.most, counted.theta[attempt]),
        unanswered=int((~kept).sum() + np.isnan(places.score).sum()),
    )


def on_one_scale(rest: Floats, theta: Floats) -> Floats:
    """Return the ability at each place: its rest, or theta where there is one; of both kinds, in deviations."""
    measured, added = ~np.isnan(theta), ~np.isnan(rest)
    if not (measured.any() and added.any()):
        return np.where(measured, theta, rest)
    return np.where(measured, _standardized(theta), _standardized(rest))


def _standardized(values: Floats) -> Floats:
    """Return how many standard deviations each lies from the mean of those that are there."""
    scaled: Floats = (values - np.nanmean(values)) / max(float(np.nanstd(values)), 1e-9)
    return scaled
