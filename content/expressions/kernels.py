"""The arithmetic behind the functions that numpy does not offer row by row.

Every array has the batch on its first axis; a row never sees another row. Every result is contiguous: numpy sums in
another order through a view, and then a row would not have the same bits in every batch.

Sources: Golub and Van Loan, Matrix Computations (condition number); Donoho and Johnstone 1994 (soft threshold);
Shannon 1948 (entropy, in nats).
"""

from __future__ import annotations

from collections.abc import Callable
from functools import reduce
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Array = npt.NDArray[Any]

# Past this condition number no digit of an inverse is known; past this asymmetry eigenvalues turn complex.
WORST_CONDITION = 1 / np.finfo(np.float64).eps
SYMMETRY = 1e-12


def on_last_axis(kernel: Callable[[Floats], Array]) -> Callable[..., Array]:
    """Return ``kernel`` applied to all elements of each row, or along one axis of its value."""

    def reduced(x: Floats, axis: int | None = None) -> Array:
        if x.ndim == 2:
            return kernel(x)
        if axis is None:
            return kernel(x.reshape(x.shape[0], prod(x.shape[1:])))
        return kernel(np.ascontiguousarray(np.moveaxis(x, axis + 1, -1)))

    return reduced


def extreme(ufunc: np.ufunc) -> Callable[..., Array]:
    """Return the extreme of one value's elements, or of several values element by element."""
    alone = on_last_axis(lambda x: ufunc.reduce(x, axis=-1))

    def chosen(*arguments: Floats) -> Array:
        return alone(arguments[0]) if len(arguments) == 1 else np.asarray(reduce(ufunc, arguments))

    return chosen


def mean(x: Floats) -> Floats:
    return np.asarray(total(x) / x.shape[-1])


def total(x: Floats) -> Floats:
    return np.asarray(np.add.reduce(x, axis=-1))


def variance(x: Floats) -> Floats:
    return mean(np.square(x - mean(x)[..., np.newaxis]))


def median(x: Floats) -> Floats:
    ordered, size = np.sort(x, axis=-1), x.shape[-1]
    middle = ordered[..., (size - 1) // 2] / 2 + ordered[..., size // 2] / 2
    # A nan sorts to the end.
    return np.where(np.isnan(ordered[..., -1]), np.nan, middle)


def count_nonzero(x: Array) -> Floats:
    return np.asarray(np.count_nonzero(x, axis=-1), dtype=np.float64)


def softmax(x: Floats) -> Floats:
    powers = np.exp(x - np.maximum.reduce(x, axis=-1, keepdims=True))
    return np.asarray(powers / np.add.reduce(powers, axis=-1, keepdims=True))


def log_sum_exp(x: Floats) -> Floats:
    peak = np.maximum.reduce(x, axis=-1, keepdims=True)
    return np.asarray(np.log(total(np.exp(x - peak))) + peak[..., 0])


def entropy(p: Floats) -> Floats:
    """Return -sum p log p along the last axis, with 0 log 0 = 0."""
    return 0.0 - total(np.where(p == 0, 0.0, p * np.log(p)))


def sigmoid(x: Floats) -> Floats:
    return np.asarray(1 / (1 + np.exp(-x)))


def soft_threshold(x: Floats, threshold: Floats) -> Floats:
    return np.asarray(np.sign(x) * np.maximum(np.abs(x) - threshold, 0.0))


def clip(x: Floats, low: Floats, high: Floats) -> Floats:
    return np.asarray(np.minimum(np.maximum(x, low), high))


def where(condition: Floats, chosen: Floats, otherwise: Floats) -> Floats:
    return np.where(condition != 0, chosen, otherwise)


def outer(u: Floats, v: Floats) -> Floats:
    return np.asarray(u[:, :, np.newaxis] * v[:, np.newaxis, :])


def transpose(a: Floats) -> Floats:
    return np.ascontiguousarray(np.swapaxes(a, 1, 2))


def linspace(start: Floats, stop: Floats, count: int) -> Floats:
    # Not np.linspace: it takes another road for all rows as soon as one of them has equal ends.
    grid = start[:, np.newaxis] + (stop - start)[:, np.newaxis] * (np.arange(count) / (count - 1))
    grid[:, -1] = stop
    return np.asarray(grid)


def diagonal(x: Floats) -> Floats:
    """Return the diagonal of a matrix, or the matrix with this diagonal and zeros."""
    if x.ndim == 3:
        return np.ascontiguousarray(np.diagonal(x, axis1=1, axis2=2))
    places = np.arange(x.shape[1])
    matrix = np.zeros((*x.shape, x.shape[1]))
    matrix[:, places, places] = x
    return matrix


def determinant(a: Floats) -> Floats:
    # The elimination takes a nan for a zero pivot and would say 0.
    return np.where(_finite(a), np.linalg.det(a), np.nan)


def inverse(a: Floats) -> Floats:
    """Return the inverses; nan for each matrix that is singular to working precision, and for no other."""
    sign, _ = np.linalg.slogdet(a)
    regular = _finite(a) & (sign != 0)
    inverses = np.asarray(np.linalg.inv(_or_identity(a, regular)), dtype=np.float64)
    regular &= _norm(a) * _norm(inverses) < WORST_CONDITION
    return np.where(regular[:, np.newaxis, np.newaxis], inverses, np.nan)


def solve(a: Floats, b: Floats) -> Floats:
    """Return x with a x = b, for vectors or matrices b; nan where ``a`` is singular to working precision."""
    regular = _finite(inverse(a))
    columns = b[..., np.newaxis] if b.ndim == 2 else b
    solved = np.asarray(np.linalg.solve(_or_identity(a, regular), columns), dtype=np.float64)
    x = np.where(regular[:, np.newaxis, np.newaxis], solved, np.nan)
    return x[..., 0].copy() if b.ndim == 2 else x


def symmetric_eigenvalues(a: Floats) -> Floats:
    """Return the eigenvalues in ascending order; nan for a matrix that is not finite or not symmetric."""
    largest = np.abs(a).max(axis=(1, 2))
    skew = np.abs(a - np.swapaxes(a, 1, 2)).max(axis=(1, 2))
    regular = _finite(a) & (skew <= SYMMETRY * largest)
    return np.where(regular[:, np.newaxis], np.linalg.eigvalsh(_or_identity(a, regular)), np.nan)


def take(x: Floats, positions: Floats, axis: int) -> Floats:
    """Return the element of each row at its own position along ``axis``; nan for a position that is none.

    Positions count from 0, negative ones from the end. Either argument may have a single row for all.
    """
    size = x.shape[axis]
    valid = (positions == np.floor(positions)) & (positions >= -size) & (positions < size)
    whole = np.where(valid, positions, 0).astype(np.intp)
    taken = np.swapaxes(x, axis, 1)[np.arange(len(x)), whole]
    known = valid.reshape(-1, *(1,) * (taken.ndim - 1))
    return np.ascontiguousarray(np.where(known, taken, np.nan))


def _finite(a: Floats) -> npt.NDArray[np.bool_]:
    return np.asarray(np.isfinite(a).all(axis=(1, 2)))


def _or_identity(a: Floats, keep: npt.NDArray[np.bool_]) -> Floats:
    # One bad matrix makes numpy refuse the whole stack.
    return np.where(keep[:, np.newaxis, np.newaxis], a, np.eye(a.shape[1]))


def _norm(a: Floats) -> Floats:
    return np.asarray(np.abs(a).sum(axis=1).max(axis=1))
