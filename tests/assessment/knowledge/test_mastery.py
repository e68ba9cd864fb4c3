from itertools import product

import numpy as np
import pytest

from assessment.knowledge.mastery import (
    LEVEL_WORDS,
    LEVELS,
    Evidence,
    Mastery,
    MasteryParameters,
    mastery_level,
    readiness,
    ready_skills,
    trace,
    trace_many,
)

PARAMETERS = MasteryParameters(prior=0.3, learn=0.15, forget=0.02, guess=0.2, slip=0.1)
SURE = Mastery(probability=0.99, low=0.95, high=1.0, count=6)
UNSURE = Mastery(probability=0.50, low=0.20, high=0.80, count=2)


def right(times: int) -> list[Evidence]:
    return [Evidence(1.0)] * times


def by_enumeration(parameters: MasteryParameters, evidence: list[Evidence], rest: float) -> float:
    """P(known) by summing over every path of hidden states: the definition, without the recursion."""
    weights = {0: 0.0, 1: 0.0}
    gaps = [one.days_since_previous for one in evidence[1:]] + [rest]
    for path in product((0, 1), repeat=len(evidence) + 1):
        weight = parameters.prior if path[0] else 1 - parameters.prior
        for state, following, one, gap in zip(path, path[1:], evidence, gaps, strict=False):
            chance = 1 - parameters.slip if state else parameters.guess
            weight *= one.correct * chance + (1 - one.correct) * (1 - chance)
            learned = 1.0 if state else parameters.learn
            stays = learned * (1 - parameters.forget) ** gap
            weight *= stays if following else 1 - stays
        weights[path[-1]] += weight
    return weights[1] / (weights[0] + weights[1])


def test_no_answer_leaves_the_prior():
    mastery = trace(PARAMETERS, [])
    assert (mastery.probability, mastery.count) == (PARAMETERS.prior, 0)


def test_one_right_answer_gives_the_value_worked_by_hand():
    posterior = 0.3 * 0.9 / (0.3 * 0.9 + 0.7 * 0.2)
    assert trace(PARAMETERS, right(1)).probability == pytest.approx(posterior + (1 - posterior) * 0.15)


def test_the_recursion_equals_the_sum_over_all_hidden_paths():
    evidence = [
        Evidence(1.0),
        Evidence(0.0, 3.0),
        Evidence(0.7, 0.5),
        Evidence(1.0, 20.0),
        Evidence(0.0, 1.0),
    ]
    traced = trace(PARAMETERS, evidence, days_since_last=4.0)
    assert traced.probability == pytest.approx(by_enumeration(PARAMETERS, evidence, 4.0), abs=1e-12)


def test_a_right_answer_raises_and_a_wrong_one_lowers_what_is_believed_beyond_learning():
    before = trace(PARAMETERS, right(2)).probability
    assert trace(PARAMETERS, [*right(2), Evidence(1.0)]).probability > before
    assert trace(PARAMETERS, [*right(2), Evidence(0.0)]).probability < before


def test_half_credit_says_nothing_about_knowledge():
    learned = PARAMETERS.prior + (1 - PARAMETERS.prior) * PARAMETERS.learn
    assert trace(PARAMETERS, [Evidence(0.5)]).probability == pytest.approx(learned)


def test_days_without_practice_are_forgotten():
    rested = trace(PARAMETERS, right(4), days_since_last=30.0)
    assert rested.probability == pytest.approx(trace(PARAMETERS, right(4)).probability * 0.98**30)


def test_many_learners_at_once_equal_each_alone_whatever_the_padding():
    rows = [[1.0, 0.0, 1.0, 1.0], [0.4], [], [0.0, 0.0]]
    correct = np.full((4, 4), np.nan)
    for learner, row in enumerate(rows):
        correct[learner, : len(row)] = row
    together = trace_many(PARAMETERS, correct, np.ones((4, 4)))
    for learner, row in enumerate(rows):
        alone = trace(PARAMETERS, [Evidence(score, 1.0) for score in row])
        assert together[learner].probability == pytest.approx(alone.probability, abs=1e-14)
        assert together[learner].low == pytest.approx(alone.low, abs=1e-14)
        assert together[learner].count == len(row)


@pytest.mark.parametrize("answers", ["", "1", "0", "10", "1101", "0101010101", "1" * 30, "0" * 30])
def test_the_band_holds_the_estimate(answers):
    mastery = trace(PARAMETERS, [Evidence(float(answer), 1.0) for answer in answers])
    assert 0 <= mastery.low <= mastery.probability <= mastery.high <= 1


