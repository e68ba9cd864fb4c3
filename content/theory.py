"""The text of a lesson: Markdown in which figures stand as fenced blocks and questions as lines of their own.

::

    ```figure weight-plane
    caption: Where the oval touches the fence.
    words: A map of two weights ...
    ```

    [[check: l2-step]]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Final

from content.documents.reader import Faults, Reader
from content.documents.text import DocumentFault, load_document
from content.expressions import exact
from content.illustrations import Illustration, parse_illustration
from content.items.markup import Block, Picture, blocks, headings, pictures, render
from content.items.pictures import faults_of

MAX_FIGURES: Final = 30
MAX_CHECKS: Final = 30

_CHECK: Final = re.compile(r"\[\[check: ?([a-z0-9]+(?:-[a-z0-9]+)*)\]\]\Z")
_MARKED: Final = re.compile(r"\s*(?:>\s*|[-*+]\s+)*(?:(?:```+|~~~+) *figure\b|\[\[check\b)")
_PRIVATE: Final = re.compile("[\ue010\ue011]|&#(?:[xX]0*[eE]01[01]|0*5736[01]);")
_PLACE: Final = re.compile("<p>\ue010([0-9]+)\ue011</p>")


@dataclass(frozen=True, slots=True)
class Check:
    """A question to check oneself: an item that may be practiced."""

    item: str

    def html(self) -> str:
        """Return the place of the question; without script a link leads to it."""
        return f'<p class="check" data-check="{self.item}"><a href="/practice/{self.item}">Check yourself</a></p>'


@dataclass(frozen=True, slots=True)
class Place:
    """Something that stands in the text from line ``first`` up to and without line ``end``, counted from 0."""

    first: int
    end: int
    what: Illustration | Check


@dataclass(frozen=True, slots=True)
class Theory:
    """A text with what stands in it."""

    markdown: str
    places: tuple[Place, ...]

    @property
    def illustrations(self) -> tuple[Illustration, ...]:
        return tuple(place.what for place in self.places if isinstance(place.what, Illustration))

    @property
    def checks(self) -> tuple[tuple[int, str], ...]:
        """The line (from 1) and the item of each question."""
        return tuple((p.first + 1, p.what.item) for p in self.places if isinstance(p.what, Check))

    @property
    def headings(self) -> tuple[str, ...]:
        """The titles of its sections, formulas as TeX."""
        return tuple(headings(self.markdown))

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The images in the text."""
        return tuple(pictures(_plain(self.markdown)))

    def picture_faults(self) -> list[tuple[str, str]]:
        """Return what is wrong with the images, each with its line: ``12``. What is published may have some."""
        found = [(picture.line, reason) for picture in self.pictures for reason in faults_of(picture)]
        for block in blocks(_plain(self.markdown)):
            if (block.info or "").split(" ")[0] == "figure" and "![" in block.content:
                found.append((block.first + 1, "an image cannot stand in a figure: set it above or below"))
        return [(str(line), reason) for line, reason in sorted(found)]

    def html(self) -> str:
        """Return the text as safe HTML, figures and questions marked by ``data-`` attributes in their places."""
        lines = _plain(self.markdown).split("\n")
        for number, place in reversed(list(enumerate(self.places))):
            lines[place.first : place.end] = ["", f"\ue010{number}\ue011", ""]
        return _PLACE.sub(
            lambda found: self.places[exact.whole(found[1])].what.html(), render("\n".join(lines))
        )


def parse_theory(markdown: str, path: str, faults: Faults) -> Theory:
    """Read a lesson's text. Faults name their line, counted from 1, after the path: ``theory:12``."""
    found = blocks(_plain(markdown))
    places = [place for block in found if (place := _read(block, path, faults))]
    by_themselves = {block.first for block in found}
    for number, line in enumerate(_plain(markdown).split("\n")):
        if _MARKED.match(line) and number not in by_themselves:
            faults.add(
                f"{path}:{number + 1}",
                "a figure or a check must stand by itself, in no list and no paragraph",
            )
    for kind, most in ((Illustration, MAX_FIGURES), (Check, MAX_CHECKS)):
        if sum(isinstance(place.what, kind) for place in places) > most:
            faults.add(path, f"has more than {most} {'figures' if kind is Illustration else 'checks'}")
    return Theory(markdown, tuple(places))


def beginning(markdown: str) -> str:
    """Return the text up to its first heading of any level."""
    return re.split(r"^#", markdown, maxsplit=1, flags=re.MULTILINE)[0]


def _read(block: Block, path: str, faults: Faults) -> Place | None:
    """Return what stands at a block, None for ordinary text and for what is wrong."""
    what = _figure(block, path, faults) if block.info is not None else _check(block, path, faults)
    return Place(block.first, block.end, what) if what else None


def _check(block: Block, path: str, faults: Faults) -> Check | None:
    if not block.content.startswith("[[check"):
        return None
    if found := _CHECK.match(block.content.strip()):
        return Check(found[1])
    faults.add(
        f"{path}:{block.first + 1}", "a check must stand alone on its line, as [[check: slug-of-the-item]]"
    )
    return None


def _figure(block: Block, path: str, faults: Faults) -> Illustration | None:
    name, _, kind = (block.info or "").strip().partition(" ")
    if name != "figure":
        return None
    inner = Faults()
    figure = parse_illustration(kind.strip(), _document(block, inner))
    for key, reason in inner.found:
        faults.add(f"{path}:{_line(block, key)}", f"{key}: {reason}" if key else reason)
    return None if inner.found else figure


def _document(block: Block, faults: Faults) -> Reader:
    try:
        document: Any = load_document(block.content)
    except DocumentFault as fault:
        faults.add(f"line {fault.line}" if fault.line else "", fault.reason)
        document = {}
    return Reader.of(document, "", faults)


def _line(block: Block, key: str) -> int:
    """Return the line, from 1, where a setting stands; the first of the figure where it stands nowhere."""
    if found := re.match(r"line ([0-9]+)\Z", key):
        return block.first + 1 + exact.whole(found[1])
    for offset, line in enumerate(block.content.split("\n")):
        if key and line.startswith(f"{key.split('.')[0]}:"):
            return block.first + 2 + offset
    return block.first + 1


def _plain(markdown: str) -> str:
    """Return the text without the characters that mark places."""
    return _PRIVATE.sub("", markdown).replace("\r\n", "\n")
