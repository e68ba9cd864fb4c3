"""Number inputs and checkboxes as PrairieLearn grades them.

Rules read from elements/pl-number-input, elements/pl-checkbox and python/prairielearn.
"""

from __future__ import annotations

import math
import re
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from content.expressions import exact
from content.items.numbers import UnreadableNumber, as_text
from content.items.policies.base import Bools, Floats, IntervalPolicy, Policy, flag, integer, number, option
from content.items.policies.choices import ChoiceKey, ChoicePolicy, right_options
from content.items.verdict import Verdict

# How far half a unit of the last digit reaches: just over a half, so that either rounding of a tie passes.
JUST_OVER_HALF: Final = 0.51
# What the counters say of a fraction, whose digits say nothing.
MANY_DIGITS: Final = 1000
LARGEST_POWER: Final = 300

_FRACTION_BARS: Final = str.maketrans("÷\u2215", "//")
_LITERAL: Final = re.compile(r"[0-9.]+[eE][+-]?[0-9]+")
_SPACE_IN_NUMBER: Final = re.compile(r"(?<=\d)\s+(?=\d)")


def read(answer: Any, *, allow_fractions: bool = True) -> float:
    """Read a number as Python's ``float`` does, or a fraction of two; raises `UnreadableNumber`."""
    if isinstance(answer, (int, float)) and not isinstance(answer, bool):
        return _finite(answer)
    typed = as_text(answer)
    if not typed.strip():
        raise UnreadableNumber("Enter a number.")
    text = typed.translate(_FRACTION_BARS)
    if text.count("/") != 1:
        return _finite(text)
    if not allow_fractions:
        raise UnreadableNumber("Write a decimal number, not a fraction.")
    above, below = (_finite(side) for side in text.split("/"))
    if below == 0:
        raise UnreadableNumber("A fraction cannot have 0 below the line.")
    return _finite(above / below)


def _finite(given: str | float) -> float:
    if isinstance(given, str):
        given = _SPACE_IN_NUMBER.sub("", given.replace("\u2212", "-"))
    try:
        value = float(given)
    except (ValueError, OverflowError):
        raise UnreadableNumber("Enter a number, for example 1.5 or -2e-3.") from None
    if not math.isfinite(value):
        raise UnreadableNumber("That number is too large, or no number.")
    return value


@dataclass(frozen=True)
class Parse(Policy):
    """Reads a number, and judges nothing."""

    name: ClassVar[str] = "prairielearn.parse"
    interaction: ClassVar[str] = "numeric.parse"

    allow_fractions: bool = option(flag, default=True)

    @property
    def rule(self) -> str:
        return "the number as read"

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        try:
            return self.scored(1, parsed=read(answer, allow_fractions=self.allow_fractions))
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))


@dataclass(frozen=True)
class _Number(IntervalPolicy):
    def read_answer(self, answer: Any, locale: str) -> float:
        return read(answer)


@dataclass(frozen=True)
class RelAbs(_Number):
    """Within a share of the key and a fixed distance, which add up."""

    name: ClassVar[str] = "prairielearn.relabs"

    rtol: float = option(number(at_least=0), default=1e-2)
    atol: float = option(number(at_least=0), default=1e-8)

    @property
    def rule(self) -> str:
        return f"within {100 * self.rtol:g} % + {self.atol:g} of the key"

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        width = self.atol + self.rtol * np.abs(key)
        right: Bools = (np.abs(np.subtract(answer, key)) <= width) & np.isfinite(answer)
        return right


@dataclass(frozen=True)
class _HalfUnit(_Number):
    """Less than just over half a unit of some digit from the key."""

    digits: int = option(integer(at_least=0, at_most=300), default=2)

    @abstractmethod
    def unit(self, key: Floats) -> Floats:
        """Return the unit of the digit that decides, for each key."""

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        reach = JUST_OVER_HALF * self.unit(key)
        right: Bools = np.greater(answer, key - reach) & np.less(answer, key + reach)
        return right


@dataclass(frozen=True)
class SigFig(_HalfUnit):
    """Agrees with the key in so many significant figures, however many are typed."""

    name: ClassVar[str] = "prairielearn.sigfig"

    @property
    def rule(self) -> str:
        return f"agrees with the key to {self.digits} significant figures"

    def unit(self, key: Floats) -> Floats:
        magnitude = np.floor(np.log10(np.where(np.equal(key, 0), 1.0, np.abs(key))))
        unit: Floats = np.float_power(10.0, magnitude - self.digits + 1)
        return unit


@dataclass(frozen=True)
class DecDig(_HalfUnit):
    """Agrees with the key in so many decimal places, however many are typed."""

    name: ClassVar[str] = "prairielearn.decdig"

    @property
    def rule(self) -> str:
        return f"agrees with the key to {self.digits} decimal places"

    def unit(self, key: Floats) -> Floats:
        return 10.0**-self.digits


