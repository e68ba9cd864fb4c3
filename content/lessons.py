"""What a lesson says: one document, the same in the course folder, in the database and in the editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from content.catalogue import read_slug, read_title, slug_fault
from content.documents.reader import DefinitionError, Faults, Reader
from content.items.markup import render
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
    def preview_html(self) -> str | None:
        """The beginning of the theory, up to its first heading, as safe HTML; None where it is not for everybody."""
        return render(beginning(self.theory.markdown)) if self.preview else None


def parse_lesson(document: Mapping[str, Any]) -> LessonDefinition:
    """Return the lesson in ``document``. Raises DefinitionError with every fault and its path."""
    faults = Faults()
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
    if lesson.preview and not lesson.theory.headings:
        reader.fault(
            "preview", "would be the whole text: it ends at the first heading (##), and there is none"
        )
    faults.raise_if_any()
    return lesson


def _theory(reader: Reader) -> Theory:
    markdown = reader.text("theory")
    if len(markdown) > MAX_THEORY:
        reader.fault("theory", f"is longer than {MAX_THEORY} characters")
        return Theory("", ())
    return parse_theory(markdown, reader.at("theory"), reader.faults)


def _minutes(reader: Reader) -> int:
    minutes = reader.number("minutes", 0)
    if not isinstance(minutes, int) or not 1 <= minutes <= MAX_MINUTES:
        reader.fault("minutes", f"must be a whole number of 1 to {MAX_MINUTES}")
        return 1
    return minutes


def _day(reader: Reader, key: str) -> date:
    try:
        return date.fromisoformat(reader.text(key))
    except ValueError:
        reader.fault(key, "must be a day such as 2026-05-13")
        return date.min


def _related(reader: Reader) -> Related:
    lesson = reader.text("lesson", default="") or None
    if lesson and (reason := slug_fault(lesson)):
        reader.fault("lesson", reason)
    related = Related(reader.text("title"), reader.text("kind"), lesson)
    reader.finish()
    return related
