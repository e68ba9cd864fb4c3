"""The images in the texts of a document: which, where, and what is wrong with them.

A document is looked through as it is written, so that a fault has its place there. That a named image exists is
asked by those who know the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from content.items.markup import Picture, pictures
from content.media.describing import description_fault
from content.media.names import FOLDER, named_by

_NO_PLACE: Final = frozenset({"title", "figures", "label", "placeholder"})
"""Parts of a document that hold words alone, or words in a drawing."""


def pictures_in(document: Mapping[str, Any]) -> Iterator[tuple[str, Picture]]:
    """Yield each image in the texts of a document with the path of its text."""
    for path, text in _texts(document, ""):
        yield from ((path, picture) for picture in pictures(text))


def picture_faults(document: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return what is wrong with the images of a document, by the paths of their texts."""
    faults = []
    for path, picture in pictures_in(document):
        if _NO_PLACE.intersection(path.split(".")):
            faults.append((path, "an image cannot stand here"))
        else:
            faults += [(path, reason) for reason in faults_of(picture)]
    return faults


def faults_of(picture: Picture) -> Iterator[str]:
    """Yield what is wrong with an image in a text: where it points, and whether it says what it shows."""
    if not picture.address:
        yield (
            f"{picture.description!r} begins like an image and is none: "
            f"write ![what it shows]({FOLDER}name-of-the-image)"
        )
        return
    if named_by(picture.address) is None:
        yield (
            f"the image {picture.address[:80]!r} cannot be shown: upload it under Media, and write "
            f"![what it shows]({FOLDER}name-of-the-image)"
        )
    if reason := description_fault(picture.description):
        yield f"the image {picture.address[:80]!r} {reason}"


def media_in(document: Mapping[str, Any]) -> frozenset[str]:
    """Return the names of our images that a document shows."""
    return frozenset(media_of(picture for _, picture in pictures_in(document)))


def media_of(found: Iterable[Picture]) -> Iterator[str]:
    """Yield the names among the addresses of images, without those that are none of ours."""
    return (str(name) for picture in found if (name := named_by(picture.address)))


def _texts(value: Any, path: str) -> Iterator[tuple[str, str]]:
    """Yield the texts in a document that may hold an image, with their paths."""
    if isinstance(value, str):
        if "![" in value:
            yield path, value
        return
    entries: Any = ()
    if isinstance(value, Mapping):
        entries = value.items()
    elif isinstance(value, list | tuple):
        entries = enumerate(value)
    for key, entry in entries:
        yield from _texts(entry, f"{path}.{key}" if path else str(key))
