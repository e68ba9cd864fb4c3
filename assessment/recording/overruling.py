"""What people decide about attempts, above all corrections: scores by hand, void, reopened and longer attempts."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F

from assessment.errors import ActionRefused, UnknownPosition
from assessment.models import (
    Attempt,
    AttemptAction,
    Draft,
    Override,
    Presentation,
    Response,
    User,
    Verdict,
)
from assessment.models.attempts import AttemptState
from assessment.models.corrections import ActionKind
from assessment.models.responses import Origin
from assessment.recording.refolding import Refolded, log_of, refolded
from assessment.recording.rulings import with_rulings
from assessment.recording.writing import count_exposure

PLACE_FIELDS: Final = (
    "tries_used",
    "score",
    "is_settled",
    "is_pending",
    "first_at",
    "first_score",
    "first_hints",
)

IS_VOID: Final = {ActionKind.VOID: True, ActionKind.RESTORE: False}
"""What makes an attempt count for nothing, and what takes that back."""


@transaction.atomic
def override_score(
    *,
    attempt_id: UUID,
    position: int | None,
    score: float | None,
    reason: str,
    author: User,
    now: datetime,
) -> Override:
    """Let a score count that a person gave, a fraction of 0 to 1: of a place, or without a position of the attempt.

    None takes back what was given before. Locks the attempt. Raises Attempt.DoesNotExist, UnknownPosition, or
    ActionRefused for a score out of range or without a reason.
    """
    if score is not None and not 0 <= score <= 1:
        raise ActionRefused("A score given by hand is a fraction of 0 to 1.")
    attempt = _locked(attempt_id, reason)
    presentation = _at(attempt, position) if position is not None else None
    row = Override.objects.create(
        attempt=attempt,
        presentation=presentation,
        score=score,
        reason=reason,
        author=author,
        created_at=now,
    )
    if presentation is None:
        _move(attempt, awarded=score)
    else:
        _award(attempt, presentation, score)
    return row


@transaction.atomic
def act(
    *,
    attempt_id: UUID,
    kind: ActionKind,
    reason: str,
    author: User,
    now: datetime,
    until: datetime | None = None,
) -> AttemptAction:
    """Record and carry out what a person decided about an attempt. Locks it.

    ``until`` is the new deadline of one that is extended or reopened; None, no limit. Raises Attempt.DoesNotExist, or
    ActionRefused where the attempt does not allow it.
    """
    attempt = _locked(attempt_id, reason)
    if kind in IS_VOID and attempt.is_void == IS_VOID[kind]:
        raise ActionRefused("This attempt is void already." if attempt.is_void else "This attempt counts.")
    row = AttemptAction.objects.create(
        attempt=attempt, kind=kind, until=until, reason=reason, author=author, created_at=now
    )
    if kind in IS_VOID:
        _move(attempt, is_void=IS_VOID[kind])
    elif kind == ActionKind.EXTEND:
        extend(attempt, until, author, now)
    elif kind == ActionKind.REOPEN:
        _reopen(attempt, until, author, now)
    return row


def _locked(attempt_id: UUID, reason: str) -> Attempt:
    if not reason.strip():
        raise ActionRefused("Say why: whoever looks at this later has nothing else.")
    return Attempt.objects.select_for_update(of=("self",)).get(pk=attempt_id)


def _at(attempt: Attempt, position: int) -> Presentation:
    found = attempt.presentations.filter(position=position).first()
    if found is None:
        raise UnknownPosition
    return found


def _award(attempt: Attempt, presentation: Presentation, score: float | None) -> None:
    presentation.is_overridden = score is not None
    presentation.awarded = score
    if score is None:
        [presentation] = with_rulings([presentation], attempt.assignment.assessment_id)
    presentation.save(update_fields=["is_overridden", "awarded"])
    _take_over(attempt, _refolded(attempt))


def extend(attempt: Attempt, until: datetime | None, author: User, now: datetime) -> None:
    """Move the deadline of a locked attempt, later only; one that its old deadline has ended goes on.

    Raises ActionRefused where that cannot be.
    """
    if until is not None and (attempt.deadline is None or until <= attempt.deadline):
        raise ActionRefused("Time can only be added: this would end the attempt sooner.")
    if attempt.state == AttemptState.EXPIRED:
        _reopen(attempt, until, author, now)
    elif attempt.state == AttemptState.OPEN:
        _move(attempt, deadline=until)
    else:
        raise ActionRefused("This attempt has been submitted: reopen it instead.")


def _reopen(attempt: Attempt, until: datetime | None, author: User, now: datetime) -> None:
    """Let an attempt go on. What nobody had sent when it ended is a draft again, and has spent no try."""
    if attempt.state == AttemptState.OPEN:
        raise ActionRefused("This attempt is open.")
    try:
        with transaction.atomic():
            _move(attempt, state=AttemptState.OPEN, finished_at=None, stop_reason="", deadline=until)
    except IntegrityError as error:
        raise ActionRefused("Another attempt of this learner is open.") from error
    unsent = [
        (entry.response, verdict)
        for entry in log_of(attempt)
        if entry.response.origin == Origin.DRAFT
        and (verdict := entry.verdict_at(None))
        and not verdict.is_void
    ]
    if unsent:
        _take_back(attempt, unsent, author, now)


def _take_back(
    attempt: Attempt, unsent: Sequence[tuple[Response, Verdict]], author: User, now: datetime
) -> None:
    """Make answers the drafts that they were; the verdicts on them stay, void."""
    Verdict.objects.filter(pk__in=[verdict.pk for _, verdict in unsent]).update(current=False)
    Verdict.objects.bulk_create(_void(verdict, author, now) for _, verdict in unsent)
    after = _refolded(attempt)
    for response, _ in unsent:
        place = next(one for one in after.shown if one.pk == response.presentation_id)
        kept = {"answer": response.answer, "after": place.answers, "saved_at": response.created_at}
        Draft.objects.update_or_create(presentation=place, defaults=kept)
    Presentation.objects.bulk_update(after.shown, PLACE_FIELDS)
    _take_over(attempt, after)


def _void(verdict: Verdict, author: User, now: datetime) -> Verdict:
    """Return the verdict that says of an answer that it was not sent after all."""
    return Verdict(
        response_id=verdict.response_id,
        number=verdict.number + 1,
        person=author,
        valid=verdict.valid,
        score=verdict.score,
        document=verdict.document,
        judged_by=verdict.judged_by,
        created_at=now,
        is_void=True,
    )


def _refolded(attempt: Attempt) -> Refolded:
    shown = list(attempt.presentations.select_related("item_version__item").order_by("position"))
    return refolded(attempt, shown, log_of(attempt))


def _take_over(attempt: Attempt, found: Refolded) -> None:
    after = found.attempt
    _move(attempt, score=after.score, max_score=after.max_score, posterior=after.posterior)
    count_exposure(attempt, found.exposed)


def _move(attempt: Attempt, **changes: Any) -> None:
    """Change a locked attempt, so that whoever has read it reads it again."""
    Attempt.objects.filter(pk=attempt.pk).update(revision=F("revision") + 1, **changes)
