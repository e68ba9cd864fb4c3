"""TeX to MathML Core, which browsers set by themselves, with the spaces that TeX puts between the parts of a formula.

Elements are built, never pasted, so nothing that an author writes can become markup. The classes of atoms and the
spaces between them are those of The TeXbook, chapter 18: browsers guess them from the characters alone, so each
operator is told.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from html import escape
from itertools import chain, pairwise
from typing import Final
from xml.etree.ElementTree import Element, tostring

from content.items.tex import (
    SIZES,
    Broken,
    Call,
    Fence,
    Function,
    Node,
    Number,
    Row,
    Scripts,
    Sized,
    Space,
    Switch,
    Symbol,
    Table,
    Words,
    parse,
)

THIN: Final = 0.1667
MEDIUM: Final = 0.2222
THICK: Final = 0.2778

SHORT: Final = 7.0
"""Width in em up to which an inline formula stays in one piece: half of a line on a phone."""
LONG: Final = 9.0
"""Width in em from which a side of a relation may break as well."""
TOO_LONG: Final = 11.0
"""Width in em from which a part may break inside its parentheses, because a phone's line holds no more."""


@dataclass(frozen=True, slots=True)
class Style:
    """Whether limits stand below and above, whether TeX sets its spaces here, and what kind of letters."""

    display: bool
    script: bool = False
    letters: str = ""

    @property
    def inner(self) -> Style:
        return replace(self, display=False)

    @property
    def small(self) -> Style:
        return replace(self, display=False, script=True)


@dataclass(slots=True)
class Atom:
    """An element with its class in TeX; ``core`` is the operator in it that carries the space on its sides."""

    kind: str
    element: Element
    core: Element | None = None


@lru_cache(maxsize=2000)
def typeset(tex: str, *, display: bool = False) -> str:
    """Return a formula as ``<math>`` elements: one, or several with ``<wbr>`` between them where a line may break.

    What no line of a phone can hold and nothing can break has the class ``wide``. What cannot be set is returned as
    its source in ``<code class="tex">``; certification has told its author.
    """
    try:
        row = parse(tex)
    except Broken:
        return f'<code class="tex">{escape(tex)}</code>'
    row = row if display else _unfolded(row)
    atoms = _atoms(row.atoms, Style(display))
    groups = _groups(atoms, script=False)
    bounds = [0, *([] if display else _cuts(atoms, groups)), len(atoms)]
    sources = [0, *(row.ends[bound - 1] for bound in bounds[1:-1]), len(tex)]
    return "<wbr>".join(
        _math([*chain.from_iterable(groups[first:last])], " ".join(tex[start:end].split()), display=display)
        for (first, last), (start, end) in zip(pairwise(bounds), pairwise(sources), strict=True)
    )


def _math(elements: Sequence[Element], tex: str, *, display: bool) -> str:
    content = _row(elements)
    source = _text("annotation", tex, encoding="application/x-tex")
    math = _element("math", _element("semantics", content, source))
    if display:
        math.set("display", "block")
    elif _width(content) > TOO_LONG:
        math.set("class", "wide")
    return tostring(math, encoding="unicode")


def _element(tag: str, *children: Element, **attributes: str) -> Element:
    element = Element(tag, attributes)
    element.extend(children)
    return element


def _text(tag: str, text: str, **attributes: str) -> Element:
    element = Element(tag, attributes)
    element.text = text
    return element


def _row(elements: Sequence[Element]) -> Element:
    return elements[0] if len(elements) == 1 else _element("mrow", *elements)


# --- Spaces between atoms -----------------------------------------------------------------------------------

