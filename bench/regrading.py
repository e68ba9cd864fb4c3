"""A wrong key in one of ten items: what a preview and an application cost, an attempt.

``python -m bench.regrading 100000`` does it for as many attempts, and says what memory it took.
"""

from __future__ import annotations

import random
import resource
import sys
import time
from collections.abc import Callable, Iterable
from datetime import timedelta
from functools import partial
from typing import Any

from bench import Measurement

ATTEMPTS = 5_000
ITEMS = 10

CLONE = """
CREATE TEMPORARY TABLE cloned AS
SELECT number, uuidv7() AS learner, uuidv7() AS attempt FROM generate_series(1, %(count)s) AS number;
INSERT INTO assessment_learner (id, created_at) SELECT learner, now() FROM cloned;
INSERT INTO assessment_attempt
SELECT (json_populate_record(model, json_build_object('id', attempt, 'learner_id', learner))).*
FROM cloned, assessment_attempt AS model WHERE model.id = %(attempt)s;
CREATE TEMPORARY TABLE placed AS
SELECT cloned.learner, cloned.attempt, place.id AS old, uuidv7() AS new
FROM cloned, assessment_presentation AS place WHERE place.attempt_id = %(attempt)s;
INSERT INTO assessment_presentation
SELECT (json_populate_record(model, json_build_object('id', new, 'learner_id', learner, 'attempt_id', attempt))).*
FROM placed JOIN assessment_presentation AS model ON model.id = placed.old;
CREATE TEMPORARY TABLE answered AS
SELECT placed.*, response.id AS old_response, uuidv7() AS new_response
FROM placed JOIN assessment_response AS response ON response.presentation_id = placed.old;
INSERT INTO assessment_response
SELECT (json_populate_record(model, json_build_object(
    'id', new_response, 'learner_id', learner, 'attempt_id', attempt, 'presentation_id', new,
    'key', gen_random_uuid()))).*
FROM answered JOIN assessment_response AS model ON model.id = old_response;
INSERT INTO assessment_verdict
SELECT (json_populate_record(model, json_build_object('id', uuidv7(), 'response_id', new_response))).*
FROM answered JOIN assessment_verdict AS model ON model.response_id = old_response;
DROP TABLE answered, placed, cloned;
ANALYZE;
"""
"""One attempt, many times over: as many learners who answered alike."""

FLOOR = """
WITH lowered AS (
    UPDATE assessment_verdict SET current = false WHERE response_id IN (
        SELECT response.id FROM assessment_response AS response
        JOIN assessment_presentation AS place ON place.id = response.presentation_id
        WHERE place.item_version_id = %(wrong)s)
    RETURNING response_id
), raised AS (
    INSERT INTO assessment_verdict
    SELECT (json_populate_record(model, json_build_object('id', gen_random_uuid(), 'number', 9, 'current', false))).*
    FROM lowered JOIN assessment_verdict AS model ON model.response_id = lowered.response_id
), places AS (
    UPDATE assessment_presentation SET score = 1, corrected_document = variant WHERE item_version_id = %(wrong)s
    RETURNING attempt_id
)
UPDATE assessment_attempt SET revision = revision + 1, score = 1 FROM places WHERE id = places.attempt_id
"""
"""The same rows written by one statement that judges nothing."""


def measure() -> Iterable[Measurement]:
    yield from _measured(ATTEMPTS)


def _measured(count: int) -> Iterable[Measurement]:
    from bench.delivery import scratch_database

    with scratch_database():
        for name, document, mended, answer in _items():
            correction = _prepared(name, document, mended, answer, count)
            floor = _timed(partial(_floor, correction)) / count
            for what, work in _work(correction):
                seconds = _timed(work) / count
                yield Measurement(f"{what} one of {count} attempts: {name}", seconds, "its SQL alone", floor)


def _items() -> Iterable[tuple[str, dict[str, Any], dict[str, Any], Callable[[Any], Any]]]:
    from tests.builders import choice_document, exercise_document

    right = choice_document("wrong-choice")
    mended = choice_document("wrong-choice")
    for option in mended["interactions"]["a"]["options"]:
        option["key"] = option["id"] == "other"
        option.pop("misconception", None)
    yield "a choice", right, mended, lambda _: {"a": "other"}
    thrice = exercise_document("wrong-exercise", steps={"twice": "3*x"}, check={"twice": "x + x + x"})
    yield (
        "an exercise",
        exercise_document("wrong-exercise"),
        thrice,
        lambda variant: {"a": repr(3 * variant.values["x"])},
    )


def _prepared(
    name: str, document: dict[str, Any], mended: dict[str, Any], answer: Callable[[Any], Any], count: int
) -> Any:
    """Return a correction of an item that many have answered, among others."""
    from django.db import connection

    from assessment.models import Correction
    from content.models import ItemVersion, Status
    from tests import sitting
    from tests.builders import NOW, choice_document, make_attempt, make_item

    wrong = make_item(document)
    prefix = f"{name.replace(' ', '-')}-{random.randrange(10**6)}"  # noqa: S311 - a name
    others = [make_item(choice_document(f"{prefix}-{number}")) for number in range(ITEMS - 1)]
    attempt = make_attempt(wrong, *others, tries=1)
    shown = attempt.presentations.get(position=1)
    sitting.answer(attempt, 1, answer(shown.variant))
    for number in range(2, ITEMS + 1):
        sitting.answer(attempt, number, sitting.RIGHT)
    sitting.submit(attempt)
    version = ItemVersion(item=wrong, number=2, created_at=NOW, status=Status.PUBLISHED, published_at=NOW)
    version.write(mended)
    version.save()
    with connection.cursor() as cursor:
        for statement in CLONE.strip().split(";\n"):
            cursor.execute(
                statement.replace("%(count)s", str(count - 1)).replace("%(attempt)s", f"'{attempt.pk}'")
            )
    made = Correction.objects.create(
        kind="key", corrected_version=version, keep_if_better=False, reason="Wrong.", created_at=NOW
    )
    made.versions.add(wrong.versions.get(number=1))
    return made


def _work(correction: Any) -> Iterable[tuple[str, Callable[[], None]]]:
    from assessment.models.regrading import RunKind
    from assessment.results import regrading
    from tests.builders import NOW

    def done(correction: Any, kind: RunKind) -> None:
        later = NOW + timedelta(hours=1)
        run = regrading.ask(correction=correction, kind=kind, by=None, now=later)
        if not regrading.carry_out(run, later):
            raise RuntimeError("the run is not finished")
        found = regrading.summary(correction)
        if found.changed != found.attempts:
            raise RuntimeError(f"{found.changed} of {found.attempts} changed")

    yield "preview", lambda: done(correction, RunKind.PREVIEW)
    yield "apply", lambda: done(correction, RunKind.APPLY)
    undo = regrading.take_back(correction=correction, author=None, reason="Back.", now=NOW)
    yield "undo", lambda: done(undo, RunKind.APPLY)


def _floor(correction: Any) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FLOOR, {"wrong": correction.versions.get().pk})
        transaction.set_rollback(True)


def _timed(work: Callable[[], None]) -> float:
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin


def main() -> None:
    import os

    import django

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    django.setup()
    count = int(sys.argv[1]) if len(sys.argv) > 1 else ATTEMPTS
    for one in _measured(count):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{one.name}: {one.seconds * count:.1f} s, floor {one.floor_seconds * count:.1f} s, "
            f"ratio {one.ratio:.2f}, at most {peak:.0f} MiB",
            flush=True,
        )


if __name__ == "__main__":
    main()
