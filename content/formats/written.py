"""What a file of another system is made from, and what it could not hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from content.items.definition import ItemDefinition


@dataclass(frozen=True, slots=True)
class Given:
    """An item to be written."""

    definition: ItemDefinition
    images: Mapping[str, bytes] = field(default_factory=dict)
    """Those that its texts show, by their names."""

    @property
    def document(self) -> Mapping[str, Any]:
        return self.definition.document

    @property
    def slug(self) -> str:
        return self.definition.slug


@dataclass(frozen=True, slots=True)
class Omission:
    """Something of an item that a file does not hold: ``is_whole`` where it is the item itself."""

    slug: str
    reason: str
    is_whole: bool = False

    def __str__(self) -> str:
        return f"{self.slug}: {self.reason}"


@dataclass(frozen=True, slots=True)
class Written:
    content: bytes
    count: int
    omissions: tuple[Omission, ...] = ()
