"""Which grades of other systems a correction changes: by the grade rule, not every score that changes is one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from assessment.models import Assignment, Attempt, Correction, CorrectionEffect, ResourceLink
from assessment.models.assignments import GradeRule
from assessment.models.attempts import AttemptState
from assessment.models.regrading import CHANGED, fraction

Cell = tuple[UUID, UUID]
"""An assignment and a learner."""


class _Attempt(NamedTuple):
    assignment_id: UUID
    learner_id: UUID
    pk: UUID
    score: float
    max_score: float
    awarded: float | None


def platform_grades(correction: Correction) -> int:
    """Return how many grades of other systems are different by a correction, as previewed or as applied.

    Three queries; none of the attempts is read where no other system is told of any.
    """
    # What a section takes at dates of its own is told by the link of its course.
    links = ResourceLink.objects.filter(
        assignment__assessment=OuterRef("assessment"), assignment__course=OuterRef("course")
    )
    linked = Assignment.objects.filter(Exists(links))
    told = CorrectionEffect.objects.filter(CHANGED, correction=correction, attempt__assignment__in=linked)
    effects = {one.attempt_id: one for one in told.iterator()}
    if not effects:
        return 0
    cells = _cells(told)
    rules = dict(linked.filter(pk__in={given for given, _ in cells}).values_list("pk", "grade_rule"))
    return sum(_differs(attempts, effects, GradeRule(rules[given])) for (given, _), attempts in cells.items())


def _cells(effects: QuerySet[CorrectionEffect]) -> dict[Cell, list[_Attempt]]:
    """Return the attempts that count, of everybody whose score changes at an assignment, the first first."""
    same = effects.filter(learner=OuterRef("learner"), attempt__assignment=OuterRef("assignment"))
    counting = Attempt.objects.filter(Exists(same), is_void=False, max_score__gt=0)
    rows: Iterable[tuple[object, ...]] = (
        counting.exclude(state=AttemptState.OPEN)
        .order_by("number")
        .values_list("assignment_id", "learner_id", "pk", "score", "max_score", "awarded")
        .iterator()
    )
    found: dict[Cell, list[_Attempt]] = defaultdict(list)
    for row in rows:
        attempt = _Attempt._make(row)
        found[attempt.assignment_id, attempt.learner_id].append(attempt)
    return found


def _differs(attempts: Sequence[_Attempt], effects: dict[UUID, CorrectionEffect], rule: GradeRule) -> bool:
    before = [_share(one, effects.get(one.pk), before=True) for one in attempts]
    after = [_share(one, effects.get(one.pk), before=False) for one in attempts]
    return _by_rule(rule, before) != _by_rule(rule, after)


def _by_rule(rule: GradeRule, shares: Sequence[float | None]) -> float | None:
    counting = [one for one in shares if one is not None]
    return rule.of(counting) if counting else None


def _share(attempt: _Attempt, effect: CorrectionEffect | None, *, before: bool) -> float | None:
    """Return what an attempt is worth before or after the correction; what a person gave stands above both."""
    if attempt.awarded is not None:
        return attempt.awarded
    if effect is None:
        return attempt.score / attempt.max_score
    if before:
        return fraction(effect.before_score, effect.before_max)
    return fraction(effect.after_score, effect.after_max)
