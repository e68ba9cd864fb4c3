"""An attempt from its start to its end. What happens in between stands in ``responses``, ``drafts`` and ``hints``."""

from __future__ import annotations

import copy
import random
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models import F, OuterRef, Q
from django.db.models.functions import JSONObject

from assessment.errors import (
    AssessmentClosed,
    EnrolmentRequired,
    NoAttemptsLeft,
    StillGrading,
    UnknownPosition,
)
from assessment.models import (
    Accommodation,
    Assessment,
    Assignment,
    Attempt,
    Learner,
    Presentation,
    User,
)
from assessment.models.attempts import AttemptState
from assessment.models.corrections import ActionKind
from assessment.models.people import Role
from assessment.models.statements import Columns, all_rows
from assessment.modes import mode_of
from assessment.modes.places import place_of
from assessment.people.access import require_access
from assessment.people.learners import lock_own_learner
from assessment.recording.deciding import Decision, ended, grown, judged_late, refusal
from assessment.recording.queries import QUERIES
from assessment.recording.refolding import Entry, log_of
from assessment.recording.rounds import until_written
from assessment.recording.rulings import with_rulings
from assessment.recording.writing import begin, write
from content.models import Item, Misconception

ARRANGED: Final = Columns(Accommodation, "arranged")
READ_STANDING: Final = QUERIES["read_standing"].format(arranged=ARRANGED.sql)
GRACE: Final = timedelta(seconds=30)
"""An answer counts by its arrival: what arrived before a deadline is let through first. A request takes no longer."""


class Earlier(NamedTuple):
    """What an attempt says about whether another may begin: of its actions, how often another was allowed."""

    pk: str
    state: str
    is_void: bool
    given_besides: int


class Started(NamedTuple):
    """An attempt that may be answered now; ``shown`` is what a new one shows at first."""

    attempt: Attempt
    is_new: bool
    shown: Sequence[Presentation] = ()


def start_attempt(
    *,
    user: User,
    assessment: Assessment,
    now: datetime,
    dice: random.Random,
    assignment: Assignment | None = None,
) -> Started:
    """Return the user's open attempt, or a new one. Locks the user: a double click starts one.

    Without an ``assignment`` it is one of a course of the user's that is open, or any of these, or that for
    everybody. Raises AssessmentClosed, EnrolmentRequired, NoAttemptsLeft, StillGrading or BankExhausted.
    """
    with transaction.atomic():
        learner = lock_own_learner(user=user, now=now)
        given = assignment or assignment_for(assessment, user, now)
        earlier, arrangements = _standing(user, given)
        unfinished = [one.pk for one in earlier if one.state == AttemptState.OPEN]
        # Ending an attempt does not lock its user: one may have ended since.
        for attempt in Attempt.objects.filter(pk__in=unfinished, state=AttemptState.OPEN):
            if attempt.is_open(now):
                return Started(attempt, is_new=False)
            _make_way(attempt, now)
        arranged = given.accommodation_among(arrangements)
        _check_may_start(user, given, arranged, used=_used(earlier), now=now)
        begun = _begun(learner, given, arranged, number=len(earlier) + 1, now=now, dice=dice)
        return Started(begun.attempt, is_new=True, shown=begun.shown)


def assignment_for(assessment: Assessment, user: User | None, now: datetime) -> Assignment:
    """Return how an assessment is given to somebody. Raises AssessmentClosed where it is given to nobody."""
    found = Assignment.objects.filter(assessment=assessment).select_related("assessment__current")
    if given := found.preferred_by(user, now).first():
        return given
    raise AssessmentClosed


def standing_presentation(*, attempt: Attempt, now: datetime) -> Presentation | None:
    """Return the first presentation that the learner is not through with; None where there is none.

    Raises AttemptClosed where the attempt takes no more, unless it ended by itself.
    """
    if attempt.stop_reason:
        return None
    check_open(attempt, now)
    rules = attempt.rules
    brief = attempt.presentations.only(
        "position", "is_settled", "is_pending", "score", "attempt_id"
    ).order_by("position")
    waiting = next((one for one in brief if not one.is_answered(rules)), None)
    return presentation_at(attempt, waiting.position or 0) if waiting else None


