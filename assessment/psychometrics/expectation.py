"""The E-step of marginal maximum likelihood: sums over the persons of one shard.

Bock & Aitkin 1981; the scores of single persons as in Mislevy 1984; the missing information as in Louis 1982.
Everything here is a function of one shard and of tables by grid point, so that it can run anywhere.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np

from assessment.psychometrics.irt import Floats
from assessment.psychometrics.responses import DenseShard, Shard, SparseShard

_SLICE = 2048
# A likelihood below this comes of so many answers that its exponential is taken apart from the highest.
_UNDERFLOW = 1e-200
# Above this share of entries a product of full matrices is faster than one of sparse ones.
_DENSE = 0.05


@dataclass(frozen=True, slots=True)
class Tables:
    """Logarithms by grid point: of a wrong and of a right answer (items x points), of the prior's weights."""

    wrong: Floats
    right: Floats
    prior: Floats


@dataclass(frozen=True, slots=True)
class Counts:
    """What is expected at each grid point: answers and right answers (items x points), persons (points).

    ``answered`` has one row for all items when no response is missing.
    """

    answered: Floats
    right: Floats
    persons: Floats
    log_likelihood: float

    def __add__(self, other: Counts) -> Counts:
        return Counts(
            self.answered + other.answered,
            self.right + other.right,
            self.persons + other.persons,
            self.log_likelihood + other.log_likelihood,
        )


@dataclass(frozen=True, slots=True)
class Slopes:
    """Derivatives by grid point of the logarithms in `Tables`, by every parameter.

    ``wrong`` and ``right`` are kinds x items x points, one kind for each parameter of an item (slope,
    intercept, lower asymptote); ``group`` is parameters of the group x points, with no rows when the group
    is given.
    """

    wrong: Floats
    right: Floats
    group: Floats


def expected_counts(shard: Shard, tables: Tables) -> Counts:
    """Return the counts expected under the posterior of each person, and the shard's log-likelihood."""
    posterior, log_likelihood = _posterior(shard, tables)
    if shard.weights is not None:
        posterior *= shard.weights[:, np.newaxis]
        log_likelihood = log_likelihood * shard.weights
    persons = posterior.sum(axis=0)
    answered, right = _by_item(shard, posterior, persons)
    return Counts(answered, right, persons, float(log_likelihood.sum()))


def cross_product(shard: Shard, argument: tuple[Tables, Slopes]) -> Floats:
    """Return the sum of the outer products of the persons' scores, parameters x parameters.

    Parameters are ordered kind by kind (all slopes, then all intercepts, ...), then those of the group.
    """
    tables, slopes = argument
    posterior, _ = _posterior(shard, tables)
    group = posterior @ slopes.group.T
    if isinstance(shard, SparseShard):
        return _sparse_product(shard, _answer_scores(shard, posterior, slopes), group)
    scores = np.hstack([*_item_scores(shard, posterior, slopes), group])
    product: Floats = scores.T @ _weighted(shard, scores)
    return product


def item_cross_products(shard: Shard, argument: tuple[Tables, Slopes]) -> Floats:
    """Return the diagonal blocks of `cross_product`, items x kinds x kinds, without ever making the whole."""
    tables, slopes = argument
    posterior, _ = _posterior(shard, tables)
    if isinstance(shard, DenseShard):
        kinds = np.stack(_item_scores(shard, posterior, slopes))
        weighted = np.stack([_weighted(shard, kind) for kind in kinds])
        blocks: Floats = np.einsum("knj,lnj->jkl", kinds, weighted)
        return blocks
    items = slopes.wrong.shape[1]
    entries = shard.answers.tocoo()
    weights = np.ones(len(shard)) if shard.weights is None else shard.weights
    values = _answer_scores(shard, posterior, slopes)
    item, weight = entries.col % items, weights[entries.row]
    sums = np.empty((items, len(values), len(values)))
    for one, other in combinations_with_replacement(range(len(values)), 2):
        block = np.bincount(item, values[one] * values[other] * weight, items)
        sums[:, one, other] = sums[:, other, one] = block
    return sums


