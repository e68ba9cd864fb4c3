"""What an answer comes to: a pure decision on what was read. Nothing here asks the database or the clock."""

from __future__ import annotations

import hashlib
import json
import logging
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from assessment.disclosure.announcing import announcement
from assessment.errors import (
    AttemptClosed,
    AttemptExpired,
    DeliveryError,
    NotGraded,
    PresentationSettled,
    TooManyInvalid,
    UnknownPosition,
)
from assessment.models import Attempt, Presentation, Response, Verdict
from assessment.models.attempts import AttemptState
from assessment.models.responses import Origin
from assessment.models.statements import copied, new_row
from assessment.modes import mode_of
from assessment.modes.base import Change, Exposed, Learned, Place, Places
from assessment.modes.places import first_of
from assessment.psychometrics.stopping import Stop
from assessment.recording.reading import Seat
from assessment.recording.refolding import Entry, fold_place
from assessment.scoring.tries import Tally, TryRules, count_try, settled
from content.items.grading import ItemVerdict, grade
from content.models.versions import new_id

LOG: Final = logging.getLogger(__name__)

Answer = dict[str, Any]
"""From the identifier of an interaction to what was entered there."""


@dataclass(frozen=True, slots=True)
class Submission:
    """An answer on its way in. ``key`` makes a repeated request the same request; ``now`` is when it arrived.

    ``seconds`` is for how long its place was in view, as the sender says.
    """

    answer: Answer
    key: UUID
    now: datetime
    seconds: float | None = None
    origin: Origin = Origin.LEARNER
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """What is to be written, all of it or nothing. Rows are copies: what was read stays as it was.

    ``attempt`` is as it will be, but for its revision, which is the one that was read. ``gone`` are the places whose
    drafts go; ``is_draft`` says that the answer is only kept as one; ``refusal`` is raised once all is written.
    """

    attempt: Attempt
    places: Places
    responses: tuple[Response, ...] = ()
    verdicts: tuple[Verdict, ...] = ()
    changed: tuple[Presentation, ...] = ()
    shown: tuple[Presentation, ...] = ()
    exposed: tuple[Exposed, ...] = ()
    learned: tuple[Learned, ...] = ()
    gone: tuple[UUID, ...] = ()
    is_draft: bool = False
    refusal: DeliveryError | None = None


def decide(seat: Seat, sent: Submission) -> Decision:
    """Return what an answer changes. Raises UnknownPosition or PresentationSettled, where nothing is to be kept."""
    if seat.presentation is None:
        raise UnknownPosition
    attempt, presentation = copied(seat.attempt), seat.presentation
    if not attempt.is_open(sent.now):
        return _too_late(attempt, presentation, seat.places, sent)
    if presentation.is_settled:
        raise PresentationSettled
    if presentation.is_paused(sent.now):
        return _paused(attempt, presentation, seat.places, sent)
    return answered(Decision(attempt, seat.places), presentation, sent)


def answered(so_far: Decision, presentation: Presentation, sent: Submission) -> Decision:
    """Return a decision with one more answer in it: judged, counted, and taken into what the attempt knows."""
    attempt = copied(so_far.attempt)
    attempt.answers += 1
    verdict = judged(presentation, sent.answer)
    rules = attempt.rules.scoring
    place = counted(presentation, verdict, sent.now, rules)
    places = [_updated(one, place) for one in so_far.places]
    change = Change(attempt.posterior)
    if isinstance(verdict, ItemVerdict) and verdict.valid:
        change = mode_of(attempt).observe(attempt, places, place.position or 0)
    attempt.posterior = change.posterior
    attempt.score, attempt.max_score = mode_of(attempt).total(attempt, places)
    response = response_to(presentation, sent, sequence=attempt.answers, verdict=verdict)
    made = verdict_on(response, verdict, place) if isinstance(verdict, ItemVerdict) else None
    if isinstance(verdict, ItemVerdict):
        announce(response, attempt, place, rules, verdict)
    return replace(
        so_far,
        attempt=attempt,
        places=places,
        responses=(*so_far.responses, response),
        verdicts=(*so_far.verdicts, made) if made else so_far.verdicts,
        changed=_with_changed(so_far, place),
        exposed=so_far.exposed + change.exposed,
        learned=so_far.learned + change.learned,
        gone=(*so_far.gone, presentation.pk),
        refusal=verdict if isinstance(verdict, NotGraded) else None,
    )


