"""The library as the tests read it, and draws from its exercises."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

from content.formats.course_folder import CourseFolder, LessonFolder, read_course
from content.items.definition import ItemDefinition
from content.items.drawing import Batch, draw_batch
from content.items.parsing.document import parse_definition
from content.items.soundness import sound
from content.items.stream import as_words

LIBRARY = Path(__file__).resolve().parents[3] / "content" / "library"
SEEDS = 500


@cache
def course(subject: str = "classical-ml") -> CourseFolder:
    return read_course(LIBRARY / subject)


@cache
def definitions() -> Mapping[str, ItemDefinition]:
    """Return every item of the library by its slug."""
    return {source.slug: parse_definition(source.document) for source in course().items}


def folder(lesson: str) -> LessonFolder:
    """Return what one lesson of the library consists of."""
    return next(one for one in course().lessons if one.lesson.slug == lesson)


def exercises() -> list[str]:
    return sorted(slug for slug, definition in definitions().items() if definition.is_exercise)


def fixed_items() -> list[str]:
    return sorted(slug for slug, definition in definitions().items() if not definition.is_exercise)


@cache
def draws(slug: str) -> Batch:
    """Return a draw of an exercise for each of the first seeds."""
    return draw_batch(definitions()[slug], as_words(list(range(SEEDS))))


def served(slug: str) -> Iterator[int]:
    """Yield the places of the draws that a learner may meet."""
    definition = definitions()[slug]
    return (i for i, fit in enumerate(sound(definition, draws(slug))) if fit)


def parameters(slug: str, index: int) -> dict[str, Any]:
    """Return what was drawn, and nothing that was computed from it."""
    return {name: draws(slug).values[name][index] for name in definitions()[slug].parameters}
