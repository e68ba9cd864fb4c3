"""Authors' Markdown to safe HTML: formulas as MathML, interactions marked by their place."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from html import escape
from itertools import pairwise
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from content.expressions import exact
from content.items.typesetting import typeset
from content.media.names import named_by

_MARK = re.compile(r"\[\[([a-z][a-z0-9_]{0,19})\]\]")
_TAG_OR_MARK = re.compile('(?P<tag><[^<>"]*(?:"[^"]*"[^<>"]*)*>)|\ue000(?P<mark>[a-z0-9_]+)\ue001')

_PRIVATE = re.compile("[\ue000-\ue00f]|&#(?:[xX]0*[eE]00[0-9a-fA-F]|0*573(?:4[4-9]|5[0-9]));")
"""What only we may write, because it marks the places of interactions and formulas."""

_FORMULA = re.compile(
    "(?<![(\\[“‘„\"'–—])(?P<before>[(\\[“‘„\"'–—]*)\ue004(?P<number>[0-9]+)\ue005(?P<after>[^\\s<&\ue000-\ue00f]{0,12})"
)
_IMAGE = re.compile(r'<img\b(?=(?:[^">]|"[^"]*")*?\salt="([^"]*)")(?:[^">]|"[^"]*")*>')
_UNREAD_IMAGE = re.compile(r"!\[[^\]\n]{0,300}\]\([^\n]")
_MATHML = re.compile(r"<math\b[^>]*>.*?<annotation[^>]*>(.*?)</annotation></semantics></math>", re.DOTALL)

_TAGS = set(
    "a abbr b blockquote br caption code col colgroup dd del div dl dt em figcaption figure "
    "h1 h2 h3 h4 h5 h6 hr i img kbd li ol p pre s samp span strong sub sup "
    "table tbody td th thead tr ul var".split()
)
_ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt", "title", "width", "height", "loading"},
    "span": {"class"},
    "div": {"class"},
    "code": {"class"},
    "ol": {"start"},
    "h2": {"id"},
    "h3": {"id"},
    "th": {"scope"},
}


PARSED_KEPT = 100
"""Texts that are looked at several times in a row: for formulas, for images, for words."""
RENDERED_KEPT = 2_000
"""Texts of a few kB: what all learners are told of a fixed item is made once."""


def interaction_marks(body: str) -> list[str]:
    """Return the identifiers that stand as ``[[a]]`` in a body, in order."""
    return _MARK.findall(body)


@lru_cache(maxsize=RENDERED_KEPT)
def render(markdown: str) -> str:
    """Return block HTML, kept in the process; ``[[a]]`` becomes ``<span data-interaction="a"></span>``."""
    return _with_marks(_html(markdown, _markdown().render))


def render_inline(markdown: str) -> str:
    """Return HTML without a paragraph around it, for an option or a title."""
    return _html(markdown, _markdown().renderInline)


def with_sources(html: str) -> str:
    """Return HTML with each formula as its TeX and each image as its description, for places of nothing but text."""
    return _IMAGE.sub(r"\1", _MATHML.sub(r"\1", html)).replace("<wbr>", " ")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph or a fenced block of a text; ``info`` is what stands behind the fence, None in a paragraph.

    It stands from line ``first`` up to and without line ``end``, counted from 0.
    """

    first: int
    end: int
    content: str
    info: str | None


def blocks(markdown: str) -> list[Block]:
    """Return the paragraphs and fenced blocks that stand in a text by themselves, in no list and no quotation."""
    found = []
    tokens = _markdown().parse(markdown)
    for token, following in pairwise([*tokens, *tokens[-1:]]):
        if token.level or not token.map:
            continue
        first, end = token.map
        if token.type == "fence":
            found.append(Block(first, end, token.content, token.info))
        elif token.type == "paragraph_open":
            found.append(Block(first, end, following.content, None))
    return found


def headings(markdown: str) -> list[str]:
    """Return what stands in each heading of the second level, without markup, formulas as TeX."""
    tokens = _markdown().parse(markdown)
    titles = [
        after for token, after in pairwise(tokens) if token.type == "heading_open" and token.tag == "h2"
    ]
    return ["".join(part.content for part in title.children or ()) for title in titles]


def formulas(markdown: str) -> list[str]:
    """Return the TeX of each formula in a text."""
    return [token.content for token in _tokens(markdown) if token.type.startswith("math")]


def words(markdown: str) -> str:
    """Return what stands in a text outside its formulas and its code."""
    return " ".join(token.content for token in _tokens(markdown) if token.type == "text")


@dataclass(frozen=True, slots=True)
class Picture:
    """An image in a text: its address as it stands there, what it is said to show, and its line, counted from 1."""

    address: str
    description: str
    line: int


def pictures(markdown: str) -> list[Picture]:
    """Return each image in a text; what begins like one and is none has no address."""
    found = []
    for block in _markdown().parse(markdown):
        line = block.map[0] + 1 if block.map else 1
        for token in block.children or ():
            if token.type == "image":
                found.append(Picture(str(token.attrGet("src") or ""), _described(token), line))
            elif token.type == "text" and (unread := _UNREAD_IMAGE.search(token.content)):
                found.append(Picture("", unread.string[unread.start() :][:60], line))
    return found


