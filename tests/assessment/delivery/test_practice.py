import random
from uuid import uuid4

import pytest
from django.conf import settings

from assessment.delivery.practice import start_practice
from assessment.errors import EnrolmentRequired
from assessment.models import Response
from content.models import Item
from tests import sitting
from tests.builders import (
    NOW,
    choice_document,
    enrol,
    exercise_document,
    make_bank,
    make_course,
    make_item,
    make_learner,
    make_lesson,
    who,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown():
    item = make_item(exercise_document())
    return start_practice(user=make_learner(), item=item, now=NOW, dice=random.Random(1))


def check(shown, answer, key=None):
    return sitting.check(shown, answer, key=key, now=NOW)


def test_a_right_answer_is_right(shown):
    assert check(shown, str(2 * shown.variant.values["x"])).verdict.score == 1.0


def test_a_misconception_is_recognized(shown):
    verdict = check(shown, str(shown.variant.values["x"])).verdict.document
    assert verdict["interactions"]["a"]["misconception"] == "forgot-the-two"


def test_a_variant_can_be_checked_as_often_as_one_likes_and_all_is_recorded(shown):
    for _ in range(3):
        check(shown, "-1")
    check(shown, str(2 * shown.variant.values["x"]))
    check(shown, "-1")
    assert Response.objects.filter(learner__users=who(shown)).count() == 5


def test_the_same_key_is_the_same_check(shown):
    key = uuid4()
    assert check(shown, "-1", key).response.id == check(shown, "-1", key).response.id


def test_a_fixed_item_is_practiced_only_where_it_is_for_nothing_else():
    fixed = make_item(choice_document() | {"use": "practice"})
    asked = make_item(choice_document(slug="asked"))
    assert list(Item.objects.practiced()) == [fixed]
    assert asked.current is not None


def test_a_fixed_item_is_answered_for_the_first_time_only_once():
    item, learner = make_item(choice_document() | {"use": "practice"}), make_learner()
    first = start_practice(user=learner, item=item, now=NOW, dice=random.Random(1))
    again = start_practice(user=learner, item=item, now=NOW, dice=random.Random(2))
    other = start_practice(user=make_learner(), item=item, now=NOW, dice=random.Random(2))
    assert first.pk == again.pk != other.pk


def test_a_fixed_item_is_shown_anew_before_its_token_expires():
    item, learner = make_item(choice_document() | {"use": "practice"}), make_learner()
    first = start_practice(user=learner, item=item, now=NOW, dice=random.Random(1))
    later = NOW + settings.PRACTICE_TOKEN_AGE * 0.6
    assert start_practice(user=learner, item=item, now=later, dice=random.Random(1)).pk != first.pk


def test_the_exercises_of_a_premium_lesson_are_for_those_enrolled():
    lesson, learner = make_lesson(premium=True), make_learner()
    item = make_item(exercise_document(), bank=make_bank("premium", lesson=lesson))
    with pytest.raises(EnrolmentRequired):
        start_practice(user=learner, item=item, now=NOW, dice=random.Random(1))
    enrol(learner, make_course(lesson))
    assert start_practice(user=learner, item=item, now=NOW, dice=random.Random(1))
