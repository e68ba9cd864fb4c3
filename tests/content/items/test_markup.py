import pytest

from content.items.markup import render, render_inline


def test_formulas_are_kept_for_the_browser():
    assert '<span class="math inline">a_1 &lt; b</span>' in render("$a_1 < b$")
    assert '<div class="math display">\\sum_i w_i^2</div>' in render("$$\n\\sum_i w_i^2\n$$")


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
    ],
)
@pytest.mark.parametrize("renderer", [render, render_inline])
def test_nothing_an_author_writes_becomes_markup_of_its_own(hostile, renderer):
    html = renderer(hostile)
    for forbidden in ("<script", "<img", "<iframe", "<svg", 'href="java', 'href="data', "<span data-"):
        assert forbidden not in html


def test_an_option_has_no_paragraph_around_it():
    assert render_inline("*All* weights") == "<em>All</em> weights"
