import numpy as np
import pytest

from assessment.psychometrics.drift import drift, link
from assessment.psychometrics.irt import ItemParameters

RNG = np.random.default_rng(41)
OLD = ItemParameters(np.exp(RNG.normal(0.2, 0.3, 30)), RNG.normal(0, 1, 30))


def on_another_scale(slope, intercept, noise=0.05):
    a = OLD.a / slope * np.exp(RNG.normal(0, noise, 30))
    return ItemParameters(a, slope * OLD.b + intercept + RNG.normal(0, noise, 30))


def test_the_line_between_two_scales_is_found():
    found = link(OLD, on_another_scale(1.3, -0.4, noise=0.0))
    assert (found.slope, found.intercept) == pytest.approx((1.3, -0.4))


def test_a_change_of_scale_alone_is_no_drift():
    assert not drift(OLD, on_another_scale(1.2, 0.5)).moved.any()


def test_an_item_that_became_easier_is_found_among_the_others():
    new = on_another_scale(1.0, 0.2)
    b = new.b.copy()
    b[7] -= 0.7
    found = drift(OLD, ItemParameters(new.a, b))
    assert np.flatnonzero(found.moved).tolist() == [7]
    assert found.b_z[7] < -2.576


def test_a_difference_too_small_to_matter_is_no_drift_however_certain():
    b = OLD.b + RNG.normal(0, 0.001, 30)
    b[3] += 0.05
    found = drift(OLD, ItemParameters(OLD.a, b))
    assert abs(found.b_z[3]) > 2.576
    assert not found.moved[3]


def test_identical_calibrations_have_not_drifted():
    found = drift(OLD, OLD)
    assert np.all(found.distance == 0)
    assert not found.moved.any()
