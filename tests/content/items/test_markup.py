import re

import pytest

from content.items.markup import render, render_inline, with_sources


def test_a_formula_is_mathml_with_its_source():
    assert '<span class="math inline"><math><semantics>' in render("$a_1 < b$")
    assert ">a_1 &lt; b</annotation>" in render("$a_1 < b$")
    assert '<div class="math display"><math display="block">' in render("$$\n\\sum_i w_i^2\n$$")


def test_a_formula_that_cannot_be_set_shows_its_source():
    assert '<code class="tex">\\frac{1&lt;</code>' in render("$\\frac{1<$")


@pytest.mark.parametrize(("text", "kept"), [("($x$)", "(|)"), ("$x$, y", "|,"), ("$k$-fold", "|-fold")])
def test_what_touches_a_formula_stays_beside_it(text, kept):
    before, after = kept.split("|")
    assert re.search(re.escape(f'<span class="unbroken">{before}<math>'), render(text))
    assert f"</math>{after}</span>" in render(text)


def test_punctuation_stays_beside_the_last_part_of_a_long_formula():
    html = render("$f(w) = a + b + c + d + e + f + g + h = i + j + k$.")
    assert html.count("<math>") == html.count("<wbr>") + 1 > 1
    assert "</math>.</span></span></p>" in html


def test_places_without_elements_get_the_source():
    assert with_sources(render_inline("is $w^2$")) == 'is <span class="math inline">w^2</span>'


def test_a_forged_place_brings_no_formula():
    for forged in ("\ue0040\ue005", "&#xE004;0&#xE005;", "&#57348;0&#57349;", "&#xE0&#xE004;04;0\ue005"):
        assert render(f"$x$ and {forged}").count("<math>") == 1


def test_a_title_of_a_picture_holds_no_formula():
    assert "<math" not in render('![a $x$ b](https://example.org/a.png "$y$")')


def test_prices_are_no_formulas():
    assert "math" not in render("It costs $5, or $6 with milk.")


def test_the_place_of_an_interaction_is_marked():
    assert '<span data-interaction="a"></span>' in render("Answer: [[a]]")


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "![x](javascript:alert(1))",
        "[x](data:text/html;base64,AAAA)",
        '<span data-interaction="key">',
        "<iframe src='https://example.org'>",
        "<svg/onload=alert(1)>",
        "$</span><script>alert(1)</script>$",
        "\ue000a\ue001",
        "&#xE000;a&#xE001;",
        "$\\text{<script>alert(1)</script>}$",
        "$\\href{javascript:alert(1)}{x}$",
        "$$\n\\text{</annotation></math><img src=x onerror=alert(1)>}\n$$",
    ],
)
@pytest.mark.parametrize("renderer", [render, render_inline])
def test_nothing_an_author_writes_becomes_markup_of_its_own(hostile, renderer):
    html = renderer(hostile)
    for forbidden in ("<script", "<img", "<iframe", "<svg", 'href="java', 'href="data', "<span data-"):
        assert forbidden not in html


def test_an_option_has_no_paragraph_around_it():
    assert render_inline("*All* weights") == "<em>All</em> weights"
