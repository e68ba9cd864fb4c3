"""Finding words in a lesson or an item: what a search asks for, and the place that shows why something was found.

Which of them hold the words is the database's to say; here is only what it is asked, and what a reader is shown.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any, Final

MAX_WORDS: Final = 8
"""More are not asked for: each costs the database a look-up."""
EXCERPT: Final = 160
"""Characters of an excerpt, about two lines."""
MOST_READ: Final = 20_000
"""Characters of an item among which an excerpt is looked for: a list shows a hundred items."""
BLOCKS: Final = frozenset("p h2 h3 h4 li td th blockquote figcaption pre dt dd div".split())
VOID: Final = frozenset("br hr img wbr".split())
"""Elements that nothing ends."""

_WORD = re.compile(r"[^\W_]+")
_BRITISH = re.compile(r"is(?=(?:e|ed|er|es|ing|ation|ations)?$)")
_AMERICAN = re.compile(r"iz(?=(?:e|ed|er|es|ing|ation|ations)?$)")


@dataclass(frozen=True, slots=True)
class Passage:
    """A paragraph, and the number of its section as the page counts them: 0 before the first heading."""

    section: int
    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class Excerpt:
    """A piece of plain text; ``matches`` are the places of the words in it, first and behind the last character."""

    section: int
    heading: str
    text: str
    matches: tuple[tuple[int, int], ...]


def words_of(search: str) -> tuple[str, ...]:
    """Return the words of a search, each once."""
    return tuple(dict.fromkeys(_WORD.findall(search.casefold())))[:MAX_WORDS]


def spellings(word: str) -> frozenset[str]:
    """Return a word as it is written on both sides of the Atlantic: ``regularise`` and ``regularize``."""
    return frozenset({word, _BRITISH.sub("iz", word), _AMERICAN.sub("is", word)})


def passages(html: str) -> tuple[Passage, ...]:
    """Return the paragraphs of a text as plain words; a formula is a dot-dot-dot."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.end_passage()
    return tuple(reader.passages)


def excerpt(within: Sequence[Passage], words: Sequence[str]) -> Excerpt | None:
    """Return the place that shows most of ``words`` closest together, or None where no passage has any."""
    found = [(passage, places) for passage in within if (places := _places(passage.text, words))]
    if not found:
        return None
    # A heading says less than the paragraph under it, and stands beside it anyway.
    passage, places = max(found, key=lambda one: (_worth(one[1]), one[0].text != one[0].heading))
    return _cut(passage, places)


Place = tuple[int, int, str]
"""Where a word begins and ends in a text, and which word of the search it is."""


def _places(text: str, words: Sequence[str]) -> list[Place]:
    return [
        (found.start(), found.end(), word)
        for found in _WORD.finditer(text)
        for word in words
        if _is_like(found[0].casefold(), word)
    ]


def _is_like(token: str, word: str) -> bool:
    """Whether a token of a text begins as the word does, or shares most of it: ``overfits`` for ``overfitting``."""
    return any(_share(token, one) >= min(len(one), max(4, 0.6 * len(one))) for one in spellings(word))


def _share(token: str, word: str) -> int:
    length = min(len(token), len(word))
    return next((at for at in range(length) if token[at] != word[at]), length)


def _worth(places: Sequence[Place]) -> int:
    """Return how many different words stand in one excerpt from the best first place."""
    return max(len(_near(places, start)) for start, _, _ in places)


def _near(places: Sequence[Place], start: int) -> set[str]:
    return {word for begin, end, word in places if start <= begin and end <= start + EXCERPT}


def _cut(passage: Passage, places: Sequence[Place]) -> Excerpt:
    """Cut two lines out of a passage, at spaces, around the place that shows most."""
    first = max(places, key=lambda one: (len(_near(places, one[0])), -one[0]))[0]
    start = _space_before(passage.text, max(0, first - EXCERPT // 4))
    stop = _space_after(passage.text, start + EXCERPT)
    opening = "… " if start else ""
    closing = " …" if stop < len(passage.text) else ""
    shift = len(opening) - start
    inside = [(begin + shift, end + shift) for begin, end, _ in places if start <= begin and end <= stop]
    text = f"{opening}{passage.text[start:stop]}{closing}"
    return Excerpt(passage.section, passage.heading, text, tuple(dict.fromkeys(inside)))


def _space_before(text: str, at: int) -> int:
    return text.rfind(" ", 0, at) + 1 if at else 0


def _space_after(text: str, at: int) -> int:
    if at >= len(text):
        return len(text)
    found = text.find(" ", at)
    return len(text) if found < 0 else found


class _Reader(HTMLParser):
    """Gathers the paragraphs of clean HTML, as our own renderer writes it."""

    def __init__(self) -> None:
        super().__init__()
        self.passages: list[Passage] = []
        self._text: list[str] = []
        self._heading = ""
        self._section = 0
        self._formula = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self._formula:
            self._formula += tag not in VOID
        elif tag == "math" or "math" in (dict(attrs).get("class") or "").split():
            self._formula = 1
            self._text.append("…")
        elif tag in BLOCKS:
            self.end_passage()
        elif tag in VOID:
            self._text.append(" ")
        if tag == "h2":
            self._section += 1

    def handle_endtag(self, tag: str) -> None:
        if self._formula:
            self._formula -= 1
        elif tag == "h2":
            self._heading = " ".join("".join(self._text).split())
            self.end_passage()
        elif tag in BLOCKS:
            self.end_passage()

    def handle_data(self, data: str) -> None:
        if not self._formula:
            self._text.append(data)

    def end_passage(self) -> None:
        """Keep what was read as a passage, if it is any."""
        if text := " ".join("".join(self._text).split()):
            self.passages.append(Passage(self._section, self._heading, text))
        self._text.clear()


def query(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Return, of each word, what is asked of the database: beginnings, and words whose stem is looked up."""
    for word in words:
        ways = sorted(spellings(word))
        yield " | ".join(f"{way}:*" for way in ways), " | ".join(ways)


_PLACES = re.compile(r"\[\[[^\]\n]{0,60}\]\]")
_MARKS = re.compile(r"\*\*|`")
_FORMULAS = re.compile(r"\$\$[^$]*\$\$|\$[^$\n]*\$")


def passages_of_item(document: Mapping[str, Any]) -> tuple[Passage, ...]:
    """Return the texts of an item that a search finds, as they were written; a formula is a dot-dot-dot.

    The document may be unfinished, and hold anything.
    """
    interactions = document.get("interactions")
    texts = [
        *(document.get(key) for key in ("body", "title", "solution")),
        *_texts_in(document.get("hints"), None),
        *_texts_in(interactions, ("text", "feedback")),
    ]
    return tuple(_bounded(_plain(text) for text in texts if isinstance(text, str)))


def _bounded(texts: Iterable[str]) -> Iterator[Passage]:
    """Yield passages of texts that say something, MOST_READ characters of them."""
    left = MOST_READ
    for text in texts:
        if said := text[:left]:
            yield Passage(0, "", said)
        left -= len(said)


def _texts_in(value: Any, keys: tuple[str, ...] | None) -> Iterator[Any]:
    """Yield the texts in a value of JSON, or those that stand there under one of ``keys``."""
    waiting = deque([value])
    while waiting:
        match waiting.popleft():
            case str() as text if keys is None:
                yield text
            case list() as entries:
                waiting += entries
            case Mapping() as entries:
                yield from (entries[key] for key in keys or () if key in entries)
                waiting += entries.values()


def _plain(markdown: str) -> str:
    return " ".join(_MARKS.sub("", _FORMULAS.sub("…", _PLACES.sub("…", markdown))).split())
