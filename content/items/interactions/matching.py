"""Matching: join each entry on the left to one on the right; some on the right may fit nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Self

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
from content.items.interactions.ordering import ENTRY_SCHEMA, MAX_ENTRIES, parse_entry, shuffled
from content.items.verdict import Verdict, invalid

VERSION = 1
CREDITS = ("all", "each")


@dataclass(frozen=True, kw_only=True)
class Matching(Interaction):
    """``pairs`` maps the ids of the left to ids of the right. ``credit``: all pairs, or the share that is right."""

    kind: ClassVar[str] = "matching"
    left: tuple[tuple[str, str], ...]
    right: tuple[tuple[str, str], ...]
    pairs: dict[str, str]
    credit: str

    @classmethod
    def parse(cls, identifier: str, reader: Reader, scope: Scope) -> Self | None:
        left = tuple(parse_entry(entry) for entry in reader.readers("left"))
        right = tuple(parse_entry(entry) for entry in reader.readers("right"))
        pairs = {one: other for one, other in reader.mapping("pairs").items() if isinstance(other, str)}
        credit = reader.text("credit", default="each")
        for side, entries in (("left", left), ("right", right)):
            if not 2 <= len(entries) <= MAX_ENTRIES or len({id for id, _ in entries}) < len(entries):
                reader.fault(side, f"must be 2 to {MAX_ENTRIES} entries with different ids")
        if set(pairs) != {id for id, _ in left} or not set(pairs.values()) <= {id for id, _ in right}:
            reader.fault("pairs", "must give each entry of the left one of the right")
        if credit not in CREDITS:
            reader.fault("credit", f"must be one of {', '.join(CREDITS)}")
        weight = parse_weight(reader)
        return cls(id=identifier, weight=weight, left=left, right=right, pairs=pairs, credit=credit)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        entries = {"type": "array", "minItems": 2, "maxItems": MAX_ENTRIES, "items": ENTRY_SCHEMA}
        return {
            "required": ["left", "right", "pairs"],
            "properties": {
                "left": entries,
                "right": entries,
                "pairs": {"type": "object", "additionalProperties": {"type": "string"}},
                "credit": {"enum": list(CREDITS)},
            },
        }

    def record(self, draw: Draw) -> dict[str, Any]:
        return {
            "key": self.pairs,
            "policy": {"name": f"matching.{self.credit}", "version": VERSION},
            "order": shuffled([id for id, _ in self.right], draw),
        }

    def present(self, record: Record, render: Render) -> dict[str, Any]:
        right = dict(self.right)
        return {
            "left": [{"id": id, "html": render(text)} for id, text in self.left],
            "right": [{"id": id, "html": render(right[id])} for id in record["order"]],
        }

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        name, key = record["policy"]["name"], record["key"]
        if not isinstance(answer, dict) or set(answer) != set(key):
            return invalid(name, VERSION, f"Give each of the {len(key)} entries on the left a partner.")
        if not all(isinstance(partner, str) and partner in record["order"] for partner in answer.values()):
            return invalid(name, VERSION, "Choose the partners among the entries on the right.")
        right = sum(answer[id] == partner for id, partner in key.items())
        by_pair = name == "matching.each"
        return Verdict(
            valid=True,
            score=right / len(key) if by_pair else float(right == len(key)),
            policy=name,
            policy_version=VERSION,
            rule=f"{'the share of' if by_pair else 'all'} pairs; {right} of {len(key)} are right",
            parsed=answer,
        )

    def classify(self, record: Record, answer: object, verdict: Verdict) -> str:
        """Return the pairs given."""
        if not verdict.valid:
            return "invalid"
        return ";".join(f"{id}={verdict.parsed[id]}" for id in sorted(verdict.parsed))

    def troubles(self, draws: Draws) -> Iterator[Trouble]:
        for side, entries in (("left", self.left), ("right", self.right)):
            same = alike(draws, [text for _, text in entries])
            yield Trouble(f"two entries on the {side} of {self.id} read the same", same, refuses=True)

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple(text for _, text in (*self.left, *self.right))

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
