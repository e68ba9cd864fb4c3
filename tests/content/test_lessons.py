"""The lesson document."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from content.documents.reader import DefinitionError
from content.lessons import Related, parse_lesson


def document(**changes: Any) -> dict[str, Any]:
    return {
        "slug": "a-lesson",
        "title": "A lesson",
        "summary": "What it is about.",
        "level": "Advanced",
        "minutes": 12,
        "updated_on": "2026-05-13",
        "premium": True,
        "objectives": ["Know it."],
        "related": [{"title": "Templates", "kind": "project"}],
        "skills": ["l2-update"],
        "theory": "The weight $w$ shrinks.",
    } | changes


def test_a_lesson_is_read_with_its_types() -> None:
    lesson = parse_lesson(document())
    assert lesson.updated_on == date(2026, 5, 13)
    assert lesson.related == (Related("Templates", "project"),)
    assert (lesson.minutes, lesson.premium, lesson.skills) == (12, True, ("l2-update",))


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"slug": "A Lesson"}, "slug"),
        ({"slug": "x" * 101}, "slug"),
        ({"title": "x" * 201}, "title"),
        ({"title": " "}, "title"),
        ({"minutes": 0}, "minutes"),
        ({"minutes": 1.5}, "minutes"),
        ({"minutes": True}, "minutes"),
        ({"updated_on": "yesterday"}, "updated_on"),
        ({"premium": "yes"}, "premium"),
        ({"preview": True, "theory": "No heading."}, "preview"),
        ({"objectives": "one"}, "objectives"),
        ({"related": [{"title": "no kind"}]}, "related.0.kind"),
        ({"theory": ""}, "theory"),
        ({"theory": "x" * 200_001}, "theory"),
        ({"minuts": 3}, "minuts"),
    ],
)
def test_a_fault_names_its_path(changes: dict[str, Any], path: str) -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_lesson(document(**changes))
    assert path in [found for found, _ in caught.value.faults]


def test_all_faults_are_reported_at_once() -> None:
    with pytest.raises(DefinitionError) as caught:
        parse_lesson({})
    found = {path for path, _ in caught.value.faults}
    assert found >= {"slug", "title", "summary", "level", "minutes", "updated_on", "theory"}


def test_theory_is_shown_with_its_formulas_and_without_scripts() -> None:
    html = parse_lesson(document(theory="Take $w^2$. <script>alert(1)</script>")).theory.html()
    assert "<msup><mi>w</mi><mn>2</mn></msup>" in html
    assert "<script" not in html
