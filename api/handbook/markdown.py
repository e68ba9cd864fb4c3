"""A document of ours as HTML: headings that can be linked to, wide tables that scroll, formulas as MathML.

The documents come with the program, so nothing is cleaned; raw HTML is shown as text all the same.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from html import escape
from itertools import pairwise
from typing import Any, Final

from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

from content.items.typesetting import typeset

Linking = Callable[[str], str]
"""Returns where a link leads that is written as a path between files."""

NO_LETTER: Final = re.compile(r"[^\w\- ]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading of a document: its text, and the name that links end with."""

    level: int
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Section:
    """What stands below one heading, as words to search in. The first has the name of none."""

    name: str
    title: str
    words: str


@dataclass(frozen=True, slots=True)
class Document:
    title: str
    html: str
    headings: tuple[Heading, ...]
    sections: tuple[Section, ...]


def read(markdown: str, linking: Linking) -> Document:
    """Return a document whose first heading is its title."""
    env: dict[str, Any] = {}
    tokens = _parser().parse(markdown, env)
    headings = tuple(_named(tokens))
    _prepare(tokens, linking)
    html = str(_parser().renderer.render(tokens, _parser().options, env))
    title = headings[0].text if headings else ""
    return Document(title, html, headings[1:], tuple(_sections(tokens, title)))


def heading_name(title: str) -> str:
    """Return what a link to a heading ends with, as the hosts of repositories write it."""
    return NO_LETTER.sub("", title.lower()).replace(" ", "-")


def _named(tokens: Sequence[Token]) -> Iterator[Heading]:
    """Give each heading the name that links know it by; the second of a name gets a number, as elsewhere."""
    met: Counter[str] = Counter()
    for token, inline in pairwise(tokens):
        if token.type != "heading_open":
            continue
        text = _plain(inline)
        name = heading_name(text)
        met[name] += 1
        unique = name if met[name] == 1 else f"{name}-{met[name] - 1}"
        token.attrSet("id", unique)
        yield Heading(len(token.markup), unique, text)


def _prepare(tokens: Sequence[Token], linking: Linking) -> None:
    """Turn links between files into addresses, and leave out styles, which the policy of our pages refuses."""
    for first, inline, last in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if first.type == "th_open" and not inline.content:
            first.tag = last.tag = "td"  # what heads nothing is no heading
    for token in tokens:
        token.attrs.pop("style", None)
        for part in token.children or ():
            for name in ("href", "src"):
                if name in part.attrs:
                    part.attrSet(name, linking(str(part.attrs[name])))


def _sections(tokens: Sequence[Token], title: str) -> Iterator[Section]:
    name, heading, words = "", title, list[str]()
    for before, token in pairwise([Token("start", "", 0), *tokens]):
        if before.type == "heading_open":
            if before.tag != "h1":
                yield Section(name, heading, " ".join(words))
                name, heading, words = str(before.attrs["id"]), _plain(token), []
        elif token.type == "inline":
            words.append(_plain(token))
        elif token.type in ("fence", "code_block"):
            words.append(" ".join(token.content.split()))
    yield Section(name, heading, " ".join(words))


def _plain(inline: Token) -> str:
    """Return what a reader takes in of a line of text."""
    breaks = {"softbreak": " ", "hardbreak": " "}
    return "".join(breaks.get(part.type, part.content) for part in inline.children or ())


@cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_labels=False)
    parser.add_render_rule("math_inline", _math(display=False))
    parser.add_render_rule("math_block", _math(display=True))
    parser.add_render_rule("fence", _code)
    parser.add_render_rule("code_block", _code)
    parser.add_render_rule("table_open", _table)
    parser.add_render_rule("table_close", _table_end)
    return parser


def _math(*, display: bool) -> Callable[..., str]:
    def rule(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        tag = "div" if display else "span"
        return f'<{tag} class="math">{typeset(tokens[index].content.strip(), display=display)}</{tag}>'

    return rule


def _code(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
    """Return code that the keyboard reaches, because it may be wider than the page."""
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


def _table(_renderer: Any, _tokens: Sequence[Token], _index: int, _options: Any, env: Any) -> str:
    env["tables"] = number = env.get("tables", 0) + 1
    return f'<div class="wide" role="region" aria-label="Table {number}" tabindex="0"><table>\n'


def _table_end(_renderer: Any, _tokens: Sequence[Token], _index: int, _options: Any, _env: Any) -> str:
    return "</table></div>\n"
