"""The numeric operators of QTI 2, as the reference implementation qti-sdk works them out.

Rules read from EqualProcessor, EqualRoundedProcessor and RoundToProcessor. Operands are numbers; a
missing one has no value and cannot be judged.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any, ClassVar, Final

import numpy as np

from content.items.numbers import UnreadableNumber, as_text
from content.items.policies.base import (
    Bools,
    Floats,
    IntervalPolicy,
    Policy,
    PolicyFault,
    ScalarPolicy,
    flag,
    integer,
    number,
    one_of,
    option,
)
from content.items.verdict import Verdict

FIGURES, PLACES = "significantFigures", "decimalPlaces"

_PLAIN: Final = re.compile(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
# PHP rounds to the digits that a double surely holds before it rounds to those asked for.
_SURE_DIGITS: Final = Context(prec=15, rounding=ROUND_HALF_UP)


def read(operand: Any) -> float:
    """Read a number as programs write it; raises `UnreadableNumber`."""
    text = as_text(operand).strip()
    if not _PLAIN.fullmatch(text):
        raise UnreadableNumber("Enter a number, for example 1.5 or -2e-3.")
    value = float(text)
    if math.isinf(value):
        raise UnreadableNumber("That number is too large.")
    return value


class _Operands(IntervalPolicy):
    """Reads keys and answers as plain numbers."""

    def read_key(self, key: Any) -> float:
        try:
            return read(key)
        except UnreadableNumber as unreadable:
            raise PolicyFault("the key is not a number", fault="key") from unreadable

    def read_answer(self, answer: Any, locale: str) -> float:
        return read(answer)


def _tolerance(value: Any) -> tuple[float, ...]:
    values = value if isinstance(value, Sequence) and not isinstance(value, str) else [value]
    if len(values) > 2:
        raise ValueError("must be one number or two")
    return tuple(float(number()(each)) for each in values)


@dataclass(frozen=True)
class Equal(_Operands):
    """Equal, or inside an interval round the key, each end in or out."""

    name: ClassVar[str] = "qti.equal"

    mode: str = option(one_of("exact", "absolute", "relative"), name="toleranceMode", default="exact")
    tolerance: tuple[float, ...] = option(_tolerance, default=())
    with_low: bool = option(flag, name="includeLowerBound", default=True)
    with_high: bool = option(flag, name="includeUpperBound", default=True)

    def __post_init__(self) -> None:
        if self.mode != "exact" and not self.tolerance:
            raise PolicyFault(f"{self.name}: the mode {self.mode} needs a tolerance")

    @property
    def rule(self) -> str:
        if self.mode == "exact":
            return "equal to the key"
        unit = " %" if self.mode == "relative" else ""
        return f"from {self.tolerance[0]:g}{unit} below the key to {self.tolerance[-1]:g}{unit} above"

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        if self.mode == "exact":
            same: Bools = np.equal(key, answer)
            return same
        low, high = self._bounds(key)
        above = np.greater_equal(answer, low) if self.with_low else np.greater(answer, low)
        below = np.less_equal(answer, high) if self.with_high else np.less(answer, high)
        right: Bools = above & below & np.isfinite(answer)
        return right

    def _bounds(self, key: Floats) -> tuple[Floats, Floats]:
        below, above = self.tolerance[0], self.tolerance[-1]
        if self.mode == "absolute":
            return key - below, key + above
        # As it is there: for a negative key the ends cross over and nothing lies between them.
        return key * (1 - below / 100), key * (1 + above / 100)


@dataclass(frozen=True)
class _Rounding(Policy):
    mode: str = option(one_of(FIGURES, PLACES), name="roundingMode", default=FIGURES)
    figures: int = option(integer(at_least=0, at_most=300), default=3)

    def __post_init__(self) -> None:
        if self.mode == FIGURES and self.figures < 1:
            raise PolicyFault(f"{self.name}: a number has at least one significant figure")

    def rounded(self, value: float) -> float:
        if self.mode == PLACES:
            return _rounded(value, self.figures)
        if value == 0:
            return 0.0
        return _rounded(value, self.figures - 1 - _SURE_DIGITS.create_decimal(repr(value)).adjusted())

    @property
    def precision(self) -> str:
        words = "significant figures" if self.mode == FIGURES else "decimal places"
        return f"{self.figures} {words}"


def _rounded(value: float, places: int) -> float:
    """Round the decimal form of a number, a half away from 0."""
    sure = _SURE_DIGITS.create_decimal(repr(value))
    if -sure.as_tuple().exponent <= places:  # type: ignore[operator]  # a finite number has an exponent
        return value
    return float(sure.quantize(Decimal(1).scaleb(-places), ROUND_HALF_UP, Context(prec=400)))


@dataclass(frozen=True)
class EqualRounded(_Rounding, _Operands, ScalarPolicy):
    """Equal to the key once both are rounded."""

    name: ClassVar[str] = "qti.equal_rounded"

    @property
    def rule(self) -> str:
        return f"equal to the key when both are rounded to {self.precision}"

    def is_right(self, key: float, answer: float) -> bool:
        return self.rounded(key) == self.rounded(answer)


@dataclass(frozen=True)
class RoundTo(_Rounding):
    """Rounds a number, and judges nothing."""

    name: ClassVar[str] = "qti.round_to"
    interaction: ClassVar[str] = "numeric.round"

    @property
    def rule(self) -> str:
        return f"rounded to {self.precision}"

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        try:
            return self.scored(1, parsed=self.rounded(read(answer)))
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))


QTI: Final[tuple[type[Policy], ...]] = (Equal, EqualRounded)
QTI_READERS: Final[tuple[type[Policy], ...]] = (RoundTo,)
