import numpy as np
import pytest

from assessment.psychometrics import dif, irt
from assessment.psychometrics.irt import ItemParameters

RNG = np.random.default_rng(31)
REFERENCE = ItemParameters(1.2, np.linspace(-1.5, 1.5, 20))
HARDER = REFERENCE.b.copy()
HARDER[5] += 0.8
STEEPER = REFERENCE.a.copy()
STEEPER[9] = 0.4
FOCAL = ItemParameters(STEEPER, HARDER)
GROUP = np.repeat([False, True], 2000)
RESPONSES = np.vstack(
    [
        irt.simulate(RNG.normal(0, 1, 2000), REFERENCE, RNG),
        irt.simulate(RNG.normal(-0.5, 1, 2000), FOCAL, RNG),
    ]
)
STRATA = dif.score_strata(RESPONSES)
FOUND = dif.mantel_haenszel(RESPONSES, GROUP, STRATA)


def by_hand(item):
    """The common odds ratio and the chi-square, table by table."""
    numerator = denominator = observed = expected = variance = 0.0
    for stratum in np.unique(STRATA):
        here = stratum == STRATA
        (a, b), (c, d) = (
            [np.sum(RESPONSES[here & (group == GROUP), item] == score) for score in (1, 0)]
            for group in (False, True)
        )
        n = a + b + c + d
        if n < 2:
            continue
        numerator, denominator = numerator + a * d / n, denominator + b * c / n
        observed, expected = observed + a, expected + (a + b) * (a + c) / n
        variance += (a + b) * (c + d) * (a + c) * (b + d) / (n**2 * (n - 1))
    return numerator / denominator, (abs(observed - expected) - 0.5) ** 2 / variance


@pytest.mark.parametrize("item", [0, 5, 12])
def test_the_statistics_are_those_of_the_tables(item):
    ratio, chi_square = by_hand(item)
    assert FOUND.odds_ratio[item] == pytest.approx(ratio)
    assert FOUND.chi_square[item] == pytest.approx(chi_square)
    assert FOUND.delta[item] == pytest.approx(-2.35 * np.log(ratio))


def test_an_item_harder_for_the_focal_group_is_found_and_classed_large():
    assert FOUND.category[5] == "C"
    assert FOUND.delta[5] == pytest.approx(-2.35 * 1.2 * 0.8, abs=0.5)


def test_items_without_dif_are_classed_negligible():
    assert [FOUND.category[item] for item in range(20) if item not in (5, 9)] == ["A"] * 18


def test_the_error_of_delta_is_its_spread_over_samples():
    rng, deltas, errors = np.random.default_rng(8), [], []
    for _ in range(60):
        responses = irt.simulate(rng.normal(0, 1, 600), REFERENCE, rng)
        found = dif.mantel_haenszel(responses, np.arange(600) % 2 == 0, dif.score_strata(responses))
        deltas.append(found.delta[10])
        errors.append(found.delta_error[10])
    assert np.std(deltas) == pytest.approx(np.mean(errors), rel=0.25)


def test_logistic_regression_finds_the_shift_and_the_other_slope():
    found = dif.logistic(RESPONSES, GROUP, RESPONSES.sum(axis=1))
    assert found.uniform_p[5] < 1e-6
    assert found.nonuniform_p[9] < 1e-6
    assert found.effect[5] > np.delete(found.effect, [5, 9]).max()


def test_the_likelihood_ratio_of_an_item_without_dif_is_a_chi_square():
    rng = np.random.default_rng(9)
    ratios: list[float] = []
    for _ in range(15):
        responses = irt.simulate(rng.normal(0, 1, 500), REFERENCE, rng)
        ratios.extend(dif.logistic(responses, np.arange(500) % 2 == 0, responses.sum(axis=1)).uniform)
    assert np.mean(ratios) == pytest.approx(1, abs=0.35)


def test_a_group_with_too_few_answers_says_nothing():
    responses = RESPONSES.copy()
    responses[2050:, 3] = np.nan
    found = dif.mantel_haenszel(responses, GROUP, STRATA)
    assert found.category[3] == ""
    assert np.isnan(found.delta[3])
    assert np.isnan(dif.logistic(responses, GROUP, RESPONSES.sum(axis=1)).uniform[3])


def test_strata_of_theta_hold_equally_many():
    assert np.bincount(dif.theta_strata(RNG.normal(size=1000), 5)).tolist() == [200] * 5


def test_strata_of_scores_allow_for_missing_answers():
    half = np.array([[1.0, 0.0, np.nan, np.nan], [1.0, 1.0, 0.0, 0.0]])
    assert dif.score_strata(half).tolist() == [2, 2]
