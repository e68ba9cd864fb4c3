"""XML from strangers as a tree, within limits: no document type, so no entities and nothing fetched."""

from __future__ import annotations

from typing import Final
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from content.formats.foreign import ForeignFault

MOST_BYTES: Final = 32 * 1024 * 1024
MOST_ELEMENTS: Final = 300_000
DEEPEST: Final = 40


def parse(content: bytes) -> Element:
    """Return the root of an XML text. Raises ForeignFault with the line where it cannot be read."""
    if len(content) > MOST_BYTES:
        raise ForeignFault(f"is larger than {MOST_BYTES // 1024 // 1024} MB")
    builder, parser, counted = TreeBuilder(), expat.ParserCreate(), _Counted()

    def begin(name: str, attributes: dict[str, str]) -> None:
        counted.begin(parser.CurrentLineNumber)
        builder.start(name, attributes)

    def end(name: str) -> None:
        counted.depth -= 1
        builder.end(name)

    parser.buffer_text = True
    parser.StartElementHandler, parser.EndElementHandler = begin, end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = parser.EntityDeclHandler = _refuse
    try:
        parser.Parse(content, True)
    except expat.ExpatError as error:
        raise ForeignFault(f"is no sound XML: {expat.ErrorString(error.code)}", error.lineno) from None
    except (LookupError, ValueError) as error:
        raise ForeignFault("is in an encoding that is not known here") from error
    return builder.close()


class _Counted:
    def __init__(self) -> None:
        self.elements = self.depth = 0

    def begin(self, line: int) -> None:
        self.elements += 1
        self.depth += 1
        if self.elements > MOST_ELEMENTS:
            raise ForeignFault(f"has more than {MOST_ELEMENTS} elements", line)
        if self.depth > DEEPEST:
            raise ForeignFault(f"is nested deeper than {DEEPEST} levels", line)


def _refuse(*_: object) -> None:
    raise ForeignFault("declares a document type, which no export of questions needs")


def text_of(element: Element | None, path: str = "", default: str = "") -> str:
    """Return the text at a path below an element, without spaces around it."""
    if element is None:
        return default
    found = element.find(path) if path else element
    return (found.text or "").strip() if found is not None else default
