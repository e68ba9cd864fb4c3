"""What somebody's attempts at an assignment are worth together, and when their learner may know it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from assessment.models import Attempt
from assessment.models.assignments import GradeRule
from assessment.models.attempts import AttemptState
from assessment.modes import result

CLOSED_PAUSE: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """What somebody's attempts at an assignment are worth by its grade rule: ``share`` of everything.

    It is None while something waits to be judged. ``released_at`` is when its learner may know it.
    """

    share: float | None
    maximum: float
    released_at: datetime


def standing(attempts: Iterable[Attempt], now: datetime) -> Standing | None:
    """Return what attempts at one assignment are worth together; None where none has ended that counts."""
    ended = [one for one in attempts if one.state != AttemptState.OPEN and not one.is_void]
    worth = [(one, result(one)) for one in ended]
    graded = [(one, found) for one, found in worth if found.max_score > 0]
    if not graded:
        return None
    maximum = graded[-1][1].max_score
    released = max(_released_at(one, now) for one, _ in graded)
    if any(_waits(one) for one, _ in graded):
        return Standing(None, maximum, released)
    shares = [found.score / found.max_score for _, found in graded]
    rule = graded[-1][0].assignment.grade_rule
    return Standing(min(1.0, max(0.0, _by_rule(rule, shares))), maximum, released)


def _by_rule(rule: str, shares: Sequence[float]) -> float:
    match rule:
        case GradeRule.FIRST:
            return shares[0]
        case GradeRule.LAST:
            return shares[-1]
        case GradeRule.MEAN:
            return sum(shares) / len(shares)
        case _:
            return max(shares)


def _waits(attempt: Attempt) -> bool:
    return attempt.presentations.filter(is_pending=True, is_dropped=False).exists()


def _released_at(attempt: Attempt, now: datetime) -> datetime:
    """Return when a result may be known: at once, or when its assignment closes for its learner."""
    if attempt.releases_verdicts(now):
        return now
    closing = attempt.closing
    # Without a closing nobody knows when: it is asked again.
    return closing if closing and closing > now else now + CLOSED_PAUSE
