"""What certification has to say of an item, one thing at a time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from content.items.definition import ItemDefinition
from content.items.display import format_value
from content.items.drawing import Batch
from content.items.stream import Bools

EXAMPLES: Final = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a share of the draws shows, with examples in the parameters' numbers.

    ``path`` is the place of the document that it speaks of, and ``quote`` what of the text there is meant.
    """

    reason: str
    share: float
    refuses: bool
    examples: tuple[str, ...]
    path: str | None = None
    quote: str = ""

    def __str__(self) -> str:
        shown = f", e.g. {'; '.join(self.examples)}" if self.examples else ""
        return f"{self.reason} ({self.share:.2%} of draws{shown})" if self.share else self.reason


def refusal(reason: str, path: str, quote: str = "") -> Finding:
    """Return a finding that concerns the document itself, whatever is drawn."""
    return Finding(reason, 0.0, True, (), path, quote)


def remark(reason: str, path: str) -> Finding:
    """Return a finding that refuses nothing."""
    return Finding(reason, 0.0, False, (), path)


def in_draws(
    definition: ItemDefinition,
    batch: Batch,
    reason: str,
    wrong: Bools,
    *,
    path: str | None,
    quote: str = "",
    refuses: bool = True,
) -> Finding:
    """Return a finding about the draws marked in ``wrong``."""
    return Finding(reason, float(wrong.mean()), refuses, examples(definition, batch, wrong), path, quote)


def examples(definition: ItemDefinition, batch: Batch, wrong: Bools) -> tuple[str, ...]:
    """Describe the first draws concerned: their seed and their parameters."""
    return tuple(
        f"seed {batch.seeds[index]}: "
        + ", ".join(f"{name} = {format_value(batch.values[name][index])}" for name in definition.parameters)
        for index in np.flatnonzero(wrong)[:EXAMPLES]
        if definition.parameters
    )
