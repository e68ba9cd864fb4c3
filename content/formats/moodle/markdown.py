"""Texts of Moodle (HTML, Markdown, plain) to our Markdown. What has no place there is left out and named.

The HTML is cleaned first by a parser that mends it as browsers do, so that what is walked here is well formed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from html import unescape
from html.parser import HTMLParser
from types import MappingProxyType
from typing import Final
from urllib.parse import unquote

import nh3

from content.expressions import exact
from content.formats.foreign import NotHere
from content.media.describing import description_fault
from content.media.names import FOLDER

MOST_FOR_A_TITLE: Final = 20_000
MOST_TAGS: Final = 10_000
"""In a text: where they are nested, each costs a look at those around it."""
LONGEST: Final = 400_000
"""Characters of a text; what is kept of it is far shorter."""

PICTURE: Final = "a picture was left out"
UNDESCRIBED: Final = "a picture was left out: nothing there says what it shows"
SOUND: Final = "a sound or film was left out"
ATTACHED: Final = "a file that its text links to was left out"
STYLE: Final = "colors, sizes and other styling were left out"
TABLE: Final = "a table was turned into text"

_NO_PICTURES: Final[Mapping[str, str]] = MappingProxyType({})

_FORMULA = re.compile(
    r"\\\(((?:[^\\]|\\(?![(]))+?)\\\)|\\\[((?:[^\\]|\\(?![\[]))+?)\\\]|\$\$([^$]+)\$\$", re.DOTALL
)
"""No formula begins inside another: so what is never closed is looked at once."""
_HELD = re.compile("\ue010([0-9]+)\ue011")
_SPECIAL = re.compile(r"([\\`*_\[\]<>$~|])")
_ENTITY = re.compile(r"&(?=#?[A-Za-z0-9]{1,31};)")
_LINE_STARTS = re.compile(r"^(\s*)([#+\-=]|[0-9]{1,9}(?=[.)]))", re.MULTILINE)
_PLACEHOLDER = re.compile(r"\{(?=[A-Za-z])")
_STYLED = re.compile(r"<(?:font|center|big|small|u|s|strike|del|marquee)\b", re.IGNORECASE)
_STYLE = re.compile(r"<[a-z0-9]{1,10}\b[^<>]*\sstyle\s*=\s*\"([^\"]*)\"", re.IGNORECASE)
_KEPT_STYLE = re.compile(
    r"\s*(?:font-style:\s*(?:italic|normal)|font-weight:\s*\w+|text-align:\s*(?:left|start))?\s*"
)
"""What is said by other means, or says nothing."""

_BLOCKS = frozenset("p div section article header footer address figure figcaption center blockquote".split())
_HEADINGS = frozenset("h1 h2 h3 h4 h5 h6".split())
_EMPHASIS = {"em": "*", "i": "*", "strong": "**", "b": "**", "cite": "*", "dfn": "*"}
_MEDIA = frozenset("audio video source track iframe object embed".split())
_KEPT = frozenset(
    "a abbr b blockquote br caption code dd del div dl dt em figcaption figure h1 h2 h3 h4 h5 h6 hr i img kbd li ol "
    "p pre s samp section span strike strong sub sup table tbody td tfoot th thead tr u ul var cite dfn audio video "
    "article header footer address center small big font source".split()
)
_ATTRIBUTES = {"a": {"href"}, "img": {"src", "alt"}, "ol": {"start"}, "span": {"style"}}


@dataclass
class _Held:
    """Formulas and code, which are written as they stand: a mark takes their place meanwhile."""

    texts: list[str] = field(default_factory=list)

    def keep(self, text: str) -> str:
        self.texts.append(text)
        return f"\ue010{len(self.texts) - 1}\ue011"

    def put_back(self, text: str) -> str:
        for _ in range(2):  # a formula may stand in what is held itself
            text = _HELD.sub(lambda found: self.texts[exact.whole(found[1])], text)
        return text


@dataclass(frozen=True, slots=True)
class Converted:
    """A text as Markdown, and what was lost in it."""

    text: str
    notes: tuple[str, ...] = ()


def from_html(html: str, pictures: Mapping[str, str] = _NO_PICTURES) -> Converted:
    """Return HTML as Markdown; ``pictures`` are what images are called here, by the files that it shows."""
    html = _bounded(html)
    held = _Held()
    notes = [STYLE] if _is_styled(html) else []
    if re.search(r"<(?:audio|video|iframe|object|embed)\b", html, re.IGNORECASE):
        notes.append(SOUND)
    walker = _Walker(held, pictures)
    walker.feed(_cleaned(html))
    walker.close()
    return Converted(held.put_back(walker.text()), tuple(dict.fromkeys([*notes, *walker.notes])))


def from_plain(text: str) -> Converted:
    """Return a text without markup as Markdown that shows it; its formulas stay formulas."""
    held = _Held()
    kept = _with_formulas_held(_without_private(_bounded(text)), held)
    lines = [escaped(line).strip() for line in kept.strip().splitlines()]
    return Converted(held.put_back("\n".join(lines)))


def from_markdown(text: str) -> Converted:
    """Return Markdown of Moodle as ours: its formulas between dollars, and nothing in it a placeholder of ours."""
    held = _Held()
    kept = _with_formulas_held(_without_private(_bounded(text)), held)
    notes = [PICTURE] if re.search(r"!\[[^\]]*\]\([^)]*\)", kept) else []
    kept = re.sub(r"!\[([^\]]*)\]\([^)]*\)", r"\1", kept)
    kept = _not_ours(kept).replace("$", r"\$")
    return Converted(held.put_back(kept.strip()), tuple(notes))


def from_format(text: str, form: str, pictures: Mapping[str, str] = _NO_PICTURES) -> Converted:
    """Return a text of one of Moodle's formats: html, moodle_auto_format, plain_text, markdown."""
    match form:
        case "markdown":
            return from_markdown(text)
        case "plain_text" | "plain":
            return from_plain(text)
        case "moodle_auto_format" | "moodle" if not re.search(r"<[a-zA-Z/!]|&[#a-zA-Z0-9]+;", text):
            return from_plain(text)
        case _:
            return from_html(text, pictures)


