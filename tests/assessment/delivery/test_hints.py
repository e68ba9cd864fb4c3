import random

import pytest

from assessment.delivery.attempts import presentation_at
from assessment.delivery.hints import hints_shown, take_hint, take_practice_hint
from assessment.delivery.practice import start_practice
from assessment.errors import AttemptClosed, NoHintsLeft, PresentationSettled
from assessment.models import Response
from tests import sitting
from tests.builders import NOW, exercise_document, make_attempt, make_item, make_learner, who

pytestmark = pytest.mark.django_db

HINTS = ["Add it to itself.", "That is ${x} + {x}$."]


@pytest.fixture
def attempt():
    return make_attempt(make_item(exercise_document(hints=HINTS)), tries=1)


def take(attempt):
    return take_hint(attempt_id=attempt.pk, user_id=who(attempt).pk, position=1, now=NOW)


def answer(attempt, answer):
    return sitting.answer(attempt, 1, answer, key=None, now=NOW)


def test_hints_come_one_after_the_other_in_the_learner_s_numbers(attempt):
    assert len(hints_shown(take(attempt))) == 1
    shown = hints_shown(take(attempt))
    x = presentation_at(attempt, 1).variant.values["x"]
    assert f"{x} + {x}" in shown[1]


def test_there_are_no_more_hints_than_the_author_wrote(attempt):
    take(attempt)
    take(attempt)
    with pytest.raises(NoHintsLeft):
        take(attempt)


def test_a_response_says_how_many_hints_came_before_it(attempt):
    take(attempt)
    assert answer(attempt, {"a": "-1"}).response.hints_taken == 1


def test_a_settled_item_gives_no_more_hints(attempt):
    answer(attempt, {"a": "-1"})
    with pytest.raises(PresentationSettled):
        take(attempt)


def test_a_closed_attempt_gives_no_more_hints(attempt):
    sitting.submit(attempt, NOW)
    with pytest.raises(AttemptClosed):
        take(attempt)


def test_free_practice_has_hints_too():
    shown = start_practice(
        user=make_learner(), item=make_item(exercise_document()), now=NOW, dice=random.Random(1)
    )
    assert len(hints_shown(take_practice_hint(user=None, presentation_id=shown.pk, now=NOW))) == 1
    sitting.check(shown, "1", key=None, now=NOW)
    assert Response.objects.get().hints_taken == 1
