"""From what was counted to what is reported: every number of `assessment.results.report`, without the database."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

import numpy as np

from assessment.psychometrics import flags
from assessment.psychometrics.groups import Taken, by_ability, taken
from assessment.psychometrics.intervals import Estimate, mean_score
from assessment.psychometrics.irt import Bools, Floats, Integers
from assessment.psychometrics.items import (
    ItemStatistics,
    Totals,
    effective_weights,
    item_statistics,
    totals,
)
from assessment.psychometrics.regions import Dependence, dependence, holm
from assessment.results.counting import FIXED, STRIDE, Counted, Given, Places
from assessment.results.report import (
    AbilityReport,
    AnswerRow,
    Flag,
    InteractionReport,
    ItemReport,
    Number,
    ParameterReport,
    RegionRow,
    Report,
    Seconds,
    SkillRow,
    TotalsReport,
    WrongRow,
)
from content.items.definition import ItemDefinition
from content.items.interactions import Interaction
from content.items.interactions.choice import Choice
from content.models import ItemVersion

MOST_ROWS: Final = 50
"""Wrong answers of one interaction that are told one by one, the commonest first."""
TENTHS: Final = 10
HALVES: Final = np.arange(-4.0, 4.01, 0.5)
"""Edges of the bars of ability."""

ADAPTIVE_NOTE: Final = (
    "These attempts are adaptive: everybody gets the items that fit, so about half of the answers are right whatever "
    "the item. Totals, discrimination and effective weights mean nothing here; learners are compared by their "
    "estimated ability. What an item measures stands in the calibration of its bank."
)
MASTERY_NOTE: Final = (
    "These attempts practice skills until each is known: learners get different numbers of items, in an order that "
    "follows from their answers. Totals, discrimination and comparisons by ability mean nothing here; what was right "
    "at the first try, by skill and by item, does."
)
BANK_NOTE: Final = (
    "An item is counted wherever it was shown. Discrimination and comparisons by ability rest on the attempts whose "
    "scores add up to a total. Adaptive attempts are compared by the ability that they estimate, each kind by how "
    "far its learners lie from their mean; practice of skills counts for neither."
)
UNEQUAL_NOTE: Final = (
    "Attempts have different numbers of items, so the reliability of their totals is not computed."
)
NOTES: Final[Mapping[str, tuple[str, ...]]] = {"adaptive": (ADAPTIVE_NOTE,), "mastery": (MASTERY_NOTE,)}


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


def report_of(
    counted: Counted,
    versions: Mapping[UUID, ItemVersion],
    *,
    mode: str,
    skills: Iterable[SkillRow] = (),
    notes: Sequence[str] = (),
) -> Report:
    """Return the report on some versions. ``mode`` is that of the attempts, or empty where they are of several."""
    sums = _sums(counted)
    columns = {version: _column(counted, version, sums) for version in counted.places}
    known = {version: columns[version] for version in versions if len(columns[version].places.key)}
    found = {version: _statistics(column) for version, column in known.items()}
    weights = _effective(counted, known, [one.shared for one in found.values()], mode)
    items = [
        _item(versions[version], known[version], found[version], effective, sums, counted)
        for (version, effective) in zip(found, weights.tolist(), strict=True)
    ]
    people = {person for person, first in zip(counted.persons, _kept(counted), strict=True) if first}
    reported = None if mode != FIXED else _totals(counted, columns, sums)
    more = (
        (UNEQUAL_NOTE,) if reported and reported.consistency.value is None and reported.attempts > 1 else ()
    )
    return Report(
        mode=mode,
        attempts=int(_kept(counted).sum()),
        people=len(people),
        totals=reported,
        ability=_ability(counted) if mode == "adaptive" else None,
        skills=tuple(skills),
        items=tuple(sorted(items, key=lambda one: (one.position, one.slug, one.number))),
        notes=(*NOTES.get(mode, ()), *more, *notes),
    )


def _effective(
    counted: Counted, columns: Mapping[UUID, Column], shared: Sequence[float], mode: str
) -> Floats:
    """Return effective weights, where all have the same items: only then do these share the spread of totals."""
    count = int(_kept(counted).sum())
    if mode != FIXED or any(len(one.score) != count for one in columns.values()):
        return np.full(len(shared), np.nan)
    return effective_weights(np.array(shared))


def _kept(counted: Counted) -> Bools:
    """Return which attempts the columns are of: all, or the first of each person."""
    kept = np.zeros(len(counted.attempts), dtype=np.bool_)
    for one in counted.places.values():
        kept[one.attempt] = True
    return kept


def _sums(counted: Counted) -> Sums:
    count = len(counted.attempts)
    points, possible = np.zeros(count), np.zeros(count)
    for one in counted.places.values():
        points += np.bincount(one.attempt, one.weight * np.nan_to_num(one.score), minlength=count)
        possible += np.bincount(one.attempt, one.weight, minlength=count)
    usable = counted.totals & (possible > 0)
    points[~usable], possible[~usable] = np.nan, np.nan
    return Sums(points, possible, float(np.mean(possible[usable])) if usable.any() else np.nan)


def _column(counted: Counted, version: UUID, sums: Sums) -> Column:
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
        ability=_on_one_scale(rest / sums.most, counted.theta[attempt]),
        unanswered=int((~kept).sum() + np.isnan(places.score).sum()),
    )


def _on_one_scale(rest: Floats, theta: Floats) -> Floats:
    """Return the ability at each place: its rest, or theta where there is one; of both kinds, in deviations."""
    measured, added = ~np.isnan(theta), ~np.isnan(rest)
    if not (measured.any() and added.any()):
        return np.where(measured, theta, rest)
    return np.where(measured, _standardized(theta), _standardized(rest))


def _standardized(values: Floats) -> Floats:
    """Return how many standard deviations each lies from the mean of those that are there."""
    scaled: Floats = (values - np.nanmean(values)) / max(float(np.nanstd(values)), 1e-9)
    return scaled


def _statistics(column: Column) -> ItemStatistics:
    return item_statistics(column.score, column.rest, column.places.weight * column.score, column.total)


def _totals(counted: Counted, columns: Mapping[UUID, Column], sums: Sums) -> TotalsReport | None:
    attempts = np.flatnonzero(counted.totals & ~np.isnan(sums.points) & _kept(counted))
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
        _interaction(one, counted.answers.get(version.pk, ()), column, definition)
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


@dataclass(frozen=True, slots=True)
class Part:
    report: InteractionReport
    flags: Sequence[flags.Flag]


def _interaction(
    interaction: Interaction, answers: Sequence[Given], column: Column, definition: ItemDefinition
) -> Part:
    own = [one for one in answers if one.interaction == interaction.id]
    firsts = [one for one in own if one.is_first]
    where = [column.places.at(one.keys) for one in firsts]
    base = np.unique(np.concatenate(where)) if where else np.array([], dtype=np.int64)
    ability = column.ability[base]
    at = [np.searchsorted(base, one) for one in where]
    if is_choice := isinstance(interaction, Choice):
        named = _options(interaction, firsts, at)
    else:
        named = _answers(firsts, at, definition)
    rows = [
        (name, one)
        for name, one in zip(
            named, taken([_marked(name.places, len(base)) for name in named], ability), strict=True
        )
    ]
    wrong = [] if is_choice else _wrong(own, column)
    report = InteractionReport(
        id=interaction.id,
        kind=interaction.kind,
        is_choice=is_choice,
        answered=len(base),
        rows=tuple(_row(name, one) for name, one in rows),
        wrong=tuple(wrong[:MOST_ROWS]),
        more_wrong=max(0, len(wrong) - MOST_ROWS),
    )
    return Part(report, list(_option_flags(rows, len(base), definition, is_choice=is_choice)))


@dataclass(frozen=True, slots=True)
class Named:
    """An answer with the places, among those answered, where it came first."""

    answer: Any
    is_key: bool
    misconception: str | None
    places: Integers


def _options(interaction: Choice, firsts: Sequence[Given], at: Sequence[Integers]) -> list[Named]:
    """Return every option, also those that nobody chose, in the author's order."""
    found = []
    for option in interaction.options:
        chosen = [
            places
            for given, places in zip(firsts, at, strict=True)
            if isinstance(given.value, list) and option.id in given.value
        ]
        found.append(Named(option.id, option.weight > 0, option.misconception, _joined(chosen)))
    return found


