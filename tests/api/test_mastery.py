"""Mastery attempts over the API: skill by skill, with the reason for each item, and a score that counts skills."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import call_command
from django.utils import timezone

from assessment.models import Presentation, User
from content.models import Item
from tests.api.client import Api
from tests.builders import make_assessment, make_learner
from tests.measuring import make_adaptive, make_measuring_items
from tests.practicing import make_chain, make_mastery, record_practice

pytestmark = pytest.mark.django_db


@pytest.fixture
def learner():
    make_chain()
    return Api(make_learner("ann"))


def key_of(attempt, position):
    shown = Presentation.objects.get(attempt=attempt, position=position)
    return {"a": repr(shown.variant.interactions["a"]["key"])}


def sit(api, attempt):
    replies = []
    while (reply := api.get(f"attempts/{attempt}/next/")).status == 200:
        position = reply.json["position"]
        replies.append((reply, api.respond(attempt, position, key_of(attempt, position))))
    assert reply.status == 204
    return replies


def states(api, attempt):
    skills = api.get(f"attempts/{attempt}/").json["mastery"]["skills"]
    return {one["slug"]: one["state"] for one in skills}


def test_a_list_says_the_mode_and_how_long_at_most(learner):
    make_mastery(max_items=12)
    (found,) = learner.get("assessments/").json["results"]
    assert (found["mode"], found["item_count"]) == ("mastery", 12)
    assert learner.get("assessments/mastery/").json["sections"] == []


def test_skills_open_one_after_the_other(learner):
    make_mastery()
    attempt = learner.start("mastery")
    assert states(learner, attempt) == {"count": "open", "add": "locked", "multiply": "locked"}
    for position in (1, 2):
        learner.get(f"attempts/{attempt}/next/")
        learner.respond(attempt, position, key_of(attempt, position))
    assert states(learner, attempt) == {"count": "mastered", "add": "open", "multiply": "locked"}


def test_each_item_says_why_it_is_asked_and_how_far_its_skill_is(learner):
    make_mastery(criterion="probability")
    attempt = learner.start("mastery")
    shown = learner.get(f"attempts/{attempt}/next/").json
    assert shown["section"] == "count"
    assert shown["why"] == (
        "Practices “count”, which builds on nothing else here. You have not practiced it yet."
    )
    assert shown["grounds"].startswith("Mastered means known with at least 95%")
    mastery = learner.get(f"attempts/{attempt}/").json["mastery"]
    assert (mastery["criterion"], mastery["ended_by"]) == ("probability", None)
    assert {one["probability"] for one in mastery["skills"]} == {None}
    learner.respond(attempt, 1, key_of(attempt, 1))
    first = learner.get(f"attempts/{attempt}/").json["mastery"]["skills"][0]
    assert first["low"] < first["probability"] < first["high"]
    assert (first["level"], first["words"]) == ("shaky", "shaky")


def test_what_an_older_attempt_stored_has_its_numbers_in_the_sentence(learner):
    make_mastery()
    attempt = learner.start("mastery")
    Presentation.objects.update(choice={"skill": "count", "skills": ["count"], "reason": "Known with 30%."})
    shown = learner.get(f"attempts/{attempt}/next/").json
    assert (shown["why"], shown["grounds"]) == ("Known with 30%.", None)


def test_the_score_counts_skills_and_grows_with_the_answer_that_masters_one(learner):
    make_mastery()
    attempt = learner.start("mastery")
    scores = [answered.json["attempt"] for _, answered in sit(learner, attempt)]
    assert [one["score"] for one in scores] == [0, 1, 1, 2, 2, 3]
    assert {one["max_score"] for one in scores} == {3}
    ended = learner.get(f"attempts/{attempt}/").json
    assert (ended["state"], ended["score"], ended["max_score"]) == ("submitted", 3, 3)
    assert ended["mastery"]["ended_by"] == "mastered"


def test_a_lost_reply_asked_for_later_says_the_score_of_then(learner):
    make_mastery()
    attempt = learner.start("mastery")
    learner.get(f"attempts/{attempt}/next/")
    answer, key = key_of(attempt, 1), uuid4()
    first = learner.respond(attempt, 1, answer, key)
    sit(learner, attempt)
    again = learner.respond(attempt, 1, answer, key)
    assert again.status == 200
    assert again.json | {"next": None} == first.json | {"next": None}


def test_an_attempt_of_another_mode_has_no_skills_and_tells_no_reasons(learner):
    make_measuring_items([0.0] * 6)
    make_adaptive()
    for slug in (make_assessment().slug, "adaptive"):
        attempt = learner.start(slug)
        assert learner.get(f"attempts/{attempt}/next/").json["why"] is None
        assert learner.get(f"attempts/{attempt}/").json["mastery"] is None


def test_the_example_of_the_library_can_be_sat_to_its_end(api):
    call_command("import_content")
    attempt = api.start("regularization-mastery")
    skills = api.get(f"attempts/{attempt}/").json["mastery"]["skills"]
    assert [one["slug"] for one in skills if one["state"] == "open"] == ["penalized-objective"]
    shown = api.get(f"attempts/{attempt}/next/").json
    assert "Write a penalized loss" in shown["why"]


def test_progress_says_what_to_review_and_when_there_will_be_more(learner):
    ann = User.objects.get(username="ann")
    old, new = Item.objects.filter(slug__in=["add-it", "count-it"]).order_by("slug")
    record_practice(ann, old, [1.0], at=timezone.now() - timedelta(days=90))
    record_practice(ann, new, [1.0], at=timezone.now())
    progress = learner.get("progress/").json
    [due] = progress["review"]
    assert (due["slug"], due["exercise"]) == ("add", {"slug": "add-it", "title": "Double it"})
    assert due["why"] == "You last practiced it 90 days ago: see whether you still have it."
    by_skill = {one["slug"]: one["review_at"] for one in progress["skills"]}
    assert progress["next_due"] == by_skill["count"]


def test_hints_of_an_exercise_can_be_seen_to_be_there_and_taken(learner):
    """Only where ability is measured there are none."""
    make_mastery()
    attempt = learner.start("mastery")
    shown = learner.get(f"attempts/{attempt}/next/").json
    assert (shown["hints_available"], shown["hints"]) == (1, [])
    taken = learner.post(f"attempts/{attempt}/presentations/1/hints/").json
    assert taken["hints"] == ["<p>Add it to itself.</p>\n"]
    assert learner.get(f"attempts/{attempt}/next/").json["hints"] == taken["hints"]
