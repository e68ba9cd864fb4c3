"""What the server reads in some hundred spellings of numbers, as a file for the tests of the learner's app.

Run it to write ``frontend/tests/interactions/numbers.json``: ``python -m tests.frontend.interactions.numbers``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from content.items.numbers import UnreadableNumber, read_number

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "interactions" / "numbers.json"

CONVENTIONS: Final = ("en", "de", "fr", "en-IN", "de_CH")
"""A locale for each way to write numbers."""
MARKS: Final = (
    "0", "7", "-7", "+7", "0.5", ".5", "5.", "-.5", "007", "1e5", "1.5e-3", "1,5e-3", "1E+2", "2 e 3",
    "1e5.5", "1e", "- 3", "+ 3", "--3", "\u22123", "\u20133", "-0", "0.000", "1.2.3", "1,2,3", "1..2",
    ",5", "5,", "-,5", "1,5", "1.5", "1,704", "1.704", "-1.704", "0,704", "0.704", "12,345", "1,234,567",
    "1.234.567", "1 234", "1 234 567", "1 23", "12 34", "1'234", "1\u2019234", "1'234.5", "1,234.5",
    "1.234,5", "12,34,567", "1,23,456", "1 234,567 8", "0.123 456", "1\u00a0234", "1\u2009234",
    "1\u202f234", "1\u3000234", "1,234 567", "01,234", "1234,567", "3.14159 26", "0.1234 5", "1e308",
    "1e309", "-1e309", "1e-323", "1e-324", "0e999999", "1e-99999999", "123456789012345678901234567890",
)  # fmt: skip
"""Read in every locale."""
OTHERS: Final = (
    "10^3", "-10^-3", "10**4", "10^(-3)", "10^(3", "10\u207b\u00b3", "+10\u00b2", "10\u207b\u207b2", "10^",
    "10^1.5",
    "2x10^3", "2*10^3", "2 \u00d7 10^-3", "2\u00b710\u207b\u00b3", "2 x 10 ^ (4)", "2*10**-3", "2x10",
    "2*10", "2\u22c510^400",
    "1/3", "-1/3", "1/-3", "(1)/(3)", "1 / 3", "1/0", "1/2/3", "1,5/3", "1/", "/3", "1e300/1e-300", "1/3%",
    "2*1/3",
    "12%", "12.5 %", "12,5%", "%", "-3 %", "12%%", "1/2 %", "12 percent",
    "= 0.66", "w = 0.66", "w=0.66", "w_1 = 2", "\u2248 3", "x := 4", "w' = 5", "w = v = 5", "0.5 = w",
    "2w = 1", "=", "w =",
    "(0.66)", "((3))", "$0.66$", "\\(3\\)", "$w = (0.5)$", "$(w = 0.5)$", "()", "$$", "(1)(2)", "(1", "1)",
    "", " ", "\t3\n", "\x1c3", "-", "+", ".", ",", "'", "e", "e5", "five", "abc", "3 apples", "3kg", "1o0",
    "l0", "0x1F", "1_000",
    "inf", "-Infinity", "nan", "NaN", "\u221e", "-\u221e", "information",
    "1+1", "2-3", "3*4", "2(3)", "sqrt(2)", "\u221a2", "2\u221a", "pi", "2pi", "2 pi", "2^3", "3!",
    "-0.3-0.1*(2)", "a-b", "x^2",
    "\u0663", "\uff11", "1\u0662", "\u00bd", "2\u00bd", "\u00b2", "3\u00b2", "\u2460", "\u5341", "1\u2080",
    "1.5 2.5", "1,5 2,5", "1, 2", "1;2", "1 2", "1\u00b110", "~3", "3?", "#3", "\u20ac3", "3\u00b0",
    "\U0001f600", "3 \U0001f600",
    "9" * 100, "9" * 101, "\U0001f600" * 100, "3 " + "very" * 10,
)  # fmt: skip
"""Read with a point and with a comma."""


def cases() -> list[list[Any]]:
    """Return rows of what is typed, the locale, whether it takes fractions and percentages, and the reading."""
    return list(_cases())


def _cases() -> Iterator[list[Any]]:
    for typed, locales in (
        *((mark, CONVENTIONS) for mark in MARKS),
        *((other, ("en", "de")) for other in OTHERS),
    ):
        for locale in locales:
            yield _case(typed, locale)
    for typed in (one for one in OTHERS if "/" in one or "%" in one):
        yield _case(typed, "en", fractions=True)
        yield _case(typed, "de", fractions=True, percent=True)


def _case(typed: str, locale: str, *, fractions: bool = False, percent: bool = False) -> list[Any]:
    return [typed, locale, fractions, percent, _reading(typed, locale, fractions, percent)]


def _reading(typed: str, locale: str, fractions: bool, percent: bool) -> float | str:
    try:
        return read_number(typed, locale=locale, fractions=fractions, percent=percent).value
    except UnreadableNumber as unreadable:
        return str(unreadable)


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases(), indent=1) + "\n")
