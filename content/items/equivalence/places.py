"""Where two formulas are tried: places of the domain that follow from a key, unknown to all who lack it.

The first ``EVEN`` places are spread evenly over the domain, and what differs on a share q of it is missed by all of
them with probability (1 - q)**EVEN: 2e-7 for a fiftieth. The others lie where functions like to differ and chance
seldom goes: corners, faces and edges of the domain, close to them, and at its small and large values.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b
from itertools import product
from typing import Final

import numpy as np

from content.items.stream import Bools, Floats, as_words, uniforms

DRAFT: Final = "draft"
"""The key for what has not been published: drafts, previews, certification. Its places are no secret."""
EVEN: Final = 768
"""0.98**768 = 2e-7: what differs on a fiftieth of the domain is found all but surely, with some room left."""
MAX_CORNERS: Final = 64
ON_EDGE: Final = 32
"""Places on each face and edge, some variables at an end and the others anywhere: what differs on half of an edge is
missed with probability 2e-10."""
ON_FACE: Final = 24
"""Where there are too many edges for that, places on each face."""
MOST_EDGES: Final = 24
"""More faces and edges than these have three variables together; of more variables, the faces, and some edges."""
SOME_EDGES: Final = 512
NEAR_END: Final = 12
"""Places close to each end of each variable."""
SMALL: Final = 128
"""Places of all sizes from the domain's reach down to ``SMALLEST_SHARE`` of it."""
SMALLEST_SHARE: Final = 1e-6
"""Closer to 0 the rounding of the numbers in a key would be taken for a difference."""

Domains = Mapping[str, tuple[float, float]]


def coordinates(variables: Domains, key: str) -> dict[str, Floats]:
    """Return the places of a key: for each variable the same number of values, those spread evenly first."""
    dice = _Dice(key, len(variables))
    shares = np.concatenate([dice.roll("even", EVEN), *_special(dice)])
    logarithmic = np.concatenate([np.zeros(len(shares), np.bool_), np.ones(SMALL, np.bool_)])
    shares = np.concatenate([shares, dice.roll("small", SMALL)])
    sizes = dice.roll("size", len(shares))
    return {
        name: _scaled(domain, shares[:, index], sizes[:, index], logarithmic)
        for index, (name, domain) in enumerate(variables.items())
    }


class _Dice:
    """Uniform numbers by purpose: as many columns as there are variables."""

    def __init__(self, key: str, columns: int) -> None:
        self.key, self.columns = key, columns

    def roll(self, purpose: str, rows: int) -> Floats:
        seed = int.from_bytes(blake2b(f"{self.key}:{purpose}".encode(), digest_size=8).digest(), "big") >> 1
        drawn = uniforms(as_words([seed]), slot=self.columns, size=rows * self.columns)
        return np.asarray(drawn[0].reshape(rows, self.columns))


def _special(dice: _Dice) -> Iterator[Floats]:
    """Yield shares of the way from the low end to the high end, in order of their importance."""
    yield _corners(dice)
    yield from _edges(dice)
    yield _at_ends(dice, "near", NEAR_END, lambda drawn, end: np.abs(end - 10 ** (-1 - 5 * drawn)))


def _edges(dice: _Dice) -> Iterator[Floats]:
    inside = dice.columns
    if 3**dice.columns - 2**dice.columns - 1 <= MOST_EDGES:
        patterns = [p for p in product((0.0, 1.0, np.nan), repeat=inside) if 0 < np.isnan(p).sum() < inside]
        ends = np.repeat(np.reshape(patterns, (-1, inside)), ON_EDGE, axis=0)
        yield np.where(np.isnan(ends), dice.roll("edge", len(ends)), ends)
        return
    yield _at_ends(dice, "face", ON_FACE, lambda drawn, end: np.full(len(drawn), float(end)))
    drawn, which = dice.roll("edge", SOME_EDGES), dice.roll("ends", SOME_EDGES)
    yield np.where(which < 1 / 3, 0.0, np.where(which > 2 / 3, 1.0, drawn))


def _corners(dice: _Dice) -> Floats:
    if 2**dice.columns <= MAX_CORNERS:
        return np.array(list(product((0.0, 1.0), repeat=dice.columns)))
    some = np.round(dice.roll("corner", MAX_CORNERS - 2))
    return np.concatenate([np.zeros((1, dice.columns)), np.ones((1, dice.columns)), some])


def _at_ends(dice: _Dice, purpose: str, count: int, place: Callable[[Floats, int], Floats]) -> Floats:
    """Return places with one variable at or near one of its ends and the others anywhere."""
    shares = dice.roll(purpose, 2 * dice.columns * count)
    for index in range(dice.columns):
        for end in (0, 1):
            rows = slice((2 * index + end) * count, (2 * index + end + 1) * count)
            shares[rows, index] = place(shares[rows, index], end)
    return shares


def _scaled(domain: tuple[float, float], shares: Floats, sizes: Floats, logarithmic: Bools) -> Floats:
    """Return values of one variable; logarithmic ones lie as far from 0 as ``sizes`` says."""
    low, high = domain
    nearest = min(max(0.0, low), high)
    values = np.where(shares == 1, high, low + (high - low) * shares)
    padded = np.where(logarithmic, SMALLEST_SHARE**sizes, 1.0)
    return np.where(logarithmic, nearest + (values - nearest) * padded, values)
