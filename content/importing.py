"""From course folders to rows: twice gives the same rows, an edited file gives a new version."""

from __future__ import annotations

import difflib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from itertools import islice
from typing import Any, Final, TypeAlias, TypeVar
from uuid import UUID

from django.db import connection, transaction

from content.authoring import (
    certificate_of,
    next_version,
    put_item_in_force,
    put_lesson_in_force,
)
from content.catalogue import BankDefinition, parse_bank
from content.documents.text import DocumentFault, dump_document, load_document
from content.formats.checking import Known, course_faults, placed
from content.formats.course_folder import (
    BankFolder,
    CourseError,
    CourseFolder,
    FileFault,
    LessonFolder,
    Source,
)
from content.items.certification import Certificate
from content.items.parsing.document import parse_definition
from content.items.pictures import media_in
from content.items.refusals import REFUSALS, faults_in
from content.lessons import parse_lesson
from content.models import Item, ItemBank, Lesson, Media, Misconception, Skill, Subject
from content.models.versions import Imported, Version, fingerprint

Row = TypeVar("Row", bound=Imported)
Certificates = Mapping[str, Certificate]
"""Of the items of a course, by the files they stand in."""
Reasons: TypeAlias = tuple[tuple[str, str], ...]
Tried: TypeAlias = dict[str, Certificate | Reasons]
"""What certification found, by fingerprint: a dry run and the import after it try an item once."""

_LOCK = 0x41535341
"""The advisory lock of imports: any number that nobody else in this database uses."""


MOST_LINES: Final = 300
"""Of a comparison between what is in force and a file."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import makes of one document: ``created``, ``updated`` or ``unchanged``.

    ``diff`` compares what is in force with the file; ``gives_way`` says which version of the desk the file replaces.
    """

    kind: str
    slug: str
    file: str
    outcome: str
    title: str = ""
    gives_way: str = ""
    diff: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Touched:
    """A row that an import has written, and its columns before: None where there was no row."""

    row: Any
    before: Mapping[str, Any] | None
    names: tuple[str, ...]
    origin: str = ""


@dataclass(frozen=True)
class ImportReport:
    """What an import did with each document, with which rows, and what an author should know.

    ``changes`` name what was created and updated, ``overwritten`` the versions of the desk that gave way to a file,
    ``remarks`` what a file says without effect.
    """

    outcomes: list[Outcome] = field(default_factory=list)
    touched: list[Touched] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def add(self, outcome: Outcome) -> None:
        self.outcomes.append(outcome)

    @property
    def counts(self) -> dict[str, Counter[str]]:
        """How many documents of each kind were created, updated and left unchanged."""
        found: dict[str, Counter[str]] = {}
        for one in self.outcomes:
            found.setdefault(one.kind, Counter(created=0, updated=0, unchanged=0))[one.outcome] += 1
        return found

    @property
    def changes(self) -> list[str]:
        return [
            f"{one.kind} {one.slug}: {one.outcome}" for one in self.outcomes if one.outcome != "unchanged"
        ]

    @property
    def overwritten(self) -> list[str]:
        return [one.gives_way for one in self.outcomes if one.gives_way]

    def total(self, outcome: str) -> int:
        return sum(count[outcome] for count in self.counts.values())

    def to_json(self) -> dict[str, Any]:
        """Return the counts by kind, and beside them the three lists."""
        lists = {"changes": self.changes, "overwritten": self.overwritten, "remarks": self.remarks}
        return {kind: dict(count) for kind, count in self.counts.items()} | lists


def faults_of(course: CourseFolder) -> list[FileFault]:
    """Return what is wrong with the content of a course, by itself and beside the rows that exist."""
    known = Known(
        skills=set(Skill.objects.values_list("slug", flat=True)),
        misconceptions=set(Misconception.objects.values_list("slug", flat=True)),
        items=set(Item.objects.values_list("slug", flat=True)),
        lessons=set(Lesson.objects.values_list("slug", flat=True)),
        media=set(Media.objects.values_list("name", flat=True)),
    )
    return placed(course, [*course_faults(course, known), *_taken(course)])