def announce(
    response: Response,
    attempt: Attempt | None,
    place: Presentation,
    rules: TryRules,
    verdict: ItemVerdict,
    following: int | None = None,
) -> None:
    """Put into a new response what is told of it."""
    number = place.tries_used if verdict.valid else place.tries_used + 1
    response.try_number = number if verdict.valid else None
    facts = announcement(
        attempt,
        place,
        rules,
        number=number,
        valid=verdict.valid,
        correct=verdict.correct,
        following=following,
    )
    response.announcement = facts.to_json()


def judged(presentation: Presentation, answer: Answer) -> ItemVerdict | NotGraded:
    """Return the verdict on an answer; where the grader raises, its failure."""
    version = presentation.grading_version
    try:
        return grade(version.definition, presentation.graded_by, answer, probing=version.probing)
    except Exception as error:
        # Whatever it is: the answer is kept, the traceback is logged, and the instructor sees what is missing.
        LOG.exception(
            "the grader failed on presentation %s of attempt %s", presentation.pk, presentation.attempt_id
        )
        return NotGraded(type(error).__name__[:100])


def counted(
    presentation: Presentation, verdict: ItemVerdict | NotGraded, now: datetime, rules: TryRules
) -> Presentation:
    """Return a copy of a place after one more answer."""
    place = copied(presentation)
    place.answers += 1
    place.answered_at = now
    if isinstance(verdict, NotGraded):
        place.is_pending = True
    elif not verdict.valid:
        place.count_invalid(now)
    else:
        tally = count_try(rules, Tally(place.tries_used, place.score), verdict.score)
        if place.tries_used == 0:
            place.first_at, place.first_score, place.first_hints = now, verdict.score, place.help_taken
        place.tries_used, place.score, place.is_settled = tally.used, tally.score, settled(rules, tally)
    return place


def response_to(
    presentation: Presentation,
    sent: Submission,
    *,
    sequence: int,
    verdict: ItemVerdict | NotGraded | None = None,
) -> Response:
    """Return a new response; what is announced of it comes later."""
    return Response(
        id=new_id(),
        learner_id=presentation.learner_id,
        attempt_id=presentation.attempt_id,
        presentation_id=presentation.pk,
        sequence=sequence,
        answer=sent.answer,
        origin=sent.origin,
        after=sent.after,
        hints_taken=presentation.help_taken,
        seconds=seconds_in_view(presentation, sent),
        key=sent.key,
        fingerprint=fingerprint(presentation.pk, sent.answer),
        failure=verdict.cause if isinstance(verdict, NotGraded) else "",
        created_at=sent.now,
    )


def verdict_on(
    response: Response,
    verdict: ItemVerdict,
    place: Presentation | None = None,
    *,
    number: int = 1,
    correction_id: UUID | None = None,
    at: datetime | None = None,
) -> Verdict:
    """Return a verdict on a response, with the keys and policies where they are not those that were shown."""
    judged_by = place.corrected_document["interactions"] if place and place.corrected_document else None
    return new_row(
        Verdict,
        id=new_id(),
        response_id=response.pk,
        grader_version=verdict.grader_version,
        valid=verdict.valid,
        score=verdict.score,
        document=verdict.to_json(),
        created_at=at or response.created_at,
        correction_id=correction_id,
        judged_by=judged_by,
        number=number,
    )


def seconds_in_view(presentation: Presentation, sent: Submission) -> float | None:
    """Return what the sender says, within what the clock allows since the place was shown or answered before."""
    if sent.seconds is None:
        return None
    since = sent.now - (presentation.answered_at or presentation.shown_at)
    return max(0.0, min(sent.seconds, since / timedelta(seconds=1)))


