import numpy as np
import pytest

from assessment.psychometrics import estimation, irt, polytomous
from assessment.psychometrics.estimation import ESTIMATORS, GRID, NormalPrior
from assessment.psychometrics.irt import ItemParameters
from assessment.psychometrics.polytomous import Model, PolytomousParameters

RNG = np.random.default_rng(7)
ITEMS = ItemParameters(np.exp(RNG.normal(0.2, 0.3, 40)), RNG.normal(0, 1, 40))
GUESSED = ItemParameters(ITEMS.a, ITEMS.b, 0.2)
GRADED = PolytomousParameters(ITEMS.a[:12], np.sort(RNG.normal(0, 1, (12, 3)), axis=1))
PARTIAL = PolytomousParameters(ITEMS.a[:12], RNG.normal(0, 1, (12, 3)), Model.PARTIAL_CREDIT)
THETA = RNG.normal(0, 1, 400)
RIGHT_AND_WRONG = np.array([[1.0] * 20 + [0.0] * 20])


def drawn(items, theta=THETA, seed=3):
    model = irt if isinstance(items, ItemParameters) else polytomous
    return model.simulate(theta, items, np.random.default_rng(seed))


def test_no_data_leaves_the_prior():
    nothing = np.full((1, 40), np.nan)
    estimate = estimation.eap(nothing, ITEMS, NormalPrior(0.5, 0.8))
    assert estimate.theta[0] == pytest.approx(0.5, abs=1e-6)
    assert estimate.standard_error[0] == pytest.approx(0.8, abs=1e-6)
    assert estimation.maximum_posterior(nothing, ITEMS, NormalPrior(0.5, 0.8)).theta[0] == pytest.approx(0.5)


@pytest.mark.parametrize("method", ["ml", "wle"])
def test_without_data_and_without_a_prior_nothing_is_known(method):
    estimate = ESTIMATORS[method](np.full((2, 40), np.nan), ITEMS)
    assert np.isnan(estimate.theta).all()
    assert np.isnan(estimate.standard_error).all()


def test_the_posterior_mean_equals_numerical_integration():
    from scipy.integrate import quad

    def density(theta):
        wrong, right = irt.log_likelihoods(theta, ITEMS)
        return np.exp(np.where(RIGHT_AND_WRONG == 1, right, wrong).sum() + 20 - theta**2 / 2)

    mean = quad(lambda t: t * density(t), -6, 6)[0] / quad(density, -6, 6)[0]
    assert estimation.eap(RIGHT_AND_WRONG, ITEMS).theta[0] == pytest.approx(mean, abs=1e-6)


@pytest.mark.parametrize("items", [ITEMS, GUESSED, GRADED, PARTIAL])
def test_maximum_likelihood_finds_the_highest_point_of_a_fine_grid(items):
    responses, fine = drawn(items)[:20], np.linspace(-6, 6, 4801)
    log_p = np.log(polytomous.curves(fine, items).probability)
    for person, estimate in zip(
        responses, estimation.maximum_likelihood(responses, items).theta, strict=True
    ):
        height = sum(log_p[:, item, int(score)] for item, score in enumerate(person))
        assert estimate == pytest.approx(fine[np.argmax(height)], abs=2e-3)


def test_the_mode_of_the_posterior_lies_between_the_prior_and_the_likeliest():
    likeliest = estimation.maximum_likelihood(RIGHT_AND_WRONG, ITEMS).theta[0]
    mode = estimation.maximum_posterior(RIGHT_AND_WRONG, ITEMS, NormalPrior(-3, 1)).theta[0]
    assert -3 < mode < likeliest


def test_all_right_and_all_wrong_end_at_the_grid_for_likelihood_and_inside_it_for_warm():
    extreme = np.array([[1.0] * 40, [0.0] * 40])
    assert estimation.maximum_likelihood(extreme, ITEMS).theta.tolist() == [6.0, -6.0]
    warm = estimation.weighted_likelihood(extreme, ITEMS).theta
    assert 2 < warm[0] < 6
    assert -6 < warm[1] < -2


def test_warms_estimate_is_the_peak_of_likelihood_times_root_information_in_the_two_parameter_model():
    fine = np.linspace(-6, 6, 24_001)
    wrong, right = irt.log_likelihoods(fine, ITEMS)
    height = np.where(RIGHT_AND_WRONG == 1, right, wrong).sum(axis=1)
    height += 0.5 * np.log(irt.information(fine, ITEMS).sum(axis=1))
    warm = estimation.weighted_likelihood(RIGHT_AND_WRONG, ITEMS).theta[0]
    assert warm == pytest.approx(fine[np.argmax(height)], abs=1e-3)


def test_warms_estimate_is_less_biased_than_the_posterior_mean():
    theta = np.full(2000, 1.5)
    responses = drawn(ITEMS[np.arange(15)], theta)
    bias = {
        name: ESTIMATORS[name](responses, ITEMS[np.arange(15)]).theta.mean() - 1.5 for name in ("wle", "eap")
    }
    assert abs(bias["wle"]) < 0.05 < -bias["eap"]


@pytest.mark.parametrize("method", ESTIMATORS)
@pytest.mark.parametrize("items", [ITEMS, GUESSED, GRADED, PARTIAL])
def test_the_standard_error_is_the_size_of_the_error(method, items):
    estimate = ESTIMATORS[method](drawn(items), items)
    inside = np.abs(estimate.theta) < 5.9
    error = (estimate.theta - THETA)[inside] / estimate.standard_error[inside]
    assert 0.8 < np.sqrt(np.mean(error**2)) < 1.25


