"""How far a learner is with each lesson: skills known, attempts at its assessments, and what could be taken."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.db.models import F, Q

from assessment.knowledge.mastery import MasteryLevel
from assessment.models import Assignment, Attempt, User
from assessment.models.attempts import AttemptState
from assessment.progress.evidence import Answers
from assessment.progress.next_step import Named
from content.models import Lesson


@dataclass(frozen=True, slots=True)
class LessonProgress:
    """``skills`` are the slugs of its skills in the order of prerequisites; the counts are of these and no others.

    ``known`` are those mastered or probably known. ``best`` has the best finished attempt at each of its assessments.
    """

    lesson: Lesson
    skills: tuple[str, ...]
    skills_known: int
    skills_mastered: int
    best: tuple[Attempt, ...]

    @property
    def skills_total(self) -> int:
        return len(self.skills)


def touched_lessons(answered: Answers, attempts: Sequence[Attempt]) -> list[Any]:
    """Return the lessons whose skills were answered or whose assessments were begun, the latest first.

    ``attempts`` come the latest first; each lesson is ``listed`` with its skills in the order of its document.
    """
    begun = {attempt.assessment.lesson_id: attempt.started_at for attempt in reversed(attempts)}
    touched = Q(skills__in=list(answered)) | Q(pk__in=[pk for pk in begun if pk])
    found = Lesson.objects.filter(pk__in=Lesson.objects.filter(touched, current__isnull=False).values("pk"))

    def touched_at(lesson: Lesson) -> datetime:
        own = [answered[skill.pk][-1].at for skill in lesson.skills.all() if skill.pk in answered]
        return max([*own, *([begun[lesson.pk]] if lesson.pk in begun else [])])

    lessons = found.annotate(listed=F("current__document__skills")).prefetch_related("skills")
    return sorted(lessons, key=touched_at, reverse=True)


def listed_skills(lesson: Any) -> list[str]:
    """Return the slugs of the skills of a lesson that `touched_lessons` found, as its authors listed them."""
    listed: list[str] = lesson.listed or []
    return listed


def lesson_progress(
    lesson: Lesson, levels: Mapping[str, MasteryLevel], attempts: Iterable[Attempt]
) -> LessonProgress:
    """Return how far a lesson is. ``levels`` stand in the order of prerequisites.

    ``attempts`` are those whose verdicts may be seen and that count.
    """
    taught = {skill.slug for skill in lesson.skills.all()}
    slugs = [slug for slug in levels if slug in taught]
    own = [levels[slug] for slug in slugs]
    return LessonProgress(
        lesson=lesson,
        skills=tuple(slugs),
        skills_known=sum(level in ("nearly", "mastered") for level in own),
        skills_mastered=own.count("mastered"),
        best=best_attempts(one for one in attempts if one.assessment.lesson_id == lesson.pk),
    )


def best_attempts(attempts: Iterable[Attempt]) -> tuple[Attempt, ...]:
    """Return the best finished attempt at each assessment, of those in the mode that it has now.

    Scores of different modes do not compare: one counts points, another skills.
    """

    def assessment(attempt: Attempt) -> tuple[str, str]:
        return attempt.assessment.title, attempt.assessment.slug

    counted = [one for one in attempts if one.finished_at and one.max_score and _is_in_mode(one)]
    return tuple(
        max(group, key=lambda one: one.credit / one.max_score)
        for _, group in groupby(sorted(counted, key=assessment), key=assessment)
    )


def not_taken_yet(
    user: User, lessons: Sequence[Lesson], attempts: Iterable[Attempt], now: datetime
) -> list[Named]:
    """Return the assessments of lessons that could be begun now and never were, in the order of the lessons.

    Of one lesson those with a fixed number of questions come first. One query.
    """
    taken = {attempt.assessment.pk for attempt in attempts}
    assignments = Assignment.objects.all()
    given = assignments.filter(
        assignments.open_at(now),
        Q(course=None) | assignments.held_by(user, now),
        assessment__lesson__in=[lesson.pk for lesson in lessons],
    )
    place = {lesson.pk: number for number, lesson in enumerate(lessons)}
    columns = (
        "assessment",
        "assessment__lesson",
        "assessment__mode",
        "assessment__slug",
        "assessment__title",
    )
    rows = {row for row in given.values_list(*columns) if row[0] not in taken}
    ordered = sorted(rows, key=lambda row: (place[row[1]], row[2] != "fixed", row[4], row[3]))
    return [Named(slug, title) for _, _, _, slug, title in ordered]


def unfinished(attempts: Iterable[Attempt], now: datetime) -> list[Attempt]:
    """Return the attempts that take answers still: first the one that ends soonest, then the one begun last."""
    open_now = [one for one in attempts if one.is_open(now)]
    endless = [one for one in open_now if one.deadline is None]
    ending = sorted((one for one in open_now if one.deadline), key=lambda one: one.deadline or now)
    return [*ending, *sorted(endless, key=lambda one: one.started_at, reverse=True)]


def _is_in_mode(attempt: Attempt) -> bool:
    return attempt.state != AttemptState.OPEN and attempt.mode == attempt.assessment.mode
