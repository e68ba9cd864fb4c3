"""Simulations as the desk tells them: what an instructor reads first, then tables."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from assessment.calibration.simulated_adaptive import SimulatedAdaptive
from assessment.calibration.simulated_fixed import SimulatedFixed
from assessment.calibration.simulated_mastery import SimulatedMastery

NOTHING: Final = "–"
ORIGINS: Final = {"answers": "answers", "guess": "its author's guess", "nothing": "nothing: taken as average"}


@dataclass(frozen=True, slots=True)
class Table:
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    note: str = ""


@dataclass(frozen=True, slots=True)
class Told:
    """A simulation in words: ``facts`` are pairs of a name and what was found."""

    title: str
    facts: Sequence[tuple[str, str]]
    tables: Sequence[Table]


def adaptive(found: SimulatedAdaptive) -> Told:
    report = found.report
    ceiling = f" (ceiling {found.ceiling:.2f})" if found.ceiling else ""
    facts = [
        ("Bias", f"{report.bias:.3f}"),
        ("Root mean squared error", f"{report.rmse:.3f}"),
        ("Standard error, on average", f"{report.standard_error:.3f}"),
        ("Correlation with the truth", _number(report.correlation, 3)),
        ("Length", f"{report.length:.1f} on average, {report.longest} at most"),
        ("Highest exposure", f"{report.highest_exposure:.2f}{ceiling}"),
        ("Overlap of two learners", f"{report.overlap:.2f}"),
        ("Items never used", f"{_share(report.unused_items)} of all"),
        ("Ended by", ", ".join(f"{reason} {count}" for reason, count in found.ended.items())),
        (
            "Violated constraints",
            ", ".join(f"{name} {count}" for name, count in report.violations.items()) or "none",
        ),
    ]
    rows = [
        [
            *_band(one),
            str(one.learners),
            f"{one.bias:+.3f}",
            f"{one.rmse:.3f}",
            f"{one.standard_error:.3f}",
            f"{one.length:.1f}",
        ]
        for one in report.bands
    ]
    by_ability = Table("By ability", ["From", "to", "Learners", "Bias", "RMSE", "SE", "Length"], rows)
    return Told(f"{report.learners} learners, {len(found.pool.measuring)} items", facts, [by_ability])


def fixed(found: SimulatedFixed) -> Told:
    report = found.report
    worst = f", {_number(report.lowest_alpha)} in the worst of {len(found.forms)} draws"
    minutes = (
        "not known yet" if found.minutes is None else f"about {found.minutes:.0f} minutes for half of them"
    )
    needed = _share(found.definition.rules.pass_fraction)
    facts = [
        ("Score, on average", f"{_share(report.mean)} of the points, standard deviation {_share(report.sd)}"),
        ("Pass", f"{_share(report.passing)} ({needed} of the points are needed)"),
        ("Reliability (alpha)", _number(report.alpha) + (worst if len(found.forms) > 1 else "")),
        ("Standard error", f"{_share(report.standard_error)} of the points"),
        ("Time", minutes),
    ]
    bands = [[*_band(one), str(one.learners), _share(one.mean), _share(one.passing)] for one in report.bands]
    items = [
        [
            one.title,
            NOTHING if one.difficulty is None else f"{one.difficulty:.2f}",
            ORIGINS[one.origin],
            _share(one.facility),
            _share(one.asked),
        ]
        for one in found.by_item
    ]
    head = ["Question", "Difficulty", "Known from", "Right at the first try", "Asked of"]
    return Told(
        f"{report.learners} learners, {len(found.known)} items",
        facts,
        [
            Table("By ability", ["From", "to", "Learners", "Score", "Pass"], bands),
            Table("Question by question", head, items),
        ],
    )


def mastery(found: SimulatedMastery) -> Told:
    report = found.report
    facts = [
        ("Master everything", _share(report.finished)),
        ("Skills mastered, on average", _share(report.mastered)),
        ("Length", f"{report.length:.1f} on average, {report.longest} at most"),
    ]
    rows = [
        [
            one.title,
            _share(one.found.reached),
            _share(one.found.mastered),
            _count(one.found.answers),
            _count(one.found.answers_90),
            _share(one.found.false_mastery),
            _share(one.found.false_nonmastery),
        ]
        for one in found.skills
    ]
    head = [
        "Skill",
        "Come to it",
        "Master it",
        "Answers until then: half need",
        "nine in ten need at most",
        "Passed without having it",
        "Not passed in spite of having it",
    ]
    note = "“Without having it”: of those who pass. “In spite of having it”: of those who do not pass."
    title = f"{report.learners} learners, {len(found.skills)} skills"
    return Told(title, facts, [Table("Skill by skill", head, rows, note)])


TOLD: Final[Mapping[str, Callable[[Any], Told]]] = {
    "fixed": fixed,
    "adaptive": adaptive,
    "mastery": mastery,
}
"""How a simulation of each mode is told; `assessment.calibration.simulating.SIMULATIONS` has the same names."""


def _band(one: Any) -> list[str]:
    return ["" if end is None else f"{end:.1f}" for end in (one.low, one.high)]


def _share(value: float) -> str:
    return NOTHING if math.isnan(value) else f"{100 * value:.0f} %"


def _number(value: float, places: int = 2) -> str:
    return "unknown" if math.isnan(value) else f"{value:.{places}f}"


def _count(value: float | None) -> str:
    return NOTHING if value is None else f"{value:.0f}"
