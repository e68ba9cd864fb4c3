"""How an adaptive assessment chooses items and when it ends: the ``adaptive`` part of its document.

Read from a file, from the database and from a form, and written, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import inf
from typing import Any, ClassVar, Final, Self

from assessment.psychometrics.estimation import STANDARD_NORMAL, WIDTH, NormalPrior
from assessment.psychometrics.exposure import ExposureControl
from assessment.psychometrics.selection import RULES
from assessment.psychometrics.stopping import (
    ConfidenceInterval,
    InformationExhausted,
    RatioTest,
    StandardError,
    StoppingRule,
)
from assessment.rules.definition import AssessmentDefinition, BankRules, Reference
from assessment.rules.delivery import Feedback
from content.documents.reader import Reader

LONGEST: Final = 200
"""Items that anybody will sit through."""
MOST_SEEDED: Final = 0.2
"""The share of unscored items that may be asked of a learner."""
LONGEST_NAME: Final = 60
MOST_SCORE: Final = 1000.0
FURTHEST: Final = 6.0
"""Theta is measured from minus this to this."""


@dataclass(frozen=True, slots=True)
class Classification:
    """Whether theta is above or below ``cut``, decided by ``rule``: ratio_test or confidence_interval.

    ``indifference`` is half the width of what need not be told apart; ``error`` is the share of wrong decisions
    allowed in each direction.
    """

    cut: float
    rule: str = "ratio_test"
    indifference: float = 0.2
    error: float = 0.05

    def stopping(self) -> StoppingRule:
        if self.rule == "ratio_test":
            return RatioTest(self.cut, self.indifference, self.error, self.error)
        return ConfidenceInterval(self.cut, 1 - 2 * self.error)


@dataclass(frozen=True, slots=True)
class StopRules:
    """When an attempt ends: never before ``min_items`` and never after ``max_items``, else by the first reason.

    Only items that are scored count. None switches a reason off.
    """

    min_items: int = 5
    max_items: int = 20
    standard_error: float | None = None
    information: float | None = None
    classification: Classification | None = None

    def stopping(self) -> tuple[StoppingRule, ...]:
        rules: list[StoppingRule] = []
        if self.standard_error is not None:
            rules.append(StandardError(self.standard_error))
        if self.classification is not None:
            rules.append(self.classification.stopping())
        if self.information is not None:
            rules.append(InformationExhausted(self.information))
        return tuple(rules)


@dataclass(frozen=True, slots=True)
class Level:
    """A row of an author's table, for whoever is at ``theta`` or above. Either each row has a ``score`` or none."""

    name: str
    theta: float
    score: float | None


@dataclass(frozen=True, slots=True)
class ResultRules:
    """What an estimate is worth: the expected number of right answers to the items of ``reference``, or by a table.

    ``levels`` ascend, and the lowest has no bound. Where they have scores, an attempt has that of its level; where
    not, they only name what the reference is worth. Without a reference it is a hundred items like those of the bank.
    """

    reference: tuple[str, ...] = ()
    levels: tuple[Level, ...] = ()

    def level(self, theta: float) -> Level | None:
        """Return the level of an estimate; None without a table."""
        return next((one for one in reversed(self.levels) if theta >= one.theta), None)

    @property
    def most(self) -> float | None:
        """The highest score of the table; None where it has none."""
        return self.levels[-1].score if self.levels else None

    def to_json(self) -> dict[str, Any]:
        return {
            "reference": list(self.reference),
            "levels": [
                {
                    "name": one.name,
                    **({} if one.theta == -inf else {"from": one.theta}),
                    **({} if one.score is None else {"score": one.score}),
                }
                for one in self.levels
            ],
        }


