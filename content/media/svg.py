"""SVG: read without entities, kept by a list of what draws, and written anew.

What is an attack, or would leave a picture that its author does not know (HTML, scripts, files from elsewhere), is
refused with a reason. What only does not draw (metadata of editors, animations, effects) is taken out and named.
Expat reads, and nothing is fetched: it is given no way to. A document type of its own, which is where entities come
from, is refused as soon as it begins.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from xml.parsers import expat
from xml.sax.saxutils import escape

from content.expressions import exact
from content.media.refusing import ImageRefused
from content.media.styling import PROPERTIES, Rule, check_fetches_nothing, declared, parse_rules

MOST_BYTES: Final = 1024 * 1024
MOST_ELEMENTS: Final = 10_000
DEEPEST: Final = 64
MOST_DRAWN: Final = 50_000
"""Elements that are drawn when each reference is followed: what is used ten times by something used ten times."""
MOST_STYLED: Final = 100_000
"""Comparisons of rules with elements."""
LONGEST_SIDE: Final = 1600
SMALLEST: Final = 1e-4
"""Of a length. With the largest that is read it leaves room for every product of both."""

SVG: Final = "http://www.w3.org/2000/svg"
XLINK: Final = "http://www.w3.org/1999/xlink"
XML: Final = "http://www.w3.org/XML/1998/namespace"
_FOREIGN: Final = {
    "http://www.w3.org/1999/xhtml": "HTML",
    "http://www.w3.org/2001/XInclude": "an XInclude",
    "http://www.w3.org/1999/XSL/Transform": "XSLT",
    "http://www.w3.org/2001/xml-events": "events",
    "http://www.w3.org/1998/Math/MathML": "MathML",
}

_DRAWS: Final = frozenset(
    "svg g defs symbol use path rect circle ellipse line polyline polygon text tspan textPath title desc "
    "linearGradient radialGradient stop clipPath mask pattern marker".split()
)
_WORDS: Final = frozenset("text tspan textPath title desc".split())
_OPENED: Final = frozenset({"a", "switch"})
"""Taken out, while what stands in them stays."""
_REFUSED: Final = {
    "script": "a script",
    "handler": "a script",
    "listener": "a script",
    "foreignObject": (
        "HTML (foreignObject). In draw.io, export with “Text Settings: Convert Labels to SVG”; "
        "elsewhere turn the text into shapes, or save as PNG"
    ),
    "image": "another image. Save it as PNG, or draw it anew",
    "feImage": "another image. Save it as PNG, or draw it anew",
    "iframe": "HTML",
    "audio": "sound",
    "video": "a film",
}
_LINKS: Final = frozenset("use textPath linearGradient radialGradient pattern".split())

_ATTRIBUTES: Final = frozenset(
    "id class x y x1 y1 x2 y2 cx cy r rx ry fx fy fr dx dy d points width height viewBox preserveAspectRatio "
    "transform gradientTransform gradientUnits patternTransform patternUnits patternContentUnits spreadMethod "
    "offset rotate textLength lengthAdjust startOffset method spacing side pathLength clipPathUnits maskUnits "
    "maskContentUnits markerUnits markerWidth markerHeight refX refY orient role lang".split()
)
_FUNCTIONS: Final = frozenset(
    "rgb rgba hsl hsla url matrix translate translatex translatey scale scalex scaley rotate skewx skewy calc".split()
)
_VALUE: Final = re.compile(r"[^\\{}<>;@\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]*", re.DOTALL)
_CALLED: Final = re.compile(r"[\w-]*\Z")
_MOST_CALLS: Final = 1_000
_REFERENCE: Final = re.compile(r"url\(\s*(?:'#([\w:.-]+)'|\"#([\w:.-]+)\"|#([\w:.-]+))\s*\)", re.IGNORECASE)
_FRAGMENT: Final = re.compile(r"#[\w:.-]+")
_WEB: Final = re.compile(r"\s*(?:https?|mailto):|\s*[/?.]|\s*\Z", re.IGNORECASE)
_ID: Final = re.compile(r"[\w:.-]+")
_LENGTH: Final = re.compile(
    r"\s*\+?([0-9]{0,9}\.?[0-9]{0,20}(?:[eE][+-]?[0-9]{1,2})?)\s*(px|pt|pc|mm|cm|in|)\s*"
)
_PIXELS: Final = {"": 1.0, "px": 1.0, "pt": 4 / 3, "pc": 16.0, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96.0}
_PUBLIC: Final = re.compile(r"-//W3C//DTD SVG [0-9.]+(?: \w+)?//EN")


_NO_SVG: Final = "The file is no image: PNG, JPEG, WebP and SVG are taken, and this is text that is no SVG."
_NOT_UTF_8: Final = "The SVG is not in UTF-8. Save it anew in that encoding."


@dataclass(slots=True)
class Element:
    """An element as it will be written; ``path`` leads to it, from the root."""

    tag: str
    attributes: dict[str, str]
    parent: Element | None
    children: list[Element | str] = field(default_factory=list)

    @property
    def path(self) -> list[tuple[str, Mapping[str, str]]]:
        steps: list[tuple[str, Mapping[str, str]]] = []
        at: Element | None = self
        while at:
            steps.append((at.tag, at.attributes))
            at = at.parent
        return steps[::-1]


@dataclass(frozen=True, slots=True)
class Drawing:
    """A clean SVG with its size in pixels, and what was taken out of it."""

    data: bytes
    width: int
    height: int
    taken_out: tuple[str, ...]


def clean_svg(data: bytes) -> Drawing:
    """Return an SVG with nothing in it but what draws. Raises ImageRefused."""
    if len(data) > MOST_BYTES:
        raise ImageRefused(f"An SVG may have at most {MOST_BYTES // 1024} KiB. Save it as PNG instead.")
    reading = _Reading()
    root = reading.read(data)
    _style(root, reading.css, reading.taken_out)
    _check_references(root)
    width, height = _set_size(root)
    written = f"{_written(root)}\n".encode()
    return Drawing(written, width, height, tuple(_counted(reading.taken_out)))


class _Reading:
    """What expat calls while it reads."""

    def __init__(self) -> None:
        self.root: Element | None = None
        self.css: list[str] = []
        self.taken_out: Counter[str] = Counter()
        self._at: Element | None = None
        self._depth = self._elements = 0
        self._skips = 0
        self._style: list[str] | None = None

    def read(self, data: bytes) -> Element:
        try:
            # The text is decoded here, so that no declaration makes expat read it in another way than it stands.
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ImageRefused(_NOT_UTF_8) from error
        if "\0" in text:
            raise ImageRefused(_NOT_UTF_8)  # of other encodings expat knows some by themselves
        parser = expat.ParserCreate("utf-8", "\n")
        parser.buffer_text = True
        parser.XmlDeclHandler = self._declaration
        parser.StartDoctypeDeclHandler = self._doctype
        parser.EntityDeclHandler = parser.SkippedEntityHandler = self._entity
        parser.ProcessingInstructionHandler = self._instruction
        parser.StartElementHandler, parser.EndElementHandler = self._start, self._end
        parser.CharacterDataHandler = self._text
        try:
            parser.Parse(text.encode(), True)
        except expat.ExpatError as error:
            reason = expat.ErrorString(error.code)
            raise ImageRefused(f"The SVG cannot be read: {reason}, in line {error.lineno}.") from error
        if self.root is None:
            raise ImageRefused(_NO_SVG)
        return self.root

    def _declaration(self, _version: str, encoding: str | None, _standalone: int) -> None:
        if encoding and encoding.lower() not in ("utf-8", "utf8", "us-ascii", "ascii"):
            raise ImageRefused(_NOT_UTF_8)

    def _doctype(self, name: str, system: str | None, public: str | None, has_subset: int) -> None:
        usual = public is None or _PUBLIC.fullmatch(public)
        if has_subset or name.rpartition(":")[2] != "svg" or not usual or (system and public is None):
            raise ImageRefused("The SVG brings a document type of its own, which images may not.")

    def _entity(self, *_arguments: Any) -> None:
        raise ImageRefused("The SVG makes use of entities, which images may not.")

    def _instruction(self, target: str, _data: str) -> None:
        if target.lower() == "xml-stylesheet":
            raise ImageRefused("The SVG asks for a style sheet from elsewhere. Images may not.")

    def _start(self, name: str, given: dict[str, str]) -> None:
        self._elements += 1
        self._depth += 1
        if self._elements > MOST_ELEMENTS:
            raise ImageRefused(f"The SVG has more than {MOST_ELEMENTS:,} elements. Save it as PNG instead.")
        if self._depth > DEEPEST:
            raise ImageRefused(f"The SVG is nested more than {DEEPEST} deep.")
        space, _, tag = name.rpartition("\n")
        if space in _FOREIGN:
            raise ImageRefused(f"The SVG holds {_FOREIGN[space]}, which images may not.")
        drawn = space in (SVG, "")
        # Capitals make no difference here: what reads HTML does not mind them.
        for refused, what in _REFUSED.items():
            if tag.lower() == refused.lower():
                raise ImageRefused(f"The SVG holds {what}.")
        attributes = _attributes(tag, given)
        if self._skips or self._style is not None:
            self._skips += 1
        elif not self._at and (tag != "svg" or not drawn):
            raise ImageRefused(_NO_SVG)
        elif drawn and tag == "style":
            self._style = []
            self._skips = 1
        elif drawn and tag in _OPENED and self._at:
            self._open(Element("", {}, self._at))
        elif drawn and tag in _DRAWS:
            self._open(Element(tag, attributes, self._at))
        else:
            self._skips = 1
            self.taken_out[tag[:40] if drawn else "metadata"] += 1

    def _open(self, element: Element) -> None:
        if self._at is not None:
            self._at.children.append(element)
        else:
            self.root = element
        self._at = element

    def _end(self, _name: str) -> None:
        self._depth -= 1
        if self._skips:
            self._skips -= 1
            if not self._skips and self._style is not None:
                self.css.append("".join(self._style))
                self._style = None
        elif self._at is not None:
            self._at = self._at.parent

    def _text(self, text: str) -> None:
        if self._style is not None:
            self._style.append(text)
        elif not self._skips and self._at and _holds_words(self._at):
            self._at.children.append(text)


def _holds_words(element: Element) -> bool:
    at: Element | None = element
    while at and not at.tag:
        at = at.parent
    return at is not None and at.tag in _WORDS


def _attributes(tag: str, given: Mapping[str, str]) -> dict[str, str]:
    """Return the attributes that are kept, the style as it stands. Raises ImageRefused."""
    kept: dict[str, str] = {}
    for name, value in given.items():
        space, _, local = name.rpartition("\n")
        lower = local.lower()
        if space in ("", SVG) and lower.startswith("on"):
            raise ImageRefused(f"The SVG holds a script ({local[:40]}).")
        if lower in ("href", "src"):
            _check_link(tag, value)
        if space in ("", XLINK) and local == "href" and tag in _LINKS:
            kept["href"] = value.strip()
        elif space == XML and local == "space" and value == "preserve":
            kept["xml:space"] = value
        elif not space and (local in _ATTRIBUTES or local in PROPERTIES or lower.startswith("aria-")):
            kept |= {local: value} if _is_plain(local, value) else {}
        elif not space and local == "style":
            check_fetches_nothing(value)
            kept["style"] = value
    return kept


def _check_link(tag: str, address: str) -> None:
    """Raise ImageRefused for what would be fetched or run. Where ``a`` leads is taken out, and need not be here."""
    if tag == "a" and _WEB.match(address):
        return
    if not _FRAGMENT.fullmatch(address.strip()):
        raise ImageRefused(
            f"The SVG points to something elsewhere ({address.strip()[:60]!r}). Images may not: "
            "take the picture in, or leave it away."
        )


def _is_plain(name: str, value: str) -> bool:
    """Whether a value can stand: it calls nothing but colors and places. Raises ImageRefused for what it fetches."""
    check_fetches_nothing(value)
    if not _VALUE.fullmatch(value):
        return False
    if name == "id":
        return bool(_ID.fullmatch(value))
    if value.count("(") > _MOST_CALLS:
        return False
    calls = [_called(value, found.start()) for found in re.finditer(r"\(", value)]
    if calls.count("url") != len(_REFERENCE.findall(value)):
        return False
    return name in ("d", "font-family") or _FUNCTIONS.issuperset(calls) or name.startswith("aria-")


def _called(value: str, at: int) -> str:
    """Return the name before a parenthesis; longer ones than we know are cut."""
    found = _CALLED.search(value[max(0, at - 30) : at].rstrip())
    return found[0].lower() if found else ""


def _style(root: Element, sheets: list[str], taken_out: Counter[str]) -> None:
    """Turn the styles of all elements into attributes."""
    rules: list[Rule] = []
    for css in sheets:
        found, whole = parse_rules(css)
        rules += [rule.saying(_is_plain) for rule in found]
        taken_out["a part of the styles"] += not whole
    rules.sort(key=lambda rule: rule.weight)
    elements = list(_walk(root))
    if len(rules) * len(elements) > MOST_STYLED:
        raise ImageRefused("The SVG has too many rules of style for its elements. Save it as PNG instead.")
    length = 0
    for element in elements:
        path = element.path if rules else []
        said = dict(pair for rule in rules if rule.chooses(path) for pair in rule.declarations)
        own = declared(element.attributes.pop("style", ""))
        said |= {name: value for name, value in own if _is_plain(name, value)}
        element.attributes |= said
        length += sum(map(len, said.values()))
        if length > 2 * MOST_BYTES:
            raise ImageRefused("The SVG grows too large when its styles are applied. Save it as PNG instead.")
    for element in elements:
        element.attributes.pop("class", None)


def _walk(root: Element) -> Iterator[Element]:
    waiting = [root]
    while waiting:
        element = waiting.pop()
        if element.tag:
            yield element
        waiting += [child for child in reversed(element.children) if isinstance(child, Element)]


def _check_references(root: Element) -> None:
    """Raise ImageRefused where following references comes back, or multiplies beyond what a browser draws at once."""
    named: dict[str, Element] = {}
    for element in _walk(root):
        if "id" in element.attributes:
            named.setdefault(element.attributes["id"], element)
    drawn: dict[int, int] = {}
    entered: set[int] = set()
    waiting: list[tuple[Element, bool]] = [(root, False)]
    while waiting:
        element, leaves = waiting.pop()
        if id(element) in drawn:
            continue
        needed = [child for child in element.children if isinstance(child, Element)]
        needed += [named[name] for name in _referred(element) if name in named]
        if leaves:
            drawn[id(element)] = 1 + sum(drawn[id(one)] for one in needed)
            if drawn[id(element)] > MOST_DRAWN:
                raise ImageRefused(
                    f"The SVG draws more than {MOST_DRAWN:,} elements by using them over again."
                )
            entered.discard(id(element))
            continue
        if id(element) in entered:
            continue
        entered.add(id(element))
        waiting.append((element, True))
        if any(id(one) in entered for one in needed):
            raise ImageRefused("The SVG draws something within itself.")
        waiting += [(one, False) for one in needed if id(one) not in drawn]


def _referred(element: Element) -> Iterator[str]:
    """Yield the ids to which an element points."""
    for name, value in element.attributes.items():
        if name == "href":
            yield value[1:]
        else:
            yield from ("".join(groups) for groups in _REFERENCE.findall(value))


def _set_size(root: Element) -> tuple[int, int]:
    """Give the root its size in pixels, and return it. Raises ImageRefused where nothing says it."""
    said = root.attributes
    box = _box(said.get("viewBox", ""))
    width, height = _pixels(said.get("width", "")), _pixels(said.get("height", ""))
    if box is None and (width is None or height is None):
        raise ImageRefused(
            "The SVG does not say its size: it needs a viewBox, or width and height in pixels."
        )
    if box is None:
        box = (0.0, 0.0, width or 1.0, height or 1.0)
        said["viewBox"] = " ".join(f"{number:.6g}" for number in box)
    if width is None and height is None:
        width, height = box[2], box[3]
    width = width or (height or 1.0) * box[2] / box[3]
    height = height or width * box[3] / box[2]
    scale = min(1.0, LONGEST_SIDE / max(width, height))
    size = tuple(min(LONGEST_SIDE, max(1, round(length * scale))) for length in (width, height))
    said["width"], said["height"] = map(str, size)
    return size[0], size[1]


def _pixels(text: str) -> float | None:
    """Return a length in pixels; None for none, 0, a share of the page, and a unit that depends on a font."""
    found = _LENGTH.fullmatch(text)
    number = _number(found[1]) if found else None
    return number * _PIXELS[found[2]] if found and number and number >= SMALLEST else None


def _box(text: str) -> tuple[float, float, float, float] | None:
    numbers = [_number(part) for part in re.split(r"[\s,]+", text[:200].strip())]
    if len(numbers) != 4 or None in numbers:
        return None
    x, y, width, height = (number or 0.0 for number in numbers)
    return (x, y, width, height) if width >= SMALLEST and height >= SMALLEST else None


def _number(text: str) -> float | None:
    try:
        number = exact.nearest(exact.fraction(text))
    except exact.UnusableNumber:
        return None
    return number if abs(number) < 1e9 else None


def _written(root: Element) -> str:
    """Return a tree as text: one way to write each, so that what was written is read and written the same."""
    parts: list[str] = []
    waiting: list[Element | str] = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, str):
            parts.append(node)
            continue
        inside = [_escaped(child) if isinstance(child, str) else child for child in node.children]
        if not node.tag:
            waiting += reversed(inside)
            continue
        given = "".join(f' {name}="{_quoted(value)}"' for name, value in sorted(node.attributes.items()))
        begin = f"<{node.tag}{_SPACE if node is root else ''}{given}"
        if not inside:
            waiting.append(f"{begin}/>")
            continue
        waiting += [f"</{node.tag}>", *reversed(inside), f"{begin}>"]
    return "".join(parts)


_SPACE: Final = f' xmlns="{SVG}"'


def _escaped(text: str) -> str:
    return escape(text, {"\r": " "})


def _quoted(value: str) -> str:
    return escape(value, {'"': "&quot;", "\n": " ", "\r": " ", "\t": " "})


def _counted(taken_out: Counter[str]) -> Iterator[str]:
    for what, number in sorted(taken_out.items()):
        if number:
            yield what if number == 1 else f"{what} ({number})"
