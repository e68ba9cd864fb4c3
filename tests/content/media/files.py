"""Images of all kinds, good and hostile, made by code."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
from PIL import Image as Pillow

PNG = b"\x89PNG\r\n\x1a\n"
ZIP = b"PK\x03\x04" + b"\0" * 26 + b"evil.html<script>alert(1)</script>" + b"PK\x05\x06" + b"\0" * 18
HTML = b"<html><script>alert(1)</script></html>"
EXIF_TURNED = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0"
"""Metadata of a camera that was held upright: turn it by 90 degrees."""


def picture(size: tuple[int, int] = (60, 40), mode: str = "RGB") -> Pillow.Image:
    """Return a picture with something to see: a ramp, red on the left."""
    width, height = size
    ramp = np.tile(np.linspace(0, 255, width), (height, 1)).astype(np.uint8)
    return Pillow.fromarray(np.dstack([255 - ramp, ramp, ramp // 2])).convert(mode)


def encoded(form: str, size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any) -> bytes:
    written = io.BytesIO()
    picture(size, mode).save(written, form, **options)
    return written.getvalue()


def decoded(data: bytes) -> Pillow.Image:
    opened = Pillow.open(io.BytesIO(data))
    opened.load()
    return opened


def chunk(kind: bytes, body: bytes, crc: int | None = None) -> bytes:
    checked = zlib.crc32(kind + body) if crc is None else crc
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", checked)


def header(width: int, height: int, depth: int = 8, color: int = 2) -> bytes:
    return chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, depth, color, 0, 0, 0))


def png(width: int, height: int, *chunks: bytes, rows: bytes | None = None) -> bytes:
    """Return a PNG of red, green and blue with more chunks between its head and its picture."""
    rows = bytes((1 + 3 * width) * height) if rows is None else rows
    data = chunk(b"IDAT", zlib.compress(rows))
    return PNG + header(width, height) + b"".join(chunks) + data + chunk(b"IEND", b"")


def segment(marker: int, body: bytes) -> bytes:
    return bytes([0xFF, marker]) + struct.pack(">H", len(body) + 2) + body


def jpeg_with(*segments: bytes, **options: Any) -> bytes:
    """Return a JPEG with more segments right behind its beginning."""
    data = encoded("JPEG", **options)
    return data[:2] + b"".join(segments) + data[2:]


def jpeg_of_size(width: int, height: int) -> bytes:
    """Return a small JPEG that says it is of another size."""
    data = encoded("JPEG")
    at = data.index(b"\xff\xc0")
    return data[: at + 5] + struct.pack(">HH", height, width) + data[at + 9 :]


def riff(*parts: tuple[bytes, bytes]) -> bytes:
    body = b"".join(
        kind + struct.pack("<I", len(part)) + part + b"\0" * (len(part) % 2) for kind, part in parts
    )
    return b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def webp_parts(data: bytes) -> list[tuple[bytes, bytes]]:
    parts, at = [], 12
    while at < len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        parts.append((data[at : at + 4], data[at + 8 : at + 8 + size]))
        at += 8 + size + size % 2
    return parts


def svg(inside: str = "", attributes: str = 'viewBox="0 0 60 40"', before: str = "") -> bytes:
    drawn = '<rect width="60" height="40" fill="teal"/>'
    root = f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" {attributes}>'
    return f"{before}{root}{drawn}{inside}</svg>".encode()


def use_bomb(levels: int, each: int = 10) -> str:
    """Return groups of which each uses the one before over again."""
    groups = ['<g id="g0"><rect width="1" height="1"/></g>']
    for level in range(1, levels + 1):
        uses = f'<use href="#g{level - 1}"/>' * each
        groups.append(f'<g id="g{level}">{uses}</g>')
    return f'<defs>{"".join(groups)}</defs><use href="#g{levels}"/>'
