"""The luck of the best of many, by scipy's integrals, for the tests of the figure.

Run it to write ``frontend/tests/numbers/winner.json``: ``python -m tests.frontend.numbers.winner``.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy.integrate import quad
from scipy.special import log_ndtr

from tests.frontend.numbers.streams import Floats, normals, uniforms

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "winner.json"


def expected_maximum(count: int) -> float:
    """Return the mean of the largest of so many standard normal numbers, from its distribution function alone."""
    above, _ = quad(lambda x: -np.expm1(count * log_ndtr(x)), 0, 12, epsabs=1e-13, limit=200)
    below, _ = quad(lambda x: np.exp(count * log_ndtr(x)), -12, 0, epsabs=1e-13, limit=200)
    return float(above - below)


def luck(seed: int, number: int, count: int) -> Floats:
    return normals(uniforms(seed, number, count + 2), count + 1)


def case(rng: np.random.Generator) -> dict[str, Any]:
    candidates, seed = int(rng.integers(1, 201)), int(rng.integers(0, 1001))
    noise, truth = round(float(rng.uniform(0.001, 0.2)), 3), round(float(rng.uniform(0.05, 0.95)), 2)
    best, draws = str(rng.choice(["highest", "lowest"])), int(rng.integers(1, 40))
    sign = 1 if best == "highest" else -1
    tops = [noise * np.max(sign * luck(seed, number, candidates)[1:]) for number in range(draws)]
    last = luck(seed, draws - 1, candidates)
    return {
        "candidates": candidates,
        "noise": noise,
        "truth": truth,
        "seed": seed,
        "best": best,
        "draws": draws,
        "winner": int(np.argmax(sign * last[1:])),
        "top": truth + sign * tops[-1],
        "test": truth + noise * last[0],
        "average": float(np.mean(tops)),
        "expectedMaximum": expected_maximum(candidates),
    }


def cases() -> list[dict[str, Any]]:
    rng = np.random.default_rng(24)
    return [case(rng) for _ in range(50)]


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases()) + "\n")
