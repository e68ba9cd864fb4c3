import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from fsrs import Card, Scheduler
from fsrs import Rating as Grade

from assessment.knowledge.review import Plan, Rating, ReviewState, due, next_review, rating, retrievability

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


def reviewed(*ratings: Rating) -> ReviewState:
    """A skill reviewed with these ratings, each time on the day it was due."""
    state, moment = None, NOW
    for one in ratings:
        state = next_review(state, one, moment)
        moment = state.due
    assert state is not None
    return state


def test_a_run_of_reviews_equals_the_library_it_wraps():
    scheduler = Scheduler(learning_steps=(), enable_fuzzing=False, maximum_interval=365)
    card, state, moment = Card(card_id=1, due=NOW), None, NOW
    for number in (3, 3, 1, 3, 2, 3, 4):
        card, _ = scheduler.review_card(card, Grade(number), moment)
        state = next_review(state, Rating(number), moment)
        assert (state.due, state.stability, state.difficulty) == (card.due, card.stability, card.difficulty)
        moment = card.due


def test_intervals_grow_with_success():
    gaps = [(s := reviewed(*[Rating.GOOD] * count)).due - s.last_review for count in (1, 2, 3, 4)]
    assert gaps == sorted(gaps)
    assert gaps[0] >= timedelta(days=1)
    assert gaps[-1] > 4 * gaps[0]


def test_a_lapse_comes_back_within_the_hour_and_lowers_stability():
    good, lapsed = reviewed(*[Rating.GOOD] * 3), reviewed(Rating.GOOD, Rating.GOOD, Rating.AGAIN)
    assert lapsed.due - lapsed.last_review == timedelta(minutes=10)
    assert lapsed.stability < good.stability


def test_the_same_reviews_give_the_same_schedule():
    ratings = (Rating.GOOD, Rating.HARD, Rating.AGAIN, Rating.GOOD, Rating.GOOD)
    assert reviewed(*ratings) == reviewed(*ratings)


def test_a_state_survives_json():
    state = reviewed(Rating.GOOD, Rating.AGAIN)
    assert ReviewState.from_json(json.loads(json.dumps(state.to_json()))) == state


def test_a_review_that_is_due_is_remembered_at_the_planned_retention():
    state = reviewed(*[Rating.GOOD] * 3)
    assert retrievability(state, state.due) == pytest.approx(0.9, abs=0.01)


def test_a_longer_wait_follows_from_a_lower_retention():
    patient = next_review(reviewed(Rating.GOOD), Rating.GOOD, NOW, plan=Plan(retention=0.8))
    assert patient.due > next_review(reviewed(Rating.GOOD), Rating.GOOD, NOW).due


def test_what_is_due_comes_most_nearly_forgotten_first():
    fragile, firm = reviewed(Rating.HARD), reviewed(*[Rating.GOOD] * 4)
    later = firm.due + timedelta(days=1)
    states = {"firm": firm, "fragile": fragile, "future": next_review(firm, Rating.GOOD, later)}
    assert due(states, later) == ("fragile", "firm")


def test_nothing_is_due_before_its_time():
    state = reviewed(Rating.GOOD)
    assert due({"skill": state}, state.due - timedelta(seconds=1)) == ()


def test_a_moment_in_another_time_zone_is_the_same_moment():
    there = NOW.astimezone(timezone(timedelta(hours=5)))
    assert next_review(None, Rating.GOOD, there) == next_review(None, Rating.GOOD, NOW)


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        next_review(None, Rating.GOOD, NOW.replace(tzinfo=None))


@pytest.mark.parametrize(
    ("score", "tries", "hints", "expected"),
    [
        (0.0, 1, 0, Rating.AGAIN),
        (0.5, 1, 0, Rating.AGAIN),
        (0.6, 1, 0, Rating.HARD),
        (1.0, 1, 0, Rating.GOOD),
        (1.0, 2, 0, Rating.HARD),
        (1.0, 1, 1, Rating.HARD),
    ],
)
def test_a_rating_follows_from_score_tries_and_hints(score, tries, hints, expected):
    assert rating(score, tries=tries, hints=hints) is expected


@pytest.mark.parametrize("fault", [{"retention": 1.0}, {"retention": 0.0}, {"maximum_days": 0}])
def test_an_impossible_plan_is_refused(fault):
    with pytest.raises(ValueError, match="must"):
        Plan(**fault)


@pytest.mark.parametrize(
    "wrong", [{"score": float("nan")}, {"score": -0.1}, {"score": 1.1}, {"tries": 0}, {"hints": -1}]
)
def test_what_no_review_can_be_is_not_rated(wrong):
    with pytest.raises(ValueError, match="got"):
        rating(**{"score": 1.0, **wrong})
