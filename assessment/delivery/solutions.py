"""Solutions on request: who has seen one has closed the place in an attempt, and has had help in practice."""

from __future__ import annotations

import copy
from datetime import datetime
from uuid import UUID

from assessment.delivery.attempts import check_open, presentation_at
from assessment.errors import SolutionWithheld
from assessment.models import Attempt, Presentation, User
from assessment.people.access import require_not_held
from assessment.recording.deciding import Decision
from assessment.recording.rounds import until_written
from assessment.recording.rulings import with_rulings
from assessment.recording.writing import write


def show_solution(*, attempt_id: UUID, user_id: UUID, position: int, now: datetime) -> Presentation:
    """Close a place of an attempt with what it is worth by now, so that its solution may be seen. Twice is once.

    What was typed and not sent stays as a draft that nobody judges. Guarded by the attempt's revision. Raises
    Attempt.DoesNotExist, UnknownPosition, AttemptClosed, or SolutionWithheld where the assessment does not allow it.
    """

    def once() -> Presentation | None:
        attempt = Attempt.objects.get(pk=attempt_id, learner__users=user_id)
        check_open(attempt, now)
        presentation = presentation_at(attempt, position)
        if not attempt.rules.gives_solutions:
            raise SolutionWithheld
        closed = copy.copy(presentation)
        if not presentation.is_settled:
            closed.solution_seen_at, closed.is_settled = now, True
            if not write(Decision(attempt, [], changed=(closed,)), now):
                return None
        return with_rulings([closed], attempt.assignment.assessment_id)[0]

    return until_written(attempt_id, once)


def show_practice_solution(*, presentation_id: UUID, user: User | None, now: datetime) -> Presentation:
    """Let a learner see the solution of a variant of free practice, and remember it: a first answer after that says
    nothing of what was known. Twice is once.

    Raises Presentation.DoesNotExist, or NotForPractice where an assessment has taken the item meanwhile.
    """
    presentation = Presentation.objects.select_related("item_version").get(pk=presentation_id, attempt=None)
    require_not_held(presentation.item_version.item_id, user, now)
    Presentation.objects.filter(pk=presentation_id, solution_seen_at=None).update(solution_seen_at=now)
    return with_rulings([presentation], None)[0]
