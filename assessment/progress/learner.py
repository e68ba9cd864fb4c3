"""What a learner knows by now, folded from the response log: mastery by skill and lesson, and what to review.

Nothing is cached: each request folds the latest answers to each skill (`assessment.progress.evidence`). Answers whose
verdicts are withheld stay out, as mastery would tell them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from statistics import fmean
from uuid import UUID

from django.db.models import Q

from assessment.knowledge.mastery import Mastery, MasteryLevel, mastery_level, ready_skills
from assessment.knowledge.review import ReviewState, due, next_review, rating, retrievability
from assessment.knowledge.tracing import Answered, History, trace_histories
from assessment.models import Attempt, User
from assessment.people.access import practisable
from assessment.people.learners import learners_of
from assessment.progress.evidence import (
    Answers,
    first_answers,
    mastery_parameters,
    merged,
    released_attempts,
    seen_in,
)
from content.models import Item, Lesson, Skill


@dataclass(frozen=True, slots=True)
class SkillProgress:
    """``ready``: to be learned next, as all it builds on is likely known. ``review_at`` is None before practice."""

    skill: Skill
    mastery: Mastery
    level: MasteryLevel
    ready: bool
    review_at: datetime | None


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """``fraction`` is the mean mastery of its skills, those not practiced as 0; ``best_score`` a fraction too."""

    lesson: Lesson
    fraction: float
    skills_mastered: int
    skills_total: int
    best_score: float | None


@dataclass(frozen=True, slots=True)
class Review:
    """A skill that is about to be forgotten, the chance that it is still known, and an exercise to bring it back."""

    skill: Skill
    due: datetime
    retrievability: float
    exercise: Item | None


@dataclass(frozen=True, slots=True)
class Progress:
    """``review`` is what to do today; ``next_due`` is when there will be more, None while nothing is scheduled."""

    skills: tuple[SkillProgress, ...]
    lessons: tuple[LessonProgress, ...]
    review: tuple[Review, ...]
    next_due: datetime | None


def learner_progress(*, user: User, now: datetime) -> Progress:
    """Return the progress of a person: of the lessons touched so far, and of every skill practiced."""
    learners = learners_of([user.pk])[user.pk]
    attempts = released_attempts(learners, now)
    answered = merged(list(first_answers(learners, among=seen_in(attempts)).values()))
    lessons = _touched_lessons(learners, answered)
    skills = _skills(answered, lessons)
    by_slug = _masteries(skills, answered, now)
    states = {skill.slug: s for skill in skills if (s := review_state(answered.get(skill.pk, [])))}
    return Progress(
        skills=_skill_progress(skills, by_slug, states),
        lessons=tuple(_lesson_progress(lesson, by_slug, attempts) for lesson in lessons),
        review=_reviews(user, skills, states, now),
        next_due=min((state.due for state in states.values() if state.due > now), default=None),
    )


def review_state(answers: Sequence[Answered]) -> ReviewState | None:
    """Return the memory of a skill after ``answers``, oldest first; None without any.

    The answers of one day (UTC) are one review: the scheduler counts in whole days.
    """
    state = None
    for _, group in groupby(answers, key=lambda answer: answer.at.date()):
        day = list(group)
        score, hints = fmean(answer.score for answer in day), max(answer.hints for answer in day)
        state = next_review(state, rating(score, hints=hints), day[-1].at)
    return state


def _touched_lessons(learners: Collection[UUID], answered: Iterable[UUID]) -> list[Lesson]:
    touched = Q(skills__in=list(answered)) | Q(assessments__assignments__attempts__learner__in=learners)
    found = Lesson.objects.filter(touched, current__isnull=False).distinct()
    return list(found.prefetch_related("skills").order_by("title", "slug"))


def _skills(answered: Iterable[UUID], lessons: Iterable[Lesson]) -> list[Skill]:
    ids = {*answered, *(skill.pk for lesson in lessons for skill in lesson.skills.all())}
    return list(Skill.objects.filter(pk__in=ids).prefetch_related("prerequisites").order_by("title", "slug"))


def _masteries(skills: Sequence[Skill], answered: Answers, now: datetime) -> dict[str, Mastery]:
    parameters = mastery_parameters([skill.pk for skill in skills])
    histories = [History(answered.get(skill.pk, ()), now, parameters[skill.pk]) for skill in skills]
    return {skill.slug: known for skill, known in zip(skills, trace_histories(histories), strict=True)}


def _skill_progress(
    skills: Sequence[Skill], masteries: Mapping[str, Mastery], states: Mapping[str, ReviewState]
) -> tuple[SkillProgress, ...]:
    prerequisites = {skill.slug: [p.slug for p in skill.prerequisites.all()] for skill in skills}
    ready = set(ready_skills(prerequisites, masteries))
    return tuple(
        SkillProgress(
            skill=skill,
            mastery=masteries[skill.slug],
            level=mastery_level(masteries[skill.slug]),
            ready=skill.slug in ready,
            review_at=states[skill.slug].due if skill.slug in states else None,
        )
        for skill in skills
    )


def _lesson_progress(
    lesson: Lesson, masteries: Mapping[str, Mastery], attempts: Iterable[Attempt]
) -> LessonProgress:
    own = [masteries[skill.slug] for skill in lesson.skills.all()]
    scores = [
        attempt.credit / attempt.max_score
        for attempt in attempts
        if attempt.assessment.lesson_id == lesson.pk
        and attempt.finished_at
        and attempt.max_score
        and not attempt.is_void
    ]
    return LessonProgress(
        lesson=lesson,
        fraction=fmean(m.probability if m.count else 0.0 for m in own) if own else 0.0,
        skills_mastered=sum(mastery_level(mastery) == "mastered" for mastery in own),
        skills_total=len(own),
        best_score=max(scores, default=None),
    )


def _reviews(
    user: User, skills: Sequence[Skill], states: Mapping[str, ReviewState], now: datetime
) -> tuple[Review, ...]:
    by_slug = {skill.slug: skill for skill in skills}
    waiting = [by_slug[slug] for slug in due(states, now)]
    exercises = _exercises(user, waiting, now) if waiting else {}
    return tuple(
        Review(
            skill=skill,
            due=states[skill.slug].due,
            retrievability=retrievability(states[skill.slug], now),
            exercise=exercises.get(skill.pk),
        )
        for skill in waiting
    )


def _exercises(user: User, skills: Iterable[Skill], now: datetime) -> dict[UUID, Item]:
    """Return the first exercise for each skill that has one."""
    found: dict[UUID, Item] = {}
    links = Item.skills.through.objects.filter(skill__in=list(skills), item__in=practisable(user, now))
    for link in links.select_related("item").order_by("item__slug"):
        found.setdefault(link.skill_id, link.item)
    return found
