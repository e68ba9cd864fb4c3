"""Inline choice: one of a few options, picked from a list that stands within a sentence."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar, Self

from content.documents.reader import Reader
from content.expressions import Scope
from content.items.interactions.base import Record, Render
from content.items.interactions.choice import Choice


@dataclass(frozen=True, kw_only=True)
class InlineChoice(Choice):
    kind: ClassVar[str] = "inline_choice"

    @classmethod
    def parse(cls, identifier: str, reader: Reader, scope: Scope) -> Self | None:
        for key in ("multiple", "may_be_none"):
            if reader.has(key):
                reader.fault(key, "is not possible here: a list within a sentence takes one option")
        return super().parse(identifier, reader, scope)

    @classmethod
    def schema(cls) -> dict[str, Any]:
        schema = super().schema()
        del schema["properties"]["multiple"], schema["properties"]["may_be_none"]
        return schema

    def present(self, record: Record, render: Render) -> dict[str, Any]:
        return {"options": super().present(record, render)["options"]}
