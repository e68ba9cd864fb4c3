"""Units of measurement as learners type them, and conversion between them.

A table of our own rather than a library: it is a page long, costs nothing to import (pint takes the
better part of a second, on somebody's first answer), never works arithmetic out of a learner's text, and
changes only when we change it. Factors are exact. Prefixes and symbols are those of the SI brochure (9th
edition, tables 2 to 8). Degrees Celsius stand apart: whether 5 °C is a temperature or a difference, no
text says, so they are not converted.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import lru_cache
from typing import Final

from content.expressions import exact
from content.items.numbers import LONGEST, Number, UnreadableNumber, bare, read_number, typography

Dimension = tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Unit:
    """How many base units make one of this, and the powers of the base units, by name."""

    factor: Fraction
    dimension: Dimension


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in the unit asked for; ``is_right`` says whether the unit typed could be converted to it.

    Where it could not, or none was typed, the number stands as typed.
    """

    number: Number
    unit: str
    is_right: bool


PREFIXES: Final = {
    "Y": 24, "Z": 21, "E": 18, "P": 15, "T": 12, "G": 9, "M": 6, "k": 3, "h": 2, "da": 1,
    "d": -1, "c": -2, "m": -3, "µ": -6, "u": -6, "n": -9, "p": -12, "f": -15, "a": -18, "z": -21, "y": -24,
}  # fmt: skip

# Symbol: (how many base units it makes, which powers of them). Those below take prefixes.
_PREFIXED: Final = {
    "m": ("1", "m"), "g": ("1/1000", "kg"), "s": ("1", "s"), "A": ("1", "A"), "K": ("1", "K"),
    "mol": ("1", "mol"), "cd": ("1", "cd"), "bit": ("1", "bit"), "B": ("8", "bit"), "rad": ("1", ""),
    "Hz": ("1", "s-1"), "N": ("1", "kg m s-2"), "Pa": ("1", "kg m-1 s-2"), "J": ("1", "kg m2 s-2"),
    "W": ("1", "kg m2 s-3"), "C": ("1", "A s"), "V": ("1", "kg m2 s-3 A-1"), "F": ("1", "kg-1 m-2 s4 A2"),
    "Ω": ("1", "kg m2 s-3 A-2"), "ohm": ("1", "kg m2 s-3 A-2"), "S": ("1", "kg-1 m-2 s3 A2"),
    "Wb": ("1", "kg m2 s-2 A-1"), "T": ("1", "kg s-2 A-1"), "H": ("1", "kg m2 s-2 A-2"), "lm": ("1", "cd"),
    "lx": ("1", "cd m-2"), "Bq": ("1", "s-1"), "Gy": ("1", "m2 s-2"), "Sv": ("1", "m2 s-2"),
    "L": ("1/1000", "m3"), "l": ("1/1000", "m3"), "t": ("1000", "kg"), "bar": ("100000", "kg m-1 s-2"),
    "eV": ("1.602176634e-19", "kg m2 s-2"), "cal": ("4.184", "kg m2 s-2"), "Wh": ("3600", "kg m2 s-2"),
}  # fmt: skip
_UNPREFIXED: Final = {
    "min": ("60", "s"), "h": ("3600", "s"), "d": ("86400", "s"), "ha": ("10000", "m2"), "%": ("1/100", ""),
    "atm": ("101325", "kg m-1 s-2"), "°C": ("1", "°C"), "rpm": ("1/60", "s-1"),
}  # fmt: skip

MAX_BITS: Final = 16_384
"""Of the numerator and the denominator of a unit's factor; one symbol to the power 99 has less than 9,200."""

_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
# The Greek mu for the micro sign, and the ohm sign for the Greek omega: they look the same and are typed alike.
_LOOK_ALIKES: Final = str.maketrans("\u03bc\u2126", "\u00b5\u03a9")
_RAISED: Final = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+")
_FACTOR: Final = re.compile(
    r"(?P<symbol>[A-Za-zµΩ°%]+)(?:\^?(?P<power>-?[0-9]{1,2})|\^\((?P<bracketed>-?[0-9]{1,2})\))?"
)
_POWER: Final = re.compile(r"(?P<name>[A-Za-z°]+)(?P<power>-?[0-9]+)?")
_NUMERAL: Final = re.compile(
    r"[+-]? ?[0-9.,' ]*(?:/ ?[0-9.,' ]+|[eE] ?[+-]?[0-9]+|[x*]? ?(?:10)? ?(?:\^|\*\*) ?\(?[+-]?[0-9]+\)?"
    r"|[x*]? ?10[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+|[⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺]+)?"
)


