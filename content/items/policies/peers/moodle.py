"""Numerical and multiple-choice questions as Moodle 4.3 grades them.

Rules read from question/type/numerical (question.php, questiontype.php) and question/type/multichoice.
"""

from __future__ import annotations

import math
import re
from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Final

import numpy as np

from content.items.numbers import UnreadableNumber, as_text
from content.items.policies.base import (
    Bools,
    Floats,
    IntervalPolicy,
    Policy,
    PolicyFault,
    finite_key,
    flag,
    number,
    one_of,
    option,
)
from content.items.policies.choices import ChoiceKey, ChoicePolicy, UnreadableChoice
from content.items.verdict import Verdict

# Ten to the minus 14: the digits that Moodle has PHP keep. Every tolerance is widened by it.
EPSILON: Final = 1e-14
ANY_NUMBER: Final = "*"

_EXPONENT: Final = r"(?:[eE]|(?:x|\*|×)10(?:\^|\*\*))([+-]?[0-9]+)"
_NUMBER: Final = r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:e[+-]?[0-9]+)?"
_ANY_EXPONENT: Final = re.compile(_EXPONENT)
_NUMBER_FIRST: Final = re.compile(_NUMBER)
_NUMBER_LAST: Final = re.compile(_NUMBER + r"\Z")


@dataclass(frozen=True, slots=True)
class Reading:
    """A number as Moodle reads it, its unit text, and what to multiply by to come to the first unit."""

    value: float
    unit: str
    multiplier: float | None
    warns_of_thousands: bool

    @property
    def scaled(self) -> float | None:
        return None if self.multiplier is None else self.value * self.multiplier


def _units(value: Any) -> dict[str, float]:
    if not isinstance(value, Mapping):
        raise TypeError("must map the name of each unit to how many make the first")
    return {str(name): number(at_least=1e-300)(factor) for name, factor in value.items()}


def _optional_text(value: Any) -> str | None:
    if value is not None and not isinstance(value, str):
        raise TypeError("must be a text")
    return value


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("must be a text")
    return value


@dataclass(frozen=True)
class _Notation(Policy):
    """How a number is written: its marks, its units and where the unit stands."""

    interaction: ClassVar[str] = "numeric.parse"

    decsep: str = option(_text, default=".")
    thousandssep: str = option(_text, default=",")
    units: Mapping[str, float] = option(_units, default_factory=dict)
    units_before: bool = option(flag, default=False)
    separate_unit: str | None = option(_optional_text, default=None)

    def read(self, answer: Any) -> Reading:
        """Read an answer leniently, the locale's marks last; raises `UnreadableNumber`."""
        raw = _typed(answer)
        text = self._with_points(_ANY_EXPONENT.sub(r"e\1", raw.replace(" ", "")))
        match = (_NUMBER_LAST.search if self.units_before else _NUMBER_FIRST.match)(text)
        if match is None:
            raise UnreadableNumber("Enter a number.")
        value = float(match[0])
        if math.isinf(value):
            raise UnreadableNumber("That number is too large.")
        unit = text[: match.start()] if self.units_before else text[match.end() :]
        if self.separate_unit is not None:
            unit = self.separate_unit
        factor = self.units.get(unit)
        warns = self.thousandssep in (".", ",") and self.thousandssep in raw
        return Reading(value, unit, None if factor is None else 1 / factor, warns)

    def _with_points(self, text: str) -> str:
        if "." in text or text.count(",") > 1:
            return text.replace(",", "")
        if self.thousandssep:
            text = text.replace(self.thousandssep, "")
        return text.replace(self.decsep, ".").replace(",", ".")


def _typed(answer: Any) -> str:
    text = as_text(answer)
    if not text.strip():
        raise UnreadableNumber("Enter a number.")
    return text


@dataclass(frozen=True)
class Parse(_Notation):
    """Reads a number and its unit, and judges nothing."""

    name: ClassVar[str] = "moodle.parse"

    @property
    def rule(self) -> str:
        return "the number and the unit as read"

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        try:
            reading = self.read(answer)
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        parsed = {
            "value": reading.value,
            "unit": reading.unit,
            "multiplier": reading.multiplier,
            "warn_thousands": reading.warns_of_thousands,
        }
        return self.scored(1, parsed=parsed)


