from dataclasses import replace

import numpy as np
import pytest

from assessment.psychometrics import irt
from assessment.psychometrics.calibration import (
    NO_PRIORS,
    Anchors,
    DegenerateItems,
    Iteration,
    Settings,
    calibrate,
)
from assessment.psychometrics.errors import ErrorMethod
from assessment.psychometrics.estimation import GRID
from assessment.psychometrics.irt import ItemParameters
from assessment.psychometrics.maximization import CalibrationModel, Parameters
from assessment.psychometrics.responses import ResponseLog
from assessment.psychometrics.schedulers import dask, processes
from tests.reference import lsat

PLAIN = Settings(priors=NO_PRIORS)
ONE = Settings(model=CalibrationModel.ONE, priors=NO_PRIORS)
THREE = Settings(model=CalibrationModel.THREE)


def drawn(persons, items, seed=5, asymptote=0.0, mean=0.0, sd=1.0):
    """True parameters, abilities and responses."""
    rng = np.random.default_rng(seed)
    true = ItemParameters(np.exp(rng.normal(0.2, 0.3, items)), rng.normal(0, 1, items), asymptote)
    theta = rng.normal(mean, sd, persons)
    return true, theta, irt.simulate(theta, true, rng)


def with_holes(responses, share=0.4, seed=8):
    return np.where(np.random.default_rng(seed).random(responses.shape) < share, np.nan, responses)


TRUE, THETA, RESPONSES = drawn(1500, 20)


def test_section_six_has_the_published_two_parameter_table_to_every_digit():
    fitted, table = calibrate(lsat.PATTERNS, PLAIN, weights=lsat.LSAT6_COUNTS), lsat.LSAT6_2PL
    np.testing.assert_allclose(fitted.items.a, table["a"], atol=5.1e-6)
    np.testing.assert_allclose(fitted.items.b, table["b"], atol=5.1e-6)
    np.testing.assert_allclose(fitted.items.intercept, table["intercept"], atol=5.1e-6)
    np.testing.assert_allclose(fitted.standard_errors.a, table["a_error"], atol=5.1e-4)
    assert fitted.log_likelihood == pytest.approx(table["log_likelihood"], abs=5.1e-6)
    assert fitted.standard_errors.method is ErrorMethod.OBSERVED
    assert fitted.converged


def test_section_six_has_the_published_one_parameter_table():
    fitted, table = calibrate(lsat.PATTERNS, ONE, weights=lsat.LSAT6_COUNTS), lsat.LSAT6_1PL
    np.testing.assert_allclose(fitted.items.a, table["a"], atol=5.1e-6)
    np.testing.assert_allclose(fitted.items.b, table["b"], atol=5.1e-6)
    assert fitted.log_likelihood == pytest.approx(table["log_likelihood"], abs=5.1e-5)


def test_section_six_has_the_errors_of_difficulty_that_another_program_prints():
    fitted = calibrate(lsat.PATTERNS, PLAIN, weights=lsat.LSAT6_COUNTS)
    np.testing.assert_allclose(fitted.standard_errors.b, lsat.LSAT6_LTM_B_ERROR, rtol=2e-3)


def test_section_seven_has_the_table_that_another_program_prints():
    fitted, table = calibrate(lsat.PATTERNS, PLAIN, weights=lsat.LSAT7_COUNTS), lsat.LSAT7_2PL
    np.testing.assert_allclose(fitted.items.a, table["a"], atol=2e-3)
    np.testing.assert_allclose(fitted.items.intercept, table["intercept"], atol=2e-3)
    assert fitted.log_likelihood == pytest.approx(table["log_likelihood"], abs=5e-4)


def test_patterns_with_counts_equal_the_persons_they_stand_for():
    persons = np.repeat(lsat.PATTERNS, lsat.LSAT6_COUNTS, axis=0)
    one_by_one = calibrate(persons, PLAIN)
    counted = calibrate(lsat.PATTERNS, PLAIN, weights=lsat.LSAT6_COUNTS)
    np.testing.assert_allclose(one_by_one.items.a, counted.items.a, atol=1e-7)
    np.testing.assert_allclose(one_by_one.standard_errors.a, counted.standard_errors.a, atol=1e-6)
    assert one_by_one.persons == counted.persons == 1000


def test_what_was_simulated_is_recovered_within_its_standard_errors():
    fitted = calibrate(RESPONSES, PLAIN)
    for name in ("a", "b", "intercept"):
        error = getattr(fitted.items, name) - getattr(TRUE, name)
        standardized = error / getattr(fitted.standard_errors, name)
        assert 0.6 < np.sqrt(np.mean(standardized**2)) < 1.5


