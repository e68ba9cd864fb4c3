"""Taking an attempt through the verbs, for tests that are about something else."""

from __future__ import annotations

import copy
import random
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from assessment.delivery.attempts import next_presentation, start_attempt, submit_attempt
from assessment.delivery.drafts import save_draft
from assessment.delivery.practice import check_practice
from assessment.delivery.responses import submit_response
from assessment.disclosure.replies import Recorded
from assessment.models import Assessment, Assignment, Attempt, Presentation, User
from assessment.modes import mode_of
from assessment.modes.base import Score
from assessment.recording.deciding import Submission
from assessment.recording.refolding import folded_places, log_of
from tests.builders import NOW, make_learner, who

RIGHT, WRONG = {"a": "right"}, {"a": "wrong"}


def start(
    assessment: Assessment, user: User | None = None, seed: int = 1, now: datetime = NOW
) -> tuple[Attempt, bool]:
    """Start an attempt, or find the open one."""
    attempt, is_new, _ = start_attempt(
        user=user or make_learner(), assessment=assessment, now=now, dice=random.Random(seed)
    )
    return attempt, is_new


def start_at(assignment: Assignment, user: User, seed: int = 1, now: datetime = NOW) -> Attempt:
    """Start an attempt at one of several assignments of an assessment, or find the open one."""
    assessment, dice = assignment.assessment, random.Random(seed)
    return start_attempt(user=user, assessment=assessment, assignment=assignment, now=now, dice=dice)[0]


def answer(
    attempt: Attempt,
    position: int,
    entered: dict[str, Any],
    *,
    key: UUID | None = None,
    now: datetime = NOW,
    seconds: float | None = None,
) -> Recorded:
    """Send an answer; without a key it is a request of its own."""
    return submit_response(
        attempt_id=attempt.pk,
        user_id=who(attempt).pk,
        position=position,
        sent=Submission(entered, key or uuid4(), now, seconds),
    )


def draft(
    attempt: Attempt, position: int, entered: dict[str, Any], *, now: datetime = NOW, after: int | None = None
) -> datetime:
    return save_draft(
        attempt_id=attempt.pk,
        user_id=who(attempt).pk,
        position=position,
        answer=entered,
        now=now,
        after=after,
    )


def submit(attempt: Attempt, now: datetime = NOW) -> Attempt:
    return submit_attempt(attempt_id=attempt.pk, user_id=who(attempt).pk, now=now)


def upcoming(attempt: Attempt, now: datetime = NOW) -> Presentation | None:
    """Return what stands there now, drawn if need be."""
    return next_presentation(attempt_id=attempt.pk, user_id=who(attempt).pk, now=now)


def fold(attempt: Attempt) -> Score:
    """Return what an attempt is worth by nothing but its log."""
    shown = list(attempt.presentations.select_related("item_version__item").order_by("position"))
    places, mode = folded_places(attempt, shown, log_of(attempt)), mode_of(attempt)
    folded = copy.copy(attempt)
    folded.posterior = mode.refold(attempt, places).posterior
    return mode.total(folded, places)


def check(
    shown: Presentation,
    entered: Any,
    *,
    key: UUID | None = None,
    now: datetime = NOW,
    user: User | None = None,
) -> Recorded:
    """Check an answer to a variant of practice, at its interaction ``a``."""
    return check_practice(
        presentation_id=shown.pk, user=user, sent=Submission({"a": entered}, key or uuid4(), now)
    )
