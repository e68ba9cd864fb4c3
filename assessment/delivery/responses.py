"""One answer: read, decide, write. All that follows from an answer can be read from ``submit_response``."""

from __future__ import annotations

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from assessment.delivery.attempts import presentation_at
from assessment.delivery.drafts import save_draft
from assessment.disclosure.announcing import Announcement
from assessment.disclosure.replies import Recorded
from assessment.errors import DeliveryError, KeyReused, NotGraded
from assessment.models import Response
from assessment.models.responses import Origin
from assessment.recording.deciding import (
    Decision,
    Submission,
    decide,
    fingerprint,
    grown,
    has_to_grow,
    refusal,
)
from assessment.recording.reading import Seat, read_place
from assessment.recording.rounds import until_written
from assessment.recording.writing import write

LOG: Final = logging.getLogger(__name__)

MOST_LATE: Final = 20
"""Answers after the end that are kept of one attempt: nobody grades them, and they cost room."""


def submit_response(*, attempt_id: UUID, user_id: UUID, position: int, sent: Submission) -> Recorded:
    """Grade and record an answer. Guarded by the attempt's revision: who comes second reads again.

    A key that has been used for this answer gives what was announced then, even after the end. An answer that comes
    too late is refused and kept for the instructor to see; one in a pause after many that could not be read is kept
    as a draft; one that the grader fails on is kept without a verdict.

    Raises Attempt.DoesNotExist, UnknownPosition, AttemptClosed, AttemptExpired, PresentationSettled,
    TooManyInvalid, KeyReused or NotGraded.
    """

    def once() -> tuple[Recorded | DeliveryError] | None:
        seat = read_place(attempt_id=attempt_id, user_id=user_id, position=position, key=sent.key)
        if seat.earlier:
            return (_replayed(seat, seat.earlier, sent),)
        decision = gone_on(decide(seat, sent), seat, sent.now)
        if decision.is_draft:
            save_draft(
                attempt_id=attempt_id, user_id=user_id, position=position, answer=sent.answer, now=sent.now
            )
        elif _is_kept(decision) and not _written(decision, sent.now):
            return None
        return (decision.refusal or _recorded(decision, seat),)

    [done] = until_written(attempt_id, once)
    if isinstance(done, DeliveryError):
        raise done  # behind the write, which keeps the answer
    return done


def gone_on(decision: Decision, seat: Seat, now: datetime) -> Decision:
    """Return the decision with the next item, where the attempt goes on to one.

    Whatever keeps it from being chosen must not keep the answer from being recorded: it can be asked for again.
    """
    if not decision.responses or not has_to_grow(decision):
        return decision
    try:
        return grown(decision, seat.retired, now)
    except Exception:
        LOG.exception("no next item for attempt %s; it can be asked for again", decision.attempt.pk)
        return decision


def _replayed(seat: Seat, earlier: Response, sent: Submission) -> Recorded:
    """Return what a key has made before. Raises KeyReused where it was made by another request."""
    presentation = seat.presentation
    if presentation is None or not earlier.matches(fingerprint(presentation.pk, sent.answer)):
        raise KeyReused
    if earlier.origin == Origin.LATE:
        raise refusal(seat.attempt)
    if seat.announced is None or earlier.announcement is None:
        raise NotGraded(earlier.failure)
    told = Announcement.from_json(earlier.announcement)
    following = presentation_at(seat.attempt, told.next) if told.next else None
    return Recorded(
        earlier,
        seat.announced,
        presentation,
        seat.attempt,
        replayed=True,
        following=following,
        ideas=seat.ideas,
    )


def _is_kept(decision: Decision) -> bool:
    """Whether there is room for what the decision writes: only answers after the end can be too many."""
    late = [one for one in decision.responses if one.origin == Origin.LATE]
    if not late:
        return bool(decision.responses)
    before = Response.objects.filter(attempt=decision.attempt.pk, origin=Origin.LATE).count()
    return before < MOST_LATE


def _written(decision: Decision, now: datetime) -> bool:
    """Write a decision. Where a request at the same moment has used its key, reading again finds what it made."""
    try:
        return write(decision, now)
    except KeyReused:
        return False


def _recorded(decision: Decision, seat: Seat) -> Recorded:
    [response], [verdict] = decision.responses, decision.verdicts
    following = decision.shown[0] if decision.shown else None
    return Recorded(
        response,
        verdict,
        decision.changed[0],
        decision.attempt,
        replayed=False,
        following=following,
        ideas=seat.ideas,
    )
