"""How values are written for people: in bodies, hints and solutions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

from content.expressions import exact

SIGNIFICANT_DIGITS = 6
"""Of a computed value whose author asked for nothing else."""

Formatter = Callable[[Any], str]

EXACT = 1e-11
"""Relative difference up to which a shown number is the value: what is left are rounding errors of the arithmetic."""

MINUS = "−"
"""The minus sign of running text; in formulas the hyphen is set as one."""

_PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)(?::(?=[+0-9])\+?([0-9]{1,2})?)?\}")
_FORMULA = re.compile(r"(?<!\\)\$\$.*?\$\$|(?<!\\)\$[^$]*\$", re.DOTALL)
_OPERATOR = re.compile(r"(?:[-+−*/·×±]|\\(?:cdot|times|pm|div))\s*\Z")
_OPERATOR_IN_TEXT = re.compile(r"[\w)\]}$][^\S\n]*[-+−·×][^\S\n]*\Z")
_OPENS = re.compile(r"(?:\A|[-+−*/·×±=≈$]|\\(?:cdot|times|pm|div|approx))\s*\(\Z")
_RELATION = re.compile(r"(?<![<>!:=])(=|≈|\\approx)(?=\s*\Z)")
_SIDE_ENDS = re.compile(r"\s*(?:\Z|\$|=|≈|\\approx|[,.;:)!?&]|\\\\|\\q?quad|\\text)")
_TEX_BEFORE = re.compile(r"(\\[A-Za-z]+|[\^_\\])\Z")


def format_number(value: float, places: int | None = None) -> str:
    """Write one number: with ``places`` decimals, or the shortest form to six significant digits."""
    if places is not None:
        text = f"{value:.{places}f}"
        return text[1:] if text.startswith("-") and float(text) == 0 else text
    if value == int(value) and abs(value) < 1e9:
        return str(int(value))
    rounded = float(f"{value:.{SIGNIFICANT_DIGITS}g}")
    if 1e-6 <= abs(rounded) < 1e9:
        return np.format_float_positional(rounded, trim="-")
    mantissa, exponent = f"{rounded:.{SIGNIFICANT_DIGITS - 1}e}".split("e")
    return rf"{float(mantissa):g} \times 10^{{{exact.whole(exponent)}}}"


def format_value(value: Any, places: int | None = None, decimal: str = ".") -> str:
    """Write a number, a vector as (1, 2, 3), or a matrix as TeX, with the locale's decimal mark."""

    def written(number: Any) -> str:
        return format_number(float(number), places).replace(".", decimal)

    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return written(array)
    if array.ndim == 1:
        return "(" + ("; " if decimal == "," else ", ").join(map(written, array)) + ")"
    rows = (" & ".join(map(written, row)) for row in array)
    return r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}"


@lru_cache(maxsize=4000)
def placeholders(text: str) -> tuple[tuple[int, int, str, int | None], ...]:
    """Return (start, end, name, places) of each ``{name}`` or ``{name:3}`` in an author's text.

    ``{name:+}`` and ``{name:+3}`` write the value with its sign, as a term of a sum.
    Braces that belong to TeX are not ours: directly after a command, ``^``, ``_``, a backslash, or a group that
    is itself TeX. So ``\\mathbf{w}`` and ``\\frac{a}{b}`` stay, and ``\\cdot {lr}`` is filled.
    """
    found = []
    filled_ends: set[int] = set()
    for match in _PLACEHOLDER.finditer(text):
        start, end = match.span()
        after_group = start > 0 and text[start - 1] == "}" and start not in filled_ends
        if after_group or _TEX_BEFORE.search(text, max(0, start - 30), start):
            continue
        filled_ends.add(end)
        found.append((start, end, match[1], exact.whole(match[2]) if match[2] else None))
    return tuple(found)


def fill(text: str, values: Mapping[str, Any], places: Mapping[str, int | None], decimal: str = ".") -> str:
    """Return the text with each placeholder replaced by its value. Raises KeyError for an unknown name."""
    pieces, done = [], 0
    for start, end, name, asked in placeholders(text):
        shown = format_value(values[name], asked if asked is not None else places.get(name), decimal)
        pieces += [text[done:start], _signed(shown) if _asks_for_sign(text, start, end) else shown]
        done = end
    return "".join([*pieces, text[done:]])


def typeset(
    text: str, values: Mapping[str, Any], places: Mapping[str, int | None], decimal: str = "."
) -> str:
    """Return the text as ``fill`` does, set for people to read.

    A negative number after an operator or before a power stands in parentheses, and a positive one loses those that
    its author wrote for the negative case. ``=`` and ``≈`` before a value tell whether it is shown exactly. Outside
    formulas the minus is a minus sign.
    """
    pieces: list[str] = []
    done = 0
    for (start, end, name, asked), in_formula in zip(placeholders(text), _in_formula(text), strict=True):
        exactly = asked if asked is not None else places.get(name)
        shown = format_value(values[name], exactly, decimal)
        before, done = text[done:start], end
        if _asks_for_sign(text, start, end):
            shown = _signed(shown)
        elif np.ndim(values[name]) == 0:
            if (
                in_formula
                and not shown.startswith("-")
                and text[end : end + 1] == ")"
                and _OPENS.search(before)
            ):
                before, done = before[:-1], end + 1
            if shown.startswith("-") and _is_operand(text, start, end, in_formula=in_formula):
                shown = f"({shown})"
        if _SIDE_ENDS.match(text, done):
            before = _RELATION.sub(_relation(values[name], exactly, in_formula=in_formula), before)
        pieces += [before, shown if in_formula else shown.replace("-", MINUS)]
    return "".join([*pieces, text[done:]])


def is_exact(value: Any, places: int | None = None) -> bool:
    """Return whether a number, or every number of an array, is what ``format_value`` shows of it."""
    return all(
        abs(number - _shown(number, places)) <= EXACT * abs(number)
        for number in np.ravel(np.asarray(value, dtype=np.float64)).tolist()
    )


def _shown(number: float, places: int | None) -> float:
    if places is not None:
        return round(number, places)
    whole = number == int(number) and abs(number) < 1e9
    return number if whole else float(f"{number:.{SIGNIFICANT_DIGITS}g}")


def _relation(value: Any, places: int | None, *, in_formula: bool) -> Callable[[re.Match[str]], str]:
    written = "=" if is_exact(value, places) else r"\approx" if in_formula else "≈"
    return lambda _: written


def _is_operand(text: str, start: int, end: int, *, in_formula: bool) -> bool:
    """Return whether what stands there follows an operator or has a power, so that its sign needs parentheses."""
    before = text[max(0, start - 30) : start]
    if not in_formula:
        return bool(_OPERATOR_IN_TEXT.search(before))
    return bool(_OPERATOR.search(before)) or text.startswith("^", end)


def _asks_for_sign(text: str, start: int, end: int) -> bool:
    return ":+" in text[start:end]


def _signed(shown: str) -> str:
    return f"- {shown[1:]}" if shown.startswith("-") else f"+ {shown}"


@lru_cache(maxsize=4000)
def _in_formula(text: str) -> tuple[bool, ...]:
    """Return for each placeholder whether it stands between dollars."""
    spans = [match.span() for match in _FORMULA.finditer(text)]
    return tuple(
        any(opens < start and end < closes for opens, closes in spans)
        for start, end, _, _ in placeholders(text)
    )
