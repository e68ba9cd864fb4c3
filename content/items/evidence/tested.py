"""What certification tried, counted, in words."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from content.items.certification import Examined
from content.items.definition import ItemDefinition
from content.items.drawing import variant_of
from content.items.equivalence import FormulaFault
from content.items.policies import PolicyFault
from content.items.soundness import agree
from content.items.statements import TRIED as SOLUTIONS
from content.items.trials import TRIED, WHOLE

_COUNTED: Final = ("right", "wrong", "unreadable")


def tested(definition: ItemDefinition, found: Examined) -> Iterator[str]:
    """Yield what was tried on the draws, with how many."""
    if definition.is_exercise:
        last = len(found.batch) - 1
        served = f"learners may get {len(found.served):,} of them"
        yield f"{len(found.batch):,} draws, of the seeds 0 to {last:,}; {served}."
    yield from _checks(found)
    yield from _as_arrays(definition, found)
    if len(found.served):
        yield from _answers(definition, found)
        if reads_solution(definition):
            count = min(SOLUTIONS, len(found.served))
            draws = f" in {_count(count, 'draw')}" if definition.is_exercise else ""
            yield f"The numbers of the worked solution, read{draws} and compared with the key."


def reads_solution(definition: ItemDefinition) -> bool:
    """Return whether there is a worked solution with numbers to compare."""
    has_numbers = any("key" in one.computed for one in definition.interactions.values())
    return has_numbers and bool(definition.solution.strip())


def _checks(found: Examined) -> Iterator[str]:
    possible = found.batch.possible
    for name, other in found.batch.checks.items() if possible.any() else ():
        with np.errstate(all="ignore"):
            agreeing = int((agree(found.batch.values[name], other) & possible).sum())
        yield f"{name} by two roads: they agree in {agreeing:,} of {_count(int(possible.sum()), 'draw')}."


def _as_arrays(definition: ItemDefinition, found: Examined) -> Iterator[str]:
    judged = int(found.batch.possible.sum())
    for identifier, interaction in definition.interactions.items():
        if "key" not in interaction.computed or not interaction.judged_as_arrays or not judged:
            continue
        rules = len(definition.misconceptions.get(identifier, ()))
        mistakes = (
            f", and compared with {_count(rules, 'misconception')} and these with each other" if rules else ""
        )
        yield f"The key of {identifier} as it is displayed, graded in {_count(judged, 'draw')}{mistakes}."


def _answers(definition: ItemDefinition, found: Examined) -> Iterator[str]:
    """Yield how many answers made from the definition itself were graded."""
    variant = variant_of(definition, found.batch, int(found.served[0]))
    whole = min(WHOLE, len(found.served))
    for identifier, interaction in definition.interactions.items():
        try:
            samples = interaction.samples(variant.interactions[identifier])
        except (PolicyFault, FormulaFault):
            continue  # that it cannot be graded stands among what refuses
        many = definition.is_exercise and not interaction.judged_as_arrays
        variants = min(TRIED, len(found.served)) if many else whole
        counts = (len(samples.right), len(samples.wrong), len(samples.invalid))
        kinds = ", ".join(f"{count} {kind}" for count, kind in zip(counts, _COUNTED, strict=True) if count)
        worth = f", {len(samples.worth)} with the credit that they earn" if samples.worth else ""
        tried = f"{kinds}{worth}" + (f", on {_count(variants, 'variant')}" if definition.is_exercise else "")
        yield f"Answers to {identifier} made from the document itself: {tried}."
    where = f", on {_count(whole, 'variant')}" if definition.is_exercise else ""
    yield f"The question, hints and solution, set as learners see them{where}."


def _count(number: int, what: str) -> str:
    return f"{number:,} {what}{'' if number == 1 else 's'}"
