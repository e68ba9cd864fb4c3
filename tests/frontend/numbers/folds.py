"""Cross-validation of the nearest neighbor on rows of people, by numpy and scipy, for the tests of the figure.

Run it to write ``frontend/tests/numbers/folds.json``: ``python -m tests.frontend.numbers.folds``.
"""

from __future__ import annotations

import heapq
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy import stats
from scipy.spatial import KDTree

from tests.frontend.numbers import random
from tests.frontend.numbers.streams import normals, one_by_one, shuffled, uniforms

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "folds.json"
NEWCOMERS: Final = 400


def people(sizes: list[int], stream: Iterator[float]) -> Floats:
    """Return rows of two features and a value, in the order of the people."""
    rows = []
    for size in sizes:
        first, second, own = random.normals(stream, 3)
        for _ in range(size):
            noise = random.normals(stream, 3)
            rows.append(np.array([first, second, 0.5 * first + own]) + noise * [0.15, 0.15, 0.3])
    return np.array(rows)


def data(count: int, seed: int) -> tuple[Floats, Whole]:
    """Return the rows and whose they are."""
    stream = one_by_one(seed, 0)
    # Halves are rounded up, as in JavaScript.
    sizes = [2] * int(np.floor(count / 3 + 0.5))
    for _ in range(count - sum(sizes)):
        sizes[int(next(stream) * len(sizes))] += 1
    return people(sizes, stream), np.repeat(np.arange(len(sizes)), sizes)


def newcomers(seed: int) -> Floats:
    """Return one row each of people who have none in the data: eight uniform numbers make one of them."""
    blocks = normals(uniforms(seed, 2, 8 * NEWCOMERS), 8 * NEWCOMERS).reshape(NEWCOMERS, 8)
    first, second, own = blocks[:, :3].T
    return np.column_stack([first, second, 0.5 * first + own]) + blocks[:, 4:7] * [0.15, 0.15, 0.3]


def cut(whose: Whole, folds: int, shuffle: bool, grouped: bool, seed: int) -> Whole:
    """Return the fold of each row."""
    stream = one_by_one(seed, 1)
    fold_of = np.zeros(whose.size, dtype=np.int64)
    if not grouped:
        order = shuffled(range(whose.size), stream) if shuffle else list(range(whose.size))
        for fold, rows in enumerate(np.array_split(order, folds)):
            fold_of[rows] = fold
        return fold_of
    sizes = np.bincount(whose)
    order = shuffled(range(sizes.size), stream) if shuffle else list(range(sizes.size))
    filled = [(0, fold) for fold in range(folds)]
    for person in sorted(order, key=lambda person: -sizes[person]):
        size, fold = heapq.heappop(filled)
        fold_of[whose == person] = fold
        heapq.heappush(filled, (size + int(sizes[person]), fold))
    return fold_of


def error(judging: Floats, training: Floats) -> float:
    """Return the mean squared error when each row gets the value of its nearest training row."""
    _, nearest = KDTree(training[:, :2]).query(judging[:, :2])
    return float(np.square(judging[:, 2] - training[nearest, 2]).mean())


def case(rng: np.random.Generator) -> dict[str, Any]:
    count, seed = int(rng.integers(10, 41)), int(rng.integers(0, 1001))
    shuffle, grouped = (bool(flag) for flag in rng.integers(0, 2, 2))
    rows, whose = data(count, seed)
    folds = int(rng.integers(2, min(10, whose.max() + 1) + 1))
    fold_of = cut(whose, folds, shuffle, grouped, seed)
    errors = [error(rows[fold_of == fold], rows[fold_of != fold]) for fold in range(folds)]
    homes = [np.unique(fold_of[whose == person]).size for person in range(whose.max() + 1)]
    return {
        "rows": count,
        "folds": folds,
        "shuffle": shuffle,
        "grouped": grouped,
        "seed": seed,
        "foldOf": fold_of.tolist(),
        "errors": errors,
        "mean": float(np.mean(errors)),
        "deviation": float(np.std(errors, ddof=1)),
        "standardError": float(stats.sem(errors)),
        # A person at home in one fold has never been seen by the model that judges him.
        "leaks": int(sum(np.sum(whose == person) for person, home in enumerate(homes) if home > 1)),
        "newcomers": error(newcomers(seed), rows),
    }


def cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(22)
    return [case(rng) for _ in range(50)]


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases()) + "\n")
