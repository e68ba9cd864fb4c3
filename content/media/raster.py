"""Raster images: decoded whole, made small enough for a page, and written anew.

What is kept was written by us: metadata, places of photographs, files hidden behind or inside the picture do not
survive that. The same file gives the same bytes, and what we have written is left as it is (`is_ours`), so that it
may travel between installations whose libraries compress differently.
"""

from __future__ import annotations

import io
import zlib
from collections.abc import Callable
from functools import cache
from typing import Final

import numpy as np
from PIL import Image as Pillow
from PIL import JpegImagePlugin, PngImagePlugin, WebPImagePlugin

from content.media.containers import PNG, Container, read_jpeg, read_png, read_webp
from content.media.names import Kind
from content.media.refusing import ImageRefused, damaged

MOST_PIXELS: Final = {Kind.PNG: 4096 * 3072, Kind.JPEG: 4096 * 3072, Kind.WEBP: 3072 * 2048}
"""Of what is read. WebP is decoded by way of three copies, the others by way of one: 130 MB at most."""
LONGEST_READ: Final = 8192
LONGEST_KEPT: Final = 1600
"""Pixels of the longer side. A column of text is 700 wide, and good screens show two pixels for one."""
QUALITY: Final = 85
"""Of JPEG and of WebP that loses something: nobody sees the difference at twice the column's width."""

READ: Final[dict[Kind, Callable[[bytes], Container]]] = {
    Kind.PNG: read_png,
    Kind.JPEG: read_jpeg,
    Kind.WEBP: read_webp,
}
_DECODERS: Final[dict[Kind, Callable[[io.BytesIO], Pillow.Image]]] = {
    Kind.PNG: PngImagePlugin.PngImageFile,
    Kind.JPEG: JpegImagePlugin.JpegImageFile,
    Kind.WEBP: WebPImagePlugin.WebPImageFile,
}
_UPRIGHT: Final = {
    2: Pillow.Transpose.FLIP_LEFT_RIGHT,
    3: Pillow.Transpose.ROTATE_180,
    4: Pillow.Transpose.FLIP_TOP_BOTTOM,
    5: Pillow.Transpose.TRANSPOSE,
    6: Pillow.Transpose.ROTATE_270,
    7: Pillow.Transpose.TRANSVERSE,
    8: Pillow.Transpose.ROTATE_90,
}


def clean(container: Container) -> tuple[bytes, int, int]:
    """Return a picture as it is kept, with its width and height. Raises ImageRefused."""
    check_size(container)
    picture = _decode(container)
    width, height = _fitting(picture.width, picture.height)
    if (width, height) != picture.size:
        picture = _smooth(picture).resize((width, height), Pillow.Resampling.LANCZOS, reducing_gap=2.0)
    if container.orientation in _UPRIGHT:
        picture = picture.transpose(_UPRIGHT[container.orientation])
    return _encode(picture, container), picture.width, picture.height


def check_size(container: Container) -> None:
    """Raise ImageRefused for a picture that is not worth the memory it would take, before it takes any."""
    width, height, most = container.width, container.height, MOST_PIXELS[container.kind]
    if not width or not height:
        raise damaged(container.kind)
    if width * height > most or max(width, height) > LONGEST_READ:
        raise ImageRefused(
            f"The image has {width:,} × {height:,} pixels; {container.kind.words} may have {most:,}, at most "
            f"{LONGEST_READ:,} on a side. Make it smaller: a page shows at most {LONGEST_KEPT:,} on a side."
        )


def is_ours(container: Container, data: bytes) -> bool:
    """Whether a file is built as `clean` builds one, holds nothing else, and can be decoded. Raises ImageRefused."""
    check_size(container)
    if data != container.bare and container.kind is not Kind.JPEG:
        return False
    if max(container.width, container.height) > LONGEST_KEPT:
        return False
    if container.kind is Kind.PNG and not _fills_its_pixels(data):
        return False
    if container.kind is Kind.JPEG and not _is_our_jpeg(container, data):
        return False
    _decode(container)
    return True


