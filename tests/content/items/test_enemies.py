"""Items that should not share an attempt."""

import pytest

from content.documents.reader import DefinitionError
from content.items.enemies import apart, both_ways, enemies_of
from content.items.parsing.document import parse_definition
from tests.builders import choice_document

PAIRS = [("a", "b"), ("c", "b")]


def test_it_is_enough_that_one_of_two_names_the_other():
    assert both_ways(PAIRS) == {"a": {"b"}, "b": {"a", "c"}, "c": {"b"}}
    assert enemies_of(["a", "c", "x"], both_ways(PAIRS)) == {"b"}


@pytest.mark.parametrize(
    ("candidates", "count", "used", "chosen"),
    [
        ("abc", 2, "", ["a", "c"]),
        ("bac", 1, "", ["b"]),
        ("bac", 2, "", ["b", "a"]),
        ("bac", 3, "", ["b", "a", "c"]),
        ("bd", 1, "a", ["d"]),
        ("b", 1, "a", ["b"]),
        ("xyz", 2, "a", ["x", "y"]),
    ],
)
def test_enemies_are_drawn_together_only_where_the_pool_is_too_small(candidates, count, used, chosen):
    assert apart(list(candidates), count, list(used), both_ways(PAIRS)) == chosen


def test_an_item_names_its_enemies_and_not_itself():
    assert parse_definition(choice_document(enemies=["l2-step-vector"])).enemies == ("l2-step-vector",)
    with pytest.raises(DefinitionError, match="cannot hold the item itself"):
        parse_definition(choice_document(slug="x", enemies=["x"]))
