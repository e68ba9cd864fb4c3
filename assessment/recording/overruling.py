"""What people decide about attempts, above all corrections: scores by hand, void, reopened and longer attempts."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from assessment.errors import ActionRefused, UnknownPosition
from assessment.models import Accommodation, Attempt, AttemptAction, Override, Presentation, User
from assessment.models.attempts import AttemptState
from assessment.models.corrections import ActionKind
from assessment.modes import mode_of
from assessment.modes.places import place_of
from assessment.recording.rulings import with_rulings


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
    row = AttemptAction.objects.create(
        attempt=attempt, kind=kind, until=until, reason=reason, author=author, created_at=now
    )
    if kind == ActionKind.VOID:
        _move(attempt, is_void=True)
    elif kind == ActionKind.EXTEND:
        _extend(attempt, until)
    elif kind == ActionKind.REOPEN:
        _reopen(attempt, until)
    return row


@transaction.atomic
def move_deadlines(*, user: User, author: User, now: datetime) -> list[Attempt]:
    """Let what is arranged for a person reach the attempts that run, and return those that have more time now.

    A deadline moves later only. One that the clock has ended goes on where the new deadline is still to come, unless
    another attempt has begun since. Locks the attempts.
    """
    arranged = list(user.accommodations.all())
    timed = Attempt.objects.select_for_update(of=("self",)).select_related("assignment")
    found = timed.filter(
        learner__users=user,
        deadline__isnull=False,
        state__in=[AttemptState.OPEN, AttemptState.EXPIRED],
    )
    return [one for one in found.order_by("pk") if _gains(one, arranged, author, now)]


def _gains(attempt: Attempt, arranged: Sequence[Accommodation], author: User, now: datetime) -> bool:
    given = attempt.assignment
    until = given.deadline(attempt.started_at, given.accommodation_among(arranged))
    if attempt.deadline is None or (until is not None and until <= max(attempt.deadline, now)):
        return False
    reason = "More time was arranged for this learner."
    try:
        with transaction.atomic():
            AttemptAction.objects.create(
                attempt=attempt,
                kind=ActionKind.EXTEND,
                until=until,
                reason=reason,
                author=author,
                created_at=now,
            )
            _extend(attempt, until)
    except ActionRefused:
        return False
    return True


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
    mode, after = mode_of(attempt), copy.copy(attempt)
    shown = attempt.presentations.select_related("item_version__item").order_by("position")
    places = [place_of(one) for one in shown]
    after.posterior = mode.refold(attempt, places)
    total, most = mode.total(after, places)
    _move(attempt, score=total, max_score=most, posterior=after.posterior)


def _extend(attempt: Attempt, until: datetime | None) -> None:
    """Move a deadline, later only; an attempt that its old deadline has ended goes on."""
    if until is not None and (attempt.deadline is None or until <= attempt.deadline):
        raise ActionRefused("Time can only be added: this would end the attempt sooner.")
    if attempt.state == AttemptState.EXPIRED:
        _reopen(attempt, until)
    elif attempt.state == AttemptState.OPEN:
        _move(attempt, deadline=until)
    else:
        raise ActionRefused("This attempt has been submitted: reopen it instead.")


def _reopen(attempt: Attempt, until: datetime | None) -> None:
    if attempt.state == AttemptState.OPEN:
        raise ActionRefused("This attempt is open.")
    try:
        with transaction.atomic():
            _move(attempt, state=AttemptState.OPEN, finished_at=None, stop_reason="", deadline=until)
    except IntegrityError as error:
        raise ActionRefused("Another attempt of this learner is open.") from error


def _move(attempt: Attempt, **changes: Any) -> None:
    Attempt.objects.filter(pk=attempt.pk).update(revision=attempt.revision + 1, **changes)
