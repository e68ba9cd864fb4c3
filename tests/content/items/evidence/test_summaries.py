"""Distributions in a few figures and bars."""

import numpy as np
import pytest

from content.items.evidence.summaries import SOME, round_step, summary, ticks


def test_a_die_has_the_shares_of_its_faces():
    found = summary(np.array([1.0, 2, 2, 3, 6, 6, 6, 6]))
    assert [(bar.start, bar.share) for bar in found.bars] == [(1, 1 / 8), (2, 2 / 8), (3, 1 / 8), (6, 4 / 8)]
    assert (found.most_frequent, found.most_frequent_share, found.distinct) == (6, 0.5, 4)
    assert found.is_listed


def test_rounding_of_the_arithmetic_makes_no_new_value():
    assert summary(np.array([0.1 + 0.2, 0.3])).distinct == 1


def test_some_values_have_a_bar_each():
    found = summary(np.arange(20.0))
    assert (len(found.bars), found.spacing, found.is_listed) == (20, 1.0, False)


def test_many_values_share_bars_that_hold_all_of_them():
    values = np.linspace(-3, 7, 1001)
    found = summary(values)
    assert len(found.bars) < SOME
    assert sum(bar.share for bar in found.bars) == pytest.approx(1)
    assert (found.bars[0].start, found.bars[-1].end) == (-3, 7)


def test_few_far_values_do_not_flatten_a_histogram():
    found = summary(np.append(np.linspace(0, 1, 10_000), 1e9))
    assert found.bars[-1].end <= 1.1
    assert 0 < found.outside < 0.011
    assert found.largest == 1e9


def test_what_is_not_finite_is_left_out():
    assert summary(np.array([np.nan, np.inf])) is None
    assert summary(np.array([np.nan, 2.0])).count == 1


@pytest.mark.parametrize(("span", "step"), [(10, 2), (1, 0.2), (6.1, 2), (0, 1), (3e-7, 1e-7)])
def test_steps_are_round(span, step):
    assert round_step(span, 5) == pytest.approx(step)


def test_ticks_are_round_numbers_within_the_axis():
    assert ticks(-1, 1, 5) == [-1, -0.5, 0, 0.5, 1]
    assert ticks(0, 0.3, 3) == [0, 0.1, 0.2, 0.3]
