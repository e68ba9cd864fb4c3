"""The other road: both formulas are computed at places of the domain, each with a bound of its rounding error.

The bound runs along with the value (running error analysis to first order: Wilkinson 1963; Higham, Accuracy and
Stability of Numerical Algorithms, chapter 3). So a difference that is larger than the bounds is a difference of the
formulas and not of the arithmetic, and a place where the bounds are wide says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from content.expressions import FUNCTIONS, Binary, Call, Name, Node, Number, Unary
from content.items.stream import Bools, Floats, as_words, uniforms

POINTS = 128
SLOT = 0x666F726D756C61
"""Where the stream gives our coordinates: the same for every formula, so that an answer has one verdict for ever."""
TOLERANCE = 1e-9
"""Relative difference that is none."""
EPSILON = float(np.finfo(np.float64).eps)
"""Twice the error of one rounding; some functions of the library are off by more than one."""
SMALLEST = 1e-290
"""Below this magnitude numbers lose their digits."""


@dataclass(frozen=True, slots=True)
class Measured:
    """Values at all places and bounds of their errors; nan where there is no value or it is too uncertain."""

    values: Floats
    errors: Floats

    @property
    def usable(self) -> Bools:
        return np.isfinite(self.values) & np.isfinite(self.errors)


@dataclass(frozen=True, slots=True)
class Probe:
    """How many places: where the key has a value, where both have one, and where they agree and differ.

    Where both have a value and neither agree nor differ, rounding hides which.
    """

    key: int
    both: int
    agreeing: int
    differing: int


def probe(wanted: Measured, given: Measured) -> Probe:
    """Compare the key's values with the answer's, at the same places."""
    with np.errstate(all="ignore"):
        both = wanted.usable & given.usable
        apart = np.abs(wanted.values - given.values)
        error = wanted.errors + given.errors
        size = np.maximum(np.abs(wanted.values), np.abs(given.values))
        differing = both & (apart > TOLERANCE * size + 4 * error)
        known = error <= TOLERANCE * np.maximum(size, _typical(wanted))
    return Probe(
        key=int(wanted.usable.sum()),
        both=int(both.sum()),
        agreeing=int((both & known & ~differing).sum()),
        differing=int(differing.sum()),
    )


def _typical(wanted: Measured) -> float:
    """Return the median magnitude of the key where it is not 0; 1 for a key that is 0 everywhere.

    Where terms cancel to 0 there is no relative error, and this takes the place of the value.
    """
    clear = wanted.usable & (np.abs(wanted.values) > wanted.errors / TOLERANCE)
    return float(np.median(np.abs(wanted.values[clear]))) if clear.any() else 1.0


def coordinates(variables: Mapping[str, tuple[float, float]]) -> dict[str, Floats]:
    """Return places in the domain, (POINTS,) a variable: one half spread evenly, the other denser towards 0."""
    places = {}
    for index, (name, (low, high)) in enumerate(variables.items()):
        drawn = uniforms(as_words([0]), slot=SLOT + index, size=2 * POINTS)[0]
        even = low + (high - low) * drawn[:POINTS]
        nearest = min(max(0.0, low), high)
        share = np.where(np.arange(POINTS) % 2 == 0, 1.0, drawn[POINTS:] ** 3)
        places[name] = nearest + (even - nearest) * share
    return places


def measure(node: Node, variables: Mapping[str, tuple[float, float]]) -> Measured:
    """Return a formula's values at ``POINTS`` places of the domain, with their error bounds."""
    with np.errstate(all="ignore"):
        return _measured(node, coordinates(variables))


def _measured(node: Node, places: Mapping[str, Floats]) -> Measured:
    match node:
        case Number():
            error = 0.0 if node.value == int(node.value) and abs(node.value) < 2**53 else EPSILON
            return Measured(np.full(POINTS, node.value), np.full(POINTS, error * abs(node.value)))
        case Name():
            return Measured(places[node.name], np.zeros(POINTS))
        case Unary(operator="-"):
            operand = _measured(node.operand, places)
            return Measured(-operand.values, operand.errors)
        case Unary():
            return _measured(node.operand, places)
        case Binary():
            left, right = _measured(node.left, places), _measured(node.right, places)
            return _settled(*_OPERATORS[node.operator](left, right))
        case Call():
            return _called(node.function, [_measured(argument, places) for argument in node.arguments])
    raise TypeError(f"{type(node).__name__} is no part of a formula")


def _called(function: str, arguments: Sequence[Measured]) -> Measured:
    missing = ~np.logical_and.reduce([argument.usable for argument in arguments])
    values = np.asarray(FUNCTIONS[function].compute(*(argument.values for argument in arguments)))
    errors = ERRORS[function](values, arguments) + 4 * EPSILON * np.abs(values)
    return _settled(np.where(missing, np.nan, values), errors)


def _settled(values: Floats, errors: Floats) -> Measured:
    """Take out what is not finite, and what is so small that its digits are gone."""
    gone = ~np.isfinite(values) | ~np.isfinite(errors) | ((np.abs(values) < SMALLEST) & (values != 0))
    return Measured(np.where(gone, np.nan, values), np.where(gone, np.nan, errors))


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
    return _sum(left, Measured(-right.values, right.errors))


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


_OPERATORS = {"+": _sum, "-": _difference, "*": _product, "/": _quotient, "**": _power}

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


ERRORS: Mapping[str, Errors] = {
    **{name: _between(name) for name in ("sqrt", "expm1", "log", "log1p", "log2", "log10", "arctan", "tanh")},
    **{name: _between(name, never_zero=True) for name in ("exp", "sigmoid")},
    **dict.fromkeys(("abs", "relu", "min", "max", "clip", "sin", "cos"), _largest),
    "soft_threshold": _added,
    "tan": _tangent,
    "sign": _jump,
}
