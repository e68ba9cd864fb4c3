"""What each version of the language reserves: a document keeps the version in which it was written.

A new function, constant or word comes with the next version, so that a document of an earlier one may go on using
its name for a parameter or a step.
"""

from __future__ import annotations

from typing import Final

from content.expressions.functions import CONSTANTS, FUNCTIONS, Function
from content.expressions.tokens import WORDS

FIRST: Final = 1
"""The language of a document that names none."""

RESERVED: Final[dict[int, frozenset[str]]] = {
    1: frozenset(
        """
        abs all and any arctan argmax argmin ceil clip cos count_nonzero count_zero cumsum det diag dot
        e eigvals else entropy exp expm1 floor identity if inv isfinite len linspace log log10 log1p
        log2 logsumexp max mean median min mod norm1 norm2 not ones or outer pi prod relu round sigmoid
        sign sin soft_threshold softmax solve sort sqrt std sum tan tanh trace transpose var where
        zeros
        """.split()
    ),
}
"""By version, what no parameter and no step may be called. A version that has been used is never changed."""


def latest() -> int:
    """Return the newest version: what is read outside any document is read in it."""
    return max(RESERVED)


def function_named(name: str, language: int) -> Function | None:
    """Return the function that ``name`` is in a version of the language."""
    return FUNCTIONS.get(name) if name in RESERVED[language] else None


def constant_named(name: str, language: int) -> float | None:
    """Return the constant that ``name`` is in a version of the language."""
    return CONSTANTS.get(name) if name in RESERVED[language] else None


def functions_of(language: int) -> list[str]:
    """Return the names of the functions of a version."""
    return [name for name in FUNCTIONS if name in RESERVED[language]]


def constants_of(language: int) -> list[str]:
    """Return the names of the constants of a version."""
    return [name for name in CONSTANTS if name in RESERVED[language]]


def words_of(language: int) -> frozenset[str]:
    """Return the words of the syntax, such as ``if``, of a version."""
    return WORDS & RESERVED[language]
