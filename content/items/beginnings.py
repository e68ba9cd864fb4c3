"""What a new item can begin with: a text for each kind of question, that can be tried at once and changed bit by bit.

The texts are files in ``beginnings/``, as an author would write them; a picture for each is drawn by the desk.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

from content.documents.editing import Edit, edited

FOLDER: Final = Path(__file__).parent / "beginnings"


@dataclass(frozen=True, slots=True)
class Beginning:
    """A text to begin with; ``name`` is that of its file and of its picture."""

    name: str
    title: str
    about: str

    @property
    def text(self) -> str:
        return _read(self.name)


@cache
def _read(name: str) -> str:
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")


BEGINNINGS: Final[Mapping[str, Beginning]] = {
    one.name: one
    for one in (
        Beginning(
            "one-right", "One right answer", "Options of which one is right, each wrong one with its mistake."
        ),
        Beginning("several-right", "Several right answers", "Options to tick; each counts."),
        Beginning(
            "number-with-unit",
            "Number with a unit",
            "Different numbers for everybody, an answer in m/s or km/h.",
        ),
        Beginning(
            "vector-exercise",
            "Vector exercise",
            "A step of gradient descent with numbers for every learner.",
        ),
        Beginning("matrix-exercise", "Table of numbers", "A matrix to fill in, drawn for every learner."),
        Beginning("cloze", "Cloze", "Gaps in a text: words, numbers and lists to pick from."),
        Beginning("matching", "Matching", "Entries of two columns that belong together."),
        Beginning("ordering", "Order", "Steps to put into their order."),
        Beginning("formula", "Formula", "A formula in letters; every equal form is right."),
        Beginning("words", "A word or two", "A short text, spelled one way or another."),
        Beginning(
            "two-parts",
            "Question with two parts",
            "The second goes on with the first, as it was answered.",
        ),
        Beginning("empty", "Empty", "Nothing but a text and one answer."),
    )
}


def begun(name: str, values: Mapping[str, Any]) -> str:
    """Return the text of a beginning with some values of its own, such as its slug and its title. Raises KeyError."""
    return edited(BEGINNINGS[name].text, [Edit((key,), value=value) for key, value in values.items()])
