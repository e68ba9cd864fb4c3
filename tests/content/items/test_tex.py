"""Formulas that can be set pass; broken ones are told apart by their reason."""

import pytest

from content.items.tex import MAX_LENGTH, tex_fault


@pytest.mark.parametrize(
    "tex",
    [
        r"\frac{1}{2}",
        r"\frac12",
        r"\sqrt[3]{x}",
        r"\begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}",
        r"\begin{array}{lr} 1 & 2 \\[2pt] 3 & 4 \\ \end{array}",
        r"\left\{ a \middle| b \right\}",
        r"\hat{w}_i^{(t)}",
        r"\text{if } x_1",
        r"\text{5 \% of {all}}",
        r"x'^2",
        r"100\,\%",
        r"\operatorname*{arg\,max}_x",
        r"\sum\nolimits_i x_i",
        r"{\displaystyle \sum_i x_i} + y",
        "λ ≤ 3 · x",
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
        ("x^2'", "follow each other"),
        ("a & b", "outside a table"),
        (r"a \\ b", "outside a table"),
        (r"\left( x", "is missing"),
        (r"\left x \right)", "needs a bracket"),
        (r"x \right)", "nothing to close"),
        (r"\begin{matrix} 1 \end{pmatrix}", "is closed by"),
        (r"\begin{nothing} 1 \end{nothing}", "no environment"),
        (r"\begin{array} 1 \end{array}", "needs its columns"),
        (r"\nosuchcommand", "not a command"),
        (r"\text x", "needs braces"),
        (r"\text{a", "} is missing"),
        (r"\text{a \alpha}", r"\alpha cannot stand among words"),
        (r"\limits_i", "nothing to apply to"),
        (r"\frac\displaystyle x", "needs braces around it"),
        ("5%", "must be written"),
        ("x^", "nothing to apply to"),
        ("x \\", "a backslash stands at the end"),
        ("x\x00", "U+0000"),
        ("\ue000", "U+E000"),
        ("{" * 100 + "}" * 100, "too deeply"),
        (r"\hat" * 900 + "x", "too deeply"),
        ("x" * (MAX_LENGTH + 1), "longer than"),
    ],
)
def test_a_broken_formula_says_why(tex, reason):
    assert reason in tex_fault(tex)


@pytest.mark.parametrize(
    "tex",
    [
        r"\href{javascript:alert(1)}{x}",
        r"\url{https://example.org}",
        r"\htmlData{a=b}{x}",
        r"\htmlStyle{color:red}{x}",
        r"\includegraphics{x.png}",
        r"\color{red} x",
        r"\textcolor{red}{x}",
        r"\def\x{\x\x}\x",
        r"\newcommand{\x}{y}",
        r"\rule{1000em}{1000em}",
        r"\hspace{1000em}",
        r"\unicode{x}",
        r"\verb|x|",
    ],
)
def test_what_does_more_than_set_a_formula_is_refused(tex):
    assert "is not a command that can be set" in tex_fault(tex)
