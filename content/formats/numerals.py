"""Numbers as the files of other systems write them."""

from __future__ import annotations

import re
from typing import Final

from content.expressions import exact
from content.formats.foreign import NotHere

_NUMBER: Final = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]{1,3})?", re.ASCII)
LONGEST: Final = 60


def is_number(text: str) -> bool:
    return len(text) <= LONGEST and bool(_NUMBER.fullmatch(text)) and abs(float(text)) < 1e300


def numeral(text: str) -> str:
    """Return a number as it is written in expressions. Raises NotHere where it is none."""
    plain = text.strip().replace(" ", "").replace("\N{MINUS SIGN}", "-").lstrip("+")
    if plain.count(",") == 1 and "." not in plain:
        plain = plain.replace(",", ".")
    if not is_number(plain):
        raise NotHere(f"“{text[:LONGEST]}” is no number")
    return plain


def value(text: str, default: float) -> float:
    """Return the value of a number, or the default where there is none."""
    return float(numeral(text)) if text.strip() else default


def fraction(text: str) -> float:
    """Return a share that is written in percent."""
    return round(value(text, 0.0) / 100, 9)


def whole(text: str) -> int | None:
    """Return a whole number of at most nine digits, None where the text is none."""
    return exact.whole(text) if re.fullmatch(r"[0-9]{1,9}", text.strip(), re.ASCII) else None
