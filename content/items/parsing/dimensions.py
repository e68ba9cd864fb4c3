"""Shapes and costs of a definition, worked out before any number is drawn.

So an author learns at once that a vector meets a number of another length, and no definition can make drawing,
certifying or presenting expensive.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.documents.reader import Reader
from content.expressions import Expression, ExpressionError, Shape
from content.expressions.shapes import describe, elements

if TYPE_CHECKING:
    from content.items.definition import ItemDefinition

MAX_COST = 200_000
"""Steps of computation for one variant: about 0.2 ms in a batch."""
MAX_NUMBERS = 2_000
"""Numbers that one variant may hold, in all its parameters and steps."""
MAX_KEY = 100
"""Components of a vector, or cells of a table, that a learner may be asked for."""
MAX_FIGURE_COST = 5_000_000
"""Steps of computation for one figure."""

Shapes = dict[str, Shape]


class Sizes:
    """Collects shapes and costs; what does not fit becomes a fault at its path."""

    def __init__(self, reader: Reader, shapes: Shapes) -> None:
        self.reader = reader
        self.shapes = shapes
        self.cost = 0

    def of(self, path: str, expression: Expression) -> Shape | None:
        """Return the shape of an expression's value; None, and a fault, when it has none."""
        try:
            shape = expression.shape(self.shapes)
            self.cost += expression.cost(self.shapes)
        except ExpressionError as error:
            self.reader.fault(path, str(error))
            return None
        return shape

    def same(self, path: str, expression: Expression, wanted: Shape | None) -> None:
        """Require the shape of another value."""
        shape = self.of(path, expression)
        if shape is not None and wanted is not None and shape != wanted:
            self.reader.fault(path, f"is {describe(shape)}, where {describe(wanted)} is needed")


def check_dimensions(reader: Reader, definition: ItemDefinition) -> None:
    """Add to the reader's faults all that does not fit together, or would cost too much."""
    sizes = Sizes(reader, {name: parameter.shape for name, parameter in definition.parameters.items()})
    for index, condition in enumerate(definition.require):
        sizes.of(f"require.{index}", condition)
    for name, step in definition.steps.items():
        if (shape := sizes.of(f"steps.{name}", step)) is None:
            return  # whatever comes after may only suffer from this one
        sizes.shapes[name] = shape
    for name, check in definition.check.items():
        sizes.same(f"check.{name}", check, sizes.shapes[name])
    keys = dict(_keys(sizes, definition))
    for identifier, rules in definition.misconceptions.items():
        for rule in rules:
            sizes.same(f"misconceptions.{identifier}.{rule.slug}", rule.value, keys.get(identifier))
    _check_sums(sizes)
    _check_figures(sizes, definition)


def _keys(sizes: Sizes, definition: ItemDefinition) -> Iterator[tuple[str, Shape | None]]:
    for identifier, interaction in definition.interactions.items():
        path = f"interactions.{identifier}.key"
        expression = interaction.computed.get("key")
        shape = sizes.of(path, expression) if expression else None
        if shape is not None and len(shape) not in interaction.key_dimensions:
            sizes.reader.fault(path, f"is {describe(shape)}, which this kind cannot ask for")
        elif shape is not None and elements(shape) > MAX_KEY:
            sizes.reader.fault(path, f"has more than {MAX_KEY} numbers")
        yield identifier, shape


def _check_sums(sizes: Sizes) -> None:
    if sizes.cost > MAX_COST:
        reason = f"takes {sizes.cost:,} steps to compute for each variant; {MAX_COST:,} is the limit"
        sizes.reader.faults.add("steps", reason)
    if (numbers := sum(map(elements, sizes.shapes.values()))) > MAX_NUMBERS:
        sizes.reader.faults.add("steps", f"hold {numbers:,} numbers in all; {MAX_NUMBERS:,} is the limit")


def _check_figures(sizes: Sizes, definition: ItemDefinition) -> None:
    for index, figure in enumerate(definition.figures):
        try:
            cost = figure.cost(sizes.shapes)
        except ExpressionError as error:
            sizes.reader.fault(f"figures.{index}", str(error))
            continue
        if cost > MAX_FIGURE_COST:
            reason = f"takes {cost:,} steps to compute; {MAX_FIGURE_COST:,} is the limit"
            sizes.reader.fault(f"figures.{index}", reason)
