"""How an entered text is compared with an accepted one, with care for case, accents, wrapping and slips."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

SHORT_WORD: Final = 5
"""Below this length a companion must be spelled exactly: one slip in a short word makes another word."""

_QUOTES = frozenset("\"`´“”„‟‘’‚‛«»‹›'*_")
_ENDING = re.compile(r"(?:[.,;:?…\s]|(?<=[^\W\d]|[”’»*_'\x22])!)+\Z")
_HYPHEN = re.compile(r"(?<=[^\W\d])[-‐‑–—](?=[^\W\d])")
"""Between letters only: "5-3" is another text than "5 3"."""


def normal(text: str, *, case: bool, accents: bool) -> str:
    """Return a text as it is compared: composed (NFKC), spaces single, perhaps without case and accents."""
    plain = " ".join(unicodedata.normalize("NFKC", text).split())
    if not case:
        plain = plain.casefold()
    if accents:
        return plain
    decomposed = unicodedata.normalize("NFD", plain)
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


@dataclass(frozen=True, slots=True)
class Care:
    """How a record says that texts are compared."""

    case: bool
    accents: bool
    edits: int
    wrapping: bool
    companions: tuple[tuple[str, ...], ...]

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> Self:
        case, accents = settings["case"], settings["accents"]
        words = [normal(each, case=case, accents=accents) for each in settings.get("companions", ())]
        longest_first = sorted((tuple(each.split()) for each in words), key=len, reverse=True)
        # A record from before wrapping could be forgiven keeps the care it was drawn with.
        return cls(case, accents, settings["edits"], settings.get("wrapping", True), tuple(longest_first))

    def plain(self, text: str) -> str:
        """Return a text as it is compared with another."""
        composed = normal(text, case=self.case, accents=self.accents)
        return composed if self.wrapping else unwrapped(composed)

    def readings(self, typed: str, entered: str) -> Iterator[tuple[str, ...]]:
        """Yield what the answer may be read as: as it stands first, then without its companions."""
        yield (typed.strip(),) if self.wrapping else (typed.strip(), unwrapped(entered))
        if self.companions and (alone := self._without_companions(self.plain(typed))):
            yield (alone,)

    def _without_companions(self, text: str) -> str | None:
        """Return the text less the companions at its ends; None where there are none."""
        words = text.split()
        while shorter := next(filter(None, (self._less(words, each) for each in self.companions)), None):
            words = shorter
        alone = " ".join(words)
        return (alone if self.wrapping else unwrapped(alone)) if len(words) < len(text.split()) else None

    def _less(self, words: list[str], companion: tuple[str, ...]) -> list[str] | None:
        """Return the words without one companion at an end, where something is left."""
        size = len(companion)
        if size >= len(words):
            return None
        if self._same(words[:size], companion):
            return words[size:]
        return words[:-size] if self._same(words[-size:], companion) else None

    def _same(self, words: Sequence[str], companion: Sequence[str]) -> bool:
        return all(
            within_edits(wanted, word, self.edits if len(wanted) > SHORT_WORD else 0)
            for wanted, word in zip(companion, words, strict=True)
        )


def unwrapped(text: str) -> str:
    """Return a text without the quotes around it, punctuation after it, hyphens between words, and articles.

    Something is always left: an article that stands alone or last ("vitamin a") is a word. Quotes count in pairs
    only, so that "f'" stays another text than "f".
    """
    words = _HYPHEN.sub(" ", _bare(text)).split()
    if len(words) > 1 and words[0].casefold() in ("a", "an"):
        words = words[1:]
    return " ".join(
        word for place, word in enumerate(words, 1) if word.casefold() != "the" or place == len(words)
    )


def _bare(text: str) -> str:
    bare = _ENDING.sub("", text)
    while len(bare) > 2 and bare[0] in _QUOTES and bare[-1] in _QUOTES:
        bare = _ENDING.sub("", bare[1:-1])
    return bare.strip() or text


def within_edits(wanted: str, entered: str, limit: int) -> bool:
    """Whether at most ``limit`` insertions, deletions, replacements or swaps of neighbors part the texts.

    The optimal string alignment distance (Damerau 1964), row by row.
    """
    if abs(len(wanted) - len(entered)) > limit:
        return False
    if limit == 0:
        return wanted == entered
    before: list[int] = []
    row = list(range(len(entered) + 1))
    for i, letter in enumerate(wanted, start=1):
        last, row = row, [i]
        for j, other in enumerate(entered, start=1):
            cost = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != other))
            if i > 1 and j > 1 and letter == entered[j - 2] and wanted[i - 2] == other:
                cost = min(cost, before[j - 2] + 1)
            row.append(cost)
        before = last
    return row[-1] <= limit