def test_missing_responses_are_left_out_not_counted_wrong():
    fitted = calibrate(with_holes(RESPONSES), PLAIN)
    standardized = (fitted.items.b - TRUE.b) / fitted.standard_errors.b
    assert np.sqrt(np.mean(standardized**2)) < 1.6
    assert fitted.standard_errors.b.mean() > calibrate(RESPONSES, PLAIN).standard_errors.b.mean()
    assert fitted.answers.sum() == pytest.approx(0.6 * RESPONSES.size, rel=0.02)


@pytest.mark.parametrize("errors", [ErrorMethod.OBSERVED, ErrorMethod.CROSS_PRODUCT, ErrorMethod.ITEM_BLOCKS])
@pytest.mark.parametrize("settings", [PLAIN, THREE])
def test_a_log_and_its_matrix_give_the_same_calibration(errors, settings):
    responses = with_holes(RESPONSES)[:600]
    chosen = Settings(model=settings.model, priors=settings.priors, errors=errors)
    dense, sparse = calibrate(responses, chosen), calibrate(ResponseLog.from_matrix(responses), chosen)
    for name in ("a", "b", "c"):
        np.testing.assert_allclose(getattr(sparse.items, name), getattr(dense.items, name), atol=1e-6)
    np.testing.assert_allclose(sparse.standard_errors.a, dense.standard_errors.a, rtol=1e-4)
    assert sparse.log_likelihood == pytest.approx(dense.log_likelihood, abs=1e-6)


def test_a_sparse_log_of_many_items_is_recovered():
    rng = np.random.default_rng(12)
    true = ItemParameters(np.exp(rng.normal(0.2, 0.3, 120)), rng.normal(0, 1, 120))
    person = np.repeat(np.arange(4000), 12)
    item = np.concatenate([rng.permutation(120)[:12] for _ in range(4000)])
    theta = rng.normal(0, 1, 4000)
    chance = 1 / (1 + np.exp(-true.a[item] * (theta[person] - true.b[item])))
    log = ResponseLog(person, item, (rng.random(len(item)) < chance).astype(float), 4000, 120)
    fitted = calibrate(log, PLAIN)
    for name in ("a", "b"):
        error = getattr(fitted.items, name) - getattr(true, name)
        assert 0.7 < np.sqrt(np.mean((error / getattr(fitted.standard_errors, name)) ** 2)) < 1.4


def test_the_three_ways_to_standard_errors_agree_in_a_large_sample():
    _, _, responses = drawn(6000, 12)
    by_method = {
        method: calibrate(responses, Settings(priors=NO_PRIORS, errors=method)).standard_errors
        for method in (ErrorMethod.OBSERVED, ErrorMethod.CROSS_PRODUCT, ErrorMethod.ITEM_BLOCKS)
    }
    observed = by_method[ErrorMethod.OBSERVED]
    np.testing.assert_allclose(by_method[ErrorMethod.CROSS_PRODUCT].a, observed.a, rtol=0.06)
    assert by_method[ErrorMethod.ITEM_BLOCKS].b.mean() < observed.b.mean()
    np.testing.assert_allclose(by_method[ErrorMethod.ITEM_BLOCKS].b, observed.b, rtol=0.2)


def at(fitted, settings):
    """The parameters of a calibration on their free scales."""
    slope = fitted.items.a if settings.priors.discrimination is None else np.log(fitted.items.a)
    free = [slope, fitted.items.intercept]
    if settings.model is CalibrationModel.THREE:
        free.append(np.log(fitted.items.c / (1 - fitted.items.c)))
    none = np.zeros(len(slope))
    return Parameters(
        np.stack(free), none.astype(bool), none, 0.0, 0.0, settings.model, settings.priors, False, GRID
    )


def objective(parameters, responses):
    """The log-likelihood with the priors, by the definition: a sum over the persons of log integrals."""
    theta = np.linspace(-6, 6, 61)
    weight = np.exp(-(theta**2) / 2)
    chance = irt.probability(theta, parameters.items())[:, np.newaxis, :]
    likelihood = np.where(responses == 1, chance, 1 - chance).prod(axis=2)
    return np.log(weight @ likelihood / weight.sum()).sum() + parameters.log_prior()


@pytest.mark.parametrize("settings", [PLAIN, Settings(), THREE])
def test_at_the_top_the_gradient_vanishes_and_the_errors_follow_from_the_curvature(settings):
    responses = RESPONSES[:500, :4]
    fitted = calibrate(responses, settings)
    top, step = at(fitted, settings), 1e-3
    vector, axes = top.vector(), np.eye(top.free.size) * step

    def height(shift):
        return objective(top.moved_to(vector + shift), responses)

    gradient = [(height(one) - height(-one)) / (2 * step) for one in axes]
    np.testing.assert_allclose(gradient, 0, atol=2e-3)
    hessian = [[height(i + j) - height(i - j) - height(j - i) + height(-i - j) for j in axes] for i in axes]
    covariance = np.linalg.inv(-np.array(hessian) / (4 * step**2))
    expected = np.sqrt(np.diag(covariance)[4:8])
    np.testing.assert_allclose(fitted.standard_errors.intercept, expected, rtol=1e-3)


