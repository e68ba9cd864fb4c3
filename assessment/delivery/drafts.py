"""What a learner is working on: saved while typing, so that nothing is lost if it is never sent."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from assessment.errors import DraftStale, PresentationSettled, UnknownPosition
from assessment.models import Attempt
from assessment.models.statements import encoded, one_row
from assessment.recording.deciding import Answer, refusal
from assessment.recording.queries import QUERIES
from assessment.recording.rounds import until_written


def save_draft(
    *, attempt_id: UUID, user_id: UUID, position: int, answer: Answer, now: datetime, after: int | None = None
) -> datetime:
    """Keep an answer that is not sent yet, and return when. Guarded by the attempt's revision, in one statement.

    ``after`` is how many answers the place had when this was typed; None, as many as it has. Raises
    Attempt.DoesNotExist, UnknownPosition, AttemptClosed, PresentationSettled, or DraftStale where an answer was sent
    since.
    """
    parameters = {
        "attempt": attempt_id,
        "user": user_id,
        "position": position,
        "answer": encoded(answer),
        "after": after,
        "now": now,
    }

    def once() -> datetime | None:
        row = one_row(QUERIES["write_draft"], parameters)
        if row is None:
            raise Attempt.DoesNotExist
        place, state, deadline, is_settled, _, allowed, moved = row
        if allowed:
            return now if moved else None
        if place is None:
            raise UnknownPosition
        attempt = Attempt(state=state, deadline=deadline)
        if not attempt.is_open(now):
            raise refusal(attempt)
        raise PresentationSettled if is_settled else DraftStale

    return until_written(attempt_id, once)
