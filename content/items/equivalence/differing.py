"""How a formula differs from the one asked for, in words for whoever may know the latter.

Nothing here decides what is right, and the places are not those that do: they follow from no secret.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Final

import numpy as np

from content.expressions import exact
from content.items.display import MINUS
from content.items.equivalence.formulas import Formula, Grammar
from content.items.equivalence.places import EVEN, coordinates
from content.items.equivalence.probing import Measured, measure
from content.items.stream import Bools, Floats

SHOWN: Final = "shown"
"""The key of the places whose values are shown."""
STEADY: Final = 1e-9
"""Relative spread up to which a factor or a distance is the same everywhere."""
MIN_PLACES: Final = 32
"""Of fewer places it is not said that something holds everywhere."""
LARGEST_DIVISOR: Final = 12
"""A factor such as 7/12 is written as a fraction."""
PLAIN: Final = 0.05
"""Relative difference that four digits show clearly."""
DIGITS: Final = 4


def difference(key: Formula, answer: Formula, grammar: Grammar) -> str:
    """Return in what an answer differs from the key: a factor, a term, or else the values of both at one place.

    Nothing where there is no place at which both have a value and differ.
    """
    places = _legible(grammar)
    wanted, given = measure(key.tree, places), measure(answer.tree, places)
    both = wanted.usable & given.usable
    with np.errstate(all="ignore"):
        return (
            _factor(wanted, given, both)
            or _term(wanted, given, both)
            or _example(wanted, given, both, places)
        )


def _legible(grammar: Grammar) -> dict[str, Floats]:
    """Return places spread over the domain, of numbers with two digits as long as those lie in it."""
    found = {}
    for name, values in coordinates(grammar.variables, SHOWN).items():
        low, high = grammar.variables[name]
        short = np.array([float(f"{value:.1e}") for value in values[:EVEN].tolist()])
        found[name] = np.where((low <= short) & (short <= high), short, values[:EVEN])
    return found


def _factor(wanted: Measured, given: Measured, both: Bools) -> str:
    clear = both & _clear(wanted)
    factor = _steady(given.values[clear] / wanted.values[clear])
    if factor is None or abs(factor - 1) < STEADY:
        return ""
    if factor == 0:
        return "It is 0 everywhere, and the formula asked for is not."
    if abs(factor + 1) < STEADY:
        return "It has everywhere the opposite sign of the formula asked for."
    return f"It is everywhere {_as_factor(factor)} the formula asked for."


def _term(wanted: Measured, given: Measured, both: Bools) -> str:
    distance = _steady(given.values[both] - wanted.values[both])
    if not distance:
        return ""
    side = "more" if distance > 0 else "less"
    return f"It is everywhere {_written(abs(distance))} {side} than the formula asked for."


def _example(wanted: Measured, given: Measured, both: Bools, places: dict[str, Floats]) -> str:
    size = np.maximum(np.abs(wanted.values), np.abs(given.values))
    clear = both & _clear(wanted)
    clear = clear if clear.any() else both & _clear(given)
    shares = np.where(clear, np.abs(wanted.values - given.values) / size, 0.0)
    plain = np.flatnonzero(shares >= PLAIN)
    place = plain[0] if len(plain) else np.argmax(shares)
    if shares[place] < STEADY:
        return ""
    answer, key = _written(given.values[place]), _written(wanted.values[place])
    if answer == key:
        return "It comes very close to the formula asked for, and is not the same."
    where = ", ".join(f"{name} = {_written(values[place])}" for name, values in places.items())
    return f"For {where} it is {answer}, and the formula asked for is {key}."


def _clear(measured: Measured) -> Bools:
    """Return where a value is no 0 that terms cancel to, up to rounding."""
    return np.abs(measured.values) > measured.errors / STEADY


def _steady(values: Floats) -> float | None:
    """Return the value that all are, up to rounding; None where they differ or are too few."""
    if len(values) < MIN_PLACES:
        return None
    middle = float(np.median(values))
    return middle if bool((np.abs(values - middle) <= STEADY * abs(middle)).all()) else None


def _as_factor(factor: float) -> str:
    simple = Fraction(factor).limit_denominator(LARGEST_DIVISOR)
    if not simple or abs(float(simple) - factor) > STEADY * abs(factor):
        return f"about {_written(factor)} times"
    sign = MINUS if simple < 0 else ""
    if simple.denominator == 1:
        return f"{sign}{abs(simple)} times"
    return "half" if simple == Fraction(1, 2) else f"{sign}{abs(simple)} of"


def _written(value: float) -> str:
    """Return a number to four digits, as one types it, with a minus sign of running text."""
    digits, _, power = f"{value:.{DIGITS}g}".partition("e")
    return (f"{digits}·10^{exact.whole(power)}" if power else digits).replace("-", MINUS)
