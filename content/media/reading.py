"""From a file to an image that may be shown to everybody, or the reason why not."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from content.media import raster
from content.media.containers import JPEG, PNG
from content.media.names import Kind, Name, digest, parse_name, stem_of
from content.media.refusing import ImageRefused
from content.media.svg import clean_svg

__all__ = ["Image", "ImageRefused", "read_image", "read_kept"]

MOST_BYTES_READ: Final = 10 * 1024 * 1024
"""A photograph of a phone has 3 to 8 MiB."""
MOST_BYTES_KEPT: Final = 1024 * 1024
"""What a learner waits for on a slow line."""

_OTHERS: Final[tuple[tuple[Callable[[bytes], bool], str], ...]] = (
    (lambda data: data.startswith((b"GIF87a", b"GIF89a")), "a GIF"),
    (lambda data: data.startswith(b"BM"), "a BMP"),
    (lambda data: data.startswith((b"II*\0", b"MM\0*")), "a TIFF"),
    (lambda data: data[4:8] == b"ftyp", "a HEIC, an AVIF or a film"),
    (lambda data: data.startswith(b"\x1f\x8b"), "compressed by gzip (an SVGZ, perhaps)"),
    (lambda data: data.startswith(b"PK"), "an archive"),
    (lambda data: data.startswith(b"%PDF"), "a PDF"),
    (lambda data: data.startswith((b"\xff\xfe", b"\xfe\xff")), "in UTF-16"),
)


@dataclass(frozen=True, slots=True)
class Image:
    """An image as it is kept: ``data`` was written by us. ``taken_out`` names what its file had besides."""

    name: Name
    data: bytes
    taken_out: tuple[str, ...] = ()

    @property
    def kind(self) -> Kind:
        return self.name.kind

    @property
    def width(self) -> int:
        return self.name.width

    @property
    def height(self) -> int:
        return self.name.height


def read_image(data: bytes, file: str) -> Image:
    """Return what is kept of a file that somebody brings; ``file`` is what it is called. Raises ImageRefused.

    The kind follows from the content, whatever the file is called. The same file gives the same bytes, and they give
    themselves.
    """
    kind = _kind(data)
    if kind is Kind.SVG:
        drawing = clean_svg(data)
        return _kept(stem_of(file), kind, drawing.data, drawing.width, drawing.height, drawing.taken_out)
    container = raster.READ[kind](data)
    if raster.is_ours(container, data):
        return _kept(stem_of(file), kind, data, container.width, container.height)
    return _kept(stem_of(file), kind, *raster.clean(container))


def read_kept(data: bytes, file: str) -> Image:
    """Return an image that was cleaned before, from a file called by its name. Raises ImageRefused for any other.

    It is looked at like one that is brought for the first time, and has to come out as it went in.
    """
    image = read_image(data, file)
    named = parse_name(file)
    if image.data != data:
        raise ImageRefused(
            f"The file is not as it is kept here. Clean it with “manage.py clean_image {file[-80:]}”."
        )
    if named is None or _without_stem(named) != _without_stem(image.name):
        raise ImageRefused(f"The file must be called after what stands in it: {image.name}")
    return Image(named, data)


def _without_stem(name: Name) -> tuple[object, ...]:
    return name.width, name.height, name.digest, name.kind


def _kind(data: bytes) -> Kind:
    """Return the kind of a file by how it begins. Raises ImageRefused."""
    if not data:
        raise ImageRefused("The file is empty.")
    if len(data) > MOST_BYTES_READ:
        raise ImageRefused(
            f"The file is larger than {MOST_BYTES_READ // 1024**2} MiB. Make the image smaller."
        )
    if data.startswith(PNG):
        return Kind.PNG
    if data.startswith(JPEG + b"\xff"):
        return Kind.JPEG
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Kind.WEBP
    for begins, what in _OTHERS:
        if begins(data):
            raise ImageRefused(
                f"The file is {what}. PNG, JPEG, WebP and SVG are taken: save it as one of them."
            )
    if data.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] == b"<":
        return Kind.SVG
    raise ImageRefused("The file is no image: PNG, JPEG, WebP and SVG are taken.")


def _kept(
    stem: str, kind: Kind, data: bytes, width: int, height: int, taken_out: tuple[str, ...] = ()
) -> Image:
    if len(data) > MOST_BYTES_KEPT:
        raise ImageRefused(
            f"The image has {len(data) // 1024:,} KiB as it would be kept, {width} × {height} pixels; "
            f"{MOST_BYTES_KEPT // 1024:,} KiB are allowed. Make it smaller, or save a photograph as JPEG or WebP."
        )
    return Image(Name(stem, width, height, digest(data), kind), data, taken_out)
