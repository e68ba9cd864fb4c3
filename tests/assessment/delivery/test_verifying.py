"""Scores that follow from the log, and scores that do not."""

import json
import random
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from assessment.delivery.attempts import start_attempt
from assessment.delivery.verifying import verify_attempt
from assessment.models import Attempt, Presentation
from tests import sitting
from tests.builders import NOW, make_assessment, make_attempt, make_item, make_learner, vector_document

pytestmark = pytest.mark.django_db


@pytest.fixture
def attempt():
    """Two items: one right at the second try, one answered invalidly."""
    attempt = make_attempt(make_item(), make_item(), penalty=0.25)
    for position, entered in ((1, "wrong"), (1, "right"), (2, "unheard-of")):
        sitting.answer(attempt, position, {"a": entered}, key=None, now=NOW)
    return attempt


def differences(attempt):
    return [(d.position, d.field, d.stored, d.folded) for d in verify_attempt(attempt_id=attempt.pk)]


def test_what_the_verbs_have_written_follows_from_the_log(attempt):
    assert differences(attempt) == []
    sitting.submit(attempt, NOW)
    assert differences(attempt) == []


def test_an_answer_that_arrived_earlier_may_be_written_later():
    numeric = {"kind": "numeric", "key": "twice", "policy": {"name": "absolute", "tolerance": 0.01}}
    attempt = make_attempt(make_item(vector_document(interactions={"a": {**numeric, "credit": "each"}})))
    first, *_ = attempt.presentations.get().variant.values["x"]
    sitting.answer(attempt, 1, {"a": [str(2 * first), "0", "0"]}, now=NOW + timedelta(seconds=1))
    sitting.answer(attempt, 1, {"a": ["0", "0", "0"]}, now=NOW)
    assert differences(attempt) == []


def test_a_changed_score_is_found(attempt):
    Attempt.objects.update(score=2.0)
    assert differences(attempt) == [(None, "score", 2.0, 0.75)]


def test_a_changed_presentation_is_found(attempt):
    Presentation.objects.filter(position=2).update(tries_used=1, score=0.5)
    assert differences(attempt) == [(2, "tries_used", 1, 0), (2, "score", 0.5, None)]


def test_the_command_is_content_with_a_sound_database(attempt, capsys):
    call_command("verify_attempts")
    assert capsys.readouterr().out == "1 attempts checked, 0 differences\n"


def test_the_command_fails_where_something_differs(attempt, capsys):
    Attempt.objects.update(max_score=7)
    with pytest.raises(CommandError, match="1 values do not follow"):
        call_command("verify_attempts", "--json")
    report = json.loads(capsys.readouterr().out)
    difference = {
        "attempt": str(attempt.pk),
        "position": None,
        "field": "max_score",
        "stored": 7.0,
        "folded": 2.0,
    }
    assert report == {"attempts": 1, "differences": [difference]}


def test_ten_tenths_are_one():
    """Weights are added exactly, so that an attempt begins with what its log comes to."""
    slots = [{"item": make_item().slug, "weight": 0.1} for _ in range(10)]
    assessment = make_assessment(sections=[{"slots": slots}])
    started = start_attempt(user=make_learner(), assessment=assessment, now=NOW, dice=random.Random(1))
    attempt = started.attempt
    assert attempt.max_score == 1.0
    assert differences(attempt) == []
