"""How an adaptive assessment chooses items and when it ends: the ``adaptive`` part of its document.

Read from a file, from the database and from a form, and written, here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any, ClassVar, Final, Self

from assessment.psychometrics.estimation import STANDARD_NORMAL, WIDTH, NormalPrior
from assessment.psychometrics.exposure import ExposureControl
from assessment.psychometrics.stopping import (
    ConfidenceInterval,
    InformationExhausted,
    RatioTest,
    StandardError,
    StoppingRule,
)
from assessment.rules import fields
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

SELECTIONS: Final = {
    "posterior_weighted": "what tells most, over all abilities still likely (usual)",
    "maximum_information": "what tells most at the present estimate",
    "kullback_leibler": "what tells the present estimate best from its neighbors",
    "minimum_expected_variance": "what leaves the least uncertainty (slower)",
    "randomesque": "by chance among the best few",
    "progressive": "by chance at first, by information later",
}
DECISIONS: Final = {
    "ratio_test": "as soon as the odds are clear (ratio test, usual)",
    "confidence_interval": "when the cut lies outside the confidence interval",
}


@dataclass(frozen=True, slots=True)
class Classification(fields.Declared):
    """Whether theta is above or below ``cut``, decided by ``rule``: ratio_test or confidence_interval.

    ``indifference`` is half the width of what need not be told apart; ``error`` is the share of wrong decisions
    allowed in each direction.
    """

    cut: float = fields.needed_between(
        -FURTHEST,
        FURTHEST,
        title="Pass mark",
        about="On the scale of ability; 0 is average. Above it is a pass.",
    )
    rule: str = fields.one_of(DECISIONS, "ratio_test", title="Decided")
    indifference: float = fields.between(
        0.2,
        0.01,
        2.0,
        title="Too near to tell apart",
        about="On either side of the pass mark; for the ratio test.",
    )
    error: float = fields.between(
        0.05, 0.001, 0.4, title="Wrong decisions allowed", about="In each direction: 0.05 is one in twenty."
    )

    def stopping(self) -> StoppingRule:
        if self.rule == "ratio_test":
            return RatioTest(self.cut, self.indifference, self.error, self.error)
        return ConfidenceInterval(self.cut, 1 - 2 * self.error)


def _read_classification(reader: Reader, key: str) -> Classification | None:
    if reader.raw(key) is None:
        return None
    entry = reader.mapping(key)
    return Classification(**Classification.take_all(entry))


@dataclass(frozen=True, slots=True)
class StopRules(fields.Declared):
    """When an attempt ends: never before ``min_items`` and never after ``max_items``, else by the first reason.

    Only items that are scored count. None switches a reason off.
    """

    min_items: int = fields.whole(5, most=LONGEST, title="At least so many questions")
    max_items: int = fields.whole(20, most=LONGEST, title="At most so many questions")
    standard_error: float | None = fields.perhaps_between(
        round(WIDTH / 2, 9),
        2.0,
        title="Enough when the standard error is down to",
        about="0.3 takes about 10 to 15 good questions, 0.5 about half of that. Empty: never.",
    )
    information: float | None = fields.perhaps_between(
        0.0,
        100.0,
        title="Enough when no question tells more than",
        about="Information at the estimate, as 0.1. Empty: never.",
    )
    classification: Classification | None = fields.perhaps_part(
        Classification,
        _read_classification,
        title="Decide pass or fail",
        about="Ends as soon as it is clear on which side of the pass mark the learner is.",
    )

    def stopping(self) -> tuple[StoppingRule, ...]:
        rules: list[StoppingRule] = []
        if self.standard_error is not None:
            rules.append(StandardError(self.standard_error))
        if self.classification is not None:
            rules.append(self.classification.stopping())
        if self.information is not None:
            rules.append(InformationExhausted(self.information))
        return tuple(rules)


def _read_name(entry: Reader, key: str) -> str:
    name = entry.text(key)
    if len(name) > LONGEST_NAME:
        entry.fault(key, f"must be at most {LONGEST_NAME} characters")
    return name


@dataclass(frozen=True, slots=True)
class Level(fields.Declared):
    """A row of an author's table, for whoever is at ``theta`` or above. Either each row has a ``score`` or none."""

    name: str = fields.label(_read_name, {"maxLength": LONGEST_NAME}, title="Name of the level")
    theta: float = fields.perhaps_between(
        -FURTHEST,
        FURTHEST,
        name="from",
        title="From this ability",
        about="On the scale of ability; 0 is average. The lowest level has none.",
    )
    score: float | None = fields.perhaps_between(
        0.0, MOST_SCORE, title="Points", about="For each level or for none of them."
    )

    @classmethod
    def read(cls, entry: Reader, *, is_lowest: bool) -> Level:
        if is_lowest and entry.raw("from") is not None:
            entry.spoil("from", "is for the levels above the lowest")
        values = cls.take_all(entry)
        theta = values["theta"]
        if not is_lowest and theta is None:
            entry.spoil("from", f"must be a number of {-FURTHEST:g} to {FURTHEST:g}")
        return cls(**values | {"theta": -inf if is_lowest else -FURTHEST if theta is None else theta})