def _answers(firsts: Sequence[Given], at: Sequence[Integers], definition: ItemDefinition) -> list[Named]:
    """Return what is right, what each misconception leads to, and the commonest other answers.

    Answers to an exercise belong to their draws, so the others stand there together.
    """
    right: list[Integers] = []
    explained: dict[str, list[Integers]] = defaultdict(list)
    others: dict[str, list[Integers]] = defaultdict(list)
    values: dict[str, Any] = {}
    for given, places in zip(firsts, at, strict=True):
        if given.is_right:
            right.append(places)
        elif given.misconception:
            explained[given.misconception].append(places)
        else:
            name = "" if definition.is_exercise else given.parsed or ""
            others[name].append(places)
            values[name] = None if definition.is_exercise else given.value
    common = sorted(others, key=lambda name: -sum(map(len, others[name])))[:MOST_ROWS]
    return [
        Named(None, True, None, _joined(right)),
        *(Named(None, False, slug, _joined(places)) for slug, places in sorted(explained.items())),
        *(Named(values[name], False, None, _joined(others[name])) for name in common),
    ]


def _wrong(own: Sequence[Given], column: Column) -> list[WrongRow]:
    """Return the wrong answers of all tries, the commonest first."""
    thirds = by_ability(column.ability, 3)
    answered = len(np.unique(np.concatenate([one.keys for one in own]))) if own else 0
    keys: dict[tuple[str | None, str | None, float], list[Integers]] = defaultdict(list)
    values: dict[str | None, Given] = {}
    for one in own:
        if not one.is_right:
            keys[one.parsed, one.misconception, one.score].append(one.keys)
            values[one.parsed] = one
    rows = []
    for (parsed, misconception, score), given in keys.items():
        places = np.unique(np.concatenate(given))
        inside = thirds[column.places.at(places)]
        inside = inside[inside >= 0]
        third = float(inside.mean()) + 1 if len(inside) else None
        rows.append(
            WrongRow(
                values[parsed].value,
                values[parsed].is_whole,
                score,
                misconception,
                len(places),
                len(places) / answered,
                third,
            )
        )
    return sorted(rows, key=lambda one: (-one.count, str(one.answer)))


