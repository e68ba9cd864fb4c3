"""The files of raster images as lists of parts, read without decoding anything.

What a decoder gets is a file put together anew from the parts that hold the picture. Metadata, and whatever hides in
it, is never parsed by anybody, except for the one number that says how a camera was held.
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from content.media.names import Kind
from content.media.refusing import ImageRefused, damaged

PNG: Final = b"\x89PNG\r\n\x1a\n"
JPEG: Final = b"\xff\xd8"

MOST_CHUNKS: Final = 10_000
"""Of a PNG. A program that writes 8 KiB a chunk needs 1,280 for the largest file."""
MOST_SEGMENTS: Final = 1_000
"""Of a JPEG: cameras write some dozens."""
MOST_SCANS: Final = 40
"""Of a JPEG. Each costs a walk over the whole picture; programs write ten."""
MOST_PARTS: Final = 100
"""Of a WebP."""


@dataclass(frozen=True, slots=True)
class Container:
    """The picture in a file. ``bare`` is a file of nothing but that; ``shape`` the kinds of its parts in order.

    ``orientation`` is how the camera was held, 1 to 8 as EXIF counts.
    """

    kind: Kind
    width: int
    height: int
    bare: bytes
    shape: tuple[bytes, ...]
    orientation: int = 1


def ends_twice(kind: str) -> ImageRefused:
    return ImageRefused(
        f"Something else stands behind the end of {kind}: the file is two files in one. "
        "Open it in an image editor and save it anew."
    )


def moving() -> ImageRefused:
    return ImageRefused("The image moves. Only still images are taken: save one frame of it.")


def read_png(data: bytes) -> Container:
    """Return the picture in a PNG. Raises ImageRefused."""
    kept: list[bytes] = []
    kinds: list[bytes] = []
    orientation = 1
    for kind, body, whole in _png_chunks(data):
        if kind in (b"acTL", b"fcTL", b"fdAT"):
            raise moving()
        if kind in (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND"):
            kept.append(whole)
        if kind == b"eXIf":
            orientation = _orientation(body)
        if kinds[-1:] != [b"IDAT"] or kind != b"IDAT":
            kinds.append(kind)
    header = kept[0] if kept else b""
    if kinds[:1] != [b"IHDR"] or kinds.count(b"IHDR") != 1 or len(header) != 25:
        raise damaged(Kind.PNG)
    width, height = struct.unpack(">II", header[8:16])
    return Container(Kind.PNG, width, height, PNG + b"".join(kept), tuple(kinds), orientation)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, bytes, bytes]]:
    """Yield the kind of each chunk, what stands in it, and all of it, up to the last. Raises ImageRefused."""
    at = len(PNG)
    for _ in range(MOST_CHUNKS):
        if at + 12 > len(data):
            raise damaged(Kind.PNG)
        length = int.from_bytes(data[at : at + 4], "big")
        end = at + 12 + length
        if end > len(data):
            raise damaged(Kind.PNG)
        if zlib.crc32(data[at + 4 : end - 4]) != int.from_bytes(data[end - 4 : end], "big"):
            raise damaged(Kind.PNG)
        kind = data[at + 4 : at + 8]
        yield kind, data[at + 8 : end - 4], data[at:end]
        if kind == b"IEND":
            if end != len(data):
                raise ends_twice("the PNG")
            return
        at = end
    raise ImageRefused(f"The PNG consists of more than {MOST_CHUNKS:,} parts.")


_MARKER: Final = re.compile(rb"\xff{1,16}([^\x00\xd0-\xd7\xff])", re.DOTALL)
_AFTER_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]", re.DOTALL)
_FRAMES: Final = (0xC0, 0xC1, 0xC2)
_NEEDED: Final = (*_FRAMES, 0xC4, 0xDA, 0xDB, 0xDD)
_START_OF_SCAN: Final = 0xDA
_END: Final = 0xD9


def read_jpeg(data: bytes) -> Container:
    """Return the picture in a JPEG. Raises ImageRefused."""
    kept, shape, frames, orientation = [JPEG], [], [], 1
    for marker, body, whole in _jpeg_segments(data):
        shape.append(whole if marker in (0xE0, 0xDB) else bytes([marker]))
        if marker in _NEEDED or (marker == 0xEE and body.startswith(b"Adobe")):
            kept.append(whole)
        if marker in _FRAMES:
            frames.append(body)
        elif 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            raise ImageRefused(
                "The JPEG is of a kind that browsers do not show. Save it anew as a usual one."
            )
        if marker == 0xE1 and body.startswith(b"Exif\0\0"):
            orientation = _orientation(body[6:])
    if len(frames) != 1 or len(frames[0]) < 6:
        raise damaged(Kind.JPEG)
    if shape.count(bytes([_START_OF_SCAN])) > MOST_SCANS:
        raise ImageRefused(f"The JPEG is stored in more than {MOST_SCANS} passes. Save it anew.")
    height, width = struct.unpack(">HH", frames[0][1:5])
    bare = b"".join([*kept, bytes([0xFF, _END])])
    return Container(Kind.JPEG, width, height, bare, tuple(shape), orientation)


def _jpeg_segments(data: bytes) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield the marker of each segment, what stands in it, and all of it with the scan behind it."""
    at = len(JPEG)
    for _ in range(MOST_SEGMENTS):
        found = _MARKER.match(data, at)
        if found is None:
            raise damaged(Kind.JPEG)
        marker, begin = found[1][0], found.end()
        if marker == _END:
            _check_behind_jpeg(data[begin:])
            return
        at = begin + int.from_bytes(data[begin : begin + 2], "big")
        if at < begin + 2 or at > len(data):
            raise damaged(Kind.JPEG)
        body = data[begin + 2 : at]
        if marker == _START_OF_SCAN:
            following = _AFTER_SCAN.search(data, at)
            if following is None:
                raise damaged(Kind.JPEG)
            at = following.start()
        yield marker, body, data[begin - 2 : at]
    raise ImageRefused(f"The JPEG consists of more than {MOST_SEGMENTS:,} parts.")


