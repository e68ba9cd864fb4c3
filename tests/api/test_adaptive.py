"""Adaptive attempts over the API: one item at a time, and an ability that is told late and never as a point."""

import random
from uuid import uuid4

import numpy as np
import pytest

from assessment.models import Presentation
from tests.api.client import Api
from tests.builders import give, make_assessment, make_learner
from tests.measuring import make_adaptive, make_measuring_items

pytestmark = pytest.mark.django_db

RIGHT, WRONG = {"a": "right"}, {"a": "wrong"}
HIDDEN = ("theta", "standard_error", "posterior", "reason", "seeded", "difficulty", "parameters", "calibrat")


@pytest.fixture
def learner(monkeypatch):
    monkeypatch.setattr("api.rest.attempts.DICE", random.Random(1))
    make_measuring_items(np.linspace(-2, 2, 12))
    make_measuring_items([None] * 4)
    return Api(make_learner())


def sit(api, attempt, answer=RIGHT):
    """Answer alike to the end, and return every reply on the way."""
    replies = []
    while (reply := api.get(f"attempts/{attempt}/next/")).status == 200:
        replies += [reply, api.respond(attempt, reply.json["position"], answer)]
    assert reply.status == 204
    return replies


def test_a_list_says_that_an_assessment_is_adaptive_and_how_long_at_most(learner):
    make_adaptive(seeding=0.2)
    (found,) = learner.get("assessments/").json["results"]
    assert (found["mode"], found["item_count"]) == ("adaptive", 12)
    assert learner.get("assessments/adaptive/").json["sections"] == []


def test_items_come_one_by_one_and_the_attempt_ends_by_itself(learner):
    make_adaptive()
    attempt = learner.start("adaptive")
    assert len(learner.get(f"attempts/{attempt}/").json["presentations"]) == 1
    replies = sit(learner, attempt)
    assert [reply.json["position"] for reply in replies[::2]] == list(range(1, 11))
    ended = learner.get(f"attempts/{attempt}/").json
    assert (ended["state"], ended["max_score"]) == ("submitted", 100.0)
    assert 80 < ended["score"] < 100


def test_the_reply_to_an_answer_brings_the_next_item(learner):
    make_adaptive()
    attempt = learner.start("adaptive")
    reply = learner.respond(attempt, 1, RIGHT)
    assert reply.json["place"] == {"state": "answered", "tries_left": 0, "answers": 1}
    assert reply.json["next"] == learner.get(f"attempts/{attempt}/next/").json
    assert learner.post(f"attempts/{attempt}/next/").json == reply.json["next"]


def test_the_last_reply_says_that_the_attempt_has_ended(learner):
    make_adaptive(stop={"min_items": 1, "max_items": 1})
    attempt = learner.start("adaptive")
    reply = learner.respond(attempt, 1, RIGHT).json
    assert (reply["attempt"]["state"], reply["next"]) == ("submitted", None)


def test_the_end_is_told_again_to_whoever_missed_it(learner):
    make_adaptive()
    attempt = learner.start("adaptive")
    sit(learner, attempt)
    assert learner.get(f"attempts/{attempt}/next/").status == 204
    assert learner.post(f"attempts/{attempt}/submit/").json["state"] == "submitted"


def test_ability_is_told_after_the_end_as_a_word_and_an_interval(learner):
    make_adaptive()
    attempt = learner.start("adaptive")
    assert learner.get(f"attempts/{attempt}/").json["ability"] is None
    sit(learner, attempt, WRONG)
    ability = learner.get(f"attempts/{attempt}/").json["ability"]
    assert set(ability) == {"band", "low", "high"}
    assert ability["band"] == "low"
    assert ability["low"] < ability["high"] < 0


def test_a_fixed_attempt_measures_no_ability(learner):
    attempt = learner.start(make_assessment().slug)
    learner.post(f"attempts/{attempt}/submit/")
    assert learner.get(f"attempts/{attempt}/").json["ability"] is None


def test_where_verdicts_wait_for_the_closing_the_ability_waits_too(learner):
    give(make_adaptive(), release="after_close")
    attempt = learner.start("adaptive")
    sit(learner, attempt)
    ended = learner.get(f"attempts/{attempt}/").json
    assert (ended["ability"], ended["score"]) == (None, None)


def test_nothing_on_the_way_tells_how_the_learner_does_or_what_is_scored(learner):
    make_adaptive(seeding=0.2)
    attempt = learner.start("adaptive")
    replies = sit(learner, attempt)
    assert Presentation.objects.filter(is_seeded=True).exists()
    for reply in replies:
        assert not any(word in reply.text for word in HIDDEN), reply
    verdicts = [reply.json for reply in replies[1::2]]
    assert {(v["score"], v["correct"], v["solution"]) for v in verdicts} == {(None, None, None)}
    assert [v["attempt"]["max_score"] for v in verdicts] == [100.0] * len(verdicts)


def test_the_review_shows_which_items_did_not_count(learner):
    make_adaptive(seeding=0.2)
    attempt = learner.start("adaptive")
    sit(learner, attempt)
    seeded = set(Presentation.objects.filter(is_seeded=True).values_list("position", flat=True))
    entries = learner.get(f"attempts/{attempt}/review/").json["presentations"]
    assert {entry["position"] for entry in entries if entry["max_score"] == 0} == seeded
    assert sum(entry["max_score"] for entry in entries) == 10


def test_a_repeated_answer_gets_its_first_reply_after_others_have_come(learner):
    give(make_adaptive(), release="immediate")
    attempt, key = learner.start("adaptive"), uuid4()
    learner.get(f"attempts/{attempt}/next/")
    first = learner.respond(attempt, 1, RIGHT, key)
    sit(learner, attempt)
    again = learner.respond(attempt, 1, RIGHT, key)
    assert again.status == 200
    assert again.json | {"next": None} == first.json | {"next": None}
    assert (first.json["next"]["state"], again.json["next"]["state"]) == ("open", "answered")


def test_another_learner_s_adaptive_attempt_does_not_exist(learner):
    make_adaptive()
    attempt = learner.start("adaptive")
    other = Api(make_learner())
    assert other.get(f"attempts/{attempt}/next/").status == 404
    assert other.post(f"attempts/{attempt}/next/").status == 404
    assert Presentation.objects.count() == 1


def test_a_bank_that_is_too_small_is_said_to_be():
    make_adaptive()
    reply = Api(make_learner()).post("attempts/", {"assessment": "adaptive"})
    assert (reply.status, reply.code) == (409, "bank_exhausted")
