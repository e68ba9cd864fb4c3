"""Variants side by side."""

import numpy as np
import pytest

from content.items.drawing import draw_batch, draw_variant
from content.items.evidence.grid import ROWS, columns, grid, opened
from content.items.grading import grade
from content.items.parsing.document import parse_definition
from content.items.soundness import sound
from tests.builders import choice_document, exercise_document, vector_document


def of(**changes):
    return parse_definition(exercise_document(**changes))


def test_rows_are_what_the_seeds_draw():
    definition = of()
    found = grid(definition, 30)
    assert [row.seed for row in found.rows] == list(range(30, 30 + ROWS))
    variant = draw_variant(definition, 30)
    assert found.rows[0].values[0].order == variant.values["x"]
    assert found.rows[0].keys[0].order == variant.interactions["a"]["key"]


def test_a_key_is_written_so_that_it_is_graded_right():
    definition = parse_definition(vector_document(locale="de"))
    for row in grid(definition).rows:
        typed = row.keys[0].text.strip("()").split(", ")
        assert grade(definition, draw_variant(definition, row.seed), {"a": typed}).correct


def test_a_mistake_has_its_distance_in_tolerances():
    row = grid(of()).rows[0]
    assert row.mistakes[0].value.order == row.values[0].order
    assert row.mistakes[0].distance == pytest.approx(row.values[0].order / 0.01)
    assert row.mistakes[0].taken_for == ()


def test_a_mistake_that_is_the_key_says_so_and_rejects():
    row = grid(of(misconceptions={"a": {"same": "x + x", "other": "x"}})).rows[0]
    assert (row.mistakes[0].distance, row.mistakes[0].taken_for) == (0, ("the key",))
    assert row.rejected == ("same is taken for the key",)


def test_checks_that_disagree_are_marked():
    (check,) = grid(of(check={"twice": "3*x"})).rows[0].checks
    assert not check.agrees
    assert grid(of()).rows[0].checks[0].agrees


def test_what_is_rejected_is_what_soundness_rejects():
    definition = of(parameters={"x": {"integer": [0, 5]}}, misconceptions={"a": {"square": "x*x"}})
    found = grid(definition)
    expected = sound(definition, draw_batch(definition, np.arange(ROWS, dtype=np.uint64)))
    assert [not row.rejected for row in found.rows] == expected.tolist()
    assert 0 < found.served < ROWS


def test_a_seed_that_require_rejects_names_the_condition():
    row = grid(of(require=["x > 10", "x > 0"])).rows[0]
    assert row.rejected == ("no draw satisfies require; these numbers, the first ones, fail x > 10",)
    assert row.values[0].text == grid(of()).rows[0].values[0].text
    assert row.keys[0].text == "–"


def test_columns_are_named_in_the_order_of_the_cells():
    assert columns(grid(of())) == ("x", "key of a", "forgot-the-two", "check of twice")


def test_a_choice_shows_its_key_and_its_options_in_their_order():
    definition = parse_definition(choice_document())
    (row,) = grid(definition).rows
    order = draw_variant(definition, 0).interactions["a"]["order"]
    texts = {"right": "This one", "wrong": "That one", "other": "Another one"}
    assert row.keys[0].text == f"This one (of {' | '.join(texts[one] for one in order)})"


@pytest.mark.parametrize(
    ("interaction", "written"),
    [
        ({"kind": "text", "accepted": [{"text": "{x} apples"}]}, "{x} apples"),
        ({"kind": "expression", "key": "{x}*v", "variables": ["v"]}, "{x}*v"),
        ({"kind": "ordering", "entries": [{"id": n, "text": n.upper()} for n in "bac"]}, "B, A, C (of"),
        (
            {
                "kind": "matching",
                "left": [{"id": "l1", "text": "one"}, {"id": "l2", "text": "two"}],
                "right": [{"id": "r1", "text": "I"}, {"id": "r2", "text": "II"}],
                "pairs": {"l1": "r1", "l2": "r2"},
            },
            "one → I; two → II (of",
        ),
    ],
)
def test_every_kind_writes_its_key(interaction, written):
    definition = of(interactions={"a": interaction}, misconceptions={})
    row = grid(definition).rows[0]
    assert row.keys[0].text.startswith(written.replace("{x}", row.values[0].text))


def test_a_rejected_variant_opens_with_its_reason():
    definition = of(parameters={"x": {"integer": [0, 5]}}, misconceptions={"a": {"square": "x*x"}})
    rejected = next(row.seed for row in grid(definition).rows if row.rejected)
    found = opened(definition, rejected)
    assert found.rejected == ("square is taken for the key",)
    assert found.variant.seed == rejected


def test_a_variant_without_numbers_is_not_opened():
    definition = of(parameters={"x": {"integer": [0, 0]}}, steps={"twice": "1/x"}, check={})
    found = opened(definition, 0)
    assert found.variant is None
    assert any("not finite" in reason for reason in found.rejected)
    assert grid(definition).rows[0].keys[0].text == "infinite"