def _read_levels(reader: Reader, key: str) -> tuple[Level, ...]:
    entries = reader.readers(key)
    levels = tuple(Level.read(entry, is_lowest=number == 0) for number, entry in enumerate(entries))
    if reader.is_faulty(key):
        return levels
    bounds = [one.theta for one in levels]
    if bounds != sorted(set(bounds)):
        reader.spoil(key, "must ascend by 'from'")
    scores = [one.score for one in levels if one.score is not None]
    if scores and (len(scores) < len(levels) or scores != sorted(scores) or scores[-1] == 0):
        reader.fault(key, "have a score each, and they ascend to more than 0; or none has one")
    return levels


@dataclass(frozen=True, slots=True)
class ResultRules(fields.Declared):
    """What an estimate is worth: the expected number of right answers to the items of ``reference``, or by a table.

    ``levels`` ascend, and the lowest has no bound. Where they have scores, an attempt has that of its level; where
    not, they only name what the reference is worth. Without a reference it is a hundred items like those of the bank.
    """

    reference: tuple[str, ...] = fields.names(
        "item",
        title="Reference set",
        about="Questions of the bank: an attempt is worth how many of them somebody of this ability gets right. "
        "Empty: a hundred questions like those of the bank.",
    )
    levels: tuple[Level, ...] = fields.parts(
        Level,
        _read_levels,
        entry="level",
        title="Table of levels",
        about="From the lowest to the highest. With points, an attempt has those of its level; without, the level "
        "only gives its result a name.",
    )

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
class Prior(fields.Declared):
    """What is assumed of a learner, as it stands in a document."""

    mean: float = fields.between(
        0.0,
        -FURTHEST,
        FURTHEST,
        title="Ability expected",
        about="0 is the average of the group that was measured.",
    )
    # What is finer than the grid of the posterior cannot be told from certainty.
    sd: float = fields.between(
        1.0,
        round(WIDTH, 9),
        FURTHEST,
        title="Spread expected",
        about="1 is usual: two in three lie within 1 of it.",
    )


def _read_bands(entry: Reader, key: str) -> tuple[float, ...]:
    edges = entry.raw(key, [])
    if _ascend(edges):
        return tuple(float(edge) for edge in edges)
    entry.spoil(key, f"must be numbers of -{FURTHEST:g} to {FURTHEST:g} that ascend")
    return ()


@dataclass(frozen=True, slots=True)
class Exposure(fields.Declared):
    """How often an item may be given, as it stands in a document."""

    ceiling: float = fields.between(
        0.25,
        0.01,
        1.0,
        title="At most this share of learners",
        about="0.25: no question goes to more than a quarter.",
    )
    bands: tuple[float, ...] = fields.field(
        _read_bands,
        {
            "type": "array",
            "items": {"type": "number", "minimum": -FURTHEST, "maximum": FURTHEST},
            "uniqueItems": True,
        },
        title="Kept within bands of ability",
        about="Edges that ascend, as -1 and 1: the ceiling then holds within each band. Empty: over all learners.",
        default=(),
        written=[],
    )


def _read_prior(reader: Reader, key: str) -> NormalPrior:
    found = Prior.take_all(reader.mapping(key))
    return NormalPrior(found["mean"], found["sd"])


def _read_exposure(reader: Reader, key: str) -> ExposureControl | None:
    if reader.raw(key) is None:
        return None
    found = Exposure.take_all(reader.mapping(key))
    return ExposureControl(found["ceiling"], found["bands"])


def _read_constraints(reader: Reader, key: str) -> dict[str, tuple[int, int]]:
    found, entries = {}, reader.mapping(key)
    for skill, value in entries.items():
        if _is_range(value):
            found[skill] = (value[0], value[1])
        else:
            entries.spoil(skill, f"must be [least, most] items, whole numbers of 0 to {LONGEST}")
    return found


