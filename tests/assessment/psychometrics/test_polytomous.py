import numpy as np
import pytest

from assessment.psychometrics import irt, polytomous
from assessment.psychometrics.irt import ItemParameters
from assessment.psychometrics.polytomous import Model, PolytomousParameters

THETA = np.linspace(-4, 4, 21)
B = np.array([[-1.5, -0.2, 0.8], [-0.5, 0.4, np.nan], [0.3, np.nan, np.nan]])
ITEMS = [PolytomousParameters([1.3, 0.8, 1.1], B, model) for model in Model]


@pytest.mark.parametrize("items", ITEMS)
def test_the_categories_of_every_item_sum_to_one(items):
    np.testing.assert_allclose(polytomous.category_probability(THETA, items).sum(axis=2), 1, atol=1e-14)


@pytest.mark.parametrize("items", ITEMS)
def test_an_item_never_gets_a_score_it_does_not_have(items):
    assert np.all(polytomous.category_probability(THETA, items)[:, 2, 2:] == 0)


@pytest.mark.parametrize("items", ITEMS)
def test_an_item_of_two_categories_is_a_two_parameter_item(items):
    dichotomous = ItemParameters([1.1], [0.3])
    probability = polytomous.category_probability(THETA, items)[:, 2, 1]
    np.testing.assert_allclose(probability, irt.probability(THETA, dichotomous)[:, 0], rtol=1e-12)
    information = polytomous.information(THETA, items)[:, 2]
    np.testing.assert_allclose(information, irt.information(THETA, dichotomous)[:, 0], rtol=1e-12)


def test_graded_categories_are_differences_of_cumulative_logistics():
    cumulative = 1 / (1 + np.exp(-1.3 * (THETA[:, np.newaxis] - B[0])))
    expected = -np.diff(np.pad(cumulative, ((0, 0), (1, 1)), constant_values=((0, 0), (1, 0))), axis=1)
    np.testing.assert_allclose(polytomous.category_probability(THETA, ITEMS[0])[:, 0], expected, atol=1e-14)


def test_neighboring_partial_credit_categories_are_even_at_their_step():
    probability = polytomous.category_probability(B[0], ITEMS[1])[:, 0]
    for step in range(3):
        assert probability[step, step] == pytest.approx(probability[step, step + 1])


@pytest.mark.parametrize("items", [*ITEMS, ItemParameters([0.8, 1.4], [-0.5, 0.9], [0.2, 0.0], [1.0, 0.9])])
def test_the_derivatives_are_the_derivatives(items):
    step, here = 1e-5, polytomous.curves(THETA, items)
    below, above = polytomous.curves(THETA - step, items), polytomous.curves(THETA + step, items)
    slope = (above.probability - below.probability) / (2 * step)
    curvature = (above.slope - below.slope) / (2 * step)
    np.testing.assert_allclose(here.slope, slope, atol=1e-8)
    np.testing.assert_allclose(here.curvature, curvature, atol=1e-8)


@pytest.mark.parametrize("items", ITEMS)
def test_information_is_the_variance_of_the_score_function(items):
    drawn = polytomous.curves(THETA, items)
    p = np.where(drawn.probability > 0, drawn.probability, 1.0)
    variance = (p * (drawn.slope / p) ** 2).sum(axis=2)
    np.testing.assert_allclose(polytomous.information(THETA, items), variance, rtol=1e-10)


@pytest.mark.parametrize("items", ITEMS)
def test_the_expected_score_rises_with_theta(items):
    assert np.all(np.diff(polytomous.expected_score(THETA, items), axis=0) > 0)


def test_an_upper_category_keeps_its_precision_far_above_its_thresholds():
    items = PolytomousParameters([2.0], [[-4.0, -3.0]])
    missed = 1 / (1 + np.exp(2.0 * (6.0 + 3.0))) - 1 / (1 + np.exp(2.0 * (6.0 + 4.0)))
    assert polytomous.category_probability([6.0], items)[0, 0, 1] == pytest.approx(missed, rel=1e-12)


@pytest.mark.parametrize("items", ITEMS)
def test_drawn_scores_follow_the_probabilities(items):
    drawn = polytomous.simulate(np.zeros(20_000), items, np.random.default_rng(2))
    expected = polytomous.category_probability([0.0], items)[0]
    for category in range(4):
        np.testing.assert_allclose((drawn == category).mean(axis=0), expected[:, category], atol=0.015)


@pytest.mark.parametrize(
    ("a", "b", "reason"),
    [
        ([0.0], [[0.0, 1.0]], "above zero"),
        ([1.0], [[1.0, 0.0]], "must rise"),
        ([1.0], [[np.nan, 0.0]], "NaN pads"),
        ([1.0], [[np.nan, np.nan]], "NaN pads"),
    ],
)
def test_impossible_parameters_are_refused(a, b, reason):
    with pytest.raises(ValueError, match=reason):
        PolytomousParameters(a, b)


def test_the_steps_of_a_partial_credit_item_need_no_order():
    assert len(PolytomousParameters([1.0], [[1.0, 0.0]], Model.PARTIAL_CREDIT)) == 1
