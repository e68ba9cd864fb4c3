"""Sets that fulfill a blueprint, and precisely what is short."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assessment.selection.blueprint import (
    MOST_ITEMS,
    Candidate,
    Difficulty,
    Row,
    Shortage,
    available,
    propose,
    section_of,
)


def many(count=8, **fields):
    base: dict[str, Any] = {"skills": ("adding",), "difficulty": 0.0, "kinds": ("numeric",)} | fields
    return [Candidate(f"item-{number}", **base) for number in range(count)]


def flat(proposal):
    return [slug for taken in proposal.taken for slug in taken]


def test_every_row_gets_what_fits_it():
    easy, hard = Candidate("easy", ("a",), -1.0, ("choice",)), Candidate("hard", ("a",), 1.0, ("numeric",))
    found = propose([Row("a", "hard", "numeric"), Row("a", "easy", "choice")], [easy, hard], seed=1)
    assert found.taken == (("hard",), ("easy",))
    assert not found.short


def test_an_item_goes_to_the_row_that_needs_it():
    both, only = Candidate("both", ("a", "b")), Candidate("only", ("a",))
    found = propose([Row("a"), Row("b")], [both, only], seed=1)
    assert found.taken == (("only",), ("both",))


def test_each_item_is_taken_once():
    found = propose([Row("adding", count=4), Row("adding", count=4)], many(8), seed=3)
    assert len(set(flat(found))) == 8


def test_enemies_are_kept_apart():
    items = [Candidate("one", ("a",), enemies=("two",)), Candidate("two", ("a",)), Candidate("three", ("a",))]
    for seed in range(10):
        assert not {"one", "two"} <= set(flat(propose([Row("a", count=2)], items, seed)))


def test_enemies_that_leave_too_few_are_said_to_be_short():
    items = [Candidate("one", ("a",), enemies=("two",)), Candidate("two", ("a",))]
    (short,) = propose([Row("a", count=2)], items, seed=1).short
    assert short == Shortage(row=0, wanted=2, got=1, fitting=2)
    assert "enemies" in short.words


def test_what_is_short_is_named_with_how_many_there_are():
    found = propose([Row("adding", count=2), Row("adding", "hard", count=3)], many(4), seed=1)
    assert len(found.taken[0]) == 2
    assert found.short == (Shortage(1, 3, 0, 0),)
    assert found.short[0].words == "asks for 3, and there is none."
    (few,) = propose([Row(count=3)], many(1), seed=1).short
    assert few.words == "asks for 3, and there is only 1."


def test_the_same_seed_gives_the_same_set_and_another_another():
    sets = [flat(propose([Row("adding", count=3)], many(30), seed)) for seed in (1, 1, 2, 3)]
    assert sets[0] == sets[1]
    assert len({tuple(one) for one in sets}) == 3


def test_the_order_of_the_catalog_does_not_matter():
    items = many(20)
    assert propose([Row(count=5)], items, 4) == propose([Row(count=5)], items[::-1], 4)


def test_bands_of_difficulty_meet_at_their_edges():
    bands = [Candidate("x", difficulty=value).band for value in (-0.51, -0.5, 0.5, 0.51, None)]
    assert bands == [
        Difficulty.EASY,
        Difficulty.MEDIUM,
        Difficulty.MEDIUM,
        Difficulty.HARD,
        Difficulty.UNKNOWN,
    ]


def test_what_there_is_is_counted_under_each_skill():
    items = [Candidate("one", ("a", "b"), 1.0, ("choice",)), Candidate("two", ("a",), 1.0, ("choice",))]
    assert available(items) == {("a", "hard", "choice"): 2, ("b", "hard", "choice"): 1}


def test_too_much_is_refused_before_anything_is_computed():
    with pytest.raises(ValueError, match="at most"):
        propose([Row(count=MOST_ITEMS + 1)], many(1), 1)


def test_a_proposal_is_a_section_with_its_points():
    rows = [Row("adding", count=1, points=2.0)]
    section = section_of("Sums", rows, propose(rows, many(1), 1))
    assert section == {"title": "Sums", "shuffle": False, "slots": [{"item": "item-0", "weight": 2.0}]}


@given(
    st.lists(
        st.tuples(st.sets(st.sampled_from("abc"), min_size=1), st.sets(st.integers(0, 9), max_size=2)),
        max_size=10,
    ),
    st.lists(st.tuples(st.sampled_from(["", "a", "b", "c"]), st.integers(1, 3)), min_size=1, max_size=3),
    st.integers(0, 5),
)
@settings(max_examples=60, deadline=None)
def test_no_set_has_an_item_twice_or_two_enemies_and_nothing_is_left_that_would_do(drawn, wanted, seed):
    items = [
        Candidate(str(number), tuple(skills), enemies=tuple(str(one) for one in enemies if one != number))
        for number, (skills, enemies) in enumerate(drawn)
    ]
    rows = [Row(skill, count=count) for skill, count in wanted]
    found = propose(rows, items, seed)
    taken = flat(found)
    named = {(one.slug, other) for one in items for other in one.enemies}
    assert len(set(taken)) == len(taken)
    assert not any((one, other) in named for one in taken for other in taken)
    for short in found.short:
        for one in items:
            blocked = any((one.slug, other) in named or (other, one.slug) in named for other in taken)
            assert one.slug in taken or blocked or not one.fits(rows[short.row])
