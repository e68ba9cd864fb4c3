"""Shapes and costs of a definition, worked out before any number is drawn.

So an author learns at once that a vector meets a number of another length, and no definition can make drawing,
certifying or presenting expensive.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from content.documents.reader import PathFault, Reader
from content.expressions import Expression, ExpressionError, Shape
from content.expressions.shapes import describe, elements
from content.items.figures import FigureFault
from content.items.parsing.places import value_path

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
        if not expression.names <= self.shapes.keys():
            return None  # it rests on something that is broken
        try:
            shape = expression.shape(self.shapes)
            self.cost += expression.cost(self.shapes)
        except ExpressionError as error:
            self.reader.faults.put(PathFault.of_expression(self.reader.at(path), expression.text, error))
            return None
        return shape

    def same(self, path: str, expression: Expression, wanted: Shape | None) -> None:
        """Require the shape of another value."""
        shape = self.of(path, expression)
        if shape is not None and wanted is not None and shape != wanted:
            self.reader.fault(path, f"is {describe(shape)}, where {describe(wanted)} is needed")


def check_dimensions(reader: Reader, definition: ItemDefinition, shapes: Shapes) -> None:
    """Add to the reader's faults all that does not fit together, or would cost too much.

    ``shapes`` are those of the parameters. What is computed from something broken has none, and is not judged.
    """
    sizes = Sizes(reader, dict(shapes))
    for index, condition in enumerate(definition.require):
        sizes.of(f"require.{index}", condition)
    for name, step in definition.steps.items():
        if (shape := sizes.of(f"steps.{name}", step)) is not None:
            sizes.shapes[name] = shape
    for name, check in definition.check.items():
        sizes.same(f"check.{name}", check, sizes.shapes.get(name))
    keys = dict(_keys(sizes, definition))
    for identifier, rules in definition.misconceptions.items():
        for rule in rules:
            path = value_path(definition.document, identifier, rule.slug)
            sizes.same(path, rule.value, keys.get(identifier))
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
    place = "steps" if sizes.reader.has("steps") else "parameters"
    if sizes.cost > MAX_COST:
        reason = f"takes {sizes.cost:,} steps to compute for each variant; {MAX_COST:,} is the limit"
        sizes.reader.fault(place, reason)
    if (numbers := sum(map(elements, sizes.shapes.values()))) > MAX_NUMBERS:
        sizes.reader.fault(place, f"hold {numbers:,} numbers in all; {MAX_NUMBERS:,} is the limit")


def _check_figures(sizes: Sizes, definition: ItemDefinition) -> None:
    for index, figure in enumerate(definition.figures):
        if not figure.names <= sizes.shapes.keys():
            continue
        try:
            cost = figure.cost(sizes.shapes)
        except FigureFault as error:
            path = sizes.reader.at(f"figures.{index}.{error.path}")
            sizes.reader.faults.put(PathFault.of_expression(path, error.text, error.fault))
            continue
        if cost > MAX_FIGURE_COST:
            reason = f"takes {cost:,} steps to compute; {MAX_FIGURE_COST:,} is the limit"
            sizes.reader.fault(f"figures.{index}", reason)
