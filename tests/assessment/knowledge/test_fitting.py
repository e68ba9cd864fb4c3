import numpy as np
import pytest

from assessment.knowledge.fitting import fit
from assessment.knowledge.mastery import MasteryParameters

TRUE = MasteryParameters(prior=0.4, learn=0.25, forget=0.02, guess=0.15, slip=0.08)


def log(learners, steps, parameters=TRUE, seed=3):
    """Answers of learners who learn and forget by the model; shorter rows are padded."""
    rng = np.random.default_rng(seed)
    days = rng.exponential(2.0, (learners, steps))
    correct = np.full((learners, steps), np.nan)
    known = rng.random(learners) < parameters.prior
    for step in range(steps):
        if step:
            kept = (1 - parameters.forget) ** days[:, step]
            known = (known | (rng.random(learners) < parameters.learn)) & (rng.random(learners) < kept)
        chance = np.where(known, 1 - parameters.slip, parameters.guess)
        correct[:, step] = rng.random(learners) < chance
    correct[np.arange(steps) >= rng.integers(3, steps + 1, learners)[:, np.newaxis]] = np.nan
    return correct, days


def test_the_parameters_that_made_a_log_are_found_in_it():
    found = fit(*log(3000, 10))
    assert found.converged
    assert found.parameters.prior == pytest.approx(TRUE.prior, abs=0.05)
    assert found.parameters.learn == pytest.approx(TRUE.learn, abs=0.05)
    assert found.parameters.guess == pytest.approx(TRUE.guess, abs=0.05)
    assert found.parameters.slip == pytest.approx(TRUE.slip, abs=0.03)


def test_a_fit_explains_the_log_better_than_where_it_started():
    found = fit(*log(300, 8))
    assert found.log_likelihood > found.start_log_likelihood


def test_a_log_that_invites_degeneration_stays_within_bounds():
    """Alternating answers are likeliest with guess and slip near one."""
    correct = np.tile([1.0, 0.0], (200, 5))
    found = fit(correct, np.zeros_like(correct)).parameters
    assert 0 < found.guess < 0.5
    assert 0 < found.slip < 0.5


def test_without_a_log_the_start_is_the_answer():
    found = fit(np.full((1, 3), np.nan), np.zeros((1, 3)), TRUE)
    assert found.parameters.prior == pytest.approx(TRUE.prior, abs=1e-4)
    assert found.parameters.slip == pytest.approx(TRUE.slip, abs=1e-4)
