"""Archives from strangers: what is sound is unpacked, everything else refused as a whole."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from content.formats.archive import MOST_ENTRIES, pack, unpack
from content.formats.foreign import ForeignFault


def packed(*entries: tuple[str, bytes]) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries:
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return held.getvalue()


def link() -> bytes:
    held, entry = io.BytesIO(), zipfile.ZipInfo("items/a.yaml")
    entry.external_attr = 0o120777 << 16
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(entry, "/etc/passwd")
    return held.getvalue()


def encrypted() -> bytes:
    data = bytearray(packed(("a.yaml", b"slug: a")))
    for mark, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.index(mark) + offset
        data[place : place + 2] = struct.pack("<H", 1)
    return bytes(data)


def overlapping() -> bytes:
    """Two entries of the table of contents that share one file."""
    data = packed(("a.yaml", b"x" * 500), ("b.yaml", b"x" * 500))
    first = data.index(b"PK\x01\x02")
    second = data.index(b"PK\x01\x02", first + 4)
    changed = bytearray(data)
    changed[second + 42 : second + 46] = struct.pack("<I", 5)
    return bytes(changed)


HOSTILE: dict[str, tuple[Callable[[], bytes], str]] = {
    "above": (lambda: packed(("../a.yaml", b"")), "leads out of it"),
    "absolute": (lambda: packed(("/etc/a.yaml", b"")), "leads out of it"),
    "hidden above": (lambda: packed(("a/../../b.yaml", b"")), "leads out of it"),
    "backslashes": (lambda: packed(("..\\a.yaml", b"")), "cannot be used"),
    "drive": (lambda: packed(("C:a.yaml", b"")), "cannot be used"),
    "link": (link, "is a link"),
    "encrypted": (encrypted, "encrypted"),
    "twice": (lambda: packed(("a.yaml", b"1"), ("A.yaml", b"2")), "twice"),
    "overlapping": (overlapping, "overlaps another entry"),
    "bomb": (lambda: packed(("a.yaml", b"0" * 20_000_000)), "far larger than its packed form"),
    "many": (
        lambda: packed(*((f"{n}.yaml", b"") for n in range(MOST_ENTRIES + 1))),
        "more than 5000 entries",
    ),
    "deep": (lambda: packed(("a/" * 13 + "b.yaml", b"")), "nested deeper"),
    "cut off": (lambda: packed(("a.yaml", b"slug: a" * 99))[:-30], "no archive that can be read"),
    "broken": (lambda: b"PK\x03\x04" + b"\xff" * 500, "no archive that can be read"),
}


@pytest.mark.parametrize(("make", "reason"), HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_archive_is_refused_and_nothing_leaves_its_folder(
    make: Callable[[], bytes], reason: str, tmp_path: Path
) -> None:
    folder = tmp_path / "inside"
    folder.mkdir()
    with pytest.raises(ForeignFault, match=reason):
        unpack(make(), folder)
    assert [path.name for path in tmp_path.iterdir()] == ["inside"]


def test_sizes_that_headers_hide_are_counted(tmp_path: Path) -> None:
    data = bytearray(packed(("a.yaml", b"x" * 100_000)))
    place = data.index(b"PK\x01\x02") + 24
    data[place : place + 4] = struct.pack("<I", 10)
    with pytest.raises(ForeignFault):
        unpack(bytes(data), tmp_path)


def test_a_sound_archive_is_unpacked_without_litter(tmp_path: Path) -> None:
    data = packed(("maths/subject.yaml", b"slug: maths"), ("__MACOSX/._x", b"?"), ("maths/.DS_Store", b"?"))
    assert unpack(data, tmp_path) == [tmp_path / "maths/subject.yaml"]


def test_of_the_same_files_comes_the_same_archive(tmp_path: Path) -> None:
    for name in ("b.yaml", "a/c.yaml"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(name)
    first = pack(tmp_path)
    (tmp_path / "b.yaml").touch()
    assert pack(tmp_path) == first
    with zipfile.ZipFile(io.BytesIO(first)) as archive:
        assert archive.namelist() == ["a/c.yaml", "b.yaml"]
