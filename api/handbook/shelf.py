"""Which documents there are, read once and again when their file has changed.

Only what a listing of the folder names is ever opened: no address is made a path.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from django.conf import settings

from api.handbook.markdown import Document, Section, read

FOLDER: Final = Path(settings.BASE_DIR, "docs")
ADDRESS: Final = "/docs/"
CONTENTS: Final = "index.md"
"""The document whose lists are the table of contents: what it does not name is not found by browsing."""

PICTURES: Final[Mapping[str, str]] = {".png": "image/png", ".webp": "image/webp", ".svg": "image/svg+xml"}
ENTRY: Final = re.compile(
    r"^(?P<indent> *)- \[(?P<title>[^]]+)\]\((?P<file>[^)#]+\.md)\)(?:: (?P<about>.+))?$"
)
MOST_FOUND: Final = 30
LONGEST_SEARCH: Final = 100
AROUND: Final = 90
"""Characters shown on each side of what was found."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A line of the table of contents."""

    title: str
    file: str
    about: str
    is_nested: bool

    @property
    def name(self) -> str:
        return name_of(self.file)

    @property
    def address(self) -> str:
        return address_of(self.file)


@dataclass(frozen=True, slots=True)
class Group:
    """The documents for one kind of reader."""

    title: str
    entries: tuple[Entry, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(entry.name for entry in self.entries)


@dataclass(frozen=True, slots=True)
class Found:
    """A place that a search has found, with some words around it."""

    document: str
    title: str
    address: str
    excerpt: str


def documents() -> dict[str, Path]:
    """Return the files of all documents by their address below ours: ``lms/moodle`` for ``lms/moodle.md``."""
    return {name_of(file): path for file, path in _files("*.md")}


def pictures() -> dict[str, Path]:
    """Return the files of all pictures by their path below ours."""
    return {file: path for file, path in _files("*") if path.suffix in PICTURES}


def document(path: Path) -> Document:
    return _read(path, path.stat().st_mtime_ns)


def contents() -> tuple[Group, ...]:
    """Return the table of contents, by reader."""
    path = FOLDER / CONTENTS
    return _contents(path, path.stat().st_mtime_ns)


def name_of(file: str) -> str:
    """Return the name of a document: that of its folder where it is the folder's first."""
    name = file.removesuffix(".md")
    return name.removesuffix("index").removesuffix("/") if posixpath.basename(name) == "index" else name


def address_of(file: str) -> str:
    name = name_of(file)
    return f"{ADDRESS}{name}/" if name else ADDRESS


def search(text: str) -> list[Found]:
    """Return the sections that hold all words of a text: in their title first, then in their order."""
    words = text[:LONGEST_SEARCH].casefold().split()
    if not words:
        return []
    found = [
        (all(word in section.title.casefold() for word in words), _found(entry, section, words))
        for entry in _entries()
        for section in document(FOLDER / entry.file).sections
        if all(word in f"{section.title} {section.words}".casefold() for word in words)
    ]
    found.sort(key=lambda one: not one[0])
    return [one for _, one in found[:MOST_FOUND]]


def _found(entry: Entry, section: Section, words: list[str]) -> Found:
    address = f"{entry.address}#{section.name}" if section.name else entry.address
    return Found(entry.title, section.title, address, _excerpt(section.words, words))


def _excerpt(text: str, words: list[str]) -> str:
    """Return some whole words around the first place of any that were looked for."""
    at = min((at for word in words if (at := text.casefold().find(word)) >= 0), default=0)
    start, end = max(at - AROUND, 0), at + AROUND
    before = text[start:at].partition(" ")[2] if start else text[:at]
    after = text[at:end].rpartition(" ")[0] if end < len(text) else text[at:]
    return f"{'… ' if start else ''}{before}{after}{' …' if end < len(text) else ''}"


def _entries() -> Iterator[Entry]:
    for group in contents():
        yield from group.entries


def _files(pattern: str) -> Iterator[tuple[str, Path]]:
    for path in FOLDER.rglob(pattern):
        if path.is_file() and not path.is_symlink():
            yield path.relative_to(FOLDER).as_posix(), path


@lru_cache(maxsize=200)
def _read(path: Path, _changed: int) -> Document:
    here = path.relative_to(FOLDER).parent.as_posix()
    return read(path.read_text(encoding="utf-8"), lambda link: _linked(link, here))


def _linked(link: str, here: str) -> str:
    """Return the address of a link to a file; others stay as they are."""
    if re.match(r"[a-z]+:|#|/", link):
        return link
    file, mark, name = link.partition("#")
    target = posixpath.normpath(posixpath.join(here, file))
    return f"{address_of(target) if target.endswith('.md') else ADDRESS + target}{mark}{name}"


@lru_cache(maxsize=2)
def _contents(path: Path, _changed: int) -> tuple[Group, ...]:
    _, *parts = re.split(r"(?m)^## ", path.read_text(encoding="utf-8"))
    return tuple(_group(part) for part in parts)


def _group(part: str) -> Group:
    title, *lines = part.splitlines()
    found = [line for one in lines if (line := ENTRY.match(one))]
    return Group(
        title,
        tuple(
            Entry(one["title"], one["file"], one["about"] or "", is_nested=bool(one["indent"]))
            for one in found
        ),
    )
