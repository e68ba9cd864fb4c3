"""The guarded writes: everything that was decided, or nothing where the attempt has moved since it was read."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from typing import Any

from django.db import IntegrityError, connection, transaction

from assessment.errors import KeyReused
from assessment.models import Attempt, ExposureEvent, Presentation, Response, Verdict
from assessment.models.statements import as_json, encoded, mark_stored, one_row
from assessment.modes.base import Exposed
from assessment.recording.deciding import Decision
from assessment.recording.queries import QUERIES


def write(decision: Decision, now: datetime) -> bool:
    """Write a decision if its attempt is still as it was read, and return whether it was.

    Raises KeyReused where a request elsewhere has used the same key since the attempt was read.
    """
    attempt = decision.attempt
    parameters = {
        "attempt": attempt.pk,
        "revision": attempt.revision,
        "answers": attempt.answers,
        "state": str(attempt.state),
        "deadline": attempt.deadline,
        "finished_at": attempt.finished_at,
        "score": attempt.score,
        "max_score": attempt.max_score,
        "posterior": attempt.posterior,
        "stop_reason": attempt.stop_reason,
        "changed": [one.pk for one in decision.changed],
        "places": as_json(decision.changed),
        "shown": as_json(decision.shown),
        "responses": as_json(decision.responses),
        "verdicts": as_json(decision.verdicts),
        "gone": list(decision.gone),
        "exposed": encoded(decision.exposed),
        "learned": encoded(decision.learned),
        "now": now,
    }
    return _sent("write", parameters)


def begin(decision: Decision) -> Decision:
    """Insert the attempt of a decision with what it shows at first, and return the decision."""
    rows = {
        "attempts": as_json([decision.attempt]),
        "shown": as_json(decision.shown),
        "exposed": encoded(decision.exposed),
    }
    one_row(QUERIES["begin"], rows)
    mark_stored([decision.attempt, *decision.shown])
    return decision


def count_exposure(attempt: Attempt, exposed: Sequence[Exposed]) -> None:
    """Append what becomes of the exposure of items where an attempt is judged anew."""
    ExposureEvent.objects.bulk_create(
        ExposureEvent(
            assessment_id=attempt.assignment.assessment_id,
            band=one.band,
            attempts=one.attempts,
            amount=one.amount,
            given=list(one.given),
            withheld=list(one.withheld),
        )
        for one in exposed
    )


def write_practice(
    before: Presentation, after: Presentation, responses: Sequence[Response], verdicts: Sequence[Verdict]
) -> bool:
    """Write an answer to a variant of practice if nobody has answered it since it was read. Raises KeyReused."""
    parameters = {
        "presentation": before.pk,
        "before": before.answers,
        "answers": after.answers,
        "answered_at": after.answered_at,
        "tries_used": after.tries_used,
        "invalid_answers": after.invalid_answers,
        "paused_until": after.paused_until,
        "score": after.score,
        "is_settled": after.is_settled,
        "is_pending": after.is_pending,
        "first_at": after.first_at,
        "first_score": after.first_score,
        "first_hints": after.first_hints,
        "responses": as_json(responses),
        "verdicts": as_json(verdicts),
    }
    return _sent("write_practice", parameters)


def _sent(name: str, parameters: dict[str, Any]) -> bool:
    try:
        with _own_statement():
            row = one_row(QUERIES[name], parameters)
    except IntegrityError as error:
        if "one_response_per_key" in str(error):
            raise KeyReused from error
        raise
    return bool(row and row[0])


def _own_statement() -> AbstractContextManager[Any]:
    """Return what keeps a refusal by the database from spoiling a transaction around it; by itself none is needed."""
    return transaction.atomic() if connection.in_atomic_block else nullcontext()
