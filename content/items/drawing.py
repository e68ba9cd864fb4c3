"""Drawing variants: from seeds to numbers, one or ten thousand in one pass."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from hashlib import blake2b
from typing import Any, Self

import numpy as np

from content.expressions import Expression
from content.items.definition import ItemDefinition
from content.items.display import fill
from content.items.interactions.base import Draw
from content.items.parameters import Parameter
from content.items.rows import every
from content.items.stream import Bools, Floats, Words, as_words, uniforms

STREAM_VERSION = 1
MAX_RETRIES = 64
"""How often a draw that ``require`` rejects is drawn again before the seed counts as impossible."""


class ImpossibleDraw(ValueError):
    """No draw from this seed satisfies ``require``."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Many draws of one exercise; every array leads with the draws.

    ``possible`` marks the draws that satisfy ``require``; the values of the others mean nothing.
    """

    seeds: Words
    possible: Bools
    values: Mapping[str, Floats]
    computed: Mapping[str, Mapping[str, Floats]]
    misconceptions: Mapping[str, Mapping[str, Floats]]
    checks: Mapping[str, Floats]

    def __len__(self) -> int:
        return len(self.seeds)


@dataclass(frozen=True, slots=True)
class Variant:
    """One draw as it is shown and stored: values, and for each interaction its key, policy, arrangement and
    misconceptions. It can always be graded without drawing again."""

    seed: int
    values: Mapping[str, Any]
    interactions: Mapping[str, Mapping[str, Any]]
    stream_version: int = STREAM_VERSION

    def to_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "values": dict(self.values),
            "interactions": {identifier: dict(record) for identifier, record in self.interactions.items()},
            "stream_version": self.stream_version,
        }

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> Self:
        return cls(**stored)


def draw_batch(definition: ItemDefinition, seeds: Words) -> Batch:
    """Return a draw for each seed. Raises ExpressionError where the shapes of an expression do not fit."""
    values, possible = draw_parameters(definition.parameters, definition.require, seeds)
    return computed_from(definition, seeds, values, possible)


def computed_from(
    definition: ItemDefinition, seeds: Words, drawn: Mapping[str, Floats], possible: Bools
) -> Batch:
    """Return the draws whose parameters are given. Raises ExpressionError as `draw_batch` does."""
    values = dict(drawn)
    count = len(seeds)
    for name, step in definition.steps.items():
        values[name] = _floats(step.evaluate(values, count))
    return Batch(
        seeds=seeds,
        possible=possible,
        values=values,
        computed={
            identifier: {name: _floats(e.evaluate(values, count)) for name, e in interaction.computed.items()}
            for identifier, interaction in definition.interactions.items()
        },
        misconceptions={
            identifier: {rule.slug: _floats(rule.value.evaluate(values, count)) for rule in rules}
            for identifier, rules in definition.misconceptions.items()
        },
        checks={name: _floats(e.evaluate(values, count)) for name, e in definition.check.items()},
    )


def join(batches: list[Batch]) -> Batch:
    """Return the draws of several batches of one exercise as one."""
    if len(batches) == 1:
        return batches[0]
    first = batches[0]
    return Batch(
        seeds=np.concatenate([batch.seeds for batch in batches]),
        possible=np.concatenate([batch.possible for batch in batches]),
        values=_joined([batch.values for batch in batches]),
        computed={i: _joined([batch.computed[i] for batch in batches]) for i in first.computed},
        misconceptions={
            i: _joined([batch.misconceptions[i] for batch in batches]) for i in first.misconceptions
        },
        checks=_joined([batch.checks for batch in batches]),
    )


def _joined(parts: list[Mapping[str, Floats]]) -> dict[str, Floats]:
    return {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}


def draw_variant(definition: ItemDefinition, seed: int) -> Variant:
    """Return the variant of one seed. Raises ImpossibleDraw when ``require`` cannot be met."""
    batch = draw_batch(definition, as_words([seed]))
    if not batch.possible[0]:
        raise ImpossibleDraw(f"{definition.slug}: no draw from seed {seed} satisfies what it requires")
    return variant_of(definition, batch, 0)


def variant_of(definition: ItemDefinition, batch: Batch, index: int) -> Variant:
    """Return one draw of a batch as a variant."""
    seed = batch.seeds[index : index + 1]
    values = {name: _plain(array[index]) for name, array in batch.values.items()}
    interactions = {}
    for identifier, interaction in definition.interactions.items():
        draw = Draw(
            computed={name: _plain(array[index]) for name, array in batch.computed[identifier].items()},
            uniforms=partial(_arrangement, seed, identifier),
            fill=partial(fill, values=values, places=definition.places, decimal=definition.decimal),
        )
        expected = batch.misconceptions.get(identifier, {})
        interactions[identifier] = {
            **interaction.record(draw),
            "misconceptions": {slug: _plain(array[index]) for slug, array in expected.items()},
        }
    return Variant(seed=int(seed[0]), values=values, interactions=interactions)


def draw_parameters(
    parameters: Mapping[str, Parameter], require: Sequence[Expression], seeds: Words
) -> tuple[dict[str, Floats], Bools]:
    """Draw, and draw again the rows that are rejected, each from its own place in the stream.

    Return the values and which of them satisfy what is required. Raises ExpressionError.
    """
    values = {name: np.empty((len(seeds), *parameter.shape)) for name, parameter in parameters.items()}
    waiting = np.arange(len(seeds))
    for retry in range(MAX_RETRIES):
        drawn, kept = _draw_once(parameters, require, seeds[waiting], retry)
        for name, array in drawn.items():
            values[name][waiting] = array
        waiting = waiting[~kept]
        if not len(waiting):
            break
    possible = np.ones(len(seeds), dtype=np.bool_)
    possible[waiting] = False
    return values, possible


def _draw_once(
    parameters: Mapping[str, Parameter], require: Sequence[Expression], seeds: Words, retry: int
) -> tuple[dict[str, Floats], Bools]:
    drawn = draw_freely(parameters, seeds, retry)
    kept = np.ones(len(seeds), dtype=np.bool_)
    for name, parameter in parameters.items():
        kept &= parameter.accepts(drawn[name])
    for condition in require:
        kept &= holds(condition.evaluate(drawn, len(seeds)))
    return drawn, kept


def draw_freely(parameters: Mapping[str, Parameter], seeds: Words, retry: int = 0) -> dict[str, Floats]:
    """Return one draw of each parameter for each seed, whatever is required of them."""
    return {
        name: parameter.draw(
            uniforms(
                seeds,
                slot=_slot("parameter", name),
                retry=retry,
                size=parameter.size * parameter.uniforms_per_value,
            )
        )
        for name, parameter in parameters.items()
    }


def _arrangement(seed: Words, identifier: str, size: int) -> Floats:
    return np.asarray(uniforms(seed, slot=_slot("arrangement", identifier), size=size)[0])


def _slot(purpose: str, name: str) -> int:
    """Return the place of a name in the stream: its own, whatever else the document draws."""
    return int.from_bytes(blake2b(f"{purpose}:{name}".encode(), digest_size=8).digest(), "big")


def holds(values: Floats | Bools) -> Bools:
    """Return per draw whether a condition is true everywhere; nan is not true."""
    return every(np.not_equal(values, 0) & np.equal(values, values))


def _floats(values: Floats | Bools) -> Floats:
    return np.asarray(values, dtype=np.float64)


def _plain(value: Floats) -> Any:
    """Return Python floats and lists, with no negative zero."""
    return (value + 0.0).tolist()
