"""Short text: compared with accepted texts, or matched by a pattern, with care for case, accents and slips.

What surrounds an answer without changing it is forgiven unless the author asks otherwise: articles, quotes,
punctuation at the ends, hyphens between words, and the companions that the author names.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from content.expressions import Scope, exact
from content.items.interactions import fields
from content.items.interactions.base import Draw, Interaction, Record, Render, Samples
from content.items.interactions.fields import Fault
from content.items.interactions.forms import Boxes, Form
from content.items.interactions.shown import Shown, last
from content.items.interactions.text.accepted import Accepted, compiled
from content.items.interactions.text.comparing import Care, normal, within_edits
from content.items.verdict import Verdict, invalid

MAX_ANSWER: Final = 500
MAX_EDITS: Final = 5
MAX_COMPANIONS: Final = 30
VERSION: Final = 2
"""Since version 2 a record says whether wrapping matters; one that does not is read as strictly as it was drawn."""


@dataclass(frozen=True)
class ShownText(Shown):
    """The answer is a short text."""

    placeholder: str
    max_length: int

    @property
    def form(self) -> Form:
        return Boxes(placeholder=self.placeholder)

    def from_form(self, values: Sequence[str]) -> Any:
        return last(values)


@dataclass(frozen=True, kw_only=True)
class Text(Interaction):
    """The first of ``accepted`` that fits decides; what fits without leaving companions out comes first."""

    kind: ClassVar[str] = "text"
    shows: ClassVar[type[Shown]] = ShownText
    accepted: tuple[Accepted, ...] = fields.entries(Accepted, least=1)
    case: bool = fields.flag(about="Whether upper and lower case matter.")
    accents: bool = fields.flag(default=True, about="Whether accents matter.")
    edits: int = fields.whole(
        0, least=0, most=MAX_EDITS, about="How many letters may be wrong, missing or too many."
    )
    wrapping: bool = fields.flag(about="Whether articles, quotes and surrounding punctuation matter.")
    companions: tuple[str, ...] = fields.texts(
        most=MAX_COMPANIONS, about="Words that may stand before or after an accepted text."
    )
    placeholder: str = fields.text(default="")

    def faults(self, scope: Scope) -> Iterator[Fault]:
        if not any(entry.credit >= 1 for entry in self.accepted):
            yield "accepted", "must have an entry with full credit"

    def record(self, draw: Draw) -> dict[str, Any]:
        settings = {
            "case": self.case,
            "accents": self.accents,
            "edits": self.edits,
            "wrapping": self.wrapping,
            "companions": list(self.companions),
        }
        return {
            "key": [draw.fill(entry.text) if entry.text is not None else None for entry in self.accepted],
            "policy": {"name": "text", "version": VERSION} | settings,
        }

    def present(self, record: Record, render: Render) -> Shown:
        return ShownText(self.placeholder, MAX_ANSWER)

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        settings = record["policy"]
        version = settings["version"]
        if not isinstance(answer, str) or not answer.strip():
            return invalid("text", version, "Enter a word or a short text.")
        if len(answer) > MAX_ANSWER:
            return invalid("text", version, f"At most {MAX_ANSWER} characters, please.")
        care = Care.of(settings)
        entered = normal(answer, case=care.case, accents=care.accents)
        for readings in care.readings(answer, entered):
            for index, entry in enumerate(self.accepted):
                if any(self._fits(entry, record["key"][index], reading, care) for reading in readings):
                    return self._verdict(entry, entered, version)
        return Verdict(True, 0.0, "text", version, self._rule, parsed=entered)

    def _fits(self, entry: Accepted, text: str | None, reading: str, care: Care) -> bool:
        if text is None:
            return bool(compiled(entry.pattern or "", case=care.case).fullmatch(reading))
        return within_edits(care.plain(text), care.plain(reading), care.edits)

    def _verdict(self, entry: Accepted, entered: str, version: int) -> Verdict:
        verdict = Verdict(True, entry.credit, "text", version, self._rule, parsed=entered)
        return verdict.with_misconception(entry.misconception, feedback=entry.feedback, score=entry.credit)

    @property
    def _rule(self) -> str:
        care = [
            "upper and lower case matter" if self.case else "upper and lower case are the same",
            "accents matter" if self.accents else "accents do not matter",
        ]
        if not self.wrapping:
            care.append("articles, quotes and punctuation around it do not matter")
        if self.edits:
            care.append("one slip of the pen" if self.edits == 1 else f"up to {self.edits} slips of the pen")
        return "; ".join(care)

    @property
    def misconceptions(self) -> frozenset[str]:
        return frozenset(entry.misconception for entry in self.accepted if entry.misconception)

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        return (
            *fields.written_in("accepted", self.accepted, "text"),
            *fields.written_in("accepted", self.accepted, "feedback"),
        )

    @property
    def key_texts(self) -> tuple[str, ...]:
        return tuple(entry.text for entry in self.accepted if entry.text is not None and entry.credit >= 1)

    def samples(self, record: Record) -> Samples:
        texts = [record["key"][i] or entry.example or "" for i, entry in enumerate(self.accepted)]
        worth = [(text, entry.credit) for text, entry in zip(texts, self.accepted, strict=True) if text]
        right = [text for text, credit in worth if credit >= 1]
        stated = {normal(text, case=self.case, accents=self.accents) for text, _ in worth}
        near = [slip for text in right if self.edits for slip in _slips(text, self.edits)]
        wrong = [slip for slip in near if normal(slip, case=self.case, accents=self.accents) not in stated]
        return Samples(
            right=tuple(right),
            wrong=("qqqqqqqqqqqqqqq", *wrong),
            invalid=("", "  ", "x" * (MAX_ANSWER + 1), None, 7, []),
            worth=tuple(worth),
        )


def _slips(text: str, edits: int) -> Iterator[str]:
    """Yield what ``edits`` must not turn into ``text``: another number, or a text of which half is missing."""
    for found in re.finditer(r"[0-9]", text):
        yield f"{text[: found.start()]}{(exact.whole(found[0]) + 1) % 10}{text[found.end() :]}"
    if 2 * edits >= len(text):
        yield "q" * min(edits, len(text)) + text[edits:]
