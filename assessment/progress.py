"""What a learner knows by now, folded from the response log: mastery by skill and lesson, and what to review.

Evidence is the first valid answer to each presentation: later tries, and checks with the solution at hand,
say little about what was known. Answers whose verdicts are withheld stay out, as mastery would tell them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from statistics import fmean
from uuid import UUID

import numpy as np
from django.db.models import Q

from assessment.knowledge.mastery import (
    Masteries,
    Mastery,
    MasteryLevel,
    MasteryParameters,
    mastery_level,
    ready_skills,
    trace_many,
)
from assessment.knowledge.review import ReviewState, due, next_review, rating, retrievability
from assessment.models import Attempt, Response, User
from assessment.releasing import verdicts_released
from content.models import Item, Lesson, Skill

PARAMETERS = MasteryParameters()
"""The same for every skill until there are enough answers to fit them."""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Answered:
    """A first answer: when, its score in [0, 1], and how many hints came before it."""

    at: datetime
    score: float
    hints: int = 0


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
    """``fraction`` is the mean mastery of its skills, those not practised as 0; ``best_score`` a fraction too."""

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
    skills: tuple[SkillProgress, ...]
    lessons: tuple[LessonProgress, ...]
    review: tuple[Review, ...]


def learner_progress(*, learner: User, now: datetime) -> Progress:
    """Return the progress of a learner: of the lessons touched so far, and of every skill practised."""
    attempts = _released_attempts(learner, now)
    answered = _first_answers(learner, attempts)
    lessons = _touched_lessons(learner, answered)
    skills = _skills(answered, lessons)
    masteries = _masteries([answered.get(skill.pk, []) for skill in skills], now)
    by_slug = {skill.slug: masteries[i] for i, skill in enumerate(skills)}
    states = {skill.slug: s for skill in skills if (s := review_state(answered.get(skill.pk, [])))}
    return Progress(
        skills=_skill_progress(skills, by_slug, states),
        lessons=tuple(_lesson_progress(lesson, by_slug, attempts) for lesson in lessons),
        review=_reviews(skills, states, now),
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


def _released_attempts(learner: User, now: datetime) -> list[Attempt]:
    attempts = Attempt.objects.filter(learner=learner).select_related("assessment", "learner")
    return [attempt for attempt in attempts if verdicts_released(attempt, now)]


def _first_answers(learner: User, released: Iterable[Attempt]) -> dict[UUID, list[Answered]]:
    """Return the evidence for each skill, oldest first. An item counts for every skill that it asks for."""
    seen = Q(presentation__attempt=None) | Q(presentation__attempt__in=[attempt.pk for attempt in released])
    log = (
        Response.objects.filter(seen, learner=learner, valid=True, try_number=1)
        .order_by("created_at", "id")
        .values_list("presentation__item_version__item", "created_at", "score", "hints_taken")
    )
    entries = list(log)
    skills = _skills_of_items({item for item, *_ in entries})
    answered: dict[UUID, list[Answered]] = defaultdict(list)
    for item, at, score, hints in entries:
        for skill in skills[item]:
            answered[skill].append(Answered(at, min(1.0, max(0.0, score)), hints))
    return dict(answered)


def _skills_of_items(items: Iterable[UUID]) -> Mapping[UUID, list[UUID]]:
    skills: dict[UUID, list[UUID]] = defaultdict(list)
    for item, skill in Item.skills.through.objects.filter(item__in=items).values_list("item", "skill"):
        skills[item].append(skill)
    return skills


def _touched_lessons(learner: User, answered: Iterable[UUID]) -> list[Lesson]:
    touched = Q(skills__in=list(answered)) | Q(assessments__attempts__learner=learner)
    found = Lesson.objects.filter(touched, current__isnull=False).distinct()
    return list(found.prefetch_related("skills").order_by("title", "slug"))


def _skills(answered: Iterable[UUID], lessons: Iterable[Lesson]) -> list[Skill]:
    ids = {*answered, *(skill.pk for lesson in lessons for skill in lesson.skills.all())}
    return list(Skill.objects.filter(pk__in=ids).prefetch_related("prerequisites").order_by("title", "slug"))


def _masteries(evidence: Sequence[Sequence[Answered]], now: datetime) -> Masteries:
    """Trace all skills in one pass: a row each, padded at the end with NaN."""
    longest = max(map(len, evidence), default=0)
    correct = np.full((len(evidence), longest), np.nan)
    days = np.zeros((len(evidence), longest))
    rest = np.zeros(len(evidence))
    for row, answers in enumerate(evidence):
        correct[row, : len(answers)] = [answer.score for answer in answers]
        days[row, 1 : len(answers)] = [(later.at - earlier.at) / DAY for earlier, later in pairwise(answers)]
        rest[row] = max(0.0, (now - answers[-1].at) / DAY) if answers else 0.0
    return trace_many(PARAMETERS, correct, days, days_since_last=rest)


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
        attempt.score / attempt.max_score
        for attempt in attempts
        if attempt.assessment.lesson_id == lesson.pk and attempt.finished_at and attempt.max_score
    ]
    return LessonProgress(
        lesson=lesson,
        fraction=fmean(m.probability if m.count else 0.0 for m in own) if own else 0.0,
        skills_mastered=sum(mastery_level(mastery) == "mastered" for mastery in own),
        skills_total=len(own),
        best_score=max(scores, default=None),
    )


def _reviews(skills: Sequence[Skill], states: Mapping[str, ReviewState], now: datetime) -> tuple[Review, ...]:
    by_slug = {skill.slug: skill for skill in skills}
    waiting = [by_slug[slug] for slug in due(states, now)]
    exercises = _exercises(waiting)
    return tuple(
        Review(
            skill=skill,
            due=states[skill.slug].due,
            retrievability=retrievability(states[skill.slug], now),
            exercise=exercises.get(skill.pk),
        )
        for skill in waiting
    )


def _exercises(skills: Iterable[Skill]) -> dict[UUID, Item]:
    """Return the first exercise for each skill that has one."""
    found: dict[UUID, Item] = {}
    links = Item.skills.through.objects.filter(skill__in=list(skills), item__in=Item.objects.exercises())
    for link in links.select_related("item").order_by("item__slug"):
        found.setdefault(link.skill_id, link.item)
    return found
