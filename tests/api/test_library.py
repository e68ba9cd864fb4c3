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
