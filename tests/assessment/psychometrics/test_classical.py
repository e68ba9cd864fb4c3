import numpy as np
import pytest

from assessment.psychometrics import classical

SCORES = np.array([[1, 1, 0, 1], [1, 0, 0, 0], [1, 1, 1, 1], [0, 1, 0, 1], [1, 0, 0, 1.0]])


def test_the_p_value_is_the_mean_of_the_answers_there_are():
    holes = SCORES.copy()
    holes[0, 0] = np.nan
    found = classical.item_analysis(holes)
    assert found.answers.tolist() == [4, 5, 5, 5]
    np.testing.assert_allclose(found.mean, [0.75, 0.6, 0.2, 0.8])


def test_the_correlation_is_with_the_rest_without_the_item():
    found = classical.item_analysis(SCORES).item_rest_correlation
    for item in range(4):
        rest = np.delete(SCORES, item, axis=1).sum(axis=1)
        assert found[item] == pytest.approx(np.corrcoef(SCORES[:, item], rest)[0, 1])


def test_an_item_without_variation_has_no_correlation():
    constant = np.column_stack([SCORES, np.ones(5)])
    assert np.isnan(classical.item_analysis(constant).item_rest_correlation[4])


def test_an_item_that_nobody_answered_has_no_mean():
    assert np.isnan(classical.item_analysis(np.column_stack([SCORES, np.full(5, np.nan)])).mean[4])


def test_alpha_is_cronbachs():
    variances = SCORES.var(axis=0, ddof=1).sum()
    expected = 4 / 3 * (1 - variances / SCORES.sum(axis=1).var(ddof=1))
    assert classical.alpha(SCORES) == pytest.approx(expected)


def test_parallel_items_reach_the_alpha_of_spearman_and_brown():
    rng = np.random.default_rng(2)
    scores = rng.normal(size=(20_000, 1)) + rng.normal(size=(20_000, 6))
    assert classical.alpha(scores) == pytest.approx(6 * 0.5 / (1 + 5 * 0.5), abs=0.01)


def test_alpha_needs_two_persons_two_items_and_variation():
    for scores in (SCORES[:1], SCORES[:, :1], np.ones((4, 3))):
        assert np.isnan(classical.alpha(scores))


def test_the_error_of_measurement_is_what_reliability_leaves():
    error = classical.standard_error_of_measurement(SCORES)
    reliability = 1 - error**2 / SCORES.sum(axis=1).var(ddof=1)
    assert reliability == pytest.approx(classical.alpha(SCORES))
