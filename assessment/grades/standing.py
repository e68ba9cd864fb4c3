"""What somebody's attempts at an assignment are worth together, or was given instead, and when it may be known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from assessment.models import Assignment, Attempt, GradeNote
from assessment.models.assignments import GradeRule
from assessment.models.attempts import AttemptState
from assessment.modes import mode_of, result
from assessment.modes.base import Result
from assessment.rules.delivery import Feedback

CLOSED_PAUSE: Final = timedelta(hours=1)
"""After this it is asked again when a result may be known, where nobody can tell."""
FULL: Final = 100.0
"""What a full score is called of an assessment that is not published."""


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody has reached at an assignment by its grade rule: ``share`` of everything.

    It is None while something waits to be judged, and of who is excused. ``released_at`` is when its learner may
    know it.
    """

    share: float | None
    maximum: float
    released_at: datetime
    is_excused: bool = False


def standing(
    *, assignment: Assignment, attempts: Iterable[Attempt], note: GradeNote | None, now: datetime
) -> Standing | None:
    """Return what attempts at one assignment are worth together, or what a note says above them.

    None where no attempt has ended that counts, and nothing is given.
    """
    ended = [one for one in attempts if one.state != AttemptState.OPEN and not one.is_void]
    graded = [(one, found) for one in ended if (found := result(one)).max_score > 0]
    if note and note.decides:
        return _noted(assignment, graded, note, now)
    if not graded:
        return None
    maximum = graded[-1][1].max_score
    released = max(_released_at(one, now) for one, _ in graded)
    if any(_waits(one) for one, _ in graded):
        return Standing(None, maximum, released)
    shares = [found.score / found.max_score for _, found in graded]
    return Standing(min(1.0, max(0.0, GradeRule(assignment.grade_rule).of(shares))), maximum, released)


def full_score(assignment: Assignment) -> float:
    """Return what a full score is called before anybody has one."""
    if assignment.assessment.current is None:
        return FULL
    definition = assignment.assessment.definition
    return mode_of(definition).full_score(definition) or FULL


def _noted(
    assignment: Assignment, graded: Sequence[tuple[Attempt, Result]], note: GradeNote, now: datetime
) -> Standing:
    maximum = graded[-1][1].max_score if graded else full_score(assignment)
    released = [_released_at(one, now) for one, _ in graded] or [_opened_at(assignment, note, now)]
    return Standing(note.score, maximum, max(released), is_excused=note.is_excused)


def _waits(attempt: Attempt) -> bool:
    return attempt.presentations.filter(is_pending=True, is_dropped=False).exists()


def _released_at(attempt: Attempt, now: datetime) -> datetime:
    """Return when a result may be known: at once, or when its assignment closes for its learner."""
    if attempt.releases_verdicts(now):
        return now
    return _later(attempt.closing, now)


def _opened_at(assignment: Assignment, note: GradeNote, now: datetime) -> datetime:
    """Return when a grade without an attempt may be known: as results of an attempt would be."""
    if assignment.feedback is not Feedback.AFTER_CLOSE:
        return now
    closing = assignment.last_closing(assignment.accommodation_among(note.learner.accommodations))
    return now if assignment.has_closed(closing, now) else _later(closing, now)


def _later(closing: datetime | None, now: datetime) -> datetime:
    # Without a closing nobody knows when: it is asked again.
    return closing if closing and closing > now else now + CLOSED_PAUSE
