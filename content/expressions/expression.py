"""An expression that authors wrote: read once, then evaluated for one variant or for ten thousand."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt

from content.expressions.errors import ExpressionError
from content.expressions.kernels import Array
from content.expressions.languages import latest
from content.expressions.limits import MAX_PLANS
from content.expressions.parser import parse_tree
from content.expressions.plan import Plan
from content.expressions.planning import make_plan
from content.expressions.shapes import Shape
from content.expressions.tree import Name, Node, walk


@dataclass(frozen=True)
class Expression:
    """A text with its tree. Two are equal when their texts and languages are. ``names`` are the free names."""

    text: str
    language: int
    tree: Node = field(compare=False, repr=False)
    names: frozenset[str] = field(compare=False, repr=False)
    _order: tuple[str, ...] = field(compare=False, repr=False)
    _plans: dict[tuple[Shape, ...], Plan] = field(default_factory=dict, compare=False, repr=False)

    def evaluate(self, values: Mapping[str, npt.NDArray[np.generic]], batch: int) -> Array:
        """Return the value of every variant: float64, or bool for a truth value, with shape (batch, *shape).

        ``values`` holds for each name an array with the batch on its first axis: (batch,) for a number,
        (batch, k) for a vector, (batch, r, c) for a matrix; names that do not occur are ignored. Rows do not
        influence each other, and a row has the same bits in every batch. What is undefined is nan or
        infinite, without a warning. Raises ``ExpressionError`` when values are missing or do not go together,
        or when the evaluation would cost more than the limits allow.
        """
        arrays = [self._bound(name, values, batch) for name in self._order]
        return self._plan([array.shape[1:] for array in arrays]).run(arrays, batch)

    def evaluate_one(self, values: Mapping[str, npt.ArrayLike]) -> Array:
        """Return the value of a single variant; neither ``values`` nor the result have a batch axis."""
        rows = {name: np.asarray(values[name])[np.newaxis] for name in self._order if name in values}
        result: Array = self.evaluate(rows, 1)[0]
        return result

    def shape(self, shapes: Mapping[str, Shape]) -> Shape:
        """Return the shape of one variant's value, given those of the names; raises ``ExpressionError``."""
        return self._plan(self._ordered(shapes)).root.shape

    def cost(self, shapes: Mapping[str, Shape]) -> int:
        """Return the cost of one variant in steps (see ``limits``); raises ``ExpressionError``."""
        return self._plan(self._ordered(shapes)).cost

    def _ordered(self, shapes: Mapping[str, Shape]) -> list[Shape]:
        for name in self._order:
            if name not in shapes:
                raise self._fault(name, f"there is no value for '{name}'")
        return [tuple(shapes[name]) for name in self._order]

    def _plan(self, shapes: Sequence[Shape]) -> Plan:
        key = tuple(shapes)
        plan = self._plans.get(key)
        if plan is None:
            plan = make_plan(self.tree, dict(zip(self._order, key, strict=True)))
            if len(self._plans) >= MAX_PLANS:
                self._plans.clear()
            self._plans[key] = plan
        return plan

    def _bound(self, name: str, values: Mapping[str, npt.NDArray[np.generic]], batch: int) -> Array:
        value = values.get(name)
        if value is None:
            raise self._fault(name, f"there is no value for '{name}'")
        if value.dtype.kind not in "fiub":
            raise self._fault(name, f"the value of '{name}' is not made of numbers")
        if value.ndim == 0 or len(value) != batch:
            raise self._fault(
                name, f"the value of '{name}' is not a batch of {batch}: its shape is {value.shape}"
            )
        # In one memory order, sums run in one order, and a row has the same bits alone and in a batch.
        return np.ascontiguousarray(value, dtype=np.float64)

    def _fault(self, name: str, reason: str) -> ExpressionError:
        first = next(node for node, _ in walk(self.tree) if isinstance(node, Name) and node.name == name)
        return ExpressionError(reason, *first.at)

    def __reduce__(self) -> tuple[Callable[[str, None, int], Expression], tuple[str, None, int]]:
        # Plans are closures, which cannot be pickled; reading the text again costs less than storing them.
        return parse, (self.text, None, self.language)


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression at some place of a document may name, and the version of the language it is written in.

    An ``open`` scope knows that it does not know all names: what would give the others cannot be read.
    ``unusable`` are words that the document gives as names and that can be none.
    """

    names: frozenset[str]
    language: int
    open: bool = False
    unusable: frozenset[str] = frozenset()

    def __contains__(self, name: object) -> bool:
        return self.open or name in self.names

    def beside(self, *names: str) -> Scope:
        """Return a scope with more names."""
        return replace(self, names=self.names.union(names))

    def parse(self, text: str) -> Expression:
        """Return the expression that ``text`` says here; raises ``ExpressionError``."""
        return parse(text, None if self.open else self.names, self.language)

    def is_spoiled(self, text: str) -> bool:
        """Return whether a text uses a word that can be no name, so that what is wrong with it is known already."""
        return any(
            re.search(rf"(?<![A-Za-z0-9_]){re.escape(word)}(?![A-Za-z0-9_])", text) for word in self.unusable
        )


def parse(text: str, names: Collection[str] | None = None, language: int | None = None) -> Expression:
    """Return the expression that ``text`` says; raises ``ExpressionError`` with line, column and reason.

    With ``names``, any other free name is refused. Without a version of the ``language`` it is the latest. An
    expression without names is planned at once, so that what is wrong with its shapes or its cost shows here too.
    """
    language = latest() if language is None else language
    tree = parse_tree(text, names, language)
    found = frozenset(node.name for node, _ in walk(tree) if isinstance(node, Name))
    expression = Expression(text, language, tree, found, tuple(sorted(found)))
    if not found:
        expression.shape({})
    return expression
