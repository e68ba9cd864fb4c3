"""Where the characters of a value stand in the text of a document, however the value is written there."""

from __future__ import annotations

import re
from typing import Final

import yaml

_ESCAPES: Final = {"x": 4, "u": 6, "U": 10}
"""The length of an escape, by the letter behind its backslash; all others have two characters."""
_HEADER: Final = re.compile(r"[|>][^\n]*\n?")


def positions(raw: str, node: yaml.Node) -> list[int] | None:
    """Return where in ``raw`` each character of a scalar is written, and behind them where its last one ends.

    None for what is no scalar, and where a way of writing it is not understood.
    """
    if not isinstance(node, yaml.ScalarNode):
        return None
    style = node.style or ""
    header = _HEADER.match(raw) if style in ("|", ">") else None
    place = header.end() if header else len(style)
    found = []
    for character in node.value:
        start = _seek(raw, place, character, style)
        if start is None:
            # The last line break of a block is implied where the text ends.
            break
        found.append(start)
        place = start + _width(raw, start, style)
    if len(found) < len(node.value.rstrip("\n")):
        return None
    return [*found, *[place] * (len(node.value) - len(found) + 1)]


def _seek(raw: str, place: int, character: str, style: str) -> int | None:
    """Return where a character is written, from a place on: behind breaks and indentation that the value has not."""
    while place < len(raw):
        written = raw[place]
        if style == '"' and written == "\\":
            if raw[place + 1 : place + 2] != "\n":
                return place
            place += 2
        elif written == character or (written == "\n" and character == " "):
            return place
        elif written in " \t\n":
            place += 1
        else:
            return None
    return None


def _width(raw: str, place: int, style: str) -> int:
    if style == '"' and raw[place] == "\\":
        return _ESCAPES.get(raw[place + 1 : place + 2], 2)
    return 2 if style == "'" and raw[place : place + 2] == "''" else 1
