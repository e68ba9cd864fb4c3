"""Values and answers in a line of plain text, for tables."""

from __future__ import annotations

import re
from html import unescape
from typing import Any, Final

import numpy as np

from content.items.display import MINUS, format_number
from content.items.interactions.shown import Shown
from content.items.markup import with_sources

LONGEST: Final = 80
"""Characters of a cell: what is longer is cut, and whole where its variant is opened."""
FIRST: Final = 12
"""Numbers of a vector that a cell has room for."""
LARGEST_PLAIN: Final = 1e9

_TAG: Final = re.compile(r"<[^>]*>")


def plain(value: Any, places: int | None = None, decimal: str = ".") -> str:
    """Write a value as it is displayed, in one line: a matrix by its rows, powers of ten as 1.2e-9."""
    array = np.asarray(value, dtype=np.float64)
    apart = "; " if decimal == "," else ", "
    if array.ndim == 0:
        return _number(float(array), places).replace(".", decimal)
    if array.ndim == 1:
        return f"({apart.join(plain(one, places, decimal) for one in array)})"
    return f"[{apart.join(plain(row, places, decimal) for row in array)}]"


def brief(value: Any, places: int | None = None, decimal: str = ".") -> str:
    """Write a value for a cell: of a long vector or a large matrix the beginning."""
    array = np.asarray(value, dtype=np.float64)
    if array.size > FIRST:
        array = array[:FIRST] if array.ndim == 1 else array[:2, :FIRST]
        return cut(plain(array, places, decimal)).rstrip(")]…") + " …"
    return cut(plain(array, places, decimal))


def _number(value: float, places: int | None) -> str:
    if not np.isfinite(value):
        return "undefined" if np.isnan(value) else f"{MINUS if value < 0 else ''}infinite"
    if value != 0 and not 1e-6 <= abs(value) < LARGEST_PLAIN and places is None:
        return f"{value:.6g}".replace("-", MINUS)
    return format_number(value, places).replace("-", MINUS)


def order(value: Any) -> float | None:
    """Return the number by which a value is sorted: its first one; None where that is no number."""
    flat = np.ravel(np.asarray(value, dtype=np.float64))
    return float(flat[0]) if len(flat) and np.isfinite(flat[0]) else None


def text_of(html: str) -> str:
    """Return what stands in our own HTML as text, formulas as their TeX."""
    return unescape(_TAG.sub("", with_sources(html))).strip()


def cut(text: str) -> str:
    one_line = " ".join(text.split())
    return one_line if len(one_line) <= LONGEST else f"{one_line[: LONGEST - 1]}…"


def answer(given: Any, shown: Shown) -> str:
    """Write an answer as its learner would give it: numbers as typed, options by their texts."""
    texts = {option.id: text_of(option.html) for option in shown.form.options}
    if isinstance(given, dict):
        lefts = [text_of(row.lead) for row in getattr(shown.form, "rows", ())]
        pairs = zip(lefts or given, given.values(), strict=False)
        return "; ".join(f"{left} → {texts.get(right, right)}" for left, right in pairs)
    if isinstance(given, list):
        return f"({', '.join(answer(one, shown) for one in given)})" if not texts else _joined(given, texts)
    return texts.get(given, str(given))


def _joined(given: list[Any], texts: dict[str, str]) -> str:
    return ", ".join(texts.get(one, str(one)) for one in given) or "nothing"


def offered(shown: Shown) -> str:
    """Write what can be chosen, in the order of this variant; nothing where something is typed."""
    return " | ".join(text_of(option.html) for option in shown.form.options)
