import numpy as np
import pytest

from assessment.psychometrics.constraints import (
    Constraint,
    Kinds,
    bounded_counts,
    favor,
    signatures,
    violations,
)

AREAS = ["algebra", "algebra", "geometry", "geometry", "geometry", "number"]
COUNTS = bounded_counts("area", AREAS, {"algebra": (1, 2), "geometry": (0, 2)})
WORDS = Constraint("words", np.array([10.0, 20.0, 30.0, 40.0, 50.0, 60.0]), upper=100)


def test_counts_by_label_are_one_row_each():
    assert [one.name for one in COUNTS] == ["area algebra", "area geometry"]
    assert COUNTS[1].coefficients.tolist() == [0, 0, 1, 1, 1, 0]


def test_a_violation_says_by_how_much_a_bound_is_missed():
    assert violations([*COUNTS, WORDS], [2, 3, 4]) == {"area algebra": 1, "area geometry": 1, "words": 20}
    assert violations([*COUNTS, WORDS], [0, 2, 3]) == {}


def test_an_item_that_would_break_an_upper_bound_is_out_of_favor():
    assert favor(COUNTS, [2, 3], 4)[4] == 0


def test_the_last_places_belong_to_what_is_still_needed():
    assert np.flatnonzero(favor(COUNTS, [2, 5], 3)).tolist() == [0, 1]


def test_an_item_so_long_that_the_rest_cannot_fit_is_out_of_favor():
    factors = favor([WORDS], [4], 3)
    assert factors[5] == 0
    assert factors[0] > 0


def test_what_is_needed_sooner_is_favored_over_what_is_not():
    factors = favor(COUNTS, [5], 4)
    assert factors[0] > factors[2]


def test_rows_that_cannot_be_met_any_more_still_steer():
    assert favor(COUNTS, [2, 3, 4], 4).max() > 0


@pytest.mark.parametrize("given", [(), (0,), (1, 4), (0, 2, 5)])
def test_items_that_no_row_tells_apart_are_favored_alike_and_those_given_not_at_all(given):
    kinds = Kinds.of([*COUNTS, Constraint("weight", np.array([1.0, 1.0, 2.0, 2.0, 2.0, 1.0]), 3, 9)])
    factors = kinds.favor(given, 5)
    assert len(kinds.sizes) == 3
    assert not factors[list(given)].any()
    for kind in range(3):
        alike = [one for one in np.flatnonzero(kinds.kind == kind) if one not in given]
        assert len(set(factors[alike])) <= 1


def test_the_least_and_the_most_that_can_follow_are_sums_of_what_is_left():
    """After 30 words there are items of 10, 20, 40, 50 and 60: the next is followed by one, of 10 to 60 words."""
    at_least = Constraint("words", WORDS.coefficients, lower=115)
    at_most = Constraint("words", WORDS.coefficients, upper=85)
    assert np.flatnonzero(favor([at_least], [2], 3)).tolist() == [3, 4, 5]
    assert np.flatnonzero(favor([at_most], [2], 3)).tolist() == [0, 1, 3]


def test_factors_lie_between_zero_and_one():
    factors = favor([*COUNTS, WORDS], [0], 3)
    assert np.all((factors >= 0) & (factors <= 1))


def test_items_alike_in_all_counting_rows_share_a_signature():
    groups = signatures([*COUNTS, WORDS])
    assert len(set(groups)) == 3
    assert groups[0] == groups[1] != groups[2]


def test_without_counting_rows_all_items_are_alike():
    assert set(signatures([WORDS])) == {0}


@pytest.mark.parametrize(
    ("coefficients", "lower", "upper", "reason"),
    [([1.0], 3, 2, "above the upper"), ([np.nan], 0, 1, "finite")],
)
def test_an_impossible_constraint_is_refused(coefficients, lower, upper, reason):
    with pytest.raises(ValueError, match=reason):
        Constraint("row", np.array(coefficients), lower, upper)
