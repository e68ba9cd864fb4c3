"""A tree and the shapes of its names to a plan: shapes and costs are settled before anything is computed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import reduce
from typing import NoReturn

import numpy as np

from content.expressions.errors import ExpressionError
from content.expressions.functions import FUNCTIONS, Function
from content.expressions.kernels import Array, take, where
from content.expressions.limits import MAX_ELEMENTS, MAX_EXPONENT, MAX_ROW_COST, MAX_SIDE
from content.expressions.plan import Compute, Part, Plan, applied, constant, lifted, numeric, with_whole
from content.expressions.shapes import Mismatch, Shape, describe, elements, product, together
from content.expressions.tree import (
    Binary,
    Call,
    Compare,
    Conditional,
    Index,
    Name,
    Node,
    Number,
    Slice,
    Unary,
    Vector,
)


@dataclass(frozen=True, slots=True)
class Operator:
    """``action`` ends the refusal of shapes that do not go together."""

    compute: Compute
    action: str
    cost: int = 1
    logical: bool = False


OPERATORS = {
    "+": Operator(np.add, "add"),
    "-": Operator(np.subtract, "subtract"),
    "*": Operator(np.multiply, "multiply"),
    "/": Operator(np.divide, "divide", cost=2),
    # Not np.power: its shortcut for 2 depends on strides, and a row would depend on the size of its batch.
    "**": Operator(np.float_power, "make a power", cost=40),
    "and": Operator(np.logical_and, "combine", logical=True),
    "or": Operator(np.logical_or, "combine", logical=True),
}
COMPARISONS: Mapping[str, Compute] = {
    "==": np.equal,
    "!=": np.not_equal,
    "<": np.less,
    "<=": np.less_equal,
    ">": np.greater,
    ">=": np.greater_equal,
}
# By the ranks of the two sides.
PRODUCTS: Mapping[tuple[int, int], Compute] = {
    (1, 1): np.vecdot,
    (1, 2): np.vecmat,
    (2, 1): np.matvec,
    (2, 2): np.matmul,
}


def make_plan(tree: Node, shapes: Mapping[str, Shape]) -> Plan:
    """Return the plan of ``tree``; values are later given in the order of ``shapes``.

    Raises ``ExpressionError`` where shapes do not go together or a limit is passed. What does not depend on a
    name is computed here, once.
    """
    planner = _Planner(shapes)
    with np.errstate(all="ignore"):
        root = planner.plan(tree)
    return Plan(root, planner.cost, tree.at)


class _Planner:
    def __init__(self, shapes: Mapping[str, Shape]) -> None:
        self._shapes = shapes
        self._places = {name: place for place, name in enumerate(shapes)}
        self.cost = 0

    def plan(self, node: Node) -> Part:
        match node:
            case Number():
                return constant((), np.array([node.value]))
            case Name():
                return self._name(node)
            case Unary():
                return self._unary(node)
            case Binary(operator="@"):
                return self._product(node)
            case Binary():
                return self._binary(node)
            case Compare():
                return self._compare(node)
            case Conditional():
                return self._conditional(node)
            case Call():
                return self._call(node)
            case Vector():
                return self._vector(node)
            case Index():
                return self._index(node)

    def _settled(
        self,
        node: Node,
        shape: Shape,
        compute: Compute,
        parts: Sequence[Part],
        *,
        cost: int,
        boolean: bool = False,
    ) -> Part:
        """Return the part that applies ``compute`` to ``parts``, paid for and, if it can be, computed."""
        self._charge(node, shape, cost)
        run = applied(compute, [part.run for part in parts])
        if any(part.value is None for part in parts):
            return Part(shape, run, boolean)
        return constant(shape, run(()), boolean=boolean)

    def _charge(self, node: Node, shape: Shape, cost: int) -> None:
        if len(shape) == 2 and max(shape) > MAX_SIDE:
            _refuse(f"a matrix has at most {MAX_SIDE} rows and columns, and this is {describe(shape)}", node)
        if elements(shape) > MAX_ELEMENTS:
            _refuse(f"a value has at most {MAX_ELEMENTS:,} elements, and this is {describe(shape)}", node)
        self.cost += max(cost, elements(shape))
        if self.cost > MAX_ROW_COST:
            _refuse(
                f"up to here one variant costs {self.cost:,} steps, and the limit is {MAX_ROW_COST:,}", node
            )

    def _name(self, node: Name) -> Part:
        shape = self._shapes.get(node.name)
        if shape is None:
            _refuse(f"there is no value for '{node.name}'", node)
        if len(shape) > 2 or 0 in shape:
            _refuse(f"'{node.name}' must be a number, a vector or a matrix, and has the shape {shape}", node)
        self._charge(node, shape, elements(shape))
        place = self._places[node.name]
        return Part(shape, lambda values: values[place])

    def _unary(self, node: Unary) -> Part:
        operand = self.plan(node.operand)
        if node.operator == "not":
            return self._settled(node, operand.shape, np.logical_not, [operand], cost=1, boolean=True)
        operand = numeric(operand)
        if node.operator == "+":
            return operand
        return self._settled(node, operand.shape, np.negative, [operand], cost=1)

    def _binary(self, node: Binary) -> Part:
        operator = OPERATORS[node.operator]
        parts = [self.plan(node.left), self.plan(node.right)]
        if not operator.logical:
            parts = [numeric(part) for part in parts]
        shape = self._together(parts, operator.action, node)
        exponent = parts[1].value if node.operator == "**" else None
        if exponent is not None and (np.abs(exponent) > MAX_EXPONENT).any():
            _refuse(f"a constant exponent is at most {MAX_EXPONENT:,.0f}", node.right)
        if exponent is not None and exponent.shape == (1,) and exponent[0] == 2:
            return self._settled(node, shape, np.square, parts[:1], cost=elements(shape))
        cost = operator.cost * elements(shape)
        return self._settled(
            node, shape, operator.compute, lifted(parts, shape), cost=cost, boolean=operator.logical
        )

    def _product(self, node: Binary) -> Part:
        left, right = numeric(self.plan(node.left)), numeric(self.plan(node.right))
        try:
            shape = product(left.shape, right.shape)
        except Mismatch as mismatch:
            _refuse(str(mismatch), node)
        cost = 50 + elements(left.shape) * elements(right.shape[1:])
        compute = PRODUCTS[len(left.shape), len(right.shape)]
        return self._settled(node, shape, compute, [left, right], cost=cost)

    def _compare(self, node: Compare) -> Part:
        parts = [self.plan(operand) for operand in node.operands]
        shape = self._together(parts, "compare", node)
        compares = [COMPARISONS[operator] for operator in node.operators]

        def chain(*operands: Array) -> Array:
            pairs = zip(compares, operands, operands[1:], strict=False)
            return reduce(np.logical_and, (compare(left, right) for compare, left, right in pairs))

        compute = compares[0] if len(compares) == 1 else chain
        cost = 2 * len(compares) * elements(shape)
        return self._settled(node, shape, compute, lifted(parts, shape), cost=cost, boolean=True)

    def _conditional(self, node: Conditional) -> Part:
        condition = self.plan(node.condition)
        branches = [self.plan(node.chosen), self.plan(node.otherwise)]
        boolean = all(branch.boolean for branch in branches)
        if not boolean:
            branches = [numeric(branch) for branch in branches]
        parts = [condition, *branches]
        shape = self._together(parts, "go together in a choice", node)
        compute = np.where if condition.boolean else where
        return self._settled(
            node, shape, compute, lifted(parts, shape), cost=4 * elements(shape), boolean=boolean
        )

    def _call(self, node: Call) -> Part:
        function = FUNCTIONS[node.function]
        parts, whole = self._arguments(function, node)
        shapes = [part.shape for part in parts]
        try:
            shape = function.result(*shapes, *whole)
        except Mismatch as mismatch:
            _refuse(f"{node.function}: {mismatch}", node)
        if function.of_shape:
            return constant(shape, np.array([function.compute(*shapes)]))
        if function.elementwise:
            parts = lifted(parts, shape)
        compute = with_whole(function.compute, whole) if whole else function.compute
        cost = function.work(shapes, shape)
        return self._settled(node, shape, compute, parts, cost=cost, boolean=function.boolean)

    def _arguments(self, function: Function, node: Call) -> tuple[list[Part], list[int]]:
        parts: list[Part] = []
        whole: list[int] = []
        for place, argument in enumerate(node.arguments):
            if place in function.whole:
                whole.append(self._whole(self.plan(argument), argument))
            else:
                parts.append(numeric(self.plan(argument)))
        return parts, whole

    def _vector(self, node: Vector) -> Part:
        parts = [numeric(self.plan(element)) for element in node.elements]
        inner = parts[0].shape
        if len(inner) > 1:
            _refuse("a matrix holds numbers in rows, and cannot be an element", node)
        for part, element in zip(parts, node.elements, strict=True):
            if part.shape != inner:
                reason = (
                    f"the elements differ: the first is {describe(inner)}, this is {describe(part.shape)}"
                )
                _refuse(reason, element)
        shape = (len(parts), *inner)
        # Only a part that varies has the full batch axis.
        leader = next((place for place, part in enumerate(parts) if part.value is None), 0)

        def stack(*rows: Array) -> Array:
            stacked = np.empty((len(rows[leader]), *shape))
            for place, row in enumerate(rows):
                stacked[:, place] = row
            return stacked

        return self._settled(node, shape, stack, parts, cost=elements(shape))

    def _index(self, node: Index) -> Part:
        base = numeric(self.plan(node.base))
        if len(node.items) > len(base.shape):
            _refuse(f"{describe(base.shape)} has no element at {len(node.items)} positions", node)
        picks: list[int | slice] = [slice(None)]
        shape: list[int] = []
        varying: list[tuple[Part, int]] = []
        for item, size in zip(node.items, base.shape, strict=False):
            pick = self._slice(item, size) if isinstance(item, Slice) else self._position(item, size)
            picks.append(slice(None) if isinstance(pick, Part) else pick)
            if isinstance(pick, Part):
                varying.append((pick, len(shape) + 1))
            if not isinstance(pick, int):
                shape.append(len(range(size)[pick]) if isinstance(pick, slice) else size)
        shape.extend(base.shape[len(node.items) :])
        basic, axes = tuple(picks), [axis for _, axis in varying]

        def pick_out(x: Array, *positions: Array) -> Array:
            x = np.ascontiguousarray(x[basic])
            for axis, position in zip(reversed(axes), reversed(positions), strict=True):
                x = take(x, position, axis)
            return x

        kept = tuple(size for axis, size in enumerate(shape, start=1) if axis not in axes)
        parts = [base, *(part for part, _ in varying)]
        return self._settled(node, kept, pick_out, parts, cost=1 + 20 * len(varying) * elements(base.shape))

    def _position(self, node: Node, size: int) -> int | Part:
        """Return a position known in advance as an int, and one that varies as a part."""
        part = numeric(self.plan(node))
        if part.shape:
            _refuse(f"a position is a number, not {describe(part.shape)}", node)
        if part.value is None:
            return part
        place = self._whole(part, node)
        if not -size <= place < size:
            _refuse(f"there is no position {place} among {size}: positions count from 0", node)
        return place

    def _slice(self, node: Slice, size: int) -> slice:
        start, stop = (
            default if end is None else self._whole(self.plan(end), end)
            for end, default in ((node.start, 0), (node.stop, size))
        )
        start, stop = (end + size if end < 0 else end for end in (start, stop))
        if not 0 <= start < stop <= size:
            raise ExpressionError(f"the slice holds none, or not only, of the {size} positions", *node.at)
        return slice(start, stop)

    def _whole(self, part: Part, node: Node) -> int:
        if part.value is None or part.shape or part.value[0] != np.floor(part.value[0]):
            _refuse("a whole number that is known in advance must stand here", node)
        if not abs(part.value[0]) <= MAX_ELEMENTS:
            _refuse(f"the number here is at most {MAX_ELEMENTS:,}", node)
        return int(part.value[0])

    def _together(self, parts: Sequence[Part], action: str, node: Node) -> Shape:
        try:
            return together([part.shape for part in parts], action)
        except Mismatch as mismatch:
            _refuse(str(mismatch), node)


def _refuse(reason: str, node: Node) -> NoReturn:
    raise ExpressionError(reason, *node.at)
