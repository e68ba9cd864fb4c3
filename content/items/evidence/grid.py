"""Variants side by side: each seed with its numbers, keys, mistakes and checks, and why it is rejected.

Rejected draws stand among the others, so that their author sees what learners never get.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from content.items.definition import ItemDefinition
from content.items.drawing import Batch, Variant, draw_batch, draw_freely, variant_of
from content.items.evidence.sampling import failing
from content.items.evidence.separation import distances
from content.items.evidence.writing import answer, brief, cut, offered, order
from content.items.presenting import interactions_shown
from content.items.soundness import NO_DRAW, agree, troubles
from content.items.stream import Floats, as_words

ROWS: Final = 20


@dataclass(frozen=True, slots=True)
class Cell:
    """What stands in a table, and the number by which it is sorted where it is one."""

    text: str
    order: float | None = None


@dataclass(frozen=True, slots=True)
class Mistake:
    """What a misconception leads to: ``distance`` in tolerances from the key, ``taken_for`` what it is taken for."""

    value: Cell
    distance: float | None
    taken_for: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Check:
    value: Cell
    agrees: bool


@dataclass(frozen=True, slots=True)
class Row:
    """One seed. ``rejected`` says why learners never get it; nothing where they may."""

    seed: int
    values: tuple[Cell, ...]
    keys: tuple[Cell, ...]
    mistakes: tuple[Mistake, ...]
    checks: tuple[Check, ...]
    rejected: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Grid:
    """Variants of consecutive seeds, and the names of the columns; a mistake's is (interaction, misconception)."""

    parameters: tuple[str, ...]
    interactions: tuple[str, ...]
    misconceptions: tuple[tuple[str, str], ...]
    checks: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def served(self) -> int:
        return sum(not row.rejected for row in self.rows)


@dataclass(frozen=True, slots=True)
class Opened:
    """The variant of one seed, with why learners never get it. There is none where it has no numbers to show."""

    seed: int
    variant: Variant | None
    rejected: tuple[str, ...]


def grid(definition: ItemDefinition, start: int = 0, rows: int = ROWS) -> Grid:
    """Return the variants of seeds from ``start`` on; one where all are the same. Raises what drawing raises."""
    count = rows if definition.is_exercise else 1
    batch = draw_batch(definition, as_words([start + n for n in range(count)]))
    rejected, mistakes = reasons(definition, batch), _mistakes(definition, batch)
    return Grid(
        parameters=tuple(definition.parameters),
        interactions=tuple(definition.interactions),
        misconceptions=tuple(_pairs(batch)),
        checks=tuple(definition.check),
        rows=tuple(
            _row(definition, batch, index, rejected[index], mistakes[index]) for index in range(count)
        ),
    )


def opened(definition: ItemDefinition, seed: int) -> Opened:
    """Return the variant of a seed, a rejected one too. Raises what drawing raises, and ValueError for no seed."""
    batch = draw_batch(definition, as_words([seed]))
    (rejected,) = reasons(definition, batch)
    return Opened(seed, variant_of(definition, batch, 0) if _is_drawn(batch, 0) else None, rejected)


def reasons(definition: ItemDefinition, batch: Batch) -> list[tuple[str, ...]]:
    """Return for each draw why learners never get it; of one that `require` rejects, which condition."""
    found: list[list[str]] = [[] for _ in range(len(batch))]
    for trouble in troubles(definition, batch):
        for index in np.flatnonzero(trouble.wrong):
            if trouble.reason != NO_DRAW:
                found[index].append(trouble.reason)
    never = np.flatnonzero(~batch.possible)
    if not len(never):
        return [tuple(one) for one in found]
    for index, (_, conditions) in zip(
        never, failing(definition.parameters, definition.require, batch.seeds[never]), strict=True
    ):
        first = f"; these numbers, the first ones, fail {' and '.join(conditions)}" if conditions else ""
        found[index] = [f"{NO_DRAW}{first}"]
    return [tuple(one) for one in found]


def _is_drawn(batch: Batch, index: int) -> bool:
    """Return whether a draw has a number everywhere, so that it can be shown."""
    arrays: list[Floats] = [*batch.values.values()]
    for group in (batch.computed, batch.misconceptions):
        arrays += [array for named in group.values() for array in named.values()]
    return bool(batch.possible[index]) and all(np.isfinite(array[index]).all() for array in arrays)


