"""The formulas that the library asks for, against slopes and sums worked out without any formula."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest

from content.expressions import parse
from content.items.drawing import variant_of
from content.items.grading import grade
from content.items.interactions.expression import ExpressionEntry
from tests.content.library.shelf import definitions, draws, parameters, served

POINTS = 50
STEP = 1e-5

Numbers = dict[str, float]


def slope(function: Callable[[float], float], at: float) -> float:
    """Return the derivative by a central difference."""
    return (function(at + STEP) - function(at - STEP)) / (2 * STEP)


def lowest(function: Callable[[float], float]) -> float:
    """Return where a parabola is lowest, from three of its points."""
    left, middle, right = function(-1.0), function(0.0), function(1.0)
    return (left - right) / (2 * (left - 2 * middle + right))


def step(v: Numbers) -> float:
    def loss(w: float) -> float:
        return v["g"] * w + v["lam"] * w**2

    return v["w"] - v["lr"] * slope(loss, v["w"])


def dropout_variance(v: Numbers) -> float:
    values, chances = np.array([0, v["a"] / (1 - v["p"])]), np.array([v["p"], 1 - v["p"]])
    return float(chances @ values**2 - (chances @ values) ** 2)


def many_steps(v: Numbers) -> float:
    weight = v["w"]
    for _ in range(round(v["n"])):
        weight -= v["lr"] * slope(lambda w: v["lam"] * w**2, weight)
    return weight


FORMULAS: dict[str, Callable[[Numbers], float]] = {
    "slope-of-the-l2-penalty": lambda v: slope(lambda w: v["lam"] * w**2, v["w"]),
    "the-l2-step-as-a-formula": step,
    "many-steps-as-a-formula": many_steps,
    "ridge-as-a-formula": lambda v: lowest(lambda w: v["c"] * (w - v["b"]) ** 2 + v["lam"] * w**2),
    "the-share-as-a-formula": lambda v: 1 - v["l2"] / (v["l1"] + v["l2"]),
    "the-noise-as-a-formula": dropout_variance,
}


def entry(slug: str) -> ExpressionEntry:
    interaction = definitions()[slug].interactions["a"]
    assert isinstance(interaction, ExpressionEntry)
    return interaction


@pytest.mark.parametrize("slug", sorted(FORMULAS))
def test_the_formula_of_the_key_gives_what_the_definition_gives(slug: str) -> None:
    asked, dice = entry(slug), np.random.default_rng(7)
    for _ in range(POINTS):
        at = {name: float(dice.uniform(*domain)) for name, domain in asked.grammar.variables.items()}
        at |= {"n": float(round(at["n"]))} if "n" in at else {}
        assert parse(asked.key).evaluate_one(at) == pytest.approx(FORMULAS[slug](at), rel=1e-6, abs=1e-6)


OBJECTIVES: dict[str, Callable[[dict[str, Any], float], float]] = {
    "the-slope-of-your-objective": lambda p, w: p["c"] * (w - p["b"]) ** 2 + p["lam"] * w**2,
    "the-slope-from-two-samples": lambda p, w: (
        sum((y - x * w) ** 2 for x, y in zip(p["x"], p["y"], strict=True)) / 2 + p["lam"] * w**2
    ),
}


@pytest.mark.parametrize("slug", sorted(OBJECTIVES))
def test_the_formula_asked_for_with_numbers_is_the_slope_of_the_objective_shown(slug: str) -> None:
    for index in list(served(slug))[:POINTS]:
        p = parameters(slug, index)
        key = variant_of(definitions()[slug], draws(slug), index).interactions["a"]["key"]
        for w in (-2.0, 0.3, 4.0):
            by_hand = slope(partial(OBJECTIVES[slug], p), w)
            assert parse(key).evaluate_one({"w": w}) == pytest.approx(by_hand, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("slug", [*sorted(FORMULAS), *sorted(OBJECTIVES)])
def test_each_mistaken_formula_is_wrong_and_called_by_its_name(slug: str) -> None:
    definition = definitions()[slug]
    for index in list(served(slug))[:5]:
        variant = variant_of(definition, draws(slug), index)
        for mistake, formula in zip(
            entry(slug).recognized, variant.interactions["a"]["recognise"], strict=True
        ):
            verdict = grade(definition, variant, {"a": formula}).interactions["a"]
            assert not verdict.correct
            assert (verdict.misconception, verdict.feedback) == (mistake.misconception, mistake.feedback)


@pytest.mark.parametrize(
    ("slug", "answer"),
    [
        ("the-l2-step-as-a-formula", "w - lr*(g + 2*λ*w)"),
        ("slope-of-the-l2-penalty", "w*lambda + lam*w"),
        ("ridge-as-a-formula", "b/(1 + lam/c)"),
        ("the-noise-as-a-formula", "a^2/(1-p) - a^2"),
    ],
)
def test_another_way_to_write_the_formula_is_right(slug: str, answer: str) -> None:
    definition = definitions()[slug]
    assert grade(definition, variant_of(definition, draws(slug), 0), {"a": answer}).correct
