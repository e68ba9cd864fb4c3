"""Whether a formula in TeX can be set: braces, environments, fences and scripts fit, and every command is known.

KaTeX sets formulas in the browser. ``katex.txt`` lists the commands it knows; their grammar is that of its manual
(https://katex.org/docs/supported). Nothing is set here: this only tells an author what learners would see in red.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

ENVIRONMENTS: Final = frozenset(
    "align align* alignat alignat* aligned alignedat array Bmatrix Bmatrix* bmatrix bmatrix* cases CD darray "
    "dcases drcases equation equation* gather gather* gathered matrix matrix* pmatrix pmatrix* rcases "
    "smallmatrix split subarray Vmatrix Vmatrix* vmatrix vmatrix*".split()
)
ARGUMENTS: Final = {
    **dict.fromkeys("frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel".split(), 2),
    **dict.fromkeys(
        "sqrt hat widehat bar overline underline vec dot ddot tilde widetilde check breve acute grave "
        "overbrace underbrace overrightarrow overleftarrow boxed phantom hphantom vphantom cancel "
        "bcancel xcancel mathbf mathrm mathit mathsf mathtt mathcal mathbb mathfrak mathscr boldsymbol "
        "bm pmb operatorname mathring mathop mathbin mathrel mathord mathopen mathclose mathpunct "
        "mathinner".split(),
        1,
    ),
}
"""How many arguments a command needs, for those that authors write most."""

TEXT: Final = frozenset(
    "text textrm textbf textit textsf texttt textnormal textup textmd emph mbox hbox fbox tag".split()
)
"""Commands whose argument is words, not a formula."""

RAW: Final = frozenset(
    "color textcolor colorbox fcolorbox hspace hskip kern mkern mskip rule raisebox verb".split()
)
"""Commands whose argument is neither; what stands in it is left alone."""

MAX_DEPTH: Final = 60

_PIECE: Final = re.compile(r"\\[A-Za-z]+|\\.|[^\s\\]|\\", re.DOTALL)
_NAME: Final = re.compile(r"\s*\{\s*([A-Za-z]+\*?)\s*\}")


class _Broken(ValueError):
    """The formula cannot be set; the text says why."""


@cache
def commands() -> frozenset[str]:
    """Return the names of the commands that KaTeX knows, without their backslash."""
    return frozenset(Path(__file__).with_name("katex.txt").read_text(encoding="ascii").split())


def tex_fault(tex: str) -> str:
    """Return why a formula cannot be set, the empty text if it can."""
    try:
        reader = _Reader(tex)
        reader.formula(frozenset(), 0)
    except _Broken as broken:
        return str(broken)
    return ""


@dataclass
class _Reader:
    """Walks through a formula once. ``at`` is the place of the next piece."""

    tex: str
    at: int = 0

    def peek(self) -> str:
        """Return the next piece, the empty text at the end."""
        found = _PIECE.search(self.tex, self.at)
        return found[0] if found else ""

    def take(self) -> str:
        found = _PIECE.search(self.tex, self.at)
        if found is None:
            return ""
        self.at = found.end()
        return found[0]

    def formula(self, ends: frozenset[str], depth: int, *, table: bool = False) -> str:
        """Read up to one of the pieces ``ends``, and return it; without ``ends``, to the end of the text."""
        if depth > MAX_DEPTH:
            raise _Broken("its groups are nested too deeply")
        while piece := self.peek():
            if piece in ends:
                return self.take()
            self.atom(depth, table=table)
        if ends:
            raise _Broken(f"{' or '.join(sorted(ends))} is missing")
        return ""

    def atom(self, depth: int, *, table: bool) -> None:
        """Read one thing with its scripts."""
        piece = self.take()
        if piece not in ("^", "_"):
            self.body(piece, depth, table=table)
        else:
            self.at -= 1
        seen: set[str] = set()
        while (script := self.peek()) in ("^", "_"):
            if script in seen:
                raise _Broken(f"two {script} follow each other; set braces")
            seen.add(script)
            self.take()
            self.argument(script, depth)

    def argument(self, owner: str, depth: int) -> None:
        """Read what ``owner`` applies to: a group or one piece."""
        if self.peek() in ("", "}", "^", "_", "&", r"\\", r"\right", r"\end"):
            raise _Broken(f"{owner} has nothing to apply to")
        self.body(self.take(), depth + 1, table=False)

    def body(self, piece: str, depth: int, *, table: bool) -> None:
        if piece == "{":
            self.formula(frozenset("}"), depth + 1, table=table)
        elif piece == "}":
            raise _Broken("there is a } too many")
        elif piece == "&" and not table:
            raise _Broken("& stands outside a table")
        elif piece in ("#", "$", "%"):
            raise _Broken(f"{piece} must be written \\{piece}")
        elif piece == "\\":
            raise _Broken("a backslash stands at the end")
        elif piece[0] == "\\" and piece[1].isalpha():
            self.command(piece[1:], depth)

    def command(self, name: str, depth: int) -> None:
        if name == "begin":
            self.environment(depth)
        elif name == "left":
            self.delimiter(name)
            self.fence(depth)
        elif name in ("right", "end"):
            raise _Broken(f"\\{name} has nothing to close")
        elif name not in commands():
            raise _Broken(f"\\{name} is not a command that can be set")
        elif name in TEXT or name in RAW:
            self.words(name)
        else:
            self.arguments(name, depth)

    def arguments(self, name: str, depth: int) -> None:
        if name == "sqrt" and self.peek() == "[":
            self.take()
            self.formula(frozenset("]"), depth + 1)
        if name == "operatorname" and self.peek() == "*":
            self.take()
        for _ in range(ARGUMENTS.get(name, 0)):
            self.argument(f"\\{name}", depth)

    def environment(self, depth: int) -> None:
        name = self.name("begin")
        if name not in ENVIRONMENTS:
            raise _Broken(f"there is no environment {name}")
        self.formula(frozenset({r"\end"}), depth + 1, table=True)
        if (ended := self.name("end")) != name:
            raise _Broken(f"\\begin{{{name}}} is closed by \\end{{{ended}}}")

    def name(self, command: str) -> str:
        found = _NAME.match(self.tex, self.at)
        if found is None:
            raise _Broken(f"\\{command} needs the name of an environment")
        self.at = found.end()
        return found[1]

    def fence(self, depth: int) -> None:
        while self.formula(frozenset({r"\right", r"\middle"}), depth + 1, table=True) == r"\middle":
            self.delimiter("middle")
        self.delimiter("right")

    def delimiter(self, command: str) -> None:
        piece = self.take()
        if not piece or (piece.isalnum() and len(piece) == 1) or piece in "{}&^_":
            raise _Broken(f"\\{command} needs a bracket, or a dot for none")

    def words(self, name: str) -> None:
        """Read a group of words: only its braces count."""
        if self.peek() != "{":
            if name in TEXT:
                raise _Broken(f"\\{name} needs braces")
            return
        level = 0
        while piece := self.take():
            level += (piece == "{") - (piece == "}")
            if level == 0:
                return
        raise _Broken("} is missing")