def next_presentation(*, attempt_id: UUID, user_id: UUID, now: datetime) -> Presentation | None:
    """Return what stands there; where the learner is through with it and the attempt grows, draw the next or end it.

    Guarded by the attempt's revision: two requests get one item. Raises Attempt.DoesNotExist, AttemptClosed, or what
    drawing raises.
    """

    def once() -> tuple[Presentation | None] | None:
        attempt = Attempt.objects.get(pk=attempt_id, learner__users=user_id)
        found = standing_presentation(attempt=attempt, now=now)
        if found or attempt.stop_reason or not mode_of(attempt).grows:
            return (found,)
        decision = grown(_nothing_yet(attempt, presentations_of(attempt)), retired_items(attempt), now)
        if not write(decision, now):
            return None
        return (decision.shown[0] if decision.shown else None,)

    return until_written(attempt_id, once)[0]


def submit_attempt(*, attempt_id: UUID, user_id: UUID, now: datetime) -> Attempt:
    """End an attempt, judging what was saved and not sent. Guarded by the attempt's revision; twice is once.

    Raises Attempt.DoesNotExist.
    """
    return _end(attempt_id, now, Q(learner__users=user_id))


def settle(*, attempt_id: UUID, now: datetime) -> Attempt:
    """End an attempt that has been past its deadline for longer than a request may take; leave any other alone.

    Guarded by the attempt's revision; twice is once.
    """
    attempt = Attempt.objects.get(pk=attempt_id)
    if attempt.state == AttemptState.OPEN and attempt.has_run_out(now - GRACE):
        return _end(attempt_id, now)
    return attempt


def presentations_of(attempt: Attempt) -> list[Presentation]:
    return list(attempt.presentations.select_related("item_version__item", "draft").order_by("position"))


def presentations_with_ideas(attempt: Attempt) -> list[Any]:
    """Return the presentations, each with ``ideas``: the misconceptions that its wording may show, as JSON."""
    named = Misconception.objects.filter(item_versions=OuterRef("item_version"))
    as_json = JSONObject(slug="slug", title="title", explanation="explanation")
    shown = attempt.presentations.select_related("item_version__item", "draft").order_by("position")
    return list(shown.annotate(ideas=ArraySubquery(named.values(idea=as_json))))


def presentation_at(attempt: Attempt, position: int) -> Presentation:
    """Return the presentation at a position of the attempt. Raises UnknownPosition."""
    try:
        found = attempt.presentations.select_related("item_version__item", "draft").get(position=position)
    except Presentation.DoesNotExist:
        raise UnknownPosition from None
    found.attempt = attempt
    return found


def check_open(attempt: Attempt, now: datetime) -> None:
    """Raises AttemptClosed, or AttemptExpired, when the attempt takes no more."""
    if not attempt.is_open(now):
        raise refusal(attempt)


def retired_items(attempt: Attempt) -> Collection[str]:
    """Return the items that have been taken out of the attempt's bank since its pool was made."""
    if attempt.pool_id is None:
        return ()
    # By a join: the document of a pool is large, and nothing of it is wanted here.
    since = Item.objects.filter(bank__pools=attempt.pool_id, retired_at__gte=F("bank__pools__created_at"))
    return frozenset(since.values_list("slug", flat=True))


def _check_may_start(
    user: User, given: Assignment, arranged: Accommodation | None, *, used: int, now: datetime
) -> None:
    closing = given.closing_for(arranged)
    if not given.is_given or (given.opens_at and now < given.opens_at):
        raise AssessmentClosed
    if closing and now >= closing:
        raise AssessmentClosed("This assessment has closed.")
    _check_holds(user, given, now)
    require_access(given.assessment.lesson, user, now)
    allowed = given.attempts_for(arranged)
    if allowed is not None and used >= allowed:
        raise NoAttemptsLeft


