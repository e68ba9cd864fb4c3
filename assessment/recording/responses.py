"""Grading an answer and appending it to the log: the one way in, for assessments and for practice."""

from __future__ import annotations

import hashlib
import json
import logging
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction

from assessment.errors import KeyReused, NotGraded, PresentationSettled
from assessment.models import Draft, Presentation, Response
from assessment.models.attempts import Origin
from assessment.scoring.tries import TryRules, tally_tries
from content.items.grading import ItemVerdict, grade
from content.models.versions import new_id

LOG: Final = logging.getLogger(__name__)

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


def earlier_response(presentation: Presentation, answer: Answer, key: UUID | None) -> Response | None:
    """Return the response that this key has already made. Raises KeyReused if it was made by another request."""
    if key is None:
        return None
    earlier = Response.objects.filter(learner=presentation.learner_id, idempotency_key=key).first()
    if earlier and not earlier.matches(request_fingerprint(presentation, answer)):
        raise KeyReused
    return earlier


def record(presentation: Presentation, sent: Submission, rules: TryRules) -> Response:
    """Grade an answer, append the response, move the presentation. The caller holds the lock that orders tries.

    Raises PresentationSettled when there is nothing left to try, KeyReused when a request elsewhere
    used the same key in the same moment, NotGraded before anything is written when the grader fails.
    """
    if presentation.is_settled:
        raise PresentationSettled
    verdict = _judged(presentation, sent.answer)
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


def record_or_keep(presentation: Presentation, sent: Submission, rules: TryRules) -> Response | NotGraded:
    """Record an answer; where the grader fails, keep it as a draft that is marked ungraded, and return the failure.

    The caller commits in either case, so that no answer is lost to a fault of ours. Raises as `record` does
    otherwise.
    """
    try:
        return record(presentation, sent, rules)
    except NotGraded as failure:
        keep_draft(presentation, sent.answer, sent.now, failure)
        return failure


def keep_draft(
    presentation: Presentation, answer: Answer, now: datetime, failure: NotGraded | None = None
) -> Draft:
    """Save an answer that is not sent yet, or that the grader failed on. The caller holds the lock.

    The mark of a failure goes with the answer: saving the same one again, as pages do by themselves, keeps it.
    """
    kept = Draft.objects.ungraded().filter(presentation=presentation).first()
    if kept and kept.answer == answer and not failure:
        return kept
    mark = {"ungraded_at": now if failure else None, "ungraded_error": failure.cause if failure else ""}
    draft, _ = Draft.objects.update_or_create(
        presentation=presentation, defaults={"answer": answer, "saved_at": now, **mark}
    )
    return draft


def _judged(presentation: Presentation, answer: Answer) -> ItemVerdict:
    version = presentation.item_version
    try:
        return grade(version.definition, presentation.variant, answer, probing=version.probing)
    except Exception as error:
        # Whatever it is: the answer is kept, the traceback is logged, and the instructor sees that a mark is missing.
        LOG.exception(
            "the grader failed on presentation %s of attempt %s", presentation.pk, presentation.attempt_id
        )
        raise NotGraded(type(error).__name__[:100]) from error


def _append(response: Response) -> None:
    try:
        with transaction.atomic():
            response.save(force_insert=True)
    except IntegrityError as error:
        if "one_response_per_key" in str(error):
            raise KeyReused from error
        raise
