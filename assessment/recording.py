"""Grading an answer and appending it to the log: the one way in, for assessments and for practice."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from assessment.errors import KeyReused, PresentationSettled
from assessment.models import Draft, Presentation, Response
from assessment.models.attempts import Origin
from assessment.models.people import User
from assessment.scoring import TryRules, tally_tries
from content.items.grading import grade
from content.models.versions import new_id

Answer = dict[str, Any]
"""From the identifier of an interaction to what was entered there."""


@dataclass(frozen=True, slots=True)
class Submission:
    """An answer on its way in. ``key`` makes a repeated request the same request; None makes it a new one."""

    answer: Answer
    key: UUID | None
    now: datetime
    origin: Origin = Origin.LEARNER


def request_fingerprint(presentation: Presentation, answer: Answer) -> str:
    """Return a hash of what was sent and where, to tell a retry from another answer under the same key."""
    canonical = json.dumps([str(presentation.pk), answer], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def earlier_response(
    presentation: Presentation, learner: User, answer: Answer, key: UUID | None
) -> Response | None:
    """Return the response that this key has already made. Raises KeyReused if it was made by another request."""
    if key is None:
        return None
    earlier = Response.objects.filter(learner=learner, idempotency_key=key).first()
    if earlier and not earlier.matches(request_fingerprint(presentation, answer)):
        raise KeyReused
    return earlier


def record(presentation: Presentation, sent: Submission, rules: TryRules) -> Response:
    """Grade an answer, append the response, move the presentation. The caller holds the lock that orders tries.

    Raises PresentationSettled when there is nothing left to try, KeyReused when a request elsewhere
    used the same key in the same moment.
    """
    if presentation.is_settled:
        raise PresentationSettled
    version = presentation.item_version
    verdict = grade(version.definition, presentation.variant, sent.answer, probing=version.probing)
    response = Response(
        learner_id=presentation.learner_id,
        presentation=presentation,
        try_number=presentation.tries_used + 1,
        hints_taken=presentation.hints_taken,
        answer=sent.answer,
        verdict=verdict.to_json(),
        valid=verdict.valid,
        score=verdict.score,
        origin=sent.origin,
        idempotency_key=sent.key or new_id(),
        request_fingerprint=request_fingerprint(presentation, sent.answer),
        created_at=sent.now,
    )
    _append(response)
    if not verdict.valid:
        presentation.count_invalid(sent.now)
    presentation.count(tally_tries(rules, presentation.responses.graded_scores()), rules)
    presentation.save(update_fields=["tries_used", "score", "is_settled", "invalid_answers", "paused_until"])
    Draft.objects.filter(presentation=presentation).delete()
    return response


def _append(response: Response) -> None:
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError as error:
        if "one_response_per_key" in str(error):
            raise KeyReused from error
        raise
