"""Adding a section to the document of an assessment: what its author wrote stays, words, order and comments."""

from __future__ import annotations

from collections.abc import Mapping
from types import NoneType
from typing import Any, Final

from content.documents.editing import Action, Edit, edited
from content.documents.reader import DefinitionError
from content.documents.text import DocumentFault, load_document

Section = Mapping[str, Any]

_KEY: Final = "sections"


def with_section(document: Mapping[str, Any], section: Section) -> dict[str, Any]:
    """Return a document with one more section at the end. Raises DefinitionError where its sections are no list."""
    return {**document, _KEY: [*_sections(document), dict(section)]}


def text_with_section(text: str, section: Section) -> str:
    """Return the YAML text of a document with one more section at the end; the rest stays as it is written.

    Raises DocumentFault for what is no mapping in YAML, DefinitionError where its sections are no list.
    """
    document = load_document(text)
    if not isinstance(document, dict):
        raise DocumentFault("must be a mapping")
    added = _as_written(section)
    if before := _sections(document):
        return edited(text, [Edit((_KEY, len(before)), Action.INSERT, added)])
    return edited(text, [Edit((_KEY,), Action.SET, [added])])


def _as_written(value: Any) -> Any:
    """Return a value with whole numbers of points as people write them: 2, and not 2.0."""
    if isinstance(value, Mapping):
        return {key: _as_written(one) for key, one in value.items()}
    if isinstance(value, list | tuple):
        return [_as_written(one) for one in value]
    return round(value) if isinstance(value, float) and value.is_integer() else value


def _sections(document: Mapping[str, Any]) -> list[Any]:
    sections = document.get(_KEY)
    if not isinstance(sections, list | NoneType):
        raise DefinitionError([(_KEY, "must be a list")])
    return sections or []
