"""Polynomials with a ridge penalty, by least squares on an enlarged table with a free intercept.

Run it to write ``frontend/tests/numbers/polynomial.json``: ``python -m tests.frontend.numbers.polynomial``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.polynomial.legendre import legvander
from numpy.typing import NDArray

from tests.frontend.numbers.random import normals, uniforms

Floats = NDArray[np.float64]
Setting = dict[str, Any]

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "polynomial.json"
GRID: Final = np.linspace(-1, 1, 201)
LOOKS: Final = (-1.0, -0.37, 0.0, 0.5, 1.0)


def settings() -> list[Setting]:
    """Return the lesson's setting, and 49 from all over the range."""
    dice = np.random.default_rng(20261129)
    lesson = {"degree": 9, "points": 15, "noise": 0.25, "strength": 0.00001, "seed": 7}
    return [
        lesson,
        *(
            {
                "degree": int(dice.integers(1, 16)),
                "points": int(dice.integers(8, 41)),
                "noise": round(float(dice.uniform(0, 1)), 3),
                "strength": float(f"{10 ** dice.uniform(-6, 1):.3g}"),
                "seed": int(dice.integers(0, 1001)),
            }
            for _ in range(49)
        ),
    ]


def truth(x: Floats) -> Floats:
    return np.asarray(np.sin(1.2 * np.pi * x) + 0.3 * x)


def sample(setting: Setting) -> tuple[Floats, Floats]:
    stream, count = uniforms(setting["seed"]), setting["points"]
    places = np.array([next(stream) for _ in range(count)])
    x = (np.arange(count) + places) * 2 / count - 1
    return x, truth(x) + setting["noise"] * normals(stream, count)


def expected(setting: Setting) -> dict[str, Any]:
    """Return the points, the fit at a few places, and both errors."""
    x, y = sample(setting)
    count, degree = len(x), setting["degree"]
    charged = np.sqrt(count * setting["strength"]) * np.eye(degree + 1)
    charged[0, 0] = 0.0
    table = np.vstack([legvander(x, degree), charged])
    weights = np.linalg.lstsq(table, np.concatenate([y, np.zeros(degree + 1)]), rcond=None)[0]
    away = legvander(GRID, degree) @ weights - truth(GRID)
    return {
        "x": x.tolist(),
        "y": y.tolist(),
        "fit": (legvander(np.array(LOOKS), degree) @ weights).tolist(),
        "training": float(np.mean((legvander(x, degree) @ weights - y) ** 2)),
        "test": float(np.mean(away**2) + setting["noise"] ** 2),
    }


if __name__ == "__main__":
    cases = [{"setting": setting, "expected": expected(setting)} for setting in settings()]
    FILE.write_text(json.dumps(cases) + "\n", encoding="utf-8")
