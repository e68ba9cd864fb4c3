"""The other road: both formulas are computed at places of the domain, each with a bound of its rounding error.

The bound runs along with the value (running error analysis to first order: Wilkinson 1963; Higham, Accuracy and
Stability of Numerical Algorithms, chapter 3). So a difference that is larger than the bounds is a difference of the
formulas and not of the arithmetic, and a place where the bounds are wide says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from fractions import Fraction
from functools import reduce

import numpy as np
from numpy.typing import NDArray

from content.expressions import FUNCTIONS, Binary, Call, Name, Node, Number, Unary
from content.items.equivalence.algebra import constant
from content.items.equivalence.errors import TooLarge, Undefined
from content.items.stream import Bools, Floats

Indices = NDArray[np.intp]

TOLERANCE = 1e-9
"""Relative difference that is none."""
VANISHING = 1e-12
"""Share of the key's typical magnitude that is none where terms cancel and no relative error is left."""
EPSILON = float(np.finfo(np.float64).eps)
"""Twice the error of one rounding; some functions of the library are off by more than one."""
SMALLEST = 1e-290
"""Below this magnitude numbers lose their digits."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Values at all places and bounds of their errors; nan where there is no value or it is too uncertain.

    ``undefined`` marks the places where there surely is no value; where a nan is not marked, nothing is known.
    """

    values: Floats
    errors: Floats
    undefined: Bools

    @property
    def usable(self) -> Bools:
        return np.isfinite(self.values) & np.isfinite(self.errors)

    @property
    def hidden(self) -> Bools:
        return ~self.usable & ~self.undefined


@dataclass(frozen=True, slots=True)
class Probe:
    """What each place says of two formulas, one mark a place and kind; a place without marks has no value on both
    sides. ``key_only`` and ``answer_only`` are places where the other surely has no value."""

    agreeing: Bools
    differing: Bools
    key_only: Bools
    answer_only: Bools
    hidden: Bools

    def marked(self, places: Indices, marks: Sequence[str]) -> Probe:
        """Return this probe with other marks at some places, one name of a mark each; no name means no value."""
        changed = {}
        for mark in fields(self):
            changed[mark.name] = getattr(self, mark.name).copy()
            changed[mark.name][places] = [name == mark.name for name in marks]
        return Probe(**changed)


def probe(wanted: Measured, given: Measured) -> Probe:
    """Compare the key's values with the answer's, at the same places."""
    with np.errstate(all="ignore"):
        both = wanted.usable & given.usable
        apart = np.abs(wanted.values - given.values)
        error = wanted.errors + given.errors
        size = np.maximum(np.abs(wanted.values), np.abs(given.values))
        differing = both & (apart > TOLERANCE * size + 4 * error)
        known = error <= np.maximum(TOLERANCE * size, VANISHING * typical(wanted))
    agreeing = both & known & ~differing
    key_only, answer_only = wanted.usable & given.undefined, given.usable & wanted.undefined
    settled = agreeing | differing | key_only | answer_only | (wanted.undefined & given.undefined)
    return Probe(agreeing, differing, key_only, answer_only, ~settled)


def typical(wanted: Measured) -> float:
    """Return the median magnitude of the key where it is not 0; 1 for a key that is 0 everywhere.

    Where terms cancel to 0 there is no relative error, and this takes the place of the value.
    """
    clear = wanted.usable & (np.abs(wanted.values) > wanted.errors / TOLERANCE)
    return float(np.median(np.abs(wanted.values[clear]))) if clear.any() else 1.0


def measure(node: Node, places: Mapping[str, Floats]) -> Measured:
    """Return a formula's values at places, one array a variable, with bounds of their errors."""
    count = len(next(iter(places.values())))
    with np.errstate(all="ignore"):
        return _measured(node, places, count)


