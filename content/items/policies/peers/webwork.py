"""Real answers as WeBWorK compares them (PG 2.20, lib/Value/Real.pm): keys and answers are expressions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import ROUND_DOWN, Context, Decimal
from typing import Any, ClassVar, Final

import numpy as np

from content.expressions import exact
from content.items.numbers import UnreadableNumber, as_text
from content.items.policies.base import (
    Bools,
    Floats,
    IntervalPolicy,
    Policy,
    PolicyFault,
    ScalarPolicy,
    integer,
    number,
    option,
)
from content.items.policies.peers.arithmetic import CONSTANTS, LONGEST, UnreadableArithmetic, evaluate

_REAL_CONSTANTS: Final = {name: CONSTANTS[name] for name in ("e", "pi")}
# The nudge is taken this many digits below the first: beyond it a double holds nothing but rounding.
_DIGITS_OF_A_DOUBLE: Final = 14
MOST_DIGITS: Final = 50


def read(text: Any) -> float:
    """Work an expression out; raises `UnreadableNumber`."""
    try:
        value = evaluate(as_text(text, longest=LONGEST), _REAL_CONSTANTS)
    except UnreadableArithmetic as unreadable:
        raise UnreadableNumber(f"This cannot be worked out: {unreadable}.") from unreadable
    if isinstance(value, complex) or not math.isfinite(value):
        raise UnreadableNumber("Enter a number.")
    return float(value)


class _Expressions(IntervalPolicy):
    """Reads keys and answers as expressions."""

    def read_key(self, key: Any) -> float:
        try:
            return read(key)
        except UnreadableNumber as unreadable:
            raise PolicyFault(f"the key is not a number: {unreadable}", fault="key") from unreadable

    def read_answer(self, answer: Any, locale: str) -> float:
        return read(answer)


@dataclass(frozen=True)
class Relative(_Expressions):
    """Nearer to the key than a share of it; near 0, nearer than a fixed distance."""

    name: ClassVar[str] = "webwork.relative"

    tolerance: float = option(number(at_least=0), default=1e-4)
    zero_level: float = option(number(at_least=0), name="zeroLevel", default=1e-14)
    zero_tolerance: float = option(number(at_least=0), name="zeroLevelTol", default=1e-12)

    @property
    def rule(self) -> str:
        return f"less than {100 * self.tolerance:g} % from the key, or equal"

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        near_zero = np.minimum(np.abs(key), np.abs(answer)) < self.zero_level
        width = np.where(near_zero, self.zero_tolerance, self.tolerance * np.abs(key))
        right: Bools = (np.abs(np.subtract(key, answer)) < width) | np.equal(key, answer)
        return right


@dataclass(frozen=True)
class Absolute(_Expressions):
    """Nearer to the key than a fixed distance."""

    name: ClassVar[str] = "webwork.absolute"

    tolerance: float = option(number(at_least=0), default=1e-4)

    @property
    def rule(self) -> str:
        return f"less than {self.tolerance:g} from the key, or equal"

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        right: Bools = (np.abs(np.subtract(key, answer)) < self.tolerance) | np.equal(key, answer)
        return right


def _digits_or_share(value: Any) -> float:
    result = float(number(above=0)(value))
    if result > MOST_DIGITS:
        raise ValueError(f"must be at most {MOST_DIGITS}")
    return result


@dataclass(frozen=True)
class Digits(_Expressions, ScalarPolicy):
    """The same digits as the key; extra digits, up to a number of them, must be right as well."""

    name: ClassVar[str] = "webwork.digits"

    tolerance: float = option(_digits_or_share, default=1e-4)
    truncation: int = option(integer(at_least=0, at_most=1), name="tolTruncation", default=1)
    extra_digits: int = option(integer(at_least=0, at_most=15), name="tolExtraDigits", default=1)
    zero_level: float = option(number(at_least=0), name="zeroLevel", default=1e-14)

    @property
    def digits(self) -> int:
        """Return how many significant digits decide; a tolerance below 1 is meant as a share."""
        wanted = -math.log10(self.tolerance) if self.tolerance < 1 else self.tolerance
        return max(1, int(wanted + 0.5))

    @property
    def rule(self) -> str:
        cut = ", rounded or cut off" if self.truncation else ""
        return f"agrees with the key to {self.digits} digits, and in up to {self.extra_digits} more{cut}"

    def is_right(self, key: float, answer: float) -> bool:
        near_zero = [abs(value) < self.zero_level for value in (key, answer)]
        if key == answer or all(near_zero):
            return True
        return not any(near_zero) and self._agrees(key, answer)

    def _agrees(self, key: float, answer: float) -> bool:
        nudge = float(f"1E{_exponent(answer) - _DIGITS_OF_A_DOUBLE}")
        key, answer = key + math.copysign(nudge, key), answer + math.copysign(nudge, answer)
        least = self.digits - 1
        shown = f"{answer:.{least + self.extra_digits}E}".partition("E")[0].partition(".")[2].rstrip("0")
        decimals = max(least, len(shown))
        rounded = _decimal(answer, decimals)
        if rounded == _decimal(key, decimals):
            return True
        return self.truncation == 1 and rounded == _truncated(key, decimals)


def _exponent(value: float) -> int:
    return exact.whole(f"{value:E}".partition("E")[2])


def _decimal(value: float, decimals: int) -> Decimal:
    return exact.decimal(f"{value:.{decimals}E}")


def _truncated(value: float, decimals: int) -> Decimal:
    """Cut a number off after so many decimals of its scientific form."""
    exact = Decimal(value)
    last = Decimal(1).scaleb(exact.adjusted() - decimals)
    return exact.quantize(last, ROUND_DOWN, Context(prec=decimals + 1))


WEBWORK: Final[tuple[type[Policy], ...]] = (Relative, Absolute, Digits)
