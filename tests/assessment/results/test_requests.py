"""Requests for another look: asked once, gathered by what was answered, and closed with a reply."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Q
from pytest_django import DjangoAssertNumQueries

from assessment.errors import RequestRefused
from assessment.models import Attempt, RegradeRequest, Response
from assessment.results.requests import close_answered, close_requests, open_requests, request_regrade
from content.models import Item
from tests import sitting
from tests.assessment.recording.test_correcting import LATER, OTHER, applied, correct, undone
from tests.builders import choice_document, make_attempt, make_item, make_learner

pytestmark = pytest.mark.django_db

EVERY = Q(pk__isnull=False)


@pytest.fixture
def item() -> Item:
    return make_item(choice_document("pick"))


def answered(item: Item, answer: dict[str, Any] = OTHER, **fields: Any) -> Attempt:
    attempt = make_attempt(item, tries=1, **fields)
    sitting.answer(attempt, 1, answer)
    return sitting.submit(attempt)


def ask(attempt: Attempt, text: str = "Why?") -> tuple[RegradeRequest, bool]:
    return request_regrade(attempt=attempt, response_id=attempt.responses.get().pk, text=text, now=LATER)


def test_an_answer_is_asked_about_once(item: Item) -> None:
    attempt = answered(item)
    first, is_new = ask(attempt)
    again, is_newer = ask(attempt, "Why not?")
    assert (is_new, is_newer, again.pk, again.text) == (True, False, first.pk, "Why?")


def test_nobody_asks_before_the_result_may_be_seen(item: Item) -> None:
    open_one = make_attempt(item, tries=1)
    sitting.answer(open_one, 1, OTHER)
    for attempt in (open_one, answered(item, feedback="after_close")):
        with pytest.raises(RequestRefused, match="see your result"):
            ask(attempt)


def test_what_was_not_judged_is_not_asked_about(item: Item) -> None:
    attempt = answered(item)
    late = Response.objects.create(
        learner=attempt.learner,
        attempt=attempt,
        presentation=attempt.presentations.get(),
        sequence=9,
        answer=OTHER,
        origin="late",
        key=attempt.pk,
        created_at=LATER,
    )
    with pytest.raises(RequestRefused, match="not graded"):
        request_regrade(attempt=attempt, response_id=late.pk, text="", now=LATER)


def test_an_answer_of_another_attempt_is_not_there(item: Item) -> None:
    mine, other = answered(item), answered(item)
    with pytest.raises(Response.DoesNotExist):
        request_regrade(attempt=mine, response_id=other.responses.get().pk, text="", now=LATER)


def test_requests_are_gathered_by_what_was_answered(item: Item) -> None:
    attempts = [answered(item) for _ in range(3)] + [answered(item, sitting.WRONG)]
    for attempt in (*attempts[:2], attempts[3]):
        ask(attempt)
    first, second = open_requests(EVERY)
    assert (first.version, first.answer, first.count, first.same) == (item.version, {"a": ["other"]}, 2, 3)
    assert (second.answer, second.count, second.same, second.score) == ({"a": ["wrong"]}, 1, 1, 0.0)
    asking = [one.response.attempt.learner.users.all()[0] for one in first.requests if one.response.attempt]
    assert asking == [attempt.learner.users.get() for attempt in attempts[:2]]
    [only] = open_requests(Q(pk=attempts[3].pk))
    assert only.answer == {"a": ["wrong"]}


def test_gathering_costs_the_same_however_many_ask(
    item: Item, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for _ in range(4):
        ask(answered(item))
    with django_assert_max_num_queries(4):
        [asked] = open_requests(EVERY)
        assert [str(one.response.attempt) for one in asked.requests]


def test_a_reply_closes_what_is_open_and_nothing_twice(item: Item) -> None:
    request, _ = ask(answered(item))
    every, teacher = RegradeRequest.objects.all(), make_learner()
    assert close_requests(every, " It is wrong. ", teacher, LATER) == 1
    assert close_requests(every, "Another reply.", None, LATER) == 0
    request.refresh_from_db()
    assert (request.reply, request.closed_by, request.closed_at) == ("It is wrong.", teacher, LATER)
    assert open_requests(EVERY) == []


@pytest.mark.parametrize("kind", ["key", "full_credit", "drop"])
def test_a_correction_answers_those_who_asked(item: Item, kind: str) -> None:
    asked, _ = ask(answered(item))
    other, _ = ask(answered(make_item()))
    correction = correct(item, kind, author=make_learner())
    applied(correction)
    assert close_answered(correction, LATER) == 1
    asked.refresh_from_db()
    other.refresh_from_db()
    assert (asked.reply, asked.closed_by) == ("The key was wrong.", correction.author)
    assert other.closed_at is None


def test_a_correction_that_leaves_an_answer_as_it_was_answers_nobody(item: Item) -> None:
    ask(answered(item, sitting.WRONG))
    correction = correct(item)
    applied(correction)
    assert close_answered(correction, LATER) == 0


def test_taking_back_leaves_closed_requests_closed(item: Item) -> None:
    request, _ = ask(answered(item))
    correction = correct(item)
    applied(correction)
    close_answered(correction, LATER)
    [effect] = undone(correction)
    assert close_answered(effect.correction, LATER) == 0
    request.refresh_from_db()
    assert request.reply == "The key was wrong."
