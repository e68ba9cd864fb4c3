"""What the log says about skills: the first valid answer to each presentation, for each skill that its item asks for.

Later tries, and checks with the solution at hand, say little about what was known.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import F, Q, Window
from django.db.models.functions import RowNumber

from assessment.knowledge.mastery import MasteryParameters
from assessment.knowledge.tracing import DEFAULT, Answered
from assessment.models import Attempt, MasteryFit, Presentation
from assessment.models.attempts import read_closings
from assessment.people.learners import learners_of

KEPT: Final = 100
"""Of the answers of a learner to a skill so many are looked at, the latest: earlier ones say little about today."""

Answers = Mapping[UUID, list[Answered]]
"""By the ids of skills, oldest first."""


def first_answers(
    learners: Collection[UUID], *, among: Q | None = None, about: Collection[UUID] | None = None
) -> dict[UUID, Answers]:
    """Return the evidence by the ids of learners. One query, led by the learner.

    A place keeps its first try as it is judged by now, and the skills are those of the wording that was shown. What
    was dropped, or given in a void attempt, counts for nothing.
    ``among`` narrows the presentations, ``about`` the skills.
    """
    asked = Q(skill__isnull=False) if about is None else Q(skill__in=about)
    latest = Window(
        RowNumber(),
        partition_by=[F("learner"), F("skill")],
        order_by=[F("first_at").desc(), F("id").desc()],
    )
    log = (
        Presentation.objects.filter(among or Q(), learner__in=learners, first_score__isnull=False)
        .filter(Q(attempt=None) | Q(attempt__is_void=False), is_dropped=False)
        .annotate(skill=F("item_version__skills"))
        .filter(asked)
        .annotate(place=latest)
        .filter(place__lte=KEPT)
        .order_by("first_at", "id")
        .values_list("learner", "skill", "first_at", "first_score", "first_hints")
    )
    found: dict[UUID, dict[UUID, list[Answered]]] = {learner: defaultdict(list) for learner in learners}
    for learner, skill, at, score, hints in log:
        if at is not None and score is not None:
            found[learner][skill].append(Answered(at, score, hints))
    return {learner: dict(skills) for learner, skills in found.items()}


def answers_of_people(
    users: Collection[UUID], *, among: Q | None = None, about: Collection[UUID] | None = None
) -> dict[UUID, Answers]:
    """Return the evidence by the ids of users, of all the learners that each of them is. Two queries."""
    learners = learners_of(users)
    found = first_answers([one for own in learners.values() for one in own], among=among, about=about)
    return {user: merged([found[one] for one in own]) for user, own in learners.items()}


def merged(evidence: Sequence[Answers]) -> Answers:
    """Return the evidence of several learners as that of one person."""
    if len(evidence) == 1:
        return evidence[0]
    together: dict[UUID, list[Answered]] = defaultdict(list)
    for answers in evidence:
        for skill, answered in answers.items():
            together[skill] += answered
    return {skill: sorted(answered, key=lambda one: one.at)[-KEPT:] for skill, answered in together.items()}


def own_attempts(learners: Collection[UUID]) -> list[Attempt]:
    """Return the attempts of a person's learners, the latest first, with what `releases_verdicts` asks for."""
    attempts = Attempt.objects.filter(learner__in=learners).select_related(
        "assignment__assessment", "learner"
    )
    found = list(attempts.prefetch_related("learner__users__accommodations"))
    read_closings(found)
    return found


def released_attempts(learners: Collection[UUID], now: datetime) -> list[Attempt]:
    """Return the attempts of a person's learners whose verdicts may be seen."""
    return [attempt for attempt in own_attempts(learners) if attempt.releases_verdicts(now)]


def seen_in(released: Collection[Attempt]) -> Q:
    """Return the condition on presentations whose verdicts may be known: of practice, and of these attempts."""
    return Q(attempt=None) | Q(attempt__in=[attempt.pk for attempt in released])


def mastery_parameters(skills: Collection[UUID]) -> dict[UUID, MasteryParameters]:
    """Return the parameters in force of each skill: those of its active fit, else the same for all."""
    fits = MasteryFit.objects.filter(skill__in=skills, is_active=True)
    return dict.fromkeys(skills, DEFAULT) | {fit.skill_id: fit.parameters for fit in fits}
