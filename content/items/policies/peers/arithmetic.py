"""A small arithmetic of typed text, for the peers whose learners may answer with an expression.

Numbers, ``+ - * / ^ ( )``, a percent suffix, parallel resistors (``||``), named constants and functions
of one argument, with the precedence and the names of openedx-calc 4.0.3 (names in either case; results
may be complex). The text is parsed by hand into a number at once: nothing is ever executed, and length,
depth and the size of integers are bounded.
"""

from __future__ import annotations

import cmath
import math
import re
from collections.abc import Callable, Mapping
from typing import Final, TypeAlias

from content.expressions import exact

Value: TypeAlias = int | float | complex
Function: TypeAlias = Callable[[Value], Value]

LONGEST: Final = 500
DEEPEST: Final = 40
# Exact integers are kept as they are up to this size, where doubles end.
BITS: Final = 1023
LARGEST_FACTORIAL: Final = 170


class UnreadableArithmetic(ValueError):
    """The text is not arithmetic: its form is wrong."""


class UndefinedArithmetic(UnreadableArithmetic):
    """The text is arithmetic, but has no value: an unknown name, a division by 0, a number out of range."""


def evaluate(text: str, constants: Mapping[str, Value] | None = None, *, functions: bool = True) -> Value:
    """Return the value of an expression; nan for a blank one.

    ``constants`` stand in for the usual ones (``e``, ``pi``, ``i``, ``j``). Raises `UnreadableArithmetic`, or
    its `UndefinedArithmetic` for well-formed text without a value.
    """
    if len(text) > LONGEST:
        raise UnreadableArithmetic(f"at most {LONGEST} characters are read")
    if not text.strip():
        return math.nan
    reader = _Reader(text, CONSTANTS if constants is None else constants, FUNCTIONS if functions else {})
    try:
        return reader.whole()
    except (OverflowError, ZeroDivisionError, TypeError, ValueError) as wrong:
        if isinstance(wrong, UnreadableArithmetic):
            raise
        raise UndefinedArithmetic(f"the expression has no value ({wrong})") from wrong


_TOKEN: Final = re.compile(
    r"\s*(?:(?P<number>(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:\s*[eE]\s*[+-]?\s*[0-9]+)?\s*%?)"
    r"|(?P<name>[A-Za-z][A-Za-z0-9_]*)|(?P<mark>\|\||[-+*/^()]))"
)


class _Reader:
    """Reads tokens from left to right, one method for each level of precedence."""

    def __init__(self, text: str, constants: Mapping[str, Value], functions: Mapping[str, Function]) -> None:
        self.tokens = _tokens(text)
        self.place = 0
        self.depth = 0
        self.constants = constants
        self.functions = functions

    def whole(self) -> Value:
        value = self.sum()
        if self.place < len(self.tokens):
            raise UnreadableArithmetic(f"{self.tokens[self.place]} stands where nothing can follow")
        return value

    def take(self, *marks: str) -> str:
        """Return the next token and go past it if it is one of these; else the empty text."""
        if self.place < len(self.tokens) and self.tokens[self.place] in marks:
            self.place += 1
            return self.tokens[self.place - 1]
        return ""

    def sum(self) -> Value:
        self.depth += 1
        if self.depth > DEEPEST:
            raise UnreadableArithmetic("the brackets go too deep")
        sign = self.take("+", "-")
        total = self.product()
        total = -total if sign == "-" else total
        while sign := self.take("+", "-"):
            term = self.product()
            total = total + term if sign == "+" else total - term
        self.depth -= 1
        return _bounded(total)

    def product(self) -> Value:
        result = self.parallel()
        while mark := self.take("*", "/"):
            factor = self.parallel()
            result = _bounded(result * factor if mark == "*" else result / factor)
        return result

    def parallel(self) -> Value:
        terms = [self.power()]
        while self.take("||"):
            terms.append(self.power())
        if len(terms) == 1:
            return terms[0]
        return math.nan if 0 in terms else 1 / sum(1 / term for term in terms)

    def power(self) -> Value:
        terms = [self.atom()]
        while self.take("^"):
            terms.append(self.atom())
        result = terms.pop()
        while terms:
            result = _raised(terms.pop(), result)
        return result

    def atom(self) -> Value:
        # A sign belongs to a number wherever one may stand: 2*-3 and 2^-1 need no brackets, 2*-pi does.
        sign = self.take("+", "-")
        head = self.tokens[self.place] if self.place < len(self.tokens) else ""
        self.place += 1
        if head[:1].isdigit() or head[:1] == ".":
            number = _number(head)
            return -number if sign == "-" else number
        if sign or not (head == "(" or head[:1].isalpha()):
            raise UnreadableArithmetic(f"a number is missing before {head or 'the end'}")
        if head == "(":
            return self.bracketed()
        return self.named(head)

    def bracketed(self) -> Value:
        value = self.sum()
        if not self.take(")"):
            raise UnreadableArithmetic("a bracket is not closed")
        return value

    def named(self, name: str) -> Value:
        if self.take("("):
            argument = self.bracketed()
            if name.lower() not in self.functions:
                raise UndefinedArithmetic(f"{name} is not a known function")
            return self.functions[name.lower()](argument)
        if name.lower() not in self.constants:
            raise UndefinedArithmetic(f"{name} is not a known name")
        return self.constants[name.lower()]