def escaped(text: str, *, begins: bool = True) -> str:
    """Return a text as Markdown that shows it as it is; one that ``begins`` a line could look like a list."""
    text = _ENTITY.sub("&amp;", text)
    text = _SPECIAL.sub(r"\\\1", text)
    text = _LINE_STARTS.sub(_escaped_start, text) if begins else text
    return _not_ours(text)


def inline(text: str) -> str:
    """Return Markdown of several lines as one line: options and entries have no paragraphs."""
    return " ".join(text.split())


def plain_words(html: str) -> str:
    """Return the words of an HTML text, for a title."""
    bare = nh3.clean(html[:MOST_FOR_A_TITLE], tags=set())
    return " ".join(unescape(bare).split())


def _escaped_start(found: re.Match[str]) -> str:
    sign = found[2]
    return f"{found[1]}{sign}\\" if sign.isdigit() else f"{found[1]}\\{sign}"


def _not_ours(text: str) -> str:
    """Keep braces and double brackets from being read as placeholders and as places of interactions."""
    return _PLACEHOLDER.sub("&#123;", text).replace("[[", "&#91;&#91;")


def _bounded(text: str) -> str:
    if text.count("<") > MOST_TAGS:
        raise NotHere(f"a text in it has more than {MOST_TAGS} tags")
    if len(text) > LONGEST:
        raise NotHere(f"a text in it is longer than {LONGEST} characters")
    return text


def _without_private(text: str) -> str:
    return re.sub("[\ue000-\ue01f]", "\ufffd", text)


def _with_formulas_held(text: str, held: _Held) -> str:
    def taken(found: re.Match[str]) -> str:
        tex = _tex(found[1] or found[2] or found[3] or "")
        if not tex:
            return found[0]
        return held.keep(f"${tex}$" if found[1] else f"$${tex}$$")

    return _FORMULA.sub(taken, text)


def _is_styled(html: str) -> bool:
    if _STYLED.search(html):
        return True
    declared = (one for found in _STYLE.finditer(html) for one in found[1].split(";"))
    return any(not _KEPT_STYLE.fullmatch(one) for one in declared)


