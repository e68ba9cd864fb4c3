import json

import numpy as np
import pytest

from assessment.psychometrics import adaptive, bank, simulation
from assessment.psychometrics.adaptive import AdaptivePlan, AdaptiveState, Proposal
from assessment.psychometrics.constraints import Constraint, bounded_counts
from assessment.psychometrics.estimation import NormalPrior, eap, log_prior, update
from assessment.psychometrics.exposure import ExposureControl, ExposureCounts
from assessment.psychometrics.irt import ItemParameters
from assessment.psychometrics.selection import RULES
from assessment.psychometrics.shadow import blueprint
from assessment.psychometrics.stopping import InformationExhausted, StandardError, Stop

SPECIFIED = np.random.default_rng(20240602)
BANK = bank.snapshot(ItemParameters(np.exp(SPECIFIED.normal(0.2, 0.3, 500)), SPECIFIED.normal(0, 1, 500)))
SMALL = bank.snapshot(BANK.items[np.arange(150)])
AREAS = np.random.default_rng(3).choice(["a", "b", "c"], 150)
ROWS = (
    *bounded_counts("area", AREAS.tolist(), {"a": (3, 4), "b": (3, 4), "c": (3, 4)}),
    Constraint("words", np.random.default_rng(4).integers(20, 80, 150).astype(float), upper=480),
)


def abilities(learners):
    return np.random.default_rng(20240603).normal(0, 1, learners)


def simulated(plan, learners=60, snapshot=SMALL, seed=1, **options):
    return simulation.simulate(snapshot, plan, abilities(learners), np.random.default_rng(seed), **options)


def test_the_specified_simulation_has_the_specified_errors():
    """The first 150 learners of the specification: within three standard errors of .290 and .220."""
    uniforms = np.random.default_rng(20240605).random((1000, 60))[:150]
    ran = simulated(AdaptivePlan(length=20), 150, BANK, uniforms=uniforms)
    assert ran.rmse_after(10) == pytest.approx(0.290, abs=3 * 0.29 / np.sqrt(300))
    assert ran.rmse_after(20) == pytest.approx(0.220, abs=3 * 0.22 / np.sqrt(300))


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_measures(rule):
    found = simulation.report(simulated(AdaptivePlan(length=15, rule=rule)))
    assert found.correlation > 0.85
    assert abs(found.bias) < 0.2
    assert found.rmse == pytest.approx(found.standard_error, rel=0.35)


def test_the_adaptive_rules_measure_better_than_chance():
    best = simulated(AdaptivePlan(length=8), 200).rmse_after(8)
    chance = simulated(AdaptivePlan(length=8, rule="progressive"), 200).rmse_after(3)
    assert best < 0.7 * chance


def test_the_same_seed_gives_the_same_simulation():
    plan = AdaptivePlan(length=8, rule="randomesque", exposure=ExposureControl())
    one, other = simulated(plan), simulated(plan)
    np.testing.assert_array_equal(one.estimates, other.estimates)
    np.testing.assert_array_equal(one.exposure, other.exposure)


def test_a_state_is_rebuilt_from_its_scores_to_the_same_bits():
    plan, rng = AdaptivePlan(length=20), np.random.default_rng(2)
    state = adaptive.begin(plan)
    while not isinstance(proposal := adaptive.propose(plan, SMALL, state, rng), Stop):
        state = adaptive.answer(SMALL, state, proposal, float(rng.integers(2)))
    rebuilt = AdaptiveState(log_prior(plan.prior))
    for item, score in zip(state.administered, state.scores, strict=True):
        rebuilt = adaptive.answer(SMALL, rebuilt, Proposal(item, 0.0, plan.rule), score)
    assert rebuilt.log_posterior.tobytes() == state.log_posterior.tobytes()


def test_asking_twice_gives_the_same_item():
    plan, state = AdaptivePlan(), adaptive.begin(AdaptivePlan())
    proposals = [adaptive.propose(plan, SMALL, state, np.random.default_rng(n)) for n in (1, 2)]
    assert proposals[0] == proposals[1]


def test_the_estimate_of_a_state_is_the_posterior_mean_of_its_scores():
    plan = AdaptivePlan(prior=NormalPrior(0.5, 0.7))
    state = adaptive.begin(plan)
    for item, score in ((3, 1.0), (8, 0.0), (40, 1.0)):
        state = adaptive.answer(SMALL, state, Proposal(item, 0.0, "by hand"), score)
    expected = eap(np.array([state.scores]), SMALL.items[np.array([3, 8, 40])], plan.prior)
    assert float(state.estimate.theta) == pytest.approx(expected.theta[0], abs=1e-12)
    assert float(state.estimate.standard_error) == pytest.approx(expected.standard_error[0], abs=1e-12)


def test_no_item_passes_its_ceiling_but_by_chance():
    plan = AdaptivePlan(length=12, exposure=ExposureControl(ceiling=0.3))
    free, kept = simulated(AdaptivePlan(length=12), 300), simulated(plan, 300)
    assert free.exposure.max() == 1.0
    assert kept.exposure.max() < 0.3 + 3 * np.sqrt(0.3 * 0.7 / 300)
    assert simulation.report(kept).overlap < simulation.report(free).overlap


