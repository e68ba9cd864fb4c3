"""Simulated learners take forms of items."""

import numpy as np
import pytest

from assessment.psychometrics import irt
from assessment.psychometrics.irt import ItemParameters
from assessment.psychometrics.linear import Form, report, take

EASY_TO_HARD = ItemParameters(np.ones(20), np.linspace(-2, 2, 20))
WHOLE = Form(np.arange(20), np.ones(20))


def taken(*forms, items=EASY_TO_HARD, learners=4000, mean=0.0, seed=1):
    rng = np.random.default_rng(seed)
    return take(items, forms or (WHOLE,), rng.normal(mean, 1, learners), rng)


def test_shares_lie_around_what_ability_makes_of_them():
    found = taken()
    chances = irt.probability(found.theta, EASY_TO_HARD).mean(axis=1)
    assert found.expected == pytest.approx(chances)
    assert (found.shares - chances).mean() == pytest.approx(0, abs=0.01)


def test_facility_falls_with_difficulty():
    facility = taken().facility
    assert facility[0] > 0.8
    assert facility[-1] < 0.25


def test_more_items_are_more_reliable():
    short = report(taken(Form(np.arange(0, 20, 4), np.ones(5))), pass_fraction=0.5)
    long = report(taken(), pass_fraction=0.5)
    assert short.alpha < long.alpha < 1
    assert short.standard_error > long.standard_error
    assert long.alpha == pytest.approx(long.reliability, abs=0.06)


def test_weights_decide_what_a_right_answer_is_worth():
    one_counts = Form(np.array([0, 19]), np.array([0.0001, 1.0]))
    found = report(taken(one_counts), pass_fraction=0.5)
    assert found.mean == pytest.approx(taken().facility[19], abs=0.03)


def test_who_passes_is_told_by_ability():
    found = report(taken(), pass_fraction=0.7)
    passing = [one.passing for one in found.bands]
    assert passing == sorted(passing)
    assert found.passing == pytest.approx(
        sum(one.passing * one.learners for one in found.bands) / found.learners
    )


def test_learners_take_the_forms_in_turn_and_items_are_asked_as_often():
    halves = [Form(np.arange(0, 10), np.ones(10)), Form(np.arange(10, 20), np.ones(10))]
    found = taken(*halves)
    assert set(found.asked.tolist()) == {0.5}
    assert len(found.alphas) == 2


def test_an_item_that_nobody_is_asked_has_no_facility():
    found = taken(Form(np.arange(5), np.ones(5)))
    assert np.isnan(found.facility[5:]).all()


def test_what_one_item_cannot_tell_is_unknown():
    found = report(taken(Form(np.array([3]), np.ones(1))), pass_fraction=0.7)
    assert np.isnan([found.alpha, found.standard_error, found.lowest_alpha]).all()


def test_every_learner_stands_in_one_bar_and_one_band():
    found = report(taken(learners=300), pass_fraction=0.7)
    assert sum(found.bars) == sum(one.learners for one in found.bands) == 300
