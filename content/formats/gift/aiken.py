"""Aiken: a question on a line, its options by letters, and the line ANSWER."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from content.formats import parts
from content.formats.decoding import decoded
from content.formats.foreign import MOST_QUESTIONS, Foreign, ForeignFault, title_from
from content.formats.moodle.markdown import from_plain, inline
from content.formats.moodle.question import with_marks
from content.formats.parts import Option

_OPTION: Final = re.compile(r"([A-Z])[).](.*)\Z")
_ANSWER: Final = re.compile(r"ANSWER:\s*(.*)\Z")
MOST_BYTES: Final = 8 * 1024 * 1024


def sniff(data: bytes) -> bool:
    try:
        text = decoded(data[:65_536])
    except ForeignFault:
        return False
    return bool(
        re.search(r"^ANSWER:\s*\S", text, re.MULTILINE) and re.search(r"^[A-Z][).]", text, re.MULTILINE)
    )


@dataclass
class _Question:
    line: int
    text: list[str] = field(default_factory=list)
    options: dict[str, str] = field(default_factory=dict)
    reason: str = ""

    def read(self, answer: str | None) -> Foreign:
        """Return the question, with the letter that its last line names."""
        title = title_from(" ".join(self.text), "Question")
        reason = self.reason or self._fault(answer)
        if reason:
            return Foreign.refusing(title, "multichoice", reason, identity=title, line=self.line)
        options = [
            Option(inline(from_plain(text).text), float(letter == answer))
            for letter, text in self.options.items()
        ]
        part = parts.choice(options, multiple=False)
        body = with_marks(from_plain("\n".join(self.text)).text, "a")
        document = {"title": title, "body": body, "interactions": {"a": part.document}}
        return Foreign(
            title, "multichoice", document, trials=part.trials_of("a"), identity=title, line=self.line
        )

    def _fault(self, answer: str | None) -> str:
        if answer is None:
            return "it has no line that begins with ANSWER:"
        if len(self.options) < 2:
            return "it has fewer than two options"
        return "" if answer in self.options else f"its answer {answer[:40]} is none of its options"


def read(data: bytes, _name: str) -> list[Foreign]:
    """Return every question of a file. Raises ForeignFault."""
    if len(data) > MOST_BYTES:
        raise ForeignFault(f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    found: list[Foreign] = []
    current: _Question | None = None
    for number, raw in enumerate(decoded(data).split("\n"), start=1):
        line = raw.strip()
        if len(found) > MOST_QUESTIONS:
            raise ForeignFault(f"has more than {MOST_QUESTIONS} questions: bring it in several files")
        if not line:
            continue
        if answer := _ANSWER.match(line):
            current = current or _Question(number, [line], reason="there is no question before it")
            found.append(current.read(answer[1].strip()))
            current = None
        elif option := _OPTION.match(line):
            current = current or _Question(number, [line], reason="there is no question before its options")
            current.options[option[1]] = option[2].strip()
        elif current is None or current.options:
            if current:
                found.append(current.read(None))
            current = _Question(number, [line])
        else:
            current.text.append(line)
    if current:
        found.append(current.read(None))
    return found
