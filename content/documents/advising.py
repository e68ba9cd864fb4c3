"""What an author has probably done where a text is no YAML, and what to write instead."""

from __future__ import annotations

import re
from typing import Final

_QUOTE: Final = "put the whole text in quotes"
_BLOCK: Final = "put the text in single quotes, or below its key in a block (|)"

_ADVICE: Final = {
    "found unknown escape character": f"in double quotes a backslash, as TeX has it, means something else; {_BLOCK}",
    "mapping values are not allowed in this context": (
        f"there is a colon too many; where it belongs to a text, {_QUOTE}. Else look at the indentation"
    ),
    "found a tab character that violates indentation": "a tab cannot indent; use spaces",
    "found a tab character where an indentation space is expected": "a tab cannot indent; use spaces",
    "found unexpected end of stream": "a quote that opens here is never closed",
    "found unexpected document indicator": "a quote that opens here is never closed",
    "did not find expected ',' or '}'": (
        "the { that opens here has no } or a comma is missing; where a text in it holds a colon, a comma or a "
        "bracket, put that text in quotes"
    ),
    "did not find expected ',' or ']'": (
        "the [ that opens here has no ] or a comma is missing; where a text in it holds a comma or a bracket, put "
        "that text in quotes"
    ),
    "could not find expected ':'": "a key needs a colon and a space behind it",
    "did not find expected comment or line break": "behind | or > the text begins on the next line",
    "did not find expected alphabetic or numeric character": f"a text that begins with * or & needs quotes; {_QUOTE}",
    "did not find expected <document start>": "the lines do not begin at the same column",
    "but found another document": "--- begins another document, and only one can stand here",
    "did not find expected '-' indicator": (
        "this line is not indented like the entries of the list around it, or one of them has no dash"
    ),
    "block sequence entries are not allowed in this context": "a list begins on a line of its own",
    "anchors and aliases are not allowed": f"where & or * belongs to a text, {_QUOTE}",
    "tags are not allowed": f"where ! belongs to a text, {_QUOTE}",
}
_AFTER_END: Final = re.compile(r"""["'\]}]\s*\Z""")


def advised(problem: str, before: str, character: str) -> str:
    """Return why a text cannot be read, with advice.

    ``before`` is what stands on the line before the place where reading stopped, and ``character`` what stands there.
    """
    advice = _ADVICE.get(problem)
    if problem == "found character that cannot start any token":
        advice = (
            "a tab cannot indent; use spaces"
            if character == "\t"
            else f"a text cannot begin with {character}; {_QUOTE}"
        )
    elif problem == "did not find expected key":
        advice = (
            f"something stands behind the end of this value; {_QUOTE}"
            if _AFTER_END.search(before)
            else "this line is not indented like those it belongs to"
        )
    return f"{problem}: {advice}" if advice else problem
