from itertools import product
from statistics import NormalDist

import numpy as np
import pytest

from assessment.psychometrics.estimation import GRID, posterior, quantiles
from assessment.selection.ability import COVERED, ability


def normal(mean, sd):
    return -(((GRID - mean) / sd) ** 2) / 2


def test_the_interval_of_a_standard_normal_is_its_own():
    shown = ability(normal(0.0, 1.0))
    assert (shown.low, shown.high) == (-1.6, 1.6)


@pytest.mark.parametrize(("mean", "sd"), list(product((-1.0, 0.03, 0.5, 2.0), (0.2, 0.3, 0.7, 1.0))))
def test_quantiles_are_read_where_they_are_reached(mean, sd):
    tail = (1 - COVERED) / 2
    low, high = quantiles(posterior(normal(mean, sd)), (tail, 1 - tail))
    exact = NormalDist(mean, sd)
    assert low == pytest.approx(exact.inv_cdf(tail), abs=0.025)
    assert high == pytest.approx(exact.inv_cdf(1 - tail), abs=0.025)


def test_the_interval_misses_as_often_above_as_below():
    mirrored = ability(normal(0.4, 0.5)), ability(normal(-0.4, 0.5))
    assert (mirrored[0].low, mirrored[0].high) == (-mirrored[1].high, -mirrored[1].low)


def test_certainty_at_an_end_stays_on_the_scale():
    certain = np.full(len(GRID), -1e6)
    certain[-1] = 0.0
    shown = ability(certain)
    assert (shown.band, shown.high) == ("high", 6.0)
