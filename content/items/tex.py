"""Formulas in TeX, read into a tree; what cannot be set is refused with its reason.

The grammar is the mathematics of plain TeX and amsmath as far as authors of lessons need it. ``tex_symbols.txt``
lists the symbols: a name, the class that TeX spaces it by, and its character (names and classes are those of
https://katex.org/docs/supported). ``typesetting`` turns the tree into MathML.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

MAX_LENGTH: Final = 4000
"""Characters of one formula. The longest of our lessons has 300."""

MAX_DEPTH: Final = 60


@dataclass(frozen=True, slots=True)
class Symbol:
    """A character of a class: letter, upright, bar, bin, rel, open, close, punct, inner or large."""

    kind: str
    character: str


@dataclass(frozen=True, slots=True)
class Number:
    digits: str


@dataclass(frozen=True, slots=True)
class Space:
    """``width`` in em."""

    width: float


@dataclass(frozen=True, slots=True)
class Function:
    """A name such as ``max``; ``limits`` says that its scripts stand below and above it in a display."""

    name: str
    limits: bool


@dataclass(frozen=True, slots=True)
class Words:
    command: str
    text: str


@dataclass(frozen=True, slots=True)
class Row:
    """Atoms side by side. ``ends`` says where the source of each of them ends."""

    atoms: tuple[Node, ...]
    ends: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A command with its arguments; ``option`` is what ``\\sqrt[3]{x}`` has in its brackets."""

    command: str
    arguments: tuple[Node, ...]
    option: Row | None = None


@dataclass(frozen=True, slots=True)
class Switch:
    """A command that holds from its place to the end of its group."""

    command: str
    rest: Row


@dataclass(frozen=True, slots=True)
class Scripts:
    """``limits`` is None where the author leaves their place to the base."""

    base: Node | None
    below: Node | None
    above: Node | None
    limits: bool | None


@dataclass(frozen=True, slots=True)
class Fence:
    """Rows between brackets that grow with them: one bracket more than there are rows; the empty text is none."""

    brackets: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Sized:
    """A bracket of a size that the author chose."""

    command: str
    bracket: str


@dataclass(frozen=True, slots=True)
class Table:
    """``columns`` has an l, c or r for each column where the author says so."""

    environment: str
    rows: tuple[tuple[Row, ...], ...]
    columns: str = ""


Node = Symbol | Number | Space | Function | Words | Row | Call | Switch | Scripts | Fence | Sized | Table

ENVIRONMENTS: Final = frozenset(
    "align align* aligned array Bmatrix bmatrix cases dcases drcases equation equation* gather gather* gathered "
    "matrix pmatrix rcases smallmatrix split Vmatrix vmatrix".split()
)
ARGUMENTS: Final = {
    **dict.fromkeys("frac dfrac tfrac cfrac binom dbinom tbinom overset underset stackrel".split(), 2),
    **dict.fromkeys(
        "sqrt hat widehat bar overline underline vec dot ddot tilde widetilde check breve acute grave mathring "
        "overbrace underbrace overrightarrow overleftarrow boxed phantom hphantom vphantom mathbf mathrm mathit "
        "mathsf mathtt mathcal mathbb mathfrak mathscr mathnormal boldsymbol bm bold Bbb mathop mathbin mathrel "
        "mathord mathopen mathclose mathpunct mathinner operatorname substack pmod not".split(),
        1,
    ),
}
"""How many arguments a command needs."""

TEXT: Final = frozenset("text textrm textbf textit textsf texttt textnormal textup textmd emph mbox".split())
"""Commands whose argument is words, not a formula."""

SWITCHES: Final = frozenset("displaystyle textstyle scriptstyle".split())

SIZES: Final = {
    size + side: (width, kind)
    for size, width in {"big": 1.2, "Big": 1.8, "bigg": 2.4, "Bigg": 3.0}.items()
    for side, kind in {"": "bar", "l": "open", "r": "close", "m": "rel"}.items()
}
"""Height in em and class of a bracket of a chosen size."""

SPACES: Final = {
    **dict.fromkeys((",", "thinspace"), 0.1667),
    **dict.fromkeys((":", ">", "medspace"), 0.2222),
    **dict.fromkeys((";", "thickspace"), 0.2778),
    **dict.fromkeys(("!", "negthinspace"), -0.1667),
    "negmedspace": -0.2222,
    "negthickspace": -0.2778,
    **dict.fromkeys((" ", "\n", "~", "space", "nobreakspace"), 0.25),
    **dict.fromkeys(("enspace", "enskip"), 0.5),
    "quad": 1.0,
    "qquad": 2.0,
}

