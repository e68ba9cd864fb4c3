"""What a file of another system holds: one entry for each question in it, whether it can be used here or not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from content.media.reading import Image

LONGEST_SLUG: Final = 80
"""Shorter than a slug may be, so that a number fits behind it."""
LONGEST_TITLE: Final = 200
MOST_QUESTIONS: Final = 5_000
"""In one file."""


class ForeignFault(ValueError):
    """A file cannot be read as a whole; the text says why, and ``line`` where, if that is known."""

    def __init__(self, reason: str, line: int | None = None) -> None:
        self.reason, self.line = reason, line
        super().__init__(reason if line is None else f"line {line}: {reason}")


class NotHere(ValueError):
    """A question asks for something that items here cannot do; the text says what."""


@dataclass(frozen=True, slots=True)
class Trial:
    """An answer that a file foresees to an interaction, and the share of the credit that it earns there."""

    interaction: str
    answer: Any
    fraction: float


@dataclass(frozen=True, slots=True)
class Foreign:
    """A question of another system.

    ``document`` is an item's document without a slug, None where the question is ``refused``, with the reason.
    ``notes`` say what was lost or changed on the way, ``images`` are those that its texts show. ``identity`` tells
    the question from others of its file as long as its author leaves it alone; ``name`` is the slug that the file
    itself proposes, if it does.
    """

    title: str
    kind: str
    document: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = ()
    refused: str = ""
    category: tuple[str, ...] = ()
    trials: tuple[Trial, ...] = ()
    identity: str = ""
    name: str = ""
    images: tuple[Image, ...] = ()
    line: int | None = None

    @classmethod
    def refusing(cls, title: str, kind: str, reason: str, **more: Any) -> Foreign:
        return cls(title=title, kind=kind, refused=reason, **more)

    def noted(self, *notes: str) -> Foreign:
        """Return the question with more notes, each once."""
        return replace(self, notes=tuple(dict.fromkeys((*self.notes, *notes))))


def slug_from(text: str, default: str = "question") -> str:
    """Return a slug made from a title: its letters and digits without accents, as many words as fit."""
    plain = unicodedata.normalize("NFKD", text.replace("ß", "ss")).encode("ascii", "ignore").decode().lower()
    plain = re.sub(r"(?<=[a-z])['’](?=[a-z])", "", plain)
    words = re.findall(r"[a-z0-9]+", plain[: 4 * LONGEST_SLUG])
    slug = ""
    for word in words:
        longer = f"{slug}-{word}" if slug else word[:LONGEST_SLUG]
        if len(longer) > LONGEST_SLUG:
            break
        slug = longer
    return slug or default


def title_from(text: str, default: str) -> str:
    """Return a title of one line from the text of a question that has none of its own."""
    line = " ".join(text.split())
    if len(line) <= LONGEST_TITLE // 2:
        return line or default
    return line[: LONGEST_TITLE // 2].rsplit(" ", 1)[0] + " …"
