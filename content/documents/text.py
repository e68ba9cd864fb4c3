"""YAML text and documents: the values of JSON, and nothing that YAML adds to them.

Scalars are read by the core schema of YAML 1.2 (https://yaml.org/spec/1.2.2/#103-core-schema) less infinities
and NaN: an option may be called ``no``, ``1e-3`` is a number, and a date stays the text that it is in JSON.
"""

from __future__ import annotations

import json
import re
from collections.abc import Hashable
from typing import Any, Final

import yaml

from content.documents.advising import advised
from content.documents.storable import is_storable, texts_in
from content.expressions import exact

MAX_CHARACTERS: Final = 256 * 1024
MAX_DEPTH: Final = 30
MAX_DIGITS: Final = 300
LONGEST_LINE: Final = 72
"""Of a list or mapping that is written on one line."""


_HALF: Final = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which no encoding can write."""


class DocumentFault(ValueError):
    """A text is no document; ``line`` and ``column`` (1-based) are where reading stopped, if that is known."""

    def __init__(self, reason: str, line: int | None = None, column: int | None = None) -> None:
        self.reason = reason
        self.line = line
        self.column = column
        super().__init__(reason if line is None else f"line {line}: {reason}")


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]  # which it is, is known when it runs
    """Safe construction with the scalars of JSON; a key may stand only once."""

    yaml_implicit_resolvers: dict[Any, Any] = {}

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping: dict[Hashable, Any] = {}
        for key_node, value_node in node.value:
            key = self.construct_object(key_node, deep=True)
            if not isinstance(key, str):
                raise _fault(f"the key {key!r:.40} is no text; put it in quotes", key_node.start_mark)
            if key in mapping:
                raise _fault(f"{key!r:.60} stands here a second time", key_node.start_mark)
            mapping[key] = self.construct_object(value_node, deep=deep)
        return mapping


class _Dumper(yaml.SafeDumper):
    """Writes as an author would: short lists and mappings on a line, long texts as blocks.

    Texts that either version of YAML would read as something else are quoted, except dates.
    """

    yaml_implicit_resolvers: dict[Any, Any] = {}

    def ignore_aliases(self, _data: Any) -> bool:
        return True

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        """Indent lists below their key as well."""
        super().increase_indent(flow, False)

    def represent(self, data: Any) -> None:
        """Write the document itself in lines, however short it is."""
        node = self.represent_data(data)
        if isinstance(node, yaml.CollectionNode):
            node.flow_style = False
        self.serialize(node)
        self.represented_objects = {}
        self.object_keeper = []
        self.alias_key = None


_SCALARS = (
    ("tag:yaml.org,2002:null", r"~|null|Null|NULL|", [*"~nN", ""]),
    ("tag:yaml.org,2002:bool", r"true|True|TRUE|false|False|FALSE", list("tTfF")),
    ("tag:yaml.org,2002:int", r"[-+]?[0-9]+", list("-+0123456789")),
    (
        "tag:yaml.org,2002:float",
        r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?",
        list("-+.0123456789"),
    ),
)
_OLD_WORDS = (
    r"(?i:y|n|yes|no|on|off)|[-+]?[0-9][0-9_:]*(?:\.[0-9_]*)?|[-+]?\.(?i:inf|nan)|0[xo][0-9a-fA-F]+|=|<<"
)

# Line breaks and invisible characters that only an escape keeps as they are.
_UNUSUAL = re.compile("[^\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

for _tag, _pattern, _first in _SCALARS:
    for _side in (_Loader, _Dumper):
        _side.add_implicit_resolver(_tag, re.compile(rf"(?:{_pattern})\Z"), _first)
_Dumper.add_implicit_resolver("tag:yaml.org,2002:old", re.compile(rf"(?:{_OLD_WORDS})\Z"), None)


def _construct_int(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> int:
    digits = loader.construct_scalar(node)
    if len(digits) > MAX_DIGITS:
        raise _fault(f"this number has more than {MAX_DIGITS} digits", node.start_mark)
    return exact.whole(digits)


def _construct_float(loader: yaml.SafeLoader, node: yaml.ScalarNode) -> float:
    value = float(loader.construct_scalar(node))
    if value in (float("inf"), float("-inf")):
        raise _fault("this number is too large", node.start_mark)
    return value


def _represent_list(dumper: yaml.SafeDumper, values: list[Any]) -> yaml.SequenceNode:
    node = dumper.represent_sequence("tag:yaml.org,2002:seq", values)
    node.flow_style = _fits_a_line(values)
    return node


def _represent_mapping(dumper: yaml.SafeDumper, values: dict[str, Any]) -> yaml.MappingNode:
    node = dumper.represent_mapping("tag:yaml.org,2002:map", values)
    node.flow_style = _fits_a_line(values)
    return node


def _fits_a_line(values: Any) -> bool:
    """Whether a person would write it on one line: [-2, 2] or {name: absolute, tolerance: 0.001}."""
    text = json.dumps(values)
    return len(text) <= LONGEST_LINE and "\\" not in text


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    if _UNUSUAL.search(text):
        style: str | None = '"'
    else:
        style = "|" if "\n" in text and not re.search(r"[ \t]\n", text) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Loader.add_constructor("tag:yaml.org,2002:int", _construct_int)
_Loader.add_constructor("tag:yaml.org,2002:float", _construct_float)
_Dumper.add_representer(str, _represent_text)
_Dumper.add_representer(list, _represent_list)
_Dumper.add_representer(dict, _represent_mapping)


def load_document(text: str) -> Any:
    """Return the mapping or list in a YAML (or JSON) text. Raises DocumentFault with the line.

    Refused: more than one document, repeated keys, keys that are no texts, aliases (of which few make many),
    tags, nesting deeper than MAX_DEPTH, and characters that a database cannot keep.
    """
    return load_nodes(text)[0]


def load_nodes(text: str) -> tuple[Any, yaml.Node | None]:
    """Return what `load_document` returns, and the nodes it was made of with their places. Raises DocumentFault."""
    if len(text) > MAX_CHARACTERS:
        raise DocumentFault(f"is longer than {MAX_CHARACTERS} characters")
    if half := _HALF.search(text):
        line = text.count("\n", 0, half.start()) + 1
        raise DocumentFault(
            "holds half of a character", line, half.start() - text.rfind("\n", 0, half.start())
        )
    try:
        _check_events(text)
        loader = _Loader(text)
        try:
            node = loader.get_single_node()
            document = None if node is None else loader.construct_document(node)
        finally:
            loader.dispose()
    except yaml.MarkedYAMLError as error:
        raise _fault(_reason(error, text), error.problem_mark or error.context_mark) from error
    except yaml.YAMLError as error:
        raise DocumentFault("holds a character that YAML does not allow") from error
    _check_texts(document)
    return document, node


def _reason(error: yaml.MarkedYAMLError, text: str) -> str:
    mark = error.problem_mark
    if not error.problem or not mark:
        return error.problem or "is no YAML"
    lines = text.split("\n")
    line = lines[mark.line] if mark.line < len(lines) else ""
    return advised(error.problem, line[: mark.column], line[mark.column : mark.column + 1])


def _fault(reason: str, mark: Any) -> DocumentFault:
    return DocumentFault(reason, mark.line + 1, mark.column + 1) if mark else DocumentFault(reason)


def dump_document(document: Any) -> str:
    """Return a document as YAML that `load_document` reads back to the same values, keys in their order."""
    return yaml.dump(document, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def dump_flow(value: Any) -> str:
    """Return a value as it can stand on a line among others, within brackets or as a key."""
    text = yaml.dump([value], Dumper=_FlowDumper, sort_keys=False, allow_unicode=True, width=1_000_000)
    return text.strip()[1:-1]


class _FlowDumper(_Dumper):
    """Writes everything on one line."""

    def represent(self, data: Any) -> None:
        node = self.represent_data(data)
        _make_flow(node)
        self.serialize(node)


def _make_flow(node: yaml.Node) -> None:
    if isinstance(node, yaml.CollectionNode):
        node.flow_style = True
        for one in node.value:
            for inner in one if isinstance(one, tuple) else (one,):
                _make_flow(inner)
    elif isinstance(node, yaml.ScalarNode) and node.style == "|":
        node.style = '"'


def _check_events(text: str) -> None:
    """Refuse by the shape of the stream, before anything is built from it."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _fault(advised("anchors and aliases are not allowed", "", ""), event.start_mark)
        if getattr(event, "tag", None):
            raise _fault(advised("tags are not allowed", "", ""), event.start_mark)
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > MAX_DEPTH:
            raise _fault(f"is nested deeper than {MAX_DEPTH} levels", event.start_mark)


def _check_texts(document: Any) -> None:
    for text in texts_in(document):
        if not is_storable(text):
            raise DocumentFault(f"{text!r:.40} holds a character that cannot be stored")