def missing_information(shard: Shard, argument: tuple[Tables, Slopes]) -> Floats:
    """Return what is lost because theta is not seen: the sum of the posterior covariances of the scores.

    In the order of `cross_product`. Costs persons x parameters² x points: for small calibrations.
    """
    tables, slopes = argument
    posterior, _ = _posterior(shard, tables)
    weights = np.ones(len(shard)) if shard.weights is None else shard.weights
    right, answered = _as_matrices(shard)
    by_kind = _item_scores(DenseShard(right, answered, None), posterior, slopes)
    mean = np.hstack([*by_kind, posterior @ slopes.group.T])
    lost = -(mean.T * weights) @ mean
    for point in range(posterior.shape[1]):
        kinds = [
            right * (up - down) + answered * down
            for up, down in zip(slopes.right[:, :, point], slopes.wrong[:, :, point], strict=True)
        ]
        group = np.broadcast_to(slopes.group[:, point], (len(shard), len(slopes.group)))
        scores = np.hstack([*kinds, group])
        lost += (scores.T * (weights * posterior[:, point])) @ scores
    return lost


def _posterior(shard: Shard, tables: Tables) -> tuple[Floats, Floats]:
    """Return the posterior of each person, persons x points, and each person's log-likelihood."""
    if isinstance(shard, SparseShard):
        joint: Floats = shard.answers @ np.concatenate([tables.wrong, tables.right])
        joint += tables.prior
    elif shard.answered is None:
        joint = shard.right @ (tables.right - tables.wrong)
        joint += tables.wrong.sum(axis=0) + tables.prior
    else:
        joint = shard.right @ (tables.right - tables.wrong)
        joint += shard.answered @ tables.wrong
        joint += tables.prior
    posterior = np.exp(joint)
    total = posterior @ np.ones(joint.shape[1])
    highest = np.zeros(len(joint))
    if total.min(initial=1.0) < _UNDERFLOW:
        highest = joint.max(axis=1)
        posterior = np.exp(joint - highest[:, np.newaxis])
        total = posterior @ np.ones(joint.shape[1])
    posterior /= total[:, np.newaxis]
    return posterior, np.log(total) + highest


def _by_item(shard: Shard, posterior: Floats, persons: Floats) -> tuple[Floats, Floats]:
    if isinstance(shard, SparseShard):
        wrong, right = np.split(shard.transposed @ posterior, 2)
        return wrong + right, right
    right = shard.right.T @ posterior
    return (persons[np.newaxis] if shard.answered is None else shard.answered.T @ posterior), right


def _item_scores(shard: DenseShard, posterior: Floats, slopes: Slopes) -> list[Floats]:
    """Return each person's derivatives of the log-likelihood, persons x items for each kind."""
    kinds = []
    for right, wrong in zip(slopes.right, slopes.wrong, strict=True):
        expected = posterior @ wrong.T
        if shard.answered is not None:
            expected *= shard.answered
        kinds.append(shard.right * (posterior @ (right - wrong).T) + expected)
    return kinds


def _answer_scores(shard: SparseShard, posterior: Floats, slopes: Slopes) -> Floats:
    """Return each answer's derivative of the log-likelihood, kinds x answers in the order of the shard."""
    entries = shard.answers.tocoo()
    by_answer = np.concatenate([slopes.wrong, slopes.right], axis=1)
    values = np.empty((len(by_answer), len(entries.data)))
    # A slice of answers at a time: the rows gathered for them stay in the cache.
    for start in range(0, values.shape[1], _SLICE):
        part = slice(start, start + _SLICE)
        rows = posterior[entries.row[part]]
        for kind, table in enumerate(by_answer):
            values[kind, part] = np.einsum("ng,ng->n", rows, table[entries.col[part]])
    scores: Floats = values * entries.data
    return scores


def _sparse_product(shard: SparseShard, values: Floats, group: Floats) -> Floats:
    from scipy.sparse import csr_array, hstack

    entries = shard.answers.tocoo()
    items = shard.answers.shape[1] // 2
    place, shape = (entries.row, entries.col % items), (len(shard), items)
    scores = hstack(
        [*(csr_array((kind, place), shape=shape) for kind in values), csr_array(group)], format="csr"
    )
    if scores.nnz > _DENSE * scores.shape[0] * scores.shape[1]:
        full: Floats = scores.toarray()
        dense: Floats = full.T @ _weighted(shard, full)
        return dense
    weights = np.ones(len(shard)) if shard.weights is None else shard.weights
    product: Floats = (scores.T @ scores.multiply(weights[:, np.newaxis])).toarray()
    return product


def _weighted(shard: Shard, rows: Floats) -> Floats:
    return rows if shard.weights is None else rows * shard.weights[:, np.newaxis]


def _as_matrices(shard: Shard) -> tuple[Floats, Floats]:
    """Return right and answered as full matrices, persons x items."""
    if isinstance(shard, SparseShard):
        wrong, right = np.hsplit(shard.answers.toarray(), 2)
        return right, wrong + right
    return shard.right, np.ones_like(shard.right) if shard.answered is None else shard.answered
