"""What an assessment can begin with: texts with comments, each a document that only lacks its own names."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final


@dataclass(frozen=True, slots=True)
class Start:
    """A text to begin with; ``words`` say whom it is for."""

    slug: str
    title: str
    words: str

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
