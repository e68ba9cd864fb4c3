"""From rows to course folders: what is in force, in the form in which it can be imported again.

Skills and misconceptions are shared by all courses. Each is written once, with the first lesson that needs it;
those that nothing needs are not written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, TypeVar

from django.db.models import Q, QuerySet

from content.formats.archive import pack
from content.formats.course_folder import (
    BANK,
    BANKS,
    SUBJECT,
    BankFolder,
    CourseFolder,
    LessonFolder,
    Source,
    write_course,
)
from content.formats.registry import WRITTEN
from content.formats.written import Given, Written
from content.items.pictures import media_in
from content.items.uses import Use
from content.media.reading import Image
from content.models import (
    Item,
    ItemBank,
    ItemVersion,
    Lesson,
    LessonVersion,
    Media,
    Misconception,
    Skill,
    Status,
    Subject,
)

COURSE: Final = "course"
"""The format that holds all of an item: a folder, in an archive."""
OF_NO_SUBJECT: Final = "belongs to no subject"

VersionRow = TypeVar("VersionRow", ItemVersion, LessonVersion)


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that exists here and stands in no folder, and why."""

    kind: str
    slug: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}: {self.reason}"


@dataclass(frozen=True)
class _Brought:
    """The slugs of what earlier lessons have brought."""

    skills: set[str] = field(default_factory=set)
    misconceptions: set[str] = field(default_factory=set)
    media: set[str] = field(default_factory=set)


def export_course(*, subject: Subject) -> CourseFolder:
    """Return the published lessons and items of a subject as a folder.

    The first bank of a lesson lies in its folder, others beside it.
    """
    written = _Brought()
    lessons = list(
        LessonVersion.objects.filter(current_of__subject=subject)
        .select_related("lesson")
        .order_by("lesson__slug")
    )
    document = {"slug": subject.slug, "title": subject.title, "description": subject.description}
    others = [bank for version in lessons for bank in _banks_of(version.lesson)[1:]]
    return CourseFolder(
        Source(f"{subject.slug}/{SUBJECT}", document),
        tuple(_lesson(version, f"{subject.slug}/{version.lesson.slug}", written) for version in lessons),
        tuple(_bank(bank, f"{subject.slug}/{BANKS}/{bank.slug}", written) for bank in others),
    )


def export_alone() -> CourseFolder:
    """Return the banks without a lesson, which lie beside the subjects of a library."""
    written = _Brought()
    banks = ItemBank.objects.filter(lesson=None).order_by("slug")
    return CourseFolder(None, banks=tuple(_bank(bank, f"{BANKS}/{bank.slug}", written) for bank in banks))


def export_bank(bank: ItemBank, form: str) -> Written:
    """Return the published items of a bank as a file of a format: one of ``formats()``."""
    if form == COURSE:
        return _as_archive(bank)
    write = WRITTEN[form].write
    if write is None:
        raise KeyError(form)
    return write([_given(version) for version in _items_of(bank)], bank.title)


def _given(version: ItemVersion) -> Given:
    rows = Media.objects.filter(name__in=version.definition.media)
    return Given(version.definition, {row.name: bytes(row.data) for row in rows})


def formats() -> list[str]:
    """Return the names of what a bank can be written as."""
    return [COURSE, *WRITTEN]


def _as_archive(bank: ItemBank) -> Written:
    """Return a bank as an archive of a folder, which any installation imports."""
    folder = _bank(bank, f"{BANKS}/{bank.slug}", _Brought(), alone=True)
    with TemporaryDirectory(prefix="assay-export-") as place:
        write_course(CourseFolder(None, banks=(folder,)), Path(place))
        return Written(pack(Path(place)), len(folder.items))


def left_out(subjects: Collection[Subject], *, alone: bool = True) -> Iterator[LeftOut]:
    """Yield what the folders of these subjects do not hold: what has no place in them, and what is not in force.

    ``alone``: whether the banks without a lesson are written as well.
    """
    exported = Lesson.objects.filter(subject__in=subjects, current__isnull=False)
    for lesson in Lesson.objects.filter(subject__in=subjects, current=None).order_by("slug"):
        yield LeftOut("lesson", lesson.slug, "was never published")
    for draft in _drafts(LessonVersion).filter(lesson__in=exported).select_related("lesson"):
        yield LeftOut("lesson", draft.lesson.slug, f"its draft, version {draft.number}")
    for bank in ItemBank.objects.exclude(lesson__in=exported).select_related("lesson").order_by("slug"):
        if bank.lesson is None and not alone:
            yield LeftOut("item bank", bank.slug, f"{OF_NO_SUBJECT}; {bank.items.count()} items with it")
        elif bank.lesson and bank.lesson.subject in subjects:
            yield LeftOut(
                "item bank", bank.slug, f"its lesson is not published; {bank.items.count()} items with it"
            )
    banks = Q(lesson__in=exported) | Q(lesson=None) if alone else Q(lesson__in=exported)
    yield from left_out_of_banks(ItemBank.objects.filter(banks))


def left_out_of_banks(banks: QuerySet[ItemBank]) -> Iterator[LeftOut]:
    """Yield what is not written of some banks that are."""
    for bank in banks.filter(needs_review=True).order_by("slug"):
        yield LeftOut("item bank", bank.slug, "that it needs review")
    items = Item.objects.filter(bank__in=banks)
    for item in items.filter(current=None).order_by("slug"):
        yield LeftOut("item", item.slug, "was never published")
    for item in items.filter(current__isnull=False, retired_at__isnull=False).order_by("slug"):
        yield LeftOut("item", item.slug, "is retired")
    for version in _drafts(ItemVersion).filter(item__in=items.filter(current__isnull=False)):
        yield LeftOut("item", version.item.slug, f"its draft, version {version.number}")