def import_course(*, course: CourseFolder, now: datetime) -> ImportReport:
    """Bring the rows to what a course folder says, all of it or nothing. Locks imports against each other.

    Items are certified before anything is locked. A document that has been imported before changes nothing,
    whatever people have edited since. Nothing is deleted: what the folder has no more stays as it is. Raises
    CourseError with every fault of every file.
    """
    if faults := faults_of(course):
        raise CourseError(faults)
    certificates = certificates_of(course)
    with transaction.atomic():
        lock_imports()
        if faults := faults_of(course):
            raise CourseError(faults)
        return write_rows(course, certificates, now)


def certificates_of(course: CourseFolder, tried: Tried | None = None) -> Certificates:
    """Return the certificates of the items that are new to their rows, by file.

    ``tried`` keeps what was found, for a second go. Raises CourseError with every reason for which certification
    refuses one.
    """
    tried = {} if tried is None else tried
    imported = dict(Item.objects.values_list("slug", "imported_fingerprint"))
    certificates: dict[str, Certificate] = {}
    faults: list[FileFault] = []
    for source in course.items:
        if imported.get(source.slug) == fingerprint(source.document):
            continue
        found = tried_out(source.document, tried)
        if isinstance(found, Certificate):
            certificates[source.file] = found
        else:
            faults += [FileFault(source.file, reason, path) for path, reason in found]
    if faults:
        raise CourseError(placed(course, faults))
    return certificates


def certified(document: Mapping[str, Any]) -> Certificate:
    """Return the certificate of an item's document. Raises DefinitionError where it must not be shown to anybody."""
    return certificate_of(parse_definition(document))


def tried_out(document: Mapping[str, Any], tried: Tried) -> Certificate | Reasons:
    """Return the certificate of an item's document, or why it must not be shown; ``tried`` keeps either."""
    stamp = fingerprint(document)
    if stamp not in tried:
        try:
            tried[stamp] = certified(document)
        except REFUSALS as error:
            tried[stamp] = tuple(faults_in(error))
    return tried[stamp]


def write_rows(course: CourseFolder, certificates: Certificates, now: datetime) -> ImportReport:
    """Bring the rows to what a checked course says. The caller holds the lock of imports."""
    report = ImportReport()
    if course.subject:
        subject, _ = upsert(Subject, course.subject, report, "title", "description")
    _import_skills(list(course.skills), report)
    for source in course.misconceptions:
        upsert(Misconception, source, report, "title", "explanation")
    _import_media(course, report, now)
    for lesson in course.lessons:
        _import_lesson(lesson, subject, report, certificates, now)
    for bank in course.banks:
        _import_bank(bank, report, certificates, now)
    return report


