"""Gradient descent with momentum on an oval bowl, by powers of its matrix, for the tests of the figures.

Run it to write ``frontend/tests/numbers/valley.json``: ``python -m tests.frontend.numbers.valley``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "valley.json"
TILT: Final = np.pi / 9


def hessian(condition: float) -> Floats:
    """Return the second derivatives of the loss, whose floor is tilted."""
    axes = np.array([[np.cos(TILT), -np.sin(TILT)], [np.sin(TILT), np.cos(TILT)]])
    return axes @ np.diag([1, condition]) @ axes.T


def step_matrix(condition: float, rate: float, momentum: float) -> Floats:
    """Return what one step does to weights and velocity together."""
    curved, same = hessian(condition), np.eye(2)
    return np.block([[same - rate * curved, -rate * momentum * same], [curved, momentum * same]])


def descend(condition: float, rate: float, momentum: float, start: Floats, steps: int) -> Floats:
    """Return the weights after so many steps from rest."""
    return (np.linalg.matrix_power(step_matrix(condition, rate, momentum), steps) @ np.append(start, [0, 0]))[
        :2
    ]


def loss(condition: float, weights: Floats) -> float:
    return float(0.5 * weights @ hessian(condition) @ weights)


def case(rng: np.random.Generator, number: int) -> dict[str, Any]:
    """Return what a random descent, which may diverge a little, should come to."""
    condition = round(float(10 ** rng.uniform(0, 2)), 3)
    momentum = 0.0 if number % 3 == 0 else round(float(rng.uniform(0, 0.99)), 2)
    rate = round(float(rng.uniform(0.02, 1.06)) * 2 * (1 + momentum) / condition, 5)
    start = rng.uniform(-3, 3, 2).round(2)
    steps = int(rng.integers(1, 61))
    weights = descend(condition, rate, momentum, start, steps)
    ones = np.linalg.eigh(hessian(condition))[1].sum(axis=1)
    after = descend(condition, rate, momentum, ones, steps)
    return {
        "condition": condition,
        "rate": rate,
        "momentum": momentum,
        "start": start.tolist(),
        "steps": steps,
        "weights": weights.tolist(),
        "loss": loss(condition, weights),
        "share": loss(condition, after) / loss(condition, ones),
        "slowest": float(np.abs(np.linalg.eigvals(step_matrix(condition, rate, momentum))).max()),
    }


def cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(21)
    return [case(rng, number) for number in range(50)]


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases()) + "\n")