def read_quantity(answer: object, *, unit: str, locale: str = "en", fractions: bool = False) -> Quantity:
    """Read a number with its unit, in terms of ``unit``; raises `UnreadableNumber`."""
    if not isinstance(answer, str) or len(answer) > LONGEST:
        return Quantity(read_number(answer, locale=locale), "", is_right=False)
    text = bare(typography(answer))
    numeral = _NUMERAL.match(text)
    end = numeral.end() if numeral else 0
    number = read_number(text[:end] or text, locale=locale, fractions=fractions)
    typed = text[end:].strip()
    return _converted(number, typed, unit) if typed else Quantity(number, "", is_right=False)


def _converted(number: Number, typed: str, unit: str) -> Quantity:
    ours, asked = parse_unit(typed), parse_unit(unit)
    if ours.dimension != asked.dimension:
        return Quantity(number, typed, is_right=False)
    ratio = ours.factor / asked.factor
    if ratio == 1:
        return Quantity(number, typed, is_right=True)
    try:
        value = exact.nearest(Fraction(number.value) * ratio)
    except exact.UnusableNumber:
        raise UnreadableNumber(f"In {unit} that number is too large, or too close to 0.") from None
    # Decimal places mean nothing once the point has moved; significant figures stay.
    return Quantity(replace(number, value=value, decimals=None), typed, is_right=True)


@lru_cache(maxsize=1024)
def parse_unit(text: str) -> Unit:
    """Read a unit such as ``km/h``, ``m s^-2``, ``kg·m²`` or ``J/(kg K)``; raises `UnreadableNumber`.

    What stands after a stroke must be one unit or a product in brackets: ``J/kg*K`` can be read in two ways.
    """
    if len(text) > LONGEST:
        raise UnreadableNumber(f"That is too long for a unit: at most {LONGEST} characters are read.")
    plain = _RAISED.sub(lambda raised: "^" + raised[0].translate(_SUPERSCRIPTS), text.translate(_LOOK_ALIKES))
    over, *under = plain.split("/")
    result = _product(over.strip(), text) if over.strip() != "1" else Unit(Fraction(1), ())
    for part in under:
        inner = part.strip()
        if inner.startswith("(") and inner.endswith(")"):
            divisor = _product(inner[1:-1], text)
        else:
            divisor = _factor(inner, text)
        result = _times(result, divisor, -1)
    return result


def _product(text: str, whole: str) -> Unit:
    result = Unit(Fraction(1), ())
    for part in re.split(r"[*·⋅. ]+", text.strip()):
        result = _times(result, _factor(part, whole), 1)
    return result


def _factor(text: str, whole: str) -> Unit:
    match = _FACTOR.fullmatch(text)
    base = _symbol(match["symbol"]) if match else None
    if match is None or base is None:
        raise UnreadableNumber(f"“{whole}” is not a unit known here.")
    return _times(Unit(Fraction(1), ()), base, exact.whole(match["power"] or match["bracketed"] or "1"))


def _symbol(symbol: str) -> Unit | None:
    if symbol in _UNPREFIXED:
        return _entry(*_UNPREFIXED[symbol])
    if symbol in _PREFIXED:
        return _entry(*_PREFIXED[symbol])
    for prefix, power in PREFIXES.items():
        base = _PREFIXED.get(symbol.removeprefix(prefix)) if symbol.startswith(prefix) else None
        if base:
            unit = _entry(*base)
            return Unit(unit.factor * Fraction(10) ** power, unit.dimension)
    return None


def _entry(factor: str, powers: str) -> Unit:
    dimension = {match["name"]: exact.whole(match["power"] or "1") for match in _POWER.finditer(powers)}
    return Unit(exact.fraction(factor), tuple(sorted(dimension.items())))


def _times(one: Unit, other: Unit, power: int) -> Unit:
    dimension = dict(one.dimension)
    for name, exponent in other.dimension:
        dimension[name] = dimension.get(name, 0) + exponent * power
    kept = tuple(sorted((name, exponent) for name, exponent in dimension.items() if exponent))
    factor = one.factor * other.factor**power
    if max(factor.numerator.bit_length(), factor.denominator.bit_length()) > MAX_BITS:
        raise UnreadableNumber("That unit is too large, or too small.")
    return Unit(factor, kept)
