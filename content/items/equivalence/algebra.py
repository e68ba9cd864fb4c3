"""The exact road: a tree becomes a quotient of polynomials; two of them are compared by cross-multiplication.

What is no rational function (a root, a function, a power with a variable in the exponent, pi and e) becomes an
*atom*: one more variable, the same one wherever the function and its arguments are the same. Equal quotients are then
equal formulas. Different ones are different formulas only where there are no atoms, since atoms may be related.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from fractions import Fraction

from content.expressions import Binary, Call, Name, Node, Number, Unary, exact, walk
from content.items.equivalence import polynomials
from content.items.equivalence.errors import TooLarge, Undefined
from content.items.equivalence.polynomials import ONE, ZERO, Budget, Polynomial, add, multiply, scale

MAX_EXACT_DIGITS = 12
"""A number with more significant digits than these has been rounded: only an exact equality counts then."""


@dataclass(frozen=True, slots=True)
class Quotient:
    """A numerator and a denominator other than 0. Common factors may stay; those without variables do not."""

    numerator: Polynomial
    denominator: Polynomial


@dataclass(frozen=True, slots=True)
class Atom:
    """What stands for one variable more."""

    name: str
    arguments: tuple[Quotient, ...]


@dataclass(slots=True)
class Algebra:
    """Turns trees into quotients over the same variables and atoms. ``exact`` is false once a rounded number came."""

    names: tuple[str, ...]
    budget: Budget = field(default_factory=Budget)
    atoms: list[Atom] = field(default_factory=list)
    exact: bool = True

    def quotient(self, node: Node) -> Quotient:
        """Return what a tree says; raises ``Undefined`` and ``TooLarge``."""
        match node:
            case Number():
                return self._number(node)
            case Name():
                return Quotient(polynomials.variable(self.names.index(node.name)), ONE)
            case Unary(operator="-"):
                return self._product(_of_number(-1), self.quotient(node.operand))
            case Unary():
                return self.quotient(node.operand)
            case Binary():
                return self._binary(node)
            case Call():
                return self._atom(node.function, tuple(self.quotient(one) for one in node.arguments))
        raise TypeError(f"{type(node).__name__} is no part of a formula")

    def equal(self, one: Quotient, other: Quotient) -> bool:
        """Whether two quotients are the same wherever both are defined; raises ``TooLarge``."""
        if one.denominator == other.denominator:
            return one.numerator == other.numerator
        left = multiply(one.numerator, other.denominator, self.budget)
        return left == multiply(other.numerator, one.denominator, self.budget)

    def _number(self, node: Number) -> Quotient:
        if node.text in ("pi", "e"):
            return self._atom(node.text, ())
        if is_rounded(node.text):
            self.exact = False
        return _of_literal(node.text)

    def _binary(self, node: Binary) -> Quotient:
        if node.operator == "**":
            return self._power(node)
        left, right = self.quotient(node.left), self.quotient(node.right)
        match node.operator:
            case "+":
                return self._sum(left, right)
            case "-":
                return self._sum(left, self._product(_of_number(-1), right))
            case "*":
                return self._product(left, right)
        return self._product(left, self._inverse(right))

    def _sum(self, left: Quotient, right: Quotient) -> Quotient:
        if left.denominator == right.denominator:
            return Quotient(add(left.numerator, right.numerator, self.budget), left.denominator)
        first = multiply(left.numerator, right.denominator, self.budget)
        second = multiply(right.numerator, left.denominator, self.budget)
        below = multiply(left.denominator, right.denominator, self.budget)
        return Quotient(add(first, second, self.budget), below)

    def _product(self, left: Quotient, right: Quotient) -> Quotient:
        return Quotient(
            multiply(left.numerator, right.numerator, self.budget),
            multiply(left.denominator, right.denominator, self.budget),
        )

    def _inverse(self, quotient: Quotient) -> Quotient:
        """Return 1 over ``quotient``. A denominator that is a number goes into the numerator, to keep it at 1."""
        if quotient.numerator == ZERO:
            raise Undefined
        divisor = polynomials.constant_of(quotient.numerator)
        if divisor is None:
            return Quotient(quotient.denominator, quotient.numerator)
        return Quotient(scale(quotient.denominator, 1 / divisor, self.budget), ONE)

    def _power(self, node: Binary) -> Quotient:
        if isinstance(node.left, Number) and node.left.text == "e":
            return self._atom("exp", (self.quotient(node.right),))
        base, raised = self.quotient(node.left), self.quotient(node.right)
        exponent = _number_of(raised)
        if exponent == Fraction(1, 2):
            return self._atom("sqrt", (base,))
        if exponent is None or exponent.denominator != 1:
            return self._atom("**", (base, raised))
        if exponent < 0:
            base = self._inverse(base)
        count = abs(int(exponent))
        above = polynomials.power(base.numerator, count, self.budget)
        return Quotient(above, polynomials.power(base.denominator, count, self.budget))

    def _atom(self, name: str, arguments: tuple[Quotient, ...]) -> Quotient:
        for index, known in enumerate(self.atoms):
            if known.name == name and all(map(self.equal, known.arguments, arguments)):
                return Quotient(polynomials.variable(len(self.names) + index), ONE)
        self.atoms.append(Atom(name, arguments))
        return Quotient(polynomials.variable(len(self.names) + len(self.atoms) - 1), ONE)


@dataclass(frozen=True, slots=True)
class Decision:
    """``equal`` wherever both have a value, or None where this road cannot tell; ``rational`` when without atoms."""

    equal: bool | None
    rational: bool


def decide(one: Node, other: Node, names: Collection[str], budget: Budget) -> Decision:
    """Compare two formulas over the variables ``names``; raises ``Undefined`` where one divides by 0 everywhere."""
    algebra = Algebra(tuple(names), budget)
    try:
        equal = algebra.equal(algebra.quotient(one), algebra.quotient(other))
    except TooLarge:
        return Decision(None, rational=False)
    rational = not algebra.atoms
    return Decision(True if equal else False if algebra.exact and rational else None, rational)


def constant(node: Node) -> Fraction | None:
    """Return the rational number that a formula without variables is, or None.

    Raises ``TooLarge`` and ``Undefined``.
    """
    if any(isinstance(leaf, Name) for leaf, _ in walk(node)):
        return None
    return _number_of(Algebra(()).quotient(node))


def is_rounded(text: str) -> bool:
    """Whether a number has so many digits that it must have been rounded."""
    return _significant_digits(text) > MAX_EXACT_DIGITS


def _of_number(value: int) -> Quotient:
    return Quotient(polynomials.number(Fraction(value)), ONE)


def _of_literal(text: str) -> Quotient:
    try:
        return Quotient(polynomials.number(exact.fraction(text)), ONE)
    except exact.UnusableNumber:
        raise TooLarge from None


def _number_of(quotient: Quotient) -> Fraction | None:
    above = polynomials.constant_of(quotient.numerator)
    below = polynomials.constant_of(quotient.denominator)
    return None if above is None or below is None else above / below


def _significant_digits(text: str) -> int:
    return len(text.lower().partition("e")[0].replace(".", "").strip("0"))