def _check_holds(user: User, given: Assignment, now: datetime) -> None:
    """Raises EnrolmentRequired for an assignment of another course or section. Instructors may try each of theirs."""
    if given.course_id is None:
        return
    place = user.enrolments.active(now).filter(course=given.course_id).first()
    if place is None:
        raise EnrolmentRequired
    if place.role == Role.INSTRUCTOR or given.section_id == place.section_id:
        return
    if given.section_id:
        raise EnrolmentRequired("This is for another section of your course.")
    if Assignment.objects.filter(assessment=given.assessment_id, section=place.section_id).exists():
        raise EnrolmentRequired("Your section takes this at dates of its own.")


def _begun(
    learner: Learner,
    given: Assignment,
    arranged: Accommodation | None,
    *,
    number: int,
    now: datetime,
    dice: random.Random,
) -> Decision:
    version = given.assessment.version
    attempt = Attempt(
        learner=learner,
        assignment=given,
        version=version,
        release=given.feedback,
        mode=version.definition.mode,
        number=number,
        started_at=now,
        deadline=given.deadline(now, arranged),
        tries=arranged.tries if arranged else None,
    )
    mode = mode_of(attempt)
    begun = mode.begin(attempt, dice)
    decision = Decision(attempt, [], shown=tuple(begun.presentations), exposed=begun.exposed)
    if mode.grows:
        decision = grown(decision, (), now)
    return begin(decision)


def used_attempts(user: User, given: Assignment) -> int:
    """Return how many of the allowed attempts a person has used, in whichever sections of a course.

    Void ones, and those that were given besides, do not count.
    """
    return _used(_standing(user, given)[0])


def _used(attempts: Sequence[Earlier]) -> int:
    return sum(not one.is_void for one in attempts) - sum(one.given_besides for one in attempts)


def _make_way(attempt: Attempt, now: datetime) -> None:
    """End an attempt whose time is up, so that another can begin. Raises StillGrading within the grace."""
    if not attempt.has_run_out(now - GRACE):
        raise StillGrading(GRACE)
    _end(attempt.pk, now)


def _end(attempt_id: UUID, now: datetime, whose: Q | None = None) -> Attempt:
    """End an attempt if it is open: by its learner, or past its deadline by the clock."""
    found = Attempt.objects.select_related("assignment__assessment").filter(whose or Q())

    def once() -> Attempt | None:
        attempt = found.get(pk=attempt_id)
        if attempt.state != AttemptState.OPEN:
            return attempt
        state = AttemptState.EXPIRED if attempt.has_run_out(now) else AttemptState.SUBMITTED
        stood = presentations_of(attempt)
        presentations = with_rulings(stood, attempt.assignment.assessment_id)
        pending = _pending(attempt, presentations)
        # A correction may have come before the attempt began: places that nobody answered learn of it here.
        ruled = tuple(one for one, before in zip(presentations, stood, strict=True) if one is not before)
        decision = replace(_nothing_yet(attempt, presentations), changed=ruled)
        decision = judged_late(decision, pending, now)
        changed = {one.pk: one for one in decision.changed}
        current = [changed.get(one.pk, one) for one in presentations]
        decision = ended(decision, current, state, now)
        return found.get(pk=attempt_id) if write(decision, now) else None

    return until_written(attempt_id, once)


def _nothing_yet(attempt: Attempt, presentations: Sequence[Presentation]) -> Decision:
    return Decision(copy.copy(attempt), [place_of(one) for one in presentations])


def _pending(
    attempt: Attempt, presentations: Sequence[Presentation]
) -> list[tuple[Presentation, Sequence[Entry]]]:
    """Return the places where a verdict is missing, each with its log."""
    waiting = [one for one in presentations if one.is_pending]
    log = log_of(attempt) if waiting else []
    return [(one, [entry for entry in log if entry.response.presentation_id == one.pk]) for one in waiting]


def _standing(user: User, given: Assignment) -> tuple[list[Earlier], list[Accommodation]]:
    """Return a person's attempts in brief, what was begun as a guest among them, and what is arranged for them."""
    asked = {"user": user.pk, "assignment": given.pk, "allow_another": ActionKind.ALLOW_ANOTHER.value}
    rows = all_rows(READ_STANDING, asked)
    earlier = [Earlier(*one) for one in rows[0][0] or ()]
    arranged = [ARRANGED.row(row[1:]) for row in rows]
    return earlier, [one for one in arranged if one]