def test_the_prior_on_discrimination_helps_a_sample_of_a_thousand():
    true, _, responses = drawn(1000, 30, seed=20240601)
    errors = {
        name: np.sqrt(np.mean((calibrate(responses, settings).items.a - true.a) ** 2))
        for name, settings in (("plain", PLAIN), ("prior", Settings()))
    }
    assert errors["plain"] == pytest.approx(0.123, abs=6e-4)
    assert errors["prior"] < 0.105


def test_a_prior_keeps_every_discrimination_above_zero():
    responses = RESPONSES[:400].copy()
    responses[:, 0] = 1 - responses[:, 0]
    assert calibrate(responses, PLAIN).items.a[0] < 0
    assert np.all(calibrate(responses).items.a > 0)


def test_guessing_is_recovered_with_its_prior():
    _, _, responses = drawn(4000, 15, asymptote=0.25)
    fitted = calibrate(responses, THREE)
    assert fitted.items.c.mean() == pytest.approx(0.25, abs=0.05)
    assert fitted.log_likelihood > calibrate(responses, PLAIN).log_likelihood


def test_anchors_stay_and_free_the_group():
    true, _, responses = drawn(3000, 20, mean=0.7, sd=1.4)
    anchored = np.arange(8)
    fitted = calibrate(responses, PLAIN, anchors=Anchors(anchored, true[anchored]))
    np.testing.assert_allclose(fitted.items.a[anchored], true.a[anchored], rtol=1e-12)
    np.testing.assert_allclose(fitted.items.b[anchored], true.b[anchored], rtol=1e-12)
    assert np.isnan(fitted.standard_errors.a[anchored]).all()
    assert abs(fitted.group_mean - 0.7) < 3.5 * fitted.standard_errors.group_mean
    assert abs(fitted.group_sd - 1.4) < 3.5 * fitted.standard_errors.group_sd
    standardized = (fitted.items.b - true.b)[8:] / fitted.standard_errors.b[8:]
    assert np.sqrt(np.mean(standardized**2)) < 1.8


def test_an_anchored_item_needs_no_responses():
    responses = np.column_stack([RESPONSES, np.full(len(RESPONSES), np.nan)])
    fitted = calibrate(
        responses, anchors=Anchors(np.array([20, 0]), ItemParameters([1.0, TRUE.a[0]], [0.5, TRUE.b[0]]))
    )
    assert fitted.items.b[20] == pytest.approx(0.5)


def test_items_that_all_answer_alike_are_named():
    responses = RESPONSES[:50].copy()
    responses[:, 3], responses[:, 7] = 1.0, np.nan
    with pytest.raises(DegenerateItems, match=r"\[3, 7\]") as refusal:
        calibrate(responses)
    assert refusal.value.items.tolist() == [3, 7]


@pytest.mark.parametrize("settings", [PLAIN, Settings(), ONE, THREE])
def test_progress_is_told_until_nothing_moves(settings):
    told: list[Iteration] = []
    fitted = calibrate(RESPONSES[:500, :8], settings, progress=told.append)
    assert fitted.converged
    assert told[-1].change < settings.tolerance < told[0].change
    assert told[-1].number == fitted.iterations


def test_a_calibration_that_ran_out_of_iterations_says_so():
    fitted = calibrate(RESPONSES, Settings(max_iterations=2))
    assert not fitted.converged
    assert fitted.iterations == 2


def test_without_errors_there_are_none():
    fitted = calibrate(RESPONSES[:200], Settings(errors=ErrorMethod.NONE))
    assert np.isnan(fitted.standard_errors.a).all()


def test_the_items_of_a_one_parameter_model_have_no_errors_of_their_own():
    with pytest.raises(ValueError, match="share their slope"):
        calibrate(RESPONSES[:200], Settings(model=CalibrationModel.ONE, errors=ErrorMethod.ITEM_BLOCKS))


@pytest.mark.parametrize("bad", [0.5, 2.0, -1.0])
def test_a_score_that_is_neither_right_nor_wrong_is_refused(bad):
    responses = RESPONSES[:20].copy()
    responses[0, 0] = bad
    with pytest.raises(ValueError, match="0 or 1"):
        calibrate(responses)


def test_weights_of_the_wrong_length_are_refused():
    with pytest.raises(ValueError, match="one number per person"):
        calibrate(RESPONSES, weights=[1.0, 2.0])


