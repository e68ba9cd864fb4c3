"""A plan: the closures that evaluate an expression once the shapes of its names are known."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from content.expressions.errors import ExpressionError
from content.expressions.kernels import Array
from content.expressions.limits import BLOCK_COST, MAX_BATCH_COST, MAX_BATCH_ELEMENTS
from content.expressions.shapes import Shape, elements
from content.expressions.tree import Position

Values = Sequence[Array]
Run = Callable[[Values], Array]
Compute = Callable[..., Array]


@dataclass(frozen=True, slots=True)
class Part:
    """A planned node. ``value`` is there when all variants share it; its batch axis is then 1."""

    shape: Shape
    run: Run
    boolean: bool = False
    value: Array | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What an evaluation does for names of given shapes; ``cost`` is that of one row."""

    root: Part
    cost: int
    at: Position

    def run(self, values: Values, batch: int) -> Array:
        """Return a fresh array (batch, *shape); raises ``ExpressionError`` when the batch costs too much."""
        self._afford(batch)
        rows = max(1, BLOCK_COST // max(1, self.cost))
        with np.errstate(all="ignore"):
            if batch <= rows:
                return self._block(values, batch)
            return self._blocks(values, batch, rows)

    def _afford(self, batch: int) -> None:
        if self.cost * batch > MAX_BATCH_COST:
            reason = f"{batch} variants cost {self.cost * batch:,} steps, and the limit is {MAX_BATCH_COST:,}"
            raise ExpressionError(reason, *self.at)
        if elements(self.root.shape) * batch > MAX_BATCH_ELEMENTS:
            reason = f"{batch} variants are more than the {MAX_BATCH_ELEMENTS:,} elements allowed"
            raise ExpressionError(reason, *self.at)

    def _blocks(self, values: Values, batch: int, rows: int) -> Array:
        result = np.empty((batch, *self.root.shape), dtype=bool if self.root.boolean else np.float64)
        for start in range(0, batch, rows):
            block = slice(start, min(start + rows, batch))
            result[block] = self._block([value[block] for value in values], block.stop - start)
        return result

    def _block(self, values: Values, batch: int) -> Array:
        result = self.root.run(values)
        if result.base is None and self.root.value is None and all(result is not value for value in values):
            return result
        # A view or a constant: the caller must own what it gets.
        return np.array(np.broadcast_to(result, (batch, *self.root.shape)))


def constant(shape: Shape, value: Array, *, boolean: bool = False) -> Part:
    """Return the part that is ``value`` (1, *shape) for every variant."""
    value.flags.writeable = False
    return Part(shape, lambda _: value, boolean, value)


def applied(compute: Compute, runs: Sequence[Run]) -> Run:
    """Return the closure that runs all of ``runs`` and computes with their results."""
    # One and two arguments, nearly all of them, are spared the building of a list.
    if len(runs) == 1:
        only = runs[0]
        return lambda values: compute(only(values))
    if len(runs) == 2:
        left, right = runs
        return lambda values: compute(left(values), right(values))
    return lambda values: compute(*[run(values) for run in runs])


def with_whole(compute: Compute, whole: Sequence[int]) -> Compute:
    """Return ``compute`` with the whole numbers that its last arguments are."""
    return lambda *arrays: compute(*arrays, *whole)


def _mapped(part: Part, convert: Callable[[Array], Array]) -> Part:
    if part.value is not None:
        return constant(part.shape, convert(part.value))
    return replace(part, run=applied(convert, [part.run]), boolean=False)


def numeric(part: Part) -> Part:
    """Return the part with truth values as 0 and 1: numpy would add and subtract them in its own way."""
    return _mapped(part, lambda x: x.astype(np.float64)) if part.boolean else part


def lifted(parts: Sequence[Part], shape: Shape) -> list[Part]:
    """Return the parts with numbers made to spread over the axes of ``shape``."""
    spread = (slice(None), *(np.newaxis,) * len(shape))
    return [_spread(part, spread) if shape and not part.shape else part for part in parts]


def _spread(part: Part, index: tuple[slice | None, ...]) -> Part:
    lifted = _mapped(part, lambda x: x[index])
    return replace(lifted, boolean=part.boolean)