def _option_flags(
    rows: Sequence[tuple[Named, Taken]], answers: int, definition: ItemDefinition, *, is_choice: bool
) -> Iterator[flags.Flag]:
    keys = [one for name, one in rows if name.is_key]
    key = keys[0] if len(keys) == 1 else None
    for name, one in rows:
        if name.is_key:
            continue
        if is_choice:
            yield from flags.of_option(str(name.answer), one, key, answers)
        elif not definition.is_exercise:
            known_mistake = name.misconception is not None
            yield from flags.of_wrong_answer(written(name.answer), one, answers, is_known=known_mistake)


def written(answer: Any) -> str:
    """Return an answer as read, as people write it."""
    if isinstance(answer, float):
        return f"{answer:.10g}"
    if isinstance(answer, list):
        return ", ".join(written(one) for one in answer)
    if isinstance(answer, dict):
        return ", ".join(f"{one}: {written(other)}" for one, other in answer.items())
    return "" if answer is None else str(answer)


def _row(name: Named, one: Taken) -> AnswerRow:
    return AnswerRow(
        answer=name.answer,
        is_key=name.is_key,
        misconception=name.misconception,
        count=one.count,
        share=known(one.share),
        thirds=tuple(known(share) for share in one.thirds),
        curve=tuple(known(share) for share in one.curve),
        third=known(one.third),
        correlation=number(one.correlation),
    )


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


def _marked(places: Integers, size: int) -> Bools:
    marked = np.zeros(size, dtype=np.bool_)
    marked[places] = True
    return marked


def _joined(parts: Sequence[Integers]) -> Integers:
    return np.concatenate(parts) if parts else np.array([], dtype=np.int64)


def number(one: Estimate) -> Number:
    return Number(known(one.value), known(one.low), known(one.high))


def known(value: float) -> float | None:
    return None if np.isnan(value) else float(value)