def _check_behind_jpeg(rest: bytes) -> None:
    """Let go what phones add to their photographs: another exposure or a film. Raises ImageRefused for the rest."""
    if rest.strip(b"\0") and not rest.startswith(JPEG) and rest[4:8] != b"ftyp":
        raise ends_twice("the JPEG")


def read_webp(data: bytes) -> Container:
    """Return the picture in a WebP. Raises ImageRefused."""
    parts = dict[bytes, bytes]()
    for kind, body in _webp_parts(data):
        if kind in (b"ANIM", b"ANMF"):
            raise moving()
        if kind in parts:
            raise damaged(Kind.WEBP)
        parts[kind] = body
    if b"VP8X" in parts and parts[b"VP8X"][:1] and parts[b"VP8X"][0] & 0x02:
        raise moving()
    if (b"VP8 " in parts) == (b"VP8L" in parts):
        raise damaged(Kind.WEBP)
    lossless = b"VP8L" in parts
    width, height = _size_of_vp8l(parts[b"VP8L"]) if lossless else _size_of_vp8(parts[b"VP8 "])
    if lossless:
        kept = [(b"VP8L", parts[b"VP8L"])]
    elif b"ALPH" in parts:
        extended = b"\x10\0\0\0" + (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
        kept = [(b"VP8X", extended), (b"ALPH", parts[b"ALPH"]), (b"VP8 ", parts[b"VP8 "])]
    else:
        kept = [(b"VP8 ", parts[b"VP8 "])]
    exif = parts.get(b"EXIF", b"").removeprefix(b"Exif\0\0")
    return Container(Kind.WEBP, width, height, _riff(kept), tuple(parts), _orientation(exif))


def _webp_parts(data: bytes) -> Iterator[tuple[bytes, bytes]]:
    length = int.from_bytes(data[4:8], "little") + 8
    if length > len(data):
        raise damaged(Kind.WEBP)
    if length < len(data):
        raise ends_twice("the WebP")
    at = 12
    for _ in range(MOST_PARTS):
        if at == len(data):
            return
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        end = at + 8 + size
        if at + 8 > len(data) or end > len(data):
            raise damaged(Kind.WEBP)
        yield data[at : at + 4], data[at + 8 : end]
        at = min(end + size % 2, len(data))
    raise ImageRefused(f"The WebP consists of more than {MOST_PARTS} parts.")


def _riff(parts: list[tuple[bytes, bytes]]) -> bytes:
    body = b"".join(
        kind + len(part).to_bytes(4, "little") + part + b"\0" * (len(part) % 2) for kind, part in parts
    )
    return b"RIFF" + (len(body) + 4).to_bytes(4, "little") + b"WEBP" + body


def _size_of_vp8(frame: bytes) -> tuple[int, int]:
    if len(frame) < 10 or frame[0] & 1 or frame[3:6] != b"\x9d\x01\x2a":
        raise damaged(Kind.WEBP)
    width, height = struct.unpack("<HH", frame[6:10])
    return width & 0x3FFF, height & 0x3FFF


def _size_of_vp8l(frame: bytes) -> tuple[int, int]:
    if len(frame) < 5 or frame[0] != 0x2F:
        raise damaged(Kind.WEBP)
    bits = int.from_bytes(frame[1:5], "little")
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _orientation(exif: bytes) -> int:
    """Return how the camera was held: 1, upright, where the metadata say nothing that can be read."""
    order = {b"II*\0": "<", b"MM\0*": ">"}.get(exif[:4])
    if order is None or len(exif) < 8:
        return 1
    (at,) = struct.unpack(f"{order}I", exif[4:8])
    entries = exif[at + 2 : at + 2 + 12 * 100]
    for entry in (entries[n : n + 12] for n in range(0, len(entries) - 11, 12)):
        tag, form, _, value = struct.unpack(f"{order}HHIH", entry[:10])
        if tag == 0x0112:
            return value if form == 3 and 1 <= value <= 8 else 1
    return 1
