"""What a search asks for, and the place that shows why something was found."""

import pytest

from content.searching import EXCERPT, Passage, excerpt, passages, spellings, words_of

THEORY = """<p>Before <em>any</em> heading.</p><h2>The lasso</h2><p>A penalty on <span class="math inline">|w|</span>
drops features.</p><h2>Ridge</h2><ul><li>Weight decay is its other name.</li>
<li>It never overfits as much.</li></ul>"""


def shown(words: str, html: str = THEORY) -> tuple[int, list[str]] | None:
    found = excerpt(passages(html), words_of(words))
    return (found.section, [found.text[start:stop] for start, stop in found.matches]) if found else None


def test_a_search_is_its_words_without_signs_and_repetition() -> None:
    assert words_of("Weight-decay, (weight) L2!") == ("weight", "decay", "l2")
    assert words_of(" ?! ") == ()


@pytest.mark.parametrize(
    ("british", "american"), [("regularisation", "regularization"), ("penalise", "penalize")]
)
def test_both_spellings_are_looked_for(british: str, american: str) -> None:
    assert spellings(british) == spellings(american) == {british, american}


def test_a_text_falls_into_passages_of_its_sections() -> None:
    assert passages(THEORY)[:4] == (
        Passage(0, "", "Before any heading."),
        Passage(1, "The lasso", "The lasso"),
        Passage(1, "The lasso", "A penalty on … drops features."),
        Passage(2, "Ridge", "Ridge"),
    )


def test_a_formula_is_no_text() -> None:
    html = "<p>So <math><mi>x</mi><mo>=</mo><mn>1</mn></math> holds.</p>"
    assert [passage.text for passage in passages(html)] == ["So … holds."]


def test_a_formula_that_may_break_ends_where_it_ends() -> None:
    formula = '<span class="math inline"><math><mi>x</mi></math><wbr><math><mn>1</mn></math></span>'
    assert [passage.text for passage in passages(f"<p>So {formula} holds<br>on.</p>")] == ["So … holds on."]


def test_the_excerpt_has_most_words_close_together() -> None:
    assert shown("weight decay") == (2, ["Weight", "decay"])
    assert shown("overfitting") == (2, ["overfits"])
    assert shown("lass") == (1, ["lasso"])
    assert shown("gradient") is None


def test_a_paragraph_says_more_than_its_heading() -> None:
    found = excerpt(passages("<h2>The lasso</h2><p>Use a lasso.</p>"), ("lasso",))
    assert found
    assert found.text == "Use a lasso."


def test_a_long_passage_is_cut_at_spaces() -> None:
    found = excerpt(passages(f"<p>{'before ' * 60}lasso {'after ' * 60}</p>"), ("lasso",))
    assert found
    assert found.text.startswith("… before ")
    assert found.text.endswith(" after …")
    assert len(found.text) < EXCERPT + 20
    assert [found.text[start:stop] for start, stop in found.matches] == ["lasso"]


def test_markup_in_a_text_is_text_in_the_excerpt() -> None:
    found = excerpt(passages("<p>The lasso &lt;b&gt;</p>"), ("lasso",))
    assert found
    assert found.text == "The lasso <b>"
