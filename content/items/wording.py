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
from content.items.markup import formulas, words
from content.items.numbers import UnreadableNumber
from content.items.pictures import picture_faults
from content.items.soundness import written_columns
from content.items.tex import commands, tex_fault
from content.items.units import parse_unit
from content.items.usage import written_texts

SET: Final = 3
"""Draws whose formulas are looked at: numbers change, formulas hardly."""

_COMMAND: Final = re.compile(r"\\([A-Za-z]{2,})")


def of_texts(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    """Yield what a learner would see broken, whatever is drawn."""
    for path, reason in picture_faults(definition.document):
        yield refusal(reason, path)
    yield from {str(finding): finding for finding in _formulas(definition, batch, served)}.values()
    for identifier, interaction in definition.interactions.items():
        for told in interaction.telling:
            reason = f"the id {told} in {identifier} tells what it is worth, and learners can read it"
            yield refusal(reason, f"interactions.{identifier}.{interaction.place_of(told)}")


def _each_once(definition: ItemDefinition) -> Iterator[tuple[str, str]]:
    """Yield the texts that learners are shown, each with the first place where it stands."""
    first: dict[str, str] = {}
    for path, text in written_texts(definition):
        first.setdefault(text, path)
    yield from ((path, text) for text, path in first.items())


def _formulas(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    written = written_columns(definition, batch, served[:SET])
    for path, text in _each_once(definition):
        for shown in dict.fromkeys(written(text)):
            for place, formula in enumerate(formulas(shown)):
                if fault := tex_fault(formula):
                    reason = f"the formula ${formula[:60]}$ cannot be set: {fault}"
                    yield refusal(reason, path, _as_written(text, place))
            for name in _COMMAND.findall(words(shown)):
                if name in commands():
                    reason = f"\\{name} stands outside a formula; set it between dollars"
                    yield refusal(reason, path, f"\\{name}")


def _as_written(text: str, place: int) -> str:
    """Return a formula of a text as its author wrote it, without any numbers."""
    listed = formulas(text)
    return listed[place].strip() if place < len(listed) else ""


def of_units(definition: ItemDefinition) -> Iterator[Finding]:
    """Yield the fields whose label names another unit than the one in which their policy reads numbers."""
    for identifier, interaction in definition.interactions.items():
        label, unit = (
            getattr(interaction, "unit", None),
            getattr(getattr(interaction, "policy", None), "unit", ""),
        )
        if label and unit and not _same_unit(label, unit):
            reason = f"the field of {identifier} says {label}, and its policy wants {unit}"
            yield refusal(reason, f"interactions.{identifier}.unit")


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
            yield in_draws(definition, batch, reason, wrong, path=f"follow_through.{identifier}")
