"""What an item names that stands elsewhere: skills, misconceptions, other items and images."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from content.items.pictures import pictures_in
from content.media.names import named_by


class Reference(NamedTuple):
    """A name that must exist, and where it stands: as the key of something where ``at_key``."""

    path: str
    kind: str
    slug: str
    at_key: bool = False


def references(document: Any) -> Iterator[Reference]:
    """Yield what a document names, sound or not; what is no name is left to its reader."""
    if not isinstance(document, Mapping):
        return
    for key, kind in (("skills", "skill"), ("enemies", "item")):
        listed = document.get(key)
        for place, slug in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(slug, str):
                yield Reference(f"{key}.{place}", kind, slug)
    for identifier, rules in _entries(document.get("misconceptions")):
        for slug, _ in _entries(rules):
            yield Reference(f"misconceptions.{identifier}.{slug}", "misconception", slug, at_key=True)
    for identifier, interaction in _entries(document.get("interactions")):
        yield from _in_interaction(f"interactions.{identifier}", interaction)
    for path, picture in pictures_in(document):
        if name := named_by(picture.address):
            yield Reference(path, "image", str(name))


def _in_interaction(path: str, interaction: Any) -> Iterator[Reference]:
    """Yield the misconceptions that the entries of an interaction stand for."""
    for key, listed in _entries(interaction):
        for place, entry in enumerate(listed if isinstance(listed, list) else ()):
            slug = entry.get("misconception") if isinstance(entry, Mapping) else None
            if isinstance(slug, str) and slug:
                yield Reference(f"{path}.{key}.{place}.misconception", "misconception", slug)


def _entries(value: Any) -> list[tuple[str, Any]]:
    return list(value.items()) if isinstance(value, Mapping) else []
