"""Whether an item that came from a file marks the answers that the file foresees as they are marked there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from content.formats.foreign import Trial
from content.items.definition import ItemDefinition
from content.items.drawing import draw_variant
from content.items.policies import PolicyFault

SAME: Final = 1e-6
MOST: Final = 5
"""Mismatches that are told one by one."""


def mismatches(definition: ItemDefinition, trials: Iterable[Trial]) -> list[str]:
    """Return a sentence for each answer that earns another share here than there, for few of them."""
    found = list(_mismatches(definition, trials))
    rest = len(found) - MOST
    return [*found[:MOST], f"… and {rest} more answers"] if rest > 0 else found


def _mismatches(definition: ItemDefinition, trials: Iterable[Trial]) -> Iterator[str]:
    variant = draw_variant(definition, 0)
    for trial in trials:
        interaction = definition.interactions[trial.interaction]
        record = variant.interactions[trial.interaction]
        try:
            verdict = interaction.grade(record, trial.answer, definition.locale)
        except PolicyFault as fault:
            yield f"the answer {trial.answer!r:.60} cannot be graded: {fault}"
            continue
        score = max(0.0, verdict.score) if verdict.valid else 0.0
        if not verdict.valid:
            yield f"the answer {trial.answer!r:.60} cannot be read here: {verdict.message}"
        elif abs(score - max(0.0, trial.fraction)) > SAME:
            yield f"the answer {trial.answer!r:.60} earns {trial.fraction:.4g} there and {score:.4g} here"