def lock_imports() -> None:
    """Let no other import begin before this transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def upsert(
    model: type[Row],
    source: Source,
    report: ImportReport,
    *keys: str,
    stands: Callable[[Row], bool] = lambda _row: True,
    **values: Any,
) -> tuple[Row, bool]:
    """Return the row that a document describes, and whether the document changes it.

    A new document sets the fields named by ``keys`` to what stands in it, and those in ``values`` as given. One that
    says what the row holds already changes nothing; ``stands`` asks for what is no field.
    """
    stamp, kind = fingerprint(source.document), str(model._meta.verbose_name_plural)
    row = model._default_manager.select_for_update(of=("self",)).filter(slug=source.slug).first()
    said = partial(Outcome, kind, source.slug, source.file, title=str(source.document.get("title", "")))
    if row and row.imported_fingerprint == stamp:
        report.add(said("unchanged"))
        return row, False
    values |= {key: source.document[key] for key in keys if key in source.document}
    is_new = (
        row is None or any(getattr(row, name) != value for name, value in values.items()) or not stands(row)
    )
    if row and is_new:
        report.add(said("updated", gives_way=gives_way(row, source), diff=compared(row, source)))
    else:
        report.add(said("unchanged" if row else "created"))
    before = columns(row, *values) if row else None
    row = row or model(slug=source.slug)
    report.touched.append(Touched(row, before, tuple(values)))
    for name, value in {**values, "imported_fingerprint": stamp}.items():
        setattr(row, name, value)
    row.save()
    return row, is_new


def columns(row: Any, *names: str) -> dict[str, Any]:
    """Return columns of a row as JSON keeps them, by their names in the database, and which version is in force."""
    found = {row._meta.get_field(name).attname: None for name in (*names, "imported_fingerprint")}
    stored = {name: getattr(row, name) for name in found}
    stored["current_id"] = getattr(row, "current_id", None)
    if isinstance(row, Skill):
        stored["prerequisites"] = list(row.prerequisites.values_list("slug", flat=True)) if row.pk else []
    return {name: str(value) if isinstance(value, UUID) else value for name, value in stored.items()}


def compared(row: Imported, source: Source) -> tuple[str, ...]:
    """Return what a file changes, line by line, where it changes something that has versions."""
    current: Version | None = getattr(row, "current", None)
    if current is None or current.fingerprint == fingerprint(source.document):
        return ()
    return difference(
        dump_document(current.document), dump_document(dict(source.document)), str(current), source.file
    )


def difference(before: str, after: str, one: str, other: str) -> tuple[str, ...]:
    """Return two texts compared line by line, at most MOST_LINES of it."""
    lines = difflib.unified_diff(before.splitlines(), after.splitlines(), one, other, lineterm="", n=2)
    found = list(islice(lines, MOST_LINES + 1))
    return (*found[:MOST_LINES], "…") if len(found) > MOST_LINES else tuple(found)


def gives_way(row: Imported, source: Source) -> str:
    """Return that a version was published here since the last import and gives way to a file; "" if none does."""
    current: Version | None = getattr(row, "current", None)
    if current is None or fingerprint(source.document) == current.fingerprint:
        return ""
    if current.fingerprint == row.imported_fingerprint:
        return ""
    day = f", published here on {current.published_at:%Y-%m-%d}," if current.published_at else ""
    return f"{current}{day} gives way to {source.file}"


def _import_media(course: CourseFolder, report: ImportReport, now: datetime) -> None:
    """Keep the images of a course, and say which of them nothing in it shows: no export would have those."""
    images = {str(image.name): image for image in course.media}
    known = set(Media.objects.filter(name__in=images).values_list("name", flat=True))
    sources = (*course.items, *(lesson.lesson for lesson in course.lessons))
    shown = set[str]().union(*(media_in(source.document) for source in sources))
    for name, image in images.items():
        if name not in known:
            Media.objects.keep(image, by=None, now=now)
        report.add(Outcome("media", name, name, "unchanged" if name in known else "created"))
        if name not in shown:
            report.remarks.append(f"nothing in this course shows the image {name}")


def _import_skills(sources: list[Source], report: ImportReport) -> None:
    imported = [
        (source, *upsert(Skill, source, report, "title", "description", stands=partial(_comes_after, source)))
        for source in sources
    ]
    for source, skill, is_new in imported:
        if is_new:
            skill.prerequisites.set(Skill.objects.filter(slug__in=_earlier(source)))


def _comes_after(source: Source, skill: Skill) -> bool:
    return set(skill.prerequisites.values_list("slug", flat=True)) == set(_earlier(source))


def _earlier(source: Source) -> list[str]:
    """Return the slugs of the skills that a checked document names as prerequisites."""
    return list(source.document.get("prerequisites", []))


def _import_lesson(
    folder: LessonFolder, subject: Subject, report: ImportReport, certificates: Certificates, now: datetime
) -> None:
    stands = partial(_stands, source=folder.lesson)
    lesson, is_new = upsert(Lesson, folder.lesson, report, "title", stands=stands, subject=subject)
    if is_new and not _stands(lesson, folder.lesson):
        version = next_version(lesson.versions, now)
        version.write(folder.lesson.document, own_text(folder.lesson))
        put_lesson_in_force(lesson, version, parse_lesson(version.document), now)
    if folder.bank is None:
        return
    definition = parse_bank(folder.bank.document)
    values = {"lesson": lesson, "use": definition.use}
    _import_items(folder.bank, folder.items, definition, values, report, certificates, now)


def _import_bank(folder: BankFolder, report: ImportReport, certificates: Certificates, now: datetime) -> None:
    """Import a bank that stands by itself; one that names no lesson keeps what it has here."""
    definition = parse_bank(folder.bank.document)
    values: dict[str, Any] = {"use": definition.use}
    if definition.lesson:
        values["lesson"] = Lesson.objects.get(slug=definition.lesson)
    _import_items(folder.bank, folder.items, definition, values, report, certificates, now)


def _import_items(
    source: Source,
    items: Iterable[Source],
    definition: BankDefinition,
    values: Mapping[str, Any],
    report: ImportReport,
    certificates: Certificates,
    now: datetime,
) -> None:
    """Import a bank with its items. Tags come last: they are of items, and stand with the bank."""
    wanted = {slug: sorted(tags) for slug, tags in definition.tags.items()}
    bank, is_new = upsert(
        ItemBank, source, report, "title", stands=lambda row: row.tags_by_item() == wanted, **values
    )
    for item in items:
        _import_item(item, bank, report, certificates, now)
    if not is_new:
        return
    for row in bank.items.filter(slug__in=wanted):
        row.tags = wanted.pop(row.slug)
        row.save(update_fields=["tags"])
    report.remarks.extend(f"{source.file}: tags.{slug}: there is no such item in the bank" for slug in wanted)


def own_text(source: Source) -> str:
    """Return how the author of a document wrote it, where that means the document and nothing else."""
    try:
        means = bool(source.text) and fingerprint(load_document(source.text)) == fingerprint(source.document)
    except DocumentFault:
        return ""
    return source.text if means else ""


def _import_item(
    source: Source, bank: ItemBank, report: ImportReport, certificates: Certificates, now: datetime
) -> None:
    item, is_new = upsert(Item, source, report, "title", stands=partial(_stands, source=source), bank=bank)
    if not is_new or _stands(item, source):
        return
    version = next_version(item.versions, now)
    version.write(source.document, own_text(source))
    definition = parse_definition(version.document)
    # An item that another import wrote between certifying and locking has none yet.
    certificate = certificates.get(source.file) or certificate_of(definition)
    put_item_in_force(item, version, definition, certificate, now)
    if bank.needs_review:
        report.remarks.append(f"{version} is published without the review that its bank needs")


def _stands(row: Item | Lesson, source: Source) -> bool:
    """Whether what the file says is already in force, because somebody published the same in the admin."""
    return row.current is not None and row.current.fingerprint == fingerprint(source.document)


def _taken(course: CourseFolder) -> list[FileFault]:
    """Return a fault for each lesson, bank or item that lies elsewhere: a slug is used once in all courses."""
    faults = []
    lessons = dict(Lesson.objects.values_list("slug", "subject__slug"))
    banks = dict(ItemBank.objects.values_list("slug", "lesson__slug"))
    items = dict(Item.objects.values_list("slug", "bank__slug"))
    for folder in course.lessons:
        faults += _elsewhere(folder.lesson, lessons, course.slug, "subject")
        if folder.bank:
            faults += _elsewhere(folder.bank, banks, folder.lesson.slug, "lesson")
            for source in folder.items:
                faults += _elsewhere(source, items, folder.bank.slug, "bank")
    for alone in course.banks:
        if lesson := alone.bank.document.get("lesson"):
            faults += _elsewhere(alone.bank, banks, lesson, "lesson")
        for source in alone.items:
            faults += _elsewhere(source, items, alone.bank.slug, "bank")
    return faults


def _elsewhere(source: Source, owners: Mapping[str, str | None], expected: str, kind: str) -> list[FileFault]:
    owner = owners.get(source.slug)
    if owner is None or owner == expected:
        return []
    return [FileFault(source.file, f"{source.slug} exists already, in the {kind} {owner}", "slug")]