_ALWAYS: Final = dict.fromkeys("ord op, op ord, op op, close op, inner op".split(", "), THIN)
_OUTSIDE_SCRIPTS: Final = {
    **dict.fromkeys(
        "ord inner, op inner, close inner, inner ord, inner open, inner punct, inner inner, punct ord, punct op, "
        "punct rel, punct open, punct close, punct punct, punct inner".split(", "),
        THIN,
    ),
    **dict.fromkeys(
        "ord bin, close bin, inner bin, bin ord, bin op, bin open, bin inner".split(", "), MEDIUM
    ),
    **dict.fromkeys(
        "ord rel, op rel, close rel, inner rel, rel ord, rel op, rel open, rel inner".split(", "), THICK
    ),
}
_BEFORE_NO_OPERAND: Final = frozenset(("", "bin", "op", "rel", "open", "punct"))
_AFTER_NO_OPERAND: Final = frozenset(("", "rel", "close", "punct"))
_CARRIERS: Final = frozenset(("bin", "rel", "punct"))


def _spaced(atoms: Sequence[Atom], *, script: bool) -> list[Element]:
    return [*chain.from_iterable(_groups(atoms, script=script))]


def _groups(atoms: Sequence[Atom], *, script: bool) -> list[list[Element]]:
    """Return for each atom its element, after the space before it where no operator carries that as an attribute."""
    groups = [[atom.element] for atom in atoms]
    places = [place for place, atom in enumerate(atoms) if atom.kind != "space"]
    kinds = _kinds([atoms[place].kind for place in places])
    for (before, left), (place, right) in pairwise(zip(places, kinds, strict=True)):
        pair = f"{left} {right}"
        width = _ALWAYS.get(pair) or (0.0 if script else _OUTSIDE_SCRIPTS.get(pair, 0.0))
        if width and not _carry(atoms[before], atoms[place], width):
            groups[place].insert(0, _space(width))
    return groups


def _kinds(kinds: Sequence[str]) -> list[str]:
    """Return the classes with signs told from operators: a minus without a left or right operand is none."""
    told: list[str] = []
    for place, kind in enumerate(kinds):
        before = told[-1] if told else ""
        after = kinds[place + 1] if place + 1 < len(kinds) else ""
        lonely = kind == "bin" and (before in _BEFORE_NO_OPERAND or after in _AFTER_NO_OPERAND)
        told.append("ord" if lonely else kind)
    return told


def _carry(left: Atom, right: Atom, width: float) -> bool:
    """Put a space on the operator it belongs to; return whether there is one."""
    for atom, side in ((left, "rspace"), (right, "lspace")):
        if atom.core is not None and atom.kind in _CARRIERS:
            atom.core.set(side, _em(width))
            return True
    return False


def _em(width: float) -> str:
    return f"{width:g}em"


def _space(width: float) -> Element:
    if width < 0:
        return _element("mspace", **{"class": f"back-{round(-width * 18)}"})
    return _element("mspace", width=_em(width))


# --- Where a line may break ---------------------------------------------------------------------------------


def _cuts(atoms: Sequence[Atom], groups: Sequence[Sequence[Element]]) -> list[int]:
    """Return the atoms before which a line may break: after relations, and in very long parts after operators too."""
    widths = [sum(map(_width, group)) for group in groups]
    if sum(widths) <= SHORT:
        return []
    depths = _depths(atoms)
    kinds = _kinds_in_place(atoms)

    def places(wanted: frozenset[str], depth: int) -> set[int]:
        return {place + 1 for place, kind in enumerate(kinds) if kind in wanted and depths[place] == depth}

    cuts = places(frozenset(("rel", "punct")), 0)
    cuts |= {
        place
        for place, atom in enumerate(atoms)
        if place and atom.kind == "space" and depths[place] == 0 and widths[place] >= 1
    }
    terms = {place for place in places(frozenset(("bin",)), 0) if _sign(atoms[place - 1]) in _OF_SUMS}
    cuts |= _within(cuts, terms, widths, LONG)
    for depth in range(max(depths) + 1):
        cuts |= _within(cuts, places(_CARRIERS, depth), widths, TOO_LONG)
    return sorted({_after_spaces(atoms, cut) for cut in cuts} - {len(atoms)})


_OF_SUMS: Final = frozenset("+−±∓")


def _sign(atom: Atom) -> str:
    return (atom.core.text or "") if atom.core is not None else ""


def _after_spaces(atoms: Sequence[Atom], cut: int) -> int:
    while cut < len(atoms) and atoms[cut].kind == "space":
        cut += 1
    return cut


