"""What a lesson says: one document, the same in the course folder, in the database and in the editor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from content.catalogue import read_slug, read_title
from content.items.faults import DefinitionError, Faults, Reader
from content.items.markup import render

__all__ = ["DefinitionError", "LessonDefinition", "Related", "parse_lesson", "theory_html"]

MAX_THEORY = 200_000
MAX_MINUTES = 24 * 60


@dataclass(frozen=True, slots=True)
class Related:
    """Something to go on with; ``kind`` says what: a lesson, a project, ..."""

    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class LessonDefinition:
    """A checked lesson. ``theory`` is Markdown with formulas, ``minutes`` the time it takes to read."""

    slug: str
    title: str
    summary: str
    level: str
    minutes: int
    updated_on: date
    premium: bool
    objectives: tuple[str, ...]
    related: tuple[Related, ...]
    skills: tuple[str, ...]
    theory: str


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
        objectives=reader.texts("objectives"),
        related=tuple(_related(entry) for entry in reader.readers("related")),
        skills=reader.texts("skills"),
        theory=reader.text("theory"),
    )
    reader.finish()
    if len(lesson.theory) > MAX_THEORY:
        reader.fault("theory", f"is longer than {MAX_THEORY} characters")
    faults.raise_if_any()
    return lesson


def theory_html(lesson: LessonDefinition) -> str:
    """Return the theory as safe HTML, formulas left as TeX in ``.math`` elements."""
    return render(lesson.theory)


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
    related = Related(reader.text("title"), reader.text("kind"))
    reader.finish()
    return related