def test_exposure_gives_way_when_only_ineligible_items_are_left():
    tiny = bank.snapshot(BANK.items[np.arange(6)])
    ran = simulated(AdaptivePlan(length=6, exposure=ExposureControl(ceiling=0.2)), 20, tiny)
    assert ran.lengths.tolist() == [6] * 20


def test_a_bank_that_runs_out_ends_the_attempt():
    tiny = bank.snapshot(BANK.items[np.arange(6)])
    ran = simulated(AdaptivePlan(length=10), 5, tiny)
    assert ran.reasons == ("bank_exhausted",) * 5


def test_without_rows_content_is_violated_and_with_penalties_it_is_not():
    steered = simulated(AdaptivePlan(length=10, constraints=ROWS))
    loose = simulated(AdaptivePlan(length=10))
    met = [sum(AREAS[items] == area) for items in loose.given for area in "abc"]
    assert not all(3 <= count <= 4 for count in met)
    assert simulation.report(steered).violations == {}


def test_shadow_tests_never_violate_and_measure_nearly_as_well():
    shadowed = simulated(AdaptivePlan(length=10, blueprint=blueprint(ROWS, 10)), 25)
    assert shadowed.violated == {}
    assert shadowed.rmse_after(10) < 1.35 * simulated(AdaptivePlan(length=10), 25).rmse_after(10)


def test_shadow_tests_keep_a_ceiling_too():
    plan = AdaptivePlan(length=10, blueprint=blueprint(ROWS, 10), exposure=ExposureControl(ceiling=0.4))
    ran = simulated(plan, 30)
    assert ran.violated == {}
    assert ran.exposure.max() < 0.4 + 3 * np.sqrt(0.24 / 30)


def test_stopping_at_a_standard_error_makes_lengths_differ():
    ran = simulated(AdaptivePlan(length=40, stopping=(StandardError(0.35),)))
    stopped = np.array([reason == "standard_error" for reason in ran.reasons])
    assert np.all(ran.final_errors[stopped] <= 0.35)
    assert np.ptp(ran.lengths) > 0
    np.testing.assert_array_equal(ran.items_to(0.35)[stopped], ran.lengths[stopped])


def test_no_rule_stops_short_of_a_lower_bound():
    early = (StandardError(0.9),)
    assert max(simulated(AdaptivePlan(length=10, stopping=early), 40).lengths) < 9
    kept = simulated(AdaptivePlan(length=10, stopping=early, constraints=ROWS), 40)
    assert kept.violated == {}


def test_violations_count_learners():
    impossible = (Constraint("never", np.zeros(len(SMALL)), 2.0),)
    assert simulated(AdaptivePlan(length=4, constraints=impossible), 7).violated == {"never": 7}


def test_stopping_when_nothing_informs_any_more():
    ran = simulated(AdaptivePlan(length=40, stopping=(InformationExhausted(0.45),)))
    assert set(ran.reasons) == {"information_exhausted"}


def test_a_report_is_json_and_its_bands_hold_everyone():
    found = simulation.report(simulated(AdaptivePlan(length=5)))
    assert sum(band.learners for band in found.bands) == found.learners == 60
    assert json.loads(json.dumps(found.to_json(), allow_nan=False))["learners"] == 60


def test_progress_counts_the_learners():
    told = []
    simulated(AdaptivePlan(length=2), 4, progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 4), (2, 4), (3, 4), (4, 4)]


def test_exposure_control_needs_counters_and_dice():
    with pytest.raises(ValueError, match="counts and a generator"):
        adaptive.begin(AdaptivePlan(exposure=ExposureControl()))
    counts = ExposureCounts.none(ExposureControl(), 150)
    plan = AdaptivePlan(exposure=ExposureControl())
    assert adaptive.begin(plan, counts=counts, rng=np.random.default_rng(1)).eligibility is not None


def test_an_unknown_rule_is_refused_with_the_names_of_the_known():
    with pytest.raises(ValueError, match="posterior_weighted"):
        AdaptivePlan(rule="best")


def test_rows_are_kept_in_one_way_only():
    with pytest.raises(ValueError, match="not by both"):
        AdaptivePlan(constraints=ROWS, blueprint=blueprint(ROWS, 10))


@pytest.mark.parametrize("length", [0, -1])
def test_an_assessment_has_at_least_one_item(length):
    with pytest.raises(ValueError, match="at least one item"):
        AdaptivePlan(length=length)


def test_simulation_and_delivery_take_an_answer_by_one_formula():
    state = adaptive.begin(AdaptivePlan(length=5))
    proposal = adaptive.propose(AdaptivePlan(length=5), BANK, state, np.random.default_rng(1))
    assert isinstance(proposal, adaptive.Proposal)
    for score in (0.0, 0.5, 1.0):
        after = adaptive.answer(BANK, state, proposal, score).log_posterior
        assert after.tobytes() == update(state.log_posterior, BANK.items[proposal.item], score).tobytes()
