"""The streams of a seed, a whole array at a time: the generator is a counter, so each number stands on its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from tests.frontend.numbers import random

Floats = NDArray[np.float64]

BITS: Final = 2**32


def seed_of(seed: int, part: int) -> int:
    """Return where one of several streams of a seed begins."""
    return ((seed + 1) * 0x9E3779B9 + (part + 1) * 0x85EBCA6B) % BITS


def uniforms(seed: int, part: int, count: int) -> Floats:
    """Return the first numbers of a stream."""
    state = np.uint32(seed_of(seed, part)) + np.arange(1, count + 1, dtype=np.uint32) * np.uint32(0x6D2B79F5)
    word = (state ^ (state >> 15)) * (state | 1)
    word ^= word + (word ^ (word >> 7)) * (word | 61)
    return (word ^ (word >> 14)) / BITS


def normals(flat: Floats, count: int) -> Floats:
    """Return standard normal numbers as the real and imaginary parts of complex ones."""
    pairs = flat[: 2 * ((count + 1) // 2)].reshape(-1, 2)
    turned = np.sqrt(-2 * np.log1p(-pairs[:, 0])) * np.exp(2j * np.pi * pairs[:, 1])
    return np.column_stack([turned.real, turned.imag]).ravel()[:count]


def one_by_one(seed: int, part: int) -> Iterator[float]:
    """Yield the numbers of a stream where it is not known how many are needed."""
    return random.uniforms(seed_of(seed, part))


def shuffled(values: Sequence[int], stream: Iterator[float]) -> list[int]:
    """Return the values in random order: from the end, each changes places with one at or before it."""
    order = list(values)
    for last in range(len(order) - 1, 0, -1):
        other = int(next(stream) * (last + 1))
        order[last], order[other] = order[other], order[last]
    return order
