"""When verdicts may be seen. Whatever tells a learner how an answer was judged asks here first."""

from __future__ import annotations

from datetime import datetime

from assessment.models import Attempt
from assessment.models.attempts import AttemptState
from assessment.rules.delivery import Feedback


def verdicts_released(attempt: Attempt, now: datetime) -> bool:
    """Return whether verdicts, scores and solutions of an attempt may be shown to its learner."""
    rules = attempt.rules
    closed = rules.feedback is Feedback.AFTER_CLOSE and _has_closed(attempt, now)
    return rules.releases(finished=attempt.state != AttemptState.OPEN, closed=closed)


def _has_closed(attempt: Attempt, now: datetime) -> bool:
    """Whether nobody can take the assessment any more: one learner's earlier closing opens nothing.

    Without a closing time an assessment closes when it is taken off.
    """
    assessment = attempt.assessment
    arranged = assessment.accommodation_for(attempt.learner)
    closings = [c for c in (assessment.closes_at, assessment.closing_for(arranged)) if c]
    return now >= max(closings) if closings else not assessment.is_open