def _unfolded(row: Row) -> Row:
    """Return a row with the contents of its wide fences as atoms of their own, so that they may break too."""
    atoms: list[Node] = []
    ends: list[int] = []
    for atom, end in zip(row.atoms, row.ends, strict=True):
        parts = _parts_of_fence(atom)
        before = ends[-1] if ends else 0
        atoms += [part for part, _ in parts] or [atom]
        ends += [place or before for _, place in parts[:-1]] + [end]
    return Row(tuple(atoms), tuple(ends))


def _parts_of_fence(atom: Node) -> list[tuple[Node, int]]:
    """Return the brackets of a wide fence, in a fixed size, and what is between them, with the ends of the source."""
    fence = atom.base if isinstance(atom, Scripts) else atom
    if not isinstance(fence, Fence) or len(fence.rows) > 1 or not all(fence.brackets):
        return []
    element = _set_fence(fence, Style(display=False)).element
    if _width(element) <= LONG:
        return []
    size = "Big" if any(part.tag in ("mfrac", "mtable") for part in element.iter()) else "big"
    opened, closed = Sized(f"{size}l", fence.brackets[0]), Sized(f"{size}r", fence.brackets[1])
    last = replace(atom, base=closed) if isinstance(atom, Scripts) else closed
    return [(opened, 0), *zip(fence.rows[0].atoms, fence.rows[0].ends, strict=True), (last, 0)]


def _kinds_in_place(atoms: Sequence[Atom]) -> list[str]:
    told = iter(_kinds([atom.kind for atom in atoms if atom.kind != "space"]))
    return [atom.kind if atom.kind == "space" else next(told) for atom in atoms]


def _within(cuts: Iterable[int], more: set[int], widths: Sequence[float], limit: float) -> set[int]:
    """Return those of ``more`` that stand in a part wider than ``limit``."""
    bounds = [0, *sorted(cuts), len(widths)]
    wide = [(a, b) for a, b in pairwise(bounds) if sum(widths[a:b]) > limit]
    return {place for place in more if any(a < place < b for a, b in wide)}


def _depths(atoms: Sequence[Atom]) -> list[int]:
    depths, depth = [], 0
    for atom in atoms:
        depth += (atom.kind == "open") - (atom.kind == "close")
        depths.append(depth)
    return depths


def _width(element: Element) -> float:
    """Return about how wide an element is, in em."""
    if element.tag == "mspace":
        return float(element.get("width", "0em")[:-2])
    if element.tag == "mo":
        return 0.52 + sum(float(element.get(side, "0").rstrip("em")) for side in ("lspace", "rspace"))
    if element.tag in ("mi", "mn", "mtext"):
        return 0.52 * len(element.text or "")
    inside = [_width(child) for child in element]
    if element.tag in ("mfrac", "mover", "munder", "munderover"):
        return max(inside, default=0.0)
    if element.tag in ("msub", "msup", "msubsup"):
        return inside[0] + 0.7 * max(inside[1:])
    if element.tag == "mtable":
        return max((sum(map(_width, row)) + len(row) for row in element), default=0.0)
    return sum(inside)


# --- Nodes --------------------------------------------------------------------------------------------------


def _atoms(nodes: Iterable[Node], style: Style) -> list[Atom]:
    return [_atom(node, style) for node in nodes]


def _atom(node: Node, style: Style) -> Atom:
    return _SET[type(node)](node, style)


def _inside(node: Node | None, style: Style) -> Element:
    """Return what stands in a place of its own: a group, an argument, a script."""
    if node is None:
        return _element("mrow")
    if isinstance(node, Row):
        atoms = _atoms(node.atoms, style)
        return _row(_spaced(atoms, script=style.script))
    return _atom(node, style).element


def _set_row(row: Row, style: Style) -> Atom:
    if len(row.atoms) == 1 and isinstance(row.atoms[0], Row | Symbol | Number):
        inner = _atom(row.atoms[0], style)
        return Atom("ord", inner.element)
    return Atom("ord", _inside(row, style))


def _set_number(number: Number, style: Style) -> Atom:
    return Atom("ord", _text("mn", _styled(number.digits, style.letters)))


