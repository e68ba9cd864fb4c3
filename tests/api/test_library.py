"""The library that ships with Assay, over the API: replies get lost, sessions change, every answer counts once."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.core.management import call_command

from assessment.models import Attempt, Response
from content.items.interactions import Samples
from content.models import Item
from tests import builders
from tests.api.client import Api
from tests.sitting import fold

pytestmark = pytest.mark.django_db

LESSON, QUIZ = "regularization", "regularization-quiz"
EXERCISES = ["l2-step", "l2-step-vector", "l2-halving-steps"]


@pytest.fixture
def library() -> None:
    call_command("import_content", "--json")


def samples(attempt: str, position: int) -> dict[str, Samples]:
    """Answers to a presentation that must be graded right, wrong and invalid, by interaction."""
    shown = Attempt.objects.get(pk=attempt).presentations.get(position=position)
    definition, variant = shown.item_version.definition, shown.variant
    return {i: one.samples(variant.interactions[i]) for i, one in definition.interactions.items()}


def answer(attempt: str, position: int, kind: str) -> dict[str, Any]:
    return {i: getattr(sample, kind)[0] for i, sample in samples(attempt, position).items()}


@pytest.mark.usefixtures("library")
def test_the_quiz_can_be_taken_with_lost_replies_and_counts_every_answer_once(api: Api) -> None:
    api.sign_up("ann")
    attempt = api.start(QUIZ)
    acknowledged = set()
    while (shown := api.get(f"attempts/{attempt}/next/")).status == 200:
        position = shown.json["position"]
        kinds = ["invalid", "wrong", "right"] if position % 2 else ["right"]
        for kind in kinds:
            key, sent = uuid4(), answer(attempt, position, kind)
            lost = api.respond(attempt, position, sent, key)
            api = Api()  # the reply never came, and neither did the session
            api.sign_in("ann")
            again = api.respond(attempt, position, sent, key)
            assert (lost.status, again.status, again.text) == (201, 200, lost.text)
            assert (again.json["valid"], again.json["correct"]) == (
                kind != "invalid",
                None if kind == "invalid" else kind == "right",
            )
            acknowledged.add(again.json["id"])
    done = api.post(f"attempts/{attempt}/submit/").json
    assert {str(id) for id in Response.objects.values_list("id", flat=True)} == acknowledged
    assert (done["score"], done["max_score"]) == fold(Attempt.objects.get())
    assert 0 < done["score"] < done["max_score"]
    review = api.get(f"attempts/{attempt}/review/").json["presentations"]
    assert all(entry["solution"] and entry["verdict"]["correct"] for entry in review)


TELLS_THE_KEY = ("rule", "compared")
SAYS_SOMETHING = ("message", "misconception", "compared", "parts")


@pytest.mark.usefixtures("library")
def test_each_wrong_answer_to_the_library_is_explained_and_none_tells_the_key_before_its_time(
    api: Api,
) -> None:
    items = list(Item.objects.asked())
    attempt = api.start(builders.make_assessment(*items, slug="everything", tries=2).slug)
    for position, item in enumerate(items, 1):
        tried = samples(attempt, position)
        first = api.respond(attempt, position, {i: sample.wrong[0] for i, sample in tried.items()}).json
        told = first["interactions"].values()
        assert first["place"]["state"] == "open", item.slug
        assert first["solution"] is first["right"] is None
        assert not any(one[name] for one in told for name in TELLS_THE_KEY), (item.slug, first)
        last = api.respond(attempt, position, {i: sample.wrong[-1] for i, sample in tried.items()}).json
        assert last["right"].keys() == tried.keys()
        for name, one in last["interactions"].items():
            # Of words that are nothing like the right ones there is only the rule to tell.
            is_explained = (
                any(one[part] for part in SAYS_SOMETHING) or last["feedback"] or "pen" in one["rule"]
            )
            assert is_explained or one["score"] == 1, (item.slug, name, one)
    assert len(items) >= 200


@pytest.mark.usefixtures("library")
def test_everything_the_lesson_leads_to_can_be_shown_and_answered(api: Api) -> None:
    lesson = api.get(f"lessons/{LESSON}/").json
    assert QUIZ in [one["slug"] for one in lesson["assessments"]]
    assert set(EXERCISES) <= {one["slug"] for one in lesson["exercises"]}
    assert "math" in lesson["theory"]
    for exercise in lesson["exercises"]:
        variant = api.post(f"exercises/{exercise['slug']}/variants/")
        assert variant.status == 201, variant
    items = list(Item.objects.asked())
    assessment = builders.make_assessment(*items, slug="everything", tries=1)
    attempt = api.start(assessment.slug)
    for position in range(1, len(items) + 1):
        reply = api.respond(attempt, position, answer(attempt, position, "right"))
        assert reply.json["correct"], (items[position - 1].slug, reply)
    assert api.get(f"attempts/{attempt}/").json["score"] == len(items)