@pytest.mark.parametrize("method", ESTIMATORS)
def test_many_persons_at_once_equal_each_alone(method):
    responses = drawn(GUESSED)[:12]
    responses[3, 5:] = np.nan
    together = ESTIMATORS[method](responses, GUESSED).theta
    alone = [ESTIMATORS[method](responses[[person]], GUESSED).theta[0] for person in range(12)]
    np.testing.assert_allclose(together, alone, atol=1e-9)


@pytest.mark.parametrize("items", [ITEMS, GUESSED, GRADED, PARTIAL])
def test_one_response_after_another_ends_where_all_at_once_ends(items):
    responses, log_posterior = drawn(items)[:1], estimation.log_prior()
    for index in range(len(items)):
        one = (
            items[index]
            if isinstance(items, ItemParameters)
            else PolytomousParameters(items.a[[index]], items.b[[index]], items.model)
        )
        log_posterior = estimation.update(log_posterior, one, responses[0, index])
    expected = estimation.eap(responses, items)
    assert estimation.expected(log_posterior).theta == pytest.approx(expected.theta[0], abs=1e-10)


def test_a_partial_score_on_a_dichotomous_item_stands_between_wrong_and_right():
    prior, item = estimation.log_prior(), ItemParameters([1.3], [0.2])
    means = [float(estimation.expected(estimation.update(prior, item, score)).theta) for score in (0, 0.4, 1)]
    assert means == sorted(means)


def test_the_weights_of_a_prior_sum_to_one():
    assert np.exp(estimation.log_prior(NormalPrior(1, 0.5))).sum() == pytest.approx(1)
    assert len(GRID) == 61


@pytest.mark.parametrize("score", [2.0, -1.0, 0.5])
def test_a_score_that_an_item_does_not_have_is_refused(score):
    with pytest.raises(ValueError, match="whole score"):
        estimation.eap(np.full((1, 40), score), ITEMS)


def test_a_prior_without_spread_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        NormalPrior(0.0, 0.0)


@pytest.mark.parametrize("score", [1.5, -3.0, float("nan")])
def test_a_score_that_the_item_does_not_have_updates_nothing(score):
    for item in (ITEMS[0], PolytomousParameters(GRADED.a[:1], GRADED.b[:1])):
        with pytest.raises(ValueError, match="score"):
            estimation.update(estimation.log_prior(), item, score)


@pytest.mark.parametrize("method", ESTIMATORS)
@pytest.mark.parametrize("shape", [(40,), (1, 39), (2, 2, 40)])
def test_responses_that_are_not_persons_by_items_are_refused(method, shape):
    with pytest.raises(ValueError, match="persons x 40 items"):
        ESTIMATORS[method](np.ones(shape), ITEMS)


@pytest.mark.parametrize(("mean", "sd"), [(np.nan, 1), (np.inf, 1), (0, np.nan), (0, np.inf), (0, -1)])
def test_a_prior_is_finite(mean, sd):
    with pytest.raises(ValueError, match="of a prior"):
        NormalPrior(mean, sd)


@pytest.mark.parametrize("mean", [0.0, 0.1])
def test_a_prior_finer_than_the_grid_is_refused_not_rounded(mean):
    with pytest.raises(ValueError, match="finer than the grid"):
        estimation.log_prior(NormalPrior(mean, 0.05))
    coarse = estimation.expected(estimation.log_prior(NormalPrior(mean, 0.2)))
    assert coarse.standard_error == pytest.approx(0.2, rel=1e-6)


def test_the_posterior_mean_takes_a_finer_grid_for_a_narrow_prior():
    nothing = np.full((1, 40), np.nan)
    assert estimation.eap(nothing, ITEMS, NormalPrior(0.1, 0.05)).standard_error[0] == pytest.approx(0.05)


def test_the_posterior_mean_takes_a_finer_grid_for_many_answers():
    """With 1,000 answers the posterior is about as narrow as a quarter of the distance of 61 points."""
    draws = np.random.default_rng(11)
    many = ItemParameters(np.exp(draws.normal(0.2, 0.3, 1000)), draws.normal(0, 1, 1000))
    theta = np.array([-0.93, 0.02, 0.31, 1.17])
    found = estimation.eap(irt.simulate(theta, many, draws), many)
    asymptotic = irt.standard_error(found.theta, many)
    np.testing.assert_allclose(found.standard_error, asymptotic, rtol=0.03)


def test_the_likeliest_theta_is_an_end_where_the_likelihood_rises_higher_there():
    """Guessing alone explains a hard item answered right by somebody who missed the easy ones."""
    items = ItemParameters(np.array([2.0, 2.0, 0.8]), np.array([-3.0, 3.0, 2.5]), np.array([0.0, 0.25, 0.2]))
    draws, fine = np.random.default_rng(4), np.linspace(-6, 6, 4801)
    guessed = ItemParameters(np.exp(draws.normal(0.2, 0.5, 12)), draws.normal(0, 1.5, 12), 0.3)
    responses = draws.integers(0, 2, (400, 12)).astype(float)
    for bank, answers in ((items, np.array([[0.0, 1.0, 1.0]])), (guessed, responses)):
        wrong, right = irt.log_likelihoods(fine, bank)
        highest = (answers @ right.T + (1 - answers) @ wrong.T).max(axis=1)
        theta = estimation.maximum_likelihood(answers, bank).theta
        wrong, right = irt.log_likelihoods(theta, bank)
        reached = (answers * right + (1 - answers) * wrong).sum(axis=1)
        assert np.all(reached >= highest - 1e-5)