def test_a_prior_refuses_anchors_of_negative_discrimination():
    with pytest.raises(ValueError, match="positive discrimination"):
        calibrate(RESPONSES, anchors=Anchors(np.array([0]), ItemParameters([-1.0], [0.0])))


@pytest.mark.parametrize(
    ("fault", "reason"),
    [
        ({"person": np.array([0])}, "same length"),
        ({"person": np.array([0, 5])}, "index of person"),
        ({"item": np.array([0, -1])}, "index of item"),
        ({"score": np.array([0.0, 0.5])}, "0 or 1"),
    ],
)
def test_an_impossible_log_is_refused(fault, reason):
    log = {"person": np.array([0, 1]), "item": np.array([0, 1]), "score": np.array([0.0, 1.0])} | fault
    with pytest.raises(ValueError, match=reason):
        ResponseLog(**log, persons=2, items=2)


def test_several_processes_give_the_same_calibration_as_one():
    _, _, responses = drawn(9000, 10)
    alone = calibrate(responses, PLAIN)
    shared = calibrate(responses, PLAIN, scheduler=processes(2))
    for name in ("a", "b"):
        np.testing.assert_allclose(
            getattr(shared.items, name), getattr(alone.items, name), rtol=0, atol=1e-12
        )
    np.testing.assert_allclose(shared.standard_errors.a, alone.standard_errors.a, rtol=1e-10)


def test_a_dask_cluster_of_two_workers_gives_the_same_calibration_as_one_process():
    distributed = pytest.importorskip("distributed")
    _, _, responses = drawn(9000, 10)
    log = ResponseLog.from_matrix(with_holes(responses))
    with distributed.Client(
        n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
    ) as client:
        for data in (responses, log):
            alone, shared = calibrate(data, PLAIN), calibrate(data, PLAIN, scheduler=dask(client))
            np.testing.assert_allclose(shared.items.a, alone.items.a, rtol=0, atol=1e-12)
            np.testing.assert_allclose(shared.items.b, alone.items.b, rtol=0, atol=1e-12)


THREE_PLAIN = Settings(model=CalibrationModel.THREE, priors=NO_PRIORS, errors=ErrorMethod.NONE)


@pytest.mark.parametrize("counts", [lsat.LSAT6_COUNTS, lsat.LSAT7_COUNTS])
def test_a_third_parameter_never_lowers_the_likelihood(counts):
    two = calibrate(lsat.PATTERNS, PLAIN, weights=counts)
    three = calibrate(lsat.PATTERNS, THREE_PLAIN, weights=counts)
    assert three.converged
    assert three.log_likelihood >= two.log_likelihood


def test_without_priors_the_likelihood_is_at_least_that_with_priors():
    draws = np.random.default_rng(5)
    items = ItemParameters(np.exp(draws.normal(0.2, 0.3, 30)), draws.normal(0, 1, 30), 0.2)
    responses = irt.simulate(draws.normal(0, 1, 2000), items, draws)
    free = calibrate(responses, THREE_PLAIN)
    held = calibrate(responses, Settings(model=CalibrationModel.THREE, errors=ErrorMethod.NONE))
    assert free.converged
    assert free.log_likelihood > held.log_likelihood


def test_what_is_called_converged_has_no_slope_left():
    fitted = calibrate(lsat.PATTERNS, THREE_PLAIN, weights=lsat.LSAT7_COUNTS)
    inside = fitted.items.c > 1e-3
    middle = at(fitted, THREE_PLAIN)
    persons = np.repeat(lsat.PATTERNS, lsat.LSAT7_COUNTS, axis=0)
    for kind, item in [
        *((k, i) for k in (0, 1) for i in range(5)),
        *((2, i) for i in np.flatnonzero(inside)),
    ]:
        shift = np.zeros_like(middle.free)
        shift[kind, item] = 1e-4
        up, down = (objective(replace(middle, free=middle.free + s * shift), persons) for s in (1, -1))
        assert abs(up - down) / 2e-4 < 0.01


def test_a_long_test_takes_a_finer_grid_and_its_slopes_are_not_low():
    """With 800 answers a person, 61 points are farther apart than theta is uncertain."""
    draws = np.random.default_rng(8)
    items = ItemParameters(np.exp(draws.normal(0.2, 0.3, 800)), draws.normal(0, 1, 800))
    theta = draws.normal(0, 1, 1200)
    responses = irt.simulate((theta - theta.mean()) / theta.std(), items, draws)
    usable = (responses.mean(axis=0) > 0.02) & (responses.mean(axis=0) < 0.98)
    settings = Settings(priors=NO_PRIORS, errors=ErrorMethod.NONE)
    fitted = calibrate(responses[:, usable], settings)
    assert np.mean(np.log(fitted.items.a / items.a[usable])) == pytest.approx(0, abs=0.01)
