"""Formulas that can be set pass; broken ones are told apart by their reason."""

import re
from pathlib import Path

import pytest

from content.items.tex import commands, tex_fault

KATEX = Path(__file__).parents[3] / "frontend" / "node_modules" / "katex" / "dist" / "katex.mjs"


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{1}{2}",
        r"\frac12",
        r"\sqrt[3]{x}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\left\{ a \middle| b \right\}",
        r"\hat{w}_i^{(t)}",
        r"\text{if } x_1",
        r"x'^2",
        r"100\,\%",
        r"\operatorname*{arg\,max}_x",
    ],
)
def test_a_formula_that_can_be_set_passes(tex):
    assert tex_fault(tex) == ""


@pytest.mark.parametrize(
    ("tex", "reason"),
    [
        (r"\frac{1", "} is missing"),
        (r"\frac{1}", "nothing to apply to"),
        ("x}", "a } too many"),
        ("x^2^3", "follow each other"),
        ("a & b", "outside a table"),
        (r"\left( x", "is missing"),
        (r"x \right)", "nothing to close"),
        (r"\begin{matrix} 1 \end{pmatrix}", "is closed by"),
        (r"\begin{nothing} 1 \end{nothing}", "no environment"),
        (r"\nosuchcommand", "not a command"),
        ("5%", "must be written"),
        ("x^", "nothing to apply to"),
        ("{" * 100 + "}" * 100, "too deeply"),
    ],
)
def test_a_broken_formula_says_why(tex, reason):
    assert reason in tex_fault(tex)


@pytest.mark.skipif(not KATEX.exists(), reason="the frontend's packages are not installed")
def test_the_commands_are_those_of_katex():
    known = set(re.findall(r"""["'`]\\\\([A-Za-z]+)["'`]""", KATEX.read_text(encoding="utf-8")))
    assert commands() <= known
    assert len(known - commands()) < 60
