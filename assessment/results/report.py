"""What item statistics say, as the document of a snapshot keeps it. None is a number that there is not."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import msgspec

from assessment.psychometrics.intervals import Estimate

FORMAT: Final = 1
"""Rises when documents change: one of another format, as an older or a newer release wrote it, is computed anew."""


@dataclass(frozen=True, slots=True)
class Number:
    """A number with its interval of 95 %."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Flag:
    kind: str
    words: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """Who gave an answer first: an option, what is right, what a misconception leads to, or a wrong answer.

    ``answer`` is as it was read; None stands for all that the row is about. ``thirds`` and ``curve`` are the shares
    among learners by ability, the weakest first; ``third`` is the mean third of who gave it, 1 to 3.
    """

    answer: Any
    is_key: bool
    misconception: str | None
    count: int
    share: float | None
    thirds: tuple[float | None, ...]
    curve: tuple[float | None, ...]
    third: float | None
    correlation: Number


@dataclass(frozen=True, slots=True)
class WrongRow:
    """A wrong answer given at any try: in how many places, and what share of those answered.

    ``is_whole`` is false of the beginning of one that is too long to be told.
    """

    answer: Any
    is_whole: bool
    score: float
    misconception: str | None
    count: int
    share: float
    third: float | None


@dataclass(frozen=True, slots=True)
class InteractionReport:
    """``answered`` places have a first answer that could be read; ``is_choice``: its rows are the options."""

    id: str
    kind: str
    is_choice: bool
    answered: int
    rows: tuple[AnswerRow, ...]
    wrong: tuple[WrongRow, ...]
    more_wrong: int


@dataclass(frozen=True, slots=True)
class RegionRow:
    low: float
    high: float
    answers: int
    facility: float | None
    adjusted: float | None


@dataclass(frozen=True, slots=True)
class ParameterReport:
    """``p_value`` is corrected for the number of parameters; None before there are enough answers."""

    name: str
    regions: tuple[RegionRow, ...]
    p_value: float | None
    gap: float | None


@dataclass(frozen=True, slots=True)
class Seconds:
    """For how long places were in view: the middle, and the quarters."""

    median: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True)
class ItemReport:
    """One item version as it was shown. ``weight`` is the share of a total that its author meant,
    ``effective_weight`` the one that it has in their spread."""

    version: str
    item: str
    slug: str
    title: str
    number: int
    bank: str
    is_exercise: bool
    position: float
    shown: int
    unanswered: int
    facility: Number
    first_try: Number
    sd: float | None
    weight: float | None
    effective_weight: float | None
    discrimination: Number
    efficiency: float | None
    guess: float | None
    seconds: Seconds
    interactions: tuple[InteractionReport, ...]
    parameters: tuple[ParameterReport, ...]
    unexamined: tuple[str, ...]
    flags: tuple[Flag, ...]


@dataclass(frozen=True, slots=True)
class TotalsReport:
    """What attempts came to, in points of ``most``; ``bars`` count attempts by tenths of it."""

    attempts: int
    most: float
    mean: Number
    median: float | None
    sd: float | None
    skewness: float | None
    kurtosis: float | None
    consistency: Number
    error_ratio: float | None
    error: float | None
    bars: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class AbilityReport:
    """Estimates of adaptive attempts; ``bars`` count them in steps of a half from -4 to 4."""

    attempts: int
    mean: float | None
    sd: float | None
    error: float | None
    bars: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class SkillRow:
    skill: str
    attempts: int
    answers: int
    first_try: float | None


@dataclass(frozen=True, slots=True)
class Report:
    """``attempts`` are counted, of ``people``; ``notes`` say in words what does not apply and why."""

    mode: str
    attempts: int
    people: int
    totals: TotalsReport | None
    ability: AbilityReport | None
    skills: tuple[SkillRow, ...]
    items: tuple[ItemReport, ...]
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reports:
    """By first attempts, and by all; None where nobody has a second one, and both are the same."""

    first: Report
    all: Report | None
    format: int = FORMAT


def to_document(reports: Reports) -> dict[str, Any]:
    """Return the document of a snapshot; what is no finite number becomes null."""
    document: dict[str, Any] = msgspec.json.decode(msgspec.json.encode(reports))
    return document


def is_readable(document: Mapping[str, Any]) -> bool:
    return document.get("format") == FORMAT


def from_document(document: Mapping[str, Any]) -> Reports:
    return msgspec.convert(document, Reports)


def number(one: Estimate) -> Number:
    return Number(known(one.value), known(one.low), known(one.high))


def known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)
