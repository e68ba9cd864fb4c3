"""What a learner knows by now, folded from the response log: mastery by skill and lesson, and what to do next.

Nothing is cached: each request folds the latest answers to each skill (`assessment.progress.evidence`). Answers whose
verdicts are withheld stay out of all of it, as whatever follows from them would tell them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from assessment.knowledge.mastery import LEVEL_WORDS, Mastery, MasteryLevel, mastery_level, ready_skills
from assessment.knowledge.review import ReviewState
from assessment.knowledge.tracing import History, trace_histories
from assessment.models import Assessment, User
from assessment.people.learners import learners_of
from assessment.progress.evidence import (
    Answers,
    first_answers,
    mastery_parameters,
    merged,
    own_attempts,
    seen_in,
)
from assessment.progress.exercises import closed_lessons, exercises_for, open_to_practice
from assessment.progress.lessons import (
    LessonProgress,
    lesson_progress,
    listed_skills,
    not_taken_yet,
    touched_lessons,
    unfinished,
)
from assessment.progress.mistakes import Mistakes, mistakes
from assessment.progress.next_step import Named, Possible, Step, Training, Unfinished, next_step
from assessment.progress.reviews import Review, review_queue, review_state
from assessment.selection.mastery import in_order
from content.models import Lesson, Skill
from content.models.items import ItemQuerySet

NEXT_SKILL: Final[Mapping[MasteryLevel, str]] = {
    "new": "It comes next: you have what it builds on.",
    "not_yet": "You have practiced it, and do not have it yet.",
    "shaky": "You have practiced it, and it is still shaky.",
}
"""Why a skill is to be learned next, by the levels that ask for it."""


@dataclass(frozen=True, slots=True)
class SkillProgress:
    """``ready``: to be learned next, as all it builds on is likely known. ``review_at`` is None before practice.

    ``exercise`` is one that may be practiced now.
    """

    skill: Skill
    mastery: Mastery
    ready: bool
    review_at: datetime | None
    exercise: Named | None

    @property
    def level(self) -> MasteryLevel:
        return mastery_level(self.mastery)

    @property
    def words(self) -> str:
        return LEVEL_WORDS[self.level]

    @property
    def estimate(self) -> Mastery | None:
        """What answers say; None before any: what people know on the whole is no estimate of this one."""
        return self.mastery if self.mastery.count else None

    @property
    def is_locked(self) -> bool:
        """Whether it was never practiced and what it builds on comes first."""
        return self.level == "new" and not self.ready

    @property
    def prerequisites(self) -> list[Skill]:
        return list(self.skill.prerequisites.all())


@dataclass(frozen=True, slots=True)
class Progress:
    """``skills`` stand in the order of prerequisites, each once; ``lessons`` say which are theirs.

    ``review`` is what to do today; ``next_due`` is when there will be more, None while nothing is scheduled.
    """

    skills: tuple[SkillProgress, ...]
    lessons: tuple[LessonProgress, ...]
    review: tuple[Review, ...]
    next_due: datetime | None
    mistakes: Mistakes
    next_step: Step


def learner_progress(*, user: User, now: datetime) -> Progress:
    """Return the progress of a person: of the lessons touched so far, and of every skill practiced."""
    learners = learners_of([user.pk])[user.pk]
    attempts = [one for one in own_attempts(learners) if not one.is_void]
    released = [one for one in attempts if one.releases_verdicts(now)]
    answered = merged(list(first_answers(learners, among=seen_in(released)).values()))
    states = {skill: state for skill, answers in answered.items() if (state := review_state(answers))}
    lessons = touched_lessons(answered, attempts)
    closed = closed_lessons(user, now)
    allowed = open_to_practice(user, closed, now)
    skills = _skill_progress(_skills(answered, lessons), answered, states, allowed, now)
    levels = {one.skill.slug: one.level for one in skills}
    review = review_queue(skills, answered, states, now)
    redo = mistakes(learners, seen_in(released), allowed)
    reachable = [lesson for lesson in lessons if lesson.pk not in closed]
    possible = Possible(
        unfinished=[Unfinished(one.pk, _named(one.assessment)) for one in unfinished(attempts, now)],
        reviews=[Training(one.skill.title, one.exercise.slug, one.why) for one in review if one.exercise],
        mistakes=redo.redo,
        unlocked=_unlocked(skills, reachable),
        assessments=not_taken_yet(user, reachable, attempts, now),
        lessons=_to_read(skills, reachable),
        has_begun=bool(attempts or answered),
    )
    return Progress(
        skills=skills,
        lessons=tuple(lesson_progress(lesson, levels, released) for lesson in lessons),
        review=review,
        next_due=min((state.due for state in states.values() if state.due > now), default=None),
        mistakes=redo,
        next_step=next_step(possible),
    )


def _skills(answered: Iterable[UUID], lessons: Sequence[Lesson]) -> list[Skill]:
    """Return the skills in the order of prerequisites; what that leaves open as the lessons list them."""
    ids = {*answered, *(skill.pk for lesson in lessons for skill in lesson.skills.all())}
    found = Skill.objects.filter(pk__in=ids).prefetch_related("prerequisites").order_by("title", "slug")
    by_slug = {skill.slug: skill for skill in found}
    listed = [slug for lesson in lessons for slug in listed_skills(lesson) if slug in by_slug]
    graph = {slug: [one.slug for one in skill.prerequisites.all()] for slug, skill in by_slug.items()}
    return [by_slug[slug] for slug, _ in in_order(graph, list(dict.fromkeys([*listed, *by_slug])))]


def _skill_progress(
    skills: Sequence[Skill],
    answered: Answers,
    states: Mapping[UUID, ReviewState],
    allowed: ItemQuerySet,
    now: datetime,
) -> tuple[SkillProgress, ...]:
    masteries = _masteries(skills, answered, now)
    graph = {skill.slug: [one.slug for one in skill.prerequisites.all()] for skill in skills}
    ready = set(ready_skills(graph, masteries))
    locked = [skill.pk for skill in skills if skill.slug not in ready and not masteries[skill.slug].count]
    exercises = exercises_for([skill.pk for skill in skills], locked, allowed)
    return tuple(
        SkillProgress(
            skill=skill,
            mastery=masteries[skill.slug],
            ready=skill.slug in ready,
            review_at=states[skill.pk].due if skill.pk in states else None,
            exercise=exercises.get(skill.pk),
        )
        for skill in skills
    )


def _masteries(skills: Sequence[Skill], answered: Answers, now: datetime) -> dict[str, Mastery]:
    parameters = mastery_parameters([skill.pk for skill in skills])
    histories = [History(answered.get(skill.pk, ()), now, parameters[skill.pk]) for skill in skills]
    return {skill.slug: known for skill, known in zip(skills, trace_histories(histories), strict=True)}


def _unlocked(skills: Iterable[SkillProgress], lessons: Iterable[Lesson]) -> list[Training]:
    """Return what to learn next, lesson by lesson: what is probably known waits for its review."""
    return [
        Training(one.skill.title, one.exercise.slug, NEXT_SKILL[one.level])
        for one in _to_learn(skills, lessons)
        if one.exercise
    ]


def _to_read(skills: Sequence[SkillProgress], lessons: Iterable[Lesson]) -> list[Named]:
    """Return the lessons with something to learn next that cannot be practiced."""
    return [
        Named(lesson.slug, lesson.title)
        for lesson in lessons
        if any(one.exercise is None for one in _to_learn(skills, [lesson]))
    ]


def _to_learn(skills: Iterable[SkillProgress], lessons: Iterable[Lesson]) -> list[SkillProgress]:
    open_now = [one for one in skills if one.ready and one.level in NEXT_SKILL]
    taught = [{skill.pk for skill in lesson.skills.all()} for lesson in lessons]
    return [one for own in taught for one in open_now if one.skill.pk in own]


def _named(assessment: Assessment) -> Named:
    return Named(assessment.slug, assessment.title)
