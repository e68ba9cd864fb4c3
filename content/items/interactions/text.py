"""Short text: compared with accepted texts, or matched by a pattern, with care for case, accents and slips.

What surrounds an answer without changing it is forgiven unless the author asks otherwise: articles, quotes,
punctuation at the ends, hyphens between words, and the companions that the author names.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Self

import re2

from content.documents.reader import Reader
from content.expressions import Scope, exact
from content.items.interactions.base import Draw, Interaction, Record, Render, Samples, parse_weight
from content.items.verdict import Verdict, invalid

MAX_ANSWER = 500
MAX_PATTERN = 500
MAX_EDITS = 5
MAX_COMPANIONS = 30
SHORT_WORD = 5
"""Below this length a companion must be spelled exactly: one slip in a short word makes another word."""
VERSION = 2
"""Since version 2 a record says whether wrapping matters; one that does not is read as strictly as it was drawn."""

_QUOTES = frozenset("\"`´“”„‟‘’‚‛«»‹›'*_")
_ENDING = re.compile(r"(?:[.,;:?…\s]|(?<=[^\W\d]|[”’»*_'\x22])!)+\Z")
_HYPHEN = re.compile(r"(?<=[^\W\d])[-‐‑–—](?=[^\W\d])")
"""Between letters only: "5-3" is another text than "5 3"."""


@dataclass(frozen=True, slots=True)
class Accepted:
    """A text or a pattern (RE2: linear in the length of the answer), what it earns, and what it tells."""

    text: str | None
    pattern: str | None
    credit: float
    feedback: str | None
    misconception: str | None
    example: str | None


@dataclass(frozen=True, kw_only=True)
class Text(Interaction):
    """The first of ``accepted`` that fits decides. ``edits`` letters may be wrong, missing or too many.

    Unless ``wrapping`` matters, articles, quotes and surrounding punctuation do not. ``companions`` are words that
    may stand before or after an accepted text; what fits without leaving them out comes first.
    """

    kind: ClassVar[str] = "text"
    accepted: tuple[Accepted, ...]
    case: bool
    accents: bool
    edits: int
    wrapping: bool
    companions: tuple[str, ...]
    placeholder: str

    @classmethod
    def parse(cls, identifier: str, reader: Reader, scope: Scope) -> Self | None:
        accepted = tuple(_parse_accepted(entry) for entry in reader.readers("accepted"))
        if not any(entry.credit >= 1 for entry in accepted):
            reader.fault("accepted", "must have an entry with full credit")
        edits = reader.raw("edits", 0)
        if type(edits) is not int or not 0 <= edits <= MAX_EDITS:
            reader.fault("edits", f"must be an integer of 0 to {MAX_EDITS}")
            edits = 0
        companions = reader.texts("companions")
        if len(companions) > MAX_COMPANIONS or not all(word.strip() for word in companions):
            reader.fault(
                "companions", f"must be at most {MAX_COMPANIONS} words or phrases, none of them blank"
            )
        return cls(
            id=identifier,
            weight=parse_weight(reader),
            accepted=accepted,
            case=reader.flag("case"),
            accents=reader.flag("accents", default=True),
            edits=edits,
            wrapping=reader.flag("wrapping"),
            companions=companions,
            placeholder=reader.text("placeholder", default=""),
        )

    @classmethod
    def schema(cls) -> dict[str, Any]:
        entry = {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "text": {"type": "string"},
                "pattern": {"type": "string"},
                "example": {"type": "string"},
                "credit": {"type": "number", "minimum": 0, "maximum": 1},
                "feedback": {"type": "string"},
                "misconception": {"type": "string"},
            },
        }
        return {
            "required": ["accepted"],
            "properties": {
                "accepted": {"type": "array", "minItems": 1, "items": entry},
                "case": {"type": "boolean"},
                "accents": {"type": "boolean"},
                "edits": {"type": "integer", "minimum": 0, "maximum": MAX_EDITS},
                "wrapping": {"type": "boolean"},
                "companions": {
                    "type": "array",
                    "maxItems": MAX_COMPANIONS,
                    "items": {"type": "string", "minLength": 1},
                },
                "placeholder": {"type": "string"},
            },
        }

    def record(self, draw: Draw) -> dict[str, Any]:
        settings = {
            "case": self.case,
            "accents": self.accents,
            "edits": self.edits,
            "wrapping": self.wrapping,
            "companions": list(self.companions),
        }
        return {
            "key": [draw.fill(entry.text) if entry.text is not None else None for entry in self.accepted],
            "policy": {"name": "text", "version": VERSION} | settings,
        }

    def present(self, record: Record, render: Render) -> dict[str, Any]:
        return {"placeholder": self.placeholder, "max_length": MAX_ANSWER}

    def grade(self, record: Record, answer: object, locale: str) -> Verdict:
        settings = record["policy"]
        version = settings["version"]
        if not isinstance(answer, str) or not answer.strip():
            return invalid("text", version, "Enter a word or a short text.")
        if len(answer) > MAX_ANSWER:
            return invalid("text", version, f"At most {MAX_ANSWER} characters, please.")
        care = _Care.of(settings)
        entered = normal(answer, case=care.case, accents=care.accents)
        for readings in care.readings(answer, entered):
            for index, entry in enumerate(self.accepted):
                if any(self._fits(entry, record["key"][index], reading, care) for reading in readings):
                    return self._verdict(entry, entered, version)
        return Verdict(True, 0.0, "text", version, self._rule, parsed=entered)

    def _fits(self, entry: Accepted, text: str | None, reading: str, care: _Care) -> bool:
        if text is None:
            return bool(_compiled(entry.pattern or "", case=care.case).fullmatch(reading))
        return within_edits(care.plain(text), care.plain(reading), care.edits)

    def _verdict(self, entry: Accepted, entered: str, version: int) -> Verdict:
        verdict = Verdict(True, entry.credit, "text", version, self._rule, parsed=entered)
        return verdict.with_misconception(entry.misconception, feedback=entry.feedback, score=entry.credit)

    @property
    def _rule(self) -> str:
        care = [
            "upper and lower case matter" if self.case else "upper and lower case are the same",
            "accents matter" if self.accents else "accents do not matter",
        ]
        if not self.wrapping:
            care.append("articles, quotes and punctuation around it do not matter")
        return "; ".join([*care, f"up to {self.edits} slips of the pen"] if self.edits else care)

    @property
    def misconceptions(self) -> frozenset[str]:
        return frozenset(entry.misconception for entry in self.accepted if entry.misconception)

    @property
    def texts(self) -> tuple[str, ...]:
        feedback = (entry.feedback for entry in self.accepted if entry.feedback)
        return (*(entry.text for entry in self.accepted if entry.text is not None), *feedback)

    @property
    def key_texts(self) -> tuple[str, ...]:
        return tuple(entry.text for entry in self.accepted if entry.text is not None and entry.credit >= 1)

    def samples(self, record: Record) -> Samples:
        texts = [record["key"][i] or entry.example or "" for i, entry in enumerate(self.accepted)]
        worth = [(text, entry.credit) for text, entry in zip(texts, self.accepted, strict=True) if text]
        right = [text for text, credit in worth if credit >= 1]
        stated = {normal(text, case=self.case, accents=self.accents) for text, _ in worth}
        near = [slip for text in right if self.edits for slip in _slips(text, self.edits)]
        wrong = [slip for slip in near if normal(slip, case=self.case, accents=self.accents) not in stated]
        return Samples(
            right=tuple(right),
            wrong=("qqqqqqqqqqqqqqq", *wrong),
            invalid=("", "  ", "x" * (MAX_ANSWER + 1), None, 7, []),
            worth=tuple(worth),
        )


def _slips(text: str, edits: int) -> Iterator[str]:
    """Yield what ``edits`` must not turn into ``text``: another number, or a text of which half is missing."""
    for found in re.finditer(r"[0-9]", text):
        yield f"{text[: found.start()]}{(exact.whole(found[0]) + 1) % 10}{text[found.end() :]}"
    if 2 * edits >= len(text):
        yield "q" * min(edits, len(text)) + text[edits:]


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
class _Care:
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
    """Whether at most ``limit`` insertions, deletions, replacements or swaps of neighbours part the texts.

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


