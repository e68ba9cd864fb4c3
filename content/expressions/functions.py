"""The table of functions: one line makes a function known to the parser and the planner."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import e, pi
from typing import Any

import numpy as np

from content.expressions import kernels
from content.expressions.kernels import Array, Floats, on_last_axis
from content.expressions.shapes import Mismatch, Shape, describe, elements, together

Work = Callable[[Sequence[Shape], Shape], int]
MANY = 16
"""Arguments of a function that takes any number of them."""


@dataclass(frozen=True, slots=True)
class Function:
    """A function that authors may call.

    ``signature`` names the arguments; one in brackets may be left out, and a last ``...`` stands for more.
    ``result`` takes the arguments' shapes and returns the result's, or raises ``Mismatch``; ``compute`` takes
    arrays with a leading batch axis (elementwise ones already at the same rank) and returns one. ``work`` is
    the cost of a row. The arguments at the places in ``whole`` come last and are whole numbers known beforehand;
    both functions get them as ints. With ``of_shape`` the value depends on the shape alone, which ``compute``
    gets.
    """

    signature: str
    result: Callable[..., Shape]
    compute: Callable[..., Any]
    work: Work
    whole: tuple[int, ...] = ()
    elementwise: bool = False
    boolean: bool = False
    of_shape: bool = False

    @property
    def name(self) -> str:
        return self.signature.partition("(")[0]

    def accepts(self, count: int) -> bool:
        """Say whether the function takes ``count`` arguments."""
        arguments = self.signature.partition("(")[2].rstrip(")").split(", ")
        optional = sum(argument.startswith("[") for argument in arguments)
        most = MANY if arguments[-1] == "..." else len(arguments)
        return len(arguments) - optional - (arguments[-1] == "...") <= count <= most


def _each(cost: int, *, call: int = 0) -> Work:
    def work(shapes: Sequence[Shape], result: Shape) -> int:
        return call + cost * max(elements(shape) for shape in (*shapes, result))

    return work


def _lapack(call: int, cube: int) -> Work:
    def work(shapes: Sequence[Shape], result: Shape) -> int:
        return call + cube * shapes[0][0] ** 3 + elements(result)

    return work


def _elementwise(
    signature: str, compute: Callable[..., Any], cost: int = 2, *, boolean: bool = False
) -> Function:
    def result(*shapes: Shape) -> Shape:
        return together(shapes, "go together")

    return Function(signature, result, compute, _each(cost), elementwise=True, boolean=boolean)


def _reduction(
    signature: str, kernel: Callable[[Floats], Array], cost: int = 2, *, boolean: bool = False
) -> Function:
    return Function(
        signature, _reduced, on_last_axis(kernel), _each(cost, call=20), whole=(1,), boolean=boolean
    )


def _by_rows(signature: str, kernel: Callable[[Floats], Array], cost: int) -> Function:
    return Function(signature, _not_a_number, kernel, _each(cost, call=40))


def _extreme(signature: str, ufunc: np.ufunc) -> Function:
    def result(*shapes: Shape) -> Shape:
        return _reduced(shapes[0]) if len(shapes) == 1 else together(shapes, "go together")

    return Function(signature, result, kernels.extreme(ufunc), _each(4, call=100), elementwise=True)


def _reduced(shape: Shape, axis: int | None = None) -> Shape:
    _not_a_number(shape)
    if axis is None:
        return ()
    if not 0 <= axis < len(shape):
        raise Mismatch(f"{describe(shape)} has no axis {axis}: axes count from 0")
    return shape[:axis] + shape[axis + 1 :]


def _row_reduced(shape: Shape) -> Shape:
    return _not_a_number(shape)[:-1]


def _not_a_number(shape: Shape) -> Shape:
    if not shape:
        raise Mismatch("takes a vector or a matrix, not a number")
    return shape


def _matrix(shape: Shape) -> Shape:
    if len(shape) != 2:
        raise Mismatch(f"takes a matrix, not {describe(shape)}")
    return shape


def _square(shape: Shape) -> Shape:
    if len(shape) != 2 or shape[0] != shape[1]:
        raise Mismatch(f"takes a square matrix, not {describe(shape)}")
    return shape


def _of_square(shape: Shape) -> Shape:
    return _square(shape)[2:]


def _vectors(*shapes: Shape) -> None:
    for shape in shapes:
        if len(shape) != 1:
            raise Mismatch(f"takes vectors, not {describe(shape)}")


def _dot(left: Shape, right: Shape) -> Shape:
    _vectors(left, right)
    return together((left, right), "have a product")[1:]


def _outer(left: Shape, right: Shape) -> Shape:
    _vectors(left, right)
    return left + right


def _solution(matrix: Shape, right: Shape) -> Shape:
    if not right or _square(matrix)[0] != right[0]:
        raise Mismatch(f"{describe(matrix)} and {describe(right)} make no system of equations")
    return right


def _diagonal(shape: Shape) -> Shape:
    if len(shape) == 1:
        return shape + shape
    return _square(shape)[:1]


def _grid(start: Shape, stop: Shape, count: int) -> Shape:
    if start or stop or count < 2:
        raise Mismatch("takes two numbers, and a count of at least 2")
    return (count,)


def _filled(*sizes: int) -> Shape:
    if min(sizes) < 1:
        raise Mismatch(f"takes sizes from 1 upwards, not {min(sizes)}")
    return sizes


def _length(shape: Shape) -> float:
    return float(shape[0])


_TABLE = (
    _elementwise("abs(x)", np.abs),
    _elementwise("sign(x)", np.sign),
    Function("round(x, [digits])", lambda x, *_digits: x, np.round, _each(4), whole=(1,)),
    _elementwise("floor(x)", np.floor),
    _elementwise("ceil(x)", np.ceil),
    _elementwise("mod(x, y)", np.mod, 40),
    _elementwise("sqrt(x)", np.sqrt, 4),
    _elementwise("exp(x)", np.exp, 10),
    _elementwise("expm1(x)", np.expm1, 20),
    _elementwise("log(x)", np.log, 10),
    _elementwise("log2(x)", np.log2, 15),
    _elementwise("log10(x)", np.log10, 15),
    _elementwise("log1p(x)", np.log1p, 20),
    _elementwise("sin(x)", np.sin, 20),
    _elementwise("cos(x)", np.cos, 20),
    _elementwise("tan(x)", np.tan, 20),
    _elementwise("arctan(x)", np.arctan, 20),
    _elementwise("tanh(x)", np.tanh, 10),
    _elementwise("sigmoid(x)", kernels.sigmoid, 15),
    _elementwise("relu(x)", lambda x: np.maximum(x, 0.0)),
    _elementwise("clip(x, low, high)", kernels.clip, 3),
    _elementwise("soft_threshold(x, threshold)", kernels.soft_threshold, 6),
    _elementwise("where(condition, chosen, otherwise)", kernels.where, 4),
    _elementwise("isfinite(x)", np.isfinite, boolean=True),
    _extreme("min(x, ...)", np.minimum),
    _extreme("max(x, ...)", np.maximum),
    _reduction("sum(x, [axis])", kernels.total),
    _reduction("prod(x, [axis])", lambda x: np.multiply.reduce(x, axis=-1)),
    _reduction("mean(x, [axis])", kernels.mean),
    _reduction("var(x, [axis])", kernels.variance, 5),
    _reduction("std(x, [axis])", lambda x: np.sqrt(kernels.variance(x)), 5),
    _reduction("median(x, [axis])", kernels.median, 45),
    _reduction("norm1(x, [axis])", lambda x: kernels.total(np.abs(x)), 3),
    _reduction("norm2(x, [axis])", lambda x: np.sqrt(kernels.total(x * x)), 3),
    _reduction("argmin(x, [axis])", lambda x: np.argmin(x, axis=-1).astype(np.float64), 5),
    _reduction("argmax(x, [axis])", lambda x: np.argmax(x, axis=-1).astype(np.float64), 5),
    _reduction("any(x, [axis])", lambda x: np.logical_or.reduce(x, axis=-1), boolean=True),
    _reduction("all(x, [axis])", lambda x: np.logical_and.reduce(x, axis=-1), boolean=True),
    _reduction("count_nonzero(x, [axis])", kernels.count_nonzero, 4),
    _reduction("count_zero(x, [axis])", lambda x: kernels.count_nonzero(x == 0), 4),
    _by_rows("softmax(x)", kernels.softmax, 15),
    _by_rows("cumsum(x)", lambda x: np.add.accumulate(x, axis=-1), 3),
    _by_rows("sort(x)", lambda x: np.sort(x, axis=-1), 40),
    Function("logsumexp(x)", _row_reduced, kernels.log_sum_exp, _each(15, call=40)),
    Function("entropy(p)", _row_reduced, kernels.entropy, _each(15, call=20)),
    Function("dot(u, v)", _dot, np.vecdot, _each(2, call=20)),
    Function("outer(u, v)", _outer, kernels.outer, _each(2)),
    Function("transpose(a)", lambda a: _matrix(a)[::-1], kernels.transpose, _each(2)),
    Function("diag(x)", _diagonal, kernels.diagonal, _each(3)),
    Function("trace(a)", _of_square, lambda a: np.trace(a, axis1=1, axis2=2), _each(1, call=20)),
    Function("det(a)", _of_square, kernels.determinant, _lapack(150, 2)),
    Function("inv(a)", _square, kernels.inverse, _lapack(700, 6)),
    Function("solve(a, b)", _solution, kernels.solve, _lapack(900, 8)),
    Function("eigvals(a)", lambda a: _square(a)[:1], kernels.symmetric_eigenvalues, _lapack(500, 20)),
    Function(
        "linspace(start, stop, count)",
        _grid,
        kernels.linspace,
        _each(8),
        whole=(2,),
    ),
    Function(
        "identity(size)", lambda n: _filled(n, n), lambda n: np.eye(n)[np.newaxis], _each(1), whole=(0,)
    ),
    Function("zeros(rows, [columns])", _filled, lambda *sizes: np.zeros((1, *sizes)), _each(1), whole=(0, 1)),
    Function("ones(rows, [columns])", _filled, lambda *sizes: np.ones((1, *sizes)), _each(1), whole=(0, 1)),
    Function("len(x)", lambda x: _not_a_number(x)[:0], _length, _each(0), of_shape=True),
)

FUNCTIONS = {function.name: function for function in _TABLE}
CONSTANTS = {"pi": pi, "e": e}
