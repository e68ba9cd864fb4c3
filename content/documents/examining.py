"""Everything that is wrong with the text of a document, at once, each with the place where it stands."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any, Final, Generic, TypeVar

from content.documents.placing import positions
from content.documents.reader import Faults, PathFault
from content.documents.source import Lines, SourceText, Span, TextFault, read_source
from content.expressions import exact
from content.expressions.suggesting import did_you_mean, nearest

Definition = TypeVar("Definition")
Read = Callable[[Any, Faults], Definition]
"""Reads a document; what is wrong goes to the faults."""

INVISIBLE: Final = re.compile(
    "[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\xa0\xad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff\ufffe\uffff]"
)
"""Characters that nobody sees, and that are not the spaces and breaks that YAML knows."""
MOST_UNKNOWN: Final = 100
"""Names that do not exist, of which one document is told."""
_LINE: Final = re.compile(r"(?P<path>.*):(?P<line>[0-9]{1,7})\Z", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong at a place of a text; lines and columns count from 1, ends are behind the last character.

    One that does not refuse is a remark. ``suggestion`` could stand at the place instead.
    """

    path: str
    reason: str
    line: int | None = None
    column: int | None = None
    end_line: int | None = None
    end_column: int | None = None
    refuses: bool = True
    suggestion: str | None = None

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}" if self.line else ""
        return ": ".join(part for part in (place, self.path, self.reason) if part)


@dataclass(frozen=True, slots=True)
class Examination(Generic[Definition]):
    """What was found out about a text.

    ``definition`` is None where the text does not make one; one that names what does not exist is a definition.
    """

    source: SourceText
    definition: Definition | None
    faults: tuple[Fault, ...]

    @property
    def document(self) -> Any:
        return self.source.document

    @property
    def refuses(self) -> bool:
        return any(fault.refuses for fault in self.faults)


def examine_document(
    text: str,
    read: Read[Definition],
    *others: Callable[[SourceText, Definition], Iterable[PathFault]],
) -> Examination[Definition]:
    """Return all that is wrong with a text, by itself and by what ``read`` and the ``others`` find in it.

    The others are asked of whatever could be read, sound or not. Raises nothing.
    """
    source = read_source(text)
    faults = Faults(broken=set(source.broken))
    if "" in source.broken:
        return Examination(source, None, in_order(Locator(source).of_text()))
    definition = read(source.document, faults)
    # What it names may be missing here, and it can be looked at all the same.
    is_usable = not source.faults and not faults.listed
    for other in others:
        for fault in other(source, definition):
            faults.put(fault)
    locator = Locator(source)
    found = in_order([*locator.of_text(), *(locator.place(fault) for fault in faults.listed)])
    return Examination(source, definition if is_usable else None, found)


def no_such(
    kind: str,
    path: str,
    slug: str,
    known: Collection[str],
    *,
    at_key: bool = False,
    meant: str | None = None,
) -> PathFault:
    """Return the fault that a document names something that does not exist, and what may have been ``meant``."""
    meant = meant or nearest(slug, known)
    reason = f"there is no {kind} called {slug:.100}{did_you_mean(meant)}"
    return PathFault(path, reason, at_key=at_key, suggestion=meant)


def unknown_name(kind: str, path: str, slugs: Iterable[str], known: Collection[str]) -> Iterator[PathFault]:
    """Yield the entries of a list of a document that name nothing that exists."""
    strangers = ((place, slug) for place, slug in enumerate(slugs) if slug and slug not in known)
    for place, slug in islice(strangers, MOST_UNKNOWN):
        yield no_such(kind, f"{path}.{place}", slug, known)


def in_order(faults: Iterable[Fault]) -> tuple[Fault, ...]:
    """Return faults by their places, each but once; what stands nowhere comes first."""
    return tuple(sorted(dict.fromkeys(faults), key=lambda one: (one.line or 0, one.column or 0)))


class Locator:
    """Finds the place of each fault in one text."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.lines = Lines(source.text)
        self._positions: dict[str, list[int] | None] = {}

    def of_text(self) -> Iterator[Fault]:
        """Yield what keeps parts of the text from being read."""
        for fault in self.source.faults:
            yield self._of_text(fault)

    def place(self, fault: PathFault, *, refuses: bool = True) -> Fault:
        path, inside = self._line_within(fault.path) or (fault.path, fault.inside)
        span = self._inside(path, inside) if inside else None
        if span is None:
            span = self.source.key_span(path) if fault.at_key else self.source.span(path)
        return self._fault(fault.path, fault.reason, span, refuses, fault.suggestion)

    def _of_text(self, fault: TextFault) -> Fault:
        span, reason = fault.span, fault.reason
        unseen = INVISIBLE.search(self.source.text, *((span.start, span.end) if span else ()))
        if unseen:
            span = self.lines.span(*unseen.span())
            reason = f"{reason}: an invisible character (U+{ord(unseen[0]):04X}) stands here"
        return self._fault(fault.path, reason, span or self.source.key_span(fault.path), True, None)

    def _fault(
        self, path: str, reason: str, span: Span | None, refuses: bool, suggestion: str | None
    ) -> Fault:
        span = span or self.lines.span(0, 0)
        return Fault(
            path, reason, span.line, span.column, span.end_line, span.end_column, refuses, suggestion
        )

    def _line_within(self, path: str) -> tuple[str, tuple[int, int]] | None:
        """Return the characters of a line of a long text, which a path such as ``theory:12`` names."""
        found = _LINE.match(path)
        value = self._value(found["path"]) if found and path not in self.source.places else None
        if not found or value is None:
            return None
        lines = value.split("\n")
        number = min(exact.whole(found["line"]), len(lines)) - 1
        start = sum(len(line) + 1 for line in lines[:number])
        return found["path"], (start, start + len(lines[number]))

    def _value(self, path: str) -> str | None:
        place = self.source.places.get(path)
        value = place.node.value if place else None
        return value if isinstance(value, str) else None

    def _inside(self, path: str, inside: tuple[int, int]) -> Span | None:
        """Return where some characters of a value stand; None where that cannot be said."""
        place = self.source.places.get(path)
        if place is None:
            return None
        if path not in self._positions:
            raw = self.source.text[place.value.start : place.value.end]
            self._positions[path] = positions(raw, place.node)
        known = self._positions[path]
        if known is None:
            return None
        start, end = (min(one, len(known) - 1) for one in inside)
        first, last = known[start], known[end - 1] + 1 if end > start else known[start]
        return self.lines.span(place.value.start + first, place.value.start + last)
