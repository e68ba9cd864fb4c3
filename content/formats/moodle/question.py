"""What every question of a Moodle XML file has, and what is gathered while one is read."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote
from xml.etree.ElementTree import Element

from content.formats.foreign import Foreign, NotHere, Trial, slug_from, title_from
from content.formats.moodle.markdown import ATTACHED, Converted, from_format, inline, plain_words
from content.formats.moodle.tree import text_of
from content.formats.numerals import fraction, value
from content.formats.parts import Option, Part
from content.media.reading import MOST_BYTES_READ, Image, ImageRefused, read_image

STANDARD_FEEDBACK: Final = frozenset(
    {"your answer is correct.", "your answer is partially correct.", "your answer is incorrect."}
)
"""What Moodle writes where nobody has written anything."""
MOST_HINTS: Final = 10
MOST_SOLUTION: Final = 20_000


@dataclass
class Question:
    """A question while it is read: its element, and the notes gathered so far."""

    element: Element
    category: tuple[str, ...] = ()
    notes: list[str] = field(default_factory=list)
    images: dict[str, Image] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.element.get("type", "")

    @property
    def title(self) -> str:
        name = " ".join(text_of(self.element, "name/text").split())
        return title_from(name or plain_words(self.raw("questiontext")), f"Question of the type {self.kind}")

    def say(self, path: str) -> str:
        """Return a setting as its text."""
        return text_of(self.element, path)

    def raw(self, path: str) -> str:
        """Return a text as the file has it."""
        return text_of(self.element, f"{path}/text") or text_of(self.element, path)

    def is_true(self, path: str, *, default: bool) -> bool:
        said = self.say(path).lower()
        return said in ("1", "true") if said else default

    def text(self, element: Element | None, raw: str | None = None) -> str:
        """Return the Markdown of an element with a text and a format; what is lost in it is noted."""
        if element is None:
            return ""
        said = text_of(element, "text") if raw is None else raw
        found = from_format(said, element.get("format", "html"), self._pictures(element, said))
        return self.kept(found, said, element)

    def kept(self, found: Converted, said: str, element: Element) -> str:
        self.notes += found.notes
        if any("@@PLUGINFILE@@" not in said for _ in element.findall("file")):
            self.notes.append(ATTACHED)
        return found.text

    def _pictures(self, element: Element, said: str) -> dict[str, str]:
        """Return what the images that came along with a text are called here, by the names of their files."""
        found = {}
        for file in element.findall("file"):
            name = file.get("name", "")
            is_shown = f"@@PLUGINFILE@@/{quote(name)}" in said or f"@@PLUGINFILE@@/{name}" in said
            if is_shown and (image := self._image(name, file.text or "")):
                found[name] = str(image.name)
        return found

    def _image(self, name: str, encoded: str) -> Image | None:
        """Return an image as it is kept; None where the file is none, or none that is kept."""
        if len(encoded) > 2 * MOST_BYTES_READ:
            return None
        try:
            image = read_image(b64decode(encoded), name)
        except (ImageRefused, ValueError):
            return None
        self.images[str(image.name)] = image
        return image

    def options(self) -> list[Option]:
        """Return the answers with their fractions and feedback, as Markdown of one line."""
        return [
            Option(
                inline(self.text(one)), fraction(one.get("fraction", "0")), self.text(one.find("feedback"))
            )
            for one in self.element.findall("answer")
        ]

    def foreign(self, parts: Mapping[str, Part], body: str, **more: Any) -> Foreign:
        """Return the question with these interactions."""
        self._common()
        document: dict[str, Any] = {"title": self.title, **more, "body": body}
        document["interactions"] = {name: part.document for name, part in parts.items()}
        if hints := [self.text(one) for one in self.element.findall("hint")]:
            document["hints"] = [hint for hint in hints if hint][:MOST_HINTS]
        if not document.get("hints"):
            document.pop("hints", None)
        if solution := self.text(self.element.find("generalfeedback")):
            document["solution"] = solution
        trials: tuple[Trial, ...] = ()
        for name, part in parts.items():
            self.notes += part.notes
            trials += part.trials_of(name)
        return Foreign(
            self.title,
            self.kind,
            document,
            tuple(dict.fromkeys(self.notes)),
            category=self.category,
            trials=trials,
            identity=self.identity,
            name=self.name,
            images=tuple(self.images.values()),
        )

    def refused(self, reason: str) -> Foreign:
        return Foreign.refusing(
            self.title, self.kind, reason, category=self.category, identity=self.identity, name=self.name
        )

    @property
    def identity(self) -> str:
        return self.say("idnumber") or "/".join(
            (*self.category, self.kind, text_of(self.element, "name/text"))
        )

    @property
    def name(self) -> str:
        """The slug that the identifying number proposes: exports of ours carry it there."""
        number = self.say("idnumber")
        return number if number and slug_from(number) == number else ""

    def _common(self) -> None:
        """Note what belongs to a question there and to something else here, or to nothing."""
        worth = value(self.say("defaultgrade"), 1.0)
        if worth != 1:
            self.notes.append(f"it is worth {worth:g} there: an assessment says here what an item counts")
        if self.is_true("hidden", default=False):
            self.notes.append("it is hidden there")
        if tags := [text_of(tag, "text") for tag in self.element.findall("tags/tag")]:
            self.notes.append(f"its tags were left out: {', '.join(tags)[:200]}")
        for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
            words = plain_words(self.raw(name))
            if words and words.lower() not in STANDARD_FEEDBACK:
                self.notes.append(
                    "the feedback for right, partly right and wrong answers as a whole was left out"
                )


def with_marks(body: str, names: Iterable[str]) -> str:
    """Return a body that ends with the places of interactions which stand in no sentence."""
    marks = " ".join(f"[[{name}]]" for name in names)
    return f"{body}\n\n{marks}" if body else marks


def refuse_if(condition: object, reason: str) -> None:
    """Raises NotHere where the condition holds."""
    if condition:
        raise NotHere(reason)
