"""What a lesson says: one document, the same in the course folder, in the database and in the editor."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from content.catalogue import read_slug, read_title, slug_fault
from content.documents.examining import Examination, examine_document, no_such, unknown_name
from content.documents.reader import DefinitionError, Faults, PathFault, Reader
from content.documents.source import SourceText
from content.items.markup import render
from content.items.pictures import media_of
from content.theory import Theory, beginning, parse_theory

__all__ = ["DefinitionError", "LessonDefinition", "Related", "parse_lesson"]

MAX_THEORY = 200_000
MAX_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Related:
    """Something to go on with; ``kind`` says what: a lesson, a project, ... ``lesson`` is the slug of one of ours."""

    title: str
    kind: str
    lesson: str | None = None


@dataclass(frozen=True, slots=True)
class LessonDefinition:
    """A checked lesson. ``minutes`` is the time it takes to read, ``prerequisites`` the lessons to read before it.

    ``preview`` lets everybody read the beginning of a premium lesson.
    """

    slug: str
    title: str
    summary: str
    level: str
    minutes: int
    updated_on: date
    premium: bool
    preview: bool
    objectives: tuple[str, ...]
    related: tuple[Related, ...]
    skills: tuple[str, ...]
    prerequisites: tuple[str, ...]
    theory: Theory

    @property
    def media(self) -> frozenset[str]:
        """The names of the images that its text shows."""
        return frozenset(media_of(self.theory.pictures))

    @property
    def preview_html(self) -> str | None:
        """The beginning of the theory, up to its first heading, as safe HTML; None where it is not for everybody."""
        return render(beginning(self.theory.markdown)) if self.preview else None


def parse_lesson(document: Mapping[str, Any]) -> LessonDefinition:
    """Return the lesson in ``document``. Raises DefinitionError with every fault and its path."""
    faults = Faults()
    lesson = read_lesson(document, faults)
    faults.raise_if_any()
    return lesson


def read_lesson(document: object, faults: Faults) -> LessonDefinition:
    """Return what could be read of a document. Where it has faults, which are added, it is no use but to look at."""
    reader = Reader.of(document, "", faults)
    lesson = LessonDefinition(
        slug=read_slug(reader),
        title=read_title(reader),
        summary=reader.text("summary"),
        level=reader.text("level"),
        minutes=_minutes(reader),
        updated_on=_day(reader, "updated_on"),
        premium=reader.flag("premium"),
        preview=reader.flag("preview"),
        objectives=reader.texts("objectives"),
        related=tuple(_related(entry) for entry in reader.readers("related")),
        skills=reader.texts("skills"),
        prerequisites=reader.texts("prerequisites"),
        theory=_theory(reader),
    )
    reader.finish()
    if lesson.preview and not lesson.theory.headings and not reader.is_broken("theory"):
        reader.fault(
            "preview", "would be the whole text: it ends at the first heading (##), and there is none"
        )
    return lesson


@dataclass(frozen=True, slots=True)
class LessonNames:
    """The slugs of what a lesson may name: ``items`` are those that may be practiced."""

    skills: Collection[str] = ()
    lessons: Collection[str] = ()
    items: Collection[str] = ()


def examine_lesson(
    text: str, names: LessonNames, *, slug: str | None = None
) -> Examination[LessonDefinition]:
    """Return all that is wrong with the text of a lesson. Raises nothing.

    ``slug`` is the one that the lesson must keep.
    """

    def others(_: SourceText, lesson: LessonDefinition) -> Iterator[PathFault]:
        if slug and lesson.slug and lesson.slug != slug:
            yield PathFault("slug", f"must stay {slug}", suggestion=slug)
        yield from unknown_name("skill", "skills", lesson.skills, names.skills)
        yield from unknown_name("lesson", "prerequisites", lesson.prerequisites, names.lessons)
        for place, entry in enumerate(lesson.related):
            if entry.lesson and entry.lesson not in names.lessons:
                yield no_such("lesson", f"related.{place}.lesson", entry.lesson, names.lessons)
        for line, item in lesson.theory.checks:
            if item not in names.items:
                yield no_such("item that may be practiced", f"theory:{line}", item, names.items)

    return examine_document(text, read_lesson, others)


def _theory(reader: Reader) -> Theory:
    markdown = reader.text("theory")
    if len(markdown) > MAX_THEORY:
        reader.fault("theory", f"is longer than {MAX_THEORY} characters")
        return Theory("", ())
    return parse_theory(markdown, reader.at("theory"), reader.faults)


def _minutes(reader: Reader) -> int:
    minutes = reader.number("minutes", 0)
    if not isinstance(minutes, int) or not 1 <= minutes <= MAX_MINUTES:
        reader.spoil("minutes", f"must be a whole number of 1 to {MAX_MINUTES}")
        return 1
    return minutes


def _day(reader: Reader, key: str) -> date:
    try:
        return date.fromisoformat(reader.text(key))
    except ValueError:
        reader.spoil(key, "must be a day such as 2026-05-13")
        return date.min


def _related(reader: Reader) -> Related:
    lesson = reader.text("lesson", default="") or None
    if lesson and (reason := slug_fault(lesson)):
        reader.fault("lesson", reason)
    related = Related(reader.text("title"), reader.text("kind"), lesson)
    reader.finish()
    return related
