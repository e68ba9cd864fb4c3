"""Which draws may be shown: the test that certification counts and that serving obeys.

A draw is rejected when its numbers are not finite, when the independent road disagrees, when the key as displayed
would be graded wrong, when a misconception could not be told from the key or from another misconception, or when its
own kind says that nobody could answer it rightly.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import blake2b
from itertools import combinations
from typing import Any

import numpy as np

from content.items.definition import ItemDefinition
from content.items.display import SIGNIFICANT_DIGITS, format_value, placeholders
from content.items.drawing import Batch, ImpossibleDraw, Variant, draw_batch, variant_of
from content.items.interactions.base import Draws, Trouble
from content.items.rows import every
from content.items.stream import SEED_BITS, Bools, Floats, Stream, as_words

AGREEMENT = 1e-9
"""Relative difference up to which two roads to the same value agree."""

LARGEST = 1e12
"""Magnitude beyond which a value is out of range."""

OUT_OF_RANGE = "is not finite or out of range"
NO_DRAW = "no draw satisfies require"
SEEDS_TRIED = 64
SEEDS_AT_ONCE = 4
"""Half of all numbers belong to the other stream, and four draws cost what one does."""
REASONS = 5
"""How many reasons are told when no seed gave a variant: the most frequent ones."""
KEPT = "its numbers belong to the other stream"


def faults(definition: ItemDefinition, batch: Batch) -> dict[str, Bools]:
    """Return, for each reason that occurs, the draws it rejects."""
    return {trouble.reason: trouble.wrong for trouble in troubles(definition, batch)}


def troubles(definition: ItemDefinition, batch: Batch) -> list[Trouble]:
    """Return each reason that occurs, with the draws it rejects and whether it refuses the item."""
    impossible = ~batch.possible
    found = {NO_DRAW: Trouble(NO_DRAW, impossible, path="require")}
    meaningless = impossible.copy()
    with np.errstate(all="ignore"):
        for trouble in _troubles(definition, batch):
            # What is not finite fails every other test as well: one reason is enough.
            wrong = trouble.wrong & ~meaningless
            earlier = found.get(trouble.reason)
            wrong = wrong if earlier is None else wrong | earlier.wrong
            found[trouble.reason] = replace(trouble, wrong=wrong)
            if trouble.reason.endswith(OUT_OF_RANGE):
                meaningless |= wrong
    return [trouble for trouble in found.values() if trouble.wrong.any()]


def sound(definition: ItemDefinition, batch: Batch) -> Bools:
    """Return which draws may be served."""
    return _sound(faults(definition, batch), len(batch))


def _sound(found: Mapping[str, Bools], count: int) -> Bools:
    fenced = np.zeros(count, dtype=np.bool_)
    for wrong in found.values():
        fenced |= wrong
    return ~fenced


def sound_variant(definition: ItemDefinition, dice: random.Random, stream: Stream | None = None) -> Variant:
    """Return a variant from the first of the dice's seeds that gives a sound one of the stream; None: of any.

    The numbers decide as well as the seed: other seeds draw the same few numbers again, so each set of numbers
    belongs to one stream alone. Where all that an item can show belongs to practice, an attempt takes of that and
    does not break. Raises ImpossibleDraw when none of ``SEEDS_TRIED`` gives a variant.
    """
    spare = None
    reasons: Counter[str] = Counter()
    for _ in range(SEEDS_TRIED // SEEDS_AT_ONCE):
        seeds = [_seed(dice, stream) for _ in range(SEEDS_AT_ONCE)]
        batch = draw_batch(definition, as_words(seeds))
        found = faults(definition, batch)
        for index in np.flatnonzero(_sound(found, len(batch))):
            if stream is None or stream in streams_of(definition, batch, int(index)):
                return variant_of(definition, batch, int(index))
            spare = spare or variant_of(definition, batch, int(index))
            reasons[KEPT] += 1
        reasons.update({reason: int(wrong.sum()) for reason, wrong in found.items()})
    if spare and stream is Stream.ASSESSMENT:
        return spare
    raise _no_variant(definition, reasons)


def _no_variant(definition: ItemDefinition, reasons: Counter[str]) -> ImpossibleDraw:
    counted = "; ".join(
        f"{reason} ({count} of {SEEDS_TRIED})" for reason, count in reasons.most_common(REASONS)
    )
    return ImpossibleDraw(
        f"{definition.slug}: {SEEDS_TRIED} seeds in a row gave no variant that may be shown: {counted}"
    )


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


def written_columns(
    definition: ItemDefinition, batch: Batch, rows: Any = None
) -> Callable[[str], Sequence[str]]:
    """Return what writes an author's text once for each draw, or each of the draws ``rows``, in its numbers."""
    chosen = slice(None) if rows is None else rows
    count = len(batch) if rows is None else len(rows)
    formatted: dict[tuple[str, int | None], list[str]] = {}
    places = definition.places

    def column(name: str, asked: int | None) -> list[str]:
        shown = asked if asked is not None else places.get(name)
        if (name, shown) not in formatted:
            formatted[name, shown] = _formatted(batch.values[name][chosen], shown, definition.decimal)
        return formatted[name, shown]

    def written(text: str) -> Sequence[str]:
        marks = placeholders(text)
        if not marks:
            return [text] * count
        ends = [0, *(end for _, end, _, _ in marks)]
        starts = [*(start for start, _, _, _ in marks), len(text)]
        plain = [text[end:start] for end, start in zip(ends, starts, strict=True)]
        columns = [column(name, asked) for _, _, name, asked in marks]
        return [
            plain[0] + "".join(value + after for value, after in zip(row, plain[1:], strict=True))
            for row in zip(*columns, strict=True)
        ]

    return written


