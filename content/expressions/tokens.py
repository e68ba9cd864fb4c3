"""Text to tokens: ASCII only, every token with its line and column."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from content.expressions.errors import ExpressionError
from content.expressions.limits import MAX_LITERAL, MAX_NAME, MAX_TEXT
from content.expressions.tree import Position

WORDS = frozenset({"and", "or", "not", "if", "else"})

_TOKEN = re.compile(
    r"""
    (?P<number>   (?: [0-9]+ (?:\.[0-9]*)? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
  | (?P<name>     [A-Za-z][A-Za-z0-9_]* )
  | (?P<operator> \*\* | == | != | <= | >= | [-+*/^@<>()\[\],:] )
  | (?P<space>    [ \t\r\n]+ )
    """,
    re.VERBOSE,
)

# What authors type out of habit, and what to type instead.
_ADVICE = {
    "=": "write == to compare",
    "%": "write mod(a, b) for a remainder",
    "&": "write and",
    "|": "write or, or abs(x) for an absolute value",
    "!": "write not, or != to compare",
    "{": "write ( or [",
    "}": "write ) or ]",
    ".": "a number may hold one point, and there are no attributes",
    "_": "a name begins with a letter",
    "'": "there is no text in an expression",
    '"': "there is no text in an expression",
    "\\": "an expression is not TeX",
    "#": "there are no comments",
    "×": "write *",
    "·": "write *",
    "÷": "write /",
    "−": "write -",
    "–": "write -",
    "≤": "write <=",
    "≥": "write >=",
    "≠": "write !=",
    "√": "write sqrt(x)",
    "²": "write **2",
    "³": "write **3",
    "α": "write alpha",
    "β": "write beta",
    "γ": "write gamma",
    "δ": "write delta",
    "ε": "write epsilon",
    "η": "write eta",
    "θ": "write theta",
    "λ": "write lambda",
    "μ": "write mu",
    "π": "write pi",
    "ρ": "write rho",
    "σ": "write sigma",
    "τ": "write tau",
    "φ": "write phi",
    "ω": "write omega",
}


@dataclass(frozen=True, slots=True)
class Token:
    """``kind`` is ``number``, ``name``, ``word``, ``operator`` or ``end``."""

    kind: str
    text: str
    at: Position

    def __str__(self) -> str:
        return "the end" if self.kind == "end" else f"'{self.text}'"


def tokenize(text: str, words: Collection[str] = WORDS) -> list[Token]:
    """Return the tokens of ``text`` and an ``end``; raises ``ExpressionError`` on what cannot be one.

    ``words`` belong to the syntax and are no names.
    """
    if len(text) > MAX_TEXT:
        reason = f"an expression has at most {MAX_TEXT} characters, and this one has {len(text)}"
        raise ExpressionError(reason, *_position(text, MAX_TEXT))
    return list(_tokens(text, words))


def _tokens(text: str, words: Collection[str]) -> Iterator[Token]:
    place, line, line_start = 0, 1, 0
    while place < len(text):
        at = Position(line, place - line_start + 1)
        match = _TOKEN.match(text, place)
        if match is None:
            raise ExpressionError(_refusal(text[place]), *at)
        word, place = match.group(), match.end()
        if match.lastgroup != "space":
            yield _token(str(match.lastgroup), word, at, words)
        elif "\n" in word:
            line += word.count("\n")
            line_start = match.start() + word.rindex("\n") + 1
    yield Token("end", "", Position(line, place - line_start + 1))


def _token(kind: str, word: str, at: Position, words: Collection[str]) -> Token:
    if kind == "number" and len(word) > MAX_LITERAL:
        raise ExpressionError(f"a number has at most {MAX_LITERAL} characters", *at)
    if kind == "name" and len(word) > MAX_NAME:
        raise ExpressionError(f"a name has at most {MAX_NAME} characters", *at)
    return Token("word" if word in words else kind, word, at)


def _position(text: str, place: int) -> Position:
    before = text[:place]
    return Position(before.count("\n") + 1, place - (before.rfind("\n") + 1) + 1)


def _refusal(character: str) -> str:
    # Only what prints is shown: a control or bidirectional character would garble the message itself.
    code = f"U+{ord(character):04X}"
    shown = f"'{character}'" if character.isprintable() else code
    if character in _ADVICE:
        return f"{shown} is not part of the language: {_ADVICE[character]}"
    if character.isascii():
        return f"{shown} is not part of the language"
    known = shown if shown == code else f"{shown} ({code})"
    return f"{known} is not part of the language, which is written in ASCII"