def _tex(tex: str) -> str:
    """Return TeX that stands between dollars, and of which no group looks like a placeholder."""
    tex = " ".join(tex.replace("\xa0", " ").split())
    return re.sub(r"(?<![\\^_A-Za-z}])\{(?=[A-Za-z][A-Za-z0-9_]*\})", "{ ", tex).replace("$", r"\$")


def _cleaned(html: str) -> str:
    cleaned: str = nh3.clean(
        _without_private(html),
        tags=set(_KEPT),
        clean_content_tags={"script", "style"},
        attributes={tag: set(names) for tag, names in _ATTRIBUTES.items()},
        url_schemes={"https", "http", "mailto"},
        link_rel=None,
    )
    return cleaned


class _Walker(HTMLParser):
    """Writes Markdown while it walks over clean HTML."""

    def __init__(self, held: _Held, pictures: Mapping[str, str]) -> None:
        super().__init__(convert_charrefs=True)
        self.held, self.pictures = held, pictures
        self.notes: list[str] = []
        self.blocks: list[tuple[str, bool]] = []
        """Each with whether it is an entry of a list."""
        self.line: list[str] = []
        self.lists: list[list[int | None]] = []
        self.prefix: list[str] = []
        self.closing: list[str] = []
        self.link: list[str] = []
        self.verbatim: list[str] | None = None

    def text(self) -> str:
        self._end_block()
        written, was_entry = "", False
        for text, is_entry in self.blocks:
            written += ("\n" if was_entry and is_entry else "\n\n") + text
            was_entry = is_entry
        return written.strip()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in _BLOCKS or tag in _HEADINGS or tag in ("table", "dl", "dt", "dd", "caption"):
            self._begin_block(tag)
        elif tag in ("ul", "ol"):
            self._end_block()
            start = given.get("start", "")
            self.lists.append([None if tag == "ul" else exact.whole(start) if _is_small(start) else 1])
        elif tag == "li":
            self._begin_entry()
        elif tag == "br":
            self.line.append("\\\n")
        elif tag == "hr":
            self._end_block()
            self.blocks.append(("---", False))
        elif tag in ("tr",):
            self.notes.append(TABLE)
            self._end_block()
        elif tag in ("td", "th"):
            if self.line:
                self.line.append(" – ")
        elif tag == "img":
            self._picture(given)
        elif tag == "a":
            self._begin_link(given.get("href", ""))
        elif tag in ("code", "kbd", "samp", "pre"):
            self.verbatim = [] if self.verbatim is None else self.verbatim
        elif tag in ("sub", "sup"):
            self.line.append("_(" if tag == "sub" else "^(")
            self.notes.append("raised and lowered letters are written with ^ and _")
        else:
            self._begin_emphasis(tag, given.get("style", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS or tag in _HEADINGS or tag in ("table", "tr", "dl", "dt", "dd", "caption"):
            self._end_block()
            if tag == "blockquote" and self.prefix:
                self.prefix.pop()
        elif tag in ("ul", "ol"):
            self._end_block()
            if self.lists:
                self.lists.pop()
        elif tag == "li":
            self._end_block()
        elif tag == "a":
            self._end_link()
        elif tag in ("code", "kbd", "samp", "pre"):
            self._end_verbatim(tag)
        elif tag in ("sub", "sup"):
            self.line.append(")")
        elif (tag in _EMPHASIS or tag in ("span", "s", "strike", "del", "u", "var")) and self.closing:
            self._end_emphasis()

    def handle_data(self, data: str) -> None:
        if self.verbatim is not None:
            self.verbatim.append(data)
            return
        words = re.sub(r"[\s\xa0]+", " ", _with_formulas_held(data, self.held))
        if words == " " and (not self.line or self.line[-1].endswith((" ", "\n"))):
            return
        self.line.append(escaped(words, begins=not "".join(self.line).strip("\ue013\ue014 ")))

    def _begin_block(self, tag: str) -> None:
        self._end_block()
        if tag == "blockquote":
            self.prefix.append("> ")
        elif tag in _HEADINGS:
            self.line.append("\ue013")

    def _begin_entry(self) -> None:
        self._end_block()
        depth = max(0, len(self.lists) - 1)
        number = self.lists[-1][0] if self.lists else None
        sign = "- " if number is None else f"{number}. "
        if number is not None:
            self.lists[-1][0] = number + 1
        self.line.append(f"\ue014{'   ' * min(depth, 5)}{sign}")

    def _end_block(self) -> None:
        """Write what has been gathered as a paragraph, an entry of a list or a heading."""
        while self.closing:
            self._end_emphasis()
        self._end_link()
        text = "".join(self.line)
        self.line = []
        text = re.sub(r"(?:\\\n|\s)+\Z", "", text)
        is_entry, is_heading = text.startswith("\ue014"), text.startswith("\ue013")
        text = text.lstrip("\ue013\ue014") if is_entry or is_heading else text.lstrip()
        text = re.sub(r"\\\n\s*", "\\\\\n", text)
        if not text.strip():
            return
        if is_heading:
            text = f"**{text}**"
        prefix = "".join(self.prefix)
        self.blocks.append((prefix + text.replace("\n", "\n" + prefix), is_entry))

    def _begin_emphasis(self, tag: str, style: str) -> None:
        sign = _EMPHASIS.get(tag, "")
        if tag == "span":
            sign = "**" if re.search(r"font-weight:\s*(?:bold|[6-9]00)", style) else sign
            sign = "*" if re.search(r"font-style:\s*italic", style) else sign
        if tag in _EMPHASIS or tag in ("span", "s", "strike", "del", "u", "var"):
            self.line.append(sign)
            self.closing.append(sign)

    def _end_emphasis(self) -> None:
        sign = self.closing.pop()
        if not sign:
            return
        start = _last(self.line, sign)
        inside = "".join(self.line[start + 1 :])
        core = inside.strip()
        before = inside[: len(inside) - len(inside.lstrip())]
        after = inside[len(inside.rstrip()) :]
        self.line[start:] = [
            before,
            f"{sign}{core}{sign}" if core and "\n" not in core else core,
            after if core else "",
        ]

    def _picture(self, given: dict[str, str]) -> None:
        """Write a picture that came along, or leave it out with its description in its place."""
        alt = " ".join(given.get("alt", "").split())
        address = self.pictures.get(shown_file(given.get("src", "")))
        if address and not description_fault(alt):
            self.line.append(self.held.keep(f"![{escaped(alt, begins=False)}]({FOLDER}{address})"))
            return
        self.notes.append(UNDESCRIBED if address else PICTURE)
        if alt:
            self.line.append(escaped(f"[{alt}]"))

    def _begin_link(self, address: str) -> None:
        self._end_link()
        if address.startswith(("http://", "https://", "mailto:")):
            self.link = [address]
            self.line.append("\ue015")
        elif address:
            self.notes.append(ATTACHED)

    def _end_link(self) -> None:
        if not self.link:
            return
        address = self.link.pop()
        start = _last(self.line, "\ue015")
        text = "".join(self.line[start + 1 :]).strip()
        safe = re.sub(r"[\s<>]", "", address).replace("(", "%28").replace(")", "%29")
        self.line[start:] = [self.held.keep(f"[{text}]({safe})") if text else ""]

    def _end_verbatim(self, tag: str) -> None:
        if self.verbatim is None or (tag != "pre" and self.lasttag == "pre"):
            return
        code, self.verbatim = "".join(self.verbatim), None
        if not code.strip():
            return
        if _PLACEHOLDER.search(code) or "[[" in code or "`" in code:
            # In code nothing can be escaped.
            self.notes.append("program text is written as ordinary text")
            self.line.append(escaped(code.strip()).replace("\n", "\\\n"))
        elif "\n" in code.strip("\n"):
            self._end_block()
            self.blocks.append((self.held.keep("```\n" + code.strip("\n") + "\n```"), False))
        else:
            self.line.append(self.held.keep(f"`{code.strip()}`"))


def _last(parts: list[str], sign: str) -> int:
    """Return where a sign stands last."""
    return len(parts) - 1 - parts[::-1].index(sign)


def _is_small(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 6


def shown_file(address: str) -> str:
    """Return the name of the file that an address in a question of Moodle means, "" for any other address."""
    before, mark, name = address.partition("@@PLUGINFILE@@/")
    return unquote(name.partition("?")[0]) if mark and not before else ""


def joined(notes: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the notes of several texts, each once."""
    return tuple(dict.fromkeys(note for some in notes for note in some))
