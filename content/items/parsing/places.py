"""Where things stand in the document of an item."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def value_path(document: Mapping[str, Any], identifier: str, slug: str) -> str:
    """Return the place of the value that a misconception leads to: it may stand alone, or beside feedback."""
    path = f"misconceptions.{identifier}.{slug}"
    rules = document.get("misconceptions")
    entries = rules.get(identifier) if isinstance(rules, Mapping) else None
    value = entries.get(slug) if isinstance(entries, Mapping) else None
    return f"{path}.value" if isinstance(value, Mapping) else path
