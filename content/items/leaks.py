"""Keys that need no thought: shown before the answer, the same in most draws, or within a tolerance of anything."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
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
from content.items.usage import Usage, names_in

MAX_SHOWN: Final = 0.5
"""Share of draws in which a value shown may be the key: above it, it is no coincidence."""
MAX_CONSTANT: Final = 0.2
"""Share of draws in which one constant answer may be right."""
TRIED: Final = 1_000
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
    for identifier, interaction in definition.interactions.items():
        yield from _constant(definition, batch, served, identifier, interaction)


def _unseen(definition: ItemDefinition, batch: Batch, usage: Usage) -> Iterator[Finding]:
    for identifier in definition.interactions:
        for name in sorted(usage.needed(identifier) - usage.shown):
            if _varies(batch.values[name]):
                yield refusal(
                    f"{name} is needed for the key of {identifier}, and the learner is never shown it"
                )


def _unused(definition: ItemDefinition, usage: Usage) -> Iterator[Finding]:
    for name in definition.parameters:
        if name not in usage.used:
            yield refusal(f"{name} is drawn and never used")


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
    for place, values in _stated(definition, batch, rows, identifier):
        if place in told or values.shape != key[rows].shape:
            continue
        right = is_right(interaction, key[rows], values)
        if right.mean() > MAX_SHOWN:
            told.add(place)
            wrong = np.zeros(len(batch), dtype=np.bool_)
            wrong[rows] = right
            yield in_draws(definition, batch, f"{place} shows the key of {identifier}", wrong)


def is_right(interaction: Interaction, key: Floats, values: Floats) -> Bools:
    """Return the draws in which values would be right for the key; where a policy takes no arrays, are the key."""
    accepted = interaction.accepts(key, values)
    return agree(key, values) if accepted is None else accepted


def _stated(
    definition: ItemDefinition, batch: Batch, rows: Any, identifier: str
) -> Iterator[tuple[str, Floats]]:
    """Yield where a value stands before the answer, and the value as it is displayed, for some draws."""
    texts = [place for place in Usage(definition).offered if not place[0].endswith(f" of {identifier}")]
    texts += [(f"hint {number}", hint) for number, hint in enumerate(definition.hints, start=1)]
    for place, text in texts:
        for _, _, name, asked in placeholders(text):
            places = asked if asked is not None else definition.places.get(name)
            values = batch.values[name][rows]
            shown = as_displayed(values) if places is None else np.round(values, places)
            yield f"{{{name}}} in {place}", shown
    part = {name: array[rows] for name, array in batch.values.items()}
    for figure in definition.figures:
        for expression in figure.marked:
            values = np.asarray(expression.evaluate(part, len(rows)), dtype=np.float64)
            yield f"{expression.text} in a figure", values


def _shown_texts(definition: ItemDefinition, interaction: Interaction) -> Iterator[Finding]:
    """Yield the places that show a value which, typed as it stands, is a right text."""
    keys = {text.strip() for text in interaction.key_texts if text.strip().startswith("{")}
    places = [
        *Usage(definition).offered,
        *((f"hint {n}", h) for n, h in enumerate(definition.hints, start=1)),
    ]
    for place, text in places:
        for start, end, name, _ in placeholders(text):
            if text[start:end] in keys:
                yield refusal(f"{{{name}}} in {place} shows the key of {interaction.id}")


def _constant(
    definition: ItemDefinition, batch: Batch, served: Any, identifier: str, interaction: Interaction
) -> Iterator[Finding]:
    """Yield the constant answer that is right too often, and a tolerance in which even the sign is free."""
    key = batch.computed[identifier].get("key")
    if key is not None and "key" in interaction.computed:
        keys = key[served]
        if definition.is_exercise:
            yield from _constant_number(definition, batch, served, identifier)
        elif is_right(interaction, keys, -keys)[0] and (keys != 0).any():
            yield refusal(
                f"the tolerance of {identifier} is wider than its key: minus the key is right as well"
            )
    elif interaction.key_texts and definition.is_exercise:
        yield from _constant_text(definition, batch, served, interaction)


def _constant_number(
    definition: ItemDefinition, batch: Batch, served: Any, identifier: str
) -> Iterator[Finding]:
    interaction = definition.interactions[identifier]
    keys = batch.computed[identifier]["key"][served][:TRIED]
    best, share = None, 0.0
    for candidate in _candidates(keys):
        answers = np.broadcast_to(candidate, keys.shape).copy()
        right = float(is_right(interaction, keys, answers).mean())
        if right > share:
            best, share = candidate, right
    if best is not None and share > MAX_CONSTANT:
        shown = ", ".join(f"{number:.6g}" for number in np.ravel(best))
        reason = f"one constant answer to {identifier}, {shown}, is right in more than {MAX_CONSTANT:.0%} of the draws"
        yield Finding(reason, share, True, ())


def _candidates(keys: Floats) -> Iterator[Floats]:
    """Yield answers to try: 0, the keys that occur most, and keys spread by rank."""
    yield np.zeros(keys.shape[1:])
    rows, counts = np.unique(keys, axis=0, return_counts=True)
    yield from rows[np.argsort(-counts, kind="stable")[:5]]
    yield from rows[np.linspace(0, len(rows) - 1, min(CANDIDATES, len(rows))).astype(int)]
    yield np.median(keys, axis=0)


def _constant_text(
    definition: ItemDefinition, batch: Batch, served: Any, interaction: Interaction
) -> Iterator[Finding]:
    written = written_columns(definition, batch)
    texts = [text for text in interaction.key_texts if names_in(text)]
    if len(texts) < len(interaction.key_texts):
        # A text that is fixed beside numbers that vary is a question of its own, unless it is all there is.
        if len(definition.interactions) == 1:
            yield refusal(f"the key of {interaction.id} is the same in every draw")
        return
    counts: Counter[str] = Counter()
    for row in zip(*(written(text) for text in texts), strict=True):
        counts.update({as_read(text) for text in row})
    (answer, count), *_ = counts.most_common(1)
    if count / len(batch) > MAX_CONSTANT:
        reason = f"one constant answer to {interaction.id}, {answer}, is right in more than {MAX_CONSTANT:.0%} of the draws"
        yield Finding(reason, count / len(batch), True, ())
