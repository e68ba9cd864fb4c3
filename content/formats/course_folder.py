"""A course as a folder of text files, made to be written by hand and kept under version control.

    <subject>/subject.yaml
    <subject>/<lesson>/lesson.yaml  lesson.md  skills.yaml  misconceptions.yaml  bank.yaml
    <subject>/<lesson>/items/<item>.yaml  assessments/<assessment>.yaml  media/<image>
    <subject>/banks/<bank>/bank.yaml  skills.yaml  misconceptions.yaml  items/<item>.yaml  media/<image>

The second bank of a lesson lies in the folder ``banks`` of its subject, and says which lesson it belongs to. Banks
and assessments without a lesson belong to no subject: they lie beside them, in ``banks/`` and ``assessments/``.

A file that is not understood is a fault: nothing that an author put there gets lost in silence.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from content.documents.text import DocumentFault, dump_document, load_document
from content.media.reading import MOST_BYTES_READ, Image, ImageRefused, read_kept

MAX_BYTES: Final = 1024 * 1024
SUBJECT: Final = "subject.yaml"
LESSON: Final = "lesson.yaml"
THEORY: Final = "lesson.md"
BANK: Final = "bank.yaml"
BANKS: Final = "banks"
ASSESSMENTS: Final = "assessments"
_FILES_OF_A_LESSON: Final = {
    LESSON,
    THEORY,
    "skills.yaml",
    "misconceptions.yaml",
    "bank.yaml",
    "items",
    "assessments",
    "media",
}
_FILES_OF_A_BANK: Final = {BANK, "skills.yaml", "misconceptions.yaml", "items", "media"}


@dataclass(frozen=True, slots=True)
class Source:
    """A document with the file it stands in; ``at`` is its place there when the file holds several.

    ``text`` is how its author wrote it, empty where that is not known.
    """

    file: str
    document: Mapping[str, Any]
    at: str = ""
    text: str = field(default="", compare=False)

    @property
    def slug(self) -> str:
        """What the document calls itself, "" if it does not."""
        slug = self.document.get("slug")
        return slug if isinstance(slug, str) else ""


@dataclass(frozen=True, slots=True)
class LessonFolder:
    """``lesson`` holds the theory as well, under ``theory``."""

    lesson: Source
    skills: tuple[Source, ...] = ()
    misconceptions: tuple[Source, ...] = ()
    bank: Source | None = None
    items: tuple[Source, ...] = ()
    assessments: tuple[Source, ...] = ()
    media: tuple[Image, ...] = ()

    @property
    def media_folder(self) -> Path:
        return Path(self.lesson.file).parent / "media"


@dataclass(frozen=True, slots=True)
class BankFolder:
    """An item bank that stands by itself."""

    bank: Source
    skills: tuple[Source, ...] = ()
    misconceptions: tuple[Source, ...] = ()
    items: tuple[Source, ...] = ()
    media: tuple[Image, ...] = ()

    @property
    def media_folder(self) -> Path:
        return Path(self.bank.file).parent / "media"


@dataclass(frozen=True, slots=True)
class CourseFolder:
    """One subject with its lessons, read but not yet checked for meaning.

    Without a subject: what lies beside the subjects of a library.
    """

    subject: Source | None
    lessons: tuple[LessonFolder, ...] = ()
    banks: tuple[BankFolder, ...] = ()
    alone: tuple[Source, ...] = ()
    """Assessments without a lesson."""

    @property
    def slug(self) -> str:
        return self.subject.slug if self.subject else ""

    @property
    def _folders(self) -> tuple[LessonFolder | BankFolder, ...]:
        return (*self.lessons, *self.banks)

    @property
    def skills(self) -> Iterator[Source]:
        return (source for folder in self._folders for source in folder.skills)

    @property
    def misconceptions(self) -> Iterator[Source]:
        return (source for folder in self._folders for source in folder.misconceptions)

    @property
    def items(self) -> Iterator[Source]:
        return (source for folder in self._folders for source in folder.items)

    @property
    def bank_sources(self) -> Iterator[Source]:
        yield from (lesson.bank for lesson in self.lessons if lesson.bank)
        yield from (folder.bank for folder in self.banks)

    @property
    def media(self) -> Iterator[Image]:
        return (image for folder in self._folders for image in folder.media)

    @property
    def assessments(self) -> Iterator[Source]:
        yield from (source for lesson in self.lessons for source in lesson.assessments)
        yield from self.alone


@dataclass(frozen=True, slots=True, order=True)
class FileFault:
    """Something wrong in a file: at a line and a column, where they are known, and at a path of its document."""

    file: str
    reason: str
    path: str = ""
    line: int | None = None
    column: int | None = None

    def __str__(self) -> str:
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        return ": ".join(part for part in (place, self.path, self.reason) if part)


class CourseError(ValueError):
    """A course folder cannot be used; ``faults`` lists all that is wrong with it."""

    def __init__(self, faults: Iterable[FileFault]) -> None:
        self.faults = tuple(faults)
        super().__init__("\n".join(map(str, self.faults)))


@dataclass
class _Files:
    """The files under one root, and what was wrong with them so far."""

    root: Path
    faults: list[FileFault] = field(default_factory=list)

    def fault(self, path: Path, reason: str, line: int | None = None, column: int | None = None) -> None:
        self.faults.append(FileFault(self.name(path), reason, line=line, column=column))

    def name(self, path: Path) -> str:
        return path.relative_to(self.root.parent).as_posix()

    def read(self, path: Path, parse: Callable[[str], Any]) -> Any:
        """Return what ``parse`` makes of a file; None and a fault where it cannot be read."""
        try:
            return parse(_text(path))
        except DocumentFault as fault:
            self.fault(path, fault.reason, fault.line, fault.column)
            return None

    def source(self, path: Path) -> Source:
        """Return the one document of a file, an empty one where it cannot be read."""
        text = self.read(path, str) or ""
        document = self.read(path, load_document) if text else None
        if document is not None and not isinstance(document, dict):
            self.fault(path, "must be a mapping")
        return Source(self.name(path), document if isinstance(document, dict) else {}, text=text)

    def sources(self, path: Path) -> tuple[Source, ...]:
        """Return the documents that stand as a list in a file; no file, no documents."""
        if not path.exists():
            return ()
        entries = self.read(path, load_document)
        if not isinstance(entries, list):
            if entries is not None:
                self.fault(path, "must be a list of mappings")
            return ()
        for place, entry in enumerate(entries):
            if not isinstance(entry, dict):
                self.faults.append(FileFault(self.name(path), "must be a mapping", str(place)))
        text = self.read(path, str)
        return tuple(
            Source(self.name(path), e, str(i), text) for i, e in enumerate(entries) if isinstance(e, dict)
        )

    def entries(self, folder: Path) -> list[Path]:
        """Return what lies in a folder, in the order of names, without hidden files."""
        return sorted(path for path in folder.iterdir() if not path.name.startswith("."))


def _text(path: Path) -> str:
    """Return what stands in a file. Raises DocumentFault for a link, a huge file, or one that is no UTF-8."""
    if path.is_symlink() or not path.is_file():
        raise DocumentFault("is missing or no ordinary file")
    if path.stat().st_size > MAX_BYTES:
        raise DocumentFault(f"is larger than {MAX_BYTES} bytes")
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise DocumentFault(f"is not in UTF-8 (byte {error.start})") from error


def course_folders(folder: Path) -> list[Path]:
    """Return the subject folders in a library, or the folder itself if it is one. Raises CourseError."""
    if (folder / SUBJECT).is_file():
        return [folder]
    found = sorted(path.parent for path in folder.glob(f"*/{SUBJECT}")) if folder.is_dir() else []
    if has_things_alone(folder):
        found.append(folder)
    if not found:
        raise CourseError([FileFault(str(folder), f"is no course folder: it has no {SUBJECT}")])
    return found


def has_things_alone(folder: Path) -> bool:
    """Whether banks or assessments lie in a library beside its subjects."""
    if (folder / SUBJECT).exists():
        return False
    banks = folder / BANKS
    if _is_plain(banks) and any(banks.glob(f"*/{BANK}")):
        return True
    return _is_plain(folder / ASSESSMENTS) and any((folder / ASSESSMENTS).glob("*.yaml"))


def _is_plain(folder: Path) -> bool:
    """Whether a folder is there and is neither a subject nor a lesson that is called so."""
    return folder.is_dir() and not (folder / SUBJECT).exists() and not (folder / LESSON).exists()


def read_course(folder: Path) -> CourseFolder:
    """Return what stands in a subject folder. Raises CourseError with every file that cannot be read."""
    course, faults = look_at_course(folder)
    if faults:
        raise CourseError(faults)
    return course


def look_at_course(folder: Path) -> tuple[CourseFolder, list[FileFault]]:
    """Return what can be read of a subject folder, and what is wrong with the rest.

    A library without a ``subject.yaml`` of its own gives what lies beside its subjects.
    """
    files = _Files(folder.resolve())
    if not (files.root / SUBJECT).exists():
        return _read_things_alone(files), files.faults
    subject = files.source(files.root / SUBJECT)
    lessons: list[LessonFolder] = []
    banks: tuple[BankFolder, ...] = ()
    for path in files.entries(files.root):
        if path.name == BANKS and _is_plain(path):
            banks = _read_banks(files, path)
        elif path.is_dir():
            lessons.append(_read_lesson(files, path))
        elif path.name != SUBJECT:
            files.fault(path, "is not understood here")
    return CourseFolder(subject, tuple(lessons), banks), files.faults


def _read_things_alone(files: _Files) -> CourseFolder:
    banks, alone = files.root / BANKS, files.root / ASSESSMENTS
    return CourseFolder(
        None,
        banks=_read_banks(files, banks) if _is_plain(banks) else (),
        alone=_read_documents(files, alone) if _is_plain(alone) else (),
    )


def _read_banks(files: _Files, folder: Path) -> tuple[BankFolder, ...]:
    found = []
    for path in files.entries(folder):
        if path.is_dir():
            found.append(_read_bank(files, path))
        else:
            files.fault(path, "is not understood here")
    return tuple(found)


def _read_bank(files: _Files, folder: Path) -> BankFolder:
    for path in files.entries(folder):
        if path.name not in _FILES_OF_A_BANK:
            files.fault(path, "is not understood here")
    return BankFolder(
        bank=files.source(folder / BANK),
        skills=files.sources(folder / "skills.yaml"),
        misconceptions=files.sources(folder / "misconceptions.yaml"),
        items=_read_documents(files, folder / "items"),
        media=tuple(_read_media(files, folder / "media")),
    )


def _read_lesson(files: _Files, folder: Path) -> LessonFolder:
    for path in files.entries(folder):
        if path.name not in _FILES_OF_A_LESSON:
            files.fault(path, "is not understood here")
    lesson, theory = files.source(folder / LESSON), files.read(folder / THEORY, str)
    bank = folder / "bank.yaml"
    return LessonFolder(
        lesson=Source(
            lesson.file, {**lesson.document, "theory": theory}, text=with_theory(lesson.text, theory or "")
        ),
        skills=files.sources(folder / "skills.yaml"),
        misconceptions=files.sources(folder / "misconceptions.yaml"),
        bank=files.source(bank) if bank.exists() else None,
        items=_read_documents(files, folder / "items"),
        assessments=_read_documents(files, folder / "assessments"),
        media=tuple(_read_media(files, folder / "media")),
    )


def _read_media(files: _Files, folder: Path) -> Iterator[Image]:
    """Yield the images of a lesson or a bank, looked at as if they were new: whoever wrote a name wrote its hash."""
    for path in files.entries(folder) if folder.is_dir() else ():
        if path.is_symlink() or not path.is_file() or path.stat().st_size > MOST_BYTES_READ:
            files.fault(path, f"is no ordinary file of at most {MOST_BYTES_READ} bytes")
            continue
        try:
            yield read_kept(path.read_bytes(), path.name)
        except ImageRefused as refused:
            files.fault(path, refused.reason)


def _read_documents(files: _Files, folder: Path) -> tuple[Source, ...]:
    if not folder.is_dir():
        return ()
    sources = []
    for path in files.entries(folder):
        if path.suffix != ".yaml":
            files.fault(path, "is not understood here: documents are called <slug>.yaml")
            continue
        source = files.source(path)
        if source.document and source.slug != path.stem:
            files.fault(path, f"must be called after its slug, {source.slug or 'which is missing'}")
        sources.append(source)
    return tuple(sources)


def with_theory(text: str, theory: str) -> str:
    """Return the text of a lesson's settings with its theory behind them, as one document."""
    behind = dump_document({"theory": theory})
    return f"{text if text.endswith(chr(10)) else text + chr(10)}{behind}" if text.strip() else ""


