"""What a person says of somebody's grade: another one, that it is excused, a comment. Added to, never changed."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from assessment.errors import GradeRefused
from assessment.models import Assignment, Enrolment, GradeNote, User
from assessment.people.learners import lock_own_learner

LONGEST: Final = 2000
"""Characters of a comment, and of a reason."""


@transaction.atomic
def note_grade(
    *,
    assignment: Assignment,
    user: User,
    score: float | None = None,
    is_excused: bool = False,
    comment: str = "",
    reason: str = "",
    author: User,
    now: datetime,
) -> GradeNote:
    """Say what somebody's grade at an assignment is: it takes the place of what was said before, whole.

    ``score`` is a fraction of everything and stands above the attempts. With neither a score nor an excuse the
    attempts count again. Locks the user; twice is once. Raises GradeRefused.
    """
    comment, reason = comment.strip(), reason.strip()
    _check(score, comment, reason, is_excused=is_excused)
    if assignment.course_id and not Enrolment.objects.filter(course=assignment.course_id, user=user).exists():
        raise GradeRefused("This person is not in the course.")
    learner = lock_own_learner(user=user, now=now)
    said = {"score": score, "is_excused": is_excused, "comment": comment, "reason": reason}
    latest = latest_note(assignment, user)
    if latest and all(getattr(latest, name) == value for name, value in said.items()):
        return latest
    return GradeNote.objects.create(
        assignment=assignment, learner=learner, author=author, created_at=now, **said
    )


def latest_note(assignment: Assignment, user: User) -> GradeNote | None:
    """Return the note that holds for a person, as whichever learner and for whichever section it was written."""
    here = Assignment.objects.alongside(assignment.pk)
    found = GradeNote.objects.filter(assignment__in=here, learner__users=user)
    return found.select_related("learner").order_by("id").last()


def _check(score: float | None, comment: str, reason: str, *, is_excused: bool) -> None:
    if score is not None and not 0 <= score <= 1:
        raise GradeRefused("A grade is 0 to 100 % of everything.")
    if score is not None and is_excused:
        raise GradeRefused("Who is excused has no grade: choose one of the two.")
    if (score is not None or is_excused) and not reason:
        raise GradeRefused("Say why: whoever looks at this later has nothing else.")
    if max(len(comment), len(reason)) > LONGEST:
        raise GradeRefused(f"A comment and a reason have at most {LONGEST} characters.")
