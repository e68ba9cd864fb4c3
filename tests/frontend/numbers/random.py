"""The random stream of the figures in whole numbers of Python, and a file of its numbers for the tests over there.

Run it to write ``frontend/tests/numbers/random.json``: ``python -m tests.frontend.numbers.random``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

FILE: Final = Path(__file__).parents[3] / "frontend" / "tests" / "numbers" / "random.json"
SEEDS: Final = (*range(0, 980, 20), 1000)
COUNT: Final = 7
BITS: Final = 2**32


def uniforms(seed: int) -> Iterator[float]:
    """Yield mulberry32's numbers of [0, 1) in exact integers modulo 2**32."""
    state = seed
    while True:
        state = (state + 0x6D2B79F5) % BITS
        word = (state ^ (state >> 15)) * (state | 1) % BITS
        word ^= (word + (word ^ (word >> 7)) * (word | 61)) % BITS
        yield (word ^ (word >> 14)) / BITS


def normals(stream: Iterator[float], count: int) -> Floats:
    """Return standard normal numbers as the real and imaginary parts of complex ones."""
    pairs = np.array([(next(stream), next(stream)) for _ in range((count + 1) // 2)])
    turned = np.sqrt(-2 * np.log1p(-pairs[:, 0])) * np.exp(2j * np.pi * pairs[:, 1])
    return np.column_stack([turned.real, turned.imag]).ravel()[:count]


def cases() -> list[dict[str, Any]]:
    """Return the first numbers of each stream."""
    return [
        {
            "seed": seed,
            "uniforms": [value for value, _ in zip(uniforms(seed), range(COUNT), strict=False)],
            "normals": normals(uniforms(seed), COUNT).tolist(),
        }
        for seed in SEEDS
    ]


if __name__ == "__main__":
    FILE.write_text(json.dumps(cases(), indent=1) + "\n")
