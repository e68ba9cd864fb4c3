"""Shapes of one variant's values (the batch axis left out): () a number, (k,) a vector, (r, c) a matrix."""

from __future__ import annotations

from collections.abc import Sequence
from math import prod

Shape = tuple[int, ...]


class Mismatch(Exception):
    """Shapes that do not go together; the message says why."""


def elements(shape: Shape) -> int:
    """Return how many numbers a value of this shape holds."""
    return prod(shape)


def describe(shape: Shape) -> str:
    """Return the shape in words: "a vector of 3"."""
    if not shape:
        return "a number"
    return f"a vector of {shape[0]}" if len(shape) == 1 else f"a matrix of {_sides(shape)}"


def together(shapes: Sequence[Shape], action: str) -> Shape:
    """Return the shape of an elementwise result.

    A number goes with everything; all others must have the same shape. Nothing else is stretched, so that a
    vector never spreads over a matrix by accident. ``action`` ends the refusal: "do not add".
    """
    result: Shape = ()
    for shape in shapes:
        if shape and result and shape != result:
            raise Mismatch(f"{_pair(result, shape)} do not {action}")
        result = shape or result
    return result


def product(left: Shape, right: Shape) -> Shape:
    """Return the shape of ``left @ right``."""
    if not left or not right:
        raise Mismatch("@ multiplies vectors and matrices; write * for numbers")
    if left[-1] != right[0]:
        raise Mismatch(f"{_pair(left, right)} have no matrix product")
    return left[:-1] + right[1:]


def _pair(left: Shape, right: Shape) -> str:
    if len(left) != len(right):
        return f"{describe(left)} and {describe(right)}"
    return f"{'vectors' if len(left) == 1 else 'matrices'} of {_sides(left)} and {_sides(right)}"


def _sides(shape: Shape) -> str:
    return " by ".join(map(str, shape))