def _compiled(pattern: str, *, case: bool) -> Any:
    options = re2.Options()
    options.case_sensitive = case
    options.log_errors = False
    options.max_mem = 1 << 20
    return re2.compile(pattern, options=options)


def _parse_accepted(reader: Reader) -> Accepted:
    credit = reader.number("credit", 1.0)
    entry = Accepted(
        text=reader.text("text", default="") or None,
        pattern=reader.text("pattern", default="") or None,
        credit=1.0 if credit is None else float(credit),
        feedback=reader.text("feedback", default="") or None,
        misconception=reader.text("misconception", default="") or None,
        example=reader.text("example", default="") or None,
    )
    reader.finish()
    if not 0 <= entry.credit <= 1:
        reader.fault("credit", "must be 0 to 1")
    if (entry.text is None) == (entry.pattern is None):
        reader.faults.add(reader.path, "needs either a text or a pattern")
    if entry.pattern is not None:
        _check_pattern(reader, entry)
    return entry


def _check_pattern(reader: Reader, entry: Accepted) -> None:
    try:
        fits = len(entry.pattern or "") <= MAX_PATTERN and _compiled(entry.pattern or "", case=False)
    except re2.error as error:
        reader.fault("pattern", f"cannot be read: {str(error)[:100]}")
        return
    if not fits:
        reader.fault("pattern", f"is longer than {MAX_PATTERN} characters")
    elif entry.credit >= 1 and not (entry.example and fits.fullmatch(entry.example)):
        reader.fault("example", "must give a text that the pattern matches")