def _pairs(batch: Batch) -> Iterator[tuple[str, str]]:
    for identifier, values in batch.misconceptions.items():
        yield from ((identifier, slug) for slug in values)


def _row(
    definition: ItemDefinition,
    batch: Batch,
    index: int,
    rejected: tuple[str, ...],
    mistakes: tuple[Mistake, ...],
) -> Row:
    # Of a seed that `require` rejects the first throw is shown: the last one is no better.
    values = batch.values if batch.possible[index] else _thrown(definition, batch, index)
    return Row(
        seed=int(batch.seeds[index]),
        values=tuple(_cell(values[name][index], definition, name) for name in definition.parameters),
        keys=tuple(_keys(definition, batch, index)),
        mistakes=mistakes,
        checks=tuple(_check(definition, batch, name, index) for name in definition.check),
        rejected=rejected,
    )


def _thrown(definition: ItemDefinition, batch: Batch, index: int) -> dict[str, Floats]:
    return draw_freely(definition.parameters, batch.seeds[: index + 1])


def _cell(value: Any, definition: ItemDefinition, name: str | None = None) -> Cell:
    places = definition.places.get(name) if name else None
    return Cell(brief(value, places, definition.decimal), order(value))


def _keys(definition: ItemDefinition, batch: Batch, index: int) -> Iterator[Cell]:
    if not _is_drawn(batch, index):
        for computed in batch.computed.values():
            has_key = "key" in computed and batch.possible[index]
            yield _cell(computed["key"][index], definition) if has_key else Cell("–")
        return
    variant = variant_of(definition, batch, index)
    shown = interactions_shown(definition, variant)
    for identifier, interaction in definition.interactions.items():
        given = interaction.right_answer(variant.interactions[identifier], definition.decimal)
        key = batch.computed[identifier].get("key")
        text = cut(answer(given, shown[identifier]))
        if key is None and (choices := offered(shown[identifier])):
            text = f"{text} (of {cut(choices)})"
        yield Cell(text, None if key is None else order(key[index]))


def _mistakes(definition: ItemDefinition, batch: Batch) -> list[tuple[Mistake, ...]]:
    """Return for each draw what every misconception leads to."""
    columns = [
        _column(definition, batch, identifier, slug)
        for identifier, values in batch.misconceptions.items()
        for slug in values
    ]
    return [tuple(column[index] for column in columns) for index in range(len(batch))]


def _column(definition: ItemDefinition, batch: Batch, identifier: str, slug: str) -> list[Mistake]:
    interaction = definition.interactions[identifier]
    value = batch.misconceptions[identifier][slug]
    key = batch.computed[identifier].get("key")
    far = None if key is None else distances(interaction, key, value)
    known = {"the key": key} if key is not None else {}
    known |= {name: other for name, other in batch.misconceptions[identifier].items() if name != slug}
    taken = {name: interaction.accepts(other, value) for name, other in known.items()}
    return [
        Mistake(
            value=_cell(value[index], definition),
            distance=None if far is None or np.isnan(far[index]) else float(far[index]),
            taken_for=tuple(name for name, right in taken.items() if right is not None and right[index]),
        )
        if batch.possible[index]
        else Mistake(Cell("–"), None, ())
        for index in range(len(batch))
    ]


def _check(definition: ItemDefinition, batch: Batch, name: str, index: int) -> Check:
    row = slice(index, index + 1)
    if not batch.possible[index]:
        return Check(Cell("–"), True)
    agrees = bool(agree(batch.values[name][row], batch.checks[name][row])[0])
    return Check(_cell(batch.checks[name][index], definition), agrees)


def columns(found: Grid) -> Sequence[str]:
    """Return the titles of the columns of values, keys, mistakes and checks; a mistake with its answer if several."""
    several = len({identifier for identifier, _ in found.misconceptions}) > 1
    return (
        *found.parameters,
        *(f"key of {name}" for name in found.interactions),
        *(f"{slug} ({identifier})" if several else slug for identifier, slug in found.misconceptions),
        *(f"check of {name}" for name in found.checks),
    )
