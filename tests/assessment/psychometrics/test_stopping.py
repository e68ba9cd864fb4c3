import numpy as np
import pytest

from assessment.psychometrics import stopping
from assessment.psychometrics.estimation import GRID, NormalPrior, log_prior
from assessment.psychometrics.stopping import (
    ConfidenceInterval,
    InformationExhausted,
    Length,
    RatioTest,
    StandardError,
    Standing,
    Stop,
)


def standing(theta=0.0, error=1.0, count=5, best_value=1.0):
    """A flat prior and a normal likelihood around ``theta``."""
    return Standing(-(((GRID - theta) / error) ** 2) / 2, np.zeros(len(GRID)), count, best_value)


@pytest.mark.parametrize(
    ("rule", "stops", "goes_on"),
    [
        (Length(5), standing(count=5), standing(count=4)),
        (StandardError(0.3), standing(error=0.29), standing(error=0.31)),
        (InformationExhausted(0.1), standing(best_value=0.05), standing(best_value=0.2)),
        (RatioTest(0.0), standing(1.0, 0.3), standing(0.1, 0.5)),
        (ConfidenceInterval(0.0), standing(1.0, 0.45), standing(1.0, 0.55)),
    ],
)
def test_a_rule_stops_on_its_side_of_the_line(rule, stops, goes_on):
    assert rule.check(stops) is not None
    assert rule.check(goes_on) is None


@pytest.mark.parametrize("rule", [RatioTest(0.5), ConfidenceInterval(0.5)])
def test_a_classification_says_on_which_side_of_the_cut(rule):
    assert rule.check(standing(2.0, 0.2)).above is True
    assert rule.check(standing(-1.0, 0.2)).above is False


def test_the_ratio_test_decides_at_walds_bounds():
    """For a normal likelihood the log ratio is 2 δ (θ - cut) / σ²."""
    bound, sigma = np.log(0.95 / 0.05), 0.4
    theta = bound * sigma**2 / (2 * 0.2)
    assert RatioTest(0.0).check(standing(theta * 1.01, sigma)) is not None
    assert RatioTest(0.0).check(standing(theta * 0.99, sigma)) is None


def test_the_ratio_test_does_not_look_at_the_prior():
    flat = standing(1.0, 0.3)
    with_prior = Standing(
        flat.log_posterior + log_prior(NormalPrior(-4, 1)), log_prior(NormalPrior(-4, 1)), 5, 1.0
    )
    assert RatioTest(0.0).check(with_prior) == RatioTest(0.0).check(flat)


def test_the_first_rule_that_stops_gives_the_reason():
    rules = (StandardError(0.5), Length(5))
    assert stopping.should_stop(rules, standing(error=0.4)) == Stop("standard_error")
    assert stopping.should_stop(rules, standing(error=0.6)) == Stop("length")
    assert stopping.should_stop(rules, standing(error=0.6, count=4)) is None


def test_nothing_stops_before_the_minimum():
    assert stopping.should_stop((StandardError(0.5),), standing(error=0.1), minimum=6) is None
