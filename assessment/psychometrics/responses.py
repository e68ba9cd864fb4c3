"""Right and wrong answers as calibration wants them: in shards of persons, dense or sparse.

A matrix of responses (persons x items, NaN for missing) becomes dense shards; a log of (person, item, score)
becomes sparse shards and is never made dense. The partition depends on the data alone, never on who computes:
together with a fixed order of summation that makes every scheduler give the same numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import ArrayLike

from assessment.psychometrics.irt import Floats, Integers

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Small enough that a shard's posterior stays in the cache of one core, large enough for its products to be
# fast.
SHARD = 2048


@dataclass(frozen=True, slots=True)
class ResponseLog:
    """Scored answers as triplets: ``score`` 0 or 1 of ``person`` (0 <= person < persons) on ``item``.

    Every entry counts, also a second answer of the same person to the same item. Raises ValueError for arrays
    of unequal length, other scores, and indices out of range.
    """

    person: Integers
    item: Integers
    score: Floats
    persons: int
    items: int

    def __post_init__(self) -> None:
        if not len(self.person) == len(self.item) == len(self.score):
            raise ValueError("person, item and score must have the same length")
        for name, index, size in (("person", self.person, self.persons), ("item", self.item, self.items)):
            if len(index) and (index.min() < 0 or index.max() >= size):
                raise ValueError(f"an index of {name} is outside 0..{size - 1}")
        if not np.isin(self.score, (0, 1)).all():
            raise ValueError("a score of a calibration is 0 or 1")

    @classmethod
    def from_matrix(cls, responses: Floats) -> ResponseLog:
        """Return the log of a matrix, persons x items, without its missing entries."""
        person, item = np.nonzero(~np.isnan(responses))
        return cls(person, item, responses[person, item], *responses.shape)


@dataclass(frozen=True, slots=True)
class DenseShard:
    """Some persons' responses: ``right`` is 1 for a right answer, ``answered`` 1 for any, both persons x
    items.

    ``answered`` is None when nothing is missing; ``weights``, one per person, is None when all count once.
    """

    right: Floats
    answered: Floats | None
    weights: Floats | None

    def __len__(self) -> int:
        return len(self.right)


@dataclass(frozen=True, slots=True)
class SparseShard:
    """Some persons' answers, persons x (2 items): a 1 in column j for a wrong answer to item j, in column
    items + j for a right one; ``transposed`` is the same the other way round."""

    answers: csr_array
    transposed: csr_array
    weights: Floats | None

    def __len__(self) -> int:
        return int(self.answers.shape[0])


Shard = DenseShard | SparseShard


@dataclass(frozen=True, slots=True)
class Totals:
    """What a calibration wants to know before it begins: answers and right answers per item, and persons."""

    answered: Floats
    right: Floats
    persons: float


def shards(
    responses: Floats | ResponseLog, weights: ArrayLike | None = None, *, size: int = SHARD
) -> list[Shard]:
    """Return the shards of a matrix or a log. ``weights`` says how often each person counts (patterns).

    Raises ValueError for scores other than 0, 1 and NaN and for weights that do not fit.
    """
    persons = responses.persons if isinstance(responses, ResponseLog) else len(responses)
    counted = None if weights is None else np.asarray(weights, dtype=np.float64)
    if counted is not None and (counted.shape != (persons,) or np.any(counted < 0)):
        raise ValueError("weights are one number per person, none below zero")
    spans = [slice(start, start + size) for start in range(0, persons, size)]
    parts = [None if counted is None else counted[span] for span in spans]
    if isinstance(responses, ResponseLog):
        return _sparse(responses, spans, parts)
    return _dense(np.asarray(responses, dtype=np.float64), spans, parts)


def totals(parts: list[Shard]) -> Totals:
    """Return the sums over all shards."""
    answered, right, persons = zip(*(_totals(part) for part in parts), strict=True)
    return Totals(np.sum(answered, axis=0), np.sum(right, axis=0), float(np.sum(persons)))


def _totals(shard: Shard) -> tuple[Floats, Floats, float]:
    weights = np.ones(len(shard)) if shard.weights is None else shard.weights
    if isinstance(shard, SparseShard):
        wrong, right = np.split(shard.transposed @ weights, 2)
        return wrong + right, right, float(weights.sum())
    right = weights @ shard.right
    answered = np.full_like(right, weights.sum()) if shard.answered is None else weights @ shard.answered
    return answered, right, float(weights.sum())


def _dense(responses: Floats, spans: list[slice], weights: list[Floats | None]) -> list[Shard]:
    missing = np.isnan(responses)
    if not np.all((responses == 0) | (responses == 1) | missing):
        raise ValueError("a score of a calibration is 0 or 1, or NaN where it is missing")
    if not missing.any():
        return [DenseShard(responses[span], None, part) for span, part in zip(spans, weights, strict=True)]
    right, answered = np.where(missing, 0.0, responses), (~missing).astype(np.float64)
    return [DenseShard(right[span], answered[span], part) for span, part in zip(spans, weights, strict=True)]


def _sparse(log: ResponseLog, spans: list[slice], weights: list[Floats | None]) -> list[Shard]:
    from scipy.sparse import csr_array

    column = np.asarray(log.item, dtype=np.int64) + log.items * (np.asarray(log.score) == 1)
    ones = np.ones(len(column))
    whole = csr_array((ones, (log.person, column)), shape=(log.persons, 2 * log.items))
    rows = [whole[span] for span in spans]
    return [SparseShard(row, row.T.tocsr(), part) for row, part in zip(rows, weights, strict=True)]
