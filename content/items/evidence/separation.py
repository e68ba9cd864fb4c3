"""How far wrong answers with a name lie from the key and from each other, in tolerances, over all draws."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final

import numpy as np

from content.items.definition import ItemDefinition
from content.items.drawing import Batch
from content.items.interactions import Interaction
from content.items.rows import every
from content.items.soundness import LARGEST, agree
from content.items.stream import Bools, Floats

QUANTILES: Final = (0.0, 0.05, 0.25, 0.5, 0.75, 0.95, 1.0)
NONE: Final = 1e-12
"""Relative difference that is only the rounding of the arithmetic."""
SEEDS: Final = 3
MOST_PAIRS: Final = 250
"""Pairs that are measured: nobody looks at more of them. Certification compares all."""


@dataclass(frozen=True, slots=True)
class Separation:
    """How one misconception of an interaction stands to ``other``, or to the key where that is None.

    ``taken`` is the share of the ``judged`` draws in which an answer would be taken for the other; None where the
    policy judges no arrays. ``same`` is the share in which both are one value. ``quantiles`` are distances in
    tolerances; None where the policy has no width. ``seeds`` open the draws in which they are closest.
    """

    interaction: str
    slug: str
    other: str | None
    judged: int
    taken: float | None
    same: float
    quantiles: tuple[float, ...] | None
    seeds: tuple[int, ...]
    wrong: Bools

    @property
    def smallest(self) -> float | None:
        return self.quantiles[0] if self.quantiles else None

    @property
    def median(self) -> float | None:
        return self.quantiles[QUANTILES.index(0.5)] if self.quantiles else None

    @property
    def is_always_the_same(self) -> bool:
        return self.judged > 0 and self.same >= 1


def separations(definition: ItemDefinition, batch: Batch) -> tuple[list[Separation], int]:
    """Return how every misconception stands to the key, and to every other one of its interaction.

    Of more than ``MOST_PAIRS`` the first ones are measured, those with keys before all others; the second value is
    how many are not.
    """
    pairs = [
        (identifier, slug, other)
        for identifier, values in batch.misconceptions.items()
        if "key" in batch.computed[identifier]
        for slug, other in [*((slug, None) for slug in values), *combinations(values, 2)]
    ]
    chosen = sorted(pairs, key=lambda pair: pair[2] is not None)[:MOST_PAIRS]
    measured = [
        _separation(definition.interactions[pair[0]], batch, pair) for pair in pairs if pair in chosen
    ]
    return measured, len(pairs) - len(measured)


def _separation(interaction: Interaction, batch: Batch, pair: tuple[str, str, str | None]) -> Separation:
    identifier, slug, other = pair
    values = batch.misconceptions[identifier]
    value, key = values[slug], batch.computed[identifier]["key"] if other is None else values[other]
    rows = np.flatnonzero(batch.possible & _usable(key) & _usable(value))
    key, value = key[rows], value[rows]
    accepted = interaction.accepts(key, value) if len(rows) else np.zeros(0, np.bool_)
    same = agree(key, value)
    far = distances(interaction, key, value) if len(rows) else None
    wrong = np.zeros(len(batch), dtype=np.bool_)
    wrong[rows] = same if accepted is None else accepted
    return Separation(
        interaction=interaction.id,
        slug=slug,
        other=other,
        judged=len(rows),
        taken=None if accepted is None or not len(rows) else float(accepted.mean()),
        same=float(same.mean()) if len(rows) else 0.0,
        quantiles=_quantiles(far),
        seeds=_closest(batch, rows, far, wrong),
        wrong=wrong,
    )


def _usable(values: Floats) -> Bools:
    with np.errstate(invalid="ignore"):
        return every(np.abs(values) <= LARGEST)


def distances(interaction: Interaction, key: Floats, answer: Floats) -> Floats | None:
    """Return for each draw how many tolerances lie between a key and an answer: of a vector, in its worst component.

    0 where they are the same, infinite where the tolerance is none, nan where one of them is no finite number; None
    where the policy has no width.
    """
    half_width = getattr(getattr(interaction, "policy", None), "half_width", None)
    if half_width is None:
        return None
    with np.errstate(all="ignore"):
        gap = np.where(np.isfinite(key) & np.isfinite(answer), np.abs(answer - key), np.nan)
        width = np.broadcast_to(half_width(key), key.shape)
        far = np.where(gap <= NONE * np.abs(key), 0.0, gap / width)
    return np.asarray(far.reshape(len(key), -1).max(axis=1, initial=0.0))


def _quantiles(far: Floats | None) -> tuple[float, ...] | None:
    if far is None or not len(far):
        return None
    ordered = np.sort(far)
    # By rank, without a mean of two: infinite distances have none.
    return tuple(float(ordered[round(share * (len(ordered) - 1))]) for share in QUANTILES)


def _closest(batch: Batch, rows: Any, far: Floats | None, wrong: Bools) -> tuple[int, ...]:
    if far is None:
        return tuple(int(seed) for seed in batch.seeds[np.flatnonzero(wrong)[:SEEDS]])
    nearest = np.argsort(far, kind="stable")[:SEEDS]
    return tuple(int(seed) for seed in batch.seeds[rows[nearest]])
