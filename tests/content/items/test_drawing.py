import numpy as np
import pytest

from content.items.drawing import ImpossibleDraw, Variant, draw_batch, draw_variant, join, variant_of
from content.items.parsing.document import parse_definition
from content.items.stream import as_words
from tests.builders import choice_document, exercise_document, vector_document

SEEDS = as_words(list(range(500)))


def exercise(**changes):
    return parse_definition(exercise_document(**changes))


def test_a_variant_is_the_same_alone_and_in_a_batch():
    definition = exercise(require=["x > 4"])
    batch = draw_batch(definition, SEEDS)
    assert draw_variant(definition, 321) == variant_of(definition, batch, 321)


def test_pieces_of_a_batch_are_the_batch():
    definition = parse_definition(vector_document())
    whole = draw_batch(definition, SEEDS)
    pieces = join([draw_batch(definition, part) for part in np.array_split(SEEDS, 3)])
    assert (pieces.values["x"] == whole.values["x"]).all()
    assert (pieces.computed["a"]["key"] == whole.computed["a"]["key"]).all()


def test_what_is_required_holds_for_every_possible_draw():
    batch = draw_batch(exercise(require=["x > 7"]), SEEDS)
    assert batch.possible.all()
    assert (batch.values["x"] > 7).all()


def test_an_impossible_requirement_ends_and_says_so():
    definition = exercise(require=["x > 9"])
    assert not draw_batch(definition, SEEDS).possible.any()
    with pytest.raises(ImpossibleDraw):
        draw_variant(definition, 1)


def test_a_requirement_that_is_nan_does_not_hold():
    assert not draw_batch(exercise(require=["log(-x) < 1"]), SEEDS).possible.any()


def test_another_parameter_does_not_move_the_first():
    more = {"x": {"decimal": [1, 9], "places": 1}, "y": {"integer": [0, 9]}}
    with_more = draw_batch(exercise(parameters=more), SEEDS).values["x"]
    assert (with_more == draw_batch(exercise(), SEEDS).values["x"]).all()


def test_steps_are_computed_in_order_from_what_is_displayed():
    steps = {"square": "x*x", "twice": "square/x + x"}
    variant = draw_variant(exercise(steps=steps), 5)
    assert variant.values["twice"] == pytest.approx(2 * variant.values["x"])


def test_options_are_shuffled_by_the_seed_and_pinned_ones_stay():
    document = choice_document()
    document["interactions"]["a"]["options"].append({"id": "none", "text": "None of these", "fixed": True})
    orders = [draw_variant(parse_definition(document), seed).interactions["a"]["order"] for seed in range(60)]
    assert len({tuple(order) for order in orders}) == 6
    assert {order[-1] for order in orders} == {"none"}


def test_an_unshuffled_choice_keeps_its_author_s_order():
    document = choice_document()
    document["interactions"]["a"]["shuffle"] = False
    assert draw_variant(parse_definition(document), 3).interactions["a"]["order"] == [
        "right",
        "wrong",
        "other",
    ]


def test_a_variant_survives_storage():
    variant = draw_variant(parse_definition(vector_document()), 9)
    assert Variant.from_json(variant.to_json()) == variant
