from math import comb

import numpy as np
import pytest

from assessment.psychometrics import fit, irt
from assessment.psychometrics.calibration import NO_PRIORS, Settings, calibrate
from assessment.psychometrics.irt import ItemParameters
from tests.reference import lsat

RNG = np.random.default_rng(21)
ITEMS = ItemParameters(np.exp(RNG.normal(0.2, 0.3, 20)), RNG.normal(0, 1, 20))
THETA = RNG.normal(0, 1, 3000)
RESPONSES = irt.simulate(THETA, ITEMS, RNG)


@pytest.mark.parametrize(
    ("counts", "table", "tolerance"),
    [(lsat.LSAT6_COUNTS, lsat.LSAT6_2PL, 5.1e-4), (lsat.LSAT7_COUNTS, lsat.LSAT7_2PL, 5e-3)],
)
def test_the_item_fit_of_the_published_tables_is_found(counts, table, tolerance):
    fitted = calibrate(lsat.PATTERNS, Settings(priors=NO_PRIORS), weights=counts)
    found = fit.s_x2(lsat.PATTERNS, fitted.items, weights=counts)
    np.testing.assert_allclose(found.statistic, table["s_x2"], atol=tolerance)


def test_item_fit_has_two_degrees_less_than_it_has_cells():
    fitted = calibrate(lsat.PATTERNS, Settings(priors=NO_PRIORS), weights=lsat.LSAT7_COUNTS)
    found = fit.s_x2(lsat.PATTERNS, fitted.items, weights=lsat.LSAT7_COUNTS)
    assert found.degrees.tolist() == [2] * 5
    assert found.p_value[1] == pytest.approx(np.exp(-found.statistic[1] / 2))


def test_items_that_follow_the_model_fit_and_one_that_does_not_stands_out():
    broken = RESPONSES.copy()
    broken[:, 4] = np.abs(THETA) < 0.8
    found = fit.s_x2(broken, calibrate(broken).items)
    assert found.p_value[4] < 1e-6
    assert np.median(np.delete(found.p_value, 4)) > 0.05


def test_the_p_values_of_fitting_items_are_spread_evenly():
    found = fit.s_x2(RESPONSES, calibrate(RESPONSES, Settings(priors=NO_PRIORS)).items)
    assert 0.3 < found.p_value.mean() < 0.7


def test_item_fit_takes_only_persons_who_answered_everything():
    holes = np.vstack([RESPONSES, np.full((5, 20), np.nan)])
    np.testing.assert_array_equal(fit.s_x2(holes, ITEMS).statistic, fit.s_x2(RESPONSES, ITEMS).statistic)


def test_without_complete_persons_item_fit_is_unknown():
    assert np.isnan(fit.s_x2(np.full((4, 20), np.nan), ITEMS).statistic).all()


def test_the_distribution_of_the_total_is_binomial_for_equal_items():
    found = fit.score_distribution(np.full((1, 6), 0.3))[0]
    expected = [comb(6, score) * 0.3**score * 0.7 ** (6 - score) for score in range(7)]
    np.testing.assert_allclose(found, expected, rtol=1e-12)


def test_mean_squares_are_one_for_items_that_follow_the_model():
    found = fit.mean_squares(RESPONSES, ITEMS, THETA)
    np.testing.assert_allclose(found.infit, 1, atol=0.08)
    np.testing.assert_allclose(found.outfit, 1, atol=0.25)


def test_mean_squares_see_noise_above_one_and_missing_answers_not_at_all():
    noisy = RESPONSES.copy()
    noisy[:, 0] = np.random.default_rng(1).integers(0, 2, len(noisy))
    noisy[:1500, 1] = np.nan
    found = fit.mean_squares(noisy, ITEMS, THETA)
    assert found.infit[0] > 1.2
    assert found.infit[1] == pytest.approx(1, abs=0.1)


def test_person_fit_is_standard_normal_for_persons_who_follow_the_model():
    long = ItemParameters(np.tile(ITEMS.a, 3), np.tile(ITEMS.b, 3))
    found = fit.lz_star(irt.simulate(THETA[:1500], long, np.random.default_rng(5)), long)
    assert np.nanmean(found) == pytest.approx(0, abs=0.1)
    assert np.nanstd(found) == pytest.approx(1, abs=0.08)


def test_who_fails_the_easy_and_solves_the_hard_items_does_not_fit():
    by_difficulty = np.argsort(ITEMS.b)
    odd, even = np.zeros((1, 20)), np.zeros((1, 20))
    odd[0, by_difficulty[10:]] = 1
    even[0, by_difficulty[:10]] = 1
    assert fit.lz_star(odd, ITEMS)[0] < -3
    assert fit.lz_star(even, ITEMS)[0] > 0


def test_a_person_without_answers_has_no_fit():
    assert np.isnan(fit.lz_star(np.full((1, 20), np.nan), ITEMS)[0])


def test_a_person_with_one_answer_has_no_fit():
    one = np.full((1, 20), np.nan)
    one[0, 3] = 1.0
    assert np.isnan(fit.lz_star(one, ITEMS)[0])
