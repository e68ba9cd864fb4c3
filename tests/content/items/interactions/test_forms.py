"""The desk's forms: what is entered comes back as the answer, and is still there when the page is shown again."""

import pytest

from content.items.drawing import draw_variant
from content.items.interactions import INTERACTIONS
from content.items.interactions.forms import Boxes, Lists, Row, Ticks
from content.items.interactions.shown import Option, Shown, as_json
from content.items.parsing.document import parse_definition
from content.items.presenting import interactions_shown
from tests.builders import vector_document
from tests.content.items.test_interactions import DEFINITIONS, item

P, Q = Option("p", "<b>P</b>"), Option("q", "Q")


def entered(answer):
    """Return an answer as the inputs of a form send it."""
    if isinstance(answer, str):
        return [answer]
    parts = answer.values() if isinstance(answer, dict) else answer
    return [text for part in parts for text in entered(part)]


def definition_of(kind):
    return parse_definition(vector_document()) if kind == "vector" else item(DEFINITIONS[kind], kind)


@pytest.mark.parametrize("kind", [*INTERACTIONS, "vector"])
def test_what_is_entered_comes_back_as_the_answer(kind):
    definition = definition_of(kind)
    variant = draw_variant(definition, 3)
    shown = interactions_shown(definition, variant)["a"]
    samples = definition.interactions["a"].samples(variant.interactions["a"])
    for answer in (*samples.right, *samples.wrong):
        assert shown.from_form(entered(answer)) == answer


@pytest.mark.parametrize("kind", [*INTERACTIONS, "vector"])
def test_a_form_that_nobody_filled_in_is_no_answer_of_another_shape(kind):
    definition = definition_of(kind)
    shown = interactions_shown(definition, draw_variant(definition, 3))["a"]
    assert shown.from_form([]) in (None, [], {})


def test_boxes_are_filled_row_by_row():
    boxes = Boxes((("one", "two"), ("three",)))
    assert boxes.filled(["1", "2"]) == [[("one", "1"), ("two", "2")], [("three", "")]]
    assert boxes.filled(None) == [[("one", ""), ("two", "")], [("three", "")]]


def test_one_tick_or_several():
    assert Ticks((P, Q), several=True).filled(["p", "q"]) == [(P, True), (Q, True)]
    assert Ticks((P, Q)).filled(["p", "q"]) == [(P, False), (Q, True)]
    assert Ticks((P, Q)).filled(None) == [(P, False), (Q, False)]


def test_lists_begin_with_what_stands_first():
    first, second = Row("place 1", "1.", "p"), Row("place 2", "2.", "q")
    lists = Lists((P, Q), (first, second))
    assert lists.filled(None) == [(first, "p"), (second, "q")]
    assert lists.filled(["q"]) == [(first, "q"), (second, "")]


@pytest.mark.parametrize(
    ("text", "answer"),
    [("7", 7), ('["a", 2]', ["a", 2]), ("a word", "a word"), ("", ""), ("9" * 2000, "9" * 2000)],
)
def test_a_kind_without_a_form_of_its_own_reads_json_or_text(text, answer):
    assert Shown().from_form([text]) == answer
    assert Shown().form.filled([text]) == [[("", text)]]


def test_what_is_shown_becomes_json():
    assert as_json((P, 2, None)) == [{"id": "p", "html": "<b>P</b>"}, 2, None]
