"""GIFT: questions as text, answers in braces. Read as Moodle does, but for blank lines among answers."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from content.formats import parts
from content.formats.decoding import decoded
from content.formats.foreign import MOST_QUESTIONS, Foreign, ForeignFault, NotHere, slug_from, title_from
from content.formats.moodle import kinds
from content.formats.moodle.cloze import number_from
from content.formats.moodle.markdown import escaped, from_format, inline, plain_words
from content.formats.moodle.question import refuse_if, with_marks
from content.formats.moodle.xml import path
from content.formats.numerals import value
from content.formats.parts import Number, Option, Part

MOST_BYTES: Final = 8 * 1024 * 1024
LONGEST_QUESTION: Final = 100_000

_ESCAPED: Final = dict(zip("~=#{}:", "\ue020\ue021\ue022\ue023\ue024\ue025", strict=True))
_BACKSLASH: Final = "\ue026"
_UNESCAPED: Final = str.maketrans({code: sign for sign, code in _ESCAPED.items()} | {_BACKSLASH: "\\"})
_FORMAT: Final = re.compile(r"\s*\[(html|moodle|plain|markdown)\]")
_TITLE: Final = re.compile(r"\s*::(.*?)::", re.DOTALL)
_SHARE: Final = re.compile(r"\s*%(-?[0-9]{1,3}(?:\.[0-9]{1,10})?)%", re.ASCII)
_TRUTH: Final = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_LABEL: Final = re.compile(r"\[(id|tag):((?:[^\]\\]|\\.)*)\]")


def sniff(data: bytes) -> bool:
    """Whether a text has answers in braces, titles between colons, or a category."""
    try:
        text = decoded(data[:65_536])
    except ForeignFault:
        return False
    if re.match(r"\s*<(?:\?xml|!DOCTYPE|quiz|html)\b", text, re.IGNORECASE):
        return False
    return bool(re.search(r"^\s*::[^:\n]+::|^\$CATEGORY:|(?<!\\)\{[^}]*\}", text, re.MULTILINE))


@dataclass(frozen=True, slots=True)
class _Chunk:
    """A question as it stands in the file, its escaped signs held."""

    text: str
    line: int
    category: tuple[str, ...]
    number: str = ""
    tags: tuple[str, ...] = ()


def read(data: bytes, _name: str) -> list[Foreign]:
    """Return every question of a file. Raises ForeignFault."""
    if len(data) > MOST_BYTES:
        raise ForeignFault(f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    found: list[Foreign] = []
    for chunk in _chunks(decoded(data)):
        if len(found) == MOST_QUESTIONS:
            raise ForeignFault(f"has more than {MOST_QUESTIONS} questions: bring it in several files")
        found.append(_question(chunk))
    return found


def _chunks(text: str) -> Iterator[_Chunk]:
    """Yield the questions of a text: blank lines part them, but not inside braces."""
    category: tuple[str, ...] = ()
    lines: list[str] = []
    start, labels, depth = 0, "", 0
    for number, raw in enumerate([*re.sub("[\ue000-\ue0ff]", "\ufffd", text).split("\n"), ""], start=1):
        line = _held(raw)
        plain = line.strip()
        if plain.startswith("//"):
            labels += plain if not lines else ""
        elif plain.startswith("$CATEGORY:") and not lines:
            category, labels = path(_plain(plain.removeprefix("$CATEGORY:"))), ""
        elif not plain and depth <= 0:
            if lines:
                yield _chunk(lines, start, category, labels)
                lines, labels, depth = [], "", 0
        else:
            start = start if lines else number
            lines.append(line)
            depth += line.count("{") - line.count("}")
    if lines:
        yield _chunk(lines, start, category, labels)


def _chunk(lines: list[str], start: int, category: tuple[str, ...], labels: str) -> _Chunk:
    said = _LABEL.findall(labels)
    number = next((_plain(text) for name, text in said if name == "id"), "")
    tags = tuple(_plain(text) for name, text in said if name == "tag")
    return _Chunk("\n".join(lines), start, category, number, tags)


def _held(line: str) -> str:
    """Return a line with its escaped signs as signs of our own, which mean nothing in the format."""
    return re.sub(r"\\(.)", lambda found: _sign(found[1]), line)


def _sign(sign: str) -> str:
    if sign == "\\":
        return _BACKSLASH
    return "\n" if sign == "n" else _ESCAPED.get(sign, _BACKSLASH + sign)


def _plain(text: str) -> str:
    return text.translate(_UNESCAPED).strip()


@dataclass
class _Reading:
    """A question while it is read."""

    chunk: _Chunk
    title: str
    form: str
    before: str
    after: str
    notes: list[str] = field(default_factory=list)

    def text(self, raw: str) -> str:
        """Return the Markdown of a text, in its own format where it names one."""
        named = _FORMAT.match(raw)
        form = named[1] if named else self.form
        found = from_format(_plain(raw[named.end() :] if named else raw), form)
        self.notes += found.notes
        return found.text

    def option(self, raw: str, share: float) -> Option:
        said, feedback = _with_feedback(raw)
        return Option(inline(self.text(said)), share, self.text(feedback))

    @property
    def is_a_sentence(self) -> bool:
        """Whether the answers stand in place of a word that is missing."""
        return bool(re.search(r"\w", _plain(self.after)))

    def body(self) -> str:
        """Return the text with the place of the one interaction in it, or behind it."""
        if not _plain(self.after):
            return with_marks(self.text(self.before), "a")
        return self._around("[[a]]")

    def body_behind(self) -> str:
        """Return the text with a blank where the answers stood, and the interaction behind it."""
        if not self.is_a_sentence:
            return with_marks(self.text(self.before + self.after), "a")
        return with_marks(self._around(escaped("_____")), "a")

    def _around(self, place: str) -> str:
        whole = self.text(f"{self.before.rstrip()} zqgapaqz {self.after.lstrip()}")
        closed = re.sub(r"zqgapaqz (?=[.,;:!?])", "zqgapaqz", whole)
        return closed.replace("zqgapaqz", place)


def _question(chunk: _Chunk) -> Foreign:
    text, title, form = chunk.text, "", "moodle"
    if named := _TITLE.match(text):
        title, text = _plain(named[1]), text[named.end() :]
    if formed := _FORMAT.match(text):
        form, text = formed[1], text[formed.end() :]
    begin = text.find("{")
    end = text.find("}", begin)
    bare = plain_words(_plain(text[:begin] + " … " + text[end + 1 :] if 0 <= begin < end else text))
    title = title_from(" ".join(title.split()) or bare.removesuffix(" …").strip(), "Question")
    identity = chunk.number or "/".join((*chunk.category, title))
    told: dict[str, Any] = {"category": chunk.category, "identity": identity, "line": chunk.line}
    if chunk.number and slug_from(chunk.number) == chunk.number:
        told["name"] = chunk.number
    if len(chunk.text) > LONGEST_QUESTION:
        return Foreign.refusing(title, "text", f"it is longer than {LONGEST_QUESTION} characters", **told)
    if begin < 0:
        reason = "it is a text without a question: put it into a lesson, or into the body of an item"
        return Foreign.refusing(title, "description", reason, **told)
    if end < begin:
        return Foreign.refusing(title, "text", "its answers begin with a brace that is never closed", **told)
    reading = _Reading(chunk, title, form, text[:begin], text[end + 1 :])
    answers, _, general = text[begin + 1 : end].partition("####")
    kind = _kind(answers.strip())
    try:
        solution = reading.text(general)
        part, body = _KINDS[kind](reading, answers.strip())
    except NotHere as reason:
        return Foreign.refusing(title, kind, str(reason), **told)
    document: dict[str, Any] = {"title": title, "body": body, "interactions": {"a": part.document}}
    if solution:
        document["solution"] = solution
    if chunk.tags:
        reading.notes.append(f"its tags were left out: {', '.join(chunk.tags)[:200]}")
    notes = tuple(dict.fromkeys([*reading.notes, *part.notes]))
    return Foreign(title, kind, document, notes, trials=part.trials_of("a"), **told)


def _kind(answers: str) -> str:
    if not answers:
        return "essay"
    if answers.startswith("#"):
        return "numerical"
    if "~" in answers:
        return "multichoice"
    if "=" in answers and "->" in answers:
        return "matching"
    return "truefalse" if answers.partition("#")[0].strip().upper() in _TRUTH else "shortanswer"


def _essay(_reading: _Reading, _answers: str) -> tuple[Part, str]:
    raise NotHere(kinds.REFUSED["essay"])


def _numerical(reading: _Reading, answers: str) -> tuple[Part, str]:
    said, tilde, wrong = answers[1:].partition("~")
    numbers = []
    for share, raw in _entries(said):
        number, feedback = _with_feedback(raw)
        numbers.append(number_from(Option(_plain(number), share, _plain(feedback))))
    refuse_if(not numbers, "it has no answers")
    if tilde and _plain(wrong.lstrip("#")):
        numbers.append(Number("*", 0, feedback=_plain(wrong.lstrip("#"))))
    return parts.number(numbers), reading.body()


def _multichoice(reading: _Reading, answers: str) -> tuple[Part, str]:
    multiple = "=" not in answers
    options = []
    for piece in re.split(r"(?=[~=])", answers):
        if not piece.strip(" \t\n~="):
            continue
        share = _SHARE.match(piece[1:])
        said = piece[1 + share.end() :] if share else piece[1:]
        fraction = round(value(share[1], 0) / 100, 9) if share else float(piece[0] == "=")
        options.append(reading.option(said if piece[0] in "~=" else piece, fraction))
    refuse_if(len(options) < 2, "it has fewer than two options")
    refuse_if(len(options) > kinds.MOST_OPTIONS, f"it has more than {kinds.MOST_OPTIONS} options")
    if multiple or not reading.is_a_sentence:
        return parts.choice(options, multiple=multiple), reading.body_behind()
    return parts.choice(options, multiple=False, kind="inline_choice"), reading.body()


def _true_false(reading: _Reading, answers: str) -> tuple[Part, str]:
    said, *feedback = [*answers.split("#"), "", ""][:3]
    wrong, right = (reading.text(one) for one in feedback)
    truth = _TRUTH[said.strip().upper()]
    part = parts.true_or_false(Option("", 1, right), Option("", 0, wrong), truth=truth)
    return part, reading.body_behind()


def _short_answer(reading: _Reading, answers: str) -> tuple[Part, str]:
    found = []
    for share, raw in _entries(answers):
        said, feedback = _with_feedback(raw)
        words = _FORMAT.sub("", said, count=1)
        found.append(Option(" ".join(_plain(words).split()), share, reading.text(feedback)))
    found = [one for one in found if one.text]
    refuse_if(not found, "it has no answers")
    return parts.text(found, case=False), reading.body()


def _matching(reading: _Reading, answers: str) -> tuple[Part, str]:
    pairs: list[tuple[str, str]] = []
    others: list[str] = []
    for piece in answers.split("=")[1:]:
        left, arrow, right = piece.partition("->")
        refuse_if(not arrow, f"“{_plain(piece)[:60]}” has no partner")
        said, answer = inline(reading.text(left)), escaped(plain_words(_plain(right)))
        if said and answer:
            pairs.append((said, answer))
        elif answer:
            others.append(answer)
    return kinds.pairs_of(pairs, others), reading.body_behind()


def _entries(answers: str) -> Iterator[tuple[float, str]]:
    """Yield each answer with its share: what stands before no sign of equality is one with all of it."""
    for piece in answers.split("="):
        if piece.strip():
            share = _SHARE.match(piece)
            yield (round(value(share[1], 0) / 100, 9), piece[share.end() :]) if share else (1.0, piece)


def _with_feedback(raw: str) -> tuple[str, str]:
    said, _, feedback = raw.partition("#")
    return said, feedback


_KINDS: Final[dict[str, Callable[[_Reading, str], tuple[Part, str]]]] = {
    "essay": _essay,
    "numerical": _numerical,
    "multichoice": _multichoice,
    "truefalse": _true_false,
    "shortanswer": _short_answer,
    "matching": _matching,
}