def _tokens(text: str) -> list[str]:
    tokens, place, end = [], 0, len(text.rstrip())
    while place < end:
        match = _TOKEN.match(text, place)
        if match is None:
            raise UnreadableArithmetic(f"“{text[place:].strip()[:1]}” cannot be read here")
        tokens.append(re.sub(r"\s", "", match[0]))
        place = match.end()
    return tokens


def _number(token: str) -> int | float:
    if token.endswith("%"):
        return float(token[:-1]) * 0.01
    if token.isdigit():
        return _bounded_integer(exact.whole(token))
    return float(token)


def _bounded_integer(value: int) -> int:
    if value.bit_length() > BITS:
        raise OverflowError("a number is too large")
    return value


def _bounded(value: Value) -> Value:
    return _bounded_integer(value) if isinstance(value, int) else value


def _raised(base: Value, exponent: Value) -> Value:
    if isinstance(base, int) and isinstance(exponent, int) and abs(exponent) * base.bit_length() > 2 * BITS:
        # An exact integer of this size helps nobody, and the largest take without end.
        return float(base) ** exponent if abs(base) > 1 else base ** (exponent % 2)
    return _bounded(base**exponent)


def _factorial(value: Value) -> int:
    if not isinstance(value, int) or not 0 <= value <= LARGEST_FACTORIAL:
        raise ValueError(f"a factorial is taken of a whole number from 0 to {LARGEST_FACTORIAL}")
    return math.factorial(value)


def _analytic(real: Callable[[float], float], beyond: Callable[[complex], complex]) -> Function:
    """Return a function that leaves the real line only where it must: the root of -4 is 2i."""

    def apply(value: Value) -> Value:
        if isinstance(value, complex):
            return beyond(value)
        try:
            return real(value)
        except ValueError:
            return beyond(complex(value))

    return apply


def _reciprocal(function: Function) -> Function:
    return lambda value: 1 / function(value)


def _of_reciprocal(function: Function) -> Function:
    return lambda value: function(1 / value)


def _arccot(value: Value) -> Value:
    if isinstance(value, complex):
        return math.pi / 2 - cmath.atan(value)
    return math.copysign(math.pi / 2, value) - math.atan(value)


_SIN, _COS, _TAN = (
    _analytic(math.sin, cmath.sin),
    _analytic(math.cos, cmath.cos),
    _analytic(math.tan, cmath.tan),
)
_SINH, _COSH, _TANH = (
    _analytic(math.sinh, cmath.sinh),
    _analytic(math.cosh, cmath.cosh),
    _analytic(math.tanh, cmath.tanh),
)
_ARCSIN, _ARCCOS = _analytic(math.asin, cmath.asin), _analytic(math.acos, cmath.acos)
_ARCSINH = _analytic(math.asinh, cmath.asinh)
_ARCCOSH = _analytic(math.acosh, cmath.acosh)
_ARCTANH = _analytic(math.atanh, cmath.atanh)

CONSTANTS: Final[Mapping[str, Value]] = {"e": math.e, "pi": math.pi, "i": 1j, "j": 1j}

FUNCTIONS: Final[Mapping[str, Function]] = {
    "sin": _SIN,
    "cos": _COS,
    "tan": _TAN,
    "sec": _reciprocal(_COS),
    "csc": _reciprocal(_SIN),
    "cot": _reciprocal(_TAN),
    "arcsin": _ARCSIN,
    "arccos": _ARCCOS,
    "arctan": _analytic(math.atan, cmath.atan),
    "arcsec": _of_reciprocal(_ARCCOS),
    "arccsc": _of_reciprocal(_ARCSIN),
    "arccot": _arccot,
    "sinh": _SINH,
    "cosh": _COSH,
    "tanh": _TANH,
    "sech": _reciprocal(_COSH),
    "csch": _reciprocal(_SINH),
    "coth": _reciprocal(_TANH),
    "arcsinh": _ARCSINH,
    "arccosh": _ARCCOSH,
    "arctanh": _ARCTANH,
    "arcsech": _of_reciprocal(_ARCCOSH),
    "arccsch": _of_reciprocal(_ARCSINH),
    "arccoth": _of_reciprocal(_ARCTANH),
    "sqrt": _analytic(math.sqrt, cmath.sqrt),
    "exp": _analytic(math.exp, cmath.exp),
    "ln": _analytic(math.log, cmath.log),
    "log10": _analytic(math.log10, cmath.log10),
    "log2": _analytic(math.log2, lambda value: cmath.log(value) / math.log(2)),
    "abs": abs,
    "fact": _factorial,
    "factorial": _factorial,
}