def unneeded(courses: Iterable[CourseFolder]) -> Iterator[LeftOut]:
    """Yield the skills, misconceptions and images that none of the courses needs."""
    courses = list(courses)
    skills = {source.slug for course in courses for source in course.skills}
    misconceptions = {source.slug for course in courses for source in course.misconceptions}
    for skill in Skill.objects.exclude(slug__in=skills).order_by("slug"):
        yield LeftOut("skill", skill.slug, "no published lesson or item needs it")
    media = {str(image.name) for course in courses for image in course.media}
    for name in Media.objects.exclude(name__in=media).order_by("name").values_list("name", flat=True):
        yield LeftOut("image", name, "no published lesson or item shows it")
    for misconception in Misconception.objects.exclude(slug__in=misconceptions).order_by("slug"):
        yield LeftOut("misconception", misconception.slug, "no published item needs it")


def _drafts(model: type[VersionRow]) -> QuerySet[VersionRow]:
    return model._default_manager.filter(status=Status.DRAFT).order_by("pk")


def _lesson(version: LessonVersion, folder: str, written: _Brought) -> LessonFolder:
    bank = next(iter(_banks_of(version.lesson)), None)
    items = _items_of(bank) if bank else []
    return LessonFolder(
        lesson=Source(f"{folder}/lesson.yaml", version.document, text=version.source),
        skills=_skill_sources(folder, {*version.document.get("skills", [])}, items, written),
        misconceptions=_misconception_sources(folder, items, written),
        bank=Source(f"{folder}/{BANK}", _bank_document(bank)) if bank else None,
        items=_item_sources(folder, items),
        media=_media([version.document, *(item.document for item in items)], written.media),
    )


def _bank(bank: ItemBank, folder: str, written: _Brought, *, alone: bool = False) -> BankFolder:
    items = _items_of(bank)
    document = _bank_document(bank)
    if bank.lesson and not alone:
        document["lesson"] = bank.lesson.slug
    return BankFolder(
        bank=Source(f"{folder}/{BANK}", document),
        skills=_skill_sources(folder, set(), items, written),
        misconceptions=_misconception_sources(folder, items, written),
        items=_item_sources(folder, items),
        media=_media([item.document for item in items], written.media),
    )


def _item_sources(folder: str, items: Iterable[ItemVersion]) -> tuple[Source, ...]:
    return tuple(
        Source(f"{folder}/items/{one.item.slug}.yaml", one.document, text=one.source) for one in items
    )


def _skill_sources(
    folder: str, named: set[str], items: Sequence[ItemVersion], written: _Brought
) -> tuple[Source, ...]:
    return _sources(f"{folder}/skills.yaml", _skills(named, items, written.skills), _skill_document)


def _misconception_sources(
    folder: str, items: Sequence[ItemVersion], written: _Brought
) -> tuple[Source, ...]:
    found = _misconceptions(items, written.misconceptions)
    return _sources(f"{folder}/misconceptions.yaml", found, _misconception_document)


def _media(documents: Iterable[Mapping[str, Any]], written: set[str]) -> tuple[Image, ...]:
    """Return the images that documents show and no earlier lesson has brought."""
    needed = set[str]().union(*map(media_in, documents)) - written
    written |= needed
    rows = Media.objects.filter(name__in=needed).order_by("name")
    return tuple(Image(row.parts, bytes(row.data)) for row in rows)


def _bank_document(bank: ItemBank) -> dict[str, Any]:
    document: dict[str, Any] = {"slug": bank.slug, "title": bank.title}
    if bank.use != Use.BOTH:
        document["use"] = bank.use
    tags = bank.tags_by_item()
    return {**document, "tags": tags} if tags else document


def _banks_of(lesson: Lesson) -> list[ItemBank]:
    """Return the banks of a lesson in the order in which they were made."""
    return list(lesson.banks.order_by("pk"))


def _items_of(bank: ItemBank) -> list[ItemVersion]:
    served = ItemVersion.objects.filter(current_of__bank=bank, current_of__retired_at=None)
    return list(served.select_related("item").order_by("item__slug"))


def _skills(named: set[str], items: Iterable[ItemVersion], written: set[str]) -> list[Skill]:
    """Return the skills named, or needed by items, that nobody has written, with those that come before them."""
    waiting = {skill for item in items for skill in item.definition.skills}
    waiting = waiting.union(named) - written
    needed: set[str] = set()
    while waiting:
        needed |= waiting
        written |= waiting
        waiting = (
            set(Skill.objects.filter(unlocks__slug__in=waiting).values_list("slug", flat=True)) - written
        )
    return list(Skill.objects.filter(slug__in=needed).prefetch_related("prerequisites").order_by("id"))


def _misconceptions(items: Iterable[ItemVersion], written: set[str]) -> list[Misconception]:
    needed = {slug for item in items for slug in item.definition.misconception_slugs} - written
    written |= needed
    return list(Misconception.objects.filter(slug__in=needed).order_by("id"))


def _sources(file: str, rows: Iterable[Any], document: Callable[[Any], dict[str, Any]]) -> tuple[Source, ...]:
    return tuple(Source(file, document(row), str(place)) for place, row in enumerate(rows))


def _skill_document(skill: Skill) -> dict[str, Any]:
    earlier = sorted(skill.prerequisites.all(), key=lambda prerequisite: prerequisite.pk)
    return {
        "slug": skill.slug,
        "title": skill.title,
        "description": skill.description,
        "prerequisites": [prerequisite.slug for prerequisite in earlier],
    }


def _misconception_document(misconception: Misconception) -> dict[str, Any]:
    return {
        "slug": misconception.slug,
        "title": misconception.title,
        "explanation": misconception.explanation,
    }
