"""From rows to course folders: what is in force, in the form in which it can be imported again.

Skills and misconceptions are shared by all courses. Each is written once, with the first lesson that needs it;
those that nothing needs are not written.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from django.db.models import QuerySet

from content.formats.course_folder import CourseFolder, LessonFolder, Source
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

VersionRow = TypeVar("VersionRow", ItemVersion, LessonVersion)


class OneBankPerLesson(Exception):
    """A lesson's folder has room for one item bank."""

    def __init__(self, lesson: Lesson, banks: Iterable[ItemBank]) -> None:
        named = ", ".join(bank.slug for bank in banks)
        super().__init__(
            f"The lesson {lesson.slug} has more than one item bank ({named}); its folder has room for one. "
            "Move the items of one to the other, or give that bank another lesson."
        )


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that exists here and stands in no folder, and why."""

    kind: str
    slug: str
    reason: str

    def __str__(self) -> str:
        return f"{self.kind} {self.slug}: {self.reason}"


@dataclass(frozen=True)
class _Written:
    """The slugs of what earlier lessons have brought."""

    skills: set[str] = field(default_factory=set)
    misconceptions: set[str] = field(default_factory=set)
    media: set[str] = field(default_factory=set)


def export_course(*, subject: Subject) -> CourseFolder:
    """Return the published lessons and items of a subject as a folder. Raises OneBankPerLesson."""
    written = _Written()
    lessons = LessonVersion.objects.filter(current_of__subject=subject).select_related("lesson")
    document = {"slug": subject.slug, "title": subject.title, "description": subject.description}
    return CourseFolder(
        Source(f"{subject.slug}/subject.yaml", document),
        tuple(
            _lesson(version, f"{subject.slug}/{version.lesson.slug}", written)
            for version in lessons.order_by("lesson__slug")
        ),
    )


def left_out(subjects: Collection[Subject]) -> Iterator[LeftOut]:
    """Yield what the folders of these subjects do not hold: what has no place in them, and what is not in force."""
    exported = Lesson.objects.filter(subject__in=subjects, current__isnull=False)
    for lesson in Lesson.objects.filter(subject__in=subjects, current=None).order_by("slug"):
        yield LeftOut("lesson", lesson.slug, "was never published")
    for draft in _drafts(LessonVersion).filter(lesson__in=exported).select_related("lesson"):
        yield LeftOut("lesson", draft.lesson.slug, f"its draft, version {draft.number}")
    for bank in ItemBank.objects.exclude(lesson__in=exported).select_related("lesson").order_by("slug"):
        if bank.lesson is None:
            yield LeftOut("item bank", bank.slug, f"it has no lesson; {bank.items.count()} items with it")
        elif bank.lesson.subject in subjects:
            yield LeftOut(
                "item bank", bank.slug, f"its lesson is not published; {bank.items.count()} items with it"
            )
    items = Item.objects.filter(bank__lesson__in=exported)
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


def _lesson(version: LessonVersion, folder: str, written: _Written) -> LessonFolder:
    bank = _bank_of(version.lesson)
    items = _items_of(bank) if bank else []
    return LessonFolder(
        lesson=Source(f"{folder}/lesson.yaml", version.document),
        skills=_sources(f"{folder}/skills.yaml", _skills(version, items, written.skills), _skill_document),
        misconceptions=_sources(
            f"{folder}/misconceptions.yaml",
            _misconceptions(items, written.misconceptions),
            _misconception_document,
        ),
        bank=Source(f"{folder}/bank.yaml", _bank_document(bank)) if bank else None,
        items=tuple(Source(f"{folder}/items/{item.item.slug}.yaml", item.document) for item in items),
        media=_media([version.document, *(item.document for item in items)], written.media),
    )


def _media(documents: Iterable[Mapping[str, Any]], written: set[str]) -> tuple[Image, ...]:
    """Return the images that documents show and no earlier lesson has brought."""
    needed = set[str]().union(*map(media_in, documents)) - written
    written |= needed
    rows = Media.objects.filter(name__in=needed).order_by("name")
    return tuple(Image(row.parts, bytes(row.data)) for row in rows)


def _bank_document(bank: ItemBank) -> dict[str, Any]:
    document = {"slug": bank.slug, "title": bank.title}
    return document if bank.use == Use.BOTH else {**document, "use": bank.use}


def _bank_of(lesson: Lesson) -> ItemBank | None:
    banks = list(lesson.banks.all())
    if len(banks) > 1:
        raise OneBankPerLesson(lesson, banks)
    return banks[0] if banks else None


def _items_of(bank: ItemBank) -> list[ItemVersion]:
    served = ItemVersion.objects.filter(current_of__bank=bank, current_of__retired_at=None)
    return list(served.select_related("item").order_by("item__slug"))


def _skills(lesson: LessonVersion, items: Iterable[ItemVersion], written: set[str]) -> list[Skill]:
    """Return the skills that a lesson needs and nobody has written, with those that come before them."""
    waiting = {skill for item in items for skill in item.definition.skills}
    waiting = waiting.union(lesson.document.get("skills", [])) - written
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
