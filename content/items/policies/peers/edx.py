"""Numerical and choice problems as Open edX grades them (capa's response types with openedx-calc 4.0.3).

Rules read from capa/responsetypes.py and capa/util.py. An answer is an arithmetic expression (see
`arithmetic`). A blank one is not an error there: it is graded, as wrong.
"""

from __future__ import annotations

import cmath
import math
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, ClassVar, Final

from content.expressions import exact
from content.items.numbers import UnreadableNumber, as_text
from content.items.policies.base import Policy, PolicyFault, number, one_of, option
from content.items.policies.choices import ChoiceKey, ChoicePolicy, right_options
from content.items.policies.peers.arithmetic import LONGEST, UnreadableArithmetic, Value, evaluate
from content.items.verdict import Verdict

DEFAULT_TOLERANCE: Final = "0.001%"
CLOSE, LISTED = "close", "list"
HALF: Final = 0.5
QUARTER: Final = 0.25
# A bound of a range is met when the answer equals it to within this share of the larger of the two.
AT_BOUND: Final = 2.2e-16
LARGEST: Final = sys.float_info.max


def is_near(answer: Value, key: Value, tolerance: str) -> bool:
    """Return whether an answer lies within a tolerance of a key, compared as the shortest decimals."""
    width = _width(answer, key, tolerance)
    if cmath.isinf(answer) or cmath.isinf(key):
        return answer == key
    answer, key = complex(answer), complex(key)
    if cmath.isnan(answer) or cmath.isnan(key):
        return False
    if answer.imag or key.imag:
        return abs(answer - key) <= width
    return abs(_decimal(answer.real) - _decimal(key.real)) <= _decimal(width)


def _decimal(value: float) -> Decimal:
    shortest = repr(float(value))
    return exact.decimal(shortest) if math.isfinite(value) else Decimal(shortest)


def _width(answer: Value, key: Value, tolerance: str) -> float:
    """Return the tolerance as a distance; ``%`` is of the key, and the default of the larger of the two."""
    if not tolerance.endswith("%"):
        return float(_real(tolerance))
    share = _real(tolerance[:-1]) * 0.01
    size = max(abs(answer), abs(key)) if tolerance == DEFAULT_TOLERANCE else abs(key)
    return float(share * size)


def _real(text: str) -> float:
    value = evaluate(text)
    if isinstance(value, complex) or math.isnan(value):
        raise UnreadableArithmetic("it is not a real number")
    return float(value)


def _tolerance(value: Any) -> str:
    if value is None:
        return DEFAULT_TOLERANCE
    text = str(value).strip()
    if not math.isfinite(_real(text.removesuffix("%"))):
        raise ValueError("must be finite")
    return text


def _values(value: Any) -> tuple[str, ...]:
    """Read expressions, in a list or between commas."""
    if value is None:
        return ()
    texts = value.split(",") if isinstance(value, str) else value
    if not isinstance(texts, Sequence):
        raise TypeError("must list numbers")
    for text in texts:
        evaluate(str(text))
    return tuple(str(text).strip() for text in texts)


def _credit(value: Any) -> tuple[str, ...]:
    """Read the kinds of partial credit, in a list or between commas."""
    words = value.split(",") if isinstance(value, str) else value or ()
    kinds = tuple(str(word).strip().lower() for word in words)
    for kind in kinds:
        one_of(CLOSE, LISTED)(kind)
    return kinds


@dataclass(frozen=True, slots=True)
class Range:
    """An interval that stands for a key, each end in or out."""

    low: float
    high: float
    with_low: bool
    with_high: bool

    def holds(self, answer: float) -> bool:
        for bound, is_in in ((self.low, self.with_low), (self.high, self.with_high)):
            if abs(answer - bound) <= AT_BOUND * max(abs(answer), abs(bound)):
                return is_in
        return self.low < answer < self.high

    def widened(self, share: float) -> Range:
        reach = share * (self.high - self.low)
        return Range(self.low - reach, self.high + reach, with_low=False, with_high=False)


@dataclass(frozen=True)
class Tolerance(Policy):
    """Within a tolerance of the key or of a listed answer; or inside a range such as ``[5, 7)``."""

    name: ClassVar[str] = "edx.tolerance"
    blank_is_valid: ClassVar[bool] = True

    tolerance: str = option(_tolerance, default=DEFAULT_TOLERANCE)
    credit: tuple[str, ...] = option(_credit, default=())
    partial_range: float = option(number(at_least=0), default=2.0)
    partial_answers: tuple[str, ...] = option(_values, default=())
    additional_answers: tuple[str, ...] = option(_values, default=())

    @property
    def rule(self) -> str:
        partial = " or, for a part of the score, near it" if self.credit else ""
        return f"within {self.tolerance} of the key{partial}"

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        bounds = _range(key)
        if bounds is None:
            _key(key)
        try:
            value = evaluate("" if answer is None else as_text(answer, longest=LONGEST))
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        except UnreadableArithmetic as unreadable:
            return self.invalid(f"This cannot be worked out: {unreadable}.")
        if bounds and isinstance(value, complex):
            return self.invalid("Enter a real number.")
        try:
            score = self._score_in(bounds, value) if bounds else self._score(_key(key), value)
        except OverflowError:
            return self.invalid("That number is too large.")
        return self.scored(score, parsed=_shown(value))

    def _score_in(self, bounds: Range, answer: Value) -> float:
        value = complex(answer).real
        if bounds.holds(value):
            return 1.0
        nearly = CLOSE in self.credit and bounds.widened(self.partial_range).holds(value)
        return HALF if nearly else 0.0

    def _score(self, key: Value, value: Value) -> float:
        if is_near(value, key, self.tolerance):
            return 1.0
        if any(is_near(value, evaluate(each), "0") for each in self.additional_answers):
            return 1.0
        return self._partial(key, value)

    def _partial(self, key: Value, value: Value) -> float:
        is_close = CLOSE in self.credit and is_near(value, key, self._widened)
        if LISTED not in self.credit:
            return HALF if is_close else 0.0
        for listed in map(evaluate, self.partial_answers):
            if is_near(value, listed, self.tolerance) or is_close:
                return HALF
            if CLOSE in self.credit and is_near(value, listed, self._widened):
                return QUARTER
        return 0.0

    @property
    def _widened(self) -> str:
        # The default, once doubled, is the default no longer: it is taken of the key alone.
        percent = "%" if self.tolerance.endswith("%") else ""
        widened = _real(self.tolerance.removesuffix("%")) * self.partial_range
        return f"{max(-LARGEST, min(LARGEST, widened))!r}{percent}"


