"""Answers that are near the key: what can truly be said of one number beside another.

Nothing here decides what is right: policies do.
"""

from __future__ import annotations

import math
from typing import Final

from content.items.numbers import Number

SAME: Final = 1e-9
"""Relative difference up to which two numbers are the same one."""
MOST_DIGITS: Final = 15
"""A float holds no more."""
LARGEST: Final = 1e100
"""Beyond this nobody speaks of digits."""
FURTHEST: Final = 6
"""By so many places at most a decimal point is thought to have slipped."""


def rounding(key: float, typed: Number) -> str:
    """Return that an answer is the key with fewer digits, rounded or cut off; nothing where it is not.

    It tells how many digits the answer has, which its learner knows, and nothing of what would be enough.
    """
    if typed.decimals is None or typed.decimals > MOST_DIGITS or not _comparable(key, typed.value):
        return ""
    if same(round(key, typed.decimals), typed.value):
        return f"This is the right value rounded to {_places(typed.decimals)}. Give more digits."
    figures = range(typed.figures_low or 1, min(typed.figures_high or 0, MOST_DIGITS) + 1)
    if any(same(float(f"{key:.{count - 1}e}"), typed.value) for count in figures):
        return "This is the right value with fewer digits than are needed. Give more of them."
    if same(_cut(key, typed.decimals), typed.value):
        return "The first digits are right, and then it is cut off. Round it, and give more digits."
    return ""


def compared(key: float, answer: float) -> str:
    """Return how a wrong number differs from the key. It tells the key: for whoever may know it."""
    if key and same(answer, -key):
        return "The size is right, and the sign is not."
    if _comparable(key, answer) and (places := _slipped(key, answer)):
        return f"The digits are right, and the decimal point is off by {_count(abs(places), 'place')}."
    return f"It is too {'large' if answer > key else 'small'}."


def _comparable(key: float, answer: float) -> bool:
    """Whether both are numbers of one sign, neither of them 0 nor beyond all digits."""
    return 0 < abs(key) < LARGEST and 0 < abs(answer) < LARGEST and (key > 0) == (answer > 0)


def same(one: float, other: float) -> bool:
    return math.isclose(one, other, rel_tol=SAME)


def _slipped(key: float, answer: float) -> int | None:
    """Return by how many places the decimal point of an answer has moved; None where the digits differ."""
    ratio = math.log10(abs(answer)) - math.log10(abs(key))
    places = round(ratio)
    return places if 0 < abs(places) <= FURTHEST and abs(ratio - places) < SAME else None


def _cut(value: float, decimals: int) -> float:
    unit = 10.0**decimals
    # A float can miss the decimal that it was written as: 0.29 · 100 is 28.999999999999996.
    return math.trunc(value * unit * (1 + SAME)) / unit


def _places(decimals: int) -> str:
    return _count(decimals, "decimal place") if decimals else "a whole number"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
