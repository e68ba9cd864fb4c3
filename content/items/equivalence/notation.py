"""What hand-writing has and the language has not: ``|x|``, ``√x``, ``sin x``, ``sin²(x)``, ``xⁿ``, ``λ₁``, ``w =``.

A text becomes pieces, and the pieces of each such notation become those of a plain formula, in steps. What a notation
leaves open, such as how far a root without brackets reaches, is refused with both readings.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, NamedTuple

from content.expressions import FUNCTIONS
from content.items.equivalence.errors import FormulaFault

MAX_FACTORS: Final = 4
"""Names that an unknown name is taken apart into."""

_SUPERSCRIPTS: Final = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾ⁿˣʸᵏᵐ", "0123456789+-()nxykm")
_SUBSCRIPTS: Final = str.maketrans("₀₁₂₃₄₅₆₇₈₉", "0123456789")
_PIECE: Final = re.compile(
    r"""
    (?P<number>   (?: [0-9]+ (?:\.[0-9]*)? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
  | (?P<raised>   [⁰¹²³⁴-⁹⁺⁻⁽⁾ⁿˣʸᵏᵐ]+ )
  | (?P<name>     [A-Za-z][A-Za-z0-9_]* [₀-₉]* | [^\W\d_] _? [0-9₀-₉]* )
  | (?P<tex>      \\[A-Za-z]+ (?: _?[0-9]+ | _\{[0-9]+\} )? )
  | (?P<operator> \*\* | [-+*/^·⋅×∗÷∕−–] )
  | (?P<root>     √ )
  | (?P<bar>      \| )
  | (?P<open>     \( )
  | (?P<close>    \) )
  | (?P<comma>    , )
  | (?P<space>    \s+ )
    """,
    re.VERBOSE,
)
_LABEL: Final = re.compile(
    r"""\s* (?: (?P<name> [^\W\d]\w*['′]? (?: \( [\w\s,]* \) )? )          # w_new, f(x), y'
          | [d∂]\s*[^\W\d_]?\w* (?: \( [\w\s,]* \) )? \s*/\s* [d∂]\s*[^\W\d]\w* )?   # d/dw, dL/dw, ∂f(x)/∂x
        \s* :?= """,
    re.VERBOSE,
)
"""What people call their formula before they write it."""
_TEX_SIGNS: Final = {"\\cdot": "*", "\\times": "*", "\\div": "/"}
_CARRIES_ON: Final = frozenset({"number", "name", "open", "root", "bar", "raised"})
_ADVICE: Final = {
    "=": "write the formula alone, without '='",
    "[": "use round brackets",
    "]": "use round brackets",
    "{": "use round brackets",
    "}": "use round brackets",
    "\\": "write the formula without TeX",
    ":": "write / to divide",
    ".": "a number may hold one point",
    "%": "write a share as a number",
    "½": "write 1/2",
    "¼": "write 1/4",
}


class Piece(NamedTuple):
    """Characters that belong together, and the column of the first one."""

    kind: str
    text: str
    column: int


@dataclass(frozen=True, slots=True)
class Words:
    """The names that mean something: ``spellings`` are other ways to write a variable, a constant or a function.

    ``reserved`` are the constants of the language and all its functions, those included that cannot be used here.
    """

    variables: Collection[str]
    functions: Collection[str]
    spellings: Mapping[str, str]
    reserved: Collection[str]

    def meaning(self, typed: str) -> str:
        """Return the name in the language that was typed, or what was typed where it means nothing."""
        return typed if typed in self.variables else self.spellings.get(typed, typed)

    def is_known(self, typed: str) -> bool:
        name = self.meaning(typed)
        return name in self.variables or name in self.functions or name in self.reserved

    def is_function(self, piece: Piece) -> bool:
        return piece.kind == "name" and self.meaning(piece.text) in self.functions

    def products(self, typed: str) -> list[list[str]]:
        """Return the ways to read what was typed as a product of a few variables."""
        return list(_products(typed, self.variables, MAX_FACTORS))


def plain(text: str, words: Words) -> list[Piece]:
    """Return the pieces of a plain formula; raises ``FormulaFault`` at what cannot be read, or in two ways."""
    found = _named(_split(text, _after_label(text, words)), words)
    return _Applied(_without_bars(_raised(found), words), words).all()


def refusal(character: str) -> str:
    """Return why a character cannot be read."""
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    advice = _ADVICE.get(character)
    return f"'{shown}' cannot be read; {advice}" if advice else f"'{shown}' cannot be read here"


def _after_label(text: str, words: Words) -> int:
    """Return where the formula begins behind ``w_new =`` or ``d/dw =``; a variable before the sign is no label."""
    label = _LABEL.match(text)
    if label is None:
        return 0
    name = label["name"]
    if name is not None and words.meaning(name) in words.variables:
        raise FormulaFault(f"write the formula alone, without '{label.group().strip()}'", label.end())
    return label.end()


def _split(text: str, place: int) -> Iterator[Piece]:
    while place < len(text):
        match = _PIECE.match(text, place)
        if match is None:
            raise FormulaFault(_refused(text, place), place + 1)
        yield Piece(str(match.lastgroup), match.group(), place + 1)
        place = match.end()


def _refused(text: str, place: int) -> str:
    if text.startswith(":=", place):
        return "write the formula alone, without ':='"
    return refusal(text[place])


def _named(pieces: Iterator[Piece], words: Words) -> Iterator[Piece]:
    """Write each name as the item writes it: TeX, indices, and products of letters that stand close together."""
    for piece in pieces:
        if piece.kind == "tex" and piece.text in _TEX_SIGNS:
            yield Piece("operator", _TEX_SIGNS[piece.text], piece.column)
        elif piece.kind in ("tex", "name"):
            yield from _name(piece, words)
        else:
            yield piece


def _name(piece: Piece, words: Words) -> Iterator[Piece]:
    typed = piece.text.removeprefix("\\").translate(str.maketrans("", "", "{}")).translate(_SUBSCRIPTS)
    known = next((name for name in _ways_to_write(typed, words) if words.is_known(name)), None)
    if known is None and piece.kind == "tex":
        raise FormulaFault(refusal("\\"), piece.column)
    products = [] if known else words.products(typed)
    if len(products) > 1:
        readings = " or as ".join("*".join(factors) for factors in products[:2])
        raise FormulaFault(
            f"{typed[:20]} can be read in two ways: as {readings}; write one of them", piece.column
        )
    if not products:
        yield Piece("name", known or piece.text, piece.column)
        return
    column = piece.column
    for factor in products[0]:
        yield Piece("name", factor, column)
        column += len(factor)


def _ways_to_write(typed: str, words: Words) -> Iterator[str]:
    """Yield a name with and without the ``_`` before its index; λ₁ may be called lambda1, lam1, l1 or l_1."""
    yield typed
    letters = typed.rstrip("0123456789")
    index = typed[len(letters) :]
    letters = letters.removesuffix("_")
    if index:
        for name in (letters, words.meaning(letters), *GREEK_NAMES.get(letters, ())):
            yield from (name + index, f"{name}_{index}")


def _products(text: str, names: Collection[str], most: int) -> Iterator[list[str]]:
    if not text:
        yield []
    elif most:
        for name in names:
            if text.startswith(name):
                for rest in _products(text[len(name) :], names, most - 1):
                    yield [name, *rest]


def _raised(pieces: Iterator[Piece]) -> Iterator[Piece]:
    """Write raised letters as a power with brackets; raised numbers stay."""
    for piece in pieces:
        typed = piece.text.translate(_SUPERSCRIPTS)
        if piece.kind != "raised" or re.fullmatch("-?[0-9]+", typed):
            yield piece
            continue
        yield Piece("operator", "^", piece.column)
        yield Piece("open", "(", piece.column)
        for inner in _split(typed, 0):
            yield inner._replace(column=piece.column + inner.column - 1)
        yield Piece("close", ")", piece.column)


def _without_bars(pieces: Iterator[Piece], words: Words) -> list[Piece]:
    """Write absolute values as calls. A bar after a value closes the innermost open one, or else multiplies."""
    plain: list[Piece] = []
    # Each open bracket or bar by its sign, and whether a bar was closed since the last operator.
    inside, closed = [("", False)], Piece("close", ")", 0)
    for piece in pieces:
        if piece.kind == "bar":
            before = next((one for one in reversed(plain) if one.kind != "space"), Piece("open", "(", 0))
            if before.kind not in ("number", "name", "raised", "close") or words.is_function(before):
                plain += _opened(piece)
                inside.append(("|", False))
            elif inside[-1][0] == "|":
                inside.pop()
                plain.append(Piece("close", ")", piece.column))
                inside[-1], closed = (inside[-1][0], True), plain[-1]
            elif inside[-1][1] and before is not closed:
                reason = "these bars can be read in two ways: as |a|*b*|c| or as |a*|b|*c|; write abs(...)"
                raise FormulaFault(reason, piece.column)
            else:
                plain += _opened(piece)
                inside.append(("|", False))
            continue
        if piece.kind == "open":
            inside.append(("(", False))
        elif piece.kind == "close":
            _close(inside, piece)
        elif piece.kind in ("operator", "comma"):
            inside[-1] = (inside[-1][0], False)
        plain.append(piece)
    if inside[-1][0] == "|":
        raise FormulaFault("this bar is never closed", [p.column for p in plain if p.text == "abs"][-1])
    return plain


def _opened(bar: Piece) -> list[Piece]:
    return [Piece("name", "abs", bar.column), Piece("open", "(", bar.column)]


def _close(inside: list[tuple[str, bool]], piece: Piece) -> None:
    if inside[-1][0] == "|":
        raise FormulaFault("a bar before this bracket is never closed", piece.column)
    if len(inside) > 1:
        inside.pop()


@dataclass(slots=True)
class _Applied:
    """Gives brackets to functions and roots that stand without, and puts the power of ``sin²(x)`` behind the call."""

    pieces: list[Piece]
    words: Words
    place: int = 0

    def all(self) -> list[Piece]:
        found: list[Piece] = []
        while self.place < len(self.pieces):
            piece = self.pieces[self.place]
            if piece.kind == "root":
                found += self._root()
            elif self.words.is_function(piece):
                found += self._function()
            else:
                found.append(piece)
                self.place += 1
        return found

    def _take(self) -> Piece:
        self.place += 1
        return self.pieces[self.place - 1]

    def _next(self, after: int = 0) -> Piece | None:
        """Return what stands next, spaces aside."""
        rest = (piece for piece in self.pieces[self.place :] if piece.kind != "space")
        for _ in range(after):
            next(rest, None)
        return next(rest, None)

    def _take_next(self) -> Piece:
        while (piece := self._take()).kind == "space":
            pass
        return piece

    def _root(self) -> list[Piece]:
        sign = self._take()
        name = Piece("name", "sqrt", sign.column)
        if "sqrt" not in self.words.functions:
            raise FormulaFault("the function sqrt cannot be used here", sign.column)
        argument = self._next()
        if argument is not None and argument.kind == "open":
            return [name]
        after = self._next(1)
        if argument is not None and self.words.is_function(argument) and after and after.kind == "open":
            return self._root_of_call(name)
        if not self._is_simple(argument):
            raise FormulaFault("write √(...), with brackets around what the root is taken of", sign.column)
        argument = self._take_next()
        following = self._next()
        if following is not None and (following.kind in _CARRIES_ON or following.text in ("^", "**")):
            raise _two_readings("√", argument, following)
        return _call(name, argument)

    def _root_of_call(self, name: Piece) -> list[Piece]:
        """Take √|x| and √sin(x)."""
        function = self._take_next()
        inner = self._bracket()
        following = self._next()
        if following is not None and (following.kind == "raised" or following.text in ("^", "**")):
            raise FormulaFault(
                "use brackets, to show whether the root or this power comes first", following.column
            )
        return [
            name,
            Piece("open", "(", function.column),
            function,
            *inner,
            Piece("close", ")", function.column),
        ]

    def _function(self) -> list[Piece]:
        name = self._take()
        power = self._power(name)
        following = self._next()
        if following is not None and following.kind == "open":
            return [name, *self._bracket(), *power] if power else [name]
        function = FUNCTIONS[self.words.meaning(name.text)]
        if not self._is_simple(following) or not function.accepts(1):
            return [name, *power]
        return [*_call(name, self._bare_argument(name)), *power]

    def _power(self, name: Piece) -> list[Piece]:
        """Return the power that stands between a function and what it is taken of."""
        sign = self._next()
        if sign is None or not (sign.kind == "raised" or sign.text in ("^", "**")):
            return []
        number = sign if sign.kind == "raised" else self._next(1)
        if number is None or not re.fullmatch("[0-9]+", number.text.translate(_SUPERSCRIPTS)):
            reason = f"{name.text}^-1 can be read in two ways; write 1/{name.text}(...) or the function meant"
            if number is not None and number.text.translate(_SUPERSCRIPTS).startswith("-"):
                raise FormulaFault(reason, sign.column)
            raise FormulaFault(f"write {name.text}(...) first, and its power behind it", sign.column)
        self._take_next()
        if sign.kind == "raised":
            return [sign]
        return [Piece("operator", "^", sign.column), self._take_next()]

    def _bracket(self) -> list[Piece]:
        """Take a bracket with all that stands in it, its own functions included."""
        opened = self._take_next()
        start, depth = self.place, 1
        while self.place < len(self.pieces) and depth:
            kind = self._take().kind
            depth += (kind == "open") - (kind == "close")
        return [opened, *_Applied(self.pieces[start : self.place], self.words).all()]

    def _bare_argument(self, name: Piece) -> Piece:
        """Take what stands behind a function without brackets; sums end it, and other functions."""
        argument = self._take_next()
        following = self._next()
        ends = (
            following is None
            or following.kind in ("close", "comma")
            or following.text in ("+", "-", "−", "–")
        )
        if following is not None and not ends and not self.words.is_function(following):
            raise _two_readings(f"{name.text} ", argument, following)
        return argument

    def _is_simple(self, piece: Piece | None) -> bool:
        return piece is not None and (
            piece.kind == "number" or (piece.kind == "name" and not self.words.is_function(piece))
        )


def _call(name: Piece, argument: Piece) -> list[Piece]:
    column = argument.column
    return [name, Piece("open", "(", column), argument, Piece("close", ")", column)]


def _two_readings(before: str, argument: Piece, following: Piece) -> FormulaFault:
    sign = following.text if following.kind in ("operator", "raised") else f"*{following.text}"
    rest = "..." if following.kind == "operator" else ""
    name, text = before.strip(), argument.text
    one, other = f"{name}({text}){sign}{rest}", f"{name}({text}{sign}{rest})"
    return FormulaFault(
        f"this can be read in two ways: as {one} or as {other}; use brackets", following.column
    )


_GREEK: Final = (
    "α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta κ kappa λ lambda μ mu µ mu ν nu ξ xi π pi "
    "ρ rho σ sigma τ tau φ phi χ chi ψ psi ω omega"
).split()
GREEK: Final = dict(zip(_GREEK[::2], _GREEK[1::2], strict=True))
"""Letters that stand for the variable, or the constant, that is called like them."""
SHORT: Final = {
    "lambda": ("lam", "lamda", "lmbda"),
    "epsilon": ("eps",),
    "sigma": ("sig",),
    "alpha": ("alp", "al"),
    "theta": ("th",),
    "omega": ("om",),
    "gamma": ("gam",),
    "delta": ("del",),
}
"""What authors call the variables of these letters, as ``lambda`` is a word of programming."""
GREEK_NAMES: Final = {
    typed: (name, *SHORT.get(name, ()), name[0]) for letter, name in GREEK.items() for typed in (letter, name)
}
"""With an index the first letter alone is such a name too: l1 for λ₁."""


def greek_spellings(variables: Collection[str], constants: Collection[str]) -> dict[str, str]:
    """Return the letters and names that stand for a name of another spelling: λ and lambda for lam, π for pi."""
    found: dict[str, str] = {}
    for letter, name in GREEK.items():
        names = (name, *SHORT.get(name, ()))
        called = [one for one in names if one in variables or one in constants]
        if called:
            others = [one for one in (letter, *names) if one not in variables and one not in constants]
            found |= dict.fromkeys(others, called[0])
    return found
