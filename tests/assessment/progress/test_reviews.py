"""What waits for a review: what went badly, then what is due."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment.knowledge.tracing import Answered
from assessment.progress.reviews import went_badly
from tests.builders import NOW

R, W, HALF = 1.0, 0.0, 0.5


@pytest.mark.parametrize(
    ("scores", "badly"),
    [
        ([], False),
        ([R], False),
        ([W], True),
        ([HALF], True),
        ([W, R], True),
        ([W, W, R], True),
        ([W, R, R], False),
        ([W, W, W, R, R], False),
        ([R, R, W], False),
        ([R, W, W], True),
    ],
)
def test_a_day_went_badly_until_two_right_answers_in_a_row(scores: list[float], badly: bool) -> None:
    day = [Answered(NOW + timedelta(minutes=place), score) for place, score in enumerate(scores)]
    assert went_badly(day) is badly


def test_of_all_days_the_latest_tells() -> None:
    yesterday = NOW - timedelta(days=1)
    assert not went_badly([Answered(yesterday, W), Answered(NOW, R)])
    assert went_badly([Answered(yesterday, R), Answered(NOW, W)])


def test_a_right_answer_after_a_hint_makes_nothing_good() -> None:
    helped = [Answered(NOW, W), Answered(NOW, W), Answered(NOW, R, hints=1), Answered(NOW, R, hints=1)]
    assert went_badly(helped)
