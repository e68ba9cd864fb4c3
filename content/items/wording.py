"""What can be told from a document's texts alone: formulas that cannot be set, images, ids that tell, units."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

import numpy as np

from content.items.definition import ItemDefinition
from content.items.drawing import Batch
from content.items.findings import Finding, in_draws, refusal
from content.items.leaks import is_right
from content.items.markup import formulas, images, words
from content.items.numbers import UnreadableNumber
from content.items.soundness import written_columns
from content.items.tex import commands, tex_fault
from content.items.units import parse_unit
from content.items.usage import all_texts

SET: Final = 3
"""Draws whose formulas are looked at: numbers change, formulas hardly."""

_COMMAND: Final = re.compile(r"\\([A-Za-z]{2,})")


def of_texts(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    """Yield what a learner would see broken, whatever is drawn."""
    for text in dict.fromkeys(all_texts(definition)):
        for address in images(text):
            yield refusal(f"the image {address[:60]!r} cannot be shown: there is no place for images yet")
    yield from dict.fromkeys(_formulas(definition, batch, served))
    for identifier, interaction in definition.interactions.items():
        for told in interaction.telling:
            yield refusal(f"the id {told} in {identifier} tells what it is worth, and learners can read it")


def _formulas(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    written = written_columns(definition, batch, served[:SET])
    for text in dict.fromkeys(all_texts(definition)):
        for shown in dict.fromkeys(written(text)):
            for formula in formulas(shown):
                if fault := tex_fault(formula):
                    yield refusal(f"the formula ${formula[:60]}$ cannot be set: {fault}")
            for name in _COMMAND.findall(words(shown)):
                if name in commands():
                    yield refusal(f"\\{name} stands outside a formula; set it between dollars")


def of_units(definition: ItemDefinition) -> Iterator[Finding]:
    """Yield the fields whose label names another unit than the one in which their policy reads numbers."""
    for identifier, interaction in definition.interactions.items():
        label, unit = (
            getattr(interaction, "unit", None),
            getattr(getattr(interaction, "policy", None), "unit", ""),
        )
        if label and unit and not _same_unit(label, unit):
            yield refusal(f"the field of {identifier} says {label}, and its policy wants {unit}")


def _same_unit(label: str, unit: str) -> bool:
    try:
        return label == unit or parse_unit(label) == parse_unit(unit)
    except UnreadableNumber:
        return False


def of_follow_through(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    """Yield the steps that an earlier answer is said to stand for, and that are not that answer's key."""
    sources = (
        (identifier, answer, step)
        for identifier, rule in definition.follow_through.items()
        for answer, step in rule.sources.items()
    )
    for identifier, answer, name in sources:
        key, step = batch.computed[answer]["key"][served], batch.values[name][served]
        wrong = np.zeros(len(batch), dtype=np.bool_)
        if key.shape != step.shape:
            wrong[served] = True
        else:
            wrong[served] = ~is_right(definition.interactions[answer], key, step)
        if wrong.any():
            reason = f"follow_through of {identifier}: {name} is not the key of {answer}"
            yield in_draws(definition, batch, reason, wrong)