def _measured(node: Node, places: Mapping[str, Floats], count: int) -> Measured:
    everywhere = np.zeros(count, dtype=np.bool_)
    match node:
        case Number():
            error = 0.0 if node.value == int(node.value) and abs(node.value) < 2**53 else EPSILON
            return Measured(np.full(count, node.value), np.full(count, error * abs(node.value)), everywhere)
        case Name():
            return Measured(places[node.name], np.zeros(count), everywhere)
        case Unary(operator="-"):
            operand = _measured(node.operand, places, count)
            return Measured(-operand.values, operand.errors, operand.undefined)
        case Unary():
            return _measured(node.operand, places, count)
        case Binary(operator="**"):
            base, exponent = (_measured(part, places, count) for part in (node.left, node.right))
            return _raised(base, exponent, odd_root(node))
        case Binary():
            left, right = (_measured(part, places, count) for part in (node.left, node.right))
            undefined = left.undefined | right.undefined
            if node.operator == "/":
                undefined = undefined | ((right.values == 0) & (right.errors == 0))
            return _settled(*_OPERATORS[node.operator](left, right), undefined)
        case Call():
            return _called(node.function, [_measured(argument, places, count) for argument in node.arguments])
    raise TypeError(f"{type(node).__name__} is no part of a formula")


def odd_root(power: Binary) -> Fraction | None:
    """Return the exponent of a power such as x^(1/3) or x^(-2/5), which negative numbers have as well.

    That is a fraction with an odd denominator other than 1. Raises nothing for a formula that was read.
    """
    try:
        exponent = constant(power.right)
    except (TooLarge, Undefined):
        return None
    return (
        exponent if exponent is not None and exponent.denominator % 2 and exponent.denominator > 1 else None
    )


def _called(function: str, arguments: Sequence[Measured]) -> Measured:
    missing = ~np.logical_and.reduce([argument.usable for argument in arguments])
    undefined = np.logical_or.reduce([argument.undefined for argument in arguments])
    if function in LOWEST:
        (x,) = arguments
        lowest, belongs = LOWEST[function]
        undefined |= (x.values + x.errors < lowest) | (
            (x.values == lowest) & (x.errors == 0) & np.bool_(not belongs)
        )
    values = np.asarray(FUNCTIONS[function].compute(*(argument.values for argument in arguments)))
    errors = ERRORS[function](values, arguments) + 4 * EPSILON * np.abs(values)
    return _settled(np.where(missing, np.nan, values), errors, undefined)


def _settled(values: Floats, errors: Floats, undefined: Bools) -> Measured:
    """Take out what is not finite, and what is so small that its digits are gone."""
    gone = ~np.isfinite(values) | ~np.isfinite(errors) | ((np.abs(values) < SMALLEST) & (values != 0))
    gone |= undefined
    return Measured(np.where(gone, np.nan, values), np.where(gone, np.nan, errors), undefined)


def _rounding(values: Floats, left: Measured, right: Measured) -> Floats:
    """Return the bound of one rounding: none where whole numbers gave a whole number."""
    exact = (left.errors == 0) & (right.errors == 0) & (np.abs(values) < 2.0**53)
    for part in (values, left.values, right.values):
        exact &= part == np.floor(part)
    return np.where(exact, 0.0, EPSILON * np.abs(values))


def _sum(left: Measured, right: Measured) -> tuple[Floats, Floats]:
    values = left.values + right.values
    return values, left.errors + right.errors + _rounding(values, left, right)


def _difference(left: Measured, right: Measured) -> tuple[Floats, Floats]:
    return _sum(left, Measured(-right.values, right.errors, right.undefined))


def _product(left: Measured, right: Measured) -> tuple[Floats, Floats]:
    values = left.values * right.values
    errors = np.abs(left.values) * right.errors + np.abs(right.values) * left.errors
    vanished = (values == 0) & (left.values != 0) & (right.values != 0)
    return (
        np.where(vanished, np.nan, values),
        errors + left.errors * right.errors + _rounding(values, left, right),
    )


def _quotient(left: Measured, right: Measured) -> tuple[Floats, Floats]:
    values = left.values / right.values
    below = np.abs(right.values) - right.errors
    errors = (left.errors + np.abs(values) * right.errors) / np.where(below > 0, below, np.nan)
    vanished = (values == 0) & (left.values != 0)
    return np.where(vanished, np.nan, values), errors + _rounding(values, left, right)


