"""Submitting an answer, against the SQL that it cannot do without: lock, insert, update twice, commit."""

from __future__ import annotations

import json
import random
import uuid
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import count, cycle
from pathlib import Path
from typing import Any

from django.db import connection, transaction
from django.test import Client
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

import content
from assessment.authoring import draft_assessment, publish_assessment
from assessment.delivery.attempts import next_presentation, start_attempt
from assessment.delivery.practice import start_practice
from assessment.delivery.responses import submit_response
from assessment.models import Assessment, Attempt, User
from assessment.recording.deciding import Submission
from assessment.transfer.importing import import_course
from bench import Measurement, seconds_per_call
from content.formats.course_folder import read_course
from content.models import Item

LIBRARY = Path(content.__path__[0]) / "library" / "classical-ml"
CALLS = 150
LEARNERS = 50
"""Who answer in turn, so that no attempt grows longer than attempts are."""
ROUNDS = 3

LOCK = "SELECT * FROM assessment_attempt WHERE id = %s FOR UPDATE"
INSERT = """
    INSERT INTO assessment_response (id, learner_id, presentation_id, try_number, hints_taken, answer, verdict,
        valid, score, origin, idempotency_key, request_fingerprint, created_at)
    VALUES (%s, %s, %s, %s, 0, %s, %s, true, 0, 'learner', %s, %s, now())
"""
MOVE = "UPDATE assessment_presentation SET tries_used = tries_used + 1, score = 0 WHERE id = %s"
UPDATE = "UPDATE assessment_attempt SET score = 0 WHERE id = %s"


def measure() -> Iterable[Measurement]:
    with scratch_database():
        import_course(course=read_course(LIBRARY), now=timezone.now())
        assessment = Assessment.objects.get(slug="regularization-quiz")
        document = {**assessment.version.document, "tries": None}
        publish_assessment(
            version=draft_assessment(document=document, now=timezone.now()), now=timezone.now()
        )
        assessment.refresh_from_db()
        floor = _floor(_attempt(assessment))
        sitting = [_attempt(assessment) for _ in range(LEARNERS)]
        yield Measurement("submit an answer: the verb", _submit(sitting), "its SQL alone", floor)
        sitting = [_attempt(assessment) for _ in range(LEARNERS)]
        yield Measurement("submit an answer: the request", _request(sitting), "its SQL alone", floor)
        attempt = _attempt(assessment)
        yield Measurement("the next item: the verb", _next(attempt), "its SQL alone", floor)
        yield Measurement(
            "a variant of practice: the verb", _variant(attempt.learner.users.get()), "its SQL alone", floor
        )


@contextmanager
def scratch_database() -> Iterator[None]:
    """A database of its own, with every migration, dropped afterwards."""
    created = setup_databases(verbosity=0, interactive=False)
    try:
        yield
    finally:
        teardown_databases(created, verbosity=0)


def _attempt(assessment: Assessment) -> Attempt:
    learner = User.objects.create_user(f"bench-{uuid.uuid4()}")
    dice = random.Random(1)  # noqa: S311 - dice of a benchmark
    return start_attempt(user=learner, assessment=assessment, now=timezone.now(), dice=dice)[0]


def _wrong(attempt: Attempt) -> dict[str, str]:
    """Return a readable answer to the first item that leaves it open."""
    record = attempt.presentations.get(position=1).variant.interactions["a"]
    return {"a": next(option for option, weight in record["key"].items() if not weight)}


def _submit(attempts: list[Attempt]) -> float:
    users = {attempt.pk: attempt.learner.users.get() for attempt in attempts}
    turns = cycle([(attempt, _wrong(attempt)) for attempt in attempts])

    def submit() -> None:
        attempt, answer = next(turns)
        submit_response(
            attempt_id=attempt.pk,
            user_id=users[attempt.pk].pk,
            position=1,
            sent=Submission(answer, uuid.uuid4(), timezone.now()),
        )

    return seconds_per_call(submit, calls=CALLS, rounds=ROUNDS)


def _request(attempts: list[Attempt]) -> float:
    """Through the whole of Django and the REST API, without the network."""
    turns = cycle([(_signed_in(attempt), attempt.pk, _wrong(attempt)) for attempt in attempts])

    def post() -> None:
        client, attempt, answer = next(turns)
        path = f"/api/v1/attempts/{attempt}/presentations/1/responses/"
        body = json.dumps({"answer": answer})
        headers = {"Idempotency-Key": str(uuid.uuid4())}
        response = client.post(path, body, "application/json", headers=headers)
        if response.status_code != 201:
            raise RuntimeError(response.content)

    return seconds_per_call(post, calls=CALLS, rounds=ROUNDS)


def _signed_in(attempt: Attempt) -> Client:
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(attempt.learner.users.get(), "django.contrib.auth.backends.ModelBackend")
    return client


def _next(attempt: Attempt) -> float:
    user = attempt.learner.users.get()
    return seconds_per_call(
        lambda: next_presentation(attempt_id=attempt.pk, user_id=user.pk, now=timezone.now()),
        calls=CALLS,
        rounds=ROUNDS,
    )


def _variant(learner: User) -> float:
    item = Item.objects.exercises().get(slug="l2-step-vector")
    dice = random.Random(1)  # noqa: S311 - dice of a benchmark
    return seconds_per_call(
        lambda: start_practice(user=learner, item=item, now=timezone.now(), dice=dice),
        calls=CALLS,
        rounds=ROUNDS,
    )


def _floor(attempt: Attempt) -> float:
    presentation = attempt.presentations.get(position=1)
    tries = count(1)
    verdict = json.dumps({"interactions": {"a": {"valid": True, "rule": "x" * 300}}})

    def record() -> None:
        key = uuid.uuid4()
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(LOCK, [attempt.pk])
            row: list[Any] = [
                key,
                attempt.learner_id,
                presentation.pk,
                next(tries),
                '{"a": "b"}',
                verdict,
                key,
                "x" * 64,
            ]
            cursor.execute(INSERT, row)
            cursor.execute(MOVE, [presentation.pk])
            cursor.execute(UPDATE, [attempt.pk])

    return seconds_per_call(record, calls=CALLS, rounds=ROUNDS)
