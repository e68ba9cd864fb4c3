"""Archives from strangers, unpacked within limits into a folder that is empty."""

from __future__ import annotations

import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Final

from content.formats.foreign import ForeignFault

MOST_BYTES: Final = 32 * 1024 * 1024
"""Of an archive as it comes."""
MOST_ENTRIES: Final = 5_000
MOST_UNPACKED: Final = 64 * 1024 * 1024
LARGEST_ENTRY: Final = 32 * 1024 * 1024
HIGHEST_RATIO: Final = 200
"""Of an entry unpacked to packed; text packs at up to 20 to 1. Small entries may be more."""
SMALL: Final = 64 * 1024
DEEPEST: Final = 12
LONGEST_NAME: Final = 400
CHUNK: Final = 64 * 1024
EPOCH: Final = (1980, 1, 1, 0, 0, 0)
"""The earliest time that an archive can tell: when a file was written says nothing about it."""

_METHODS: Final = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_UNUSABLE: Final = re.compile('[\x00-\x1f\x7f\\\\:*?"<>|\ud800-\udfff]')


def is_archive(data: bytes) -> bool:
    return data.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def unpack(data: bytes, folder: Path) -> list[Path]:
    """Write the files of an archive below a folder and return them. Raises ForeignFault for one that is not sound."""
    if len(data) > MOST_BYTES:
        raise ForeignFault(f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            entries = _checked(packed.infolist())
            _check_overlaps(packed)
            return list(_written(packed, entries, folder))
    except (
        zipfile.BadZipFile,
        zlib.error,
        EOFError,
        OSError,
        ValueError,
        NotImplementedError,
        RuntimeError,
    ) as error:
        if isinstance(error, ForeignFault):
            raise
        raise ForeignFault("is no archive that can be read") from error


def pack(folder: Path) -> bytes:
    """Return all files below a folder as an archive: of the same files the same bytes."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            entry = zipfile.ZipInfo(path.relative_to(folder).as_posix(), EPOCH)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
            archive.writestr(entry, path.read_bytes())
    return packed.getvalue()


def _checked(entries: list[zipfile.ZipInfo]) -> list[tuple[zipfile.ZipInfo, PurePosixPath]]:
    """Return the files of an archive with their paths; whatever is dubious refuses the whole."""
    if len(entries) > MOST_ENTRIES:
        raise ForeignFault(f"has more than {MOST_ENTRIES} entries")
    if sum(entry.file_size for entry in entries) > MOST_UNPACKED:
        raise ForeignFault(f"unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB")
    found = []
    seen: set[str] = set()
    for entry in entries:
        path = _path(entry)
        name = str(path).casefold()
        if name in seen:
            raise ForeignFault(f"holds {_shown(entry)} twice")
        seen.add(name)
        _check_entry(entry)
        if not entry.is_dir() and not _is_litter(path):
            found.append((entry, path))
    return found


def _path(entry: zipfile.ZipInfo) -> PurePosixPath:
    name = entry.filename
    path = PurePosixPath(name)
    if _UNUSABLE.search(entry.orig_filename) or len(name) > LONGEST_NAME or not path.parts:
        raise ForeignFault(f"holds a name that cannot be used, {_shown(entry)}")
    if path.is_absolute() or ".." in path.parts:
        raise ForeignFault(f"holds {_shown(entry)}, which leads out of it")
    if len(path.parts) > DEEPEST:
        raise ForeignFault(f"is nested deeper than {DEEPEST} folders")
    return path


def _check_entry(entry: zipfile.ZipInfo) -> None:
    kind = stat.S_IFMT(entry.external_attr >> 16)
    if kind not in (0, stat.S_IFREG, stat.S_IFDIR):
        raise ForeignFault(f"holds {_shown(entry)}, which is a link or no ordinary file")
    if entry.flag_bits & 0x1:
        raise ForeignFault(f"holds {_shown(entry)}, which is encrypted")
    if entry.compress_type not in _METHODS:
        raise ForeignFault(f"holds {_shown(entry)}, packed in a way that is not known here")
    if entry.file_size > LARGEST_ENTRY:
        raise ForeignFault(f"holds {_shown(entry)}, which is larger than {LARGEST_ENTRY // 1024 // 1024} MB")
    if entry.file_size > SMALL and entry.file_size > HIGHEST_RATIO * max(1, entry.compress_size):
        raise ForeignFault(f"holds {_shown(entry)}, which is far larger than its packed form")


def _check_overlaps(packed: zipfile.ZipFile) -> None:
    """Refuse entries that share their bytes: such an archive is made to be larger than it is."""
    end, last = 0, packed.start_dir
    for entry in sorted(packed.infolist(), key=lambda one: one.header_offset):
        if entry.header_offset < end:
            raise ForeignFault(f"holds {_shown(entry)}, which overlaps another entry")
        end = entry.header_offset + 30 + entry.compress_size
    if end > last:
        raise ForeignFault("holds entries that overlap its table of contents")


def _is_litter(path: PurePosixPath) -> bool:
    """Whether a file is one that systems leave beside those of people."""
    return path.parts[0] == "__MACOSX" or path.name in (".DS_Store", "Thumbs.db", "desktop.ini")


def _written(
    packed: zipfile.ZipFile, entries: list[tuple[zipfile.ZipInfo, PurePosixPath]], folder: Path
) -> Iterator[Path]:
    left = MOST_UNPACKED
    for entry, path in entries:
        target = folder / path
        if not target.resolve().is_relative_to(folder.resolve()):
            raise ForeignFault(f"holds {_shown(entry)}, which leads out of it")
        target.parent.mkdir(parents=True, exist_ok=True)
        with packed.open(entry) as opened, target.open("xb") as written:
            while chunk := opened.read(CHUNK):
                left -= len(chunk)
                # Whatever the headers say.
                if left < 0 or written.tell() + len(chunk) > LARGEST_ENTRY:
                    raise ForeignFault(f"unpacks to more than {MOST_UNPACKED // 1024 // 1024} MB")
                written.write(chunk)
        yield target


def _shown(entry: zipfile.ZipInfo) -> str:
    return f"“{entry.filename[:60]!r}”".replace("'", "")
