"""Formulas as people type them: ``2λw(1 − x²)`` becomes ``2*lam*w*(1-x**2)`` and then a tree of the language.

Nothing is guessed. What can be read in two ways, such as ``1/2x``, is refused with both readings.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any, Self

from content.expressions import FIRST, Binary, Call, ExpressionError, Node, walk
from content.expressions.parser import parse_tree
from content.expressions.planning import make_plan
from content.items.equivalence.algebra import constant
from content.items.equivalence.errors import FormulaFault, TooLarge, Undefined
from content.items.equivalence.spelling import Typed, canonical

Domain = tuple[float, float]

MAX_LENGTH = 500
"""Characters of a formula."""
MAX_EXPONENT = 100
"""Magnitude of an exponent that is a number."""
DEFAULT_DOMAIN: Domain = (-3.0, 3.0)
ELEMENTARY = (
    *("sqrt", "exp", "expm1", "log", "log1p", "log2", "log10", "sin", "cos", "tan", "arctan", "tanh"),
    *("abs", "sign", "min", "max", "clip", "relu", "sigmoid", "soft_threshold"),
)
"""The functions that a formula may use, unless its author allows fewer."""


@dataclass(frozen=True, slots=True)
class Grammar:
    """What a formula may be made of.

    ``variables`` have domains, an interval each; ``aliases`` are other spellings of a variable, such as λ.
    ``language`` is the version of the language of expressions whose names mean something here.
    """

    variables: Mapping[str, Domain]
    functions: tuple[str, ...] = ELEMENTARY
    aliases: Mapping[str, str] | None = None
    language: int = FIRST

    def to_json(self) -> dict[str, Any]:
        later = {"language": self.language} if self.language != FIRST else {}
        return {
            "variables": {name: list(domain) for name, domain in self.variables.items()},
            "functions": list(self.functions),
            "aliases": dict(self.aliases or {}),
            **later,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        domains = {name: (low, high) for name, (low, high) in stored["variables"].items()}
        language = stored.get("language", FIRST)
        return cls(domains, tuple(stored["functions"]), stored["aliases"], language)


@dataclass(frozen=True, slots=True)
class Formula:
    """``text`` is the formula as understood, with every multiplication written."""

    text: str
    tree: Node


def read(text: str, grammar: Grammar) -> Formula:
    """Return the formula that ``text`` says; raises ``FormulaFault`` with the column in ``text``."""
    if len(text) > MAX_LENGTH:
        raise FormulaFault(f"a formula has at most {MAX_LENGTH} characters", MAX_LENGTH + 1)
    typed = canonical(
        text, grammar.variables, grammar.functions, grammar.aliases or {}, language=grammar.language
    )
    try:
        tree = parse_tree(typed.text, grammar.variables, grammar.language)
        _check(tree, typed)
        make_plan(tree, dict.fromkeys(grammar.variables, ()))
    except ExpressionError as error:
        # Behind the semicolon stands advice to authors.
        raise FormulaFault(error.reason.partition(";")[0], typed.column(error.column)) from None
    return Formula(typed.text, tree)


def _check(tree: Node, typed: Typed) -> None:
    for node, _ in walk(tree):
        if isinstance(node, Call) and node.function in ("min", "max") and len(node.arguments) < 2:
            raise FormulaFault(f"{node.function} compares two values or more", typed.column(node.at.column))
        if isinstance(node, Binary) and node.operator == "**":
            _check_exponent(node.right, typed.column(node.right.at.column))


def _check_exponent(exponent: Node, column: int) -> None:
    try:
        value = constant(exponent)
    except Undefined:
        raise FormulaFault("this exponent divides by 0", column) from None
    except TooLarge:
        value = Fraction(MAX_EXPONENT + 1)
    if value is not None and abs(value) > MAX_EXPONENT:
        raise FormulaFault(f"an exponent that is a number is at most {MAX_EXPONENT}", column)
