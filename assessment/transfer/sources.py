"""What people bring to be imported, told apart by its content: courses, items, archives, files of other systems."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, Self

from content.documents.text import DocumentFault, load_document
from content.formats import archive
from content.formats.archive import is_archive
from content.formats.course_folder import (
    ASSESSMENTS,
    BANKS,
    SUBJECT,
    CourseFolder,
    FileFault,
    Source,
    has_things_alone,
    look_at_course,
)
from content.formats.decoding import decoded
from content.formats.foreign import ForeignFault, slug_from
from content.formats.registry import FORMATS, recognized
from content.formats.sheet import is_workbook
from content.importing_items import Entry, ForeignFile, ItemStatus

MOST_FILES: Final = 5_000
DEEPEST: Final = 12

_KEYS: Final = re.compile(r"^[{\s]*[\"']?(slug|title|body|interactions)[\"']?\s*:", re.MULTILINE)
UNKNOWN: Final = (
    "is nothing that can be imported: a course folder, an item, an archive of these, or a file of "
    + ", ".join(one.label for one in FORMATS)
)


@dataclass(frozen=True, slots=True)
class Course:
    """A course folder as far as it can be read, and what is wrong with the rest."""

    name: str
    folder: CourseFolder
    faults: tuple[FileFault, ...] = ()


@dataclass
class Gathered:
    """What was brought: ``refused`` are files of which nothing can be read, ``remarks`` what was passed over."""

    names: list[str] = field(default_factory=list)
    courses: list[Course] = field(default_factory=list)
    documents: list[Source] = field(default_factory=list)
    foreign: list[ForeignFile] = field(default_factory=list)
    refused: list[Entry] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)
    _files: int = 0

    @classmethod
    def of_paths(cls, paths: Iterable[Path]) -> Self:
        """Return what lies at some paths."""
        found = cls()
        for path in paths:
            found.names.append(path.name or str(path))
            if path.is_dir():
                found._folder(path, path.resolve().parent, 0)
            elif path.exists():
                found._path(path, path.name)
            else:
                found.refuse(str(path), "there is no such file")
        return found

    @classmethod
    def of_files(cls, files: Iterable[tuple[str, bytes]]) -> Self:
        """Return what some files hold that were brought by name."""
        found = cls()
        for name, data in files:
            found.names.append(name)
            found.file(name, data)
        return found

    @property
    def needs_bank(self) -> bool:
        return bool(
            self.documents or any(question.document for file in self.foreign for question in file.questions)
        )

    @property
    def size(self) -> int:
        """How many items were brought."""
        of_courses = sum(len(list(course.folder.items)) for course in self.courses)
        return of_courses + len(self.documents) + sum(len(file.questions) for file in self.foreign)

    def refuse(self, name: str, reason: str) -> None:
        self.refused.append(Entry(name, name.rpartition("/")[2], ItemStatus.REFUSED, None, (reason,)))

    def file(self, name: str, data: bytes, *, packed: bool = False, passes: bool = False) -> None:
        """Take in a file; where it ``passes``, one that is nothing known is only remarked on."""
        if not is_workbook(data) and is_archive(data):
            self._archive(name, data, packed=packed)
        elif _is_item(data):
            self._item(name, data)
        elif (form := recognized(data)) is not None:
            try:
                self.foreign.append(ForeignFile(name, form.name, tuple(form.read(data, name))))
            except ForeignFault as fault:
                self.refuse(name, str(fault))
        elif passes:
            self.remarks.append(f"{name} was passed over: it {UNKNOWN}")
        else:
            self.refuse(name, UNKNOWN)

    def _archive(self, name: str, data: bytes, *, packed: bool) -> None:
        if packed:
            self.refuse(name, "is an archive in an archive")
            return
        with _unpacked_into(name) as folder:
            try:
                if not archive.unpack(data, folder):
                    self.refuse(name, "holds no file")
            except ForeignFault as fault:
                self.refuse(name, str(fault))
            else:
                self._folder(folder, folder.parent, 0, packed=True)

    def _item(self, name: str, data: bytes) -> None:
        try:
            text = decoded(data)
            document = load_document(text)
        except (DocumentFault, ForeignFault) as fault:
            self.refuse(name, str(fault))
            return
        if isinstance(document, dict):
            self.documents.append(Source(name, document, text=text))
        else:
            self.refuse(name, "is no item: it must be a mapping")

    def _folder(self, folder: Path, root: Path, depth: int, *, packed: bool = False) -> None:
        """Take in a folder: as a course, or all that lies in it."""
        if (folder / SUBJECT).is_file():
            self._course(folder)
            return
        consumed = set()
        if has_things_alone(folder):
            self._course(folder)
            consumed = {BANKS, ASSESSMENTS}
        entries = [path for path in sorted(folder.iterdir()) if not path.name.startswith(".")]
        is_library = bool(consumed) or any((path / SUBJECT).is_file() for path in entries)
        for path in entries:
            name = path.relative_to(root).as_posix() if path.is_relative_to(root) else path.name
            if path.is_symlink():
                self.refuse(name, "is a link")
            elif not path.is_dir():
                self._path(path, name, packed=packed, passes=is_library)
            elif path.name not in consumed:
                if depth == DEEPEST:
                    self.refuse(name, f"is nested deeper than {DEEPEST} folders")
                else:
                    self._folder(path, root, depth + 1, packed=packed)

    def _course(self, folder: Path) -> None:
        course, faults = look_at_course(folder)
        self.courses.append(Course(folder.resolve().name, course, tuple(faults)))

    def _path(self, path: Path, name: str, *, packed: bool = False, passes: bool = False) -> None:
        self._files += 1
        if self._files > MOST_FILES:
            if self._files == MOST_FILES + 1:
                self.refuse(name, f"and what comes after it: there are more than {MOST_FILES} files")
        elif not path.is_file():
            self.refuse(name, "is no ordinary file")
        elif path.stat().st_size > archive.MOST_BYTES:
            self.refuse(name, f"is larger than {archive.MOST_BYTES // 1024 // 1024} MB")
        else:
            self.file(name, path.read_bytes(), packed=packed, passes=passes)


def _is_item(data: bytes) -> bool:
    """Whether a text names at least two of the keys that items have, sound or not."""
    try:
        text = decoded(data[: 256 * 1024])
    except ForeignFault:
        return False
    keys = set(_KEYS.findall(text))
    return len(keys) > 1 and bool(keys & {"body", "interactions"})


@contextmanager
def _unpacked_into(name: str) -> Iterator[Path]:
    """Yield an empty folder that is called after an archive."""
    with TemporaryDirectory(prefix="assay-import-") as place:
        folder = Path(place) / slug_from(name.rpartition("/")[2].removesuffix(".zip"), "archive")
        folder.mkdir()
        yield folder