def _raised(base: Measured, exponent: Measured, root: Fraction | None) -> Measured:
    """Return a power; ``root`` is its exponent where that is an odd root, which negative numbers have."""
    if root is not None:
        size = Measured(np.abs(base.values), base.errors, base.undefined)
        values, errors = _power(size, exponent)
        values = np.where((base.values < 0) & bool(root.numerator % 2), -values, values)
    else:
        values, errors = _power(base, exponent)
    broken = np.abs(exponent.values - np.rint(exponent.values)) > exponent.errors
    negative = (base.values + base.errors < 0) & broken & (root is None)
    pole = (base.values == 0) & (base.errors == 0) & (exponent.values + exponent.errors < 0)
    return _settled(values, errors, base.undefined | exponent.undefined | negative | pole)


def _power(base: Measured, exponent: Measured) -> tuple[Floats, Floats]:
    values = np.float_power(base.values, exponent.values)
    size = np.abs(base.values)
    certain = (base.errors == 0) & (exponent.errors == 0)
    base_share = np.where(base.errors > 0, base.errors / (size - base.errors), 0.0)
    exponent_share = np.where(exponent.errors > 0, np.abs(np.log(size)) * exponent.errors, 0.0)
    share = np.abs(exponent.values) * base_share + exponent_share
    # Past a tenth the first order no longer holds; below 0 only exponents known to be whole have a power.
    unsure = ~certain & ~((size > base.errors) & (share < 0.1) & ((base.values > 0) | (exponent.errors == 0)))
    vanished = (values == 0) & (size > 0)
    errors = np.where(certain, 0.0, 2 * np.abs(values) * share) + 4 * EPSILON * np.abs(values)
    return np.where(unsure | vanished, np.nan, values), errors


_OPERATORS = {"+": _sum, "-": _difference, "*": _product, "/": _quotient}

Errors = Callable[[Floats, Sequence[Measured]], Floats]


def _between(function: str, *, never_zero: bool = False) -> Errors:
    """Return the bound for a function that only rises: the values at both ends of the uncertain argument."""
    compute = FUNCTIONS[function].compute

    def errors(values: Floats, arguments: Sequence[Measured]) -> Floats:
        (x,) = arguments
        width = 2 * x.errors
        above = np.asarray(compute(x.values + width)) - values
        below = values - np.asarray(compute(x.values - width))
        bound = np.maximum(above, below)
        return np.where(values == 0, np.nan, bound) if never_zero else bound

    return errors


def _largest(_values: Floats, arguments: Sequence[Measured]) -> Floats:
    """Return the bound for a function that stretches nothing."""
    bounds: list[Floats] = [argument.errors for argument in arguments]
    return reduce(np.maximum, bounds)


def _added(_values: Floats, arguments: Sequence[Measured]) -> Floats:
    return np.asarray(sum(argument.errors for argument in arguments))


def _tangent(values: Floats, arguments: Sequence[Measured]) -> Floats:
    (x,) = arguments
    far_from_poles = x.errors * (1 + np.abs(values)) < 0.1
    return np.where(far_from_poles, 2 * (1 + values**2) * x.errors, np.nan)


def _jump(_values: Floats, arguments: Sequence[Measured]) -> Floats:
    (x,) = arguments
    return np.where((np.abs(x.values) <= x.errors) & (x.errors > 0), np.nan, 0.0)


LOWEST = {
    "sqrt": (0.0, True),
    "log": (0.0, False),
    "log2": (0.0, False),
    "log10": (0.0, False),
    "log1p": (-1.0, False),
}
"""Where the values of a function begin, and whether this end belongs to them."""

ERRORS: Mapping[str, Errors] = {
    **{name: _between(name) for name in ("sqrt", "expm1", "log", "log1p", "log2", "log10", "arctan", "tanh")},
    **{name: _between(name, never_zero=True) for name in ("exp", "sigmoid")},
    **dict.fromkeys(("abs", "relu", "min", "max", "clip", "sin", "cos"), _largest),
    "soft_threshold": _added,
    "tan": _tangent,
    "sign": _jump,
}
