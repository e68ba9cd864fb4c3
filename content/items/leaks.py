"""Keys that need no thought: shown before the answer, the same in most draws, or within a tolerance of anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from content.items.definition import ItemDefinition
from content.items.display import placeholders
from content.items.drawing import Batch
from content.items.findings import Finding, in_draws, refusal
from content.items.interactions import Interaction
from content.items.markup import as_read
from content.items.soundness import agree, as_displayed, written_columns
from content.items.stream import Bools, Floats
from content.items.usage import Offer, Usage, names_in

MAX_SHOWN: Final = 0.5
"""Share of draws in which a value shown may be the key: above it, it is no coincidence."""
MAX_CONSTANT: Final = 0.2
"""Share of draws in which one constant answer to all numbers of an item may be right."""
MAX_CONSTANT_PART: Final = 0.5
"""Share of draws in which one constant answer to a number may be right where other numbers are asked as well."""
TRIED: Final = 1_000
FEW_TEXTS: Final = 3
CANDIDATES: Final = 120
"""How many constant answers are tried, spread over the keys by rank."""


def of_keys(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    """Yield what gives a key away; ``served`` are the indices of the draws that learners may get."""
    if not len(served):
        return
    usage = Usage(definition)
    rows = served[:TRIED]
    if definition.is_exercise:
        yield from _unseen(definition, batch, usage)
        yield from _unused(definition, usage)
        for identifier in definition.interactions:
            yield from _shown(definition, batch, rows, identifier)
    yield from _constant(definition, batch, served)


def _unseen(definition: ItemDefinition, batch: Batch, usage: Usage) -> Iterator[Finding]:
    for identifier in definition.interactions:
        for name in sorted(usage.needed(identifier) - usage.shown):
            if _varies(batch.values[name]):
                yield refusal(
                    f"{name} is needed for the key of {identifier}, and the learner is never shown it",
                    f"parameters.{name}",
                )


def _unused(definition: ItemDefinition, usage: Usage) -> Iterator[Finding]:
    for name in definition.parameters:
        if name not in usage.used:
            yield refusal(f"{name} is drawn and never used", f"parameters.{name}")


def _varies(values: Floats) -> bool:
    return bool((values != values[:1]).any())


def _shown(definition: ItemDefinition, batch: Batch, rows: Any, identifier: str) -> Iterator[Finding]:
    """Yield the places before the answer at which a value stands that is right."""
    interaction = definition.interactions[identifier]
    yield from _shown_texts(definition, interaction)
    key = batch.computed[identifier].get("key")
    if key is None or "key" not in interaction.computed:
        return
    told = set()
    for place, path, quote, values in _stated(definition, batch, rows, identifier):
        if place in told or values.shape != key[rows].shape:
            continue
        right = is_right(interaction, key[rows], values)
        if right.mean() > MAX_SHOWN:
            told.add(place)
            wrong = np.zeros(len(batch), dtype=np.bool_)
            wrong[rows] = right
            reason = f"{place} shows the key of {identifier}"
            yield in_draws(definition, batch, reason, wrong, path=path, quote=quote)


def is_right(interaction: Interaction, key: Floats, values: Floats) -> Bools:
    """Return the draws in which values would be right for the key; where a policy takes no arrays, are the key."""
    accepted = interaction.accepts(key, values)
    return agree(key, values) if accepted is None else accepted


def _stated(
    definition: ItemDefinition, batch: Batch, rows: Any, identifier: str
) -> Iterator[tuple[str, str, str, Floats]]:
    """Yield where a value stands before the answer, in words, as a path and as a quotation of what stands there, and
    the value as it is displayed, for some draws."""
    offered = [one for one in Usage(definition).offered if not one.place.endswith(f" of {identifier}")]
    for place, path, text in (*offered, *_hints(definition)):
        for start, end, name, asked in placeholders(text):
            places = asked if asked is not None else definition.places.get(name)
            values = batch.values[name][rows]
            shown = as_displayed(values) if places is None else np.round(values, places)
            yield f"{{{name}}} in {place}", path, text[start:end], shown
    part = {name: array[rows] for name, array in batch.values.items()}
    for number, figure in enumerate(definition.figures):
        for expression in figure.marked:
            values = np.asarray(expression.evaluate(part, len(rows)), dtype=np.float64)
            yield f"{expression.text} in a figure", f"figures.{number}", "", values


def _hints(definition: ItemDefinition) -> Iterator[Offer]:
    for number, hint in enumerate(definition.hints):
        yield Offer(f"hint {number + 1}", f"hints.{number}", hint)


def _shown_texts(definition: ItemDefinition, interaction: Interaction) -> Iterator[Finding]:
    """Yield the places that show a value which, typed as it stands, is a right text."""
    keys = {text.strip() for text in interaction.key_texts if text.strip().startswith("{")}
    for place, path, text in (*Usage(definition).offered, *_hints(definition)):
        for start, end, name, _ in placeholders(text):
            if text[start:end] in keys:
                reason = f"{{{name}}} in {place} shows the key of {interaction.id}"
                yield refusal(reason, path, text[start:end])


def _constant(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    """Yield the constant answers that are right too often, and tolerances in which even the sign is free."""
    numbers = [i for i, interaction in definition.interactions.items() if "key" in interaction.computed]
    if not definition.is_exercise:
        for identifier in numbers:
            key = batch.computed[identifier]["key"][served]
            if is_right(definition.interactions[identifier], key, -key)[0] and (key != 0).any():
                yield refusal(
                    f"the tolerance of {identifier} is wider than its key: minus the key is right too",
                    f"interactions.{identifier}.policy",
                )
        return
    for interaction in definition.interactions.values():
        if interaction.key_texts:
            yield from _constant_text(definition, batch, served, interaction)
    if len(numbers) > 1:
        for identifier in numbers:
            yield from _constant_numbers(definition, batch, served, [identifier], MAX_CONSTANT_PART)
    if numbers:
        yield from _constant_numbers(definition, batch, served, numbers, MAX_CONSTANT)


def _constant_numbers(
    definition: ItemDefinition, batch: Batch, served: Any, identifiers: list[str], most: float
) -> Iterator[Finding]:
    """Yield the constant answer to some numbers together that is right in more than ``most`` of the draws."""
    best, share = best_constant(definition, batch, served, identifiers)
    if share > most:
        shown = ", ".join(f"{number:.6g}" for one in best for number in np.ravel(one))
        names = ", ".join(identifiers)
        reason = f"one constant answer to {names}, {shown}, is right too often"
        yield Finding(reason, share, True, (), f"interactions.{identifiers[0]}.key")


def best_constant(
    definition: ItemDefinition, batch: Batch, served: Any, identifiers: Sequence[str]
) -> tuple[Sequence[Floats], float]:
    """Return the constant answer to some numbers together that is right most often, and its share of the draws."""
    keys = [batch.computed[identifier]["key"][served[:TRIED]] for identifier in identifiers]
    best: Sequence[Floats] = ()
    share = 0.0
    for candidate in _candidates(keys):
        right = np.ones(len(keys[0]), dtype=np.bool_)
        for identifier, key, one in zip(identifiers, keys, candidate, strict=True):
            right &= is_right(
                definition.interactions[identifier], key, np.broadcast_to(one, key.shape).copy()
            )
        if right.mean() > share:
            best, share = candidate, float(right.mean())
    return best, share


def _candidates(keys: list[Floats]) -> Iterator[Sequence[Floats]]:
    """Yield answers to try: 0, the medians, the keys that occur most, and keys spread by rank."""
    yield [np.zeros(key.shape[1:]) for key in keys]
    yield [np.asarray(np.median(key, axis=0)) for key in keys]
    flat = np.concatenate([key.reshape(len(key), -1) for key in keys], axis=1)
    _, first, counts = np.unique(flat, axis=0, return_index=True, return_counts=True)
    often = first[np.argsort(-counts, kind="stable")[:5]]
    spread = first[np.linspace(0, len(first) - 1, min(CANDIDATES, len(first))).astype(int)]
    for index in dict.fromkeys([*often, *spread]):
        yield [key[index] for key in keys]


def _constant_text(
    definition: ItemDefinition, batch: Batch, served: Any, interaction: Interaction
) -> Iterator[Finding]:
    if not all(map(names_in, interaction.key_texts)):
        # A text that is fixed beside numbers that vary is a question of its own, unless it is all there is.
        if len(definition.interactions) == 1:
            reason = f"the key of {interaction.id} is the same in every draw"
            yield refusal(reason, f"interactions.{interaction.id}")
        return
    # Written one by one: a thousand draws tell a share as well, and nobody waits for ten thousand of many texts.
    rows = served[:TRIED] if len(interaction.key_texts) > FEW_TEXTS else served
    written = written_columns(definition, batch, rows)
    counts: Counter[str] = Counter()
    for row in zip(*(written(text) for text in interaction.key_texts), strict=True):
        counts.update({as_read(text) for text in row})
    ((answer, count),) = counts.most_common(1)
    if count / len(rows) > MAX_CONSTANT:
        reason = f"one constant answer to {interaction.id}, {answer}, is right too often"
        yield Finding(reason, count / len(rows), True, (), f"interactions.{interaction.id}")
