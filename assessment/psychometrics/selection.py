"""Rules that choose the next item of an adaptive assessment.

Every rule takes the bank, the situation of the attempt and a random generator, and returns a `Choice`;
RULES names them. Posterior-weighted information: van der Linden 1998. Kullback-Leibler: Chang & Ying 1996,
weighted by the posterior. Minimum expected posterior variance: Owen 1975, van der Linden 1998. Randomesque:
Kingsbury & Zara 1989. Progressive: Revuelta & Ponsoda 1998.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from assessment.psychometrics import irt
from assessment.psychometrics.bank import BankSnapshot
from assessment.psychometrics.estimation import GRID, posterior
from assessment.psychometrics.irt import Floats, Integers, ItemParameters

RANDOMESQUE = 5

# Scores closer than this are the same score: sums of another order may differ in the last bits.
_SAME = 1e-14
# The number of items at a time: their tables by grid point stay in the cache of one core.
_BLOCK = 2048


class BankExhausted(Exception):
    """No item is left that may be given."""


@dataclass(frozen=True, slots=True)
class Situation:
    """What a rule may know of an attempt.

    ``log_posterior`` is on the 61-point grid; ``administered`` are the indices of the items given so far;
    ``favor`` is a factor in [0, 1] for every item of the bank, 0 for an item that may not be given: exposure
    control and content balancing speak through it. ``length`` is the planned number of items.
    """

    log_posterior: Floats
    administered: tuple[int, ...] = ()
    favor: Floats | None = None
    length: int = 30


@dataclass(frozen=True, slots=True)
class Choice:
    """The chosen item and the value of the criterion that chose it, for the record."""

    item: int
    value: float


def posterior_weighted(
    bank: BankSnapshot, situation: Situation, _rng: np.random.Generator | None = None
) -> Choice:
    """Choose the most information averaged over the posterior; exactly the item a full pass would choose."""
    return _highest(bank, situation, posterior(situation.log_posterior))


def maximum_information(
    bank: BankSnapshot, situation: Situation, _rng: np.random.Generator | None = None
) -> Choice:
    """Choose the most information at the posterior mean, interpolated in the table."""
    return _highest(bank, situation, _hat(float(posterior(situation.log_posterior) @ GRID)))


def kullback_leibler(
    bank: BankSnapshot, situation: Situation, _rng: np.random.Generator | None = None
) -> Choice:
    """Choose what best tells the posterior mean from the other points, weighted by the posterior."""
    weights = posterior(situation.log_posterior)
    here = float(weights @ GRID)

    def divergence(items: ItemParameters) -> Floats:
        log_wrong, log_right = irt.log_likelihoods(GRID, items)
        (here_wrong,), (here_right,) = irt.log_likelihoods(here, items)
        right = np.exp(here_right) * (here_right - weights @ log_right)
        both: Floats = right + np.exp(here_wrong) * (here_wrong - weights @ log_wrong)
        return both

    return _best_by(divergence, bank, situation)


def minimum_expected_variance(
    bank: BankSnapshot, situation: Situation, _rng: np.random.Generator | None = None
) -> Choice:
    """Choose the smallest posterior variance to be expected after the response.

    The criterion is the drop in variance, so that more is better, as everywhere here.
    """
    weights = posterior(situation.log_posterior)
    centered = weights * (GRID - weights @ GRID)

    def explained(items: ItemParameters) -> Floats:
        chance = irt.probability(GRID, items)
        right, pull = weights @ chance, centered @ chance
        # The variance of the posterior mean over the two possible responses.
        return pull**2 / (right * (1 - right))

    return _best_by(explained, bank, situation)


def randomesque(bank: BankSnapshot, situation: Situation, rng: np.random.Generator) -> Choice:
    """Choose by chance among the five best by posterior-weighted information."""
    values = scores(bank, situation)
    best = np.argsort(-values, kind="stable")[: min(RANDOMESQUE, len(_allowed(bank, situation)))]
    drawn = int(best[rng.integers(len(best))])
    return Choice(drawn, float(values[drawn]))


def progressive(bank: BankSnapshot, situation: Situation, rng: np.random.Generator) -> Choice:
    """Choose by chance at first and by posterior-weighted information more and more towards the end."""
    allowed = _allowed(bank, situation)
    values = bank.information[bank.place[allowed]] @ posterior(situation.log_posterior)
    part = min(1.0, len(situation.administered) / situation.length)
    noise = rng.uniform(0, values.max(), len(values))
    return _best_of(allowed, (1 - part) * noise + part * values, situation)


Rule = Callable[[BankSnapshot, Situation, np.random.Generator], Choice]
RULES: dict[str, Rule] = {
    "posterior_weighted": posterior_weighted,
    "maximum_information": maximum_information,
    "kullback_leibler": kullback_leibler,
    "minimum_expected_variance": minimum_expected_variance,
    "randomesque": randomesque,
    "progressive": progressive,
}


def scores(bank: BankSnapshot, situation: Situation) -> Floats:
    """Return the posterior-weighted information of every item times its favor, 0 for what was given: a
    full pass.
    """
    weighted = np.empty(len(bank))
    weighted[bank.order] = bank.information @ posterior(situation.log_posterior)
    weighted[list(situation.administered)] = 0.0
    return _favored(weighted, np.arange(len(bank)), situation)


def _highest(bank: BankSnapshot, situation: Situation, weights: Floats) -> Choice:
    """Return the item of the highest weighted information, from the core and from any cell that may hold it.

    No item of a cell can be above the cell's envelope times the highest favor in it. Cells are looked into from the
    highest such limit down, ever more at a time, until none is left that may hold a better item.
    """
    favor = _by_row(bank, situation)
    best = _highest_in(bank, favor, weights, np.arange(bank.bounds[0]))
    limits = bank.envelopes @ weights
    if len(limits):
        limits *= np.maximum.reduceat(favor, bank.bounds[:-1])
    suspects = np.flatnonzero(limits >= best.value * (1 - _SAME))
    suspects, at_once = suspects[np.argsort(-limits[suspects])], 1
    while len(suspects) and limits[suspects[0]] >= best.value * (1 - _SAME):
        cells, suspects = suspects[:at_once], suspects[at_once:]
        rows = np.concatenate([np.arange(bank.bounds[cell], bank.bounds[cell + 1]) for cell in cells])
        best = _better(best, _highest_in(bank, favor, weights, rows))
        at_once *= 2
    if best.value <= 0:
        raise BankExhausted("no item is left that may be given")
    return best


def _by_row(bank: BankSnapshot, situation: Situation) -> Floats:
    """Return the favor of every item in the order of the rows, 0 for what was given."""
    favor = np.ones(len(bank)) if situation.favor is None else situation.favor[bank.order]
    favor[bank.place[list(situation.administered)]] = 0.0
    return favor


def _highest_in(bank: BankSnapshot, favor: Floats, weights: Floats, rows: Integers) -> Choice:
    """Return the best item of some rows; its value is 0 when none of them may be given."""
    values = (bank.information[rows] @ weights) * favor[rows]
    equals = rows[values >= values.max() * (1 - _SAME)]
    # Of equals it is the first item that counts, wherever its row stands.
    return Choice(int(bank.order[equals].min()), float(values.max()))


def _better(one: Choice, other: Choice) -> Choice:
    """Return the higher of two choices, the lower index of equals."""
    if abs(one.value - other.value) <= _SAME * max(one.value, other.value):
        return min(one, other, key=lambda choice: choice.item)
    return max(one, other, key=lambda choice: choice.value)


def _best_of(candidates: Integers, values: Floats, situation: Situation) -> Choice:
    """Return the highest value after favor, the lowest index among equals."""
    favored = _favored(values, candidates, situation)
    if len(favored) == 0 or favored.max() <= 0:
        raise BankExhausted("no item is left that may be given")
    best = _first_highest(favored)
    return Choice(int(candidates[best]), float(favored[best]))


def _first_highest(values: Floats) -> int:
    return int(np.argmax(values >= values.max() * (1 - _SAME)))


def _favored(values: Floats, candidates: Integers, situation: Situation) -> Floats:
    return values if situation.favor is None else values * situation.favor[candidates]


def _best_by(
    criterion: Callable[[ItemParameters], Floats], bank: BankSnapshot, situation: Situation
) -> Choice:
    """Return the item of the whole bank that a criterion without an envelope values most."""
    allowed = _allowed(bank, situation)
    blocks = np.array_split(allowed, -(-len(allowed) // _BLOCK))
    return _best_of(allowed, np.concatenate([criterion(bank.items[block]) for block in blocks]), situation)


def _allowed(bank: BankSnapshot, situation: Situation) -> Integers:
    allowed = np.ones(len(bank), dtype=np.bool_) if situation.favor is None else situation.favor > 0
    allowed[list(situation.administered)] = False
    if not allowed.any():
        raise BankExhausted("no item is left that may be given")
    return np.flatnonzero(allowed)


def _hat(theta: float) -> Floats:
    """Return weights on the grid that read a table at ``theta`` by linear interpolation."""
    width = GRID[1] - GRID[0]
    weights: Floats = np.maximum(0.0, 1 - np.abs(GRID - np.clip(theta, GRID[0], GRID[-1])) / width)
    return weights
