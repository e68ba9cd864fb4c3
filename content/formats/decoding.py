"""Bytes of unknown origin as text."""

from __future__ import annotations

from content.formats.foreign import ForeignFault


def decoded(data: bytes) -> str:
    """Return the text of a file by its mark, else as UTF-8, else as what Windows wrote before it.

    Raises ForeignFault for what is no text.
    """
    text = _decoded(data)
    if "\0" in text:
        raise ForeignFault("is no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(data: bytes) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        try:
            return data.decode("utf-16")
        except UnicodeDecodeError as error:
            raise ForeignFault("is no text") from error
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")
