"""The keys of the lesson on gradient descent, worked out a second time: steps are really walked, slopes are measured.

Losses are written as plain functions, their slopes come from differences, and many steps from loops.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
import pytest

from content.expressions import parse
from content.items.drawing import variant_of
from content.items.grading import grade
from content.items.interactions.expression import ExpressionEntry
from tests.content.library.shelf import definitions, draws, folder, parameters, served

Values = Mapping[str, Any]
By = Callable[[Values], dict[str, Any]]
Loss = Callable[[np.ndarray], float]

ITEMS = {source.slug: definitions()[source.slug] for source in folder("gradient-descent").items}
STEP = 1e-4
"""Of a difference. All losses here are parabolas, for which a central difference is exact up to rounding."""


def exercises() -> list[str]:
    return sorted(slug for slug, definition in ITEMS.items() if definition.is_exercise)


def slopes(loss: Loss, at: Any) -> np.ndarray:
    """Return the slope in each direction, by a central difference."""
    point = np.atleast_1d(np.asarray(at, dtype=float))
    moves = STEP * np.eye(len(point))
    return np.array([(loss(point + move) - loss(point - move)) / (2 * STEP) for move in moves])


def curvature(loss: Callable[[float], float]) -> float:
    """Return the second difference over steps of 1, exact for a parabola."""
    return loss(1.0) - 2 * loss(0.0) + loss(-1.0)


def walk(loss: Loss, start: Any, lr: float, steps: int, beta: float = 0.0) -> list[np.ndarray]:
    """Return where gradient descent is after each step, with momentum or without."""
    point = np.atleast_1d(np.asarray(start, dtype=float))
    velocity, places = np.zeros_like(point), []
    for _ in range(steps):
        velocity = beta * velocity + slopes(loss, point)
        point = point - lr * velocity
        places.append(point)
    return places


def bowl(h: Any, m: Any = 0.0) -> Loss:
    """Return the loss with curvatures ``h`` and its lowest point at ``m``."""
    return lambda w: float(np.sum(0.5 * np.asarray(h) * (w - m) ** 2))


def steps_until(share: float, factor: float) -> int:
    """Count the steps until at most a share of the distance is left."""
    distance, steps = 1.0, 0
    while abs(distance) > share:
        distance, steps = distance * factor, steps + 1
    return steps


def between(converges: Callable[[float], bool]) -> float:
    """Return the largest rate that converges, by bisection."""
    low, high = 0.0, 1e3
    for _ in range(200):
        middle = (low + high) / 2
        low, high = (middle, high) if converges(middle) else (low, middle)
    return low


def limit(*curvatures: float) -> float:
    """Return the rate at which the first direction no longer comes closer."""
    return between(lambda lr: all(abs(1 - lr * h) < 1 for h in curvatures))


def parabola(p: Values) -> dict[str, Any]:
    def loss(w: np.ndarray) -> float:
        return float(p["c"] * (w[0] - p["m"]) ** 2)

    return {"a": slopes(loss, p["w"])[0], "b": walk(loss, p["w"], p["lr"], 1)[0][0]}


def two_directions(p: Values) -> dict[str, Any]:
    places = walk(bowl([p["h1"], p["h2"]]), p["w"], p["lr"], 3)
    return {"a": np.array(places).T}


def from_the_data(p: Values) -> dict[str, Any]:
    """The targets do not matter, so any will do."""
    h = curvature(lambda w: float(np.mean((w * p["x"] - np.array([1.0, -2, 0.5, 3])) ** 2)))
    return {"a": h, "b": limit(h)}


def from_two_slopes(p: Values) -> dict[str, Any]:
    one, other = (slopes(bowl(p["h"], p["m"]), w)[0] for w in (p["w1"], p["w1"] + p["gap"]))
    h = (other - one) / p["gap"]
    return {"a": h, "b": limit(h)}


def two_rates(p: Values) -> dict[str, Any]:
    h = curvature(lambda w: p["c"] * w**2 + p["b"] * w)
    return {"a": between(lambda lr: 1 - lr * h > 0), "b": limit(h)}


def best_rate(p: Values) -> dict[str, Any]:
    """Search for the rate at which the slower of both directions is as fast as it can be."""
    h1, h2 = p["h1"], p["h2"]
    low, high = 0.0, 2 / h1
    for _ in range(200):
        left, right = low + (high - low) / 3, high - (high - low) / 3
        worst = [max(abs(1 - lr * h1), abs(1 - lr * h2)) for lr in (left, right)]
        low, high = (low, right) if worst[0] < worst[1] else (left, high)
    return {"a": max(h1, h2) / min(h1, h2), "b": low, "c": max(abs(1 - low * h1), abs(1 - low * h2))}


def narrow_valley(p: Values) -> dict[str, Any]:
    pace = best_rate({"h1": 1.0, "h2": p["kappa"]})["c"]
    return {"a": steps_until(p["pct"] / 100, pace)}


def covariance_bowl(covariance: np.ndarray) -> dict[str, Any]:
    """The MSE of centered features has twice their covariance as its second derivatives."""
    curvatures = np.linalg.eigvalsh(2 * covariance)
    return {"a": curvatures[-1] / curvatures[0], "b": limit(*curvatures)}


def correlated(p: Values) -> dict[str, Any]:
    """Four rows with standardized features of the correlation drawn, and the curvatures of their MSE."""
    r = p["r"]
    first, second = np.array([1.0, 1, -1, -1]), np.array([1.0, -1, 1, -1])
    x = np.column_stack([first, r * first + math.sqrt(1 - r * r) * second])
    return covariance_bowl(x.T @ x / 4)


def mini_batch(p: Values) -> dict[str, Any]:
    rows = [1, 3]

    def loss(w: np.ndarray) -> float:
        return float(np.mean((w[0] * p["x"][rows] - p["y"][rows]) ** 2))

    return {"a": slopes(loss, p["w"])[0], "b": walk(loss, p["w"], p["lr"], 1)[0][0]}


def epochs(p: Values) -> dict[str, Any]:
    """Cut the rows into batches, as a program does."""
    batches = [range(int(p["n"]))[at : at + int(p["b"])] for at in range(0, int(p["n"]), int(p["b"]))]
    return {"a": len(batches), "b": sum(1 for _ in range(int(p["passes"])) for _ in batches)}


def halved(p: Values) -> dict[str, Any]:
    rate = p["lr"]
    for epoch in range(1, int(p["epochs"]) + 1):
        rate = rate / 2 if epoch % p["k"] == 0 else rate
    return {"a": rate}


def noise(p: Values) -> dict[str, Any]:
    """Variances of independent rows add up; a mean divides the sum by their number."""
    rows, variance = int(p["b"]), p["s"] ** 2

    def of_a_mean(count: int) -> float:
        return math.sqrt(count * variance) / count

    enough = rows
    while of_a_mean(enough) > of_a_mean(rows) / p["k"] * (1 + 1e-9):
        enough += 1
    return {"a": of_a_mean(rows), "b": enough}


def two_momentum_steps(p: Values) -> dict[str, Any]:
    loss = bowl(p["h"])
    first, second = (place[0] for place in walk(loss, p["w"], p["lr"], 2, p["beta"]))
    return {"a": first, "b": (first - second) / p["lr"], "c": second}


def one_momentum_step(p: Values) -> dict[str, Any]:
    velocity = [p["beta"] * v + g for v, g in zip(p["v"], p["g"], strict=True)]
    return {"a": velocity, "b": [w - p["lr"] * v for w, v in zip(p["w"], velocity, strict=True)]}


def under_a_constant_slope(lr: float, beta: float) -> float:
    """Return how far one step moves, for a slope of 1, once the velocity has grown."""
    velocity = 0.0
    for _ in range(2000):
        velocity = beta * velocity + 1
    return lr * velocity


def effective(p: Values) -> dict[str, Any]:
    rate = under_a_constant_slope(p["lr"], p["beta"])
    return {"a": rate, "b": rate / under_a_constant_slope(1.0, p["more"])}


def one_factor(p: Values) -> dict[str, Any]:
    first, second = (place[0] for place in walk(bowl(p["h"]), p["d"], p["lr"], 2))
    return {"a": first / p["d"], "e": second}


KEYS: dict[str, By] = {
    "a-factor-and-what-it-does": one_factor,
    "a-limit-from-the-data": from_the_data,
    "a-mini-batch-step": mini_batch,
    "a-rate-that-is-halved": halved,
    "a-step-for-three-weights": lambda p: {
        "a": [w - p["lr"] * g for w, g in zip(p["w"], p["g"], strict=True)]
    },
    "a-step-in-a-valley": lambda p: {"a": walk(bowl([p["h1"], p["h2"]], p["m"]), p["w"], p["lr"], 1)[0]},
    "a-table-of-distances": two_directions,
    "curvature-from-two-slopes": from_two_slopes,
    "features-in-their-units": lambda p: covariance_bowl(np.diag([p["s1"] ** 2, p["s2"] ** 2])),
    "momentum-two-steps": two_momentum_steps,
    "one-rate-for-two-curvatures": best_rate,
    "one-step-with-momentum": one_momentum_step,
    "step-on-a-parabola": parabola,
    "steps-in-a-narrow-valley": narrow_valley,
    "steps-in-some-epochs": epochs,
    "steps-until-you-are-close": lambda p: {"a": steps_until(p["pct"] / 100, 1 - p["lr"] * p["h"])},
    "the-effective-rate": effective,
    "the-noise-of-a-mini-batch": noise,
    "two-special-rates": two_rates,
    "what-correlation-leaves": correlated,
    "where-several-steps-lead": lambda p: {
        "a": walk(bowl(p["h"], p["m"]), p["w"], p["lr"], int(p["n"]))[-1][0]
    },
}


def test_every_exercise_of_the_lesson_is_worked_out_by_hand() -> None:
    asked = {s for s in exercises() if any(i.computed.get("key") for i in ITEMS[s].interactions.values())}
    assert set(KEYS) == asked


@pytest.mark.parametrize("slug", sorted(KEYS))
def test_the_key_is_what_a_hand_would_get(slug: str) -> None:
    computed = {name: kept for name, kept in draws(slug).computed.items() if "key" in kept}
    for index in served(slug):
        by_hand = KEYS[slug](parameters(slug, index))
        assert by_hand.keys() == computed.keys()
        for identifier, expected in by_hand.items():
            key = computed[identifier]["key"][index]
            assert np.all(np.isfinite(key))
            np.testing.assert_allclose(key, expected, rtol=1e-7, atol=1e-7)


def test_only_the_rate_called_right_overshoots_and_arrives() -> None:
    for index in served("a-rate-that-overshoots-and-arrives"):
        p = parameters("a-rate-that-overshoots-and-arrives", index)

        def fate(share: float, p: Values = p) -> tuple[bool, bool]:
            """Whether a walk changes sides, and whether it has come closer in the end."""
            places = [1.0, *(place[0] for place in walk(bowl(p["h"]), 1.0, share / p["h"], 12))]
            return places[0] * places[1] < 0, abs(places[-1]) < 0.5

        assert fate(p["some"]) == (True, True)
        assert fate(p["few"]) == (False, True)
        assert fate(2.0) == fate(p["many"]) == (True, False)


def test_the_rates_stand_in_the_order_of_the_steps_they_need() -> None:
    for index in served("rates-from-fast-to-slow"):
        p = parameters("rates-from-fast-to-slow", index)
        left = [abs(walk(bowl(p["h"]), 1.0, p[f"p{i}"] / p["h"], 1)[0][0]) for i in range(1, 6)]
        assert left == sorted(left)
        assert min(np.diff(left)) > 0.04
        assert abs(walk(bowl(p["h"]), 1.0, 2 * p["p2"] / p["h"], 1)[0][0]) > 1


def test_the_walk_ends_in_the_valley_called_right_which_is_not_the_deepest() -> None:
    for index in served("where-the-walk-ends"):
        variant = variant_of(ITEMS["where-the-walk-ends"], draws("where-the-walk-ends"), index)
        low, q, high, start, near, far = (
            float(variant.values[name]) for name in ("low", "q", "high", "start", "near", "far")
        )
        place = start
        for _ in range(4000):
            place -= 0.01 * (place - low) * (place - q) * (place - high)
        assert place == pytest.approx(near, abs=1e-3)
        loss = np.poly([low, q, high])
        depth = np.polyval(np.polyint(loss), [near, far])
        assert depth[1] < depth[0]


def velocity_sum(v: dict[str, float]) -> float:
    place = walk(lambda w: v["g"] * w[0], 0.0, v["lr"], 2, v["b"])[-1][0]
    return float(abs(place))


FORMULAS: dict[str, Callable[[dict[str, float]], float]] = {
    "the-best-rate-as-a-formula": lambda v: best_rate({"h1": v["a"], "h2": v["b"]})["b"],
    "the-largest-rate-as-a-formula": lambda v: limit(curvature(lambda w: v["c"] * (w - 0.7) ** 2)),
    "two-steps-with-momentum-as-a-formula": velocity_sum,
}


def entry(slug: str) -> ExpressionEntry:
    interaction = ITEMS[slug].interactions["a"]
    assert isinstance(interaction, ExpressionEntry)
    return interaction


@pytest.mark.parametrize("slug", sorted(FORMULAS))
def test_the_formula_of_the_key_gives_what_the_definition_gives(slug: str) -> None:
    asked, dice = entry(slug), np.random.default_rng(5)
    for _ in range(50):
        at = {name: float(dice.uniform(*domain)) for name, domain in asked.grammar.variables.items()}
        assert parse(asked.key).evaluate_one(at) == pytest.approx(FORMULAS[slug](at), rel=1e-6)


def test_the_step_as_a_formula_is_the_step_that_is_walked() -> None:
    slug = "a-step-as-a-formula"
    for index in list(served(slug))[:50]:
        p = parameters(slug, index)
        key = parse(variant_of(ITEMS[slug], draws(slug), index).interactions["a"]["key"])
        for w in (-2.0, 0.3, 4.0):
            by_hand = walk(bowl(2 * p["c"], p["m"]), w, p["lr"], 1)[0][0]
            assert key.evaluate_one({"w": w}) == pytest.approx(by_hand, rel=1e-6, abs=1e-6)


@pytest.mark.parametrize("slug", [*sorted(FORMULAS), "a-step-as-a-formula"])
def test_each_mistaken_formula_is_wrong_and_called_by_its_name(slug: str) -> None:
    for index in list(served(slug))[:5]:
        variant = variant_of(ITEMS[slug], draws(slug), index)
        mistaken = variant.interactions["a"]["recognise"]
        for mistake, formula in zip(entry(slug).recognized, mistaken, strict=True):
            verdict = grade(ITEMS[slug], variant, {"a": formula}).interactions["a"]
            assert not verdict.correct
            assert (verdict.misconception, verdict.feedback) == (mistake.misconception, mistake.feedback)
