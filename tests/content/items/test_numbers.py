"""Numbers as people type them, locale by locale."""

from __future__ import annotations

import pytest

from content.items.numbers import LONGEST, UnreadableNumber, read_number


@pytest.mark.parametrize(
    ("locale", "typed", "value"),
    [
        ("en", "3.14", 3.14),
        ("en", " -2 ", -2),
        ("en", "+2", 2),
        ("en", "- 2", -2),
        ("en", "−2.5", -2.5),
        ("en", "–2.5", -2.5),
        ("en", ".5", 0.5),
        ("en", "5.", 5),
        ("en", "007", 7),
        ("en", "1,234,567", 1234567),
        ("en", "1 234", 1234),
        ("en", "1,234,567.8", 1234567.8),
        ("en", "1 234.5", 1234.5),
        ("en", "1\u202f234\u00a0567", 1234567),
        ("en", "3.141 592 65", 3.14159265),
        ("en-GB", "1,234.5", 1234.5),
        ("tlh", "1,234.5", 1234.5),
        ("de", "1,5", 1.5),
        ("de", "1.234,5", 1234.5),
        ("de", "1.234.567", 1234567),
        ("de-AT", "1 234,5", 1234.5),
        ("fr", "1 234,5", 1234.5),
        ("fr_FR", "0,001", 0.001),
        ("ch", "1'234.5", 1234.5),
        ("de-CH", "1’234.5", 1234.5),
        ("in", "12,34,567.8", 1234567.8),
        ("en-IN", "1,00,000", 100000),
    ],
)
def test_digits_are_read_by_the_rules_of_the_locale(locale: str, typed: str, value: float) -> None:
    assert read_number(typed, locale=locale).value == value


@pytest.mark.parametrize(
    ("typed", "value"),
    [
        ("1e3", 1000),
        ("1.5E-3", 0.0015),
        ("2 e 3", 2000),
        ("3x10^8", 3e8),
        ("3×10^8", 3e8),
        ("3 · 10^8", 3e8),
        ("3*10**-2", 0.03),
        ("3*10^(-2)", 0.03),
        ("3×10⁻²", 0.03),
        ("10^-3", 0.001),
        ("-10⁶", -1e6),
        ("1,234.0e2", 123400),
    ],
)
def test_powers_of_ten_may_be_written_in_the_usual_ways(typed: str, value: float) -> None:
    assert read_number(typed).value == value


@pytest.mark.parametrize(
    ("locale", "typed", "advice"),
    [
        ("en", "1,5", "“.”"),
        ("en", "1.234,5", "“.”"),
        ("en", "12,34,567", "“.”"),
        ("en", "1'000", "“.”"),
        ("en", "0,123", "“.”"),
        ("de", "1.5", "“,”"),
        ("de", "0.500", "“,”"),
        ("de", "1.234", "Write 1,234 or 1234:"),
        ("de", "-1.234e3", "Write -1,234 or -1234:"),
        ("en", "1,704", "Write 1.704 or 1704:"),
        ("en", "- 1,704", "Write -1.704 or -1704:"),
        ("en", "12,500", "Write 12.500 or 12500:"),
        ("en", "1,234e2", "Write 1.234 or 1234:"),
        ("en-IN", "1,704", "Write 1.704 or 1704:"),
        ("fr", "1.5", "“,”"),
        ("in", "1,234,567", "“.”"),
        ("en", "1 1/2", "not a fraction"),
        ("en", "1 2", "without spaces"),
        ("en", "1 234,567", "one kind of mark"),
    ],
)
def test_what_can_be_read_in_two_ways_is_refused_with_advice(locale: str, typed: str, advice: str) -> None:
    with pytest.raises(UnreadableNumber, match=advice):
        read_number(typed, locale=locale)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "x",
        "e5",
        "1e",
        "--5",
        "5-",
        "1_000",
        "0x1F",
        "1.2.3",
        ".",
        ",",
        "-",
        "1e1.5",
        "2^3",
        "5 m",
        "½",
        "1²",
    ],
)
def test_what_is_no_number_is_refused(typed: str) -> None:
    with pytest.raises(UnreadableNumber):
        read_number(typed)


@pytest.mark.parametrize("typed", ["nan", "NaN", "inf", "-Infinity", "∞"])
def test_what_is_not_finite_is_refused_by_name(typed: str) -> None:
    with pytest.raises(UnreadableNumber, match="Infinity and undefined"):
        read_number(typed)


@pytest.mark.parametrize("typed", ["٣", "१२", "３", "1२"])
def test_digits_of_other_scripts_are_refused_by_name(typed: str) -> None:
    with pytest.raises(UnreadableNumber, match="digits 0 to 9"):
        read_number(typed)