@dataclass(frozen=True, slots=True)
class AdaptiveRules(BankRules):
    """``constraints`` bound the number of items by skill; ``shadow`` keeps them with certainty.

    ``seeding`` is the share of uncalibrated items asked unscored; ``provisional`` lets the author's guess of the
    difficulty stand in for a calibration.
    """

    key: ClassVar[str] = "adaptive"
    grows: ClassVar[bool] = True
    takes_more_tries: ClassVar[bool] = False
    # Verdicts come at the end where nothing else is said: each one would tell how hard the next item will be.
    feedbacks: ClassVar[Sequence[Feedback]] = (Feedback.AT_END, Feedback.IMMEDIATE, Feedback.AFTER_CLOSE)

    selection: str = "posterior_weighted"
    prior: NormalPrior = STANDARD_NORMAL
    exposure: ExposureControl | None = None
    constraints: Mapping[str, tuple[int, int]] = field(default_factory=dict)
    shadow: bool = False
    stop: StopRules = StopRules()
    seeding: float = MOST_SEEDED
    provisional: bool = True
    bank: str = ""
    result: ResultRules = ResultRules()

    @classmethod
    def read_entry(cls, entry: Reader) -> Self:
        rules = cls(
            bank=entry.text("bank", default=""),
            selection=entry.one_of("selection", "posterior_weighted", RULES),
            prior=_prior(entry.mapping("prior")),
            exposure=_exposure(entry),
            constraints=_constraints(entry.mapping("constraints")),
            shadow=entry.flag("shadow"),
            stop=_stop(entry.mapping("stop")),
            seeding=entry.between("seeding", MOST_SEEDED, 0, MOST_SEEDED),
            provisional=entry.flag("provisional", default=True),
            result=_result(entry.mapping("result")),
        )
        if rules.shadow and not rules.constraints and not entry.is_faulty("constraints"):
            entry.fault("shadow", "keeps constraints, and there are none")
        wanted = sum(least for least, _ in rules.constraints.values())
        if wanted > rules.stop.max_items and not entry.is_faulty("constraints", "stop"):
            entry.fault("constraints", "ask for more items than an attempt has")
        return rules

    def references(self) -> Iterator[Reference]:
        yield from BankRules.references(self)
        for skill in self.constraints:
            yield Reference(f"adaptive.constraints.{skill}", "skill", skill, at_key=True)
        for place, item in enumerate(self.result.reference):
            yield Reference(f"adaptive.result.reference.{place}", "item", item)

    def check(self, reader: Reader, definition: AssessmentDefinition) -> None:
        """An estimate takes the first answer and no other."""
        if definition.rules.tries != 1:
            reader.fault("tries", "an adaptive assessment allows one try")

    @property
    def longest(self) -> int:
        """The most items that a learner may be shown, unscored ones included."""
        return int(self.stop.max_items / (1 - self.seeding) + 1e-9)

    def to_json(self) -> dict[str, Any]:
        """Return the document that `from_json` reads, with every default written out."""
        return {
            **({"bank": self.bank} if self.bank else {}),
            "selection": self.selection,
            "prior": {"mean": self.prior.mean, "sd": self.prior.sd},
            "exposure": self.exposure
            and {"ceiling": self.exposure.ceiling, "bands": list(self.exposure.edges)},
            "constraints": {skill: list(bounds) for skill, bounds in self.constraints.items()},
            "shadow": self.shadow,
            "stop": _stop_to_json(self.stop),
            "seeding": self.seeding,
            "provisional": self.provisional,
            "result": self.result.to_json(),
        }


def _prior(reader: Reader) -> NormalPrior:
    mean = reader.between("mean", 0.0, -FURTHEST, FURTHEST)
    # What is finer than the grid of the posterior cannot be told from certainty.
    sd = reader.between("sd", 1.0, round(WIDTH, 9), FURTHEST)
    reader.finish()
    return NormalPrior(mean, sd)


def _exposure(reader: Reader) -> ExposureControl | None:
    if reader.raw("exposure") is None:
        return None
    entry = reader.mapping("exposure")
    ceiling = entry.between("ceiling", 0.25, 0.01, 1.0)
    edges = entry.raw("bands", [])
    entry.finish()
    if not _ascend(edges):
        entry.fault("bands", f"must be numbers of -{FURTHEST:g} to {FURTHEST:g} that ascend")
        edges = []
    return ExposureControl(ceiling, tuple(float(edge) for edge in edges))


