"""How many draws of an item can be afforded while its author waits: nearly always as many as publishing tries."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Final

from content.documents.reader import DefinitionError
from content.expressions import Expression, Shape
from content.expressions.shapes import elements
from content.items.certification import DRAWS
from content.items.definition import ItemDefinition
from content.items.display import placeholders
from content.items.drawing import MAX_RETRIES
from content.items.evidence.sampling import NUMBER_COST
from content.items.trials import WHOLE

FEWEST: Final = 50
MOST_COST: Final = 600_000_000
"""Steps of computation: less than a second."""
MOST_NUMBERS: Final = 4_000_000
"""Numbers of all draws together: 32 MB, and as much again while they are judged."""
MOST_GRADED: Final = 100_000
"""Numbers graded one by one: about a second."""
PAIR_COST: Final = 50
"""Steps that it takes to compare two numbers, and to tell how far they lie apart."""
WRITTEN_COST: Final = 3_000
"""Steps that it takes to write a number into a text."""


def affordable(definition: ItemDefinition, first: float) -> int:
    """Return how many draws can be tried; ``first`` is the share of draws that satisfy ``require`` at once.

    Raises DefinitionError where even a few are too many.
    """
    if not definition.is_exercise:
        return DRAWS
    shapes = {name: one.shape for name, one in definition.parameters.items()}
    numbers = sum(one.size * one.uniforms_per_value for one in definition.parameters.values())
    tries = min(MAX_RETRIES, 1 / first) if first else MAX_RETRIES
    cost = tries * (NUMBER_COST * numbers + sum(one.cost(shapes) for one in definition.require))
    for name, step in definition.steps.items():
        cost += step.cost(shapes)
        shapes[name] = step.shape(shapes)
        numbers += elements(shapes[name])
    refuse_endless(definition, shapes)
    for expression in _others(definition):
        cost += expression.cost(shapes)
        numbers += elements(expression.shape(shapes))
    for text in (text for interaction in definition.interactions.values() for text in interaction.offered):
        cost += WRITTEN_COST * sum(elements(shapes[name]) for _, _, name, _ in placeholders(text))
    cost += NUMBER_COST * numbers + PAIR_COST * sum(_compared(definition, shapes))
    return max(FEWEST, min(DRAWS, int(MOST_COST / cost), MOST_NUMBERS // max(1, numbers)))


def _compared(definition: ItemDefinition, shapes: Mapping[str, Shape]) -> Iterator[int]:
    """Yield how many numbers are compared where each misconception is told from the key and from the others."""
    for identifier, rules in definition.misconceptions.items():
        key = definition.interactions[identifier].computed.get("key")
        if key is not None:
            yield elements(key.shape(shapes)) * len(rules) * (len(rules) + 1) // 2


def _others(definition: ItemDefinition) -> Iterator[Expression]:
    yield from definition.check.values()
    for interaction in definition.interactions.values():
        yield from interaction.computed.values()
    for rules in definition.misconceptions.values():
        yield from (rule.value for rule in rules)


def refuse_endless(definition: ItemDefinition, shapes: Mapping[str, Shape]) -> None:
    """Raise DefinitionError where trying every misconception would grade more numbers than anybody waits for."""
    sizes = {
        identifier: elements(interaction.computed["key"].shape(shapes))
        for identifier, interaction in definition.interactions.items()
        if "key" in interaction.computed
    }
    # Each mistake is answered beside right answers to everything else, and held against all mistakes of its own.
    graded = WHOLE * sum(
        len(rules) * (sum(sizes.values()) + sizes.get(identifier, 1) * len(rules))
        for identifier, rules in definition.misconceptions.items()
    )
    if graded > MOST_GRADED:
        reason = f"make {graded:,} numbers to be graded; {MOST_GRADED:,} can be tried here"
        raise DefinitionError([("misconceptions", reason)])