@dataclass(frozen=True)
class ParseStrict(_Notation):
    """Takes a number apart by the locale's marks, and judges nothing."""

    name: ClassVar[str] = "moodle.parse_strict"

    @property
    def rule(self) -> str:
        return "the parts of the number as written"

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        try:
            text = _typed(answer)
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        match = self._pattern.search(text) if self.units_before else self._pattern.match(text)
        integer = match["integer"].replace(self.thousandssep, "") if match else ""
        if match is None or not (integer or match["fraction"]):
            return self.invalid("Enter a number.")
        unit = text[: match.start()] if self.units_before else text[match.end() :]
        parts = {
            "integer": integer,
            "fraction": match["fraction"] or "",
            "exponent": match[3] or "",
            "unit": unit.strip(),
        }
        return self.scored(1, parsed={"parts": parts})

    @property
    def _pattern(self) -> re.Pattern[str]:
        integer = rf"(?P<integer>[+-]?[0-9{re.escape(self.thousandssep)}]*)"
        fraction = rf"(?:{re.escape(self.decsep)}(?P<fraction>[0-9]*))?"
        return re.compile(integer + fraction + f"(?:{_EXPONENT})?" + (r"\Z" if self.units_before else ""))


def _tolerance(value: Any) -> float:
    """Read a tolerance; a blank one is 0 and its sign means nothing."""
    if value is None or (isinstance(value, str) and not value.strip()):
        return 0.0
    return abs(float(number()(value)))


@dataclass(frozen=True)
class _Interval(IntervalPolicy):
    """An interval round the key, with both its ends."""

    tolerance: float = option(_tolerance, default=0.0)

    @abstractmethod
    def bounds(self, key: Floats) -> tuple[Floats, Floats]:
        """Return the least and the greatest right answer to each key."""

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        low, high = self.bounds(key)
        right: Bools = (np.less_equal(low, answer)) & (np.less_equal(answer, high)) & np.isfinite(answer)
        return right

    def read_answer(self, answer: Any, locale: str) -> float:
        return Parse().read(answer).value

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        if key != ANY_NUMBER:
            return super().grade(key, answer, locale=locale)
        try:
            return self.scored(1, parsed=self.read_answer(answer, locale))
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))


@dataclass(frozen=True)
class Nominal(_Interval):
    """Within a fixed distance of the key."""

    name: ClassVar[str] = "moodle.nominal"

    @property
    def rule(self) -> str:
        return f"within {self.tolerance:g} of the key"

    def bounds(self, key: Floats) -> tuple[Floats, Floats]:
        width = self.tolerance + EPSILON * np.maximum(np.maximum(self.tolerance, np.abs(key)), EPSILON)
        return key - width, key + width


@dataclass(frozen=True)
class Relative(_Interval):
    """Within a share of the key; a key of 0 accepts only 0."""

    name: ClassVar[str] = "moodle.relative"

    @property
    def rule(self) -> str:
        return f"within {100 * self.tolerance:g} % of the key"

    def bounds(self, key: Floats) -> tuple[Floats, Floats]:
        width = np.abs(key) * (self.tolerance + EPSILON)
        return key - width, key + width


@dataclass(frozen=True)
class Geometric(_Interval):
    """Within a factor of the key, on the same side of 0."""

    name: ClassVar[str] = "moodle.geometric"

    @property
    def rule(self) -> str:
        return f"within a factor of {1 + self.tolerance:g} of the key"

    def bounds(self, key: Floats) -> tuple[Floats, Floats]:
        factor = 1 + self.tolerance + EPSILON
        one, other = np.divide(key, factor), np.multiply(key, factor)
        return np.minimum(one, other), np.maximum(one, other)


