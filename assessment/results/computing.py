"""From what was counted to what is reported: every number of `assessment.results.report`, without the database."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

import numpy as np

from assessment.modes import MODES
from assessment.psychometrics import flags
from assessment.psychometrics.intervals import mean_score
from assessment.psychometrics.irt import Floats, Integers
from assessment.psychometrics.items import (
    ItemStatistics,
    Totals,
    effective_weights,
    item_statistics,
    totals,
)
from assessment.psychometrics.regions import Dependence, dependence, holm
from assessment.results.answers import interaction_part
from assessment.results.columns import Column, Sums, attempts_kept, column_of, sums_of
from assessment.results.counting import STRIDE, Counted
from assessment.results.report import (
    AbilityReport,
    Flag,
    ItemReport,
    ParameterReport,
    RegionRow,
    Report,
    Seconds,
    SkillRow,
    TotalsReport,
    known,
    number,
)
from content.items.definition import ItemDefinition
from content.models import ItemVersion

TENTHS: Final = 10
HALVES: Final = np.arange(-4.0, 4.01, 0.5)
"""Edges of the bars of ability."""

BANK_NOTE: Final = (
    "An item is counted wherever it was shown. Discrimination and comparisons by ability rest on the attempts whose "
    "scores add up to a total. Adaptive attempts are compared by the ability that they estimate, each kind by how "
    "far its learners lie from their mean; practice of skills counts for neither."
)
UNEQUAL_NOTE: Final = (
    "Attempts have different numbers of items, so the reliability of their totals is not computed."
)


def report_of(
    counted: Counted,
    versions: Mapping[UUID, ItemVersion],
    *,
    mode: str,
    skills: Iterable[SkillRow] = (),
    notes: Sequence[str] = (),
) -> Report:
    """Return the report on some versions. ``mode`` is that of the attempts, or empty where they are of several."""
    of_mode = MODES.get(mode)
    adds_up = of_mode is not None and of_mode.adds_up
    about = [of_mode.about_statistics] if of_mode and of_mode.about_statistics else []
    sums = sums_of(counted)
    columns = {version: column_of(counted, version, sums) for version in counted.places}
    known = {version: columns[version] for version in versions if len(columns[version].places.key)}
    found = {version: _statistics(column) for version, column in known.items()}
    weights = _effective(counted, known, [one.shared for one in found.values()], adds_up)
    items = [
        _item(versions[version], known[version], found[version], effective, sums, counted)
        for (version, effective) in zip(found, weights.tolist(), strict=True)
    ]
    people = {person for person, first in zip(counted.persons, attempts_kept(counted), strict=True) if first}
    reported = _totals(counted, columns, sums) if adds_up else None
    more = (
        (UNEQUAL_NOTE,) if reported and reported.consistency.value is None and reported.attempts > 1 else ()
    )
    return Report(
        mode=mode,
        attempts=int(attempts_kept(counted).sum()),
        people=len(people),
        totals=reported,
        ability=_ability(counted) if of_mode and of_mode.measures else None,
        skills=tuple(skills),
        items=tuple(sorted(items, key=lambda one: (one.position, one.slug, one.number))),
        notes=(*about, *more, *notes),
    )


def _effective(
    counted: Counted, columns: Mapping[UUID, Column], shared: Sequence[float], adds_up: bool
) -> Floats:
    """Return effective weights, where all have the same items: only then do these share the spread of totals."""
    count = int(attempts_kept(counted).sum())
    if not adds_up or any(len(one.score) != count for one in columns.values()):
        return np.full(len(shared), np.nan)
    return effective_weights(np.array(shared))


def _statistics(column: Column) -> ItemStatistics:
    return item_statistics(column.score, column.rest, column.places.weight * column.score, column.total)


def _totals(counted: Counted, columns: Mapping[UUID, Column], sums: Sums) -> TotalsReport | None:
    attempts = np.flatnonzero(counted.totals & ~np.isnan(sums.points) & attempts_kept(counted))
    if not len(attempts):
        return None
    points = sums.total(attempts)
    found = totals(points, sums.most, _variances(attempts, columns, sums))
    bars = np.histogram(points / sums.most, bins=TENTHS, range=(0, 1))[0]
    return _told_totals(found, bars)


def _variances(attempts: Integers, columns: Mapping[UUID, Column], sums: Sums) -> Floats:
    """Return the variance of the points at each place: of each item where all have the same, else of each position.

    Nothing where attempts have different numbers of places.
    """
    used = [one for one in columns.values() if len(one.score)]
    attempt = np.concatenate([one.places.attempt for one in used])
    scale = sums.most / sums.possible[attempt]
    points = np.concatenate([one.places.weight * one.score for one in used]) * scale
    sizes = np.bincount(attempt, minlength=int(attempts.max()) + 1)[attempts]
    if len(attempts) < 2 or sizes.min() != sizes.max():
        return np.array([])
    if all(len(one.score) == len(attempts) for one in used):
        order = np.concatenate([np.full(len(one.score), n) for n, one in enumerate(used)])
    else:
        order = np.concatenate([one.places.key for one in used])
    table = points[np.lexsort((order, attempt))].reshape(len(attempts), int(sizes[0]))
    variances: Floats = table.var(axis=0, ddof=1)
    return variances


def _told_totals(found: Totals, bars: Integers) -> TotalsReport:
    return TotalsReport(
        attempts=found.attempts,
        most=found.most,
        mean=number(found.mean),
        median=known(found.median),
        sd=known(found.sd),
        skewness=known(found.skewness),
        kurtosis=known(found.kurtosis),
        consistency=number(found.consistency),
        error_ratio=known(found.error_ratio),
        error=known(found.error),
        bars=tuple(int(one) for one in bars),
    )


def _ability(counted: Counted) -> AbilityReport:
    theta = counted.theta[~np.isnan(counted.theta)]
    bars = np.histogram(np.clip(theta, HALVES[0], HALVES[-1]), bins=HALVES)[0]
    errors = counted.theta_error[~np.isnan(counted.theta)]
    return AbilityReport(
        attempts=len(theta),
        mean=float(theta.mean()) if len(theta) else None,
        sd=float(theta.std(ddof=1)) if len(theta) > 1 else None,
        error=float(errors.mean()) if len(errors) else None,
        bars=tuple(int(one) for one in bars),
    )


def _item(
    version: ItemVersion,
    column: Column,
    found: ItemStatistics,
    effective: float,
    sums: Sums,
    counted: Counted,
) -> ItemReport:
    definition, places = version.definition, column.places
    parts = [
        interaction_part(one, counted.answers.get(version.pk, ()), column, definition)
        for one in definition.interactions.values()
    ]
    parameters, unexamined = _parameters(version, definition, column, counted)
    told = [*flags.of_item(found, definition.guess), *(flag for part in parts for flag in part.flags)]
    told += [flag for _, flags_of_one in parameters for flag in flags_of_one]
    return ItemReport(
        version=str(version.pk),
        item=str(version.item_id),
        slug=version.item.slug,
        title=definition.title,
        number=version.number,
        bank=version.item.bank.slug,
        is_exercise=definition.is_exercise,
        position=float(np.mean(places.key % STRIDE)),
        shown=len(column.score),
        unanswered=column.unanswered,
        facility=number(found.facility),
        first_try=number(mean_score(places.first[~np.isnan(places.first)])),
        sd=known(found.sd),
        weight=known(float(np.mean(places.weight)) / sums.most),
        effective_weight=known(effective),
        discrimination=number(found.discrimination),
        efficiency=known(found.efficiency),
        guess=definition.guess,
        seconds=_seconds(places.seconds),
        interactions=tuple(part.report for part in parts),
        parameters=tuple(one for one, _ in parameters),
        unexamined=unexamined,
        flags=tuple(Flag(one.kind, one.words, one.about) for one in told),
    )


def _seconds(seconds: Floats) -> Seconds:
    viewed = seconds[~np.isnan(seconds)]
    if not len(viewed):
        return Seconds(None, None, None)
    low, median, high = np.quantile(viewed, [0.25, 0.5, 0.75]).tolist()
    return Seconds(median, low, high)


def _parameters(
    version: ItemVersion, definition: ItemDefinition, column: Column, counted: Counted
) -> tuple[list[tuple[ParameterReport, list[flags.Flag]]], tuple[str, ...]]:
    """Return how the score depends on each parameter that is a single number, and the names of the others."""
    single = [name for name in definition.parameters if (version.pk, name) in counted.values]
    found = {name: _dependence(*counted.values[version.pk, name], column) for name in single}
    corrected = holm([one.p_value for one in found.values()])
    rows = []
    for (name, one), p_value in zip(found.items(), corrected, strict=True):
        regions = tuple(
            RegionRow(part.low, part.high, part.answers, known(part.facility), known(part.adjusted))
            for part in one.regions
        )
        told = ParameterReport(name, regions, known(p_value), known(one.gap))
        rows.append((told, list(flags.of_parameter(name, one, p_value))))
    return rows, tuple(name for name in definition.parameters if name not in single)


def _dependence(keys: Integers, drawn: Floats, column: Column) -> Dependence:
    here = np.isin(keys, column.places.key)
    at = column.places.at(keys[here])
    return dependence(drawn[here], column.score[at], column.ability[at])
