"""Polynomials in many variables with rational coefficients, and a budget that ends what would take long.

A polynomial maps monomials to coefficients other than 0. A monomial is one integer with a byte for the exponent of
each variable (Kronecker 1882), so that two monomials are multiplied by an addition. No byte overflows, because the
total degree stays below 256.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from content.items.equivalence.errors import TooLarge

Polynomial = Mapping[int, Fraction]

BITS_OF_EXPONENT = 8
MAX_DEGREE = 120
MAX_TERMS = 500
MAX_BITS = 512
"""Of the numerator and of the denominator of a coefficient."""
MAX_WORK = 6_000
"""Products and sums of coefficients in one comparison: about 20 ms."""

ZERO: Polynomial = {}
ONE: Polynomial = {0: Fraction(1)}


@dataclass(slots=True)
class Budget:
    """What may still be spent on exact arithmetic; counts instead of measuring time."""

    left: int = MAX_WORK

    def spend(self, work: int) -> None:
        """Take ``work`` from the budget; raises ``TooLarge`` when it is used up."""
        if work > self.left:
            raise TooLarge
        self.left -= work


def number(value: Fraction) -> Polynomial:
    """Return a constant; raises ``TooLarge`` for one of more than ``MAX_BITS`` bits."""
    return _within_limits({0: value} if value else {})


def variable(index: int) -> Polynomial:
    """Return the variable that has this place among the variables."""
    return {1 << BITS_OF_EXPONENT * index: Fraction(1)}


def add(left: Polynomial, right: Polynomial, budget: Budget) -> Polynomial:
    """Return the sum."""
    budget.spend(len(left) + len(right))
    total = dict(left)
    for monomial, coefficient in right.items():
        _accumulate(total, monomial, coefficient)
    return _within_limits(total)


def multiply(left: Polynomial, right: Polynomial, budget: Budget) -> Polynomial:
    """Return the product; raises ``TooLarge`` before a product beyond the limits is begun."""
    budget.spend(len(left) * len(right))
    if degree(left) + degree(right) > MAX_DEGREE:
        raise TooLarge
    total: dict[int, Fraction] = {}
    for one, first in left.items():
        for other, second in right.items():
            _accumulate(total, one + other, first * second)
    return _within_limits(total)


def scale(polynomial: Polynomial, factor: Fraction, budget: Budget) -> Polynomial:
    """Return the product with a number other than 0."""
    budget.spend(len(polynomial))
    return _within_limits({monomial: c * factor for monomial, c in polynomial.items()})


def power(base: Polynomial, exponent: int, budget: Budget) -> Polynomial:
    """Return ``base`` to a power of at least 0, by squaring; the power 0 is 1, of 0 as well."""
    if exponent > MAX_DEGREE:
        raise TooLarge
    result = ONE
    for digit in f"{exponent:b}":
        result = multiply(result, result, budget)
        if digit == "1":
            result = multiply(result, base, budget)
    return result


def degree(polynomial: Polynomial) -> int:
    """Return the total degree; that of 0 is 0."""
    return max((_degree(monomial) for monomial in polynomial), default=0)


def constant_of(polynomial: Polynomial) -> Fraction | None:
    """Return the number that the polynomial is; None where it has a variable."""
    if not polynomial:
        return Fraction(0)
    return polynomial.get(0) if len(polynomial) == 1 else None


def _degree(monomial: int) -> int:
    return sum(monomial.to_bytes((monomial.bit_length() + 7) // 8, "little"))


def _accumulate(total: dict[int, Fraction], monomial: int, coefficient: Fraction) -> None:
    found = total.get(monomial)
    if found is None:
        total[monomial] = coefficient
    elif found == -coefficient:
        del total[monomial]
    else:
        total[monomial] = found + coefficient


def _within_limits(polynomial: dict[int, Fraction]) -> Polynomial:
    if len(polynomial) > MAX_TERMS:
        raise TooLarge
    for coefficient in polynomial.values():
        if max(coefficient.numerator.bit_length(), coefficient.denominator.bit_length()) > MAX_BITS:
            raise TooLarge
    return polynomial
