"""Fitting the parameters of knowledge tracing to our own log, skill by skill, and choosing which fit is in force.

A fit is stored with what it rests on and changes nothing by itself: somebody looks at it and activates it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from assessment.knowledge.fitting import FittedMastery, fit
from assessment.knowledge.tracing import DEFAULT, Answered, answer_matrix
from assessment.models import MasteryFit, Presentation
from assessment.progress.evidence import first_answers
from content.models import Skill

MIN_LEARNERS: Final = 30
"""Those with two answers at least: one answer tells nothing of learning or forgetting."""
MIN_ANSWERS: Final = 200
MOST_LEARNERS: Final = 5_000
"""The latest to have joined; more would tell little more and take minutes."""


class TooFewAnswers(Exception):
    """The log says too little about a skill; the text may be shown to whoever asked for the fit."""

    def __init__(self, skill: Skill, learners: int, answers: int) -> None:
        super().__init__(
            f"The skill {skill.slug} has too few answers: {answers} by {learners} learners with two or more. "
            f"A fit takes {MIN_ANSWERS} by {MIN_LEARNERS}."
        )


def fit_skill(*, skill: Skill, now: datetime) -> MasteryFit:
    """Fit the parameters of a skill and store them, not active. Locks the skill while it stores.

    Raises TooFewAnswers.
    """
    log = _log(skill)
    answers = sum(map(len, log))
    if len(log) < MIN_LEARNERS or answers < MIN_ANSWERS:
        raise TooFewAnswers(skill, len(log), answers)
    return _store(skill, log, fit(*answer_matrix(log), DEFAULT), now)


@transaction.atomic
def activate_fit(*, fit_id: UUID, now: datetime) -> MasteryFit:
    """Let mastery be estimated with a fit; attempts under way keep what they began with. Locks the skill.

    Raises MasteryFit.DoesNotExist.
    """
    chosen = MasteryFit.objects.get(pk=fit_id)
    Skill.objects.select_for_update().get(pk=chosen.skill_id)
    chosen.refresh_from_db()
    if not chosen.is_active:
        MasteryFit.objects.filter(skill=chosen.skill_id, is_active=True).update(is_active=False)
        chosen.is_active, chosen.activated_at = True, now
        chosen.save(update_fields=["is_active", "activated_at"])
    return chosen


def _log(skill: Skill) -> Sequence[Sequence[Answered]]:
    """Return the answers of each learner who has two or more to the skill, in the order of the learners' ids."""
    about = Presentation.objects.filter(item_version__skills=skill, first_score__isnull=False)
    learners = about.order_by("-learner").values_list("learner", flat=True).distinct()[:MOST_LEARNERS]
    found = first_answers(list(learners), about=[skill.pk])
    return [answers for learner in sorted(found) if len(answers := found[learner].get(skill.pk, [])) > 1]


@transaction.atomic
def _store(
    skill: Skill, log: Sequence[Sequence[Answered]], fitted: FittedMastery, now: datetime
) -> MasteryFit:
    Skill.objects.select_for_update().get(pk=skill.pk)
    latest = MasteryFit.objects.filter(skill=skill).aggregate(latest=Max("number"))["latest"] or 0
    return MasteryFit.objects.create(
        skill=skill,
        number=latest + 1,
        **asdict(fitted.parameters),
        learners=len(log),
        answers=sum(map(len, log)),
        log_likelihood=fitted.log_likelihood,
        start_log_likelihood=fitted.start_log_likelihood,
        converged=fitted.converged,
        created_at=now,
    )
