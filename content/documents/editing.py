"""Changing one value in the text of a document, and nothing else of it.

A form changes what it shows; comments, layout and order of the rest are their author's. Each change is tried on the
least part of the text that it concerns, and the result is read: where it does not mean what was asked for, the next
larger part is written anew. So a change may cost layout, never meaning.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import pairwise
from typing import Any, Final

import yaml

from content.documents.reader import DefinitionError
from content.documents.source import Place, SourceText, read_source
from content.documents.text import DocumentFault, dump_document, dump_flow, load_document

Path = tuple[str | int, ...]
Order = Callable[[Path], Sequence[str]]
"""Gives the usual order of the keys of a mapping; empty: new ones come last."""

LONGEST_LINE: Final = 110
STILL_SHORT: Final = 20
"""Characters by which a line may grow, however long its author has made it."""


class Action(StrEnum):
    """What can be done to a document. ``path`` names the entry that is concerned.

    ``set`` gives it the value, and makes it where it is missing; ``insert`` puts the value into a list before what
    stands at that place; ``move`` takes it to the place that the value counts; ``rename`` gives it the key ``value``.
    """

    SET = "set"
    REMOVE = "remove"
    INSERT = "insert"
    MOVE = "move"
    RENAME = "rename"


@dataclass(frozen=True, slots=True)
class Edit:
    path: Path
    action: Action = Action.SET
    value: Any = None


class ImpossibleEdit(ValueError):
    """A change that the document has no place for; the text says why."""


def no_order(_path: Path) -> Sequence[str]:
    return ()


def edited(text: str, edits: Sequence[Edit], order: Order = no_order) -> str:
    """Return the text with the edits made, one after the other.

    Raises ImpossibleEdit where an edit names nothing, or where the text cannot be read whole.
    """
    for edit in edits:
        text = _edited(text, edit, order)
    return text


def applied(document: Any, edit: Edit, order: Order = no_order) -> Any:
    """Return a document with an edit made; the one that was given stays as it is. Raises ImpossibleEdit."""
    if not edit.path:
        raise ImpossibleEdit("The whole of a document is no entry of it.")
    return _applied(document, edit, 0, order)


def _applied(value: Any, edit: Edit, depth: int, order: Order) -> Any:
    step, is_last = edit.path[depth], depth == len(edit.path) - 1
    if isinstance(step, str):
        if value is None or (isinstance(value, Mapping) and not value):
            value = {}
        if not isinstance(value, Mapping):
            raise ImpossibleEdit(f"{_named(edit.path[:depth])} has no named entries.")
        if is_last:
            return _in_mapping(value, step, edit, order)
        inner = _applied(value.get(step), edit, depth + 1, order)
        return _with(value, step, inner, order(edit.path[:depth]))
    entries = [] if value is None else value
    if not isinstance(entries, list):
        raise ImpossibleEdit(f"{_named(edit.path[:depth])} is no list.")
    if is_last:
        return _in_list(entries, step, edit)
    if not 0 <= step < len(entries):
        raise ImpossibleEdit(f"{_named(edit.path[:depth])} has no entry {step + 1}.")
    return [_applied(one, edit, depth + 1, order) if n == step else one for n, one in enumerate(entries)]


def _in_mapping(value: Mapping[str, Any], key: str, edit: Edit, order: Order) -> dict[str, Any]:
    match edit.action:
        case Action.SET:
            return _with(value, key, edit.value, order(edit.path[:-1]))
        case Action.REMOVE:
            return {name: one for name, one in value.items() if name != key}
        case Action.RENAME:
            name = edit.value
            if key not in value or not isinstance(name, str) or not name:
                raise ImpossibleEdit(f"{_named(edit.path)} cannot be renamed.")
            if name != key and name in value:
                raise ImpossibleEdit(f"There is a {name} already.")
            return {name if one == key else one: inner for one, inner in value.items()}
        case _:
            raise ImpossibleEdit(f"{_named(edit.path[:-1])} is no list.")


def _in_list(entries: list[Any], place: int, edit: Edit) -> list[Any]:
    if edit.action is Action.INSERT and 0 <= place <= len(entries):
        return [*entries[:place], edit.value, *entries[place:]]
    if not 0 <= place < len(entries):
        raise ImpossibleEdit(f"{_named(edit.path[:-1])} has no entry {place + 1}.")
    rest = [one for number, one in enumerate(entries) if number != place]
    match edit.action:
        case Action.SET:
            return [*entries[:place], edit.value, *entries[place + 1 :]]
        case Action.REMOVE:
            return rest
        case Action.MOVE if type(edit.value) is int and 0 <= edit.value < len(entries):
            return [*rest[: edit.value], entries[place], *rest[edit.value :]]
        case _:
            raise ImpossibleEdit(f"{_named(edit.path)} cannot be changed so.")


def _with(value: Mapping[str, Any], key: str, new: Any, order: Sequence[str]) -> dict[str, Any]:
    """Return a mapping with an entry: where it stood, or behind what usually comes before it."""
    if key in value or key not in order:
        return {**value, key: new}
    before = set(order[: order.index(key)])
    names = list(value)
    place = max((number + 1 for number, name in enumerate(names) if name in before), default=0)
    names.insert(place, key)
    return {name: new if name == key else value[name] for name in names}


def _named(path: Path) -> str:
    return ".".join(map(str, path)) or "The document"


def _edited(text: str, edit: Edit, order: Order) -> str:
    source = read_source(text)
    if source.faults:
        raise ImpossibleEdit("The text cannot be read whole: mend it first.")
    if source.document is not None and not isinstance(source.document, dict):
        raise ImpossibleEdit("The text is no document.")
    wanted = applied(source.document, edit, order)
    if json.dumps(wanted) == json.dumps(source.document):
        return text
    edit = _shortest(edit, source)
    for attempt in _attempts(source, edit, wanted):
        if _means(attempt, wanted):
            return attempt
    return dump_document(wanted)


def _shortest(edit: Edit, source: SourceText) -> Edit:
    """Return the same edit on what stands there: a value in a mapping that is missing makes the mapping."""
    if edit.action is not Action.SET:
        return edit
    for depth in range(1, len(edit.path)):
        if _path(edit.path[:depth]) not in source.places:
            value = edit.value
            for step in reversed(edit.path[depth:]):
                value = {step: value}
            return Edit(edit.path[:depth], Action.SET, value)
    return edit


def _means(text: str, document: Any) -> bool:
    try:
        read = load_document(text)
    except DocumentFault:
        return False
    return json.dumps(read) == json.dumps(document)


def _attempts(source: SourceText, edit: Edit, wanted: Any) -> Iterator[str]:
    """Yield texts with the edit made, the one that changes least first."""
    writer = _Writer(source)
    yield from writer.least(edit, wanted)
    for depth in range(len(edit.path) - 1, 0, -1):
        path = edit.path[:depth]
        if _path(path) in source.places:
            yield from writer.replaced(path, _at(wanted, path))


def _path(path: Path) -> str:
    return ".".join(map(str, path))


def _at(document: Any, path: Path) -> Any:
    for step in path:
        document = document[step]
    return document


class _Writer:
    """Writes parts of a text anew."""

    def __init__(self, source: SourceText) -> None:
        self.source, self.text = source, source.text

    def least(self, edit: Edit, wanted: Any) -> Iterator[str]:
        """Yield the text with only the entry changed that the edit names."""
        parent = self.source.places.get(_path(edit.path[:-1]))
        here = self.source.places.get(_path(edit.path))
        if parent is None or _is_flow(parent) or not _entries(parent):
            if edit.action is Action.SET and here:
                yield from self.replaced(edit.path, edit.value)
            return
        match edit.action:
            case Action.SET if here:
                yield from self.replaced(edit.path, edit.value)
            case Action.SET:
                yield from self._added(edit, wanted)
            case Action.INSERT:
                yield from self._inserted(edit, parent)
            case Action.REMOVE if here and len(_entries(parent)) > 1:
                yield from self._removed(here)
            case Action.MOVE:
                yield from self._moved(edit, parent)
            case Action.RENAME if here and here.key:
                key = dump_flow(edit.value)
                yield self.text[: here.key.start] + key + self.text[here.key.end :]

    def replaced(self, path: Path, value: Any) -> Iterator[str]:
        """Yield the text with another value of an entry that stands there."""
        place = self.source.places[_path(path)]
        parent = self.source.places.get(_path(path[:-1]))
        start, end = place.value.start, place.value.end
        if parent is None:
            return
        if _is_flow(parent):
            written = dump_flow(value)
            longer = len(written) - (end - start)
            line = self._line_end(end) - self._line_start(start) + longer
            if "\n" not in written and (line <= LONGEST_LINE or longer <= STILL_SHORT):
                yield self.text[:start] + written + self.text[end:]
            return
        yield from self._written(place, path[-1], value)

    def _written(self, place: Place, step: str | int, value: Any) -> Iterator[str]:
        """Yield the text with an entry of lines written anew, from its key on."""
        span = place.key or place.value
        column = span.column - 1
        entry = _entry(step, value) if place.key else _item(value)
        lines = entry.splitlines(keepends=True)
        indent = " " * (column if place.key else column - 2)
        written = lines[0] + "".join(indent + line if line.strip() else line for line in lines[1:])
        if not place.key:
            written = written[2:]
        start, end = span.start, max(place.value.end, span.end)
        if not place.value.end > span.end:  # an empty value stands behind the colon of its key
            end = self.text.index(":", span.end) + 1 if place.key else end
        behind = self.text[end : self._line_end(end)]
        if "\n" in written and behind.strip():
            # A word behind the value would become a part of the new one: it comes to stand above.
            above = f"{behind.strip()}\n{' ' * column}"
            yield self.text[:start] + above + written + self.text[self._line_end(end) :]
            return
        yield self.text[:start] + written + self.text[end:]

    def _added(self, edit: Edit, wanted: Any) -> Iterator[str]:
        """Yield the text with a new entry of a mapping in its place among the others."""
        parent, key = edit.path[:-1], edit.path[-1]
        mapping = _at(wanted, parent)
        if not isinstance(mapping, Mapping) or not isinstance(key, str):
            return
        names = list(mapping)
        number = names.index(key)
        neighbor = self.source.places.get(_path((*parent, names[number - 1 if number else number + 1])))
        if neighbor is None or neighbor.key is None:
            return
        indent = " " * (neighbor.key.column - 1)
        lines = _indented(_entry(key, edit.value), indent)
        if number:
            yield self._behind(self._line_end(neighbor.value.end), lines)
            return
        start = neighbor.key.start
        yield self.text[:start] + lines.removeprefix(indent) + "\n" + indent + self.text[start:]

    def _inserted(self, edit: Edit, parent: Place) -> Iterator[str]:
        """Yield the text with a new entry of a list that stands in lines."""
        number, entries = edit.path[-1], _entries(parent)
        if not isinstance(number, int):
            return
        starts = self._items(edit.path[:-1], len(entries))
        dash = self._dash(edit.path[:-1])
        lines = _indented(_item(edit.value), " " * dash)
        if number < len(entries):
            start = starts[number]
            yield self.text[:start] + lines + "\n" + self.text[start:]
        else:
            yield self._behind(starts[-1], lines)

    def _behind(self, end: int, lines: str) -> str:
        """Return the text with lines behind the line that ends at ``end``, or before the one that begins there."""
        head, tail = self.text[:end], self.text[end:]
        if head and not head.endswith("\n"):
            head += "\n"
            return head + lines + (tail if tail else "\n")
        return head + lines + "\n" + tail

    def _removed(self, place: Place) -> Iterator[str]:
        span = place.key or place.value
        start, end = self._line_start(span.start), self._line_end(max(place.value.end, span.end))
        before = self.text[start : span.start]
        if before.strip(" ") not in ("", "-") or (place.key and "-" in before):
            return
        yield self.text[:start] + self.text[end:].removeprefix("\n")

    def _moved(self, edit: Edit, parent: Place) -> Iterator[str]:
        """Yield the text with the lines of a list in another order; comments go with what follows them."""
        place, entries = edit.path[-1], _entries(parent)
        if not isinstance(place, int) or type(edit.value) is not int:
            return
        starts = self._items(edit.path[:-1], len(entries))
        pieces = [self.text[start:end] for start, end in pairwise(starts)]
        pieces = [piece if piece.endswith("\n") else piece + "\n" for piece in pieces]
        pieces.insert(edit.value, pieces.pop(place))
        yield self.text[: starts[0]] + "".join(pieces) + self.text[starts[-1] :]

    def _items(self, path: Path, count: int) -> list[int]:
        """Return where the lines of each entry of a list begin, and where those of the last end."""
        places = [self.source.places[_path((*path, number))] for number in range(count)]
        starts = [self._line_start(places[0].value.start)]
        for place in places:
            end = self._line_end(place.value.end)
            starts.append(min(end + 1, len(self.text)))
        return starts

    def _dash(self, path: Path) -> int:
        """Return the column, from 0, at which the dashes of a list stand."""
        first = self.source.places[_path((*path, 0))].value.start
        return self.text.rindex("-", 0, first) - self._line_start(first)

    def _line_start(self, index: int) -> int:
        return self.text.rfind("\n", 0, index) + 1

    def _line_end(self, index: int) -> int:
        found = self.text.find("\n", index)
        return len(self.text) if found < 0 else found


def _is_flow(place: Place) -> bool:
    return bool(getattr(place.node, "flow_style", False))


def _entries(place: Place) -> Sequence[Any]:
    return place.node.value if isinstance(place.node, yaml.CollectionNode) else ()


def _entry(key: str | int, value: Any) -> str:
    return dump_document({key: value}).rstrip("\n")


def _item(value: Any) -> str:
    """Return an entry of a list in lines, its dash at the first column."""
    lines = dump_document([value]).rstrip("\n").splitlines(keepends=True)
    indent = len(lines[0]) - len(lines[0].lstrip(" "))
    return "".join(line[indent:] if line.strip() else line for line in lines)


def _indented(lines: str, indent: str) -> str:
    return "".join(indent + line if line.strip() else line for line in lines.splitlines(keepends=True))


def path_of(steps: object) -> Path:
    """Return a path as it came in from outside. Raises DefinitionError for what is none."""
    if not isinstance(steps, list) or not all(isinstance(one, str) or type(one) is int for one in steps):
        raise DefinitionError([("path", "must be a list of names and places")])
    return tuple(steps)
