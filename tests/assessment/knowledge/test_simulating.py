"""Simulated learners practice until the criterion says that they have it."""

import numpy as np
import pytest

from assessment.knowledge.mastery import MasteryParameters, Tracing, trace_many
from assessment.knowledge.simulating import by_last, by_probability, practice, report

USUAL = MasteryParameters()


def practiced(*skills, criterion=None, learners=400, most=40, seed=1):
    named = [(f"skill-{number}", one) for number, one in enumerate(skills or (USUAL,))]
    rng = np.random.default_rng(seed)
    return practice(named, criterion or by_probability(0.95, 0.8), learners=learners, most=most, rng=rng)


def test_answer_by_answer_finds_what_the_whole_log_does():
    answers = (np.random.default_rng(3).random((6, 9)) < 0.7).astype(float)
    tracing, rows = Tracing.begin(USUAL, 6), np.arange(6)
    for place in range(9):
        found = tracing.take(rows, answers[:, place])
        whole = trace_many(USUAL, answers[:, : place + 1], np.zeros((6, place + 1)))
        assert found.probability == pytest.approx(whole.probability)
        assert found.low == pytest.approx(whole.low)
        assert (found.count == whole.count).all()


def test_whoever_cannot_slip_or_guess_is_judged_without_fault():
    sure = MasteryParameters(prior=0.5, learn=0.2, guess=0.0, slip=0.0)
    (skill,) = report(practiced(sure, criterion=by_last(1, 1))).skills
    assert (skill.false_mastery, skill.mastered) == (0.0, 1.0)


def test_guessers_pass_a_criterion_that_asks_for_little():
    lucky = MasteryParameters(prior=0.1, learn=0.0, guess=0.45, slip=0.05)
    (easy,) = report(practiced(lucky, criterion=by_last(1, 1))).skills
    (strict,) = report(practiced(lucky, criterion=by_last(8, 8))).skills
    assert easy.false_mastery > 0.8
    assert strict.false_mastery < easy.false_mastery
    assert strict.answers > easy.answers


def test_false_mastery_is_about_as_rare_as_the_criterion_promises():
    (skill,) = report(practiced(learners=4000)).skills
    assert skill.false_mastery == pytest.approx(0.03, abs=0.03)


def test_items_run_out_before_the_last_skills():
    found = report(practiced(*[USUAL] * 6, most=12))
    reached = [one.reached for one in found.skills]
    assert reached[0] == 1.0
    assert reached == sorted(reached, reverse=True)
    assert (found.longest, reached[-1] < 0.5) == (12, True)
    assert sum(found.bars) == found.learners


def test_a_skill_that_is_not_passed_keeps_its_learner_to_the_end():
    never = MasteryParameters(prior=0.0, learn=0.0, guess=0.0, slip=0.0)
    first, second = practiced(never, USUAL, criterion=by_last(1, 1), most=7)
    assert set(first.answers) == {7}
    assert not second.reached.any()
    assert report([first, second]).finished == 0.0


def test_the_same_dice_give_the_same_report():
    assert report(practiced(seed=4)).to_json() == report(practiced(seed=4)).to_json()
