"""From course folders to rows: twice gives the same rows, an edited file gives a new version."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from django.db import connection, transaction

from content.authoring import (
    certificate_of,
    next_version,
    put_item_in_force,
    put_lesson_in_force,
)
from content.catalogue import parse_bank
from content.formats.checking import Known, course_faults, placed
from content.formats.course_folder import CourseError, CourseFolder, FileFault, LessonFolder, Source
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

_LOCK = 0x41535341
"""The advisory lock of imports: any number that nobody else in this database uses."""


@dataclass(frozen=True)
class ImportReport:
    """How many rows of each kind an import created, updated and left unchanged, and what an author should know.

    ``changes`` name what was created and updated, ``overwritten`` the versions of the desk that gave way to a file,
    ``remarks`` what a file says without effect.
    """

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    changes: list[str] = field(default_factory=list)
    overwritten: list[str] = field(default_factory=list)
    remarks: list[str] = field(default_factory=list)

    def count(self, kind: str, slug: str, outcome: str) -> None:
        self.counts.setdefault(kind, Counter(created=0, updated=0, unchanged=0))[outcome] += 1
        if outcome != "unchanged":
            self.changes.append(f"{kind} {slug}: {outcome}")

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


def certificates_of(course: CourseFolder) -> Certificates:
    """Return the certificates of the items that are new to their rows, by file.

    Raises CourseError with every reason for which certification refuses one.
    """
    imported = dict(Item.objects.values_list("slug", "imported_fingerprint"))
    certificates: dict[str, Certificate] = {}
    faults: list[FileFault] = []
    for source in course.items:
        if imported.get(source.slug) == fingerprint(source.document):
            continue
        try:
            certificates[source.file] = certified(source.document)
        except REFUSALS as error:
            faults += [FileFault(source.file, reason, path) for path, reason in faults_in(error)]
    if faults:
        raise CourseError(placed(course, faults))
    return certificates


def certified(document: Mapping[str, Any]) -> Certificate:
    """Return the certificate of an item's document. Raises DefinitionError where it must not be shown to anybody."""
    return certificate_of(parse_definition(document))


def write_rows(course: CourseFolder, certificates: Certificates, now: datetime) -> ImportReport:
    """Bring the rows to what a checked course says. The caller holds the lock of imports."""
    report = ImportReport()
    subject, _ = upsert(Subject, course.subject, report, "title", "description")
    _import_skills(list(course.skills), report)
    for source in course.misconceptions:
        upsert(Misconception, source, report, "title", "explanation")
    _import_media(course, report, now)
    for lesson in course.lessons:
        _import_lesson(lesson, subject, report, certificates, now)
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
    if row and row.imported_fingerprint == stamp:
        report.count(kind, source.slug, "unchanged")
        return row, False
    values |= {key: source.document[key] for key in keys if key in source.document}
    is_new = (
        row is None or any(getattr(row, name) != value for name, value in values.items()) or not stands(row)
    )
    report.count(kind, source.slug, ("updated" if row else "created") if is_new else "unchanged")
    if row and is_new:
        report.overwritten.extend(_overwritten(row, source))
    row = row or model(slug=source.slug)
    for name, value in {**values, "imported_fingerprint": stamp}.items():
        setattr(row, name, value)
    row.save()
    return row, is_new


def _overwritten(row: Imported, source: Source) -> Iterator[str]:
    """Yield the version that was published here since the last import and gives way to a file."""
    current: Version | None = getattr(row, "current", None)
    if current and fingerprint(source.document) != current.fingerprint != row.imported_fingerprint:
        day = f", published here on {current.published_at:%Y-%m-%d}," if current.published_at else ""
        yield f"{current}{day} gives way to {source.file}"


def _import_media(course: CourseFolder, report: ImportReport, now: datetime) -> None:
    """Keep the images of a course, and say which of them nothing in it shows: no export would have those."""
    images = {str(image.name): image for image in course.media}
    known = set(Media.objects.filter(name__in=images).values_list("name", flat=True))
    sources = (*course.items, *(lesson.lesson for lesson in course.lessons))
    shown = set[str]().union(*(media_in(source.document) for source in sources))
    for name, image in images.items():
        if name not in known:
            Media.objects.keep(image, by=None, now=now)
        report.count("media", name, "unchanged" if name in known else "created")
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
        version.write(folder.lesson.document)
        put_lesson_in_force(lesson, version, parse_lesson(version.document), now)
    if folder.bank is None:
        return
    use = parse_bank(folder.bank.document).use
    bank, _ = upsert(ItemBank, folder.bank, report, "title", lesson=lesson, use=use)
    for source in folder.items:
        _import_item(source, bank, report, certificates, now)


def _import_item(
    source: Source, bank: ItemBank, report: ImportReport, certificates: Certificates, now: datetime
) -> None:
    item, is_new = upsert(Item, source, report, "title", stands=partial(_stands, source=source), bank=bank)
    if not is_new or _stands(item, source):
        return
    version = next_version(item.versions, now)
    version.write(source.document)
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
        faults += _elsewhere(folder.lesson, lessons, course.subject.slug, "subject")
        if folder.bank:
            faults += _elsewhere(folder.bank, banks, folder.lesson.slug, "lesson")
            for source in folder.items:
                faults += _elsewhere(source, items, folder.bank.slug, "bank")
    return faults


def _elsewhere(source: Source, owners: Mapping[str, str | None], expected: str, kind: str) -> list[FileFault]:
    owner = owners.get(source.slug)
    if owner is None or owner == expected:
        return []
    return [FileFault(source.file, f"{source.slug} exists already, in the {kind} {owner}", "slug")]