def without_theory(text: str, theory: str) -> str:
    """Return the text of a lesson's settings alone, empty where the theory does not stand at its end."""
    behind = dump_document({"theory": theory})
    return text.removesuffix(behind) if text.endswith(behind) else ""


def write_course(course: CourseFolder, library: Path) -> list[Path]:
    """Write a course below ``library`` and return its files. What else lies there stays as it is.

    So does a file that says the same in another form: its author's comments and layout are worth more than ours.
    """
    written = [_write_document(library, course.subject)] if course.subject else []
    for lesson in course.lessons:
        written += _write_lesson(library, lesson)
    for bank in course.banks:
        written += [_write_document(library, source) for source in (bank.bank, *bank.items)]
        written += [*_write_list(library, bank.skills), *_write_list(library, bank.misconceptions)]
        written += _write_media(library, bank)
    return [*written, *(_write_document(library, source) for source in course.alone)]


def _write_lesson(library: Path, lesson: LessonFolder) -> list[Path]:
    document = dict(lesson.lesson.document)
    theory = document.pop("theory")
    settings = Source(lesson.lesson.file, document, text=without_theory(lesson.lesson.text, theory))
    single = [settings, *lesson.items, *lesson.assessments]
    if lesson.bank:
        single.append(lesson.bank)
    folder = Path(lesson.lesson.file).parent
    return [
        _write(library, folder / THEORY, theory),
        *(_write_document(library, source) for source in single),
        *_write_list(library, lesson.skills),
        *_write_list(library, lesson.misconceptions),
        *_write_media(library, lesson),
    ]


def _write_media(library: Path, folder: LessonFolder | BankFolder) -> list[Path]:
    return [_write(library, folder.media_folder / str(image.name), image.data) for image in folder.media]


def _write_document(library: Path, source: Source) -> Path:
    document = dict(source.document)
    text = source.text if source.text and _means(source.text, document) else dump_document(document)
    return _write(library, source.file, text, document)


def _write_list(library: Path, sources: Sequence[Source]) -> list[Path]:
    if not sources:
        return []
    documents = [dict(source.document) for source in sources]
    return [_write(library, sources[0].file, dump_document(documents), documents)]


def _write(library: Path, file: str | Path, content: str | bytes, document: Any = None) -> Path:
    path = library / file
    path.parent.mkdir(parents=True, exist_ok=True)
    if document is None or not _says(path, document):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def _says(path: Path, document: Any) -> bool:
    """Whether a file lies there already that means a document."""
    try:
        return path.is_file() and _means(_text(path), document)
    except DocumentFault:
        return False


def _means(text: str, document: Any) -> bool:
    """Whether a text means a document, in the order of its keys as well: steps are computed in it."""
    try:
        return json.dumps(load_document(text)) == json.dumps(document)
    except DocumentFault:
        return False