def _set_space(space: Space, _style: Style) -> Atom:
    return Atom("space", _space(space.width))


_STRETCH_BY_THEMSELVES: Final = frozenset("()[]{}|‖⟨⟩⌊⌋⌈⌉⟮⟯↑↓↕⇑⇓⇕")


def _operator(text: str, **attributes: str) -> Element:
    """Return an operator without any space that its author did not ask for."""
    if text in _STRETCH_BY_THEMSELVES and "stretchy" not in attributes:
        attributes["stretchy"] = "false"
    return _text("mo", text, lspace="0", rspace="0", **attributes)


def _set_symbol(symbol: Symbol, style: Style) -> Atom:
    kind, character = symbol.kind, symbol.character
    if kind in ("letter", "upright"):
        return Atom("ord", _identifier(character, style, upright=kind == "upright"))
    element = _operator(character)
    if kind == "large":
        element.set("movablelimits", "false")
        return Atom("op", element, element)
    return Atom("ord" if kind == "bar" else kind, element, element)


def _identifier(character: str, style: Style, *, upright: bool) -> Element:
    letters = style.letters
    if letters == "BOLD ITALIC" and upright:
        letters = "BOLD"
    if letters == "UPRIGHT" or (upright and not letters):
        return _text("mi", character, mathvariant="normal")
    styled = _styled(character, letters)
    if styled == character and letters not in ("", "ITALIC"):
        return _text("mi", character, mathvariant="normal")
    return _text("mi", styled)


def _set_function(function: Function, _style: Style) -> Atom:
    return Atom("op", _text("mi", function.name))


_WORD_LETTERS: Final = {
    "textbf": "bold",
    "textit": "italic",
    "emph": "italic",
    "textsf": "sans",
    "texttt": "mono",
}


def _set_words(words: Words, _style: Style) -> Atom:
    element = _text("mtext", words.text.replace(" ", "\u00a0"))
    if words.command in _WORD_LETTERS:
        element.set("class", _WORD_LETTERS[words.command])
    return Atom("ord", element)


def _set_scripts(scripts: Scripts, style: Style) -> Atom:
    base = _atom(scripts.base, style) if scripts.base is not None else Atom("ord", _element("mrow"))
    below = [] if scripts.below is None else [_inside(scripts.below, style.small)]
    above = [] if scripts.above is None else [_inside(scripts.above, style.small)]
    if not below and not above:
        return base
    stacked = _takes_limits(scripts, style)
    both = "munderover" if stacked else "msubsup"
    under, over = ("munder", "mover") if stacked else ("msub", "msup")
    tag = both if below and above else under if below else over
    return Atom(base.kind, _element(tag, base.element, *below, *above), base.core)


def _takes_limits(scripts: Scripts, style: Style) -> bool:
    base = scripts.base
    if isinstance(base, Call) and base.command in ("underbrace", "overbrace"):
        return True
    if scripts.limits is not None:
        return scripts.limits
    if not style.display:
        return False
    if isinstance(base, Symbol):
        return base.kind == "large" and base.character not in _INTEGRALS
    return (isinstance(base, Function) and base.limits) or (
        isinstance(base, Call) and base.command in ("operatorname*", "mathop")
    )


_INTEGRALS: Final = frozenset("∫∬∭∮∯∰")


def _set_fence(fence: Fence, style: Style) -> Atom:
    elements = _grown(fence.brackets[0] or " ", "prefix")
    for row, bracket in zip(fence.rows, fence.brackets[1:], strict=True):
        atoms = _atoms(row.atoms, style)
        elements += _spaced(atoms, script=style.script)
        elements += _grown(bracket or " ", "infix")
    if fence.brackets[-1]:
        elements[-1].set("form", "postfix")
    for middle in [element for element in elements if element.get("form") == "infix"]:
        middle.set("lspace", _em(THIN))
        middle.set("rspace", _em(THIN))
    return Atom("inner", _element("mrow", *elements))