def _ascend(edges: Any) -> bool:
    if not isinstance(edges, list) or not all(type(edge) in (int, float) for edge in edges):
        return False
    return edges == sorted(set(edges)) and all(abs(edge) <= FURTHEST for edge in edges)


def _constraints(reader: Reader) -> dict[str, tuple[int, int]]:
    found = {}
    for skill, value in reader.items():
        if _is_range(value):
            found[skill] = (value[0], value[1])
        else:
            reader.spoil(skill, f"must be [least, most] items, whole numbers of 0 to {LONGEST}")
    return found


def _is_range(value: Any) -> bool:
    pair = isinstance(value, list | tuple) and len(value) == 2 and all(type(one) is int for one in value)
    return pair and 0 <= value[0] <= value[1] <= LONGEST


def _stop(reader: Reader) -> StopRules:
    most = reader.whole("max_items", 20, most=LONGEST)
    least = reader.whole("min_items", min(5, most), most=LONGEST)
    if least > most and not reader.is_faulty("min_items", "max_items"):
        reader.fault("min_items", "is more than max_items")
    stop = StopRules(
        min_items=least,
        max_items=most,
        standard_error=_optional(reader, "standard_error", round(WIDTH / 2, 9), 2.0),
        information=_optional(reader, "information", 0.0, 100.0),
        classification=_classification(reader),
    )
    reader.finish()
    return stop


def _classification(reader: Reader) -> Classification | None:
    if reader.raw("classification") is None:
        return None
    entry = reader.mapping("classification")
    found = Classification(
        cut=entry.between("cut", None, -FURTHEST, FURTHEST),
        rule=entry.one_of("rule", "ratio_test", ("ratio_test", "confidence_interval")),
        indifference=entry.between("indifference", 0.2, 0.01, 2.0),
        error=entry.between("error", 0.05, 0.001, 0.4),
    )
    entry.finish()
    return found


def _result(reader: Reader) -> ResultRules:
    levels = _levels(reader)
    found = ResultRules(reader.texts("reference"), levels)
    if found.reference and found.most is not None:
        reader.fault("reference", "has no effect where the levels have scores")
    if len(set(found.reference)) < len(found.reference):
        reader.fault("reference", "names an item twice")
    reader.finish()
    return found


def _levels(reader: Reader) -> tuple[Level, ...]:
    entries = reader.readers("levels")
    levels = tuple(_level(entry, is_lowest=number == 0) for number, entry in enumerate(entries))
    if reader.is_faulty("levels"):
        return levels
    bounds = [one.theta for one in levels]
    if bounds != sorted(set(bounds)):
        reader.spoil("levels", "must ascend by 'from'")
    scores = [one.score for one in levels if one.score is not None]
    if scores and (len(scores) < len(levels) or scores != sorted(scores) or scores[-1] == 0):
        reader.fault("levels", "have a score each, and they ascend to more than 0; or none has one")
    return levels


def _level(entry: Reader, *, is_lowest: bool) -> Level:
    name = entry.text("name")
    if len(name) > LONGEST_NAME:
        entry.fault("name", f"must be at most {LONGEST_NAME} characters")
    if is_lowest and entry.raw("from") is not None:
        entry.fault("from", "is for the levels above the lowest")
    theta = -inf if is_lowest else entry.between("from", None, -FURTHEST, FURTHEST)
    level = Level(name, theta, _optional(entry, "score", 0.0, MOST_SCORE))
    entry.finish()
    return level


def _stop_to_json(stop: StopRules) -> dict[str, Any]:
    decides = stop.classification
    return {
        "min_items": stop.min_items,
        "max_items": stop.max_items,
        "standard_error": stop.standard_error,
        "information": stop.information,
        "classification": decides
        and {
            "cut": decides.cut,
            "rule": decides.rule,
            "indifference": decides.indifference,
            "error": decides.error,
        },
    }


def _optional(reader: Reader, key: str, low: float, high: float) -> float | None:
    return None if reader.raw(key) is None else reader.between(key, None, low, high)
