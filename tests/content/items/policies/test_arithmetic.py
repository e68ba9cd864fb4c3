"""The arithmetic that some peers let learners type."""

from __future__ import annotations

import math

import pytest

from content.items.policies.peers.arithmetic import (
    LONGEST,
    UndefinedArithmetic,
    UnreadableArithmetic,
    evaluate,
)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("1+2*3", 7),
        (" 1 - 2 - 3 ", -4),
        ("8/4/2", 1),
        ("2^3^2", 512),
        ("-2^2", -4),
        ("2^-1", 0.5),
        ("2*-3", -6),
        ("--5", 5),
        ("(1+2)*3", 9),
        (".5+5.", 5.5),
        ("1.5e-3", 0.0015),
        ("2.5%", 0.025),
        ("2||2", 1),
        ("PI", math.pi),
        ("sqrt(16)", 4),
        ("ln(e)", 1),
        ("log10(1000)", 3),
        ("fact(5)", 120),
        ("abs(-3)", 3),
        ("arccot(-1)", -math.pi / 4),
        ("sec(0)", 1),
    ],
)
def test_an_expression_has_the_usual_value(text: str, value: float) -> None:
    assert evaluate(text) == pytest.approx(value, rel=1e-15)


def test_whole_numbers_stay_exact() -> None:
    assert evaluate("3^40-1") == 3**40 - 1


def test_a_root_of_a_negative_number_is_imaginary() -> None:
    assert evaluate("sqrt(-4)") == 2j
    assert evaluate("i*i") == -1


def test_a_blank_text_is_not_a_number() -> None:
    assert math.isnan(float(evaluate("  ").real))


@pytest.mark.parametrize(
    "text",
    [
        "1,5",
        "1 000",
        "10**2",
        "2(3)",
        "1+",
        "*2",
        "2*-pi",
        "(1",
        "1)",
        "()",
        "1..2",
        "٣",
        "a.b",
        "x[0]",
        "'a'",
        "1;2",
        "f(1,2)",
    ],
)
def test_what_is_not_arithmetic_is_unreadable(text: str) -> None:
    with pytest.raises(UnreadableArithmetic):
        evaluate(text)


@pytest.mark.parametrize(
    "text", ["x", "f(1)", "1/0", "0^-1", "fact(-1)", "fact(2.5)", "ln(0)", "10^400", "2.0^2000"]
)
def test_arithmetic_without_a_value_is_told_apart(text: str) -> None:
    with pytest.raises(UndefinedArithmetic):
        evaluate(text)


@pytest.mark.parametrize(
    "text",
    [
        "9^9^9^9",
        "fact(10^7)",
        "(" * 400 + "1" + ")" * 90,
        "1+" * 10_000,
        "-" * 100_000,
        "2^(9^9)*0",
        "9" * 400,
    ],
)
def test_no_expression_can_keep_the_grader_busy(text: str) -> None:
    with pytest.raises(UnreadableArithmetic):
        evaluate(text)


def test_long_texts_are_refused_unread() -> None:
    with pytest.raises(UnreadableArithmetic, match=f"at most {LONGEST}"):
        evaluate("1" * (LONGEST + 1))


def test_names_can_be_taken_away() -> None:
    with pytest.raises(UndefinedArithmetic):
        evaluate("pi", {})
    with pytest.raises(UndefinedArithmetic):
        evaluate("sqrt(4)", functions=False)
