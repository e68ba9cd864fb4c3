"""Whether an order of drawn values, or a choice among them, is right in every draw.

What is right must follow from what is shown. Where two draws show the same and have it the other way round, one of
them is wrong, whatever the question is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations
from typing import Any, Final

import numpy as np

from content.items.definition import ItemDefinition
from content.items.display import placeholders
from content.items.drawing import Batch
from content.items.findings import Finding, in_draws
from content.items.interactions.choice import Choice
from content.items.interactions.ordering import Ordering
from content.items.markup import as_read
from content.items.soundness import written_columns
from content.items.stream import Bools, Floats
from content.items.usage import names_in

NEAREST: Final = 6
"""Entries up to so far apart in the right order are compared with each other."""


def of_drawn_texts(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    """Yield the orderings and choices whose fixed key is not right in every draw."""
    if not definition.is_exercise or not len(served):
        return
    for identifier, interaction in definition.interactions.items():
        if isinstance(interaction, Ordering) and any(map(names_in, interaction.offered)):
            if not _may_be_right(definition, batch, served, interaction):
                wrong = _descending(batch, served, interaction.offered)
                reason = f"the entries of {identifier} are drawn, and their order is not the right one in every draw"
                yield in_draws(definition, batch, reason, wrong, path=f"interactions.{identifier}.entries")
        elif isinstance(interaction, Choice) and any(map(names_in, interaction.offered)):
            wrong = _contradicted_keys(definition, batch, served, interaction)
            if wrong.any():
                reason = f"the same options of {identifier} under the same question have another key in other draws"
                yield in_draws(definition, batch, reason, wrong, path=f"interactions.{identifier}.options")


def _may_be_right(definition: ItemDefinition, batch: Batch, served: Any, ordering: Ordering) -> bool:
    values = _values(batch, served, ordering.offered)
    if values is not None and _is_monotone(values):
        return True
    if values is not None and _independent(definition, ordering.offered):
        return False
    return not _contradicts(definition, batch, served, ordering)


def _values(batch: Batch, served: Any, texts: Sequence[str]) -> Floats | None:
    """Return the number in each entry, (draws, entries), where the entries are alike in all but their one number."""
    marks = [placeholders(text) for text in texts]
    if any(len(found) != 1 for found in marks):
        return None
    frames = {
        text[:start] + "{}" + text[end:] for text, ((start, end, _, _),) in zip(texts, marks, strict=True)
    }
    columns = [batch.values[found[0][2]][served] for found in marks]
    if len(frames) > 1 or any(column.ndim > 1 for column in columns):
        return None
    return np.column_stack(columns)


def _is_monotone(values: Floats) -> bool:
    """Return whether the values, or their sizes, rise in all draws or fall in all."""
    return any(
        bool((np.diff(one, axis=1) > 0).all() or (np.diff(one, axis=1) < 0).all())
        for one in (values, np.abs(values))
    )


def _independent(definition: ItemDefinition, texts: Sequence[str]) -> bool:
    """Return whether two entries are parameters that nothing ties to anything."""
    tied = {name for condition in definition.require for name in condition.names}
    shown = {name for text in texts for name in names_in(text)}
    return len((shown & set(definition.parameters)) - tied) > 1


def _context(definition: ItemDefinition, batch: Batch, served: Any) -> list[Any]:
    """Return for each draw what else is shown that may decide: the body, and the numbers behind figures."""
    body = written_columns(definition, batch, served)(definition.body)
    if not definition.figures:
        return list(body)
    names = {n for f in definition.figures for e in (*f.marked, *f.drawn) for n in e.names} & set(
        batch.values
    )
    numbers = [batch.values[name].reshape(len(batch), -1) for name in sorted(names)]
    return [
        (text, *(column[i].tobytes() for column in numbers)) for text, i in zip(body, served, strict=True)
    ]


def _contradicts(definition: ItemDefinition, batch: Batch, served: Any, ordering: Ordering) -> bool:
    written = written_columns(definition, batch)
    columns = [[as_read(text) for text in written(template)] for template in ordering.offered]
    context = _context(definition, batch, served)
    for one, other in combinations(range(len(columns)), 2):
        if other - one > NEAREST:
            continue
        pairs = {
            (where, columns[one][i], columns[other][i]) for where, i in zip(context, served, strict=True)
        }
        if any((where, second, first) in pairs for where, first, second in pairs if first != second):
            return True
    return False


def _descending(batch: Batch, served: Any, texts: Sequence[str]) -> Bools:
    """Mark draws to show as examples: those whose numbers do not rise, if they are numbers."""
    wrong = np.zeros(len(batch), dtype=np.bool_)
    values = _values(batch, served, texts)
    wrong[served] = True if values is None else (np.diff(values, axis=1) < 0).any(axis=1)
    return wrong


def _contradicted_keys(definition: ItemDefinition, batch: Batch, served: Any, choice: Choice) -> Bools:
    written = written_columns(definition, batch)
    columns = [[as_read(text) for text in written(option.text)] for option in choice.options]
    right = [option.weight > 0 for option in choice.options]
    first: dict[Any, tuple[int, frozenset[str]]] = {}
    wrong = np.zeros(len(batch), dtype=np.bool_)
    for where, index in zip(_context(definition, batch, served), served, strict=True):
        texts = [column[index] for column in columns]
        keys = frozenset(text for text, is_key in zip(texts, right, strict=True) if is_key)
        earlier = first.setdefault((where, *sorted(texts)), (int(index), keys))
        if earlier[1] != keys:
            wrong[[earlier[0], index]] = True
    return wrong
