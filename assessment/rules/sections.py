"""Adding a section to the document of an assessment: what its author wrote stays, words, order and comments."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import NoneType
from typing import Any, Final

import yaml

from content.documents.reader import DefinitionError
from content.documents.text import DocumentFault, dump_document, load_document

Section = Mapping[str, Any]

_KEY: Final = "sections"


def with_section(document: Mapping[str, Any], section: Section) -> dict[str, Any]:
    """Return a document with one more section at the end. Raises DefinitionError where its sections are no list."""
    sections = document.get(_KEY)
    if not isinstance(sections, list | NoneType):
        raise DefinitionError([(_KEY, "must be a list")])
    return {**document, _KEY: [*(sections or []), dict(section)]}


def text_with_section(text: str, section: Section) -> str:
    """Return the YAML text of a document with one more section at the end; the rest stays as it is written.

    Where that cannot be done, in a text of an unusual shape, the whole is written anew. Raises DocumentFault for what
    is no mapping in YAML, DefinitionError where its sections are no list.
    """
    document = load_document(text)
    if not isinstance(document, dict):
        raise DocumentFault("must be a mapping")
    wanted = with_section(document, section)
    written = _inserted(text, section)
    return written if _reads_as(written, wanted) else dump_document(wanted)


def _reads_as(text: str, wanted: Mapping[str, Any]) -> bool:
    try:
        return bool(load_document(text) == wanted)
    except DocumentFault:
        return False


def _inserted(text: str, section: Section) -> str:
    ends_in_line = text if text.endswith("\n") or not text else text + "\n"
    node = _value(ends_in_line)
    if node is None:
        return f"{ends_in_line}{_KEY}:\n{_entry(section, 2)}"
    if isinstance(node, yaml.SequenceNode) and not node.flow_style:
        return _after_block(ends_in_line, node, section)
    if isinstance(node, yaml.SequenceNode) and node.value:
        at = node.end_mark.index - 1
        return f"{ends_in_line[:at].rstrip().rstrip(',')}, {json.dumps(section)}{ends_in_line[at:]}"
    # An empty list, or nothing: a block takes its place.
    before, after = ends_in_line[: node.start_mark.index].rstrip(" "), ends_in_line[node.end_mark.index :]
    return f"{before}\n{_entry(section, 2)}{after.lstrip(' ').removeprefix(chr(10))}"


def _value(text: str) -> yaml.Node | None:
    """Return what stands under the key."""
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == _KEY), None)


def _after_block(text: str, node: yaml.SequenceNode, section: Section) -> str:
    lines = text.splitlines(keepends=True)
    # The mark stands at the next thing; blank lines and comments before it belong to that.
    end = node.end_mark.line
    while end > 0 and (not lines[end - 1].strip() or lines[end - 1].lstrip().startswith("#")):
        end -= 1
    return "".join([*lines[:end], _entry(section, node.start_mark.column), *lines[end:]])


def _entry(section: Section, indent: int) -> str:
    """Return a section as an entry of a list in lines of its own."""
    slots = [f"{' ' * (indent + 4)}- {_flow(one)}\n" for one in section["slots"]]
    head = f"{' ' * indent}- title: {json.dumps(section['title'], ensure_ascii=False)}\n"
    shuffle = f"{' ' * (indent + 2)}shuffle: {json.dumps(section.get('shuffle', False))}\n"
    return head + shuffle + f"{' ' * (indent + 2)}slots:\n" + "".join(slots)


def _flow(slot: Mapping[str, Any]) -> str:
    pairs = (f"{key}: {_plain(value)}" for key, value in slot.items())
    return "{" + ", ".join(pairs) + "}"


def _plain(value: Any) -> str:
    """Return a value of a slot as an author would write it: a slug needs no quotes, nor does 2 a fraction."""
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    return dump_document([value]).strip().removeprefix("- ")
