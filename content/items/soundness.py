"""Which draws may be shown: the test that certification counts and that serving obeys.

A draw is fenced when its numbers are not finite, when the independent road disagrees, when the key as displayed
would be graded wrong, or when a misconception could not be told from the key or from another misconception.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from hashlib import blake2b
from itertools import combinations
from typing import Any

import numpy as np

from content.items.definition import ItemDefinition
from content.items.display import SIGNIFICANT_DIGITS, placeholders
from content.items.drawing import Batch, ImpossibleDraw, Variant, draw_batch, variant_of
from content.items.rows import every
from content.items.stream import SEED_BITS, Bools, Floats, Stream, as_words

AGREEMENT = 1e-9
"""Relative difference up to which two roads to the same value agree."""

LARGEST = 1e12
"""Magnitude beyond which a value is out of range."""

OUT_OF_RANGE = "is not finite or out of range"
SEEDS_TRIED = 64
SEEDS_AT_ONCE = 4
"""Half of all numbers belong to the other stream, and four draws cost what one does."""


def faults(definition: ItemDefinition, batch: Batch) -> dict[str, Bools]:
    """Return, for each reason that occurs, the draws it fences."""
    found = {"no draw satisfies require": ~batch.possible}
    meaningless = ~batch.possible
    with np.errstate(all="ignore"):
        for reason, wrong in _reasons(definition, batch):
            # What is not finite fails every other test as well: one reason is enough.
            wrong = wrong & ~meaningless
            found[reason] = found[reason] | wrong if reason in found else wrong
            if reason.endswith(OUT_OF_RANGE):
                meaningless |= wrong
    return {reason: wrong for reason, wrong in found.items() if wrong.any()}


def sound(definition: ItemDefinition, batch: Batch) -> Bools:
    """Return which draws may be served."""
    fenced = np.zeros(len(batch), dtype=np.bool_)
    for wrong in faults(definition, batch).values():
        fenced |= wrong
    return ~fenced


def sound_variant(definition: ItemDefinition, dice: random.Random, stream: Stream | None = None) -> Variant:
    """Return a variant from the first of the dice's seeds that gives a sound one of the stream; None: of any.

    The numbers decide as well as the seed: other seeds draw the same few numbers again, so each set of numbers
    belongs to one stream alone. Where all that an item can show belongs to practice, an attempt takes of that and
    does not break. Raises ImpossibleDraw when none of ``SEEDS_TRIED`` gives a variant.
    """
    spare = None
    for _ in range(SEEDS_TRIED // SEEDS_AT_ONCE):
        seeds = [_seed(dice, stream) for _ in range(SEEDS_AT_ONCE)]
        batch = draw_batch(definition, as_words(seeds))
        for index in np.flatnonzero(sound(definition, batch)):
            if stream is None or stream in streams_of(definition, batch, int(index)):
                return variant_of(definition, batch, int(index))
            spare = spare or variant_of(definition, batch, int(index))
    if spare and stream is Stream.ASSESSMENT:
        return spare
    raise ImpossibleDraw(f"{definition.slug}: {SEEDS_TRIED} seeds in a row gave no variant that may be shown")


def streams_of(definition: ItemDefinition, batch: Batch, index: int) -> Sequence[Stream]:
    """Return the streams to which the numbers of a draw belong: one of the two, or both where nothing is drawn."""
    if not definition.is_exercise:
        return tuple(Stream)
    numbers = blake2b(digest_size=1)
    for name in sorted(definition.parameters):
        # Adding zero makes one number of the two zeros.
        numbers.update(np.ascontiguousarray(batch.values[name][index] + 0.0).tobytes())
    return (Stream(numbers.digest()[0] & 1),)


def _seed(dice: random.Random, stream: Stream | None) -> int:
    return dice.getrandbits(SEED_BITS) if stream is None else stream.seed(dice)


def variant_again(definition: ItemDefinition, seed: int) -> Variant:
    """Return the variant of a seed. Raises ImpossibleDraw when it gives none that may be shown."""
    batch = draw_batch(definition, as_words([seed]))
    if not sound(definition, batch)[0]:
        raise ImpossibleDraw(f"{definition.slug}: seed {seed} gives no variant that may be shown")
    return variant_of(definition, batch, 0)


def _reasons(definition: ItemDefinition, batch: Batch) -> Iterator[tuple[str, Bools]]:
    for name, array in batch.values.items():
        yield f"{name} {OUT_OF_RANGE}", ~_finite(array)
    for name, other in batch.checks.items():
        yield f"check of {name} disagrees", ~_agree(batch.values[name], other)
    for name, places in _displayed(definition).items():
        exact = _displayed_exactly(batch.values[name], places)
        yield f"{name} is not displayed as it is computed with", ~exact
    for identifier in definition.interactions:
        yield from _reasons_of_interaction(definition, batch, identifier)


def _reasons_of_interaction(
    definition: ItemDefinition, batch: Batch, identifier: str
) -> Iterator[tuple[str, Bools]]:
    interaction = definition.interactions[identifier]
    key = batch.computed[identifier].get("key")
    if key is None:
        return
    yield f"the key of {identifier} {OUT_OF_RANGE}", ~_finite(key)
    accepted = interaction.accepts(key, _as_displayed(key))
    if accepted is not None:
        yield f"the key of {identifier} as displayed is not right", ~accepted
    values = batch.misconceptions.get(identifier, {})
    for slug, value in values.items():
        yield f"{slug} {OUT_OF_RANGE}", ~_finite(value)
        yield f"{slug} is taken for the key", _confused(interaction.accepts(key, value))
    for (one, first), (other, second) in combinations(values.items(), 2):
        yield f"{one} is taken for {other}", _confused(interaction.accepts(first, second))


def _confused(accepted: Bools | None) -> Bools:
    return np.zeros(1, dtype=np.bool_) if accepted is None else accepted


def _finite(array: Floats) -> Bools:
    size = np.abs(array)
    if size.max(initial=0.0) <= LARGEST:
        return np.ones(len(array), dtype=np.bool_)
    return every(size <= LARGEST)


def _agree(one: Floats, other: Floats) -> Bools:
    if one.shape != other.shape:
        return np.zeros(len(one), dtype=np.bool_)
    apart = np.abs(one - other)
    if apart.max(initial=0.0) <= AGREEMENT:
        return np.ones(len(one), dtype=np.bool_)
    return every(apart <= AGREEMENT * np.maximum(1.0, np.maximum(np.abs(one), np.abs(other))))


def _displayed(definition: ItemDefinition) -> Mapping[str, int | None]:
    """Return the values that the body states, with the decimal places it states them to."""
    places: dict[str, Any] = definition.places
    return {
        name: asked if asked is not None else places.get(name)
        for _, _, name, asked in placeholders(definition.body)
    }


def _displayed_exactly(value: Floats, places: int | None) -> Bools:
    """Whether what the learner reads is what the key was computed from."""
    shown = _as_displayed(value) if places is None else np.round(value, places)
    return _agree(value, shown)


def _as_displayed(values: Floats) -> Floats:
    """Return values rounded to the significant digits with which computed values are displayed."""
    magnitude = np.floor(np.log10(np.where(values == 0, 1.0, np.abs(values))))
    scale = 10.0 ** (SIGNIFICANT_DIGITS - 1 - magnitude)
    return np.asarray(np.round(values * scale) / scale)
