"""What an image is called: after its file, its size and its content, so that a name never means another image.

``free-body.640x480.0123456789abcdef.png`` is 640 pixels wide and 480 high, and its SHA-256 begins with those digits.
The size stands in the name because a page reserves an image's place before it asks for it, and asks nobody.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from content.expressions import exact

LONGEST_STEM: Final = 40
DIGITS: Final = 16
"""Of the hash: 64 bits, which nobody guesses."""
FOLDER: Final = "media/"
"""What stands before the name in a text, and the folder of a lesson in which its images lie."""

_NAME: Final = re.compile(
    r"(?P<stem>[a-z0-9]+(?:-[a-z0-9]+)*)\.(?P<width>[1-9][0-9]{0,3})x(?P<height>[1-9][0-9]{0,3})"
    rf"\.(?P<digest>[0-9a-f]{{{DIGITS}}})\.(?P<ending>png|jpg|webp|svg)"
)


class Kind(StrEnum):
    """The kinds of images that are kept, by the ending of their names."""

    PNG = "png"
    JPEG = "jpg"
    WEBP = "webp"
    SVG = "svg"

    @property
    def content_type(self) -> str:
        return _TYPES[self]

    @property
    def words(self) -> str:
        return _WORDS[self]


_TYPES: Final = {
    Kind.PNG: "image/png",
    Kind.JPEG: "image/jpeg",
    Kind.WEBP: "image/webp",
    Kind.SVG: "image/svg+xml; charset=utf-8",
}
_WORDS: Final = {Kind.PNG: "a PNG", Kind.JPEG: "a JPEG", Kind.WEBP: "a WebP", Kind.SVG: "an SVG"}


@dataclass(frozen=True, slots=True)
class Name:
    """The parts of an image's name."""

    stem: str
    width: int
    height: int
    digest: str
    kind: Kind

    def __str__(self) -> str:
        return f"{self.stem}.{self.width}x{self.height}.{self.digest}.{self.kind}"


def parse_name(text: str) -> Name | None:
    """Return the parts of a name; None where it is none of ours."""
    found = _NAME.fullmatch(text) if len(text) <= LONGEST_STEM + 40 else None
    if found is None or len(found["stem"]) > LONGEST_STEM:
        return None
    width, height = exact.whole(found["width"]), exact.whole(found["height"])
    return Name(found["stem"], width, height, found["digest"], Kind(found["ending"]))


def named_by(address: str) -> Name | None:
    """Return the name in an address as it stands in a text, ``media/<name>``; None where it is no address of ours."""
    return parse_name(address.removeprefix(FOLDER)) if address.startswith(FOLDER) else None


def digest(data: bytes) -> str:
    """Return the part of a name that follows from the content."""
    return hashlib.sha256(data).hexdigest()[:DIGITS]


def stem_of(file: str) -> str:
    """Return the beginning of a name, made of whatever a file is called."""
    last = re.split(r"[/\\]", file[-400:])[-1]
    plain = unicodedata.normalize("NFKD", last.rpartition(".")[0] or last).encode("ascii", "ignore").decode()
    words = re.findall(r"[a-z0-9]+", plain.lower())
    return "-".join(words)[:LONGEST_STEM].strip("-") or "picture"


def alike(name: str, known: Iterable[str]) -> str | None:
    """Return the image with the same content, or called after the same file; None where there is none."""
    parts = parse_name(name)
    if parts is None:
        return None
    found = [other for one in known if (other := parse_name(one))]
    same = [one for one in found if one.digest == parts.digest] or [
        one for one in found if one.stem == parts.stem
    ]
    return str(same[0]) if same else None