def _set_sized(sized: Sized, _style: Style) -> Atom:
    height, kind = SIZES[sized.command]
    if not sized.bracket:
        return Atom(kind, _element("mrow"))
    size = _em(height)
    core = _operator(
        sized.bracket, form="postfix", stretchy="true", symmetric="true", minsize=size, maxsize=size
    )
    # Alone in a row, because the base of a script does not grow otherwise.
    return Atom("ord" if kind == "bar" else kind, _element("mrow", core), core)


def _set_switch(switch: Switch, style: Style) -> Atom:
    display, level = switch.command == "displaystyle", "1" if switch.command == "scriptstyle" else "0"
    changed = replace(style, display=display, script=level == "1")
    attributes = {"displaystyle": str(display).lower(), "scriptlevel": level}
    return Atom("ord", _element("mstyle", _inside(switch.rest, changed), **attributes))


# --- Tables -------------------------------------------------------------------------------------------------

_BRACKETS: Final = {
    "pmatrix": "()",
    "bmatrix": "[]",
    "Bmatrix": "{}",
    "vmatrix": "||",
    "Vmatrix": "‖‖",
    "cases": "{ ",
    "dcases": "{ ",
    "rcases": " }",
}
_ALIGNED: Final = frozenset("align align* aligned split".split())
_DISPLAYED: Final = _ALIGNED | {"dcases", "equation", "equation*", "gather", "gather*", "gathered"}
_LOOKS: Final = {
    **dict.fromkeys(_ALIGNED, "aligned"),
    **dict.fromkeys(("cases", "dcases", "rcases"), "cases"),
    **dict.fromkeys(("smallmatrix", "substack"), "small"),
    **dict.fromkeys(("equation", "equation*", "gather", "gather*", "gathered"), "gathered"),
}


def _set_table(table: Table, style: Style) -> Atom:
    name = table.environment
    inside = replace(
        style, display=name in _DISPLAYED, script=style.script or name in ("smallmatrix", "substack")
    )
    rows = [
        _element("mtr", *(_cell(cell, table, place, inside) for place, cell in enumerate(row)))
        for row in table.rows
    ]
    attributes = {"class": _LOOKS.get(name, "entries")}
    if inside.display:
        attributes["displaystyle"] = "true"
    if inside.script and not style.script:
        attributes["scriptlevel"] = "1"
    element = _element("mtable", *rows, **attributes)
    if name not in _BRACKETS:
        return Atom("ord", element)
    opened, closed = tuple(_BRACKETS[name])
    return Atom("inner", _element("mrow", *_grown(opened, "prefix"), element, *_grown(closed, "postfix")))


def _grown(sign: str, form: str) -> list[Element]:
    """Return a bracket as high as what stands beside it, nothing for a space."""
    if sign == " ":
        return []
    return [
        _text("mo", sign, form=form, fence="true", stretchy="true", symmetric="true", lspace="0", rspace="0")
    ]


def _cell(cell: Row, table: Table, place: int, style: Style) -> Element:
    element = _element("mtd", *_cell_elements(cell, table, place, style))
    side = _side(table, place)
    if side:
        element.set("class", side)
    return element


def _cell_elements(cell: Row, table: Table, place: int, style: Style) -> list[Element]:
    atoms = _atoms(cell.atoms, style)
    if table.environment in _ALIGNED and place % 2 == 1:
        # TeX begins the right side with an empty atom, so that a relation keeps its space on the left.
        atoms = [Atom("ord", _element("mrow")), *atoms]
    return _spaced(atoms, script=style.script)


def _side(table: Table, place: int) -> str:
    if table.environment in _ALIGNED:
        return ("right", "left")[place % 2]
    if table.environment in ("cases", "dcases", "rcases"):
        return "left"
    return {"l": "left", "r": "right"}.get(table.columns[place : place + 1], "")


# --- Commands with arguments --------------------------------------------------------------------------------

