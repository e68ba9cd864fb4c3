"""What is said of numbers that are near the key: always true, and of the digits typed alone."""

from __future__ import annotations

import pytest

from content.items import near
from content.items.numbers import read_number

ROUNDED = "This is the right value rounded to"
FEWER = "This is the right value with fewer digits"
CUT = "The first digits are right"


@pytest.mark.parametrize(
    ("key", "typed", "said"),
    [
        (2.535, "2.5", f"{ROUNDED} 1 decimal place."),
        (2.536, "2.54", f"{ROUNDED} 2 decimal places."),
        (2.4, "2", f"{ROUNDED} a whole number."),
        (-1.704, "-1.7", f"{ROUNDED} 1 decimal place."),
        (9.97, "10.0", f"{ROUNDED} 1 decimal place."),
        (1234.0, "1200", FEWER),
        (0.00034567, "3.5e-4", FEWER),
        (2.56, "2.5", CUT),
        (-2.59, "-2.5", CUT),
        (0.29, "0.2", CUT),
    ],
)
def test_a_rounded_or_cut_value_is_told(key: float, typed: str, said: str) -> None:
    assert near.rounding(key, read_number(typed)).startswith(said)


@pytest.mark.parametrize(
    ("key", "typed"),
    [
        (2.535, "2.6"),
        (2.535, "-2.5"),
        (0.3, "0"),
        (0.0, "0.1"),
        (2.535, "25"),
        (1e200, "1"),
        (3.3, "1e300"),
    ],
)
def test_of_anything_else_nothing_is_said(key: float, typed: str) -> None:
    assert near.rounding(key, read_number(typed)) == ""


def test_of_a_fraction_nothing_is_said_as_it_has_no_digits() -> None:
    assert near.rounding(0.3333, read_number("1/3", fractions=True)) == ""


@pytest.mark.parametrize(
    ("key", "answer", "said"),
    [
        (1.7, -1.7, "The size is right, and the sign is not."),
        (1.7, 170.0, "The digits are right, and the decimal point is off by 2 places."),
        (1.7, 0.17, "The digits are right, and the decimal point is off by 1 place."),
        (1.7, 2.0, "It is too large."),
        (-1.7, -2.0, "It is too small."),
        (0.0, 0.5, "It is too large."),
        (0.0, -0.5, "It is too small."),
        (1e-9, 1.0, "It is too large."),
        (1.7, -17.0, "It is too small."),
    ],
)
def test_a_number_is_compared_with_the_key(key: float, answer: float, said: str) -> None:
    assert near.compared(key, answer) == said