def test_the_band_narrows_with_consistent_answers():
    widths = [(m := trace(PARAMETERS, right(count))).high - m.low for count in (0, 2, 4, 8)]
    assert widths == sorted(widths, reverse=True)
    assert widths[-1] < widths[0] / 10


def test_the_band_covers_learners_who_differ_from_the_assumed_parameters():
    """The estimate under a learner's own parameters lies in the band about nine times of ten."""
    rng = np.random.default_rng(11)
    truth, bands = [], []
    logit = np.log(np.array([0.3, 0.15, 0.4, 0.2]) / (1 - np.array([0.3, 0.15, 0.4, 0.2])))
    for _ in range(300):
        prior, learn, guess, slip = 1 / (1 + np.exp(-(logit + 0.8 * rng.normal(size=4))))
        own = MasteryParameters(prior, learn, 0.0, guess / 2, slip / 2)
        known, evidence = rng.random() < prior, []
        for _ in range(3):
            evidence.append(Evidence(float(rng.random() < (1 - own.slip if known else own.guess))))
            known = known or rng.random() < learn
        truth.append(trace(own, evidence).probability)
        bands.append(trace(MasteryParameters(0.3, 0.15, 0.0, 0.2, 0.1), evidence))
    covered = np.mean([band.low <= value <= band.high for value, band in zip(truth, bands, strict=True)])
    assert 0.85 <= covered <= 0.97


def test_the_same_answers_give_the_same_bits():
    evidence = [Evidence(1.0), Evidence(0.3, 2.5), Evidence(1.0, 8.0)]
    assert trace(PARAMETERS, evidence) == trace(PARAMETERS, evidence)


@pytest.mark.parametrize(
    ("mastery", "level"),
    [
        (Mastery(0.3, 0.1, 0.6, count=0), "new"),
        (Mastery(0.0, 0.0, 0.1, count=3), "not_yet"),
        (Mastery(0.33, 0.1, 0.7, count=3), "not_yet"),
        (Mastery(0.34, 0.1, 0.7, count=3), "shaky"),
        (Mastery(0.8, 0.5, 0.9, count=3), "nearly"),
        (Mastery(0.97, 0.6, 1.0, count=2), "nearly"),
        (Mastery(0.97, 0.85, 1.0, count=4), "mastered"),
    ],
)
def test_the_level_asks_for_certainty_before_it_says_mastered(mastery, level):
    assert mastery_level(mastery) == level


def test_every_level_has_words_of_its_own():
    assert LEVEL_WORDS.keys() == {"new", *(name for name, _, _ in LEVELS)}
    assert len(set(LEVEL_WORDS.values())) == len(LEVEL_WORDS)


def test_one_right_answer_is_not_mastery_and_four_are():
    assert mastery_level(trace(MasteryParameters(), right(1))) == "shaky"
    assert mastery_level(trace(MasteryParameters(), right(4))) == "mastered"


def test_mastery_fades_when_it_is_not_used():
    assert mastery_level(trace(MasteryParameters(), right(4), days_since_last=200.0)) == "shaky"


def test_a_skill_without_prerequisites_is_ready():
    assert readiness([]) == 1.0


def test_readiness_falls_with_every_uncertain_prerequisite():
    assert readiness([SURE]) > readiness([SURE, UNSURE]) > readiness([SURE, UNSURE, UNSURE])


def test_the_skills_to_learn_next_are_those_whose_prerequisites_are_likely_known():
    graph = {"vectors": [], "gradient": ["vectors"], "penalty": ["gradient"], "norms": ["vectors"]}
    masteries = {"vectors": SURE, "gradient": UNSURE}
    assert ready_skills(graph, masteries) == ("gradient", "norms")


def test_a_learner_without_the_prerequisites_starts_lower():
    assert PARAMETERS.for_readiness(0.5).prior == pytest.approx(0.15)


@pytest.mark.parametrize("fault", [{"guess": 0.5}, {"slip": 0.7}, {"prior": 1.2}, {"learn": -0.1}])
def test_parameters_that_would_turn_the_model_upside_down_are_refused(fault):
    with pytest.raises(ValueError, match=next(iter(fault))):
        MasteryParameters(**fault)


@pytest.mark.parametrize("fault", [{"correct": 1.2}, {"correct": 1.0, "days_since_previous": -1.0}])
def test_evidence_outside_its_range_is_refused(fault):
    with pytest.raises(ValueError, match="must"):
        Evidence(**fault)


def test_extreme_parameters_stay_finite():
    mastery = trace(MasteryParameters(0.0, 0.0, 1.0, 0.0, 0.0), [Evidence(1.0), Evidence(0.0, 5.0)])
    assert np.isfinite([mastery.probability, mastery.low, mastery.high]).all()
