"""The numerical answer tests of STACK 4.11 (Moodle questions on the computer algebra system Maxima).

Rules read from stack/maxima/numericaltest.mac and utils.mac. There an answer is any expression; here it is a
literal: signs, outer brackets, digits with an optional point, ``e-3`` or ``*10^-3``.
"""

from __future__ import annotations

import math
import re
import sys
from abc import abstractmethod
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import Any, ClassVar, Final

import numpy as np

from content.expressions import exact
from content.items.numbers import UnreadableNumber, as_text
from content.items.policies.base import Bools, Floats, IntervalPolicy, Policy, PolicyFault, option
from content.items.policies.peers.arithmetic import UndefinedArithmetic, UnreadableArithmetic, evaluate
from content.items.verdict import Verdict

# What the tests add to every tolerance, and what an unreadable tolerance silently becomes.
WORKING_PRECISION: Final = 1e-9
DEFAULT_TOLERANCE: Final = 0.05

_LITERAL: Final = re.compile(
    r"(?P<mantissa>[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE](?P<e>[+-]?[0-9]+))?"
    r"(?: ?\* ?10 ?\^ ?(?P<power>[+-]?[0-9]+|\([+-]?[0-9]+\)))?"
)
_FIRST_NUMBER: Final = re.compile(r"(?P<whole>[0-9]*)(?P<point>\.?)(?P<part>[0-9]*)")
_COUNT: Final = re.compile("[0-9]+")
_EXACT: Final = Context(prec=128)
_MOST_DIGITS: Final = 300


@dataclass(frozen=True, slots=True)
class Literal:
    """A literal as typed: its exact value, and whether Maxima would hold it as a float."""

    value: Decimal
    is_float: bool

    def __float__(self) -> float:
        return float(self.value)


@dataclass(frozen=True, slots=True)
class Digits:
    """How many significant figures a text shows, at least and at most, and how many decimal places."""

    low: int
    high: int
    places: int


def read_literal(answer: Any) -> Literal:
    """Read a literal; raises `UnreadableNumber`."""
    text, negative = _unwrapped(as_text(answer).strip())
    match = _LITERAL.fullmatch(text)
    if match is None:
        raise UnreadableNumber("Enter a number, for example 3.14, -2e-3 or 1.5*10^4.")
    power = exact.whole(match["e"] or "0") + exact.whole((match["power"] or "0").strip("()"))
    try:
        value = exact.decimal(f"{match['mantissa']}e{power}")
    except exact.UnusableNumber:
        raise UnreadableNumber("That number is too large, or too close to 0.") from None
    if abs(value) > sys.float_info.max:
        raise UnreadableNumber("That number is too large, or too close to 0.")
    is_float = "." in match["mantissa"] or match["e"] is not None
    return Literal(-value if negative else value, is_float)


def _unwrapped(text: str) -> tuple[str, bool]:
    """Take off signs and outer brackets; return what they enclose and whether it is negated."""
    negative = False
    while text[:1] in ("+", "-") or (text[:1] == "(" and text[-1:] == ")"):
        negative ^= text[0] == "-"
        text = (text[1:-1] if text[0] == "(" else text[1:]).strip()
        if not text:
            break
    return text, negative


def count_digits(text: str) -> Digits:
    """Count the digits of the first number in a text as typed, exponent aside."""
    start = re.search(r"\.?[0-9]", text)
    match = _FIRST_NUMBER.match(text, start.start()) if start else None
    if match is None:
        raise UnreadableNumber("There is no number in the answer.")
    whole, part = match["whole"].lstrip("0"), match["part"]
    significant = whole + part if whole else part.lstrip("0")
    if not significant:
        figures = max(1, len(part))
        return Digits(figures, figures, len(part))
    low = significant if match["point"] else significant.rstrip("0")
    return Digits(len(low), len(significant), len(part))


def read_key(key: Any) -> Literal:
    """Read the author's number; raises `PolicyFault` on the key."""
    try:
        return read_literal(key)
    except UnreadableNumber as unreadable:
        raise PolicyFault("the key is not a number", fault="key") from unreadable


def round_to_figures(value: Decimal, figures: int) -> Decimal:
    """Round a positive number to significant figures, an exact half upwards."""
    binary = Decimal(float(value))
    if not binary:
        return binary
    # What is scaled passes through a double on its way, and that is what makes a half exact.
    scaled = float(binary.scaleb(figures - 1 - binary.adjusted(), _EXACT))
    return Decimal(math.floor(scaled + 0.5)).scaleb(binary.adjusted() - figures + 1, _EXACT)


