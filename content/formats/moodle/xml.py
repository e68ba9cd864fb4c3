"""Moodle XML: a list of questions, between them the categories to which they belong."""

from __future__ import annotations

import re
from typing import Final

from content.formats.foreign import MOST_QUESTIONS, Foreign, ForeignFault
from content.formats.moodle import kinds
from content.formats.moodle.question import Question
from content.formats.moodle.tree import parse, text_of

_ROOT: Final = re.compile(r"<quiz[\s>/]|\A(?:<\?xml[^>]*\?>)?(?:\s|<!--.*?-->)*<question\s+type=", re.DOTALL)
MOST_LEVELS: Final = 20


def sniff(data: bytes) -> bool:
    """Whether a text begins as markup and holds a list of questions, sound or not."""
    head = data[:65_536]
    text = head.decode(
        "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "latin-1", errors="replace"
    )
    text = text.lstrip("\ufeff\xef\xbb\xbf \t\r\n")
    return text.startswith("<") and bool(_ROOT.search(text))


def read(data: bytes, _name: str) -> list[Foreign]:
    """Return every question of a file, but for its categories, which are none. Raises ForeignFault."""
    root = parse(data)
    if root.tag == "question":
        return [kinds.read(Question(root))]
    if root.tag != "quiz":
        raise ForeignFault("is no list of questions of Moodle")
    found: list[Foreign] = []
    category: tuple[str, ...] = ()
    for element in root.iterfind("question"):
        if element.get("type") == "category":
            category = path(text_of(element, "category/text"))
        elif len(found) == MOST_QUESTIONS:
            raise ForeignFault(f"has more than {MOST_QUESTIONS} questions: bring it in several files")
        else:
            found.append(kinds.read(Question(element, category)))
    return found


def path(text: str) -> tuple[str, ...]:
    """Return a category as its names from the top, without the context: two strokes stand for one in a name."""
    names = [name.replace("\0", "/").strip() for name in text.replace("//", "\0").split("/")]
    names = [name for name in names if name and not re.fullmatch(r"\$[\w@]+\$", name) and name != "top"]
    return tuple(names[:MOST_LEVELS])
