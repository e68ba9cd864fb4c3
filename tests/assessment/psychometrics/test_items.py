import math

import numpy as np
import pytest

from assessment.psychometrics import items
from tests.reference import moodle_statistics as moodle

NOTHING = np.array([])


def analyzed(points, most, rows=None):
    """The statistics of each column, its rest and its total from the same table."""
    rows = np.arange(len(points)) if rows is None else rows
    total = points.sum(axis=1)
    return [
        items.item_statistics(
            points[rows, n] / most[n], (total - points[:, n])[rows], points[rows, n], total[rows]
        )
        for n in range(points.shape[1])
    ]


GENERATED = analyzed(moodle.GENERATED_POINTS, moodle.GENERATED_MOST)
QUIZ = analyzed(moodle.QUIZ_POINTS, np.ones(7))


def near(values, expected):
    np.testing.assert_allclose(values, expected, rtol=1e-5, atol=1e-4)


def test_moodles_generated_attempts_give_moodles_statistics():
    near([100 * one.facility.value for one in GENERATED], moodle.GENERATED_FACILITY)
    sd = np.array([one.sd for one in GENERATED]) * moodle.GENERATED_MOST
    near(1000 * sd, moodle.GENERATED_SD_IN_THOUSANDTHS)
    near([100 * one.discrimination.value for one in GENERATED], moodle.GENERATED_DISCRIMINATION)
    near([100 * one.efficiency for one in GENERATED], moodle.GENERATED_EFFICIENCY)
    weights = items.effective_weights(np.array([one.shared for one in GENERATED]))
    near(100 * weights, moodle.GENERATED_EFFECTIVE_WEIGHT)


def test_moodles_quiz_gives_moodles_statistics():
    near([one.facility.value for one in QUIZ], moodle.QUIZ_FACILITY)
    near([one.sd for one in QUIZ], moodle.QUIZ_SD)
    near([100 * one.discrimination.value for one in QUIZ], moodle.QUIZ_DISCRIMINATION)
    near([100 * one.efficiency for one in QUIZ], moodle.QUIZ_EFFICIENCY)
    weights = items.effective_weights(np.array([one.shared for one in QUIZ]))
    near(100 * weights, moodle.QUIZ_EFFECTIVE_WEIGHT)


@pytest.mark.parametrize("variant", moodle.QUIZ_VARIANTS_OF_2)
def test_one_variant_is_compared_with_the_same_rest(variant):
    rows = np.flatnonzero(variant == moodle.QUIZ_VARIANT_OF_2)
    found, expected = analyzed(moodle.QUIZ_POINTS, np.ones(7), rows)[1], moodle.QUIZ_VARIANTS_OF_2[variant]
    assert found.answers == expected["answers"]
    near(
        [found.facility.value, found.sd, 100 * found.discrimination.value, 100 * found.efficiency],
        [expected["facility"], expected["sd"], expected["discrimination"], expected["efficiency"]],
    )


def test_moodles_quiz_gives_moodles_totals():
    points = moodle.QUIZ_POINTS
    found = items.totals(points.sum(axis=1), 7.0, points.var(axis=0, ddof=1))
    expected = moodle.QUIZ_TOTALS
    near(
        [found.median, found.mean.value, found.sd, found.skewness, found.kurtosis, found.error],
        [expected[name] for name in ("median", "mean", "sd", "skewness", "kurtosis", "error")],
    )
    # Moodle sums the variances of scores rounded to seven digits.
    assert 100 * found.consistency.value == pytest.approx(expected["consistency"], rel=1.5e-5)
    assert 100 * found.error_ratio == pytest.approx(expected["error_ratio"], rel=1.5e-5)


def test_the_mean_of_totals_lies_in_its_interval():
    found = items.totals(moodle.QUIZ_POINTS.sum(axis=1), 7.0, moodle.QUIZ_POINTS.var(axis=0, ddof=1)).mean
    assert 0 <= found.low < found.value < found.high <= 7


def test_without_answers_there_are_no_statistics():
    found = items.item_statistics(NOTHING, NOTHING, NOTHING, NOTHING)
    assert found.answers == 0
    assert math.isnan(found.facility.value)
    assert math.isnan(found.discrimination.value)
    assert math.isnan(items.totals(NOTHING, 0.0, NOTHING).mean.value)


def test_where_nothing_varies_nothing_discriminates():
    ones, total = np.ones(9), np.arange(9.0)
    found = items.item_statistics(ones, total, ones, total)
    assert found.facility.value == 1
    assert math.isnan(found.discrimination.value)
    assert math.isnan(found.efficiency)


def test_an_answer_without_a_rest_counts_for_facility_alone():
    scores = np.array([1.0, 0, 1, 0, 1])
    rest = np.array([3.0, 1, 2, np.nan, np.nan])
    found = items.item_statistics(scores, rest, scores, rest + scores)
    assert found.answers == 5
    assert found.facility.value == pytest.approx(0.6)
    assert found.discrimination.value == pytest.approx(np.corrcoef(scores[:3], rest[:3])[0, 1])


def test_an_item_against_the_total_has_no_effective_weight():
    weights = items.effective_weights(np.array([4.0, -1.0, 1.0]))
    np.testing.assert_allclose(weights, [2 / 3, np.nan, 1 / 3])


def test_parallel_scores_are_as_efficient_as_can_be():
    scores = np.array([0.0, 0.2, 0.5, 1.0])
    assert items.efficiency(scores, scores) == pytest.approx(1)
    assert items.efficiency(scores, -scores) == pytest.approx(
        np.cov(scores, -scores)[0, 1] / np.cov(np.sort(scores), np.sort(-scores))[0, 1]
    )