def _tolerance(value: Any) -> float:
    """Read a tolerance, a number or an expression without names."""
    if value is None:
        return DEFAULT_TOLERANCE
    try:
        result = evaluate(str(value), {}, functions=False)
    except UndefinedArithmetic as undefined:
        raise ValueError(f"is not a number: {undefined}") from undefined
    except UnreadableArithmetic:
        return DEFAULT_TOLERANCE
    if isinstance(result, complex) or math.isinf(result):
        raise ValueError("is not a number")
    return DEFAULT_TOLERANCE if math.isnan(result) else float(result)


def _count(value: Any) -> int:
    if isinstance(value, str) and _COUNT.fullmatch(value.strip()):
        value = exact.whole(value.strip())
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_DIGITS:
        raise ValueError(f"must be a whole number from 1 to {_MOST_DIGITS}")
    return value


def _figures(value: Any) -> int | tuple[int, int]:
    """Read how many figures, or a pair of how many figures and how many of them must be accurate."""
    if isinstance(value, str) and value.strip()[:1] == "[":
        value = [part.strip() for part in value.strip().removeprefix("[").removesuffix("]").split(",")]
    if not isinstance(value, (list, tuple)):
        return _count(value)
    if len(value) != 2:
        raise ValueError("must be one number or a pair")
    return _count(value[0]), _accuracy(value[1])


def _accuracy(value: Any) -> int:
    if isinstance(value, str) and _COUNT.fullmatch(value.strip().removeprefix("-")):
        value = exact.whole(value.strip())
    if isinstance(value, bool) or not isinstance(value, int) or value < -1:
        raise ValueError("must be a whole number, at least -1")
    return value


@dataclass(frozen=True)
class _Numerical(IntervalPolicy):
    tolerance: float = option(_tolerance, default=DEFAULT_TOLERANCE)

    def read_key(self, key: Any) -> float:
        return float(read_key(key))

    def read_answer(self, answer: Any, locale: str) -> float:
        return float(read_literal(answer))


@dataclass(frozen=True)
class NumAbsolute(_Numerical):
    """Within the tolerance of the key, widened by the working precision."""

    name: ClassVar[str] = "stack.num_absolute"

    @property
    def rule(self) -> str:
        return f"less than {abs(self.tolerance):g} + {WORKING_PRECISION:g} from the key"

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        right: Bools = np.abs(np.subtract(answer, key)) < abs(self.tolerance) + WORKING_PRECISION
        return right


@dataclass(frozen=True)
class NumRelative(_Numerical):
    """Within a share of the key, bounds included; a key of 0 accepts only 0."""

    name: ClassVar[str] = "stack.num_relative"

    @property
    def rule(self) -> str:
        return f"within {100 * abs(self.tolerance):g} % of the key"

    def accepts(self, key: Floats, answer: Floats) -> Bools:
        width = np.abs(np.multiply(key, self.tolerance * (1 + WORKING_PRECISION)))
        right: Bools = (np.abs(np.subtract(answer, key)) <= width) & np.isfinite(answer)
        return right


@dataclass(frozen=True)
class _LiteralPolicy(Policy):
    """Looks at an answer as it was typed, digit by digit."""

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        try:
            literal = self.read(answer)
            digits = count_digits(as_text(answer))
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        return self.scored(self.is_right(key, literal, digits), parsed=float(literal))

    def read(self, answer: Any) -> Literal:
        return read_literal(answer)

    @abstractmethod
    def is_right(self, key: Any, answer: Literal, digits: Digits) -> bool:
        """Judge a literal; raises `PolicyFault` on the key."""