TOLERANCES: Final[Mapping[str, type[_Interval]]] = {
    "nominal": Nominal,
    "relative": Relative,
    "geometric": Geometric,
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """One answer that a question foresees, and the fraction it earns; no center means any number."""

    center: float | None
    fraction: float
    interval: _Interval

    def holds(self, value: float | None) -> bool:
        if value is None:
            return False
        return self.center is None or self.interval.holds(self.center, value)


def _accepted(value: Any) -> tuple[Mapping[str, Any], ...]:
    if not isinstance(value, (list, tuple)) or not all(isinstance(each, Mapping) for each in value):
        raise TypeError("must list the answers foreseen")
    for each in value:
        _accepted_answer(each)
    return tuple(value)


def _accepted_answer(document: Mapping[str, Any]) -> Accepted:
    kind = one_of(*TOLERANCES)(document.get("type", "nominal"))
    text = document.get("answer")
    try:
        center = None if text == ANY_NUMBER else finite_key(text)
    except PolicyFault as fault:
        raise ValueError(f"has an answer that is no number: {text}") from fault
    interval = TOLERANCES[kind](_tolerance(document.get("tolerance")))
    return Accepted(center, number()(document.get("fraction", 1)), interval)


@dataclass(frozen=True)
class Numerical(_Notation):
    """The first answer foreseen that holds the number gives its fraction, less a penalty for the unit."""

    name: ClassVar[str] = "moodle.numerical"
    interaction: ClassVar[str] = "numeric"

    answers: tuple[Mapping[str, Any], ...] = option(_accepted, default=())
    unit_grading: str = option(one_of("none", "out_of_mark", "out_of_max"), default="none")
    unit_penalty: float = option(number(at_least=0), default=0.1)

    @property
    def rule(self) -> str:
        if self.unit_grading == "none":
            return "the first foreseen answer that holds the number"
        share = "of the score" if self.unit_grading == "out_of_mark" else "of the maximum"
        return (
            "the first foreseen answer that holds the number; "
            f"a wrong unit costs {self.unit_penalty:g} {share}"
        )

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        foreseen = [_accepted_answer(each) for each in self.answers]
        foreseen = foreseen or [Accepted(finite_key(key), 1.0, Nominal())]
        try:
            reading = self.read(answer)
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        score = self._score(foreseen, reading)
        parsed = {"value": reading.value, "unit": reading.unit}
        # A closed attempt is graded there even where the answer would have been sent back to the learner.
        if self.separate_unit is not None and not self.separate_unit.strip():
            return replace(self.invalid("Choose a unit.", parsed), score=score)
        if reading.warns_of_thousands:
            advice = f"Write the number without “{self.thousandssep}”."
            return replace(self.invalid(advice, parsed), score=score)
        return self.scored(score, parsed=parsed)

    def _score(self, foreseen: list[Accepted], reading: Reading) -> float:
        for each in foreseen:
            if each.holds(reading.scaled):
                return each.fraction
            if each.holds(reading.value):
                return self._with_wrong_unit(each.fraction)
        return 0.0

    def _with_wrong_unit(self, fraction: float) -> float:
        if self.unit_grading == "none":
            return fraction
        lost = self.unit_penalty * (fraction if self.unit_grading == "out_of_mark" else 1)
        return max(0.0, fraction - lost)


@dataclass(frozen=True)
class Fractions(ChoicePolicy):
    """The weight of the option chosen, or the sum of the weights of several, kept between 0 and 1."""

    name: ClassVar[str] = "moodle.fractions"

    multiple: bool = option(flag, default=False)

    @property
    def rule(self) -> str:
        if self.multiple:
            return "the sum of the weights of the options chosen"
        return "the weight of the option chosen"

    def readable(self, key: ChoiceKey, ids: frozenset[str]) -> frozenset[str]:
        if not self.multiple and len(ids) > 1:
            raise UnreadableChoice("Choose one option only.")
        return super().readable(key, ids)

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        total = math.fsum(float(weight) for option_id, weight in key.items() if option_id in chosen)
        return min(1.0, max(0.0, total)) if self.multiple else total


MOODLE: Final[tuple[type[Policy], ...]] = (
    Nominal,
    Relative,
    Geometric,
    Numerical,
    Fractions,
)
MOODLE_READERS: Final[tuple[type[Policy], ...]] = (Parse, ParseStrict)
