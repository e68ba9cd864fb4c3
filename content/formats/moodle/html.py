"""Our Markdown as the HTML that Moodle shows, with formulas as its filter for TeX finds them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import cache
from html import escape, unescape
from typing import Any

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.dollarmath import dollarmath_plugin

_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What XML has no way to write."""


def block(markdown: str) -> str:
    """Return the paragraphs of a text."""
    return _clean(_markdown().render(markdown)).strip()


def line(markdown: str) -> str:
    """Return a text without a paragraph around it."""
    return _clean(_markdown().renderInline(markdown)).strip()


def plain(markdown: str) -> str:
    """Return the words of a text that may hold no markup."""
    bare: str = nh3.clean(line(markdown), tags=set())
    return unescape(bare)


def has_markup(markdown: str) -> bool:
    """Whether a text is more than plain words."""
    return escape(plain(markdown), quote=False) != line(markdown)


def _clean(html: str) -> str:
    return _UNWRITABLE.sub("", html)


@cache
def _markdown() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "typographer": False}).enable("table")
    parser.use(dollarmath_plugin, allow_space=False, allow_digits=False, allow_labels=False)
    for rule, (begin, end) in {
        "math_inline": (r"\(", r"\)"),
        "math_inline_double": (r"\[", r"\]"),
        "math_block": (r"<p>\[", r"\]</p>"),
    }.items():
        parser.add_render_rule(rule, _formula(begin, end))
    return parser


def _formula(begin: str, end: str) -> Callable[..., str]:
    def rule(_renderer: Any, tokens: Sequence[Token], index: int, _options: Any, _env: Any) -> str:
        return f"{begin}{escape(tokens[index].content.strip(), quote=False)}{end}"

    return rule
