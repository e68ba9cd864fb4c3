"""Standard errors of a calibration, from the information about all parameters at once.

Observed information: complete less missing (Louis 1982), which is what Oakes (1999) computes by
differences. Cross-product: the outer products of the persons' scores; cheaper, and the same in large
samples. Item blocks: the same for each item alone, as if the others were known; for banks whose matrix of
all parameters is too large.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from functools import reduce
from operator import add

import numpy as np

from assessment.psychometrics.expectation import (
    Counts,
    cross_product,
    item_cross_products,
    missing_information,
)
from assessment.psychometrics.irt import Bools, Floats
from assessment.psychometrics.maximization import (
    CalibrationModel,
    Parameters,
    prior_precision,
    slopes,
    tables,
)
from assessment.psychometrics.schedulers import Apply

# persons x points x parameters²: about a third of a second of work.
_AFFORDABLE = 2e9
# A matrix of this number of parameters takes a second to invert.
_MANY = 1500
_DIFFERENCE = 1e-5


class ErrorMethod(StrEnum):
    """Where standard errors come from; ``AUTO`` takes the best that costs about a second."""

    AUTO = "auto"
    OBSERVED = "observed"
    CROSS_PRODUCT = "cross_product"
    ITEM_BLOCKS = "item_blocks"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class ItemErrors:
    """Standard errors of each item's a, b, c and intercept, and of the group; NaN for what was not
    estimated.
    """

    a: Floats
    b: Floats
    c: Floats
    intercept: Floats
    group_mean: float
    group_sd: float
    method: ErrorMethod


@dataclass(frozen=True, slots=True)
class _Spread:
    """Covariances on the free scales: items x kinds x kinds, and the variances of the group's parameters."""

    items: Floats
    group: Floats


def item_errors(
    parameters: Parameters, counts: Counts, apply: Apply, method: ErrorMethod, persons: float
) -> ItemErrors:
    """Return the standard errors at the top of a calibration. Anchored items have none.

    Raises ValueError for item blocks of a 1PL, whose items share their slope.
    """
    if method is ErrorMethod.AUTO:
        method = _affordable(parameters, persons * len(counts.persons))
    if method is ErrorMethod.NONE:
        kinds, items = parameters.free.shape
        return _delta(parameters, _Spread(np.full((items, kinds, kinds), np.nan), np.full(2, np.nan)), method)
    if method is ErrorMethod.ITEM_BLOCKS:
        return _delta(parameters, _spread_by_item(parameters, apply), method)
    return _delta(parameters, _spread(parameters, _information(parameters, counts, apply, method)), method)


def complete_information(parameters: Parameters, counts: Counts) -> Floats:
    """Return the information if theta were seen, parameters x parameters: items do not touch each other.

    Second derivatives are differences of the first, which are exact; they are of single items, so that one
    difference serves all items at once.
    """
    kinds, items = parameters.free.shape
    size = kinds * items + 2 * parameters.free_group
    information = np.zeros((size, size))
    place = np.arange(items)
    for kind in range(kinds):
        by_kind = -_item_curvature(parameters, counts, kind)
        for other in range(kinds):
            information[kind * items + place, other * items + place] = by_kind[other]
    if parameters.free_group:
        for kind in range(2):
            information[size - 2 + kind, size - 2 :] = -_group_curvature(parameters, counts, kind)
    return information


def _affordable(parameters: Parameters, cells: float) -> ErrorMethod:
    size = parameters.free.size + 2 * parameters.free_group
    if cells * size**2 < _AFFORDABLE:
        return ErrorMethod.OBSERVED
    separable = parameters.model is not CalibrationModel.ONE
    return ErrorMethod.ITEM_BLOCKS if separable and size > _MANY else ErrorMethod.CROSS_PRODUCT


def _information(parameters: Parameters, counts: Counts, apply: Apply, method: ErrorMethod) -> Floats:
    """Return the information about all parameters, with that of the priors."""
    argument = (tables(parameters), slopes(parameters))
    if method is ErrorMethod.CROSS_PRODUCT:
        information = reduce(add, apply(cross_product, argument))
    else:
        complete = complete_information(parameters, counts)
        information = complete - reduce(add, apply(missing_information, argument))
    group = np.zeros(len(argument[1].group))
    precision = np.concatenate([prior_precision(parameters).ravel(), group])
    total: Floats = information + np.diag(precision)
    return total