def _key(key: Any) -> Value:
    try:
        value = evaluate(str(key))
    except UnreadableArithmetic as unreadable:
        raise PolicyFault(f"the key cannot be worked out: {unreadable}", fault="key") from unreadable
    if cmath.isnan(value):
        raise PolicyFault("the key is blank", fault="key")
    return value


def _range(key: Any) -> Range | None:
    """Read a key of the form ``[low, high)``; None for another. Raises `PolicyFault` on the key."""
    text = str(key).strip()
    if text[:1] not in ("[", "(") or text[-1:] not in ("]", ")") or text.count(",") != 1:
        return None
    low, high = (_key(side) for side in text[1:-1].split(","))
    if isinstance(low, complex) or isinstance(high, complex):
        raise PolicyFault("a bound of the range is not a real number", fault="key")
    return Range(float(low), float(high), with_low=text[0] == "[", with_high=text[-1] == "]")


def _shown(value: Value) -> float | str | None:
    """Return a value as JSON holds it."""
    if isinstance(value, complex):
        return str(value)
    return float(value) if math.isfinite(value) else None


@dataclass(frozen=True)
class _Choice(ChoicePolicy):
    """An unknown id is an option like any other there: a wrong one."""

    blank_is_valid: ClassVar[bool] = True
    strangers_are_valid: ClassVar[bool] = True


def _one_word(*words: str) -> Any:
    """Return a reader of one word, alone or as a list of one."""

    def read(value: Any) -> str:
        if isinstance(value, (list, tuple)) and len(value) == 1:
            value = value[0]
        word = value.strip().lower() if isinstance(value, str) else value
        return str(one_of(*words)(word or words[0]))

    return read


@dataclass(frozen=True)
class Choice(_Choice):
    """All the right options and no other; or a part of the score for each decision, or for few errors."""

    name: ClassVar[str] = "edx.choice"

    credit_kind: str = option(_one_word("none", "edc", "halves"), name="credit", default="none")

    @property
    def rule(self) -> str:
        return {
            "none": "exactly the right options are chosen",
            "edc": "the share of options decided rightly, to two places",
            "halves": "half the score for one wrong decision, a quarter for two",
        }[self.credit_kind]

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        if not chosen:
            return 0.0
        errors = len(chosen ^ right_options(key))
        if self.credit_kind == "edc":
            share = Decimal(max(0, len(key) - errors)) / len(key)
            return float(share.quantize(Decimal("0.01"), ROUND_HALF_UP))
        if self.credit_kind == "halves" and errors:
            return _halved(errors, len(key))
        return float(errors == 0)


def _halved(errors: int, options: int) -> float:
    if errors == 1 and options > 2:
        return HALF
    return QUARTER if errors == 2 and options > 4 else 0.0


@dataclass(frozen=True)
class MultipleChoice(_Choice):
    """The right option; with ``points``, a partial one gives its value."""

    name: ClassVar[str] = "edx.multiple_choice"

    credit_kind: str = option(_one_word("none", "points"), name="credit", default="none")

    @property
    def rule(self) -> str:
        partial = ", or a partly right one for its value" if self.credit_kind == "points" else ""
        return f"the right option is chosen{partial}"

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        weights = [key.get(each, False) for each in chosen]
        if len(weights) != 1:
            return 0.0
        if self.credit_kind == "points":
            return float(weights[0])
        # A weight of 1 is a right option, unless the key says plainly which ones are.
        return float(weights[0] is True or (weights[0] == 1 and True not in map(_plain, key.values())))


def _plain(weight: bool | float) -> bool | None:
    return weight if isinstance(weight, bool) else None


@dataclass(frozen=True)
class TrueFalse(_Choice):
    """Exactly the right options."""

    name: ClassVar[str] = "edx.true_false"

    @property
    def rule(self) -> str:
        return "exactly the right options are chosen"

    def credit(self, key: ChoiceKey, chosen: frozenset[str]) -> float:
        return float(chosen == right_options(key))


EDX: Final[tuple[type[Policy], ...]] = (Tolerance, Choice, MultipleChoice, TrueFalse)
