import math

import numpy as np
import pytest

from assessment.psychometrics import regions

RNG = np.random.default_rng(3)
ABILITY = RNG.normal(size=900)
VALUES = RNG.choice([0.05, 0.1, 0.2], 900)


def answered(shift):
    return (RNG.random(900) < 1 / (1 + np.exp(-ABILITY + shift * (VALUES == 0.2)))).astype(float)


def test_a_harder_value_is_found():
    found = regions.dependence(VALUES, answered(1.5), ABILITY)
    assert found.p_value < 1e-6
    assert [one.low for one in found.regions] == [0.05, 0.1, 0.2]
    assert min(found.regions, key=lambda one: one.adjusted).low == 0.2
    assert found.gap > 0.2


def test_an_alike_exercise_is_called_so_as_often_as_it_should():
    p_values = [regions.dependence(VALUES, answered(0.0), ABILITY).p_value for _ in range(200)]
    assert np.mean(np.array(p_values) < 0.05) == pytest.approx(0.05, abs=0.04)


def test_ability_is_taken_into_account():
    strong = np.where(ABILITY > 0.3, 2.0, 1.0)
    scores = (RNG.random(900) < 1 / (1 + np.exp(-2 * ABILITY))).astype(float)
    found = regions.dependence(strong, scores, ABILITY)
    assert found.regions[1].facility - found.regions[0].facility > 0.4
    assert found.gap < 0.15


def test_partial_credit_is_tested_by_a_linear_model():
    scores = np.clip(0.5 + 0.1 * ABILITY - 0.2 * (VALUES == 0.2) + RNG.normal(0, 0.1, 900), 0, 1)
    found = regions.dependence(VALUES, scores, ABILITY)
    assert found.p_value < 1e-6
    assert found.gap == pytest.approx(0.2, abs=0.04)


def test_many_values_are_cut_into_thirds():
    group, edges = regions.regions_of(np.arange(30.0))
    assert np.bincount(group).tolist() == [10, 10, 10]
    assert edges == [(0, 9), (10, 19), (20, 29)]


def test_skewed_values_still_have_regions():
    values = np.array([0.0] * 50 + list(np.arange(1.0, 9.0)))
    group, edges = regions.regions_of(values)
    assert len(edges) == group.max() + 1 >= 2


def test_few_answers_are_not_tested():
    few = slice(0, 30)
    found = regions.dependence(VALUES[few], answered(1.0)[few], ABILITY[few])
    assert math.isnan(found.p_value)
    assert sum(one.answers for one in found.regions) == 30


def test_a_parameter_that_never_varies_has_no_regions():
    found = regions.dependence(np.ones(900), answered(0), ABILITY)
    assert found.regions == ()
    assert math.isnan(found.gap)


def test_separated_answers_end():
    found = regions.dependence(VALUES, (VALUES < 0.2).astype(float), ABILITY)
    assert found.p_value < 1e-9


def test_holms_correction_is_the_published_one():
    # Holm 1979 steps down: 4 p1, 3 p2, 2 p3, p4, never falling.
    found = regions.holm([0.01, 0.04, 0.03, 0.005, float("nan")])
    assert found[:4] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert math.isnan(found[4])


def test_what_all_would_reach_is_a_share():
    ability = np.r_[np.zeros(30), np.ones(30)]
    scores = np.r_[np.full(30, 0.5), np.ones(29), 0.99]
    found = regions.dependence(np.r_[np.ones(30), np.full(30, 2.0)] + (ability > 2), scores, ability)
    assert all(0 <= one.adjusted <= 1 for one in found.regions)