def strong(markdown: str) -> list[str]:
    """Return the contents of each passage in bold, formulas as TeX."""
    passages: list[str] = []
    depth = 0
    for token in _tokens(markdown):
        if token.type == "strong_open":
            depth += 1
            passages.append("")
        elif token.type == "strong_close":
            depth -= 1
        elif depth:
            passages[-1] += token.content
    return passages


@lru_cache(maxsize=20_000)
def as_read(text: str) -> str:
    """Return an author's short text as a reader takes it in: without markup, spaces and the zeros of 2.50."""
    plain = unicodedata.normalize("NFKC", text).translate(_DASHES)
    plain = _EMPHASIS.sub(lambda found: found[2], plain).replace("$", "").replace("`", "")
    plain = _LOOSE_SPACE.sub("", " ".join(_TEX_SPACE.sub(" ", plain).split())).rstrip(".;,")
    return _NUMERAL.sub(lambda found: f"{float(found[0]):.15g}", plain)


_DASHES = str.maketrans({"\u2212": "-", "\u2013": "-", "\u2010": "-", "\u2011": "-"})
_EMPHASIS = re.compile(r"(\*\*|__|(?<![\w*])\*|(?<![\w_])_)(\S(?:.*?\S)?)\1(?![\w*])")
_TEX_SPACE = re.compile(r"\\[,;:! ]|~")
_LOOSE_SPACE = re.compile(r"(?<!\w) | (?!\w)")
_NUMERAL = re.compile(r"(?<![0-9.,])[0-9]{1,15}+(?:\.[0-9]{1,15}+)?+(?![0-9]|[.,][0-9])")


@lru_cache(maxsize=PARSED_KEPT)
def _tokens(markdown: str) -> tuple[Token, ...]:
    """Return the tokens of a text, those within lines in their places. They are kept: nobody may change them."""
    return tuple(token for block in _markdown().parse(markdown) for token in (block.children or (block,)))


def _html(markdown: str, renderer: Callable[..., str]) -> str:
    """Return clean HTML. The formulas come in last: they are ours, and the cleaner would not leave them whole."""
    set_formulas: list[tuple[str, str]] = []
    html = _clean(renderer(_without_private(markdown), {"formulas": set_formulas}))

    def placed(found: re.Match[str]) -> str:
        return _placed(*set_formulas[exact.whole(found["number"])], found["before"], found["after"])

    return _FORMULA.sub(placed, html)


def _placed(kind: str, mathml: str, before: str, after: str) -> str:
    """Return a formula in its element. What touches it in a line of text is kept from wrapping alone."""
    if kind != "inline":
        tag = "div" if kind == "block" else "span"
        return f'{before}<{tag} class="math display">{mathml}</{tag}>{after}'
    if not before and not after:
        return f'<span class="math inline">{mathml}</span>'
    first, *others = mathml.split("<wbr>")
    if not others:
        return f'<span class="math inline"><span class="unbroken">{before}{first}{after}</span></span>'
    *middle, last = others
    parts = [_unbroken(before + first, first), *middle, _unbroken(last + after, last)]
    return f'<span class="math inline">{"<wbr>".join(parts)}</span>'


def _unbroken(html: str, alone: str) -> str:
    return html if html == alone else f'<span class="unbroken">{html}</span>'


def _without_private(markdown: str) -> str:
    return _MARK.sub("\ue000\\1\ue001", _PRIVATE.sub("\ufffd", markdown))


def _with_marks(html: str) -> str:
    """Replace the marks in the text; inside a tag, as in an image's description, they are no places."""

    def replaced(found: re.Match[str]) -> str:
        return found["tag"] or f'<span data-interaction="{found["mark"]}"></span>'

    return _TAG_OR_MARK.sub(replaced, html)


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto"},
        link_rel="noopener noreferrer",
    )


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_labels=False)
    for rule, kind in (("math_inline", "inline"), ("math_inline_double", "display"), ("math_block", "block")):
        parser.add_render_rule(rule, _math(kind))
    parser.add_render_rule("image", _image)
    return parser


def _image(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """Return an image of ours with its place reserved; one of anywhere else is nothing but its description."""
    token = tokens[index]
    description = escape(_described(token))
    name = named_by(str(token.attrGet("src") or ""))
    if name is None:
        return description
    title = f' title="{escape(str(token.attrGet("title")))}"' if token.attrGet("title") else ""
    size = f'width="{name.width}" height="{name.height}"'
    return f'<img src="/media/{name}" alt="{description}"{title} {size} loading="lazy">'


def _described(token: Token) -> str:
    """Return the description of an image as plain text, formulas as TeX."""
    parts = [" " if part.type.endswith("break") else part.content for part in token.children or ()]
    return " ".join("".join(parts).split())


def _math(kind: str) -> Callable[..., str]:
    def rule(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, env: Any) -> str:
        env["formulas"].append((kind, typeset(tokens[index].content.strip(), display=kind != "inline")))
        return f"\ue004{len(env['formulas']) - 1}\ue005"

    return rule
