"""What an assessment can begin with: texts with comments, each a document that only lacks its own names."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from content.documents.editing import Edit, edited
from content.documents.editing import Path as Place
from content.documents.text import load_document


@dataclass(frozen=True, slots=True)
class Start:
    """A text to begin with; ``words`` say whom it is for."""

    slug: str
    title: str
    words: str

    @property
    def name(self) -> str:
        return self.slug

    @property
    def about(self) -> str:
        return self.words

    @property
    def text(self) -> str:
        """The document as YAML, with comments for somebody who has never seen one."""
        return (Path(__file__).parent / f"{self.slug}.yaml").read_text(encoding="utf-8")


TEMPLATES: Final = (
    Start(
        "practice-quiz", "Practice quiz", "Any number of tries, each explained at once; nothing is at stake."
    ),
    Start(
        "graded-quiz",
        "Graded quiz",
        "Two tries that count, points by section, some questions drawn from a bank.",
    ),
    Start("exam", "Exam with a time limit", "One attempt in 90 minutes; results when it has closed."),
    Start(
        "adaptive-placement",
        "Adaptive placement",
        "Finds a level with few questions, each chosen by earlier answers.",
    ),
    Start("mastery-check", "Mastery check", "Skills are practiced one after the other until each is known."),
)


def start_named(slug: str) -> Start:
    """Return the start of a name; the first where there is none of it."""
    return next((one for one in TEMPLATES if one.slug == slug), TEMPLATES[0])


PLACEHOLDER: Final = "the-slug-of-"
"""What stands in a text for a name that its author has to choose."""


def begun(start: Start, *, slug: str, title: str) -> str:
    """Return the text of a start with names of its own, and nothing where one is to be chosen."""
    named = [Edit(("slug",), value=slug), Edit(("title",), value=title)]
    chosen = [Edit(place, value="") for place in _placeholders(load_document(start.text))]
    return edited(start.text, [*named, *chosen])


def _placeholders(value: Any, place: Place = ()) -> Iterator[Place]:
    if isinstance(value, str) and value.startswith(PLACEHOLDER):
        yield place
    entries = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for key, one in entries:
        yield from _placeholders(one, (*place, key))
