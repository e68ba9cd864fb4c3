"""What differs between two texts, line beside line, with the words marked that differ inside a line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import zip_longest
from typing import Final

CONTEXT: Final = 3
"""Equal lines shown around a difference."""
MOST_LINES: Final = 4000
"""Of a text; in longer ones only what stands at their ends is found equal. Comparing takes time by the square."""
MOST_WORK: Final = 5_000_000
"""Pairs of words that are looked at in all, about half a second; lines beyond are marked as a whole."""
ALIKE: Final = 0.3
"""Two lines that share less than this are two lines, not one that was changed."""

_TOKEN = re.compile(r"\w+|\s+|[^\w\s]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a line that stands on this side alone, or on both."""

    text: str
    is_changed: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its number, from 1."""

    number: int
    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        return "".join(piece.text for piece in self.pieces)


@dataclass(frozen=True, slots=True)
class Row:
    """Two lines beside each other; None where a side has none. ``skipped`` equal lines were left out before it."""

    left: Line | None
    right: Line | None
    is_changed: bool
    skipped: int = 0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows around what differs; none where nothing does. ``skipped`` equal lines were left out at the end."""

    rows: tuple[Row, ...]
    skipped: int

    @property
    def is_equal(self) -> bool:
        return not self.rows


def compare(left: str, right: str, *, context: int = CONTEXT) -> Comparison:
    """Return what differs between two texts, with ``context`` equal lines around each difference."""
    rows = list(_rows(left.splitlines(), right.splitlines()))
    near = _near_changes([row.is_changed for row in rows], context)
    shown: list[Row] = []
    skipped = 0
    for row, is_near in zip(rows, near, strict=True):
        if is_near:
            shown.append(Row(row.left, row.right, row.is_changed, skipped))
            skipped = 0
        else:
            skipped += 1
    return Comparison(tuple(shown), skipped)


def _near_changes(changed: Sequence[bool], context: int) -> list[bool]:
    """Return for each row whether one that differs is at most ``context`` rows away."""
    near = [False] * len(changed)
    for at, is_changed in enumerate(changed):
        if is_changed:
            first, end = max(0, at - context), min(len(changed), at + context + 1)
            near[first:end] = [True] * (end - first)
    return near


def _rows(left: Sequence[str], right: Sequence[str]) -> Iterator[Row]:
    work = 0
    for tag, i, i_end, j, j_end in _blocks(left, right):
        for at, across in zip_longest(range(i, i_end), range(j, j_end)):
            if tag == "equal" or at is None or across is None:
                yield Row(
                    _line(left, at, tag != "equal"), _line(right, across, tag != "equal"), tag != "equal"
                )
                continue
            words, others = _TOKEN.findall(left[at]), _TOKEN.findall(right[across])
            work += len(words) * len(others)
            pieces = _marked(words, others) if work <= MOST_WORK else None
            before, after = pieces or ((Piece(left[at], True),), (Piece(right[across], True),))
            yield Row(Line(at + 1, before), Line(across + 1, after), True)


Block = tuple[str, int, int, int, int]
Pieces = tuple[Piece, ...]


def _blocks(left: Sequence[str], right: Sequence[str]) -> Iterator[Block]:
    """Yield stretches of lines, each equal or not, in their order: the ends that are equal are found at once."""
    most = min(len(left), len(right))
    head = next((at for at in range(most) if left[at] != right[at]), most)
    tail = next((at for at in range(most - head) if left[-1 - at] != right[-1 - at]), most - head)
    i_end, j_end = len(left) - tail, len(right) - tail
    yield "equal", 0, head, 0, head
    if max(i_end, j_end) - head > MOST_LINES:
        yield "replace", head, i_end, head, j_end
    else:
        matcher = SequenceMatcher(None, left[head:i_end], right[head:j_end])
        for tag, i, stop, j, across in matcher.get_opcodes():
            yield tag, head + i, head + stop, head + j, head + across
    yield "equal", i_end, len(left), j_end, len(right)


def _line(texts: Sequence[str], at: int | None, is_changed: bool) -> Line | None:
    return None if at is None else Line(at + 1, (Piece(texts[at], is_changed),))


def _marked(words: Sequence[str], others: Sequence[str]) -> tuple[Pieces, Pieces] | None:
    """Return two lines with what they do not share marked, None where they share too little to be one."""
    matcher = SequenceMatcher(None, words, others, autojunk=False)
    if matcher.ratio() < ALIKE:
        return None
    codes = matcher.get_opcodes()
    before = [Piece("".join(words[i:end]), tag != "equal") for tag, i, end, _, _ in codes if end > i]
    after = [Piece("".join(others[j:end]), tag != "equal") for tag, _, _, j, end in codes if end > j]
    return tuple(before), tuple(after)
