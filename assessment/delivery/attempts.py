"""An attempt from its start to its end. All that follows from an answer can be read from ``submit_response``.

One answer is one transaction: lock the attempt, check that it is open, grade, append, move, commit; only
then is the answer acknowledged.
"""

from __future__ import annotations

import random
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import QuerySet

from assessment.disclosure.replies import Recorded
from assessment.errors import (
    AssessmentClosed,
    AttemptClosed,
    AttemptExpired,
    DeliveryError,
    EnrolmentRequired,
    NoAttemptsLeft,
    NotGraded,
    PresentationSettled,
    UnknownPosition,
)
from assessment.models import Accommodation, Assessment, Attempt, Draft, Presentation, Response, User
from assessment.models.attempts import AttemptState, Origin
from assessment.modes import fold, mode_of
from assessment.people.access import require_access
from assessment.people.learners import own_learner
from assessment.psychometrics.stopping import Stop
from assessment.recording.responses import Answer, Submission, earlier_response, keep_draft, record_or_keep


@transaction.atomic
def start_attempt(
    *, user: User, assessment: Assessment, now: datetime, dice: random.Random
) -> tuple[Attempt, bool]:
    """Return the user's open attempt, or a new one and True. Locks the user: a double click starts one.

    Raises AssessmentClosed, EnrolmentRequired, NoAttemptsLeft or BankExhausted.
    """
    User.objects.select_for_update(no_key=True).get(pk=user.pk)
    unfinished = _attempts_of(user, assessment).filter(state=AttemptState.OPEN)
    if (attempt := unfinished.first()) and settle(attempt=attempt, now=now).is_open(now):
        return attempt, False
    arranged = assessment.accommodation_among(user.accommodations.all())
    _check_may_start(user, assessment, arranged, now)
    return _begin(user, assessment, arranged, now, dice), True


def next_presentation(*, attempt: Attempt, now: datetime) -> Presentation | None:
    """Return the first presentation that the learner is not through with.

    An attempt that grows shows its next item now, or ends. Raises AttemptClosed.
    """
    if mode_of(attempt).grows:
        return _grow(attempt.pk, now)
    check_open(attempt, now)
    return _first_open(attempt)


@transaction.atomic
def save_draft(*, attempt: Attempt, position: int, answer: Answer, now: datetime) -> Draft:
    """Keep what the learner is working on. Locks the attempt, so that no draft slips in behind its end.

    Raises AttemptClosed, UnknownPosition or PresentationSettled.
    """
    locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
    check_open(locked, now)
    presentation = presentation_at(locked, position)
    if presentation.is_settled:
        raise PresentationSettled
    return keep_draft(presentation, answer, now)


def submit_response(
    *, attempt_id: UUID, user: User, position: int, answer: Answer, key: UUID | None, now: datetime
) -> Recorded:
    """Grade and record an answer. Locks the attempt.

    A ``key`` that has been used for this answer gives what was stored then, even after the end. An answer
    that comes too late is refused, and kept as a draft for the instructor to see; so is one that comes in a pause
    after many that could not be read, and one that the grader fails on, marked as ungraded: sent again, it is graded
    again.

    Raises Attempt.DoesNotExist, UnknownPosition, AttemptClosed, AttemptExpired, PresentationSettled,
    TooManyInvalid, KeyReused or NotGraded.
    """
    with transaction.atomic():
        attempt = locked(attempt_id, user)
        presentation = presentation_at(attempt, position)
        if earlier := earlier_response(presentation, answer, key):
            return Recorded(earlier, presentation, attempt, replayed=True)
        if attempt.is_open(now) and not presentation.is_paused(now):
            response = _record(attempt, presentation, Submission(answer, key, now))
            if isinstance(response, Response):
                _update_score(attempt)
                return Recorded(response, presentation, attempt, replayed=False)
            refusal: DeliveryError = response
        else:
            _end_if_expired(attempt, now)
            presentation.refresh_from_db(fields=["is_settled"])  # its draft may just have been graded
            _keep_late(presentation, answer, now)
            paused = presentation.pause(now) if attempt.is_open(now) else None
            refusal = paused or _refusal(attempt)
    # Raised behind the transaction, which keeps the answer.
    raise refusal


@transaction.atomic
def submit_attempt(*, attempt_id: UUID, user: User, now: datetime) -> Attempt:
    """End an attempt, grading what was saved and not sent. Locks the attempt; twice is once.

    Raises Attempt.DoesNotExist.
    """
    attempt = locked(attempt_id, user)
    _end_if_expired(attempt, now)
    if attempt.state == AttemptState.OPEN:
        _end(attempt, AttemptState.SUBMITTED, now)
    return attempt


@transaction.atomic
def settle(*, attempt: Attempt, now: datetime) -> Attempt:
    """Bring an attempt up to the clock: past its deadline it is ended. Locks it when there is need."""
    if attempt.state == AttemptState.OPEN and attempt.has_run_out(now):
        locked = Attempt.objects.select_for_update().get(pk=attempt.pk)
        _end_if_expired(locked, now)
        return locked
    return attempt


