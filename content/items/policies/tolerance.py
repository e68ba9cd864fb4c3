"""Our own numeric policies: right means close enough, in a sense that the rule states.

Bounds are inclusive. Binary floats miss most decimal bounds by a unit in the last place (0.4 - 0.3 > 0.1),
so every bound is widened by ``SLACK`` times the larger of key and answer: 8 units in the last place, less
than any learner means.
"""

from __future__ import annotations

from abc import abstractmethod
from dataclasses import dataclass
from typing import Any, ClassVar, Final

import numpy as np

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
from content.items.verdict import Verdict

SLACK: Final = 8 * float(np.finfo(np.float64).eps)
# What counts as 0 where the key is 0, of which a share or a significant figure means nothing.
NEAR_ZERO: Final = 1e-9


@dataclass(frozen=True)
class TolerancePolicy(IntervalPolicy):
    """Right within ``half_width(key)`` of the key; some also count the digits typed."""

    strict_document: ClassVar[bool] = True

    @abstractmethod
    def half_width(self, key: Floats) -> Floats:
        """Return the distance from each key at which an answer is just right."""

    def digits_fault(self, number: Number) -> str:
        """Return what is wrong with the digits as typed; nothing is the empty text."""
        return ""

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        with np.errstate(invalid="ignore", over="ignore"):
            distance = np.abs(np.subtract(answer, key))
            slack = SLACK * np.maximum(np.abs(key), np.abs(answer))
            right: Bools = (distance <= self.half_width(key) + slack) & np.isfinite(distance)
        return right

    def distance(self, key: float, answer: float) -> float | None:
        width = float(self.half_width(key))
        return abs(answer - key) / width if width > 0 else None

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        centre = finite_key(key)
        try:
            typed = read_number(answer, locale=locale)
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        near = bool(self.accepts(centre, typed.value))
        fault = self.digits_fault(typed) if near else ""
        distance = self.distance(centre, typed.value)
        return self.scored(near and not fault, parsed=typed.value, distance=distance, message=fault)


@dataclass(frozen=True)
class Absolute(TolerancePolicy):
    """Within a fixed distance of the key."""

    name: ClassVar[str] = "absolute"

    tolerance: float = option(number(at_least=0))

    @property
    def rule(self) -> str:
        return f"within {self.tolerance:g} of the key"

    def half_width(self, key: Floats) -> Floats:
        return self.tolerance


@dataclass(frozen=True)
class Relative(TolerancePolicy):
    """Within a share of the key; a key of exactly 0 has an absolute tolerance instead."""

    name: ClassVar[str] = "relative"

    tolerance: float = option(number(at_least=0))
    zero: float = option(number(above=0), default=NEAR_ZERO)

    @property
    def rule(self) -> str:
        return f"within {100 * self.tolerance:g} % of the key (of a key of 0, within {self.zero:g})"

    def half_width(self, key: Floats) -> Floats:
        return np.where(np.equal(key, 0), self.zero, self.tolerance * np.abs(key))


@dataclass(frozen=True)
class SignificantFigures(TolerancePolicy):
    """Within half a unit of the key's last significant figure; ``strict`` also counts the figures typed.

    Either neighbour of a tie is right (2.67 and 2.68 for 2.675), and more figures are welcome unless strict.
    """

    name: ClassVar[str] = "significant_figures"

    digits: int = option(integer(at_least=1, at_most=15))
    strict: bool = option(flag, default=False)

    @property
    def rule(self) -> str:
        strictly = f", written with exactly {self.digits}" if self.strict else ""
        return f"agrees with the key to {self.digits} significant figures{strictly}"

    def half_width(self, key: Floats) -> Floats:
        zero = np.equal(key, 0)
        magnitude = np.floor(np.log10(np.where(zero, 1.0, np.abs(key))))
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
        return f"agrees with the key to {self.places} decimal places{strictly}"

    def half_width(self, key: Floats) -> Floats:
        return 0.5 * 10.0**-self.places

    def digits_fault(self, number: Number) -> str:
        if not self.strict or number.decimals == self.places:
            return ""
        return f"The value is right; write it with exactly {self.places} decimal places."
