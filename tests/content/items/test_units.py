"""Quantities as people type them, and what they come to in another unit."""

from __future__ import annotations

import pytest

from content.items.numbers import UnreadableNumber
from content.items.units import parse_unit, read_quantity


@pytest.mark.parametrize(
    ("typed", "asked", "value"),
    [
        ("5 m", "m", 5),
        ("5m", "m", 5),
        ("314 cm", "m", 3.14),
        ("-0.5 km", "m", -500),
        ("1.5e3 mm", "m", 1.5),
        ("3×10^8 m/s", "m/s", 3e8),
        ("3·10⁸ m·s⁻¹", "m/s", 3e8),
        ("10^3 g", "kg", 1),
        ("36 km/h", "m/s", 10),
        ("1 kg m^2 s^-2", "J", 1),
        ("4.184 J/(g K)", "J/(kg*K)", 4184),
        ("1 kWh", "MJ", 3.6),
        ("20 µs", "s", 2e-5),
        ("20 us", "µs", 20),
        ("20 \u03bcs", "us", 20),
        ("5 kΩ", "ohm", 5000),
        ("5 k\u2126", "\u03a9", 5000),
        ("2 min", "s", 120),
        ("50 Hz", "1/s", 50),
        ("1 kB", "bit", 8000),
        ("1,234.5 mL", "L", 1.2345),
        ("25 %", "%", 25),
        ("25 °C", "°C", 25),
    ],
)
def test_a_unit_of_the_same_kind_is_converted(typed: str, asked: str, value: float) -> None:
    quantity = read_quantity(typed, unit=asked)
    assert quantity.is_right
    assert quantity.number.value == value


def test_the_locale_of_the_number_holds_before_a_unit() -> None:
    assert read_quantity("1,5 km", unit="m", locale="de").number.value == 1500
    with pytest.raises(UnreadableNumber):
        read_quantity("1,5 km", unit="m")


@pytest.mark.parametrize(("typed", "unit"), [("5", ""), ("5 kg", "kg"), ("5 °C", "°C")])
def test_a_missing_or_unfit_unit_leaves_the_number_as_typed(typed: str, unit: str) -> None:
    quantity = read_quantity(typed, unit="m")
    assert (quantity.number.value, quantity.unit, quantity.is_right) == (5, unit, False)


@pytest.mark.parametrize(
    "typed",
    ["5 frogs", "5 KB", "5 m/", "5 J/kg*K", "5 m^", "5 m^999", "5 (m)", "m", "five m", "5 m 3"],
)
def test_what_is_no_quantity_is_refused(typed: str) -> None:
    with pytest.raises(UnreadableNumber):
        read_quantity(typed, unit="m")


def test_fractions_may_carry_a_unit_where_allowed() -> None:
    assert read_quantity("3/4 m", unit="cm", fractions=True).number.value == 75
    with pytest.raises(UnreadableNumber, match="not a fraction"):
        read_quantity("3/4 m", unit="cm")


def test_decimal_places_are_lost_in_conversion_and_figures_are_not() -> None:
    number = read_quantity("314.0 cm", unit="m").number
    assert (number.decimals, number.figures_low) == (None, 4)
    assert read_quantity("3.140 m", unit="m").number.decimals == 3


def test_a_number_of_json_has_no_unit() -> None:
    assert not read_quantity(5, unit="m").is_right


@pytest.mark.parametrize(
    ("one", "other"), [("N", "kg m/s^2"), ("W", "J/s"), ("V", "W/A"), ("Pa", "N/m²"), ("C", "A s")]
)
def test_derived_units_are_what_they_are_derived_from(one: str, other: str) -> None:
    assert parse_unit(one) == parse_unit(other)
