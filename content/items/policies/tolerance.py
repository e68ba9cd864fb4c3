"""Our own numeric policies: right means close enough, in a sense that the rule states.

Bounds are inclusive. Binary floats miss most decimal bounds by a unit in the last place (0.4 - 0.3 > 0.1),
so every bound is widened by ``SLACK`` times the size of key and tolerance: 8 units in the last place, less
than any learner means.
"""

from __future__ import annotations

import math
import sys
from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

from content.items.near import rounding
from content.items.numbers import Number, UnreadableNumber, read_number
from content.items.policies.base import (
    Bools,
    Floats,
    IntervalPolicy,
    finite_key,
    flag,
    integer,
    number,
    option,
)
from content.items.units import Quantity, parse_unit, read_quantity
from content.items.verdict import Verdict

SLACK: Final = 8 * sys.float_info.epsilon
LARGEST: Final = sys.float_info.max
# What counts as 0 where the key is 0, of which a share or a significant figure means nothing.
NEAR_ZERO: Final = 1e-9


def _known_unit(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("must be a text")
    if value:
        parse_unit(value)
    return value


def _penalty(value: Any) -> float:
    penalty = float(number(at_least=0)(value))
    if penalty > 1:
        raise ValueError("must be at most 1")
    return penalty


@dataclass(frozen=True, kw_only=True)
class TolerancePolicy(IntervalPolicy):
    """Right within ``half_width(key)`` of the key; some also count the digits typed.

    ``fractions`` and ``percent`` widen what may be typed. With a ``unit`` the key is in that unit, an
    answer may carry any unit that converts to it, and a missing or unfit one costs ``unit_penalty`` of
    the score.
    """

    strict_document: ClassVar[bool] = True

    # Most answers are plain numbers, and a policy is stored with every presentation: these go without saying.
    fractions: bool = option(flag, default=False, implied=True)
    percent: bool = option(flag, default=False, implied=True)
    unit: str = option(_known_unit, default="", implied=True)
    unit_penalty: float = option(_penalty, default=0.0, implied=True)

    @abstractmethod
    def half_width(self, key: Floats) -> Floats:
        """Return the distance from each key at which an answer is just right."""

    @property
    def reads(self) -> tuple[str, ...] | None:
        if self.unit:
            return None
        return tuple(name for name in ("fractions", "percent") if getattr(self, name))

    def digits_fault(self, number: Number) -> str:
        """Return what is wrong with the digits as typed; nothing is the empty text."""
        return ""

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        return _within(key, answer, self._width(key))

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        center = finite_key(key)
        try:
            typed = self._entered(answer, locale)
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        value, width = typed.number.value, self._width(center)
        near = bool(_within(center, value, width))
        distance = _in_tolerances(abs(value - center), float(width))
        message = self.digits_fault(typed.number) if near else rounding(center, typed.number)
        score = float(near and not message)
        if score and not typed.is_right:
            score -= self.unit_penalty
            message = f"The number is right; its unit should be {self.unit}."
        return self.scored(score, parsed=value, distance=distance, message=message)

    def _width(self, key: Floats) -> Floats:
        # A share of a key may be larger than a float can be: then everything finite lies within.
        with np.errstate(over="ignore"):
            return self.half_width(key)

    def _entered(self, answer: Any, locale: str) -> Quantity:
        if self.unit:
            return read_quantity(answer, unit=self.unit, locale=locale, fractions=self.fractions)
        plain = read_number(answer, locale=locale, fractions=self.fractions, percent=self.percent)
        return Quantity(plain, "", is_right=True)

    def with_unit(self, rule: str) -> str:
        """Return a rule with what it says of the unit."""
        if not self.unit:
            return rule
        cost = f"; a missing or unfit unit costs {100 * self.unit_penalty:g} %" if self.unit_penalty else ""
        return f"{rule}, in {self.unit}{cost}"


def _within(key: Floats, answer: Floats, width: Floats) -> Bools:
    with np.errstate(invalid="ignore", over="ignore"):
        distance = np.abs(np.subtract(answer, key))
        edge = width * (1 + SLACK) + SLACK * np.abs(key)
        # A distance that is not finite lies beyond every edge, even that of a key which is not.
        right: Bools = distance <= np.minimum(edge, LARGEST)
    return right


def _in_tolerances(gap: float, width: float) -> float | None:
    """Return a distance as a multiple of the tolerance, where there is a tolerance and a float holds it."""
    distance = gap / width if width > 0 else math.inf
    return distance if math.isfinite(distance) else None


@dataclass(frozen=True, kw_only=True)
class _DistancePolicy(TolerancePolicy):
    """Looks at nothing but the distance from the key, so that an exact fraction is as good as its decimals."""

    fractions: bool = option(flag, default=True, implied=True)


@dataclass(frozen=True)
class Absolute(_DistancePolicy):
    """Within a fixed distance of the key."""

    name: ClassVar[str] = "absolute"

    tolerance: float = option(number(at_least=0))

    @property
    def rule(self) -> str:
        return self.with_unit(f"within {self.tolerance:g} of the key")

    def half_width(self, key: Floats) -> Floats:
        return self.tolerance


@dataclass(frozen=True)
class Relative(_DistancePolicy):
    """Within a share of the key; a key of exactly 0 has an absolute tolerance instead."""

    name: ClassVar[str] = "relative"

    tolerance: float = option(number(at_least=0))
    zero: float = option(number(above=0), default=NEAR_ZERO)

    @property
    def rule(self) -> str:
        share = f"{100 * self.tolerance:g} %"
        return self.with_unit(f"within {share} of the key (of a key of 0, within {self.zero:g})")

    def half_width(self, key: Floats) -> Floats:
        return np.where(np.equal(key, 0), self.zero, self.tolerance * np.abs(key))


@dataclass(frozen=True)
class SignificantFigures(TolerancePolicy):
    """Within half a unit of the key's last significant figure; ``strict`` also counts the figures typed.

    Either neighbor of a tie is right (2.67 and 2.68 for 2.675), and more figures are welcome unless strict.
    """

    name: ClassVar[str] = "significant_figures"

    digits: int = option(integer(at_least=1, at_most=15))
    strict: bool = option(flag, default=False)

    @property
    def rule(self) -> str:
        strictly = f", written with exactly {self.digits}" if self.strict else ""
        return self.with_unit(f"agrees with the key to {self.digits} significant figures{strictly}")

    def half_width(self, key: Floats) -> Floats:
        size = np.abs(key)
        zero = size == 0
        magnitude = np.floor(np.log10(size + zero))
        return np.where(zero, NEAR_ZERO, 0.5 * 10.0 ** (magnitude - self.digits + 1))

    def digits_fault(self, number: Number) -> str:
        low, high = number.figures_low, number.figures_high
        if not self.strict or (low is not None and high is not None and low <= self.digits <= high):
            return ""
        return f"The value is right; write it with exactly {self.digits} significant figures."


@dataclass(frozen=True)
class DecimalPlaces(TolerancePolicy):
    """Within half a unit of the last decimal place; ``strict`` also counts the places typed."""

    name: ClassVar[str] = "decimal_places"

    places: int = option(integer(at_least=0, at_most=15))
    strict: bool = option(flag, default=False)

    @property
    def rule(self) -> str:
        strictly = f", written with exactly {self.places}" if self.strict else ""
        return self.with_unit(f"agrees with the key to {self.places} decimal places{strictly}")

    def half_width(self, key: Floats) -> Floats:
        return 0.5 * 10.0**-self.places

    def digits_fault(self, number: Number) -> str:
        if not self.strict or number.decimals == self.places:
            return ""
        return f"The value is right; write it with exactly {self.places} decimal places."
