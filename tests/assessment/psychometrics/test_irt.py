import numpy as np
import pytest

from assessment.psychometrics import irt
from assessment.psychometrics.irt import ItemParameters

THETA = np.linspace(-4, 4, 17)
FOUR = ItemParameters([0.7, 1.2, 2.0], [-1.0, 0.3, 1.5], [0.0, 0.2, 0.1], [1.0, 1.0, 0.95])


def test_a_two_parameter_item_has_probability_one_half_at_its_difficulty():
    assert irt.probability([0.4], ItemParameters([1.7], [0.4]))[0, 0] == pytest.approx(0.5)


def test_the_probability_equals_the_formula_in_persons_by_items():
    expected = 0.2 + 0.8 / (1 + np.exp(-1.2 * (THETA - 0.3)))
    assert irt.probability(THETA, FOUR).shape == (17, 3)
    np.testing.assert_allclose(irt.probability(THETA, FOUR)[:, 1], expected, rtol=1e-14)


def test_the_probability_rises_between_its_asymptotes():
    chance = irt.probability(np.linspace(-60, 60, 200), FOUR)
    assert np.all(np.diff(chance, axis=0) >= 0)
    np.testing.assert_allclose(chance[0], FOUR.c, atol=1e-12)
    np.testing.assert_allclose(chance[-1], FOUR.d, atol=1e-12)


def test_the_slope_is_the_derivative_of_the_probability():
    step = 1e-6
    difference = irt.probability(THETA + step, FOUR) - irt.probability(THETA - step, FOUR)
    np.testing.assert_allclose(irt.slope(THETA, FOUR), difference / (2 * step), rtol=1e-6, atol=1e-9)


def test_information_is_the_squared_slope_over_the_variance():
    chance = irt.probability(THETA, FOUR)
    expected = irt.slope(THETA, FOUR) ** 2 / (chance * (1 - chance))
    np.testing.assert_allclose(irt.information(THETA, FOUR), expected, rtol=1e-10)


def test_a_two_parameter_item_informs_most_at_its_difficulty_by_a_quarter_of_a_squared():
    items = ItemParameters([1.6], [0.5])
    assert irt.information([0.5], items)[0, 0] == pytest.approx(1.6**2 / 4)


def test_guessing_moves_the_peak_of_information_to_birnbaums_place():
    items, fine = ItemParameters([1.2], [0.3], [0.2]), np.linspace(-3, 3, 60_001)
    birnbaum = 0.3 + np.log((1 + np.sqrt(1 + 8 * 0.2)) / 2) / 1.2
    assert fine[np.argmax(irt.information(fine, items))] == pytest.approx(birnbaum, abs=1e-3)


def test_far_from_every_item_all_stays_finite():
    far = np.array([-1e6, -500.0, 500.0, 1e6])
    assert np.isfinite(irt.information(far, FOUR)).all()
    assert np.isfinite(irt.log_likelihoods(far[1:3], FOUR)).all()


def test_one_value_stands_for_all_items():
    rasch = ItemParameters(1.0, [-1.0, 0.0, 1.0])
    assert (len(rasch), rasch.a.tolist(), rasch.d.tolist()) == (3, [1.0] * 3, [1.0] * 3)


def test_parameters_cannot_be_changed_in_place():
    with pytest.raises(ValueError, match="read-only"):
        FOUR.a[0] = 2.0


def test_a_selection_of_items_keeps_their_parameters():
    assert FOUR[np.array([2, 0])].b.tolist() == [1.5, -1.0]


def test_the_intercept_is_that_of_the_slope_intercept_form():
    np.testing.assert_allclose(FOUR.intercept, [0.7, -0.36, -3.0])


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"a": [0.0], "b": [0.0]}, "measures nothing"),
        ({"a": [np.nan], "b": [0.0]}, "finite"),
        ({"a": [1.0], "b": [np.inf]}, "finite"),
        ({"a": [1.0], "b": [0.0], "c": [-0.1]}, "asymptotes"),
        ({"a": [1.0], "b": [0.0], "c": [0.5], "d": [0.4]}, "asymptotes"),
        ({"a": [[1.0]], "b": [[0.0]]}, "one-dimensional"),
    ],
)
def test_impossible_parameters_are_refused(fault, reason):
    with pytest.raises(ValueError, match=reason):
        ItemParameters(**fault)


def test_drawn_responses_follow_the_probability():
    theta, rng = np.zeros(20_000), np.random.default_rng(1)
    drawn = irt.simulate(theta, FOUR, rng).mean(axis=0)
    np.testing.assert_allclose(drawn, irt.probability([0.0], FOUR)[0], atol=4 * 0.5 / np.sqrt(20_000))


def test_the_standard_error_shrinks_with_the_root_of_the_number_of_equal_items():
    one, four = ItemParameters(1.0, [0.0]), ItemParameters(1.0, [0.0] * 4)
    assert irt.standard_error([0.3], one)[0] == pytest.approx(2 * irt.standard_error([0.3], four)[0])