def locked(attempt_id: UUID, user: User) -> Attempt:
    """Return an attempt of the user's, whichever learner made it, and lock it. Raises Attempt.DoesNotExist."""
    return Attempt.objects.select_for_update(of=("self",)).get(pk=attempt_id, learner__users=user)


def presentations_of(attempt: Attempt) -> list[Presentation]:
    return list(attempt.presentations.select_related("item_version__item", "draft").order_by("position"))


def presentation_at(attempt: Attempt, position: int) -> Presentation:
    """Return the presentation at a position of the attempt. Raises UnknownPosition."""
    try:
        return attempt.presentations.select_related("item_version__item", "draft").get(position=position)
    except Presentation.DoesNotExist:
        raise UnknownPosition from None


def check_open(attempt: Attempt, now: datetime) -> None:
    """Raises AttemptClosed, or AttemptExpired, when the attempt takes no more."""
    if not attempt.is_open(now):
        raise _refusal(attempt)


def _check_may_start(
    user: User, assessment: Assessment, arranged: Accommodation | None, now: datetime
) -> None:
    closing = assessment.closing_for(arranged)
    if not assessment.is_open or (assessment.opens_at and now < assessment.opens_at):
        raise AssessmentClosed
    if closing and now >= closing:
        raise AssessmentClosed("This assessment has closed.")
    if assessment.course_id and not user.is_member_of(assessment.course_id, now):
        raise EnrolmentRequired
    require_access(assessment.lesson, user, now)
    allowed = assessment.attempts_for(arranged)
    if allowed is not None and _attempts_of(user, assessment).count() >= allowed:
        raise NoAttemptsLeft


def _begin(
    user: User, assessment: Assessment, arranged: Accommodation | None, now: datetime, dice: random.Random
) -> Attempt:
    attempt = Attempt(
        learner=own_learner(user=user, now=now),
        assessment=assessment,
        mode=assessment.mode,
        number=_attempts_of(user, assessment).count() + 1,
        rules_document=assessment.rules.to_json(),
        started_at=now,
        deadline=assessment.deadline(now, arranged),
    )
    mode_of(assessment).begin(attempt, dice)
    return attempt


def _attempts_of(user: User, assessment: Assessment) -> QuerySet[Attempt]:
    """Return a person's attempts: what was begun as a guest counts after signing in."""
    return Attempt.objects.filter(learner__users=user, assessment=assessment)


def _first_open(attempt: Attempt) -> Presentation | None:
    rules = attempt.rules
    return next((p for p in presentations_of(attempt) if not p.is_answered(rules)), None)


def _last_shown(attempt: Attempt) -> Presentation | None:
    shown = attempt.presentations.select_related("item_version__item", "draft")
    return shown.order_by("-position").first()


@transaction.atomic
def _grow(attempt_id: UUID, now: datetime) -> Presentation | None:
    """Show the next item, the open one if there is one, or end the attempt. Locks it: two requests get one item."""
    attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
    if attempt.stop_reason:
        return None
    check_open(attempt, now)
    last = _last_shown(attempt)
    if last and not last.is_answered(attempt.rules):
        return last
    shown = mode_of(attempt).next_item(attempt, now)
    if isinstance(shown, Stop):
        attempt.stop_reason = shown.reason
        _end(attempt, AttemptState.SUBMITTED, now)
        return None
    _update_score(attempt)
    return shown


def _record(attempt: Attempt, presentation: Presentation, sent: Submission) -> Response | NotGraded:
    response = record_or_keep(presentation, sent, attempt.rules.scoring)
    if isinstance(response, Response):
        mode_of(attempt).observe(attempt, presentation)
    return response


def _keep_late(presentation: Presentation, answer: Answer, now: datetime) -> None:
    """Keep an answer that came too late, unless one that came in time is kept there and still to be graded."""
    is_taken = Draft.objects.ungraded().filter(presentation=presentation).exists()
    if not presentation.is_settled and not is_taken:
        keep_draft(presentation, answer, now)


def _end_if_expired(attempt: Attempt, now: datetime) -> None:
    if attempt.state == AttemptState.OPEN and attempt.has_run_out(now):
        _end(attempt, AttemptState.EXPIRED, now)


def _end(attempt: Attempt, state: AttemptState, now: datetime) -> None:
    """Grade the drafts that nobody sent, then close. The caller holds the attempt's lock.

    A draft that the grader fails on stays one, marked; it holds up neither the others nor the end.
    """
    for presentation in presentations_of(attempt):
        if (answer := presentation.unsent_answer()) and not presentation.is_settled:
            _record(attempt, presentation, Submission(answer, None, now, Origin.DRAFT))
    attempt.finish(state, now)
    _update_score(attempt)


def _update_score(attempt: Attempt) -> None:
    """Save what an answer or the end has changed, with the score that the log comes to."""
    attempt.score, attempt.max_score = fold(attempt)
    attempt.save(update_fields=["state", "finished_at", "score", "max_score", "posterior", "stop_reason"])


def _refusal(attempt: Attempt) -> AttemptClosed:
    return AttemptClosed() if attempt.state == AttemptState.SUBMITTED else AttemptExpired()
