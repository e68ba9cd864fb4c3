"""MathML from TeX: what it looks like, where it breaks, and that nothing in it is an author's markup."""

import re
from html import escape
from pathlib import Path
from xml.etree.ElementTree import Element, fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content.items.tex import ARGUMENTS, ENVIRONMENTS, SIZES, TEXT, commands, symbols, tex_fault
from content.items.typesetting import typeset
from tests.content.items.hostile_tex import HOSTILE

TAGS = set(
    "math semantics annotation mrow mi mn mo mtext mspace mfrac msqrt mroot mstyle mphantom mpadded "
    "msub msup msubsup munder mover munderover mtable mtr mtd".split()
)
ATTRIBUTES = set(
    "display class encoding lspace rspace stretchy symmetric fence form minsize maxsize movablelimits mathvariant "
    "accent accentunder linethickness displaystyle scriptlevel width height depth".split()
)


def body(tex: str, *, display: bool = False) -> Element:
    (math,) = parts(tex, display=display)
    return math[0][0]


def parts(tex: str, *, display: bool = False) -> list[Element]:
    return [fromstring(part) for part in typeset(tex, display=display).split("<wbr>")]


def shape(element: Element) -> str:
    inner = "".join(shape(child) for child in element)
    return f"{element.tag}({inner or element.text or ''})"


def example(name: str) -> str:
    """Return the shortest formula in which a command is complete."""
    if name in ("begin", "end"):
        return r"\begin{matrix} x \end{matrix}"
    if name in ("left", "right", "middle"):
        return r"\left( x \middle| y \right)"
    if name in SIZES:
        return rf"\{name}( x"
    if name in TEXT:
        return rf"\{name}{{words}}"
    if name in ("limits", "nolimits"):
        return rf"\sum\{name}_i"
    return rf"\{name}" + "{x}" * ARGUMENTS.get(name, 0)


@pytest.mark.parametrize("name", sorted(commands()))
def test_every_accepted_command_is_set(name):
    assert tex_fault(example(name)) == ""
    for display in (False, True):
        shown = typeset(example(name), display=display)
        told = re.sub(r"<annotation.*?</annotation>", "", shown)
        assert "<code" not in shown
        assert name == "backslash" or name == "setminus" or "\\" not in told


@pytest.mark.parametrize("name", sorted(ENVIRONMENTS))
def test_every_environment_is_a_table(name):
    columns = "{lr}" if name == "array" else ""
    shown = typeset(rf"\begin{{{name}}}{columns} a & b \\ c & d \end{{{name}}}", display=True)
    assert shown.count("<mtr>") == 2
    assert shown.count("<mtd") == 4


def test_every_symbol_has_one_character_and_a_class():
    kinds = set("letter upright bar bin rel open close punct inner large".split())
    assert {symbol.kind for symbol in symbols().values()} <= kinds
    assert all(len(symbol.character) == 1 for symbol in symbols().values())


@pytest.mark.parametrize(
    ("tex", "wanted"),
    [
        ("x_i^2", "msubsup(mi(x)mi(i)mn(2))"),
        (r"\frac12", "mfrac(mn(1)mn(2))"),
        (r"\sqrt[3]{x}", "mroot(mi(x)mn(3))"),
        (r"\hat w", "mover(mi(w)mo(ˆ))"),
        ("f'(x)", "mrow(mrow(mi(f)mi(′))mo(()mi(x)mo()))"),
        (r"\lVert w\rVert_1", "mrow(mo(‖)mi(w)msub(mo(‖)mn(1)))"),
        ("0{,}5", "mrow(mn(0)mo(,)mn(5))"),
        (r"\not=", "mo(≠)"),
        (r"\not\in", "mo(∉)"),
        (r"\mathbf{w}", "mi(𝐰)"),
        (r"\boldsymbol{\alpha}", "mi(𝜶)"),
        (r"\mathcal{L}", "mi(ℒ)"),
        (r"\mathbb{R}", "mi(ℝ)"),
        (r"\mathrm{MSE}", "mi(MSE)"),
        (r"\operatorname{sign}", "mi(sign)"),
        (r"A^\top", "msup(mi(A)mi(⊤))"),
        (r"\binom n k", "mrow(mo(()mfrac(mi(n)mi(k))mo()))"),
        (r"\text{a b}", "mtext(a\u00a0b)"),
        (r"\underbrace{x}_{y}", "munder(munder(mi(x)mo(⏟))mi(y))"),
        ("-x", "mrow(mo(−)mi(x))"),
        ("10.5", "mn(10.5)"),
        (r"\iff", "mo(⟺)"),
    ],
)
def test_a_command_becomes_its_elements(tex, wanted):
    assert shape(body(tex)) == wanted


@pytest.mark.parametrize(
    ("tex", "inline", "display"),
    [
        (r"\sum_{i}^n", "msubsup", "munderover"),
        (r"\max_x", "msub", "munder"),
        (r"\operatorname*{arg\,max}_x", "msub", "munder"),
        (r"\int_0^1", "msubsup", "msubsup"),
        (r"\sum\limits_i", "munder", "munder"),
        (r"\ln_2", "msub", "msub"),
    ],
)
def test_limits_stand_below_and_above_in_a_display(tex, inline, display):
    assert body(tex).tag == inline
    assert body(tex, display=True).tag == display


def space_around(tex: str) -> list[tuple[str | None, str | None]]:
    return [(mo.get("lspace"), mo.get("rspace")) for mo in body(tex).iter("mo")]