def _item_curvature(parameters: Parameters, counts: Counts, kind: int) -> Floats:
    """Return the derivative by one kind of every kind's gradient, kinds x items."""
    shift = np.zeros_like(parameters.free)
    shift[kind] = _DIFFERENCE

    def gradient(moved: Parameters) -> Floats:
        drawn = slopes(moved)
        wrong = (counts.answered - counts.right) * drawn.wrong
        total: Floats = (counts.right * drawn.right + wrong).sum(axis=2)
        return total

    above = gradient(replace(parameters, free=parameters.free + shift))
    below = gradient(replace(parameters, free=parameters.free - shift))
    return (above - below) / (2 * _DIFFERENCE)


def _group_curvature(parameters: Parameters, counts: Counts, kind: int) -> Floats:
    """Return the derivative of the group's gradient by its mean (0) or the logarithm of its sd (1)."""
    shift = np.eye(2)[kind] * _DIFFERENCE

    def gradient(sign: float) -> Floats:
        mean, log_sd = parameters.mean + sign * shift[0], parameters.log_sd + sign * shift[1]
        total: Floats = slopes(replace(parameters, mean=mean, log_sd=log_sd)).group @ counts.persons
        return total

    return (gradient(1.0) - gradient(-1.0)) / (2 * _DIFFERENCE)


def _spread(parameters: Parameters, information: Floats) -> _Spread:
    """Invert the information about what moves."""
    kinds, items = parameters.free.shape
    moving = np.concatenate(
        [np.tile(~parameters.fixed, kinds), np.ones(2 * parameters.free_group, dtype=bool)]
    )
    basis = np.eye(len(information))[:, moving]
    if parameters.model is CalibrationModel.ONE:
        # One slope moves all items: one column stands for the slopes of them all.
        slope = (np.arange(len(information)) < items) & moving
        basis = np.column_stack([slope.astype(np.float64), basis[:, int(slope.sum()) :]])
    covariance = basis @ _inverse(basis.T @ information @ basis) @ basis.T
    covariance[~moving] = np.nan
    place = np.arange(items)
    blocks = [
        [covariance[kind * items + place, other * items + place] for other in range(kinds)]
        for kind in range(kinds)
    ]
    group = np.diag(covariance)[kinds * items :] if parameters.free_group else np.full(2, np.nan)
    return _Spread(np.transpose(np.array(blocks), (2, 0, 1)), group)


def _spread_by_item(parameters: Parameters, apply: Apply) -> _Spread:
    if parameters.model is CalibrationModel.ONE:
        raise ValueError("the items of a 1PL share their slope: their errors cannot be had item by item")
    blocks = reduce(add, apply(item_cross_products, (tables(parameters), slopes(parameters))))
    kinds = np.arange(len(parameters.free))
    blocks[:, kinds, kinds] += prior_precision(parameters).T
    spread = np.full_like(blocks, np.nan)
    moving: Bools = ~parameters.fixed
    spread[moving] = np.linalg.pinv(blocks[moving], hermitian=True)
    return _Spread(spread, np.full(2, np.nan))


def _inverse(information: Floats) -> Floats:
    """Return the inverse, or the pseudo-inverse of an information without full rank (more items than
    data).
    """
    try:
        np.linalg.cholesky(information)
    except np.linalg.LinAlgError:
        return np.asarray(np.linalg.pinv(information, hermitian=True), np.float64)
    return np.asarray(np.linalg.inv(information), np.float64)


def _delta(parameters: Parameters, spread: _Spread, method: ErrorMethod) -> ItemErrors:
    """Carry the covariances from the free scales to a, b and c (first order)."""
    a, d, c = parameters.slope, parameters.free[1], parameters.asymptote
    scale = np.ones_like(a) if parameters.priors.discrimination is None else a
    variance_a, shared = spread.items[:, 0, 0] * scale**2, spread.items[:, 0, 1] * scale
    variance_d = spread.items[:, 1, 1]
    variance_b = variance_d / a**2 + d**2 * variance_a / a**4 - 2 * d * shared / a**3
    has_asymptote = parameters.model is CalibrationModel.THREE
    variance_c = spread.items[:, 2, 2] * (c * (1 - c)) ** 2 if has_asymptote else np.full_like(a, np.nan)
    group = _root(spread.group)
    return ItemErrors(
        a=_root(variance_a),
        b=_root(variance_b),
        c=_root(variance_c),
        intercept=_root(variance_d),
        group_mean=float(group[0]),
        group_sd=float(group[1] * np.exp(parameters.log_sd)),
        method=method,
    )


def _root(variance: Floats) -> Floats:
    """Return the square root, NaN where there is no positive variance to take it of."""
    return np.sqrt(np.where(variance > 0, variance, np.nan))
