"""The styles of an SVG, as attributes: rules are applied to the elements they choose, and none is left.

An attribute holds one value, which can be looked at; a style sheet can hide what it asks for. So what draws is kept,
and what fetches, moves or depends on the screen is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from content.media.refusing import ImageRefused

MOST_RULES: Final = 500
LONGEST_VALUE: Final = 500
"""A list of fonts, of dashes."""
MOST_PARTS: Final = 6
"""Of a selector: ``.plot .axis line`` has three."""

PROPERTIES: Final = frozenset(
    "alignment-baseline baseline-shift clip-path clip-rule color color-interpolation direction display "
    "dominant-baseline fill fill-opacity fill-rule font-family font-size font-stretch font-style font-variant "
    "font-weight image-rendering letter-spacing marker-end marker-mid marker-start mask opacity overflow paint-order "
    "shape-rendering stop-color stop-opacity stroke stroke-dasharray stroke-dashoffset stroke-linecap "
    "stroke-linejoin stroke-miterlimit stroke-opacity stroke-width text-anchor text-decoration text-rendering "
    "transform-origin unicode-bidi vector-effect visibility word-spacing writing-mode".split()
)
"""What a style may say that an attribute of the same name says as well."""

_COMMENT: Final = re.compile(r"/\*.*?(?:\*/|\Z)", re.DOTALL)
_COMPOUND: Final = re.compile(r"(\*|[A-Za-z][\w-]*)?((?:[.#][A-Za-z_][\w-]*)*)")
_FETCHES: Final = re.compile(r"@import|expression\(|javascript:|-moz-binding|behavior:", re.IGNORECASE)
_URL: Final = re.compile(r"url\(\s*[\"']?\s*(?=(.{0,200}))", re.IGNORECASE | re.DOTALL)
_FONT: Final = re.compile(r"((?:[\w-]+\s+){0,4})([0-9.]{1,10}[a-z%]{0,4})(?:/\S+)?\s+(\S.*)", re.DOTALL)
_ESCAPE: Final = re.compile(r"\\(?:([0-9a-fA-F]{1,6})\s?|(.))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Simple:
    """One part of a selector: a tag, "" for any, with classes and an id."""

    tag: str
    classes: frozenset[str]
    ids: frozenset[str]

    def fits(self, tag: str, attributes: Mapping[str, str]) -> bool:
        return (
            self.tag in ("", tag)
            and self.ids <= {attributes.get("id", "")}
            and self.classes <= set(attributes.get("class", "").split())
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """``parts`` lead from an ancestor to the element; ``weight`` decides between rules, then their order."""

    parts: tuple[Simple, ...]
    weight: tuple[int, int, int]
    declarations: tuple[tuple[str, str], ...]

    def saying(self, fits: Callable[[str, str], bool]) -> Rule:
        """Return the rule with those of its declarations that fit: looked at once, not for each element."""
        return replace(self, declarations=tuple(pair for pair in self.declarations if fits(*pair)))

    def chooses(self, path: Sequence[tuple[str, Mapping[str, str]]]) -> bool:
        """Whether the rule is for the last element of a path that begins at the root."""
        *before, last = self.parts
        if not last.fits(*path[-1]):
            return False
        waiting = list(before)
        for step in reversed(path[:-1]):
            if waiting and waiting[-1].fits(*step):
                waiting.pop()
        return not waiting


def check_fetches_nothing(css: str) -> None:
    """Raise ImageRefused for a style that asks for something from elsewhere, however it is spelled."""
    plain = _ESCAPE.sub(_unescaped, _COMMENT.sub("", css))
    for spelled in (css, plain):
        if found := _FETCHES.search(spelled):
            raise ImageRefused(f"A style of the SVG says {found[0]}, which images may not.")
        for found in _URL.finditer(spelled):
            address = found[1].lstrip("\"' ")
            if not address.startswith("#") and not address.lower().startswith(
                ("data:font", "data:application")
            ):
                raise ImageRefused("A style of the SVG asks for a file from elsewhere (url). Images may not.")


def _unescaped(found: re.Match[str]) -> str:
    if found[2]:
        return found[2]
    code = int.from_bytes(bytes.fromhex(found[1].zfill(6)), "big")
    return chr(code) if code <= 0x10FFFF else ""


def parse_rules(css: str) -> tuple[list[Rule], bool]:
    """Return the rules of a style sheet in their order, and whether all of it could be read.

    Raises ImageRefused for what asks for something from elsewhere.
    """
    check_fetches_nothing(css)
    rules: list[Rule] = []
    whole = True
    for prelude, body in _blocks(_COMMENT.sub(" ", css)):
        if prelude.startswith("@") or "{" in body:
            whole = False
            continue
        # Each property once, the last one: an element is given each at most once as well.
        declarations = tuple(dict(declared(body)).items())
        for selector in prelude.split(","):
            parts = _selector(selector)
            if parts is None:
                whole = False
            else:
                rules.append(Rule(parts, _weight(parts), declarations))
            if len(rules) > MOST_RULES:
                raise ImageRefused(f"The SVG has more than {MOST_RULES} rules of style.")
    return rules, whole


def _blocks(css: str) -> Iterator[tuple[str, str]]:
    """Yield what stands before and within each pair of outer braces."""
    begin, opened, depth = 0, 0, 0
    for found in re.finditer(r"[{};]", css):
        if found[0] == "{":
            opened = opened if depth else found.start()
            depth += 1
        elif found[0] == "}" and depth:
            depth -= 1
            if not depth:
                yield css[begin:opened].strip(), css[opened + 1 : found.start()]
                begin = found.end()
        elif found[0] == ";" and not depth:
            begin = found.end()  # @charset "utf-8";


def declared(body: str) -> Iterator[tuple[str, str]]:
    """Yield each declaration of a property that an attribute can have; the important ones come last, as they win."""
    important = []
    for declaration in _COMMENT.sub(" ", body).split(";"):
        name, _, value = declaration.partition(":")
        name, value = name.strip().lower(), value.strip()
        if name == "font":
            yield from _font(value)
        if not value or name not in PROPERTIES or len(value) > LONGEST_VALUE:
            continue
        if value.lower().endswith("!important"):
            important.append((name, value[: -len("!important")].strip()))
        else:
            yield name, value
    yield from important


def _font(value: str) -> Iterator[tuple[str, str]]:
    """Yield what ``italic bold 12px/1.5 serif`` says in the names of attributes."""
    found = _FONT.fullmatch(value[:LONGEST_VALUE])
    if found is None:
        return
    for word in found[1].lower().split():
        if word in ("italic", "oblique"):
            yield "font-style", word
        elif word in ("bold", "bolder", "lighter") or word.isdecimal():
            yield "font-weight", word
    yield "font-size", found[2]
    yield "font-family", found[3]


def _selector(text: str) -> tuple[Simple, ...] | None:
    """Return the parts of a selector, None for one that asks for more than ancestors, tags, classes and ids."""
    parts: list[Simple] = []
    for word in text.split():
        found = _COMPOUND.fullmatch(word)
        if found is None or len(parts) == MOST_PARTS:
            return None
        marks = re.findall(r"([.#])([\w-]+)", found[2])
        tag = "" if found[1] in (None, "*") else found[1]
        classes = frozenset(name for mark, name in marks if mark == ".")
        parts.append(Simple(tag, classes, frozenset(name for mark, name in marks if mark == "#")))
    return tuple(parts) or None


def _weight(parts: Sequence[Simple]) -> tuple[int, int, int]:
    return (
        sum(len(part.ids) for part in parts),
        sum(len(part.classes) for part in parts),
        sum(bool(part.tag) for part in parts),
    )
