"""A table of how people write right and wrong answers: no right one is called wrong, no wrong one right."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

import pytest

from content.items.definition import ItemDefinition
from content.items.drawing import Variant, draw_variant
from content.items.grading import ItemVerdict, grade
from content.items.parsing.document import parse_definition
from tests.builders import exercise_document

KEYS = [-1.704, 0.66, 2 / 7, 1704.0, 12500.0, 0.0031, -0.5]
POLICIES = [{"name": "absolute", "tolerance": 0.0005}, {"name": "relative", "tolerance": 0.001}]


def spellings(key: float) -> list[str]:
    """Ways in which a value is written, each of them right."""
    plain = repr(key) if abs(key) >= 0.001 else f"{key:.5f}"
    size, sign = plain.lstrip("-"), "-" if key < 0 else ""
    mantissa, power = f"{key:.12e}".split("e")
    return [
        *[plain, f" {plain} ", f"{plain}0", f"+{plain}".replace("+-", "-")],
        *[f"−{size}" if sign else plain, f"–{size}" if sign else plain, f"- {size}" if sign else plain],
        *[
            f"{mantissa}e{power}",
            f"{mantissa}E{power}",
            f"{mantissa}×10^{int(power)}",
            f"{mantissa}*10**({int(power)})",
        ],
        *[
            f"{mantissa} · 10^{int(power)}",
            f"={plain}",
            f"= {plain}",
            f"w = {plain}",
            f"w={plain}",
            f"≈ {plain}",
        ],
        *[
            f"w ≈ {plain}",
            f"({plain})",
            f"${plain}$",
            f"$w = {plain}$",
            rf"\({plain}\)",
            f"{plain}/1",
            f"{plain} / 1",
        ],
        *[f"{size.removeprefix('0')}" if size.startswith("0.") and not sign else plain, f"{sign}00{size}"],
        *[f"{int(key):,}".replace(",", " ")] * (key.is_integer() and abs(key) >= 1000),
        *[f"{int(key):,}.0"] * (key.is_integer() and abs(key) >= 1000),
    ]


def deformed(key: float) -> list[str]:
    """Answers that are wrong, and some that look like the right one."""
    plain, other = repr(key), repr(2 * abs(key) + 1)
    return [
        *[
            repr(key * 1.01 + 0.01),
            repr(-key),
            repr(key * 10),
            repr(key * 1000),
            other,
            f"w = {other}",
        ],
        *[
            f"({-key!r})",
            f"1/{plain}",
            f"1/w = {plain}",
            f"{plain}/2",
            f"2*{plain}",
            f"{plain} %",
            f"{plain}e3",
            "0",
        ],
        *[
            f"{plain} or {other}",
            f"not {plain}",
            f"{plain}.{plain}",
            f"-w = {plain}",
            f"{plain}^2",
            f"{plain}-1",
        ],
    ]


@cache
def item(kind: str, key: str, policy: str) -> ItemDefinition:
    interaction = {"kind": kind, "key": key, "credit": "each", "policy": json.loads(policy)}
    document = exercise_document(
        body="Given ${x}$: [[a]]",
        steps={},
        check={},
        misconceptions={},
        solution="",
        interactions={"a": interaction},
    )
    return parse_definition(document)


def graded(key: float, policy: dict[str, Any], answer: Any) -> ItemVerdict:
    definition = item("numeric", "x", json.dumps(policy))
    drawn = draw_variant(definition, 1)
    record = {**drawn.interactions["a"], "key": key}
    return grade(definition, Variant(drawn.seed, drawn.values, {"a": record}), {"a": answer})


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy["name"])
@pytest.mark.parametrize("key", KEYS)
def test_no_spelling_of_a_right_answer_is_wrong(key: float, policy: dict[str, Any]) -> None:
    refused = [text for text in spellings(key) if not graded(key, policy, text).correct]
    assert refused == []


@pytest.mark.parametrize("policy", POLICIES, ids=lambda policy: policy["name"])
@pytest.mark.parametrize("key", KEYS)
def test_no_wrong_answer_is_right_however_it_is_written(key: float, policy: dict[str, Any]) -> None:
    passed = [text for text in deformed(key) if graded(key, policy, text).correct]
    assert passed == []


@pytest.mark.parametrize("key", [-1.704, 0.66, 12.5, 999.125])
def test_a_decimal_comma_never_costs_a_try(key: float) -> None:
    for places in (1, 2, 3, 4):
        verdict = graded(key, POLICIES[0], f"{key:.{places}f}".replace(".", ","))
        assert not verdict.valid
        assert verdict.message


@pytest.mark.parametrize("answer", ["1/3", "-2/7", "2/-7", "(1)/(3)", "1 / 3", "= 1/3", "w = -2/7", "−2/7"])
def test_exact_fractions_are_as_good_as_their_decimals(answer: str) -> None:
    key = 1 / 3 if "3" in answer else -2 / 7
    assert all(graded(key, policy, answer).correct for policy in POLICIES)


def test_fractions_are_read_in_vectors_and_matrices() -> None:
    for kind, key, answer in (
        ("numeric", "[1/3, x]", ["1/3", "0"]),
        ("matrix", "[[1/3, x], [2, 2]]", [["1/3", "0"], ["4/2", "2"]]),
    ):
        definition = item(kind, key, json.dumps(POLICIES[1]))
        verdict = grade(definition, draw_variant(definition, 1), {"a": answer})
        assert verdict.valid
        assert verdict.score == pytest.approx(0.5 if kind == "numeric" else 0.75)


@pytest.mark.parametrize(
    "name", [{"name": "significant_figures", "digits": 3}, {"name": "decimal_places", "places": 3}]
)
def test_where_digits_are_demanded_a_fraction_is_unreadable(name: dict[str, Any]) -> None:
    verdict = graded(1 / 3, name, "1/3")
    assert not verdict.valid
    assert "not a fraction" in verdict.message