def _digits(answer: Any) -> str | None:
    """Return the digits that the counters look at, exponent written out; None for a fraction."""
    text = as_text(answer).strip().lstrip("+-\u2212")
    if "/" in text:
        return None
    if "e" not in text.lower():
        return text
    try:
        value = exact.decimal(text)
    except exact.UnusableNumber:
        if _LITERAL.fullmatch(text):
            raise UnreadableNumber("That number is too large, or too close to 0.") from None
        return text
    if abs(value.adjusted()) > LARGEST_POWER:
        raise UnreadableNumber("That number is too large, or too close to 0.")
    return format(value, "f")


@dataclass(frozen=True)
class _Counter(Policy):
    """Counts something about the digits typed, and judges nothing."""

    interaction: ClassVar[str] = "numeric.digits"
    of_fraction: ClassVar[float]

    @abstractmethod
    def count(self, whole: str, part: str, *, has_point: bool) -> float:
        """Count in the digits before and after the point."""

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        try:
            digits = _digits(answer)
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        if digits is None:
            return self.scored(1, parsed=self.of_fraction)
        whole, point, part = digits.partition(".")
        return self.scored(1, parsed=self.count(whole, part, has_point=bool(point)))


@dataclass(frozen=True)
class CountPrecision(_Counter):
    """The unit of the last digit typed; the trailing zeros of a whole number do not count."""

    name: ClassVar[str] = "prairielearn.count_precision"
    of_fraction: ClassVar[float] = 0.0

    @property
    def rule(self) -> str:
        return "the unit of the last digit typed"

    def count(self, whole: str, part: str, *, has_point: bool) -> float:
        if has_point:
            return float(10.0 ** -len(part))
        return float(10 ** (len(whole) - len(whole.rstrip("0"))))


@dataclass(frozen=True)
class CountSigFigs(_Counter):
    """The significant figures typed; the trailing zeros of a whole number do not count."""

    name: ClassVar[str] = "prairielearn.count_sigfigs"
    of_fraction: ClassVar[float] = MANY_DIGITS

    @property
    def rule(self) -> str:
        return "the significant figures typed"

    def count(self, whole: str, part: str, *, has_point: bool) -> float:
        significant = (whole + part).lstrip("0") if has_point else whole.strip("0")
        return len(significant) or len(part) or 1


@dataclass(frozen=True)
class CountDecimals(_Counter):
    """The digits after the point from the first that is not 0."""

    name: ClassVar[str] = "prairielearn.count_decimals"
    of_fraction: ClassVar[float] = MANY_DIGITS

    @property
    def rule(self) -> str:
        return "the decimal places typed, zeros after the point aside"

    def count(self, whole: str, part: str, *, has_point: bool) -> float:
        return len(part.lstrip("0"))


@dataclass(frozen=True)
class _Checkbox(ChoicePolicy):
    allow_blank: bool = option(flag, default=False)

    def readable(self, key: ChoiceKey, ids: frozenset[str]) -> frozenset[str]:
        return ids if not ids and self.allow_blank else super().readable(key, ids)


@dataclass(frozen=True)
class Off(_Checkbox):
    """Exactly the right options."""

    name: ClassVar[str] = "prairielearn.off"

    @property
    def rule(self) -> str:
        return "exactly the right options are chosen"

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        return float(chosen == right_options(key))


@dataclass(frozen=True)
class NetCorrect(_Checkbox):
    """Right choices less wrong ones, as a share of the right options."""

    name: ClassVar[str] = "prairielearn.net_correct"

    @property
    def rule(self) -> str:
        return "right choices less wrong ones, as a share of the right options"

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        right = right_options(key)
        if not right:
            return float(not chosen)
        return max(0.0, (len(chosen & right) - len(chosen - right)) / len(right))


@dataclass(frozen=True)
class EachAnswer(_Checkbox):
    """The share of options decided rightly."""

    name: ClassVar[str] = "prairielearn.each_answer"

    @property
    def rule(self) -> str:
        return "the share of options decided rightly"

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        return 1 - len(chosen ^ right_options(key)) / len(key)


@dataclass(frozen=True)
class Coverage(_Checkbox):
    """The share of the right options chosen, times the share of the choices that are right."""

    name: ClassVar[str] = "prairielearn.coverage"

    @property
    def rule(self) -> str:
        return "the share of right options chosen, times the share of choices that are right"

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        right = right_options(key)
        if not chosen or not right:
            return 0.0
        hits = len(chosen & right)
        return (hits / len(right)) * (hits / len(chosen))


PRAIRIELEARN: Final[tuple[type[Policy], ...]] = (
    RelAbs,
    SigFig,
    DecDig,
    Off,
    NetCorrect,
    EachAnswer,
    Coverage,
)
PRAIRIELEARN_READERS: Final[tuple[type[Policy], ...]] = (
    Parse,
    CountPrecision,
    CountSigFigs,
    CountDecimals,
)
