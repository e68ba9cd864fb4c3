import math

import numpy as np
import pytest

from assessment.psychometrics import classical, intervals


def test_wilsons_interval_is_the_published_one():
    # Newcombe 1998 (Statistics in Medicine 17), table I, method 3: 81 of 263, 15 of 148, 0 of 20, 1 of 29.
    for right, answers, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        found = intervals.share(right, answers)
        assert (found.low, found.high) == pytest.approx((low, high), abs=5e-5)


def test_scores_in_between_get_students_interval():
    scores = np.array([0.5, 0.25, 0.75, 0.5, 1.0])
    found = intervals.mean_score(scores)
    half = 2.7764451 * scores.std(ddof=1) / math.sqrt(5)
    assert (found.value, found.low) == pytest.approx((0.6, 0.6 - half))


def test_right_or_wrong_gets_wilsons_interval():
    assert intervals.mean_score(np.array([1.0, 0.0, 1.0])) == intervals.share(2, 3)


def test_a_correlation_lies_in_the_interval_of_fisher():
    x = np.arange(28.0)
    y = x + 10 * np.sin(x * 7)
    found = intervals.correlation(x, y)
    assert found.value == pytest.approx(np.corrcoef(x, y)[0, 1])
    middle = (math.atanh(found.low) + math.atanh(found.high)) / 2
    assert math.tanh(middle) == pytest.approx(found.value)
    assert math.atanh(found.high) - middle == pytest.approx(1.959964 / 5)


def test_what_does_not_vary_has_no_correlation():
    assert math.isnan(intervals.correlation(np.ones(5), np.arange(5.0)).value)


def test_a_perfect_correlation_has_no_interval():
    found = intervals.correlation(np.arange(5.0), np.arange(5.0))
    assert found.value == pytest.approx(1)


def test_feldts_interval_holds_alpha_as_often_as_it_says():
    rng, persons, number = np.random.default_rng(4), 40, 6
    truth = number * 0.5 / (1 + (number - 1) * 0.5)
    held = 0
    for _ in range(1000):
        scores = rng.normal(size=(persons, 1)) + rng.normal(size=(persons, number))
        found = intervals.reliability(classical.alpha(scores), persons, number)
        held += found.low <= truth <= found.high
    assert held == pytest.approx(950, abs=25)


def test_nothing_is_known_of_nobody():
    for found in (
        intervals.share(0, 0),
        intervals.mean_score(np.array([])),
        intervals.reliability(0.5, 1, 3),
    ):
        assert math.isnan(found.low)
