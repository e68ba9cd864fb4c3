"""What a learner reads of a corrected result: from what to what and why, no name, and nothing before its time."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import uuid4

import pytest
from django.core.cache import cache

from api.rest.throttles import RequestThrottle
from assessment.models import Attempt, CorrectionEffect, RegradeRequest, User
from assessment.models.corrections import ActionKind
from assessment.models.people import Role
from assessment.recording.correcting import preview_correction
from assessment.recording.overruling import act, override_score
from assessment.results.felt import notices
from assessment.results.requests import close_requests
from content.models import Item
from tests import builders, sitting
from tests.api.client import Api
from tests.assessment.recording.test_correcting import LATER, OTHER, applied, correct, undone
from tests.builders import enrol, make_course, make_learner
from tests.wire import statements

pytestmark = pytest.mark.django_db

REASON = "The key was wrong."


@pytest.fixture
def item() -> Item:
    return builders.make_item(builders.choice_document("pick"))


@pytest.fixture
def ann() -> User:
    return make_learner("ann")


def taken(item: Item, learner: User, answer: dict[str, Any] = OTHER, **fields: Any) -> Attempt:
    attempt = builders.make_attempt(item, learner=learner, tries=1, **fields)
    sitting.answer(attempt, 1, answer)
    return sitting.submit(attempt)


def review(user: User, attempt: Attempt) -> Any:
    reply = Api(user).get(f"attempts/{attempt.pk}/review/")
    assert reply.status == 200
    return reply.json


def corrected(user: User) -> Any:
    return Api(user).get("progress/").json["corrected"]


def test_a_review_says_from_what_to_what_and_why(item: Item, ann: User) -> None:
    attempt = taken(item, ann)
    applied(correct(item, author=make_learner("boss")))
    found = review(ann, attempt)
    [felt] = found["corrections"]
    assert (felt["from"], felt["to"], felt["reason"], felt["kept"]) == (0.0, 1.0, REASON, False)
    assert (felt["kind"], felt["by"]) == ("key", "your instructor")
    assert felt["words"] == "The right answer of a question was corrected."
    told = found["presentations"][0]["corrected"]
    assert (told["from"], told["to"], told["reason"], told["was_told"]) == (0.0, 1.0, REASON, True)
    assert "boss" not in str(found)


def test_those_who_teach_read_who_it_was(item: Item, ann: User) -> None:
    course, teacher = make_course(), make_learner("teacher")
    enrol(teacher, course, Role.INSTRUCTOR)
    enrol(ann, course)
    attempt = taken(item, ann, course=course)
    applied(correct(item, author=make_learner("boss", first_name="Bo", last_name="Boss")))
    found = review(teacher, attempt)
    assert found["corrections"][0]["by"] == "Bo Boss"
    assert not found["presentations"][0]["may_ask"]


@pytest.mark.parametrize(("kind", "to"), [("full_credit", 1.0), ("drop", None)])
def test_a_place_that_counts_otherwise_is_told_of(item: Item, ann: User, kind: str, to: float | None) -> None:
    attempt = taken(item, ann)
    applied(correct(item, kind))
    found = review(ann, attempt)
    assert found["presentations"][0]["corrected"]["to"] == to
    assert not found["presentations"][0]["may_ask"], "there is nothing more to have"
    assert found["corrections"][0]["to"] == to


def test_who_would_lose_reads_that_the_result_stays(item: Item, ann: User) -> None:
    attempt = taken(item, ann, sitting.RIGHT)
    applied(correct(item, exact=True))
    found = review(ann, attempt)
    assert [(one["kept"], one["from"], one["to"]) for one in found["corrections"]] == [(True, 1.0, 1.0)]
    assert found["presentations"][0]["corrected"] is None
    assert corrected(ann) == []


def test_a_correction_that_was_taken_back_is_told_as_both(item: Item, ann: User) -> None:
    attempt, correction = taken(item, ann), correct(item)
    applied(correction)
    undone(correction)
    found = review(ann, attempt)
    assert [(one["from"], one["to"]) for one in found["corrections"]] == [(0.0, 1.0), (1.0, 0.0)]
    assert found["corrections"][1]["words"] == "An earlier correction was taken back."
    assert found["presentations"][0]["corrected"] is None
    assert corrected(ann) == []


def test_nothing_is_told_before_its_time(item: Item, ann: User) -> None:
    attempt = taken(item, ann, feedback="after_close")
    correction = correct(item)
    preview_correction(correction_id=correction.pk, now=LATER)
    assert review(ann, attempt)["corrections"] == []
    applied(correction)
    override_score(
        attempt_id=attempt.pk, position=1, score=0.5, reason="Half.", author=make_learner(), now=LATER
    )
    found = review(ann, attempt)
    place = found["presentations"][0]
    assert (found["corrections"], found["decisions"]) == ([], [])
    assert (place["corrected"], place["may_ask"], place["request"]) == (None, False, None)
    assert corrected(ann) == []
    assert Api(ann).post(f"attempts/{attempt.pk}/corrections/seen/").status == 204
    assert CorrectionEffect.objects.get().seen_at is None


def test_what_people_decided_is_told_with_its_reason(item: Item, ann: User) -> None:
    attempt, boss = taken(item, ann), make_learner("boss")
    for score in (0.2, 0.5):
        override_score(
            attempt_id=attempt.pk, position=1, score=score, reason=f"Worth {score}.", author=boss, now=LATER
        )
    act(attempt_id=attempt.pk, kind=ActionKind.VOID, reason="A mistake.", author=boss, now=LATER)
    found = review(ann, attempt)["decisions"]
    assert [(one["kind"], one["reason"], one["by"]) for one in found] == [
        ("score", "Worth 0.5.", "your instructor"),
        ("void", "A mistake.", "your instructor"),
    ]
    assert (found[0]["position"], found[0]["score"]) == (1, 0.5)


def test_a_score_by_hand_that_was_taken_back_is_not_told(item: Item, ann: User) -> None:
    attempt, boss = taken(item, ann), make_learner()
    for score in (0.2, None):
        override_score(
            attempt_id=attempt.pk, position=None, score=score, reason="So.", author=boss, now=LATER
        )
    assert review(ann, attempt)["decisions"] == []


def test_a_corrected_result_is_noticed_until_it_was_seen(item: Item, ann: User) -> None:
    attempt = taken(item, ann)
    applied(correct(item))
    [notice] = corrected(ann)
    assert (notice["attempt"], notice["from"], notice["to"]) == (str(attempt.pk), 0.0, 1.0)
    assert notice["assessment"]["slug"] == attempt.assessment.slug
    assert corrected(make_learner()) == []
    for _ in range(2):
        assert Api(ann).post(f"attempts/{attempt.pk}/corrections/seen/").status == 204
    assert corrected(ann) == []
    assert Api(make_learner()).post(f"attempts/{attempt.pk}/corrections/seen/").status == 404


def test_what_a_person_decided_above_is_no_notice(item: Item, ann: User) -> None:
    attempt = taken(item, ann)
    override_score(
        attempt_id=attempt.pk, position=None, score=0.5, reason="So.", author=make_learner(), now=LATER
    )
    applied(correct(item))
    assert corrected(ann) == []


def test_notices_cost_the_same_however_many(ann: User) -> None:
    costs = []
    for more in (1, 3):
        one = builders.make_item()
        for _ in range(more):
            taken(one, ann)
        applied(correct(one, "full_credit"))
        with statements() as sent:
            assert len(notices(ann, LATER)) == Attempt.objects.count()
        costs.append(len(sent))
    assert costs[0] == costs[1] <= 4
    other = make_learner()
    with statements() as sent:
        assert notices(other, LATER) == []
    assert len(sent) == 1


# Another look


def path_of(attempt: Attempt) -> str:
    return f"attempts/{attempt.pk}/responses/{attempt.responses.get().pk}/regrade-request/"


def test_another_look_is_asked_for_once_and_answered(item: Item, ann: User) -> None:
    attempt, api = taken(item, ann), Api(ann)
    assert review(ann, attempt)["presentations"][0]["may_ask"]
    asked = api.post(path_of(attempt), {"text": "I meant this."})
    again = api.post(path_of(attempt), {"text": "Again."})
    assert (asked.status, again.status, again.json) == (201, 200, asked.json)
    assert (asked.json["state"], asked.json["text"], asked.json["reply"]) == ("open", "I meant this.", "")
    place = review(ann, attempt)["presentations"][0]
    assert (place["may_ask"], place["request"]) == (False, asked.json)
    close_requests(RegradeRequest.objects.all(), "It stays wrong.", make_learner(), LATER)
    closed = review(ann, attempt)["presentations"][0]["request"]
    assert (closed["state"], closed["reply"]) == ("closed", "It stays wrong.")
    assert datetime.fromisoformat(closed["closed_at"]) == LATER


def test_a_right_answer_is_not_asked_about(item: Item, ann: User) -> None:
    attempt = taken(item, ann, sitting.RIGHT)
    assert not review(ann, attempt)["presentations"][0]["may_ask"]


def test_another_look_has_to_wait_for_the_result(item: Item, ann: User) -> None:
    attempt = taken(item, ann, feedback="after_close")
    refused = Api(ann).post(path_of(attempt), {"text": ""})
    assert (refused.status, refused.code) == (409, "request_refused")
    assert not RegradeRequest.objects.exists()


def test_nobody_asks_for_somebody_else(item: Item, ann: User) -> None:
    attempt, mine = taken(item, ann), taken(item, make_learner("bob"))
    bob = Api(User.objects.get(username="bob"))
    assert bob.post(path_of(attempt), {"text": ""}).status == 404
    assert bob.post(path_of(attempt).replace(str(attempt.pk), str(mine.pk)), {"text": ""}).status == 404
    assert bob.post(f"attempts/{mine.pk}/responses/{uuid4()}/regrade-request/", {"text": ""}).status == 404


@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": "\0"}, {"text": "x" * 2_001}, [], "null"])
def test_a_request_that_cannot_be_kept_is_refused(item: Item, ann: User, body: Any) -> None:
    attempt = taken(item, ann)
    assert Api(ann).post(path_of(attempt), body).status == 400
    assert not RegradeRequest.objects.exists()


def test_requests_are_limited(item: Item, ann: User, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(RequestThrottle, "rate", "1/hour", raising=False)
    cache.clear()
    attempt, api = taken(item, ann), Api(ann)
    assert [api.post(path_of(attempt), {"text": ""}).status for _ in range(2)] == [201, 429]