_LETTERS: Final = {
    **dict.fromkeys(("mathbf", "bold"), "BOLD"),
    **dict.fromkeys(("boldsymbol", "bm"), "BOLD ITALIC"),
    **dict.fromkeys(("mathrm", "operatorname", "operatorname*"), "UPRIGHT"),
    **dict.fromkeys(("mathit", "mathnormal"), "ITALIC"),
    **dict.fromkeys(("mathcal", "mathscr"), "SCRIPT"),
    **dict.fromkeys(("mathbb", "Bbb"), "DOUBLE-STRUCK"),
    "mathfrak": "FRAKTUR",
    "mathsf": "SANS-SERIF",
    "mathtt": "MONOSPACE",
}
_OVER: Final = {
    **dict(zip("hat bar dot ddot tilde check breve acute grave mathring".split(), "ˆˉ˙¨˜ˇ˘´`˚", strict=True)),
    "vec": "→",
    "widehat": "\u0302",
    "widetilde": "\u0303",
    "overline": "‾",
    "overbrace": "⏞",
    "overrightarrow": "→",
    "overleftarrow": "←",
}
_UNDER: Final = {"underbrace": "⏟", "underline": "_"}
_WIDE: Final = frozenset(
    "widehat widetilde overline overbrace overrightarrow overleftarrow underbrace underline".split()
)
_CLASSES: Final = {
    "mathop": "op",
    "mathbin": "bin",
    "mathrel": "rel",
    "mathord": "ord",
    "mathopen": "open",
    "mathclose": "close",
    "mathpunct": "punct",
    "mathinner": "inner",
}
_FRACTIONS: Final = {"dfrac": True, "cfrac": True, "dbinom": True, "tfrac": False, "tbinom": False}
"""Whether a fraction is set as in a display or as in a line, where its command says so."""


def _set_call(call: Call, style: Style) -> Atom:
    name = call.command
    if name in _LETTERS:
        return _lettered(call, style)
    if name in _OVER or name in _UNDER:
        return _accented(call, style)
    if name in _CLASSES:
        return Atom(_CLASSES[name], _inside(call.arguments[0], style))
    return _CALLS[name](call, style)


def _lettered(call: Call, style: Style) -> Atom:
    letters = _LETTERS[call.command]
    content = call.arguments[0]
    kind = "op" if call.command.startswith("operatorname") else "ord"
    word = _word(content)
    if len(word) > 1 and letters != "BOLD ITALIC":
        return Atom(kind, _text("mi", word if letters in ("UPRIGHT", "ITALIC") else _styled(word, letters)))
    return Atom(kind, _inside(content, replace(style, letters=letters)))


def _word(content: Node) -> str:
    """Return the letters of a group that holds only letters and thin spaces, as in ``\\operatorname{arg\\,max}``."""
    if not isinstance(content, Row):
        return ""
    signs = [
        "\u2009"
        if isinstance(atom, Space) and atom.width > 0
        else atom.character
        if isinstance(atom, Symbol) and atom.kind == "letter"
        else atom.digits
        if isinstance(atom, Number)
        else ""
        for atom in content.atoms
    ]
    return "".join(signs) if all(signs) and any(sign.isalpha() for sign in signs) else ""


def _accented(call: Call, style: Style) -> Atom:
    name = call.command
    over = name in _OVER
    base = _inside(call.arguments[0], style)
    sign = _operator(_OVER[name] if over else _UNDER[name], stretchy=str(name in _WIDE).lower())
    if over:
        # Not being an accent makes an arrow as small as a script, and keeps it off what it stands on.
        return Atom("ord", _element("mover", base, sign, accent=str(sign.text not in ("→", "←")).lower()))
    return Atom("ord", _element("munder", base, sign, accentunder="true"))


def _fraction(call: Call, style: Style) -> Atom:
    display = _FRACTIONS.get(call.command, style.display)
    inside = style.inner if display else style.small
    element = _element("mfrac", *(_inside(argument, inside) for argument in call.arguments))
    is_binomial = call.command.endswith("binom")
    if is_binomial:
        element.set("linethickness", "0")
    if call.command in _FRACTIONS:
        element = _element("mstyle", element, displaystyle=str(display).lower(), scriptlevel="0")
    if not is_binomial:
        return Atom("inner", element)
    return Atom("inner", _element("mrow", *_grown("(", "prefix"), element, *_grown(")", "postfix")))


