"""From rows to course folders: what is in force, in the form in which it can be imported again.

Skills and misconceptions are shared by all courses. Each is written once, with the first lesson that needs it;
those that nothing needs are not written.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from content.formats.course_folder import CourseFolder, LessonFolder, Source
from content.items.uses import Use
from content.models import ItemBank, ItemVersion, Lesson, LessonVersion, Misconception, Skill, Subject


class OneBankPerLesson(Exception):
    """A lesson's folder has room for one item bank."""

    def __init__(self, lesson: Lesson) -> None:
        super().__init__(
            f"The lesson {lesson.slug} has more than one item bank; its folder has room for one."
        )


@dataclass(frozen=True)
class _Written:
    """The slugs of what earlier lessons have brought."""

    skills: set[str] = field(default_factory=set)
    misconceptions: set[str] = field(default_factory=set)


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
    )


def _bank_document(bank: ItemBank) -> dict[str, Any]:
    document = {"slug": bank.slug, "title": bank.title}
    return document if bank.use == Use.BOTH else {**document, "use": bank.use}


def _bank_of(lesson: Lesson) -> ItemBank | None:
    banks = list(lesson.banks.all())
    if len(banks) > 1:
        raise OneBankPerLesson(lesson)
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
