"""Variants of an exercise, drawn, computed and judged, against the same arrays in numpy written by hand."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterable
from itertools import combinations
from pathlib import Path

import numpy as np

import content
from bench import Measurement, seconds_per_call
from content.documents.text import load_document
from content.items.certification import certify
from content.items.definition import ItemDefinition
from content.items.drawing import draw_batch
from content.items.grading import grade
from content.items.parsing.document import parse_definition
from content.items.presenting import present
from content.items.soundness import sound, sound_variant

DRAWS = 10_000
LIBRARY = Path(content.__path__[0]) / "library" / "classical-ml" / "regularization" / "items"
TOLERANCE = 0.001

Arrays = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


def measure() -> Iterable[Measurement]:
    vector = _exercise("l2-step-vector")
    scalar = _exercise("l2-step")
    seeds = np.arange(DRAWS, dtype=np.uint64)
    dice = np.random.Generator(np.random.Philox(1))
    yield Measurement(
        f"{DRAWS:,} variants of l2-step-vector: draw and compute",
        _best(lambda: draw_batch(vector, seeds)),
        "numpy by hand",
        _best(lambda: _step(*_draw(dice))),
    )
    yield Measurement(
        f"{DRAWS:,} variants of l2-step-vector: and judge",
        _best(lambda: sound(vector, draw_batch(vector, seeds))),
        "numpy by hand, the same judgments",
        _best(lambda: _judge(*_draw(dice))),
    )
    yield Measurement(
        f"certify l2-step-vector over {DRAWS:,} draws",
        seconds_per_call(lambda: certify(vector, draws=DRAWS), calls=3, rounds=5),
        "numpy by hand, the same judgments",
        _best(lambda: _judge(*_draw(dice))),
    )
    yield from _single(scalar, dice)


def _single(scalar: ItemDefinition, dice: np.random.Generator) -> Iterable[Measurement]:
    rolls = random.Random(1)  # noqa: S311 - dice of a benchmark
    variant = sound_variant(scalar, rolls)
    answer = {"a": str(variant.interactions["a"]["key"])}
    floor = seconds_per_call(lambda: _step(*_draw(dice, 1)), calls=300)
    yield Measurement(
        "one variant of l2-step, judged and stored",
        seconds_per_call(lambda: sound_variant(scalar, rolls).to_json(), calls=100),
        "numpy by hand, one draw",
        floor,
    )
    yield Measurement(
        "present one variant of l2-step",
        seconds_per_call(lambda: present(scalar, variant), calls=100),
        "numpy by hand, one draw",
        floor,
    )
    yield Measurement(
        "grade one answer to l2-step",
        seconds_per_call(lambda: grade(scalar, variant, answer), calls=300),
        "float(answer) and a comparison",
        seconds_per_call(lambda: abs(float(answer["a"]) - 1.0) <= TOLERANCE, calls=10_000),
    )


def _exercise(slug: str) -> ItemDefinition:
    return parse_definition(load_document((LIBRARY / f"{slug}.yaml").read_text(encoding="utf-8")))


def _best(work: Callable[[], object]) -> float:
    return seconds_per_call(work, calls=10, rounds=7)


def _draw(dice: np.random.Generator, count: int = DRAWS) -> Arrays:
    return (
        dice.integers(-20, 21, (count, 3)) / 10,
        dice.integers(-10, 11, (count, 3)) / 10,
        dice.choice([0.05, 0.1, 0.2], count),
        dice.choice([0.1, 0.2, 0.5, 1.0], count),
    )


def _step(w: np.ndarray, g: np.ndarray, lr: np.ndarray, lam: np.ndarray) -> np.ndarray:
    return np.asarray((1 - 2 * lr * lam)[:, None] * w - lr[:, None] * g)


def _judge(w: np.ndarray, g: np.ndarray, lr: np.ndarray, lam: np.ndarray) -> np.ndarray:
    """Return which draws are sound: finite, confirmed by another road, told apart from six misconceptions."""
    rate, strength = lr[:, None], lam[:, None]
    key = _step(w, g, lr, lam)
    other = w - rate * (g + 2 * strength * w)
    mistakes = [
        (1 - rate * strength) * w - rate * g,
        (1 + 2 * rate * strength) * w - rate * g,
        w - rate * (1 - 2 * rate * strength) * g,
        (1 - 2 * rate * strength) * w,
        (1 - 2 * rate * strength) * w + rate * g,
        w - rate * g,
    ]
    good = np.isfinite(key).all(axis=1) & (np.abs(key - other) <= 1e-9).all(axis=1)
    for one, another in combinations([key, *mistakes], 2):
        good &= ~(np.abs(one - another) <= TOLERANCE).all(axis=1)
    return np.asarray(good)
