"""What learners answered to the items of a bank, as calibration takes it: (sitting, item, right or wrong), sparse.

A *person* of calibration is one attempt: ability may have moved between two sittings. Counted is the first valid
try at each presentation, without hints, in attempts; practice has the solution at hand. An exercise is one item,
whatever was drawn. Partial credit of a half or more counts as right.
"""

from __future__ import annotations

from array import array
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import numpy as np

from assessment.models import Presentation
from assessment.psychometrics.irt import Floats, Integers
from assessment.psychometrics.responses import ResponseLog
from content.models import ItemBank

RIGHT_FROM = 0.5
CHUNK = 10_000


@dataclass(frozen=True, slots=True)
class BankLog:
    """Triplets with the slugs of the items and the ids of the attempts that their numbers stand for."""

    slugs: tuple[str, ...]
    attempts: tuple[UUID, ...]
    person: Integers
    item: Integers
    score: Floats

    @property
    def answers(self) -> Integers:
        """The number of answers to each item."""
        return np.bincount(self.item, minlength=len(self.slugs)).astype(np.int64)

    @property
    def right(self) -> Integers:
        """The number of right answers to each item."""
        return np.bincount(self.item, self.score, minlength=len(self.slugs)).astype(np.int64)

    def only(self, slugs: Sequence[str]) -> BankLog:
        """Return the log of some items, in this order, without the attempts that have none of them."""
        place = {slug: number for number, slug in enumerate(slugs)}
        new = np.array([place.get(slug, -1) for slug in self.slugs], dtype=np.int64)
        kept = new[self.item] >= 0
        persons, person = np.unique(self.person[kept], return_inverse=True)
        return BankLog(
            tuple(slugs),
            tuple(self.attempts[number] for number in persons),
            person.astype(np.int64),
            new[self.item[kept]],
            self.score[kept],
        )

    def triplets(self) -> ResponseLog:
        return ResponseLog(self.person, self.item, self.score, len(self.attempts), len(self.slugs))

    def dense(self, most: int) -> tuple[Floats, Integers]:
        """Return the answers of at most ``most`` attempts, evenly chosen, persons x items with NaN, and which."""
        count = len(self.attempts)
        chosen = np.unique(np.linspace(0, count - 1, min(most, count)).astype(np.int64))
        row = np.full(count, -1, dtype=np.int64)
        row[chosen] = np.arange(len(chosen))
        kept = row[self.person] >= 0
        matrix = np.full((len(chosen), len(self.slugs)), np.nan)
        matrix[row[self.person[kept]], self.item[kept]] = self.score[kept]
        return matrix, chosen


def log_of(bank: ItemBank) -> BankLog:
    """Return the log of a bank. Reads the responses in chunks; memory holds 24 bytes for each."""
    rows = (
        Presentation.objects.filter(
            item_version__item__bank=bank,
            attempt__isnull=False,
            attempt__is_void=False,
            is_dropped=False,
            first_score__isnull=False,
            first_hints=0,
        )
        .order_by("attempt", "position")
        .values_list("attempt", "item_version__item__slug", "first_score")
    )
    slugs = tuple(bank.items.order_by("slug").values_list("slug", flat=True))
    place = {slug: number for number, slug in enumerate(slugs)}
    attempts: dict[UUID, int] = {}
    person, item, score = array("q"), array("q"), array("d")
    for attempt, slug, earned in rows.iterator(chunk_size=CHUNK):
        person.append(attempts.setdefault(attempt, len(attempts)))
        item.append(place[slug])
        score.append(float((earned or 0.0) >= RIGHT_FROM))
    columns = (np.array(person, dtype=np.int64), np.array(item, dtype=np.int64), np.array(score))
    return BankLog(slugs, tuple(attempts), *columns)
