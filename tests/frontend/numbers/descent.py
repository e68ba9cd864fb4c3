"""Numbers of gradient descent with penalties, computed by other roads than the figure takes.

Run it to write ``frontend/tests/numbers/descent.json``: ``python -m tests.frontend.numbers.descent``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import expm
from scipy.optimize import brentq

Floats = NDArray[np.float64]

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "descent.json"
BEST: Final = np.array([0.6, 1.6])
STEPS: Final = 25
FAR: Final = 12
SETTINGS: Final = 50
PENALTIES: Final = ("none", "l1", "l2", "elastic-net")


def settings() -> list[dict[str, Any]]:
    """Return 50 settings, from crawling to diverging."""
    dice = np.random.default_rng(20261129)
    return [
        {
            "condition": round(float(10 ** dice.uniform(0, 2)), 3),
            "isFlat": index % 10 == 9,
            "penalty": PENALTIES[index % 4],
            "strength": round(float(dice.choice([0, 0.3, 0.6, 1, 2.5, 6]) + dice.uniform(0, 0.4)), 3),
            "mix": round(float(dice.uniform()), 3),
            "rate": round(float(10 ** dice.uniform(-3, 0.3)), 4),
            "momentum": round(float(dice.uniform(0, 0.99)), 3),
            "start": [round(float(weight), 2) for weight in dice.uniform(-3, 3, 2)],
        }
        for index in range(SETTINGS)
    ]


def expected(setting: dict[str, Any]) -> dict[str, Any]:
    """Return all that the figure computes at a setting."""
    start = np.array(setting["start"])
    return {
        "mse": mse(setting, start),
        "gradient": slope_of(lambda w: mse(setting, w), start).tolist(),
        "penalty": priced(setting, start),
        "loss": mse(setting, start) + priced(setting, start),
        "paths": {rule: followed(road(setting, start)) for rule, road in ROADS.items()},
        "minimizer": minimizer(setting),
    }


def hessian(setting: dict[str, Any]) -> Floats:
    """Return R diag(1, condition) Rᵀ, where R, a turn by 20 degrees, is the exponential of its speed."""
    turn = expm(np.radians(20) * np.array([[0.0, -1.0], [1.0, 0.0]]))
    if setting["isFlat"]:
        return np.zeros((2, 2))
    curved: Floats = turn @ np.diag([1.0, setting["condition"]]) @ turn.T
    return curved


def mse(setting: dict[str, Any], w: Floats) -> float:
    """Return half the squared length of w - m after the square root of H, by its Cholesky factor."""
    if setting["isFlat"]:
        return 0.0
    root = np.linalg.cholesky(hessian(setting))
    return float(np.sum((root.T @ (w - BEST)) ** 2) / 2)


def prices(setting: dict[str, Any]) -> tuple[float, float]:
    share = {"none": 0.0, "l1": 1.0, "l2": 0.0, "elastic-net": setting["mix"]}[setting["penalty"]]
    strength = 0.0 if setting["penalty"] == "none" else setting["strength"]
    return strength * share, strength * (1 - share)


def priced(setting: dict[str, Any], w: Floats) -> float:
    l1, l2 = prices(setting)
    return float(l1 * np.linalg.norm(w, 1) + l2 * np.linalg.norm(w, 2) ** 2)


def slope_of(height: Any, w: Floats) -> Floats:
    """Return the slope of a quadratic, for which the difference over any distance is exact."""
    ends = [(height(w + side), height(w - side)) for side in np.eye(2)]
    return np.array([(above - below) / 2 for above, below in ends])


def plain(setting: dict[str, Any], start: Floats) -> Floats:
    """Return m + (1 - lr H)^k (w - m), by the eigenvectors of H."""
    values, vectors = np.linalg.eigh(hessian(setting))
    powers: Floats = (1 - setting["rate"] * values) ** np.arange(STEPS + 1)[:, np.newaxis]
    return BEST + (powers * (vectors.T @ (start - BEST))) @ vectors.T


def momentum(setting: dict[str, Any], start: Floats) -> Floats:
    """Return w of the powers of one 4 × 4 matrix on (w - m, v)."""
    h, one = hessian(setting), np.eye(2)
    lr, beta = setting["rate"], setting["momentum"]
    matrix = np.block([[one - lr * h, -lr * beta * one], [h, beta * one]])
    state = np.concatenate([start - BEST, np.zeros(2)])
    return np.array([(np.linalg.matrix_power(matrix, k) @ state)[:2] + BEST for k in range(STEPS + 1)])


def penalized(setting: dict[str, Any], start: Floats) -> Floats:
    """Return steps of one affine map each, which depends on the signs only."""
    l1, l2 = prices(setting)
    h, lr = hessian(setting), setting["rate"]
    matrix, pull = np.eye(2) - lr * (h + 2 * l2 * np.eye(2)), lr * h @ BEST
    path = [start]
    for _ in range(STEPS):
        path.append(matrix @ path[-1] + pull - lr * l1 * ((path[-1] > 0) * 1.0 - (path[-1] < 0) * 1.0))
    return np.array(path)


def proximal(setting: dict[str, Any], start: Floats) -> Floats:
    """Return steps that each minimize ½(u - z)² + lr (λ₁|u| + λ₂u²) by finding where its slope is zero."""
    path = [start]
    for _ in range(STEPS):
        z = path[-1] - setting["rate"] * hessian(setting) @ (path[-1] - BEST)
        path.append(np.array([nearest(setting, weight) for weight in z]))
        if np.max(np.abs(path[-1])) > FAR:
            break
    return np.array(path)


def nearest(setting: dict[str, Any], z: float) -> float:
    """Return argmin over u of ½(u - z)² + lr (λ₁|u| + λ₂u²)."""
    l1, l2 = prices(setting)
    lr = setting["rate"]
    if abs(z) <= lr * l1:
        return 0.0
    side = float(np.sign(z))
    return float(
        brentq(
            lambda u: u - z + lr * (l1 * side + 2 * l2 * u),
            min(0.0, 2 * z),
            max(0.0, 2 * z),
            xtol=1e-15,
            rtol=1e-15,
        )
    )


ROADS: Final = {"plain": plain, "penalized": penalized, "proximal": proximal, "momentum": momentum}


def followed(path: Floats) -> list[list[float]]:
    """Return the path up to the first place that is too far away."""
    beyond = np.flatnonzero(np.max(np.abs(path), axis=1) > FAR)
    points: list[list[float]] = (path[: beyond[0] + 1] if beyond.size else path).tolist()
    return points


def minimizer(setting: dict[str, Any]) -> list[float] | None:
    """Return where the loss is least, by going along one weight at a time."""
    l1, l2 = prices(setting)
    h = hessian(setting)
    if setting["isFlat"]:
        return [0.0, 0.0] if l1 + l2 > 0 else None
    w = BEST.copy()
    for _ in range(20_000):
        before = w.copy()
        for own, other in ((0, 1), (1, 0)):
            pull = h[own, own] * BEST[own] + h[own, other] * (BEST[other] - w[other])
            w[own] = np.sign(pull) * max(abs(pull) - l1, 0) / (h[own, own] + 2 * l2)
        if np.array_equal(before, w):
            break
    least: list[float] = (w + 0.0).tolist()
    return least


if __name__ == "__main__":
    cases = [{"setting": setting, "expected": expected(setting)} for setting in settings()]
    FILE.write_text(json.dumps(cases) + "\n", encoding="utf-8")