def fingerprint(presentation_id: UUID, answer: Answer) -> str:
    """Return a hash of what was sent and where, to tell a retry from another answer under the same key."""
    canonical = json.dumps([str(presentation_id), answer], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()


def refusal(attempt: Attempt) -> AttemptClosed:
    """Return why an attempt takes no more."""
    return AttemptClosed() if attempt.state == AttemptState.SUBMITTED else AttemptExpired()


def _too_late(attempt: Attempt, presentation: Presentation, places: Places, sent: Submission) -> Decision:
    """Keep an answer that came after the end: it is judged by nobody, and its instructor can see it."""
    if presentation.is_settled:
        return Decision(attempt, places, refusal=refusal(attempt))
    attempt.answers += 1
    late = response_to(presentation, replace(sent, origin=Origin.LATE), sequence=attempt.answers)
    return Decision(attempt, places, responses=(late,), refusal=refusal(attempt))


def _paused(attempt: Attempt, presentation: Presentation, places: Places, sent: Submission) -> Decision:
    """Keep an answer in a pause as what the learner is working on."""
    wait = (presentation.paused_until or sent.now) - sent.now
    return Decision(attempt, places, is_draft=True, refusal=TooManyInvalid(wait))


def _updated(place: Place, presentation: Presentation) -> Place:
    if place.position != presentation.position:
        return place
    return replace(
        place,
        score=presentation.score,
        is_settled=presentation.is_settled,
        first=first_of(presentation),
        is_dropped=presentation.is_dropped,
        awarded=presentation.awarded,
    )


def has_to_grow(decision: Decision) -> bool:
    """Whether the attempt goes on to another item: it is open, grows, and its learner is through with the last place.

    Those before it were answered when it was chosen.
    """
    attempt = decision.attempt
    if attempt.state != AttemptState.OPEN or not mode_of(attempt).grows or not decision.changed:
        return False
    place = decision.changed[-1]
    return place.position == decision.places[-1].position and place.is_answered(attempt.rules)


def grown(decision: Decision, retired: Collection[str], now: datetime) -> Decision:
    """Return a decision that goes on to the next item of its attempt, or ends it where its mode says so.

    Raises what drawing raises; the decision stands without it.
    """
    found = mode_of(decision.attempt).next_item(decision.attempt, decision.places, retired, now)
    if isinstance(found, Stop):
        attempt = copied(decision.attempt)
        attempt.stop_reason = found.reason
        attempt.finish(AttemptState.SUBMITTED, now)
        return _announced_anew(replace(decision, attempt=attempt))
    shown = replace(
        decision, shown=(*decision.shown, found.presentation), exposed=decision.exposed + found.exposed
    )
    return _announced_anew(shown)


def ended(
    decision: Decision, presentations: Sequence[Presentation], state: AttemptState, now: datetime
) -> Decision:
    """Return a decision that ends an attempt: what nobody sent is judged, in the order of the places, then it closes.

    A grader that fails leaves its answer without a verdict; it holds up neither the others nor the end.
    """
    for presentation in presentations:
        draft = presentation.unsent_answer()
        if draft is not None and not presentation.is_settled:
            sent = Submission(draft, new_id(), now, origin=Origin.DRAFT, after=presentation.draft.after)
            decision = answered(decision, presentation, sent)
    attempt = copied(decision.attempt)
    attempt.finish(state, now)
    attempt.score, attempt.max_score = mode_of(attempt).total(attempt, decision.places)
    return replace(decision, attempt=attempt, refusal=None)


def judged_late(
    decision: Decision, pending: Sequence[tuple[Presentation, Sequence[Entry]]], now: datetime
) -> Decision:
    """Return a decision with verdicts on answers that a grader failed on before, where it does not fail again.

    ``pending`` has the whole log of each place. Nobody was told that these answers spent a try, so they spend none.
    """
    for presentation, entries in pending:
        decision = _with_late_verdicts(decision, presentation, entries, now)
    return decision


def _with_late_verdicts(
    decision: Decision, presentation: Presentation, entries: Sequence[Entry], now: datetime
) -> Decision:
    log = [_with_late_verdict(presentation, one, now) for one in entries]
    verdicts = [after.verdicts[0] for before, after in zip(entries, log, strict=True) if before is not after]
    if not verdicts:
        return decision
    folded = fold_place(log, decision.attempt.rules.scoring, closed=presentation.is_given_up)
    place = copied(presentation)
    place.score, place.is_pending = folded.score, folded.is_pending
    places = [_updated(one, place) for one in decision.places]
    attempt = copied(decision.attempt)
    change = mode_of(attempt).refold(attempt, places)
    attempt.posterior = change.posterior
    return replace(
        decision,
        attempt=attempt,
        places=places,
        exposed=decision.exposed + change.exposed,
        verdicts=(*decision.verdicts, *verdicts),
        changed=_with_changed(decision, place),
    )


def _with_late_verdict(presentation: Presentation, entry: Entry, now: datetime) -> Entry:
    found = judged(presentation, entry.response.answer) if entry.is_pending else None
    if not isinstance(found, ItemVerdict):
        return entry
    return replace(entry, verdicts=[verdict_on(entry.response, found, presentation, at=now)])


def _with_changed(decision: Decision, place: Presentation) -> tuple[Presentation, ...]:
    """Return the changed places with one more, the last; a row is written once, as it is in the end."""
    return (*(one for one in decision.changed if one.pk != place.pk), place)


def _announced_anew(decision: Decision) -> Decision:
    """Return the decision with the last response told where the attempt went on to."""
    if not decision.responses or decision.responses[-1].announcement is None:
        return decision
    response = copied(decision.responses[-1])
    following = decision.shown[-1].position if decision.shown else None
    response.announcement = {**response.announcement, "next": following, "state": str(decision.attempt.state)}
    return replace(decision, responses=(*decision.responses[:-1], response))
