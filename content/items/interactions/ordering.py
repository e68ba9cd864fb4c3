"""Ordering: put the entries into their order; credit for what is in its place, or in the right succession."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import Any, ClassVar, Self

import numpy as np

from content.documents.reader import Reader
from content.expressions import Scope
from content.items.interactions.base import (
    Draw,
    Draws,
    Interaction,
    Record,
    Render,
    Samples,
    Trouble,
    alike,
    parse_weight,
)
from content.items.verdict import Verdict, invalid

MAX_ENTRIES = 20
VERSION = 1


def exact(places: Sequence[int]) -> float:
    """1 for the whole order, else 0. ``places[i]`` is where the i-th entry given belongs."""
    return float(all(place == i for i, place in enumerate(places)))


def in_place(places: Sequence[int]) -> float:
    """The share of entries at their absolute place."""
    return sum(place == i for i, place in enumerate(places)) / len(places)


def neighbours(places: Sequence[int]) -> float:
    """The share of neighbouring pairs in which the second follows the first directly, as it should."""
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


CREDIT: dict[str, Callable[[Sequence[int]], float]] = {
    "exact": exact,
    "in_place": in_place,
    "neighbours": neighbours,
    "concordant_pairs": concordant_pairs,
    "longest_run": longest_run,
}


@dataclass(frozen=True, kw_only=True)
class Ordering(Interaction):
    """``entries`` are (id, text) in their right order; ``credit`` names a rule of the table above."""

    kind: ClassVar[str] = "ordering"
    entries: tuple[tuple[str, str], ...]
    credit: str

    @classmethod
    def parse(cls, identifier: str, reader: Reader, scope: Scope) -> Self | None:
        entries = tuple(parse_entry(entry) for entry in reader.readers("entries"))
        credit = reader.text("credit", default="exact")
        if not 2 <= len(entries) <= MAX_ENTRIES or len({id for id, _ in entries}) < len(entries):
            reader.fault("entries", f"must be 2 to {MAX_ENTRIES} with different ids, in their right order")
        if credit not in CREDIT:
            reader.fault("credit", f"must be one of {', '.join(CREDIT)}")
            return None
        return cls(id=identifier, weight=parse_weight(reader), entries=entries, credit=credit)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        return {
            "required": ["entries"],
            "properties": {
                "entries": {"type": "array", "minItems": 2, "maxItems": MAX_ENTRIES, "items": ENTRY_SCHEMA},
                "credit": {"enum": list(CREDIT)},
            },
        }

    def record(self, draw: Draw) -> dict[str, Any]:
        return {
            "key": [id for id, _ in self.entries],
            "policy": {"name": f"ordering.{self.credit}", "version": VERSION},
            "order": shuffled([id for id, _ in self.entries], draw),
        }

    def present(self, record: Record, render: Render) -> dict[str, Any]:
        texts = dict(self.entries)
        return {"entries": [{"id": id, "html": render(texts[id])} for id in record["order"]]}

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        name = record["policy"]["name"]
        key = record["key"]
        if not isinstance(answer, list) or not all(isinstance(id, str) for id in answer):
            return invalid(name, VERSION, "Put the entries into an order.")
        if sorted(answer) != sorted(key):
            return invalid(name, VERSION, f"Each of the {len(key)} entries must stand in the order once.")
        credit = CREDIT[name.removeprefix("ordering.")]
        places = [key.index(id) for id in answer]
        return Verdict(
            valid=True,
            score=credit(places),
            policy=name,
            policy_version=VERSION,
            rule=_RULES[name.removeprefix("ordering.")],
            parsed=answer,
        )

    def classify(self, record: Record, answer: object, verdict: Verdict) -> str:
        """Return the order given."""
        return ">".join(verdict.parsed) if verdict.valid else "invalid"

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        yield Trouble(f"two entries of {self.id} read the same", alike(draws, self.texts), refuses=True)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for _, text in self.entries)

    @property
    def offered(self) -> tuple[str, ...]:
        return self.texts

    def samples(self, record: Record) -> Samples:
        key = list(record["key"])
        return Samples((key,), (key[::-1],), ([], key[1:], [*key, key[0]], "", None, [1, 2], {}))


_RULES = {
    "exact": "all entries in their order",
    "in_place": "the share of entries at their place",
    "neighbours": "the share of neighbours that follow each other directly",
    "concordant_pairs": "the share of pairs in the right succession",
    "longest_run": "the longest succession that is right, less one, over the most it could be",
}

ENTRY_SCHEMA = {
    "type": "object",
    "required": ["id", "text"],
    "additionalProperties": False,
    "properties": {"id": {"type": "string"}, "text": {"type": "string"}},
}


def parse_entry(reader: Reader) -> tuple[str, str]:
    """Read an id and a text."""
    entry = reader.text("id"), reader.text("text")
    reader.finish()
    return entry


def shuffled(ids: list[str], draw: Draw) -> list[str]:
    """Return the ids in this draw's order: never the given one where there is another."""
    order = [ids[i] for i in np.argsort(draw.uniforms(len(ids)), kind="stable")]
    return order[1:] + order[:1] if order == ids else order
