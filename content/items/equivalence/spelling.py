"""From what people type to the text of the language, with the place where each character came from.

Added are the multiplications that hand-writing leaves out: ``2x``, ``2(x+1)``, ``(x+1)(x-1)``, ``x y``. Replaced are
signs (``·``, ``×``, ``−``, ``²``), Greek letters and the author's other spellings of a variable.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from content.expressions import CONSTANTS, FUNCTIONS
from content.items.equivalence.errors import FormulaFault

_GREEK_NAMES = (
    "α alpha β beta γ gamma δ delta ε epsilon ζ zeta η eta θ theta κ kappa λ lambda μ mu µ mu ν nu ξ xi π pi "
    "ρ rho σ sigma τ tau φ phi χ chi ψ psi ω omega"
).split()
GREEK = dict(zip(_GREEK_NAMES[::2], _GREEK_NAMES[1::2], strict=True))
"""Letters that stand for the variable, or the constant, that is called like them."""
FUNCTION_ALIASES = {"ln": "log"}
MAX_SHOWN = 20
"""Characters of an unknown name that a message repeats."""
MAX_FACTORS = 4
"""Names that a message takes an unknown name apart into."""

_SIGNS = {"·": "*", "⋅": "*", "×": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-", "^": "**"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
_PIECE = re.compile(
    r"""
    (?P<number>   (?: [0-9]+ (?:\.[0-9]*)? | \.[0-9]+ ) (?: [eE][+-]?[0-9]+ )? )
  | (?P<raised>   ⁻?[⁰¹²³⁴-⁹]+ )
  | (?P<name>     [A-Za-z][A-Za-z0-9_]* | [^\W\d_] )
  | (?P<operator> \*\* | [-+*/^·⋅×∗÷∕−–] )
  | (?P<open>     \( )
  | (?P<close>    \) )
  | (?P<comma>    , )
  | (?P<space>    \s+ )
    """,
    re.VERBOSE,
)
_ADVICE = {
    "=": "write the formula alone, without '='",
    "|": "write abs(x) for an absolute value",
    "√": "write sqrt(x) for a root",
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


@dataclass(frozen=True, slots=True)
class Typed:
    """``text`` in the language; ``places`` says from which column of the original each character comes."""

    text: str
    places: tuple[int, ...]
    end: int

    def column(self, column: int) -> int:
        """Return the original column of a column of ``text``; both count from 1."""
        return self.places[column - 1] if column <= len(self.places) else self.end


def canonical(
    text: str, variables: Collection[str], functions: Collection[str], aliases: Mapping[str, str]
) -> Typed:
    """Return ``text`` in the language; raises ``FormulaFault`` at what cannot be read, or only in two ways."""
    writer = _Writer(variables, functions, _spellings(variables, aliases))
    place = 0
    while place < len(text):
        match = _PIECE.match(text, place)
        if match is None:
            raise FormulaFault(_refusal(text[place]), place + 1)
        writer.take(str(match.lastgroup), match.group(), place + 1)
        place = match.end()
    return writer.finished(len(text) + 1)


def _spellings(variables: Collection[str], aliases: Mapping[str, str]) -> dict[str, str]:
    greek = {letter: name for letter, name in GREEK.items() if name in variables or name in CONSTANTS}
    return {**FUNCTION_ALIASES, **greek, **aliases}


@dataclass(slots=True)
class _Bracket:
    """An open bracket: where, after which function, and the operator that outlives an unwritten multiplication."""

    column: int
    function: str | None
    after: str


@dataclass(slots=True)
class _Writer:
    """Takes one piece after the other. ``after`` is a ``/`` or ``**`` whose right side is being written.

    ``before`` is the kind of the last piece: what ends a value is ``number``, ``value``, ``raised`` or ``close``.
    ``function`` is the last function as it was typed.
    """

    variables: Collection[str]
    functions: Collection[str]
    spellings: Mapping[str, str]
    pieces: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    open: list[_Bracket] = field(default_factory=list)
    before: str = "start"
    after: str = ""
    function: str = ""

    def take(self, kind: str, text: str, column: int) -> None:
        match kind:
            case "number":
                self._number(text, column)
            case "name":
                self._name(text, column)
            case "raised":
                self._raised(text, column)
            case "operator":
                self._operator(text, column)
            case "open":
                self._open(column)
            case "close":
                self._close(column)
            case "comma":
                self._comma(column)

    def finished(self, end: int) -> Typed:
        if self.open:
            raise FormulaFault("this bracket is never closed", self.open[-1].column)
        if self.before in ("start", "operator", "comma"):
            raise FormulaFault("a number or a name is missing at the end", end)
        if self.before == "function":
            raise FormulaFault(f"after {self.function} a bracket is missing", end)
        return Typed("".join(self.pieces), tuple(self.places), end)

    def _write(self, kind: str, text: str, column: int) -> None:
        if self.before == "function" and kind != "open":
            name = self.function
            raise FormulaFault(f"write {name}(...), with brackets around what {name} is taken of", column)
        self.pieces.append(text)
        self.places += [column] * len(text)
        self.before = kind

    @property
    def _ends_value(self) -> bool:
        return self.before in ("number", "value", "raised", "close")

    def _times(self, text: str, column: int) -> None:
        """Write the multiplication that stands unwritten before ``text``, if one does."""
        if not self._ends_value:
            return
        if self.after:
            sign = "/" if self.after == "/" else "^"
            reason = (
                f"this can be read in two ways; write *, or brackets around all that belongs after {sign}"
            )
            raise FormulaFault(reason, column)
        self._write("operator", "*", column)

    def _number(self, text: str, column: int) -> None:
        if self._ends_value:
            raise FormulaFault(f"an operator is missing before {text}", column)
        self._write("number", text, column)

    def _name(self, text: str, column: int) -> None:
        if not text[0].isalpha():
            raise FormulaFault(_refusal(text), column)
        name = text if text in self.variables else self.spellings.get(text, text)
        if name in self.functions:
            self._times(text, column)
            self._write("function", name, column)
            self.function = text
        elif name in self.variables or name in CONSTANTS:
            self._times(text, column)
            self._write("value", name, column)
        else:
            raise FormulaFault(self._unknown(text), column)

    def _raised(self, text: str, column: int) -> None:
        if not self._ends_value:
            raise FormulaFault(f"before {text} there is nothing to raise to a power", column)
        if self.before == "raised" or self.after == "**":
            raise FormulaFault("this power of a power can be read in two ways; use brackets", column)
        self._write("operator", "**", column)
        self._write("raised", f"({text.translate(_SUPERSCRIPTS)})", column)

    def _operator(self, text: str, column: int) -> None:
        sign = _SIGNS.get(text, text)
        if not self._ends_value and sign not in "+-":
            raise FormulaFault(f"before {text} a number or a name is missing", column)
        if sign == "**" and self.before == "raised":
            raise FormulaFault("this power of a power can be read in two ways; use brackets", column)
        if sign == "**" or self._ends_value:
            # A sign directly after / or ^ belongs to their right side, and so does what follows it.
            self.after = sign if sign in ("/", "**") else ""
        self._write("operator", sign, column)

    def _open(self, column: int) -> None:
        function = self.pieces[-1] if self.before == "function" else None
        if function is None:
            self._times("(", column)
        self.open.append(_Bracket(column, function, self.after))
        self._write("open", "(", column)
        self.after = ""

    def _close(self, column: int) -> None:
        if not self.open:
            raise FormulaFault("this bracket closes nothing", column)
        if not self._ends_value:
            raise FormulaFault("a number or a name is missing before this bracket", column)
        self.after = self.open.pop().after
        self._write("close", ")", column)

    def _comma(self, column: int) -> None:
        function = self.open[-1].function if self.open else None
        if function is None or not FUNCTIONS[function].accepts(2) | FUNCTIONS[function].accepts(3):
            raise FormulaFault("write a decimal number with a point, as in 0.5", column)
        if not self._ends_value:
            raise FormulaFault("a number or a name is missing before this comma", column)
        self._write("comma", ",", column)
        self.after = ""

    def _unknown(self, text: str) -> str:
        shown = text[:MAX_SHOWN] if text.isascii() else f"{text} (U+{ord(text):04X})"
        if text in FUNCTIONS:
            return f"the function {text} cannot be used here"
        if parts := _factors(text, [*self.variables, *CONSTANTS]):
            return f"there is no {shown} here; write {'*'.join(parts)} for a product"
        near = get_close_matches(text, [*self.functions, *FUNCTION_ALIASES], n=1, cutoff=0.7)
        return f"there is no {shown} here; use {', '.join([*self.variables, *near])}"


def _factors(text: str, names: Collection[str]) -> list[str]:
    """Return the few names that ``text`` is made of, longest first; none where it is not."""
    parts: list[str] = []
    while text and len(parts) < MAX_FACTORS:
        found = max((name for name in names if text.startswith(name)), key=len, default="")
        if not found:
            return []
        parts.append(found)
        text = text.removeprefix(found)
    return [] if text else parts


def _refusal(character: str) -> str:
    shown = character if character.isprintable() else f"U+{ord(character):04X}"
    advice = _ADVICE.get(character)
    return f"'{shown}' cannot be read; {advice}" if advice else f"'{shown}' cannot be read here"
