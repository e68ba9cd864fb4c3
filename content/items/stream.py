"""Our own stream of random numbers: documented, counter-based, the same on every machine, permanently.

The uniform number at a coordinate (seed, slot, retry, element) is a hash of that coordinate, so any number can be
had by itself: one variant or ten thousand in one pass give the same numbers, and a library's change of
its generators cannot move them. The hash chains the finalizer of SplitMix64 (Steele, Lea, Flood 2014, "Fast
splittable pseudorandom number generators") over the coordinates; the upper 53 bits make a double in [0, 1).
"""

from __future__ import annotations

import random
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Words = NDArray[np.uint64]

SEED_BITS = 63
"""Seeds are non-negative and fit a signed 64-bit column."""


class Stream(IntEnum):
    """What a variant is drawn for, in the lowest bit of its seed: practice is never given what an attempt draws."""

    PRACTICE = 0
    ASSESSMENT = 1

    def seed(self, dice: random.Random) -> int:
        return dice.getrandbits(SEED_BITS - 1) << 1 | self


_GOLDEN = np.uint64(0x9E3779B97F4A7C15)
_FIRST = np.uint64(0xBF58476D1CE4E5B9)
_SECOND = np.uint64(0x94D049BB133111EB)


def uniforms(seeds: Words, *, slot: int, retry: int = 0, size: int = 1) -> Floats:
    """Return numbers in [0, 1), shape (len(seeds), size).

    ``slot`` names the quantity that is drawn and ``retry`` counts the draws that ``require`` rejected.
    """
    place = _mix(np.array([slot], np.uint64) * _GOLDEN + np.uint64(retry + 1))
    keys = _mix(seeds + place)
    elements = np.arange(1, size + 1, dtype=np.uint64) * _GOLDEN
    words = _mix(keys[:, np.newaxis] + elements)
    return np.asarray(np.multiply(words >> np.uint64(11), 2.0**-53))


def as_words(seeds: NDArray[np.int64] | list[int]) -> Words:
    """Return seeds as the stream takes them. Raises ValueError for one outside [0, 2^63)."""
    values = [int(seed) for seed in seeds]
    if any(not 0 <= seed < 1 << SEED_BITS for seed in values):
        raise ValueError("a seed is an integer of 0 to 2^63 - 1")
    return np.array(values, dtype=np.uint64)


def _mix(words: Words) -> Words:
    mixed = words ^ (words >> np.uint64(30))
    mixed *= _FIRST
    mixed ^= mixed >> np.uint64(27)
    mixed *= _SECOND
    mixed ^= mixed >> np.uint64(31)
    return mixed
