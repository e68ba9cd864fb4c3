import json

import numpy as np
import pytest

from assessment.psychometrics.elo import Rating, chance, update_ability, update_difficulty


def test_an_item_solved_becomes_easier_and_a_learner_who_solves_more_able():
    assert (
        update_difficulty(Rating(), Rating(), 1.0).mean < 0 < update_difficulty(Rating(), Rating(), 0.0).mean
    )
    assert update_ability(Rating(), Rating(), 1.0).mean > 0 > update_ability(Rating(), Rating(), 0.0).mean


def test_every_answer_makes_the_belief_more_certain():
    once = update_difficulty(Rating(), Rating(), 1.0)
    twice = update_difficulty(once, Rating(), 0.0)
    assert 1 > once.variance > twice.variance
    assert twice.answers == 2


def test_a_surprise_moves_more_than_what_was_expected():
    able = Rating(2.0, 0.1)
    assert abs(update_difficulty(Rating(), able, 0.0).mean) > abs(update_difficulty(Rating(), able, 1.0).mean)


def test_an_uncertain_learner_teaches_less_about_an_item():
    sure, unsure = Rating(1.0, 0.01), Rating(1.0, 2.0)
    assert update_difficulty(Rating(), sure, 0.0).variance < update_difficulty(Rating(), unsure, 0.0).variance


def test_the_expected_chance_is_one_half_between_equals_and_nearer_to_it_when_little_is_known():
    assert chance(Rating(0.7), Rating(0.7)) == pytest.approx(0.5)
    known, unknown = Rating(1.0, 0.01), Rating(1.0, 4.0)
    assert chance(known, Rating(0.0, 0.01)) > chance(unknown, Rating(0.0, 0.01)) > 0.5


def test_a_difficulty_is_found_from_answers_of_learners_known_roughly():
    rng, errors = np.random.default_rng(5), []
    for _ in range(60):
        true, belief = rng.normal(), Rating()
        for _ in range(150):
            theta = rng.normal()
            seen = Rating(theta + rng.normal(0, 0.4), 0.16)
            belief = update_difficulty(belief, seen, float(rng.random() < 1 / (1 + np.exp(true - theta))))
        errors.append((belief.mean - true) / belief.standard_error)
    assert np.sqrt(np.mean(np.square(errors))) == pytest.approx(1, abs=0.3)


def test_a_rating_survives_json():
    rating = update_difficulty(Rating(), Rating(0.3, 0.2), 0.4)
    assert Rating.from_json(json.loads(json.dumps(rating.to_json()))) == rating


def test_a_rating_without_uncertainty_is_refused():
    with pytest.raises(ValueError, match="above zero"):
        Rating(0.0, 0.0)


@pytest.mark.parametrize("score", [-0.1, 1.5, float("nan")])
def test_a_score_outside_0_to_1_teaches_nothing(score):
    for update in (update_ability, update_difficulty):
        with pytest.raises(ValueError, match="score"):
            update(Rating(), Rating(), score)


@pytest.mark.parametrize(
    ("mean", "variance"), [(float("nan"), 1), (float("inf"), 1), (0, float("nan")), (0, 0)]
)
def test_a_rating_is_finite_and_uncertain(mean, variance):
    with pytest.raises(ValueError, match="rating"):
        Rating(mean, variance)
