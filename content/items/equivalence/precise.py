"""The third road: forty digits and exponents without end, at the places that double precision cannot decide.

exp(1e6) overflows a double, and sqrt(x + 1) - sqrt(x) loses its digits in one; a decimal of forty digits has both.
Each value has a bound of its error, as in `probing`, so that what is lost here as well is known to be lost. It is
slow, thousands of times slower than numpy: a budget counts the work, and what it does not cover stays hidden.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import MAX_EMAX, MIN_EMIN, ROUND_HALF_EVEN, ROUND_UP, Context, Decimal, Inexact
from enum import Enum
from fractions import Fraction
from typing import Final, NamedTuple

from content.expressions import Binary, Call, Name, Node, Number, Unary
from content.items.equivalence.algebra import constant, is_rounded
from content.items.equivalence.errors import TooLarge
from content.items.equivalence.probing import EPSILON, odd_root
from content.items.stream import Floats

DIGITS: Final = 40
MAX_COST: Final = 80_000
"""Work for all comparisons of one answer, in steps of about two microseconds."""


def _context(digits: int, rounding: str = ROUND_HALF_EVEN) -> Context:
    return Context(prec=digits, rounding=rounding, Emax=MAX_EMAX, Emin=MIN_EMIN, traps=[])


ROUND: Final = _context(DIGITS)
"""Rounds values; no signal of it raises, so that what overflows is infinite or nan."""
_WIDE: Final = _context(2 * DIGITS)
_BOUND: Final = _context(6, ROUND_UP)
_UNIT: Final = Decimal((0, (1,), 2 - DIGITS))
"""Share of a value that a step may be off by; a generous one, as the library rounds nearly always rightly."""
_SMALLEST: Final = -(10**17)
"""Exponent below which digits are lost."""
_MOST_TURNS: Final = Decimal(10**20)
"""Angles beyond this have no digits left after the whole turns are taken away."""
_ZERO, _ONE, _TWO = Decimal(0), Decimal(1), Decimal(2)
_TENTH: Final = Decimal((0, (1,), -1))


class Lost(Enum):
    """A place without a value: there surely is none, or nothing is known."""

    UNDEFINED = "undefined"
    HIDDEN = "hidden"


class Known(NamedTuple):
    """A value and a bound of its error."""

    value: Decimal
    error: Decimal


Found = Known | Lost


@dataclass(slots=True)
class Effort:
    """What may still be spent on precise values; counts instead of measuring time."""

    left: int = MAX_COST

    def allows(self, work: int) -> bool:
        """Take ``work`` if there is as much left."""
        if work > self.left:
            return False
        self.left -= work
        return True


@dataclass(slots=True)
class Precise:
    """Values at some places; each part of a formula is computed once, however often it stands there."""

    places: Mapping[str, Sequence[Decimal]]
    count: int
    memory: dict[Node, list[Found]] = field(default_factory=dict)

    @classmethod
    def at(cls, places: Mapping[str, Floats], chosen: Sequence[int]) -> Precise:
        """Take the places with these numbers."""
        return cls({name: [Decimal(float(c[i])) for i in chosen] for name, c in places.items()}, len(chosen))

    def cost(self, *trees: Node) -> int:
        """Return the work that the values of these formulas would take."""
        return self.count * sum(_COSTS.get(_kind(part), 2) for part in self._new(trees))

    def values(self, node: Node) -> list[Found]:
        """Return the value at each place."""
        if node not in self.memory:
            self.memory[node] = self._values(node)
        return self.memory[node]

    def _new(self, trees: Sequence[Node]) -> set[Node]:
        waiting, seen = list(trees), set[Node]()
        while waiting:
            node = waiting.pop()
            if node not in seen and node not in self.memory:
                seen.add(node)
                waiting += _parts(node)
        return seen

    def _values(self, node: Node) -> list[Found]:
        match node:
            case Number():
                return [_number(node)] * self.count
            case Name():
                return [Known(value, _ZERO) for value in self.places[node.name]]
            case Unary():
                operand = self.values(node.operand)
                return self._each(_negative, operand) if node.operator == "-" else operand
            case Binary(operator="**", left=Number(text="e")):
                return self._each(_exp, self.values(node.right))
            case Binary(operator="**"):
                root = odd_root(node)
                raised = _power if root is None else _root_of(root)
                return self._each(raised, self.values(node.left), self.values(node.right))
            case Binary():
                return self._each(_OPERATORS[node.operator], self.values(node.left), self.values(node.right))
            case Call():
                return self._each(_FUNCTIONS[node.function], *map(self.values, node.arguments))
        raise TypeError(f"{type(node).__name__} is no part of a formula")

    def _each(self, compute: Callable[..., Found], *columns: list[Found]) -> list[Found]:
        return [_one(compute, row) for row in zip(*columns, strict=True)]


def _one(compute: Callable[..., Found], row: tuple[Found, ...]) -> Found:
    lost = Lost.UNDEFINED in row or (Lost.HIDDEN in row and Lost.HIDDEN)
    if lost:
        return Lost.UNDEFINED if lost is True else Lost.HIDDEN
    return compute(*row)


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case Unary():
            return (node.operand,)
        case Binary():
            return (node.left, node.right)
        case Call():
            return node.arguments
    return ()


def _kind(node: Node) -> str:
    match node:
        case Binary(operator="**", left=Number(text="e")):
            return "exp"
        case Binary(operator="**", right=Number(value=value)) if value == int(value):
            return ""
        case Binary():
            return node.operator
        case Call():
            return node.function
    return ""


def _number(node: Number) -> Found:
    if node.text == "pi":
        return Known(ROUND.plus(_PI), _UNIT)
    if node.text == "e":
        return _exp(Known(_ONE, _ZERO))
    try:
        exact = constant(node)
    except TooLarge:
        exact = None
    if exact is None or is_rounded(node.text):
        value = Decimal(node.value)
        return _known(value, _BOUND.multiply(value.copy_abs(), Decimal(EPSILON)))
    return _fraction(exact)


def _fraction(exact: Fraction) -> Found:
    own = _context(DIGITS)
    value = own.divide(Decimal(exact.numerator), Decimal(exact.denominator))
    return _known(value, _ZERO) if own.flags[Inexact] else Known(value, _ZERO)


# What is known of one number


def _known(value: Decimal, error: Decimal) -> Found:
    """Return a value that has been rounded once, or ``HIDDEN`` where it is out of all bounds."""
    if not (value.is_finite() and error.is_finite()) or (value and value.adjusted() < _SMALLEST):
        return Lost.HIDDEN
    return Known(value, _BOUND.add(error, _BOUND.multiply(value.copy_abs(), _UNIT)))


def _is_exactly(one: Known, value: Decimal) -> bool:
    return not one.error and one.value == value


def _surely_below(one: Known, bound: Decimal) -> bool:
    return _WIDE.subtract(bound, one.value) > one.error


def _surely_above(one: Known, bound: Decimal) -> bool:
    return _WIDE.subtract(one.value, bound) > one.error


def _negative(one: Known) -> Found:
    return Known(one.value.copy_negate(), one.error)


def _added(left: Known, right: Known) -> Found:
    return _known(ROUND.add(left.value, right.value), _BOUND.add(left.error, right.error))


def _subtracted(left: Known, right: Known) -> Found:
    return _known(ROUND.subtract(left.value, right.value), _BOUND.add(left.error, right.error))


def _multiplied(left: Known, right: Known) -> Found:
    value = ROUND.multiply(left.value, right.value)
    if not value and left.value and right.value:
        return Lost.HIDDEN
    error = _BOUND.multiply(left.value.copy_abs(), right.error)
    error = _BOUND.add(error, _BOUND.multiply(right.value.copy_abs(), left.error))
    return _known(value, _BOUND.add(error, _BOUND.multiply(left.error, right.error)))


def _divided(left: Known, right: Known) -> Found:
    if _is_exactly(right, _ZERO):
        return Lost.UNDEFINED
    size = right.value.copy_abs()
    if size <= _BOUND.multiply(right.error, _TWO):
        return Lost.HIDDEN
    value = ROUND.divide(left.value, right.value)
    if not value and left.value:
        return Lost.HIDDEN
    error = _BOUND.add(left.error, _BOUND.multiply(value.copy_abs(), right.error))
    # At least half of the denominator is certain.
    return _known(value, _BOUND.divide(_BOUND.multiply(error, _TWO), size) if error else _ZERO)


def _share(one: Known) -> Decimal:
    """Return the relative error of a number other than 0."""
    return _BOUND.divide(one.error, one.value.copy_abs()) if one.error else _ZERO


def _exp(x: Known) -> Found:
    value = ROUND.exp(x.value)
    if x.error > _TENTH or not value:
        return Lost.HIDDEN
    return _known(value, _BOUND.multiply(value, _BOUND.multiply(x.error, _TWO)))


def _log(x: Known) -> Found:
    if _surely_below(x, _ZERO) or _is_exactly(x, _ZERO):
        return Lost.UNDEFINED
    if not _surely_above(x, _ZERO) or _share(x) > _TENTH:
        return Lost.HIDDEN
    return _known(ROUND.ln(x.value), _BOUND.multiply(_share(x), _TWO))


def _sqrt(x: Known) -> Found:
    if _surely_below(x, _ZERO):
        return Lost.UNDEFINED
    if _is_exactly(x, _ZERO):
        return Known(_ZERO, _ZERO)
    if not _surely_above(x, _ZERO):
        return Lost.HIDDEN
    value = ROUND.sqrt(x.value)
    return _known(value, _BOUND.divide(x.error, value) if x.error else _ZERO)


def _power(base: Known, exponent: Known) -> Found:
    whole = exponent.value.to_integral_value()
    if not exponent.error and exponent.value == whole:
        return _whole_power(base, exponent.value)
    if _is_exactly(base, _ZERO) and _surely_above(exponent, _ZERO):
        return Known(_ZERO, _ZERO)
    if _is_exactly(base, _ZERO) and _surely_below(exponent, _ZERO):
        return Lost.UNDEFINED
    if _surely_below(base, _ZERO):
        broken = _WIDE.subtract(exponent.value, whole).copy_abs() > exponent.error
        return Lost.UNDEFINED if broken else Lost.HIDDEN
    if not _surely_above(base, _ZERO):
        return Lost.HIDDEN
    logarithm = _log(base)
    if not isinstance(logarithm, Known):
        return logarithm
    product = _multiplied(logarithm, exponent)
    return _exp(product) if isinstance(product, Known) else product


def _whole_power(base: Known, exponent: Decimal) -> Found:
    if not exponent:
        return Known(_ONE, _ZERO)
    if _is_exactly(base, _ZERO):
        return Known(_ZERO, _ZERO) if exponent > 0 else Lost.UNDEFINED
    if not base.value or (share := _BOUND.multiply(_share(base), exponent.copy_abs())) > _TENTH:
        return Lost.HIDDEN
    value = ROUND.power(base.value, exponent)
    return _known(value, _BOUND.multiply(value.copy_abs(), _BOUND.multiply(share, _TWO)))


def _root_of(exponent: Fraction) -> Callable[[Known, Known], Found]:
    """Return the power with an odd root, which negative numbers have as well."""

    def raised(base: Known, power: Known) -> Found:
        found = _power(Known(base.value.copy_abs(), base.error), power)
        negative = base.value < 0 and exponent.numerator % 2
        return _negative(found) if negative and isinstance(found, Known) else found

    return raised


# The functions of the language


def _then(*steps: Callable[[Known], Found]) -> Callable[[Known], Found]:
    """Return one function after the other."""

    def composed(x: Known) -> Found:
        found: Found = x
        for step in steps:
            if isinstance(found, Known):
                found = step(found)
        return found

    return composed


_EXACTLY_ONE: Final = Known(_ONE, _ZERO)


def _plus_one(x: Known) -> Found:
    return _added(x, _EXACTLY_ONE)


def _minus_one(x: Known) -> Found:
    return _subtracted(x, _EXACTLY_ONE)


def _inverse(x: Known) -> Found:
    return _divided(_EXACTLY_ONE, x)


def _doubled(x: Known) -> Found:
    return _multiplied(x, Known(_TWO, _ZERO))


def _from_one(x: Known) -> Found:
    return _subtracted(_EXACTLY_ONE, x)


def _over_log_of(base: int) -> Callable[[Known], Found]:
    below = _log(Known(Decimal(base), _ZERO))
    return lambda x: _divided(x, below) if isinstance(below, Known) else below


_sigmoid = _then(_negative, _exp, _plus_one, _inverse)


def _tanh(x: Known) -> Found:
    """Return 1 - 2/(exp(2|x|) + 1), with the sign of x."""
    size = Known(x.value.copy_abs(), x.error)
    found = _then(_doubled, _exp, _plus_one, _inverse, _doubled, _from_one)(size)
    return _negative(found) if x.value < 0 and isinstance(found, Known) else found


def _turned(x: Known, quarters: int) -> Found:
    """Return sin(x + quarters * pi/2)."""
    if x.value.copy_abs() > _MOST_TURNS or x.error > 1:
        return Lost.HIDDEN
    turns = _WIDE.divide(x.value, _QUARTER_TURN).to_integral_value()
    rest = ROUND.plus(_WIDE.subtract(x.value, _WIDE.multiply(turns, _QUARTER_TURN)))
    quarter = (int(_WIDE.remainder(turns, Decimal(4))) + quarters) % 4
    value = _series(rest, even=bool(quarter % 2))
    value = value.copy_negate() if quarter > 1 else value
    return Known(value, _BOUND.add(x.error, _UNIT))


def _series(x: Decimal, *, even: bool) -> Decimal:
    """Return the series of cos or sin at an angle of at most an eighth of a turn."""
    square, number = ROUND.multiply(x, x).copy_negate(), 0 if even else 1
    term = total = _ONE if even else x
    while term and term.adjusted() > -DIGITS - 2:
        number += 2
        term = ROUND.divide(ROUND.multiply(term, square), Decimal(number * (number - 1)))
        total = ROUND.add(total, term)
    return total


def _sin(x: Known) -> Found:
    return _turned(x, 0)


def _cos(x: Known) -> Found:
    return _turned(x, 1)


def _tan(x: Known) -> Found:
    above, below = _sin(x), _cos(x)
    return _divided(above, below) if isinstance(above, Known) and isinstance(below, Known) else Lost.HIDDEN


def _arctan(x: Known) -> Found:
    size = x.value.copy_abs()
    value = _arctan_series(_WIDE.divide(_ONE, size) if size > 1 else size)
    value = _WIDE.subtract(_QUARTER_TURN, value) if size > 1 else value
    return _known(ROUND.plus(value).copy_sign(x.value), x.error)


def _arctan_series(x: Decimal) -> Decimal:
    """Return arctan of 0 to 1: halved three times, then by its series."""
    for _ in range(3):
        root = _WIDE.sqrt(_WIDE.add(_ONE, _WIDE.multiply(x, x)))
        x = _WIDE.divide(x, _WIDE.add(_ONE, root))
    total, term, square, number = x, x, _WIDE.multiply(x, x).copy_negate(), 1
    while term and term.adjusted() > x.adjusted() - DIGITS - 2:
        number += 2
        term = _WIDE.multiply(term, square)
        total = _WIDE.add(total, _WIDE.divide(term, Decimal(number)))
    return _WIDE.multiply(total, Decimal(8))


def _abs(x: Known) -> Found:
    return Known(x.value.copy_abs(), x.error)


def _sign(x: Known) -> Found:
    if _is_exactly(x, _ZERO):
        return Known(_ZERO, _ZERO)
    if x.value.copy_abs() <= x.error:
        return Lost.HIDDEN
    return Known(_ONE.copy_sign(x.value), _ZERO)


def _extreme(choose: Callable[..., Decimal]) -> Callable[..., Found]:
    def chosen(*arguments: Known) -> Found:
        values, errors = zip(*arguments, strict=True)
        return Known(choose(values), max(errors))

    return chosen


_min, _max = _extreme(min), _extreme(max)


def _relu(x: Known) -> Found:
    return Known(max(x.value, _ZERO), x.error)


def _clip(x: Known, low: Known, high: Known) -> Found:
    value = min(max(x.value, low.value), high.value)
    return Known(value, max(x.error, low.error, high.error))


def _soft_threshold(x: Known, threshold: Known) -> Found:
    size = max(ROUND.subtract(x.value.copy_abs(), threshold.value), _ZERO)
    return _known(size.copy_sign(x.value) if x.value else _ZERO, _BOUND.add(x.error, threshold.error))


def _machin() -> Decimal:
    """Return pi by Machin's formula of 1706, in whole numbers."""
    unit = 10 ** (2 * DIGITS + 5)

    def arctan_of_one_over(n: int) -> int:
        total, power, k = 0, unit // n, 0
        while power:
            total += (-1) ** k * (power // (2 * k + 1))
            power, k = power // (n * n), k + 1
        return total

    pi = 16 * arctan_of_one_over(5) - 4 * arctan_of_one_over(239)
    return _WIDE.divide(Decimal(pi), Decimal(unit))


_PI: Final = _machin()
_QUARTER_TURN: Final = _WIDE.divide(_PI, _TWO)

_OPERATORS: Final[Mapping[str, Callable[[Known, Known], Found]]] = {
    "+": _added,
    "-": _subtracted,
    "*": _multiplied,
    "/": _divided,
}
_FUNCTIONS: Final[Mapping[str, Callable[..., Found]]] = {
    "sqrt": _sqrt,
    "exp": _exp,
    "expm1": _then(_exp, _minus_one),
    "log": _log,
    "log1p": _then(_plus_one, _log),
    "log2": _then(_log, _over_log_of(2)),
    "log10": _then(_log, _over_log_of(10)),
    "sin": _sin,
    "cos": _cos,
    "tan": _tan,
    "arctan": _arctan,
    "tanh": _tanh,
    "abs": _abs,
    "sign": _sign,
    "min": _min,
    "max": _max,
    "clip": _clip,
    "relu": _relu,
    "sigmoid": _sigmoid,
    "soft_threshold": _soft_threshold,
}
_COSTS: Final = {
    **dict.fromkeys(("exp", "expm1", "tanh", "sigmoid"), 8),
    **dict.fromkeys(("log", "log1p", "log2", "log10"), 14),
    "**": 24,
    **dict.fromkeys(("sin", "cos", "arctan"), 20),
    "tan": 40,
}
"""Steps of about two microseconds; the rest takes two of them."""
