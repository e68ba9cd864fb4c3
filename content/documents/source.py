"""The text of a document with the place of everything in it, as far as it can be read.

A text with a slip in it is read all the same: a part that is no YAML is left out and named, and the rest is there to
be checked. So an author learns of all faults at once, and of each where it stands.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import yaml

from content.documents.text import DocumentFault, load_nodes

MOST_PARTS: Final = 200
"""Parts of a text that are read one by one after the whole could not be: each costs a reading of its lines."""
DEEPEST_PART: Final = 2
"""Levels of keys at which a part can be left out."""

_KEY: Final = re.compile(
    r"( *)(?:\"([^\"\\]*)\"|'([^']*)'|([^\s#'\"\-\[{&*!|>%@`][^:#]*?|-[^\s:#][^:#]*?)) *:(?=\s|$)"
)
_BREAK: Final = re.compile("[\n\x85\u2028\u2029]")
"""What YAML ends a line at."""


@dataclass(frozen=True, slots=True)
class Span:
    """Where something stands: ``start`` and ``end`` count characters from 0, lines and columns from 1; ends are
    behind the last character."""

    start: int
    end: int
    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(frozen=True, slots=True)
class TextFault:
    """Something that keeps a part of a text from being read. ``path`` names the part; empty: the whole of it."""

    path: str
    reason: str
    span: Span | None


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands: its ``key`` (None in a list) and its ``value``, and the node that was read there."""

    key: Span | None
    value: Span
    node: yaml.Node


@dataclass(frozen=True)
class SourceText:
    """``document`` is what could be read of ``text``; ``broken`` are the paths of the parts that could not."""

    text: str
    document: Any
    faults: tuple[TextFault, ...] = ()
    broken: frozenset[str] = frozenset()
    places: Mapping[str, Place] = field(default_factory=dict)

    def span(self, path: str) -> Span | None:
        """Return where the value at a path stands, or the nearest thing around it that stands somewhere."""
        place = self._nearest(path)
        return place.value if place else None

    def key_span(self, path: str) -> Span | None:
        """Return where the key of an entry stands; of an entry of a list, the entry itself."""
        place = self._nearest(path)
        return (place.key or place.value) if place else None

    def _nearest(self, path: str) -> Place | None:
        while path:
            if path in self.places:
                return self.places[path]
            path = path.rpartition(".")[0]
        return self.places.get("")


class Lines:
    """The lines of a text, to say where a character stands."""

    def __init__(self, text: str) -> None:
        self.text = text
        ends = [found.end() for found in _BREAK.finditer(text)]
        self.starts = [0, *ends]
        self.lines = [text[start:end] for start, end in zip(self.starts, [*ends, len(text)], strict=True)]

    def span(self, start: int, end: int) -> Span:
        line, column = self._at(start)
        end_line, end_column = self._at(end)
        return Span(start, end, line, column, end_line, end_column)

    def from_line(self, line: int, column: int = 1) -> Span:
        """Return the span from a place, counted from 1, to the end of its line."""
        first = min(line, len(self.lines)) - 1
        content = self.lines[first].rstrip()
        start = self.starts[first] + min(max(column - 1, 0), len(content))
        return self.span(start, max(start, self.starts[first] + len(content)))

    def index(self, mark: yaml.Mark) -> int:
        """Return where a mark stands, in whatever part of the text it was read."""
        return min(self.starts[min(mark.line, len(self.starts) - 1)] + int(mark.column), len(self.text))

    def _at(self, index: int) -> tuple[int, int]:
        line = bisect_right(self.starts, index) - 1
        return line + 1, index - self.starts[line] + 1


def read_source(text: str) -> SourceText:
    """Return what can be read of a text, with the place of everything in it. Raises nothing."""
    # A mark at the beginning, and other breaks of lines than \n, would move all places.
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    lines = Lines(text)
    try:
        document, node = load_nodes(text)
    except DocumentFault as fault:
        return _Parts(lines).read(fault)
    return SourceText(text, document, places=dict(_places(lines, node)))


def join(path: str, key: str | int) -> str:
    """Return the path of an entry, as readers of documents make it."""
    return f"{path}.{key}" if path else str(key)


def _places(lines: Lines, root: yaml.Node | None) -> Iterator[tuple[str, Place]]:
    """Yield the place of each value under its path."""
    waiting: list[tuple[str, yaml.Node | None, yaml.Node]] = [("", None, root)] if root else []
    while waiting:
        path, key, node = waiting.pop()
        key_span = lines.span(lines.index(key.start_mark), lines.index(key.end_mark)) if key else None
        yield path, Place(key_span, lines.span(lines.index(node.start_mark), _end(lines, node)), node)
        if isinstance(node, yaml.MappingNode):
            waiting += [(join(path, name.value), name, value) for name, value in node.value]
        elif isinstance(node, yaml.SequenceNode):
            waiting += [(join(path, place), None, value) for place, value in enumerate(node.value)]


