"""Choosing features before and inside the folds on pure noise, from the rows themselves, for the tests of the figure.

Run it to write ``frontend/tests/numbers/leakage.json``: ``python -m tests.frontend.numbers.leakage``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from tests.frontend.numbers.streams import normals, uniforms

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "leakage.json"
FOLDS: Final = 5
DATA_SETS: Final = 3
"""The figure averages over more; that the first ones agree shows that the rest would."""


def noise(rows: int, features: int, seed: int, number: int) -> tuple[Floats, Whole]:
    """Return one data set: features in columns, and the labels."""
    flat = uniforms(seed, number, rows + 2 * ((rows * features + 1) // 2))
    labels = (flat[:rows] < 0.5).astype(np.int64)
    return normals(flat[rows:], rows * features).reshape(features, rows).T, labels


def chosen(x: Floats, y: Whole, kept: int) -> Whole:
    """Return the features that correlate most with the label."""
    strength = np.abs(np.corrcoef(np.column_stack([x, y]), rowvar=False)[-1, :-1])
    return np.argsort(strength)[::-1][:kept]


def right(x: Floats, y: Whole, judging: NDArray[np.bool_]) -> int:
    """Return how many of the rows are nearer to the mean of their own class among the others."""
    means = np.array([x[~judging & (y == label)].mean(axis=0) for label in (0, 1)])
    distances = np.linalg.norm(x[judging, np.newaxis] - means, axis=2)
    return int(np.sum(distances.argmin(axis=1) == y[judging]))


def accuracies(rows: int, features: int, kept: int, seed: int) -> list[dict[str, float]]:
    """Return the two shares of right rows at each number of features, averaged over the first data sets."""
    stops = np.unique(np.rint(np.geomspace(10, features, 8)).astype(int))
    before, inside = np.zeros(stops.size), np.zeros(stops.size)
    for number in range(DATA_SETS):
        x, y = noise(rows, features, seed, number)
        for place, stop in enumerate(stops):
            some = x[:, :stop]
            ahead = chosen(some, y, kept)
            for fold in range(FOLDS):
                judging = np.arange(rows) % FOLDS == fold
                before[place] += right(some[:, ahead], y, judging)
                inside[place] += right(some[:, chosen(some[~judging], y[~judging], kept)], y, judging)
    total = rows * DATA_SETS
    return [
        {"features": int(stop), "before": float(a), "inside": float(b)}
        for stop, a, b in zip(stops, before / total, inside / total, strict=True)
    ]


def cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(23)
    drawn = []
    for _ in range(50):
        settings = {
            "rows": int(rng.integers(20, 61)),
            "features": int(rng.integers(10, 81)),
            "kept": int(rng.integers(1, 21)),
            "seed": int(rng.integers(0, 1001)),
        }
        drawn.append({**settings, "dataSets": DATA_SETS, "accuracies": accuracies(**settings)})
    return drawn


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases()) + "\n")
