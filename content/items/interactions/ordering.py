"""Ordering: put the entries into their order; credit for what is in its place, or in the right succession."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import factorial
from typing import Any, ClassVar

from content.items.interactions import fields, shown
from content.items.interactions.base import (
    Draw,
    Draws,
    Interaction,
    Record,
    Render,
    Samples,
    Trouble,
    alike,
)
from content.items.interactions.entries import MAX_ENTRIES, Entry, shuffled
from content.items.interactions.forms import Form, Lists, Row
from content.items.interactions.shown import Shown
from content.items.verdict import Verdict, invalid

VERSION = 1


def exact(places: Sequence[int]) -> float:
    """1 for the whole order, else 0. ``places[i]`` is where the i-th entry given belongs."""
    return float(all(place == i for i, place in enumerate(places)))


def in_place(places: Sequence[int]) -> float:
    """The share of entries at their absolute place."""
    return sum(place == i for i, place in enumerate(places)) / len(places)


def neighbors(places: Sequence[int]) -> float:
    """The share of neighboring pairs in which the second follows the first directly, as it should."""
    return sum(second == first + 1 for first, second in pairwise(places)) / (len(places) - 1)


def concordant_pairs(places: Sequence[int]) -> float:
    """The share of all pairs that stand in the right succession (Kendall 1938)."""
    pairs = list(combinations(places, 2))
    return sum(first < second for first, second in pairs) / len(pairs)


def longest_run(places: Sequence[int]) -> float:
    """The longest increasing subsequence, as a share of the length: how few entries would have to move.

    A run of one shows no order and earns nothing. Patience sorting (Fredman 1975).
    """
    tops: list[int] = []
    for place in places:
        spot = bisect_left(tops, place)
        tops[spot : spot + 1] = [place]
    return (len(tops) - 1) / (len(places) - 1)


# Documents and records have these names: they stay as they are spelled.
CREDIT: dict[str, Callable[[Sequence[int]], float]] = {
    "exact": exact,
    "in_place": in_place,
    "neighbours": neighbors,
    "concordant_pairs": concordant_pairs,
    "longest_run": longest_run,
}


@dataclass(frozen=True)
class ShownOrdering(Shown):
    """The answer is the list of all ids in the order wanted."""

    entries: tuple[shown.Option, ...]

    @property
    def form(self) -> Form:
        places = enumerate(self.entries, start=1)
        return Lists(self.entries, tuple(Row(f"place {n}", f"{n}.", entry.id) for n, entry in places))

    def from_form(self, values: Sequence[str]) -> Any:
        return list(values)


@dataclass(frozen=True, kw_only=True)
class Ordering(Interaction):
    """``credit`` names a rule of the table above."""

    kind: ClassVar[str] = "ordering"
    shows: ClassVar[type[Shown]] = ShownOrdering
    entries: tuple[Entry, ...] = fields.entries(
        Entry,
        least=2,
        most=MAX_ENTRIES,
        distinct=True,
        reason=f"must be 2 to {MAX_ENTRIES} with different ids, in their right order",
        about="In their right order.",
    )
    credit: str = fields.one_of(tuple(CREDIT), default="exact")

    def record(self, draw: Draw) -> dict[str, Any]:
        return {
            "key": [entry.id for entry in self.entries],
            "policy": {"name": f"ordering.{self.credit}", "version": VERSION},
            "order": shuffled([entry.id for entry in self.entries], draw),
        }

    def present(self, record: Record, render: Render) -> Shown:
        texts = {entry.id: entry.text for entry in self.entries}
        return ShownOrdering(tuple(shown.Option(id, render(texts[id])) for id in record["order"]))

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        name = record["policy"]["name"]
        key = record["key"]
        if not isinstance(answer, list) or not all(isinstance(id, str) for id in answer):
            return invalid(name, VERSION, "Put the entries into an order.")
        if sorted(answer) != sorted(key):
            return invalid(name, VERSION, f"Each of the {len(key)} entries must stand in the order once.")
        credit = CREDIT[name.removeprefix("ordering.")]
        places = [key.index(id) for id in answer]
        parts = [place == i for i, place in enumerate(places)]
        return Verdict(
            valid=True,
            score=credit(places),
            policy=name,
            policy_version=VERSION,
            rule=_RULES[name.removeprefix("ordering.")],
            parsed=answer,
            parts=parts,
        )

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        same = alike(draws, self.texts)
        yield Trouble(f"two entries of {self.id} read the same", same, refuses=True, path="entries")

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        return fields.written_in("entries", self.entries, "text")

    @property
    def guess(self) -> float | None:
        """Of an order drawn blindly an entry, and its follower, stands in its place once in n times."""
        count = len(self.entries)
        by_rule = {
            "exact": 1 / factorial(count),
            "in_place": 1 / count,
            "neighbours": 1 / count,
            "concordant_pairs": 0.5,
        }
        return by_rule.get(self.credit)

    @property
    def offered(self) -> tuple[str, ...]:
        return self.texts

    def samples(self, record: Record) -> Samples:
        key = list(record["key"])
        return Samples((key,), (key[::-1],), ([], key[1:], [*key, key[0]], "", None, [1, 2], {}))


_RULES = {
    "exact": "all entries in their order",
    "in_place": "the share of entries at their place",
    "neighbours": "the share of neighbors that follow each other directly",
    "concordant_pairs": "the share of pairs in the right succession",
    "longest_run": "the longest succession that is right, less one, over the most it could be",
}
