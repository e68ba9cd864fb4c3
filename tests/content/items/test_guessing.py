import itertools
import statistics

import pytest

from content.items.interactions.ordering import CREDIT
from content.items.parsing.document import parse_definition
from tests.builders import choice_document, exercise_document
from tests.content.items.test_interactions import DEFINITIONS, graded, item

ENTRIES = ("p", "q", "r", "s")


def guess(interaction, **changes):
    return item(interaction, **changes).interactions["a"].guess


def test_one_of_three_options_is_guessed_every_third_time():
    assert guess(DEFINITIONS["choice"]) == pytest.approx(1 / 3)


def test_nobody_can_say_how_often_several_options_are_guessed():
    assert guess(DEFINITIONS["choice"], multiple=True, policy={"name": "all_or_nothing"}) is None


@pytest.mark.parametrize("kind", ["numeric", "text", "matrix", "expression"])
def test_what_is_written_is_not_guessed(kind):
    assert guess(DEFINITIONS[kind]) == 0


@pytest.mark.parametrize("credit", [one for one in CREDIT if one != "longest_run"])
def test_a_guessed_order_earns_the_mean_over_all_orders(credit):
    orders = itertools.permutations(ENTRIES)
    earned = [graded(DEFINITIONS["ordering"], list(order), credit=credit).score for order in orders]
    assert guess(DEFINITIONS["ordering"], credit=credit) == pytest.approx(statistics.mean(earned))


@pytest.mark.parametrize("credit", ["all", "each"])
def test_guessed_partners_earn_the_mean_over_all_choices(credit):
    choices = itertools.product("qrs", repeat=2)
    earned = [
        graded(DEFINITIONS["matching"], dict(zip("pq", one, strict=True)), credit=credit).score
        for one in choices
    ]
    assert guess(DEFINITIONS["matching"], credit=credit) == pytest.approx(statistics.mean(earned))


def test_the_guess_of_an_item_is_weighed():
    one = choice_document()["interactions"]["a"]
    written = {"kind": "numeric", "key": "x", "weight": 3}
    document = exercise_document(
        body="[[a]] [[b]]",
        interactions={"a": one, "b": written},
        misconceptions={},
        steps={},
        check={},
        solution="",
    )
    assert parse_definition(document).guess == pytest.approx(1 / 12)
