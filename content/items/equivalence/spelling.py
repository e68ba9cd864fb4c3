"""From what people type to the text of the language, with the place where each character came from.

Added are the multiplications that hand-writing leaves out: ``2x``, ``2(x+1)``, ``(x+1)(x-1)``, ``x y``. Replaced are
signs (``·``, ``×``, ``−``, ``²``), Greek letters and the author's other spellings of a variable.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches

from content.expressions import FIRST, FUNCTIONS
from content.expressions.languages import constants_of, functions_of
from content.items.equivalence.errors import FormulaFault
from content.items.equivalence.notation import Words, greek_spellings, plain, refusal

FUNCTION_ALIASES = {"ln": "log"}
MAX_SHOWN = 20
"""Characters of an unknown name that a message repeats."""
MAX_FACTORS = 4
"""Names that a message takes an unknown name apart into."""

_SIGNS = {"·": "*", "⋅": "*", "×": "*", "∗": "*", "÷": "/", "∕": "/", "−": "-", "–": "-", "^": "**"}
_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


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
    text: str,
    variables: Collection[str],
    functions: Collection[str],
    aliases: Mapping[str, str],
    *,
    language: int = FIRST,
) -> Typed:
    """Return ``text`` in the language; raises ``FormulaFault`` at what cannot be read, or only in two ways."""
    constants, known = constants_of(language), functions_of(language)
    spellings = {**FUNCTION_ALIASES, **greek_spellings(variables, constants), **aliases}
    writer = _Writer(variables, functions, spellings, constants, known)
    for piece in plain(text, Words(variables, functions, spellings, {*constants, *known})):
        writer.take(*piece)
    return writer.finished(len(text) + 1)


@dataclass(slots=True)
class _Bracket:
    """An open bracket: where, after which function, and the operator that outlives an unwritten multiplication."""

    column: int
    function: str | None
    after: str
    since: int
    outer: tuple[str, int]


@dataclass(slots=True)
class _Writer:
    """Takes one piece after the other. ``after`` is a ``/`` or ``**`` whose right side is being written, which begins
    with the piece ``since``; ``outer`` is the same of the ``/`` that such a power stands behind.

    ``before`` is the kind of the last piece: what ends a value is ``number``, ``value``, ``raised`` or ``close``.
    ``function`` is the last function as it was typed; ``known`` are all functions, allowed here or not.
    """

    variables: Collection[str]
    functions: Collection[str]
    spellings: Mapping[str, str]
    constants: Collection[str]
    known: Collection[str]
    pieces: list[str] = field(default_factory=list)
    places: list[int] = field(default_factory=list)
    open: list[_Bracket] = field(default_factory=list)
    before: str = "start"
    after: str = ""
    since: int = 0
    outer: tuple[str, int] = ("", 0)
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
        if self.after == "**" and self._power_is_complete:
            self.after, self.since = self.outer
        if self.after:
            sign = "/" if self.after == "/" else "^"
            right = "".join(self.pieces[self.since :])[:MAX_SHOWN].replace("**", "^")
            more = "(...)" if text == "(" else f"{text}(...)" if text in self.functions else text
            reason = f"this can be read in two ways: as {sign}({right}*{more}) or as {sign}{right}*{more}"
            raise FormulaFault(f"{reason}; write one of them", column)
        self._write("operator", "*", column)

    @property
    def _power_is_complete(self) -> bool:
        """Whether nobody takes what follows for a part of the exponent: x^2 y, x^(n+1) y, but not e^2x or x^n y."""
        exponent = self.pieces[self.since :]
        if exponent[0] == "(" and self.before == "close":
            return True
        base = self.pieces[self.since - 2]
        number = len(exponent) == 1 or (len(exponent) == 2 and exponent[0] == "-")
        return number and exponent[-1][0].isdigit() and base != "e" and not base[0].isdigit()

    def _number(self, text: str, column: int) -> None:
        if self._ends_value:
            raise FormulaFault(f"an operator is missing before {text}", column)
        self._write("number", text, column)

    def _name(self, text: str, column: int) -> None:
        if not text[0].isalpha():
            raise FormulaFault(refusal(text), column)
        name = text if text in self.variables else self.spellings.get(text, text)
        if name in self.functions:
            self._times(text, column)
            self._write("function", name, column)
            self.function = text
        elif name in self.variables or name in self.constants:
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
            if sign != "**":
                self.outer = ("", 0)
            elif self.after != "**":
                self.outer = (self.after, self.since)
            self.after = sign if sign in ("/", "**") else ""
            self.since = len(self.pieces) + 1
        self._write("operator", sign, column)

    def _open(self, column: int) -> None:
        function = self.pieces[-1] if self.before == "function" else None
        if function is None:
            self._times("(", column)
        self.open.append(_Bracket(column, function, self.after, self.since, self.outer))
        self._write("open", "(", column)
        self.after = ""

    def _close(self, column: int) -> None:
        if not self.open:
            raise FormulaFault("this bracket closes nothing", column)
        if not self._ends_value:
            raise FormulaFault("a number or a name is missing before this bracket", column)
        closed = self.open.pop()
        self.after, self.since, self.outer = closed.after, closed.since, closed.outer
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
        shown = text[:MAX_SHOWN] if text.isascii() else f"{text[:MAX_SHOWN]} (U+{ord(text[0]):04X})"
        if text in self.known:
            return f"the function {text} cannot be used here"
        if parts := _factors(text, [*self.variables, *self.constants]):
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
