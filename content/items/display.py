"""How values are written for people: in bodies, hints and solutions."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache
from typing import Any

import numpy as np

SIGNIFICANT_DIGITS = 6
"""Of a computed value whose author asked for nothing else."""

Formatter = Callable[[Any], str]

_PLACEHOLDER = re.compile(r"\{([A-Za-z][A-Za-z0-9_]*)(?::([0-9]{1,2}))?\}")
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
    return rf"{float(mantissa):g} \times 10^{{{int(exponent)}}}"


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
        found.append((start, end, match[1], int(match[2]) if match[2] else None))
    return tuple(found)


def fill(text: str, values: Mapping[str, Any], places: Mapping[str, int | None], decimal: str = ".") -> str:
    """Return the text with each placeholder replaced by its value. Raises KeyError for an unknown name."""
    pieces, done = [], 0
    for start, end, name, asked in placeholders(text):
        shown = format_value(values[name], asked if asked is not None else places.get(name), decimal)
        pieces += [text[done:start], shown]
        done = end
    return "".join([*pieces, text[done:]])
