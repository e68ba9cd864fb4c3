"""Weights of ridge and lasso by least squares on an enlarged table and by descent along one weight at a time.

Run it to write ``frontend/tests/numbers/paths.json``: ``python -m tests.frontend.numbers.paths``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "paths.json"
HOUSES: Final = [
    [62, 2, 28, 3.3, 20, 1.0],
    [74, 3, 5, 4.8, 4, 1.7],
    [81, 3, 15, 2.6, 28, 1.87],
    [88, 3, 63, 5.4, 17, 0.81],
    [96, 3, 34, 4.1, 35, 1.67],
    [104, 5, 31, 6.2, 14, 2.07],
    [112, 3, 51, 2.1, 31, 2.23],
    [121, 5, 57, 8.1, 6, 1.57],
    [133, 5, 22, 0.8, 2, 3.11],
    [145, 6, 12, 1.7, 12, 3.34],
    [158, 7, 40, 1.2, 25, 3.43],
    [176, 8, 8, 7.5, 9, 3.7],
]
STRENGTHS: Final = np.round(np.geomspace(1e-4, 100, 50), 8)


def tables() -> list[Floats]:
    """Return the houses, and tables of chance whose correlated columns make weights leave zero and come back."""
    dice = np.random.default_rng(20261129)
    drawn = []
    for _ in range(12):
        common = dice.normal(size=(9, 1))
        features = 0.8 * common * dice.choice([-1, 1], 6) + dice.normal(size=(9, 6))
        drawn.append(np.round(np.column_stack([features, features @ dice.normal(size=6) + common[:, 0]]), 4))
    return [np.array(HOUSES), *drawn]


def standardized(table: Floats) -> tuple[Floats, Floats]:
    features = (table[:, :-1] - table[:, :-1].mean(axis=0)) / table[:, :-1].std(axis=0)
    return features, table[:, -1] - table[:, -1].mean()


def ridge(table: Floats, strength: float) -> Floats:
    """Return least squares with rows √(nλ) I below the features and zeros below the target."""
    features, targets = standardized(table)
    count, width = features.shape
    below = np.sqrt(count * strength) * np.eye(width)
    enlarged = np.concatenate([targets, np.zeros(width)])
    return np.asarray(np.linalg.lstsq(np.vstack([features, below]), enlarged, rcond=None)[0])


def lasso(table: Floats, strength: float) -> Floats:
    """Return the minimizer of MSE + λ Σ |w| by exact steps along one weight at a time, until nothing moves."""
    features, targets = standardized(table)
    scale = np.mean(features**2, axis=0)
    weights, rest = np.zeros(features.shape[1]), targets.copy()
    for _ in range(200_000):
        before = weights.copy()
        for j, column in enumerate(features.T):
            pull = np.mean(column * rest) + scale[j] * weights[j]
            new = np.sign(pull) * max(abs(pull) - strength / 2, 0.0) / scale[j]
            rest += column * (weights[j] - new)
            weights[j] = new
        if np.max(np.abs(before - weights)) < 1e-15:
            break
    return weights + 0.0


def cases() -> list[dict[str, Any]]:
    """Return the houses at 50 strengths, and each other table at four."""
    return [
        {
            "table": table.tolist(),
            "strengths": (chosen := STRENGTHS if index == 0 else STRENGTHS[12:45:8]).tolist(),
            "ridge": [ridge(table, strength).tolist() for strength in chosen],
            "lasso": [lasso(table, strength).tolist() for strength in chosen],
        }
        for index, table in enumerate(tables())
    ]


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases()) + "\n", encoding="utf-8")