def _end(lines: Lines, node: yaml.Node) -> int:
    """Return where a node ends, without the blank lines and comments that follow it."""
    while isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    start, end = lines.index(node.start_mark), lines.index(node.end_mark)
    return start + len(lines.text[start:end].rstrip())


@dataclass(frozen=True, slots=True)
class _Part:
    """Lines ``first`` up to and without ``end`` (from 0), under the keys ``above`` that lead there."""

    path: str
    above: tuple[int, ...]
    first: int
    end: int
    indent: int


class _Parts:
    """Reads a text part by part, and leaves out what cannot be read."""

    def __init__(self, lines: Lines) -> None:
        self.lines = lines
        self.budget = MOST_PARTS
        self.faults: list[TextFault] = []
        self.places: dict[str, Place] = {}

    def read(self, whole: DocumentFault) -> SourceText:
        parts = self._parts("", (), 0, len(self.lines.lines), 0)
        document: dict[str, Any] = {}
        if len(parts) > 1:
            for part in parts:
                self._read(part, document, DEEPEST_PART)
        # A fault that no part shows by itself belongs to the whole: nothing is known of it.
        if not self.faults:
            document, self.places = {}, {}
            self.faults.append(self._fault("", whole))
        broken = frozenset(fault.path for fault in self.faults)
        return SourceText(self.lines.text, document, tuple(self.faults), broken, self.places)

    def _read(self, part: _Part, into: dict[str, Any], deepest: int) -> None:
        """Read a part into the document; what cannot be read is read key by key, and left out at the deepest."""
        key = part.path.rpartition(".")[2]
        if key in into:
            self.faults.append(
                TextFault(
                    part.path, f"{key!r:.60} stands here a second time", self.lines.from_line(part.first + 1)
                )
            )
            return
        self.budget -= 1
        try:
            read, node = load_nodes(self._alone(part))
        except DocumentFault as fault:
            self._read_inside(part, into, key, deepest, fault)
            return
        value: Any = read
        for name in part.path.split("."):
            if not isinstance(value, dict) or name not in value:
                self.faults.append(TextFault(part.path, "cannot be read", self._line(part)))
                return
            value = value[name]
        into[key] = value
        for path, place in _places(self.lines, node):
            self.places.setdefault(path, place)

    def _read_inside(
        self, part: _Part, into: dict[str, Any], key: str, deepest: int, fault: DocumentFault
    ) -> None:
        inner = self._inner(part) if deepest > 1 and self.budget > 0 else []
        before = len(self.faults)
        if inner:
            child: dict[str, Any] = {}
            for one in inner:
                self._read(one, child, deepest - 1)
            if len(self.faults) > before:
                into[key] = child
                return
        self.faults.append(self._fault(part.path, fault, part))

    def _alone(self, part: _Part) -> str:
        """Return a text in which only a part and the keys above it stand, at the lines where they stood."""
        lines = self.lines.lines
        kept = {*part.above, *range(part.first, part.end)}
        last = max(kept) + 1
        return "".join(
            line if number in kept else "\n" * ("\n" in line) for number, line in enumerate(lines[:last])
        )

    def _inner(self, part: _Part) -> Sequence[_Part]:
        head = self.lines.lines[part.first]
        found = _KEY.match(head)
        if not found or head[found.end() :].split("#")[0].strip():
            return ()
        below = [line for line in self.lines.lines[part.first + 1 : part.end] if line.strip()]
        indents = [len(line) - len(line.lstrip(" ")) for line in below if not line.lstrip().startswith("#")]
        if not indents or min(indents) <= part.indent:
            return ()
        return self._parts(part.path, (*part.above, part.first), part.first + 1, part.end, min(indents))

    def _parts(self, path: str, above: tuple[int, ...], first: int, end: int, indent: int) -> list[_Part]:
        """Return the parts that begin with a key at an indent. What stands before the first is a part of nothing."""
        starts = []
        for number in range(first, end):
            found = _KEY.match(self.lines.lines[number])
            if found and len(found[1]) == indent:
                starts.append((number, next(name for name in found.groups()[1:] if name is not None)))
        if not 0 < len(starts) <= MOST_PARTS:
            return []
        ends = [*(number for number, _ in starts[1:]), end]
        return [
            _Part(join(path, name), above, number, until, indent)
            for (number, name), until in zip(starts, ends, strict=True)
        ]

    def _fault(self, path: str, fault: DocumentFault, part: _Part | None = None) -> TextFault:
        if part and fault.line and fault.line > part.end:
            # Something is not ended: the reader noticed behind the part, where another one stands.
            return TextFault(path, fault.reason, self._last_line(part))
        span = self.lines.from_line(fault.line, fault.column or 1) if fault.line else None
        return TextFault(path, fault.reason, span)

    def _last_line(self, part: _Part) -> Span:
        written = [number for number in range(part.first, part.end) if self.lines.lines[number].strip()]
        return self.lines.from_line(written[-1] + 1)

    def _line(self, part: _Part) -> Span:
        return self.lines.from_line(part.first + 1)
