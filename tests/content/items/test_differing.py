"""What is told of a wrong formula is true of it."""

from __future__ import annotations

import re

import numpy as np
import pytest

from content.items.equivalence import ELEMENTARY, Grammar, difference, read
from content.items.equivalence.probing import measure

GRAMMAR = Grammar(
    {"w": (-3.0, 3.0), "g": (-2.0, 2.0), "lr": (0.01, 0.5), "lam": (0.1, 3.0)}, ELEMENTARY, {"λ": "lam"}
)
KEY = "w*(1 - 2*lr*lam) - lr*g"
EXAMPLE = re.compile(r"For (?P<where>.+) it is (?P<answer>\S+), and the formula asked for is (?P<key>\S+)\.")


def told(answer: str, key: str = KEY, grammar: Grammar = GRAMMAR) -> str:
    return difference(read(key, grammar), read(answer, grammar), grammar)


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (f"2({KEY})", "It is everywhere 2 times the formula asked for."),
        (f"-3({KEY})", "It is everywhere −3 times the formula asked for."),
        (f"({KEY})/2", "It is everywhere half the formula asked for."),
        (f"({KEY})/3", "It is everywhere 1/3 of the formula asked for."),
        (f"-7 ({KEY})/12", "It is everywhere −7/12 of the formula asked for."),
        (f"2.7182 ({KEY})", "It is everywhere about 2.718 times the formula asked for."),
        (f"({KEY})/300000", "It is everywhere about 3.333·10^−6 times the formula asked for."),
        (f"-({KEY})", "It has everywhere the opposite sign of the formula asked for."),
        (f"{KEY} + 1", "It is everywhere 1 more than the formula asked for."),
        (f"{KEY} - 1/4", "It is everywhere 0.25 less than the formula asked for."),
        ("0", "It is 0 everywhere, and the formula asked for is not."),
        (
            "w*(1 - 2.0000001*lr*lam) - lr*g",
            "It comes very close to the formula asked for, and is not the same.",
        ),
    ],
)
def test_a_factor_and_a_term_are_told(answer: str, words: str) -> None:
    assert told(answer) == words


@pytest.mark.parametrize("answer", ["1/(w - w + 0*g)", "sqrt(-1 - w^2)", KEY, f"({KEY}) * lr/lr"])
def test_nothing_is_told_where_nothing_differs_or_there_is_no_value(answer: str) -> None:
    assert not told(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "w*(1 - lr*lam) - lr*g",
        "w - lr*g",
        "w*(1 - 2*lr*λ)",
        "w",
        "1e30 w",
        "exp(w) - lam",
        "1/(lr - lam)",
        "w^2/g",
    ],
)
def test_an_example_holds_of_both_formulas(answer: str) -> None:
    match = EXAMPLE.fullmatch(told(answer))
    assert match
    pairs = [pair.split(" = ") for pair in match["where"].split(", ")]
    place = {name: np.array([number(value)]) for name, value in pairs}
    assert set(place) == set(GRAMMAR.variables)
    for name, value in place.items():
        low, high = GRAMMAR.variables[name]
        assert low <= value[0] <= high
    for formula, shown in ((answer, match["answer"]), (KEY, match["key"])):
        assert measure(read(formula, GRAMMAR).tree, place).values[0] == pytest.approx(number(shown), rel=1e-3)
    assert match["answer"] != match["key"]


def number(shown: str) -> float:
    return float(shown.replace("−", "-").replace("·10^", "e"))


def test_a_domain_without_short_numbers_is_not_left() -> None:
    narrow = Grammar({"x": (0.12341, 0.12349)}, ELEMENTARY)
    assert told("x^3", "x^2", narrow).startswith("For x = 0.1234 it is")


def test_a_key_that_is_0_everywhere_has_no_factor() -> None:
    assert told("5", "w - w") == "It is everywhere 5 more than the formula asked for."
    match = EXAMPLE.fullmatch(told("w + 1", "w - w"))
    assert match
    assert match["key"] == "0"
