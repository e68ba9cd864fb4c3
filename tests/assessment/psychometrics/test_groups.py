import math

import numpy as np
import pytest

from assessment.psychometrics import groups


def test_groups_are_of_equal_size():
    found = groups.by_ability(np.random.default_rng(1).normal(size=99), 3)
    assert np.bincount(found).tolist() == [33, 33, 33]


def test_people_of_one_ability_stay_together():
    ability = np.array([0.0] * 5 + [1.0] * 3 + [2.0] * 4)
    found = groups.by_ability(ability, 3)
    assert all(len(set(found[ability == one])) == 1 for one in (0, 1, 2))
    assert np.all(np.diff(found) >= 0)


def test_without_ability_there_are_no_groups():
    assert np.all(groups.by_ability(np.full(4, np.nan), 3) == -1)
    assert np.all(groups.by_ability(np.ones(4), 3) == -1)


def test_shares_are_of_the_members_of_a_group():
    ability = np.arange(9.0)
    strong = ability >= 6
    (found,) = groups.taken([strong], ability)
    assert found.count == 3
    assert found.share == pytest.approx(1 / 3)
    assert found.thirds == (0, 0, 1)
    assert found.third == 3
    assert found.correlation.value > 0.7


def test_an_answer_of_people_without_ability_has_no_third():
    (found,) = groups.taken([np.array([True, False])], np.full(2, np.nan))
    assert found.count == 1
    assert math.isnan(found.third)
    assert all(math.isnan(one) for one in found.thirds)
