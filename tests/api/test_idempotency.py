"""A reply that was lost can be asked for again; nothing is recorded twice, and nothing is lost."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import pytest
from django.db import connection

from assessment.models import Attempt, Presentation, Response
from tests import builders
from tests.api.client import Api, Reply
from tests.sitting import fold

pytestmark = pytest.mark.django_db


@pytest.fixture
def ann() -> Api:
    return Api(builders.make_learner("ann"))


def quiz(**fields: object) -> str:
    items = (
        builders.make_item(builders.choice_document()),
        builders.make_item(builders.choice_document("second")),
    )
    return builders.make_assessment(*items, slug="quiz", **fields).slug


def test_a_repeated_key_records_nothing_and_gets_the_same_body(ann: Api) -> None:
    attempt, key = ann.start(quiz()), uuid4()
    first = ann.respond(attempt, 1, {"a": "wrong"}, key)
    again = ann.respond(attempt, 1, {"a": "wrong"}, key)
    assert (first.status, again.status) == (201, 200)
    assert again.text == first.text
    assert Response.objects.count() == 1


@pytest.mark.parametrize("feedback", ["immediate", "at_end", "after_close"])
def test_the_same_body_comes_even_after_more_answers_and_the_end(ann: Api, feedback: str) -> None:
    attempt, keys = ann.start(quiz(feedback=feedback, tries=3, penalty=0.25)), [uuid4() for _ in range(5)]
    sent = [(1, "wrong"), (2, "right"), (1, "no-such-option"), (1, "right"), (2, "other")]
    if feedback == "immediate":
        sent.pop()  # settled by the right answer
    replies = [ann.respond(attempt, n, {"a": a}, key) for (n, a), key in zip(sent, keys, strict=False)]
    ann.post(f"attempts/{attempt}/submit/")
    assert [reply.status for reply in replies] == [201] * len(sent)
    for (position, answer), key, reply in zip(sent, keys, replies, strict=False):
        again = ann.respond(attempt, position, {"a": answer}, key)
        assert (again.status, again.text) == (200, reply.text)


def test_a_repeated_key_works_from_another_session(ann: Api) -> None:
    attempt, key = ann.start(quiz()), uuid4()
    first = ann.respond(attempt, 1, {"a": "wrong"}, key)
    elsewhere = Api()
    elsewhere.sign_in("ann")
    assert elsewhere.respond(attempt, 1, {"a": "wrong"}, key).text == first.text


@pytest.mark.parametrize(("position", "answer"), [(1, "other"), (2, "wrong")])
def test_a_key_is_good_for_one_answer_in_one_place(ann: Api, position: int, answer: str) -> None:
    attempt, key = ann.start(quiz()), uuid4()
    ann.respond(attempt, 1, {"a": "wrong"}, key)
    reply = ann.respond(attempt, position, {"a": answer}, key)
    assert (reply.status, reply.code) == (422, "key_reused")
    assert Response.objects.count() == 1


def test_keys_of_two_learners_do_not_meet(ann: Api) -> None:
    quiz()
    bob, key = Api(builders.make_learner("bob")), uuid4()
    for api in (ann, bob):
        assert api.respond(api.start("quiz"), 1, {"a": "wrong"}, key).status == 201


@pytest.mark.parametrize("key", ["", "7", "not-a-uuid", "x" * 5000])
def test_a_key_that_is_no_uuid_is_refused_before_anything_is_recorded(ann: Api, key: str) -> None:
    attempt = ann.start(quiz())
    path = f"attempts/{attempt}/presentations/1/responses/"
    reply = ann.post(path, {"answer": {"a": "right"}}, headers={"Idempotency-Key": key})
    assert (reply.status, reply.code) == (400, "invalid_uuid")
    assert not Response.objects.exists()


def test_without_a_key_an_answer_that_could_spend_a_try_is_refused(ann: Api) -> None:
    attempt = ann.start(quiz())
    reply = ann.post(f"attempts/{attempt}/presentations/1/responses/", {"answer": {"a": "wrong"}})
    assert (reply.status, reply.code) == (400, "required")
    assert not Response.objects.exists()


def test_a_check_of_practice_is_repeatable_too(api: Api) -> None:
    builders.make_item(builders.exercise_document())
    token = api.post("exercises/double-it/variants/").json["token"]
    headers = {"Idempotency-Key": str(uuid4())}
    key = repr(Presentation.objects.get().variant.interactions["a"]["key"])

    def check(answer: str, **headers: str) -> Reply:
        return api.post(
            "exercises/double-it/check/", {"token": token, "answer": {"a": answer}}, headers=headers
        )

    first = check("-1", **headers)
    check(key)
    assert check("-1", **headers).text == first.text
    assert check("-2", **headers).code == "key_reused"
    assert Response.objects.count() == 2


def together(count: int, act: Callable[[int], Reply]) -> list[Reply]:
    """Run ``act`` in as many threads, all let loose at the same moment."""
    barrier = threading.Barrier(count)

    def run(number: int) -> Reply:
        try:
            barrier.wait()
            return act(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as threads:
        return list(threads.map(run, range(count)))


@pytest.mark.django_db(transaction=True)
def test_the_same_request_twice_at_once_is_recorded_once() -> None:
    ann, key = Api(builders.make_learner("ann")), uuid4()
    attempt = ann.start(quiz())
    doors = [Api(builders.who(Attempt.objects.get())) for _ in range(4)]
    replies = together(4, lambda n: doors[n].respond(attempt, 1, {"a": "wrong"}, key))
    assert sorted(reply.status for reply in replies) == [200, 200, 200, 201]
    assert len({reply.text for reply in replies}) == 1
    assert Response.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_answers_at_once_are_two_tries() -> None:
    ann = Api(builders.make_learner("ann"))
    attempt = ann.start(quiz(tries=2))
    doors = [Api(builders.who(Attempt.objects.get())) for _ in range(3)]
    replies = together(3, lambda n: doors[n].respond(attempt, 1, {"a": "wrong"}))
    assert sorted(reply.status for reply in replies) == [201, 201, 409]
    assert sorted(reply.json["try"] for reply in replies if reply.status == 201) == [1, 2]
    stored = Attempt.objects.get()
    assert (stored.score, stored.max_score) == fold(stored)


@pytest.mark.django_db(transaction=True)
def test_a_double_click_starts_one_attempt() -> None:
    learner = builders.make_learner("ann")
    quiz()
    doors = [Api(learner) for _ in range(3)]
    replies = together(3, lambda n: doors[n].post("attempts/", {"assessment": "quiz"}))
    assert sorted(reply.status for reply in replies) == [200, 200, 201]
    assert len({reply.json["id"] for reply in replies}) == 1


@pytest.mark.django_db(transaction=True)
def test_an_answer_and_the_end_at_once_leave_a_score_that_is_the_fold() -> None:
    learner = builders.make_learner("ann")
    attempt = Api(learner).start(quiz())
    doors = [Api(learner) for _ in range(2)]

    def act(number: int) -> Reply:
        if number:
            return doors[number].post(f"attempts/{attempt}/submit/")
        return doors[number].respond(attempt, 1, {"a": "right"})

    answered, ended = together(2, act)
    assert ended.json["state"] == "submitted"
    assert answered.status in (201, 409)
    stored = Attempt.objects.get()
    late = Response.objects.filter(origin="late").count()
    assert (late, Response.objects.count()) == (0 if answered.status == 201 else 1, 1)
    assert (stored.score, stored.max_score) == fold(stored)


@pytest.mark.django_db(transaction=True)
def test_a_name_is_given_once_even_to_two_at_once() -> None:
    doors = [Api() for _ in range(2)]
    for door in doors:
        door.get("me/")
    body = {"username": "ann", "password": builders.PASSWORD}
    replies = together(2, lambda n: doors[n].post("accounts/", body))
    assert sorted(reply.status for reply in replies) == [201, 400]
