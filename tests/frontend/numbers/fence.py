"""Constrained minima of a quadratic loss over two weights, by looking along the whole fence of the penalty.

Run it to write ``frontend/tests/numbers/fence.json``: ``python -m tests.frontend.numbers.fence``.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float64]
Setting = dict[str, Any]

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "fence.json"
AXES: Final = np.pi / 2 * np.arange(4)
LOOKS: Final = 6_000
CURVATURE: Final = 0.62


def settings() -> list[Setting]:
    """Return random settings of every penalty, and pairs on the two sides of where a corner ceases to be best."""
    dice = np.random.default_rng(20261129)
    return [*(_random(dice, index) for index in range(32)), *_at_thresholds(dice)]


def _random(dice: np.random.Generator, index: int) -> Setting:
    return {
        "penalty": _penalties(dice)[index % 5],
        "budget": round(float(dice.uniform(0.2, 2)), 3),
        "minimum": np.round(dice.uniform(-2.5, 2.5, 2), 3).tolist(),
        "correlation": round(float(dice.uniform(-0.9, 0.9)), 3),
    }


def _penalties(dice: np.random.Generator) -> list[dict[str, Any]]:
    return [
        {"kind": "l1"},
        {"kind": "l2"},
        {"kind": "elastic-net", "mix": round(float(dice.uniform(0.05, 0.95)), 3)},
        {"kind": "lp", "p": round(float(dice.uniform(0.5, 0.9)), 3)},
        {"kind": "lp", "p": round(float(dice.uniform(1.2, 4)), 3)},
    ]


def _at_thresholds(dice: np.random.Generator) -> list[Setting]:
    """Return pairs that differ in the first coordinate of the minimum by little: a corner is best in one of them."""
    pairs: list[Setting] = []
    for index in range(12):
        penalty = _penalties(dice)[[0, 2, 3][index % 3]]
        setting = {
            "penalty": penalty,
            "budget": round(float(dice.uniform(0.4, 1.2)), 3),
            "minimum": [0.0, round(float(dice.uniform(1.5, 2.2)), 3)],
            "correlation": round(float(dice.uniform(-0.2, 0.4)), 3),
        }
        low, high = _middle_of_the_corner(setting), 8.0
        for _ in range(40):
            middle = (low + high) / 2
            is_corner = best(_moved(setting, middle))["weights"][0] == 0.0
            low, high = (middle, high) if is_corner else (low, middle)
        # A corner with a kink is left smoothly; a dent makes the best point jump.
        pairs += [_moved(setting, low - 1e-4), _moved(setting, high + 1e-4)]
    return pairs


def _middle_of_the_corner(setting: Setting) -> float:
    """Return the first coordinate at which the loss has no slope along the first weight at the corner (0, b)."""
    (xx, xy), _ = matrix(setting)
    return float(xy * (setting["budget"] - setting["minimum"][1]) / xx)


def _moved(setting: Setting, first: float) -> Setting:
    return {**setting, "minimum": [first, setting["minimum"][1]]}


def matrix(setting: Setting) -> Floats:
    """Return A, whose off-diagonal is the correlation times the root of the product of the diagonal."""
    roots = np.sqrt([CURVATURE, 1.0])
    correlation = np.array([[1.0, setting["correlation"]], [setting["correlation"], 1.0]])
    return np.asarray(correlation * np.outer(roots, roots))


def loss(setting: Setting, weights: Floats) -> Floats:
    """Return (w - c)' A (w - c) for weights in the last axis."""
    away = weights - np.array(setting["minimum"])
    return np.asarray(np.einsum("...i,ij,...j", away, matrix(setting), away))


def charge(penalty: dict[str, Any]) -> Callable[[Floats], Floats]:
    """Return the penalty of one weight as a function of its size."""
    if penalty["kind"] == "lp":
        return lambda r: r ** penalty["p"]
    mix = {"l1": 1.0, "l2": 0.0, "elastic-net": penalty.get("mix", 0.0)}[penalty["kind"]]
    return lambda r: mix * r + (1 - mix) * r**2


def fence(setting: Setting, cap: float, angles: Floats) -> Floats:
    """Return the points of the fence in these directions, by bisecting how far the penalty lets one go."""
    phi = charge(setting["penalty"])
    rays = np.stack([np.cos(angles), np.sin(angles)], axis=-1)
    near, far = np.zeros(angles.shape), np.full(angles.shape, 20.0)
    for _ in range(64):
        middle = (near + far) / 2
        within = phi(np.abs(middle[..., np.newaxis] * rays)).sum(axis=-1) <= cap
        near, far = np.where(within, middle, near), np.where(within, far, middle)
    return near[..., np.newaxis] * rays


def best(setting: Setting, shift: float = 0.0) -> dict[str, Any]:
    """Return the best allowed weights and their loss, for the setting's cap of the penalty moved by ``shift``."""
    phi, minimum = charge(setting["penalty"]), np.array(setting["minimum"])
    cap = float(phi(np.array(setting["budget"]))) + shift
    if phi(np.abs(minimum)).sum() <= cap:
        return {"weights": minimum.tolist(), "loss": 0.0, "place": "inside"}
    angles = np.linspace(0, 2 * np.pi, LOOKS, endpoint=False)
    heights = loss(setting, fence(setting, cap, angles))
    cell = 2 * np.pi / LOOKS
    ranked = angles[np.argsort(heights)[:1]]
    polished = minimize_scalar(
        lambda angle: float(loss(setting, fence(setting, cap, np.array(angle)))),
        bounds=(ranked[0] - cell, ranked[0] + cell),
        method="bounded",
        options={"xatol": 1e-12},
    )
    corners = float(fence(setting, cap, np.array(0.0))[0]) * np.array([[1, 0], [0, 1], [-1, 0], [0, -1.0]])
    at_corners = loss(setting, corners)
    if at_corners.min() <= polished.fun:
        weights = corners[int(at_corners.argmin())] + 0.0
        return {"weights": weights.tolist(), "loss": float(at_corners.min()), "place": "corner"}
    weights = fence(setting, cap, np.array(polished.x))
    return {"weights": weights.tolist(), "loss": float(polished.fun), "place": "edge"}


def expected(setting: Setting) -> dict[str, Any]:
    """Return the best allowed weights, and λ as the loss that a little more penalty would save."""
    found = best(setting)
    little = 1e-4 * setting["budget"]
    ends = [best(setting, shift)["loss"] for shift in (-little, little)]
    saved = 0.0 if found["place"] == "inside" else (ends[0] - ends[1]) / (2 * little)
    return {**found, "multiplier": saved}


if __name__ == "__main__":
    cases = [{"setting": setting, "expected": expected(setting)} for setting in settings()]
    FILE.write_text(json.dumps(cases, indent=1) + "\n", encoding="utf-8")