def _root(call: Call, style: Style) -> Atom:
    inside = _inside(call.arguments[0], style)
    if call.option is None:
        return Atom("ord", _element("msqrt", inside))
    return Atom("ord", _element("mroot", inside, _inside(call.option, style.small)))


def _stacked(call: Call, style: Style) -> Atom:
    sign, base = call.arguments
    below = call.command == "underset"
    core = _atom(base, style)
    tag = "munder" if below else "mover"
    kind = "rel" if call.command == "stackrel" else core.kind
    inner = _only(base)
    if kind == "ord":
        core = _atom(inner, style)
        kind = core.kind
    return Atom(kind, _element(tag, core.element, _inside(sign, style.small)), core.core)


def _phantom(call: Call, style: Style) -> Atom:
    element = _element("mphantom", _inside(call.arguments[0], style))
    if call.command == "hphantom":
        element = _element("mpadded", element, height="0", depth="0")
    if call.command == "vphantom":
        element = _element("mpadded", element, width="0")
    return Atom("ord", element)


def _boxed(call: Call, style: Style) -> Atom:
    return Atom("ord", _element("mrow", _inside(call.arguments[0], style), **{"class": "boxed"}))


def _modulo(call: Call, style: Style) -> Atom:
    parts = [
        _space(1.0),
        _operator("("),
        _text("mi", "mod"),
        _space(0.3333),
        _inside(call.arguments[0], style),
        _operator(")"),
    ]
    return Atom("ord", _element("mrow", *parts))


def _negated(call: Call, style: Style) -> Atom:
    atom = _atom(_only(call.arguments[0]), style)
    element = atom.core if atom.core is not None else atom.element
    element.text = unicodedata.normalize("NFC", f"{element.text or ''}\u0338")
    return atom


def _only(node: Node) -> Node:
    return node.atoms[0] if isinstance(node, Row) and len(node.atoms) == 1 else node


_CALLS: Final[dict[str, Callable[[Call, Style], Atom]]] = {
    **dict.fromkeys("frac dfrac tfrac cfrac binom dbinom tbinom".split(), _fraction),
    **dict.fromkeys("overset underset stackrel".split(), _stacked),
    **dict.fromkeys("phantom hphantom vphantom".split(), _phantom),
    "sqrt": _root,
    "boxed": _boxed,
    "pmod": _modulo,
    "not": _negated,
}
_SET: Final[dict[type, Callable[..., Atom]]] = {
    Call: _set_call,
    Fence: _set_fence,
    Function: _set_function,
    Number: _set_number,
    Row: _set_row,
    Scripts: _set_scripts,
    Sized: _set_sized,
    Space: _set_space,
    Switch: _set_switch,
    Symbol: _set_symbol,
    Table: _set_table,
    Words: _set_words,
}


# --- Letters ------------------------------------------------------------------------------------------------

_UNSTYLED: Final = frozenset(("", "UPRIGHT"))


def _styled(text: str, letters: str) -> str:
    """Return a text in bold, script or another alphabet: MathML Core has no other way than Unicode's own letters."""
    return text if letters in _UNSTYLED else "".join(_styled_sign(sign, letters) for sign in text)


@lru_cache(maxsize=2000)
def _styled_sign(sign: str, letters: str) -> str:
    name = unicodedata.name(sign, "")
    plain = name.replace("LATIN ", "").replace("GREEK ", "").replace("LETTER ", "")
    return next(_found(_names(plain, letters)), sign)


def _names(plain: str, letters: str) -> Iterator[str]:
    yield f"MATHEMATICAL {letters} {plain}"
    # Letters that Unicode had before it got the alphabets: ℝ, ℒ, ℭ, ℎ.
    yield f"{letters.replace('FRAKTUR', 'BLACK-LETTER')} {plain}"
    if plain.startswith("DIGIT"):
        yield f"MATHEMATICAL {letters.replace(' ITALIC', '')} {plain}"


def _found(names: Iterable[str]) -> Iterator[str]:
    for name in names:
        try:
            yield unicodedata.lookup(name)
        except KeyError:
            continue