def test_operators_have_the_spaces_of_tex():
    assert space_around("a+b") == [("0.2222em", "0.2222em")]
    assert space_around("a=b") == [("0.2778em", "0.2778em")]
    assert space_around("a=-b") == [("0.2778em", "0.2778em"), ("0", "0")]
    assert space_around("a,b") == [("0", "0.1667em")]
    assert space_around("x^{a+b}") == [("0", "0")]
    assert space_around("|z|") == [("0", "0"), ("0", "0")]


def test_a_named_function_stands_off_its_argument():
    assert shape(body(r"\ln x")) == "mrow(mi(ln)mspace()mi(x))"
    assert shape(body(r"\ln(x)")) == "mrow(mi(ln)mo(()mi(x)mo()))"


def test_brackets_grow_only_where_the_author_says_so():
    assert [mo.get("stretchy") for mo in body(r"(\frac12)").iter("mo")] == ["false", "false"]
    assert [mo.get("stretchy") for mo in body(r"\left(\frac12\right)").iter("mo")] == ["true", "true"]
    assert body(r"\Big|").find("mo").get("minsize") == "1.8em"


def test_columns_of_an_alignment_meet():
    cells = body(r"\begin{aligned} a &= b \\ c &= d \end{aligned}", display=True).iter("mtd")
    assert [cell.get("class") for cell in cells] == ["right", "left", "right", "left"]


def test_the_source_goes_along():
    assert parts(r"\frac{1}{2}")[0].find(".//annotation").text == r"\frac{1}{2}"


@pytest.mark.parametrize("tex", [r"\lambda", "w_i = 0.5", r"\frac{\sum_i x_i y_i}{\sum_i x_i^2}", "a + b"])
def test_a_short_formula_is_one_piece(tex):
    assert len(parts(tex)) == 1


@pytest.mark.parametrize(
    ("tex", "wanted"),
    [
        (r"w = \frac{3.2}{1.5 + 0.4} \approx 1.684", [r"w =", r"\frac{3.2}{1.5 + 0.4} \approx", "1.684"]),
        (r"\lambda = 0.001,\; 0.01,\; 0.1", [r"\lambda =", r"0.001,\;", r"0.01,\;", "0.1"]),
        (r"a = (b = c) + 1234567", ["a =", "(b = c) + 1234567"]),
        (r"\text{Loss}(w) + \lambda_1 \sum_i |w_i| + \lambda_2 \sum_i w_i^2", 3),
        ("w = (1 + 2 + 3 + 4 + 5 + 6 + 7 + 8 + 9)", 10),
    ],
)
def test_a_long_formula_breaks_where_it_may(tex, wanted):
    sources = [part.find(".//annotation").text for part in parts(tex)]
    assert "".join(sources).replace(" ", "") == tex.replace(" ", "")
    assert sources == wanted or len(sources) == wanted


def test_a_display_never_breaks():
    assert len(parts(r"a = b = c = d = e = f = g = h = i = j = k", display=True)) == 1


def test_wide_brackets_break_at_their_outermost_operators():
    tex = r"\left[(1.25 - 2.5\,w)^2 + (3.75 - 1.5\,w)^2\right]^2"
    sources = [part.find(".//annotation").text for part in parts(tex)]
    assert sources == [r"\left[(1.25 - 2.5\,w)^2 +", r"(3.75 - 1.5\,w)^2\right]^2"]


def test_what_cannot_break_is_marked_as_wide():
    assert 'class="wide"' in typeset(r"\frac{" + "1 + " * 12 + "1}{2}")
    assert 'class="wide"' not in typeset(r"\frac{1 + 1}{2}")


@pytest.mark.parametrize("display", [False, True])
@pytest.mark.parametrize("tex", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_tex_becomes_no_markup(tex, display):
    shown = typeset(tex, display=display)
    if tex_fault(tex):
        assert re.fullmatch(r'<code class="tex">[^<>]*</code>', shown, re.DOTALL)
        return
    for math in parts(tex, display=display):
        for element in math.iter():
            assert element.tag in TAGS
            assert set(element.attrib) <= ATTRIBUTES


PIECES = [*"{}^_&'()[]| x1+=", *(f"\\{name}" for name in sorted(commands()))]


@given(st.text(max_size=60) | st.lists(st.sampled_from(PIECES)).map(" ".join))
def test_any_text_is_set_or_shown_as_it_is(tex):
    if tex_fault(tex):
        assert typeset(tex) == f'<code class="tex">{escape(tex)}</code>'
    else:
        assert all(part.tag == "math" for part in parts(tex))


def test_a_hundred_kilobytes_are_refused_unread():
    assert typeset(r"\frac{1}{2}" * 10_000).startswith('<code class="tex">')
    assert "longer than" in tex_fault("x" * 100_000)


def test_a_formula_at_the_limit_is_set():
    assert typeset("x+" * 1999 + "x").count("<math") > 1
    assert typeset(r"\hat" * 55 + " x").count("<mover") == 55


def ranges(sheet: str) -> set[int]:
    bounds = re.findall(r"U\+([0-9A-F]+)(?:-([0-9A-F]+))?", sheet)
    return {code for low, high in bounds for code in range(int(low, 16), int(high or low, 16) + 1)}


def test_the_font_is_cut_with_every_sign():
    sheet = (Path(__file__).parents[3] / "frontend" / "src" / "styles" / "math.css").read_text(
        encoding="utf-8"
    )
    written = "".join(symbol.character for symbol in symbols().values())
    written += "".join(
        re.sub("<annotation.*?</annotation>|<[^>]*>", "", typeset(example(name))) for name in commands()
    )
    written += "".join(typeset(rf"\{name}{{aZβΩ09}}") for name in ARGUMENTS if name.startswith("math"))
    assert {sign for sign in written if ord(sign) not in ranges(sheet)} == set()