@dataclass(frozen=True)
class NumSigFigs(_LiteralPolicy):
    """The right number of figures typed, and (unless ``accuracy`` is 0) an accurate value.

    ``accuracy`` says how many of the figures must be accurate; -1 also condones further figures.
    """

    name: ClassVar[str] = "stack.num_sig_figs"

    digits: int | tuple[int, int] = option(_figures)
    accuracy: int | None = option(lambda value: None if value is None else _accuracy(value), default=None)

    @property
    def wanted(self) -> int:
        return self.digits if isinstance(self.digits, int) else self.digits[0]

    @property
    def accurate(self) -> int:
        if self.accuracy is not None:
            return self.accuracy
        return self.digits if isinstance(self.digits, int) else self.digits[1]

    @property
    def rule(self) -> str:
        more = " or more" if self.accurate < 0 else ""
        accurate = self.accurate if self.accurate >= 0 else self.wanted
        value = f", accurate to {accurate}" if accurate else ""
        return f"written with {self.wanted}{more} significant figures{value}"

    def is_right(self, key: Any, answer: Literal, digits: Digits) -> bool:
        enough = self.wanted <= digits.high
        exact = enough and (self.accurate < 0 or digits.low <= self.wanted)
        return exact and (self.accurate == 0 or self._is_accurate(read_key(key).value, answer.value))

    def _is_accurate(self, key: Decimal, answer: Decimal) -> bool:
        if _sign(key) != _sign(answer):
            return False
        key, answer, accurate = round_to_figures(abs(key), self.wanted), abs(answer), self.accurate
        if accurate < 0:
            answer, accurate = round_to_figures(answer, self.wanted), self.wanted
        magnitude = 1 + key.adjusted() if key else 0
        error = abs(_EXACT.subtract(answer, key)).scaleb(accurate - magnitude, _EXACT)
        return error < Decimal("0.5")


def _sign(value: Decimal) -> int:
    return (value > 0) - (value < 0)


@dataclass(frozen=True)
class SigFigsStrict(_LiteralPolicy):
    """Exactly so many figures without doubt; the value is not looked at."""

    name: ClassVar[str] = "stack.sig_figs_strict"

    digits: int = option(_count)

    @property
    def rule(self) -> str:
        return f"written with exactly {self.digits} significant figures, whatever the value"

    def is_right(self, key: Any, answer: Literal, digits: Digits) -> bool:
        return digits.low == self.digits


@dataclass(frozen=True)
class NumDecPlaces(_LiteralPolicy):
    """Exactly so many decimal places, and the same value once both are rounded to them."""

    name: ClassVar[str] = "stack.num_dec_places"

    digits: int = option(_count)

    @property
    def rule(self) -> str:
        return f"written with exactly {self.digits} decimal places, and equal to the key rounded to them"

    def read(self, answer: Any) -> Literal:
        literal = read_literal(answer)
        if not literal.is_float:
            raise UnreadableNumber("Write a decimal number, with a decimal point.")
        return literal

    def is_right(self, key: Any, answer: Literal, digits: Digits) -> bool:
        return digits.places == self.digits and self._rounded(answer) == self._rounded(read_key(key))

    def _rounded(self, literal: Literal) -> float:
        scaled = float(literal) * 10.0**self.digits
        return scaled if math.isinf(scaled) else round(scaled)


@dataclass(frozen=True)
class NumDecPlacesWrong(_LiteralPolicy):
    """The right digits, whatever the place of the decimal point: meant to recognize that mistake."""

    name: ClassVar[str] = "stack.num_dec_places_wrong"

    digits: int = option(_count)

    @property
    def rule(self) -> str:
        return f"the first {self.digits} digits of the key, wherever the decimal point"

    def is_right(self, key: Any, answer: Literal, digits: Digits) -> bool:
        ours, theirs = float(read_key(key)), float(answer)
        if ours == 0 or theirs == 0:
            # As it is there: a signed difference, so a key of 0 lets every negative answer pass.
            return theirs - ours < 10.0**-self.digits
        return self._shifted(ours) == self._shifted(theirs)

    def _shifted(self, value: float) -> int:
        places = math.floor(self.digits - math.log(abs(value)) / math.log(10))
        if abs(places) > _MOST_DIGITS:
            return math.floor(Decimal(value).scaleb(places, _EXACT))
        return math.floor(value * 10.0**places)


@dataclass(frozen=True)
class CountDigits(Policy):
    """Counts the digits of an answer and judges nothing."""

    name: ClassVar[str] = "stack.digits"
    interaction: ClassVar[str] = "numeric.digits"

    @property
    def rule(self) -> str:
        return "the significant figures, at least and at most, and the decimal places"

    def grade(self, key: Any, answer: Any, *, locale: str = "en") -> Verdict:
        try:
            digits = count_digits(as_text(answer))
        except UnreadableNumber as unreadable:
            return self.invalid(str(unreadable))
        counts = {"sigfigs_min": digits.low, "sigfigs_max": digits.high, "decimal_places": digits.places}
        return self.scored(1, parsed=counts)


STACK: Final[tuple[type[Policy], ...]] = (
    NumAbsolute,
    NumRelative,
    NumSigFigs,
    SigFigsStrict,
    NumDecPlaces,
    NumDecPlacesWrong,
)
STACK_READERS: Final[tuple[type[Policy], ...]] = (CountDigits,)