def _formatted(values: Floats, places: int | None, decimal: str) -> list[str]:
    """Return each draw's value as it is displayed; equal ones are formatted once."""
    known: dict[bytes, str] = {}
    texts = []
    for value in np.ascontiguousarray(values + 0.0):
        bits = value.tobytes()
        if bits not in known:
            known[bits] = format_value(value, places, decimal) if np.isfinite(value).all() else str(value)
        texts.append(known[bits])
    return texts


def _troubles(definition: ItemDefinition, batch: Batch) -> Iterator[Trouble]:
    for name, array in batch.values.items():
        yield Trouble(f"{name} {OUT_OF_RANGE}", ~_finite(array), path=_path_of(definition, name))
    for name, other in batch.checks.items():
        disagreeing = ~agree(batch.values[name], other)
        yield Trouble(f"check of {name} disagrees", disagreeing, refuses=True, path=f"check.{name}")
    for name, places in _displayed(definition).items():
        exact = _displayed_exactly(batch.values[name], places)
        reason = f"{name} is not displayed as it is computed with"
        yield Trouble(reason, ~exact, path=_path_of(definition, name))
    written = written_columns(definition, batch)
    for identifier, interaction in definition.interactions.items():
        yield from _troubles_of_key(definition, batch, identifier)
        for trouble in interaction.troubles(Draws(len(batch), batch.computed[identifier], written)):
            below = f".{trouble.path}" if trouble.path else ""
            yield replace(trouble, path=f"interactions.{identifier}{below}")


def _path_of(definition: ItemDefinition, name: str) -> str:
    return f"steps.{name}" if name in definition.steps else f"parameters.{name}"


def _troubles_of_key(definition: ItemDefinition, batch: Batch, identifier: str) -> Iterator[Trouble]:
    interaction = definition.interactions[identifier]
    key = batch.computed[identifier].get("key")
    if key is None:
        return
    path = f"interactions.{identifier}.key"
    yield Trouble(f"the key of {identifier} {OUT_OF_RANGE}", ~_finite(key), path=path)
    accepted = interaction.accepts(key, as_displayed(key))
    if accepted is not None:
        yield Trouble(f"the key of {identifier} as displayed is not right", ~accepted, path=path)
    values = batch.misconceptions.get(identifier, {})
    as_key: dict[str, Bools] = {}
    for slug, value in values.items():
        path = f"misconceptions.{identifier}.{slug}"
        yield Trouble(f"{slug} {OUT_OF_RANGE}", ~_finite(value), path=path)
        as_key[slug] = _confused(interaction.accepts(key, value))
        yield Trouble(f"{slug} is taken for the key", as_key[slug], path=path)
    for (one, first), (other, second) in combinations(values.items(), 2):
        path = f"misconceptions.{identifier}.{other}"
        # What is taken for the key is told of that alone.
        confused = _confused(interaction.accepts(first, second)) & ~as_key[one] & ~as_key[other]
        yield Trouble(f"{one} is taken for {other}", confused, path=path)


def _confused(accepted: Bools | None) -> Bools:
    return np.zeros(1, dtype=np.bool_) if accepted is None else accepted


def _finite(array: Floats) -> Bools:
    size = np.abs(array)
    if size.max(initial=0.0) <= LARGEST:
        return np.ones(len(array), dtype=np.bool_)
    return every(size <= LARGEST)


def agree(one: Floats, other: Floats) -> Bools:
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
    shown = as_displayed(value) if places is None else np.round(value, places)
    return agree(value, shown)


def as_displayed(values: Floats) -> Floats:
    """Return values rounded to the significant digits with which computed values are displayed."""
    magnitude = np.floor(np.log10(np.where(values == 0, 1.0, np.abs(values))))
    scale = 10.0 ** (SIGNIFICANT_DIGITS - 1 - magnitude)
    return np.asarray(np.round(values * scale) / scale)
