"""Matching: join each entry on the left to one on the right; some on the right may fit nothing."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from content.documents.reader import Reader
from content.expressions import Scope
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
from content.items.interactions.fields import Fault
from content.items.interactions.forms import Form, Lists, Row
from content.items.interactions.shown import Shown
from content.items.verdict import Verdict, invalid

VERSION = 1
CREDITS = ("all", "each")


def _pairs(reader: Reader, key: str, _: Scope) -> dict[str, str]:
    found = {}
    pairs = reader.mapping(key)
    for one, other in pairs.items():
        if isinstance(other, str):
            found[one] = other
        else:
            pairs.fault(one, "must be an id of the right")
    return found


def _side() -> Any:
    reason = f"must be 2 to {MAX_ENTRIES} entries with different ids"
    return fields.entries(Entry, least=2, most=MAX_ENTRIES, distinct=True, reason=reason)


@dataclass(frozen=True)
class ShownMatching(Shown):
    """The answer gives each id on the left the id of its partner on the right."""

    left: tuple[shown.Option, ...]
    right: tuple[shown.Option, ...]

    @property
    def form(self) -> Form:
        numbered = enumerate(self.left, start=1)
        return Lists(self.right, tuple(Row(f"partner {n}", one.html) for n, one in numbered))

    def from_form(self, values: Sequence[str]) -> Any:
        return dict(zip((one.id for one in self.left), values, strict=False))


@dataclass(frozen=True, kw_only=True)
class Matching(Interaction):
    """``credit``: all pairs, or the share that is right."""

    kind: ClassVar[str] = "matching"
    shows: ClassVar[type[Shown]] = ShownMatching
    left: tuple[Entry, ...] = _side()
    right: tuple[Entry, ...] = _side()
    pairs: dict[str, str] = fields.field(
        _pairs,
        {"type": "object", "additionalProperties": {"type": "string"}},
        required=True,
        about="From the ids of the left to ids of the right.",
    )
    credit: str = fields.one_of(CREDITS, default="each")

    def faults(self, scope: Scope) -> Iterator[Fault]:
        left, right = ({entry.id for entry in side} for side in (self.left, self.right))
        if set(self.pairs) != left or not set(self.pairs.values()) <= right:
            yield "pairs", "must give each entry of the left one of the right"

    def record(self, draw: Draw) -> dict[str, Any]:
        return {
            "key": self.pairs,
            "policy": {"name": f"matching.{self.credit}", "version": VERSION},
            "order": shuffled([entry.id for entry in self.right], draw),
        }

    def present(self, record: Record, render: Render) -> Shown:
        right = {entry.id: entry.text for entry in self.right}
        return ShownMatching(
            tuple(shown.Option(entry.id, render(entry.text)) for entry in self.left),
            tuple(shown.Option(id, render(right[id])) for id in record["order"]),
        )

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        name, key = record["policy"]["name"], record["key"]
        if not isinstance(answer, dict) or set(answer) != set(key):
            return invalid(name, VERSION, f"Give each of the {len(key)} entries on the left a partner.")
        if not all(isinstance(partner, str) and partner in record["order"] for partner in answer.values()):
            return invalid(name, VERSION, "Choose the partners among the entries on the right.")
        parts = {id: answer[id] == partner for id, partner in key.items()}
        right = sum(parts.values())
        by_pair = name == "matching.each"
        return Verdict(
            valid=True,
            score=right / len(key) if by_pair else float(right == len(key)),
            policy=name,
            policy_version=VERSION,
            rule=f"{'the share of' if by_pair else 'all'} pairs; {right} of {len(key)} are right",
            parsed=answer,
            parts=parts,
        )

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        for side, entries in (("left", self.left), ("right", self.right)):
            same = alike(draws, [entry.text for entry in entries])
            yield Trouble(
                f"two entries on the {side} of {self.id} read the same", same, refuses=True, path=side
            )

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        return (
            *fields.written_in("left", self.left, "text"),
            *fields.written_in("right", self.right, "text"),
        )

    @property
    def guess(self) -> float | None:
        by_pair = 1 / len(self.right)
        return by_pair if self.credit == "each" else by_pair ** len(self.left)

    @property
    def offered(self) -> tuple[str, ...]:
        return self.texts

    def samples(self, record: Record) -> Samples:
        key, others = dict(record["key"]), record["order"]
        wrong = {id: next(o for o in others if o != partner) for id, partner in key.items()}
        short = dict(list(key.items())[1:])
        return Samples(
            (key,), (wrong,), (short, key | {"stranger": others[0]}, {}, "", None, [], dict.fromkeys(key, 1))
        )
