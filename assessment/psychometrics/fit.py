"""How well a calibration fits: items by S-X2, infit and outfit, persons by lz*.

S-X2: Orlando & Thissen 2000, with the recursion of Lord & Wingersky 1984. Infit and outfit: Wright &
Masters 1982. lz*: Snijders 2001, at Warm's estimate as in Magis, Raîche & Béland 2012. Responses are
persons x items, NaN missing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from assessment.psychometrics import irt
from assessment.psychometrics.estimation import GRID, log_prior, weighted_likelihood
from assessment.psychometrics.irt import Floats, Integers, ItemParameters
from assessment.psychometrics.polytomous import curves

# Cells of a score table that expect fewer persons than this are joined with their neighbor.
MINIMUM_CELL = 1.0


@dataclass(frozen=True, slots=True)
class ItemFit:
    """S-X2 with its degrees of freedom and p-value, one entry per item; NaN where no table could be made."""

    statistic: Floats
    degrees: Integers
    p_value: Floats


@dataclass(frozen=True, slots=True)
class MeanSquares:
    """Infit (weighted by information) and outfit (plain) mean squares, one entry per item; 1 is expected."""

    infit: Floats
    outfit: Floats


def s_x2(
    responses: Floats, items: ItemParameters, *, parameters: int = 2, weights: ArrayLike | None = None
) -> ItemFit:
    """Return S-X2 of each item: observed and expected proportions right among persons of equal total score.

    Only persons who answered everything count. ``parameters`` is the number estimated per item.
    """
    from scipy.special import chdtrc

    complete = ~np.isnan(responses).any(axis=1)
    counted = np.ones(len(responses)) if weights is None else np.asarray(weights, dtype=np.float64)
    scores, counted = responses[complete], counted[complete]
    size = len(items)
    totals = scores.sum(axis=1).astype(np.int64)
    persons = np.asarray(np.bincount(totals, counted, size + 1)[1:size], dtype=np.float64)
    chance, weight = irt.probability(GRID, items), np.exp(log_prior())
    overall = weight @ score_distribution(chance)
    statistic, degrees = np.full(size, np.nan), np.zeros(size, dtype=np.int64)
    for item in range(size):
        rest = score_distribution(np.delete(chance, item, axis=1))
        expected = (weight * chance[:, item]) @ rest[:, : size - 1] / overall[1:size]
        right = np.bincount(totals, counted * scores[:, item], size + 1)[1:size]
        cells = _joined(np.column_stack([persons, persons * expected, right]))
        if len(cells):
            number, mean, seen = cells.T
            statistic[item] = np.sum((seen - mean) ** 2 / (mean * (1 - mean / number)))
            degrees[item] = len(cells) - parameters
    known = degrees > 0
    p_value = np.where(known, chdtrc(np.maximum(degrees, 1), statistic), np.nan)
    return ItemFit(statistic, degrees, p_value)


def score_distribution(chance: Floats) -> Floats:
    """Return the probability of each total score, points x (items + 1), from points x items."""
    distribution = np.zeros((len(chance), chance.shape[1] + 1))
    distribution[:, 0] = 1.0
    for item in range(chance.shape[1]):
        p = chance[:, item, np.newaxis]
        distribution[:, 1:] = distribution[:, 1:] * (1 - p) + distribution[:, :-1] * p
        distribution[:, 0] *= 1 - p[:, 0]
    return distribution


def mean_squares(responses: Floats, items: ItemParameters, theta: Floats) -> MeanSquares:
    """Return infit and outfit of each item, given each person's theta."""
    chance = irt.probability(theta, items)
    answered = ~np.isnan(responses)
    variance = np.where(answered, chance * (1 - chance), 0.0)
    squared = np.where(answered, np.nan_to_num(responses) - chance, 0.0) ** 2
    number = np.maximum(answered.sum(axis=0), 1)
    plain = np.divide(squared, variance, out=np.zeros_like(squared), where=variance > 0)
    infit = squared.sum(axis=0) / np.maximum(variance.sum(axis=0), np.finfo(np.float64).tiny)
    return MeanSquares(infit, plain.sum(axis=0) / number)


def lz_star(responses: Floats, items: ItemParameters) -> Floats:
    """Return lz* of each person, standard normal for persons who fit; very negative for who answered oddly.

    NaN for persons whose answers leave nothing to compare (one answer, or none).
    """
    theta = weighted_likelihood(responses, items).theta
    known = ~np.isnan(theta)
    result = np.full(len(theta), np.nan)
    result[known] = _lz_star(responses[known], items, theta[known])
    return result


def _lz_star(responses: Floats, items: ItemParameters, theta: Floats) -> Floats:
    drawn = curves(theta, items)
    p, slope, curvature = drawn.probability[:, :, 1], drawn.slope[:, :, 1], drawn.curvature[:, :, 1]
    answered = (~np.isnan(responses)).astype(np.float64)
    variance = p * (1 - p)
    surprise = np.log(p / (1 - p))
    pull = slope / variance
    information = (answered * slope * pull).sum(axis=1)
    bias = (answered * slope * curvature / variance).sum(axis=1) / (2 * information)
    share = (answered * slope * surprise).sum(axis=1) / information
    corrected = surprise - share[:, np.newaxis] * pull
    spread = np.sqrt((answered * corrected**2 * variance).sum(axis=1))
    observed = (answered * (np.nan_to_num(responses) - p) * surprise).sum(axis=1)
    # Warm's estimate solves score + bias = 0; what is left of the score belongs to the expectation.
    centered = observed + share * bias
    fit: Floats = np.divide(centered, spread, out=np.full_like(centered, np.nan), where=spread > 1e-9)
    return fit


def _joined(cells: Floats) -> Floats:
    """Join neighboring cells (persons, expected right, right) until none expects too few."""
    rows = [row for row in cells if row[0] > 0]
    position = 0
    while len(rows) > 1 and position < len(rows):
        number, mean, _ = rows[position]
        if min(mean, number - mean) >= MINIMUM_CELL:
            position += 1
            continue
        # Inwards: a thin cell at the end joins the next one, any other the fuller of its neighbors.
        neighbor = _neighbor(rows, position)
        low = min(position, neighbor)
        rows[low : low + 2] = [rows[position] + rows[neighbor]]
        position = max(low - 1, 0)
    return np.array(rows).reshape(-1, 3)


def _neighbor(rows: list[Floats], position: int) -> int:
    if position == 0:
        return 1
    if position == len(rows) - 1:
        return position - 1
    return position - 1 if rows[position - 1][0] >= rows[position + 1][0] else position + 1