FUNCTIONS: Final = frozenset(
    "arccos arcsin arctan arg cos cosh cot coth csc deg dim exp hom ker lg ln log sec sin sinh tan tanh".split()
)
LIMITS: Final = {
    **{name: name for name in "det gcd inf lim max min Pr sup plim".split()},
    "limsup": "lim\u2009sup",
    "liminf": "lim\u2009inf",
    "argmax": "arg\u2009max",
    "argmin": "arg\u2009min",
}

_STRUCTURE: Final = frozenset("begin end left middle right limits nolimits bmod".split())
_ESCAPED: Final = {
    "{": "open",
    "}": "close",
    "|": "bar",
    "#": "upright",
    "$": "upright",
    "%": "upright",
    "&": "upright",
    "_": "upright",
}
_PLAIN: Final = {
    **dict.fromkeys("([", "open"),
    **dict.fromkeys(")]!?", "close"),
    **dict.fromkeys(",;", "punct"),
    **dict.fromkeys("=<>:", "rel"),
    **dict.fromkeys("+-*", "bin"),
    **dict.fromkeys("|/", "bar"),
}
_SET_AS: Final = {"-": "−", "*": "∗"}

_PRIMES: Final = {2: "″", 3: "‴"}

_BRACKETS: Final = frozenset("( ) [ ] | / < > . ‖ ⟨ ⟩ ⌊ ⌋ ⌈ ⌉".split())
_BRACKET_COMMANDS: Final = frozenset(
    "{ } | langle rangle lvert rvert lVert rVert vert Vert lbrace rbrace lbrack rbrack lparen rparen lfloor rfloor "
    "lceil rceil lgroup rgroup uparrow downarrow updownarrow Uparrow Downarrow Updownarrow backslash".split()
)

_PIECE: Final = re.compile(r"\\[A-Za-z]+|\\.|[^\s\\]|\\", re.DOTALL)
_NUMBER: Final = re.compile(r"\s*([0-9]+(?:\.[0-9]+)?|\.[0-9]+)")
_NAME: Final = re.compile(r"\s*\{\s*([A-Za-z]+\*?)\s*\}")
_COLUMNS: Final = re.compile(r"\s*\{\s*([lcr\s]+)\}")
_ROW_GAP: Final = re.compile(r"\s*\[[^\]\[]{0,12}\]")
_CELL_ENDS: Final = frozenset({"&", r"\\", r"\end"})
_NOTHING: Final = Row(())


class Broken(ValueError):
    """The formula cannot be set; the text says why."""


@cache
def symbols() -> dict[str, Symbol]:
    """Return the symbols by the names of their commands, without the backslash."""
    lines = Path(__file__).with_name("tex_symbols.txt").read_text(encoding="utf-8").splitlines()
    return {name: Symbol(kind, character) for name, kind, character in map(str.split, lines)}


@cache
def commands() -> frozenset[str]:
    """Return the names of the commands that can be set, without their backslash."""
    named = {name for name in SPACES if name.isalpha()}
    return frozenset(
        {*symbols(), *ARGUMENTS, *TEXT, *SWITCHES, *SIZES, *FUNCTIONS, *LIMITS, *_STRUCTURE, *named}
    )


@cache
def _characters() -> dict[str, Symbol]:
    """Return the symbols by their characters, for ``≤`` and its like typed as they are."""
    written = {symbol.character: symbol for symbol in symbols().values()}
    return {**written, **{c: Symbol(kind, _SET_AS.get(c, c)) for c, kind in _PLAIN.items()}}


def tex_fault(tex: str) -> str:
    """Return why a formula cannot be set, the empty text if it can."""
    try:
        parse(tex)
    except Broken as broken:
        return str(broken)
    return ""


