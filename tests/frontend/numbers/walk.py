"""Gradient descent over one weight, by closed forms and in 60 digits, for the tests of the figure.

Run it to write ``frontend/tests/numbers/walk.json``: ``python -m tests.frontend.numbers.walk``.
"""

from __future__ import annotations

import json
from decimal import Decimal, localcontext
from pathlib import Path
from typing import Any, Final

import numpy as np

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "walk.json"
SPREAD: Final = 3.0
TILT: Final = -0.5
FAR: Final = 10**6


def parabola(curvature: float, rate: float, start: float, steps: int) -> list[float]:
    """Return the weights after each step: the distance is multiplied by 1 - rate * h each time."""
    factors = float(1 - rate * curvature) ** np.arange(steps + 1)
    return until_far((start * factors).tolist())


def two_valleys(rate: float, start: float, steps: int) -> list[float]:
    """Return the weights after each step, computed in 60 digits."""
    with localcontext() as context:
        context.prec = 60
        pace, w, path = Decimal(rate), Decimal(start), [start]
        for _ in range(steps):
            if abs(w) >= FAR:
                break
            w -= pace * (w * w * w - Decimal(SPREAD) * w + Decimal(TILT))
            path.append(float(w))
        return path


def until_far(path: list[float]) -> list[float]:
    far = next((index for index, w in enumerate(path) if abs(w) >= FAR), len(path))
    return path[: far + 1]


def stationary() -> dict[str, Any]:
    """Return the valleys and the hill as roots of the slope's polynomial."""
    left, hill, right = sorted(np.roots([1, 0, -SPREAD, TILT]).real)
    loss = np.polynomial.Polynomial([0, TILT, -SPREAD / 2, 0, 0.25])
    return {
        "hill": hill,
        "valleys": [
            {"w": w, "loss": float(loss(w)), "curvature": float(loss.deriv(2)(w))} for w in (left, right)
        ],
    }


def cases() -> dict[str, Any]:
    """Return 25 walks on parabolas and 25 on the loss with two valleys."""
    rng = np.random.default_rng(20)
    walks: list[dict[str, Any]] = []
    for number in range(50):
        curvature = round(float(10 ** rng.uniform(-1, 1)), 3)
        rate = round(float(10 ** rng.uniform(-3, 0.477)), 4)
        start = round(float(rng.uniform(-3, 3)), 2)
        steps = int(rng.integers(1, 51))
        if number % 2:
            # Beyond this rate the walk is chaotic: it forgets its start, and no two computers agree on where it is.
            rate = min(rate, 0.15)
            path = two_valleys(rate, start, steps)
        else:
            path = parabola(curvature, rate, start, steps)
        loss = "two-valleys" if number % 2 else "parabola"
        walks.append(
            {
                "loss": loss,
                "curvature": curvature,
                "rate": rate,
                "start": start,
                "steps": steps,
                "path": path,
            }
        )
    return {"walks": walks, "stationary": stationary()}


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases()) + "\n")