_CONSTRAINTS: Final = {
    "type": "object",
    "x-keys": "Skill",
    "x-key-names": "skill",
    "x-entry": "skill",
    "propertyNames": {"minLength": 1, "x-names": "skill"},
    "additionalProperties": {
        "x-label": "Least and most",
        "x-widget": "pair",
        "x-blank": [1, 3],
        "type": "array",
        "minItems": 2,
        "maxItems": 2,
        "items": {"type": "integer", "minimum": 0, "maximum": LONGEST},
    },
}


def _read_stop(reader: Reader, key: str) -> StopRules:
    entry = reader.mapping(key)
    values = StopRules.take_all(entry)
    if not entry.has("min_items"):
        values["min_items"] = min(values["min_items"], values["max_items"])
    if values["min_items"] > values["max_items"] and not entry.is_faulty("min_items", "max_items"):
        entry.fault("min_items", "is more than max_items")
    return StopRules(**values)


def _read_result(reader: Reader, key: str) -> ResultRules:
    entry = reader.mapping(key)
    found = ResultRules(**ResultRules.take_all(entry))
    if found.reference and found.most is not None:
        entry.fault("reference", "has no effect where the levels have scores")
    if len(set(found.reference)) < len(found.reference) and not entry.is_faulty("reference"):
        entry.fault("reference", "names an item twice")
    return found


@dataclass(frozen=True, slots=True)
class AdaptiveRules(BankRules):
    """``constraints`` bound the number of items by skill; ``shadow`` keeps them with certainty.

    ``seeding`` is the share of uncalibrated items asked unscored; ``provisional`` lets the author's guess of the
    difficulty stand in for a calibration.
    """

    key: ClassVar[str] = "adaptive"
    title: ClassVar[str] = "adaptive: each question is chosen by the answers before it"
    grows: ClassVar[bool] = True
    takes_more_tries: ClassVar[bool] = False
    # Verdicts come at the end where nothing else is said: each one would tell how hard the next item will be.
    feedbacks: ClassVar[Sequence[Feedback]] = (Feedback.AT_END, Feedback.IMMEDIATE, Feedback.AFTER_CLOSE)

    bank: str = fields.named("bank", title="Bank", about="Where the questions come from.", empty="")
    stop: StopRules = fields.part(StopRules, _read_stop, title="When an attempt ends", default=StopRules())
    result: ResultRules = fields.part(
        ResultRules,
        _read_result,
        title="What an attempt is worth",
        about="Never the share of right answers: questions follow the learner, so everybody gets about half right.",
        default=ResultRules(),
    )
    constraints: Mapping[str, tuple[int, int]] = fields.field(
        _read_constraints,
        _CONSTRAINTS,
        title="Questions by skill",
        about="The least and the most that an attempt has of a skill.",
        default={},
    )
    shadow: bool = fields.flag(
        title="Keep these numbers with certainty",
        about="Without it they are kept where the bank allows; with it every choice takes longer.",
        more=True,
    )
    selection: str = fields.one_of(SELECTIONS, "posterior_weighted", title="The next question is", more=True)
    prior: NormalPrior = fields.part(
        Prior,
        _read_prior,
        title="What is assumed of a learner before the first answer",
        more=True,
        default=STANDARD_NORMAL,
    )
    exposure: ExposureControl | None = fields.perhaps_part(
        Exposure,
        _read_exposure,
        title="How often a question may be given",
        about="Left out: as often as it fits, so that the best ones are soon known to everybody.",
    )
    seeding: float = fields.between(
        MOST_SEEDED,
        0,
        MOST_SEEDED,
        title="Share of questions on trial",
        about="Questions that have not been measured yet, asked unscored to learn how hard they are.",
        more=True,
    )
    provisional: bool = fields.flag(
        title="An author's guess of the difficulty counts until there are answers", default=True, more=True
    )

    @classmethod
    def read_entry(cls, entry: Reader) -> Self:
        rules = cls(**cls.take_all(entry))
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


def _ascend(edges: Any) -> bool:
    if not isinstance(edges, list) or not all(type(edge) in (int, float) for edge in edges):
        return False
    return edges == sorted(set(edges)) and all(abs(edge) <= FURTHEST for edge in edges)


def _is_range(value: Any) -> bool:
    pair = isinstance(value, list | tuple) and len(value) == 2 and all(type(one) is int for one in value)
    return pair and 0 <= value[0] <= value[1] <= LONGEST


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