def _decode(container: Container) -> Pillow.Image:
    """Return the picture, of one of the modes that all our encoders understand. Raises ImageRefused."""
    try:
        picture = _DECODERS[container.kind](io.BytesIO(container.bare))
        if isinstance(picture, JpegImagePlugin.JpegImageFile):
            picture.draft(None, _fitting(container.width, container.height))
        picture.load()
        return _usual(picture)
    except Exception as error:  # whatever a decoder stumbles over, it is the file's fault
        raise damaged(container.kind) from error


def _usual(picture: Pillow.Image) -> Pillow.Image:
    """Return a picture with 8 bits a channel, in gray or in red, green and blue, or by its palette."""
    if picture.mode.startswith("I"):
        return Pillow.fromarray((np.asarray(picture) >> 8).astype(np.uint8))
    if "transparency" in picture.info and picture.mode in ("1", "L", "RGB"):
        return picture.convert("RGBA")
    return picture if picture.mode in ("1", "L", "LA", "P", "RGB", "RGBA") else picture.convert("RGB")


def _smooth(picture: Pillow.Image) -> Pillow.Image:
    """Return a picture whose pixels can be mixed, as a palette's cannot."""
    if picture.mode == "P":
        return picture.convert("RGBA" if "transparency" in picture.info else "RGB")
    return picture.convert("L") if picture.mode == "1" else picture


def _fitting(width: int, height: int) -> tuple[int, int]:
    longer = max(width, height)
    if longer <= LONGEST_KEPT:
        return width, height
    return max(1, round(width * LONGEST_KEPT / longer)), max(1, round(height * LONGEST_KEPT / longer))


def _encode(picture: Pillow.Image, container: Container) -> bytes:
    written = io.BytesIO()
    if container.kind is Kind.PNG:
        picture.save(written, "PNG")
    elif container.kind is Kind.JPEG:
        picture = picture if picture.mode in ("L", "RGB") else picture.convert("RGB")
        picture.save(written, "JPEG", quality=QUALITY, optimize=True)
    elif b"VP8L" in container.shape:
        picture.save(written, "WEBP", lossless=True, exact=True, method=2, quality=50)
    else:
        picture.save(written, "WEBP", quality=QUALITY, method=4)
    return written.getvalue()


def _fills_its_pixels(png: bytes) -> bool:
    """Whether the compressed data of a bare PNG are its rows to the byte, with nothing behind or beyond them."""
    at, size, stream = len(PNG), 0, zlib.decompressobj()
    width, height = int.from_bytes(png[16:20], "big"), int.from_bytes(png[20:24], "big")
    depth, color, interlaced = png[24], png[25], png[28]
    channels = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}.get(color, 0)
    expected = height * (1 + (width * depth * channels + 7) // 8)
    try:
        while png[at + 4 : at + 8] != b"IEND":
            end = at + 8 + int.from_bytes(png[at : at + 4], "big")
            waiting = png[at + 8 : end] if png[at + 4 : at + 8] == b"IDAT" else b""
            while waiting and size <= expected:
                size += len(stream.decompress(waiting, 65_536))
                waiting = stream.unconsumed_tail
            at = end + 4
    except zlib.error:
        return False
    return depth <= 8 and not interlaced and stream.eof and not stream.unused_data and size == expected


def _is_our_jpeg(container: Container, data: bytes) -> bool:
    """Whether a JPEG has the parts that ours have, in their order, with our tables of quality."""
    if container.shape not in (_shape_of_ours("L"), _shape_of_ours("RGB")):
        return False
    header = container.shape[0]  # which decoders do not need
    return len(data) == len(header) + len(container.bare)


@cache
def _shape_of_ours(mode: str) -> tuple[bytes, ...]:
    written = io.BytesIO()
    # Gray, and a color: an optimized file has a table of codes for each.
    Pillow.new(mode, (8, 8), "maroon").save(written, "JPEG", quality=QUALITY, optimize=True)
    return read_jpeg(written.getvalue()).shape
