"""The one door from text to exact numbers: digits and exponent are bounded before anything is computed.

``Fraction("1e99999999")`` and its like take minutes and gigabytes without letting any other thread run. So
``int``, ``Fraction`` and ``Decimal`` are taken of text here and nowhere else, and each caller turns the one
exception into a refusal of its own: an unreadable answer, a fault of a definition, a bad request.
"""

from __future__ import annotations

import re
from decimal import Decimal
from fractions import Fraction
from typing import Final

MAX_DIGITS: Final = 1_000
"""Of a number as written, zeros and all."""
MAX_EXPONENT: Final = 400
"""Magnitude of a power of ten: no double lies further from 1 than 10 to this power."""

_WHOLE: Final = re.compile(r"[+-]?[0-9]+")
_DECIMAL: Final = re.compile(
    r"(?P<mantissa>[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+))(?:[eE](?P<sign>[+-]?)(?P<exponent>[0-9]+))?"
)


class UnusableNumber(ValueError):
    """A text is no plain number, or one of more digits or a larger exponent than is computed with."""


def whole(text: str) -> int:
    """Return the integer that ASCII digits with an optional sign say; raises `UnusableNumber`."""
    if not _WHOLE.fullmatch(text):
        raise UnusableNumber("must be a whole number")
    _check_digits(text)
    return int(text)


def decimal(text: str) -> Decimal:
    """Return ``-1.50e-3`` as a decimal with its zeros; raises `UnusableNumber`.

    Zero is zero whatever its exponent, which is dropped where it is out of bounds.
    """
    return Decimal(_bounded(text))


def fraction(text: str) -> Fraction:
    """Return ``-1.5e-3``, or ``2/7`` of two such numbers, exactly; raises `UnusableNumber`."""
    above, stroke, below = text.partition("/")
    if not stroke:
        return Fraction(_bounded(text))
    divisor = Fraction(_bounded(below.strip()))
    if not divisor:
        raise UnusableNumber("must not divide by 0")
    return Fraction(_bounded(above.strip())) / divisor


def nearest(value: Fraction | int) -> float:
    """Return the nearest double; raises `UnusableNumber` beyond the largest, and for what would round to 0."""
    try:
        rounded = float(value)
    except OverflowError:
        raise UnusableNumber("must not be larger than a float can be") from None
    if value and not rounded:
        raise UnusableNumber("must not be closer to 0 than a float can be")
    return rounded


def _bounded(text: str) -> str:
    match = _DECIMAL.fullmatch(text)
    if match is None:
        raise UnusableNumber("must be a number")
    mantissa, exponent = match["mantissa"], (match["exponent"] or "").lstrip("0")
    _check_digits(mantissa)
    if len(exponent) <= len(str(MAX_EXPONENT)) and int(exponent or "0") <= MAX_EXPONENT:
        return text
    if mantissa.strip("+-0."):
        raise UnusableNumber(f"must have a power of ten within ±{MAX_EXPONENT}")
    return mantissa


def _check_digits(text: str) -> None:
    if len(text) > MAX_DIGITS:
        raise UnusableNumber(f"must have at most {MAX_DIGITS:,} digits")
