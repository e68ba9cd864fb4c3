"""Entries to be ordered or matched: an id, which an answer names, and a text."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from content.items.interactions import fields
from content.items.interactions.base import Draw

MAX_ENTRIES: Final = 20


@dataclass(frozen=True, kw_only=True)
class Entry(fields.Declared):
    id: str = fields.text()
    text: str = fields.text()


def shuffled(ids: list[str], draw: Draw) -> list[str]:
    """Return the ids in this draw's order: never the given one where there is another."""
    order = [ids[i] for i in np.argsort(draw.uniforms(len(ids)), kind="stable")]
    return order[1:] + order[:1] if order == ids else order