@pytest.mark.parametrize(
    ("typed", "advice"), [("1e400", "too large"), ("-1e999999999", "too large"), ("1e-400", "too close to 0")]
)
def test_what_a_float_cannot_hold_is_refused(typed: str, advice: str) -> None:
    with pytest.raises(UnreadableNumber, match=advice):
        read_number(typed)


def test_a_text_over_the_limit_is_refused_unread() -> None:
    class Unread(str):
        def translate(self, *_: object) -> str:
            raise AssertionError("the text was read")

    with pytest.raises(UnreadableNumber, match="too long"):
        read_number(Unread("1" * (LONGEST + 1)))


def test_a_text_at_the_limit_is_read() -> None:
    assert read_number("0" * (LONGEST - 1) + "7").value == 7


def test_fractions_are_read_only_where_allowed() -> None:
    assert read_number("3/4", fractions=True).value == 0.75
    assert read_number("-1,5 / 2", locale="de", fractions=True).value == -0.75
    with pytest.raises(UnreadableNumber, match="not a fraction"):
        read_number("3/4")


@pytest.mark.parametrize("typed", ["1/0", "1/2/3", "/2", "1/", "1e308/1e-308"])
def test_a_fraction_must_have_a_value(typed: str) -> None:
    with pytest.raises(UnreadableNumber):
        read_number(typed, fractions=True)


def test_percentages_are_read_only_where_allowed() -> None:
    number = read_number("12.5 %", percent=True)
    assert (number.value, number.decimals) == (0.125, 3)
    with pytest.raises(UnreadableNumber, match="percent sign"):
        read_number("12.5%")


@pytest.mark.parametrize(
    ("typed", "decimals", "low", "high"),
    [
        ("3.14", 2, 3, 3),
        ("0.0150", 4, 3, 3),
        ("1200", 0, 2, 4),
        ("1200.", 0, 4, 4),
        ("1 200", 0, 2, 4),
        ("100.0", 1, 4, 4),
        ("0", 0, 1, 1),
        ("0.00", 2, 2, 2),
        ("-0.5e3", 1, 1, 1),
        ("10^3", 0, 1, 1),
    ],
)
def test_the_digits_typed_are_counted(typed: str, decimals: int, low: int, high: int) -> None:
    number = read_number(typed)
    assert (number.decimals, number.figures_low, number.figures_high) == (decimals, low, high)


def test_numbers_of_json_are_taken_as_they_are() -> None:
    assert read_number(5).value == 5.0
    assert read_number(0.25).decimals == 2
    assert read_number(1e-7).figures_high == 1
    assert read_number(2.5e20).figures_low == 2


@pytest.mark.parametrize("given", [True, None, [1], {"a": 1}, float("nan"), float("inf"), 10**400])
def test_other_values_of_json_are_refused(given: object) -> None:
    with pytest.raises(UnreadableNumber):
        read_number(given)


def test_a_number_already_read_passes_through() -> None:
    number = read_number("2.50")
    assert read_number(number, locale="de") is number


@pytest.mark.parametrize(
    "typed",
    ["= 0.66", "=0.66", "w = 0.66", "w=0.66", "w_new := 0.66", "λ ≈ 0.66", "≈0.66", "(0.66)", "( 0.66 )", "$0.66$",
     r"\(0.66\)", "$w = 0.66$", "w = (0.66)", "w' = 0.66"],
)  # fmt: skip
def test_what_stands_round_a_number_without_changing_it_is_taken_off(typed: str) -> None:
    assert read_number(typed).value == 0.66


@pytest.mark.parametrize(
    ("typed", "advice"),
    [
        ("0.66 steps", "alone, without “steps”"),
        ("about 0.66", "alone, without “about”"),
        ("$0.66", "alone, without “\\$”"),
        ("~0.66", "alone, without “~”"),
        ("0.66+0", "Work it out"),
        ("-0.3-0.1*(0.5)", "Work it out"),
        ("2*0.33", "Work it out"),
        ("-(0.66)", "Work it out"),
        ("sqrt(2)", "Work it out"),
        ("1,704 steps", "alone, without “steps”"),
        ("1 = 0.66", "without an equation"),
        ("1/w = 0.66", "without an equation"),
        ("0.66 0.67", "without spaces"),
        ("0.66; 0.67", "alone, without “;”"),
        ("w", "Write a number, for example"),
    ],
)
def test_a_refusal_says_what_is_really_wrong(typed: str, advice: str) -> None:
    with pytest.raises(UnreadableNumber, match=advice):
        read_number(typed, fractions=True)