@lru_cache(maxsize=500)
def parse(tex: str) -> Row:
    """Return the tree of a formula. Raises Broken where it cannot be set."""
    if len(tex) > MAX_LENGTH:
        raise Broken(f"it is longer than {MAX_LENGTH} characters")
    return _Reader(tex).row(frozenset(), 0)[0]


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

    def row(self, ends: frozenset[str], depth: int) -> tuple[Row, str]:
        """Read up to one of the pieces ``ends``, and return it as well; without ``ends``, to the end of the text."""
        atoms: list[Node] = []
        places: list[int] = []
        while piece := self.peek():
            if piece in ends:
                return Row(tuple(atoms), tuple(places)), self.take()
            if piece[1:] in SWITCHES:
                self.take()
                rest, end = self.row(ends, depth + 1)
                return Row((*atoms, Switch(piece[1:], rest)), (*places, self.at)), end
            atoms.append(self.atom(depth))
            places.append(self.at)
        if ends:
            raise Broken(f"{' or '.join(sorted(ends - {'&', _BACKSLASHES} or ends))} is missing")
        return Row(tuple(atoms), tuple(places)), ""

    def atom(self, depth: int) -> Node:
        """Read one thing with its scripts."""
        base = None if self.peek() in ("^", "_", "'") else self.number() or self.body(self.take(), depth)
        limits: bool | None = None
        while self.peek() in (r"\limits", r"\nolimits"):
            limits = self.take() == r"\limits"
        scripts: dict[str, Node] = {}
        primes = 0
        while (script := self.peek()) in ("^", "_", "'"):
            if script in scripts or (script == "'" and "^" in scripts):
                raise Broken(f"two {script if script != chr(39) else '^'} follow each other; set braces")
            self.take()
            if script == "'":
                primes += 1
            else:
                scripts[script] = self.argument(script, depth)
        if primes:
            # Their glyph stands high by itself: no script, but a part of the base.
            prime = Symbol("upright", _PRIMES.get(primes, "′" * primes))
            base = Row((base, prime)) if base is not None else prime
        if base is not None and not scripts:
            return base
        return Scripts(base, scripts.get("_"), scripts.get("^"), limits)

    def number(self) -> Number | None:
        found = _NUMBER.match(self.tex, self.at)
        if found is None:
            return None
        self.at = found.end()
        return Number(found[1])

    def argument(self, owner: str, depth: int) -> Node:
        """Read what ``owner`` applies to: a group or one piece."""
        if self.peek() in ("", "}", "^", "_", "&", r"\\", r"\right", r"\middle", r"\end"):
            raise Broken(f"{owner} has nothing to apply to")
        return self.body(self.take(), depth + 1)

    def body(self, piece: str, depth: int) -> Node:
        if depth > MAX_DEPTH:
            raise Broken("its groups are nested too deeply")
        if piece == "{":
            return self.row(frozenset("}"), depth + 1)[0]
        if piece == "}":
            raise Broken("there is a } too many")
        if piece in ("&", _BACKSLASHES):
            raise Broken(f"{piece} stands outside a table")
        if piece in ("#", "$", "%"):
            raise Broken(f"{piece} must be written \\{piece}")
        if piece == "\\":
            raise Broken("a backslash stands at the end")
        if piece == "~":
            return Space(SPACES["~"])
        if piece[0] != "\\":
            return _character(piece)
        return self.command(piece[1:], depth)

    def command(self, name: str, depth: int) -> Node:
        if name in SPACES:
            return Space(SPACES[name])
        if name in _ESCAPED:
            return Symbol(_ESCAPED[name], "‖" if name == "|" else name)
        if name not in commands():
            raise Broken(f"\\{name} is not a command that can be set")
        if name in symbols():
            return symbols()[name]
        if name in FUNCTIONS or name in LIMITS:
            return Function(LIMITS.get(name, name), name in LIMITS)
        if name in SIZES:
            return Sized(name, self.bracket(name))
        if name in TEXT:
            return Words(name, self.words(name))
        if name in ARGUMENTS:
            return self.call(name, depth)
        return self.structure(name, depth)

    def structure(self, name: str, depth: int) -> Node:
        if name == "begin":
            return self.environment(depth)
        if name == "left":
            return self.fence(depth)
        if name == "bmod":
            return Call("mathbin", (Function("mod", limits=False),))
        if name in ("limits", "nolimits"):
            raise Broken(f"\\{name} has nothing to apply to")
        if name in SWITCHES:
            raise Broken(f"\\{name} needs braces around it")
        raise Broken(f"\\{name} has nothing to close")

    def call(self, name: str, depth: int) -> Node:
        option = None
        if name == "sqrt" and self.peek() == "[":
            self.take()
            option, _ = self.row(frozenset("]"), depth + 1)
        if name == "operatorname" and self.peek() == "*":
            self.take()
            return Call("operatorname*", (self.argument(r"\operatorname*", depth),))
        if name == "substack":
            return Table("substack", self.cells("substack", depth))
        arguments = tuple(self.argument(f"\\{name}", depth) for _ in range(ARGUMENTS[name]))
        return Call(name, arguments, option)

    def environment(self, depth: int) -> Table:
        name = self.name("begin")
        if name not in ENVIRONMENTS:
            raise Broken(f"there is no environment {name}")
        columns = ""
        if name == "array":
            found = _COLUMNS.match(self.tex, self.at)
            if found is None:
                raise Broken(r"\begin{array} needs its columns, such as {lcr}")
            self.at, columns = found.end(), "".join(found[1].split())
        rows = self.cells("end", depth)
        if (ended := self.name("end")) != name:
            raise Broken(f"\\begin{{{name}}} is closed by \\end{{{ended}}}")
        return Table(name, rows, columns)

    def cells(self, command: str, depth: int) -> tuple[tuple[Row, ...], ...]:
        """Read the rows of a table up to its ``\\end``, or of a ``\\substack`` up to its brace."""
        ends = _CELL_ENDS
        if command == "substack":
            ends = frozenset({_BACKSLASHES, "}"})
            if self.take() != "{":
                raise Broken(r"\substack needs braces")
        rows: list[list[Row]] = [[]]
        while True:
            cell, end = self.row(ends, depth + 1)
            rows[-1].append(cell)
            if end == _BACKSLASHES:
                gap = _ROW_GAP.match(self.tex, self.at)
                self.at = gap.end() if gap else self.at
                rows.append([])
            elif end != "&":
                break
        if rows[-1] == [_NOTHING] and len(rows) > 1:
            rows.pop()
        return tuple(map(tuple, rows))

    def name(self, command: str) -> str:
        found = _NAME.match(self.tex, self.at)
        if found is None:
            raise Broken(f"\\{command} needs the name of an environment")
        self.at = found.end()
        return found[1]

    def fence(self, depth: int) -> Fence:
        brackets, rows = [self.bracket("left")], []
        end = r"\middle"
        while end == r"\middle":
            row, end = self.row(frozenset({r"\right", r"\middle"}), depth + 1)
            rows.append(row)
            brackets.append(self.bracket(end[1:]))
        return Fence(tuple(brackets), tuple(rows))

    def bracket(self, command: str) -> str:
        piece = self.take()
        if piece in _BRACKETS:
            return {".": "", "<": "⟨", ">": "⟩"}.get(piece, piece)
        name = piece[1:]
        if piece[:1] == "\\" and name in _BRACKET_COMMANDS:
            return "‖" if name == "|" else symbols()[name].character if name in symbols() else name
        raise Broken(f"\\{command} needs a bracket, or a dot for none")

    def words(self, name: str) -> str:
        """Read a group of words: braces in it only group, and a backslash only protects a sign."""
        if self.take() != "{":
            raise Broken(f"\\{name} needs braces")
        said: list[str] = []
        level = 1
        while self.at < len(self.tex):
            sign = self.tex[self.at]
            self.at += 1
            if sign == "\\":
                said.append(self.protected())
            elif sign in "{}":
                level += 1 if sign == "{" else -1
            else:
                said.append(" " if sign in "~\n\t\r" else _checked(sign))
            if level == 0:
                return "".join(said)
        raise Broken("} is missing")

    def protected(self) -> str:
        """Read what follows a backslash among words."""
        sign = self.tex[self.at : self.at + 1]
        if sign.isalpha():
            raise Broken(f"{self.take_name()} cannot stand among words")
        self.at += 1
        return {"": "", ",": "\u2009", "\\": " ", "\n": " "}.get(sign, sign)

    def take_name(self) -> str:
        self.at -= 1
        return self.take()


_BACKSLASHES: Final = "\\\\"


def _character(sign: str) -> Symbol | Number:
    if sign.isdecimal():
        return Number(sign)
    known = _characters().get(sign)
    if known:
        return known
    return Symbol("letter" if _checked(sign).isalpha() else "upright", sign)


def _checked(sign: str) -> str:
    """Refuse what is no sign: control characters, private ones, and marks that need another character."""
    if unicodedata.category(sign)[0] in "CM":
        raise Broken(f"the character U+{ord(sign):04X} cannot be set")
    return sign
