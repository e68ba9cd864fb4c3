"""The one thing to do next: of all that could be done now, the first in a fixed order. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID


class Kind(StrEnum):
    """What a step is, and with it where its ``slug`` leads: to an exercise, an assessment or a lesson."""

    REVIEW = "review"
    PRACTICE = "practice"
    ASSESSMENT = "assessment"
    LESSON = "lesson"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Named:
    """Something with a page of its own."""

    slug: str
    title: str


@dataclass(frozen=True, slots=True)
class Unfinished:
    """An attempt that takes answers still."""

    attempt: UUID
    assessment: Named


@dataclass(frozen=True, slots=True)
class Training:
    """A skill that there is an exercise for now, and why it is worth it."""

    skill: str
    exercise: str
    why: str


@dataclass(frozen=True, slots=True)
class Possible:
    """What could be done now, each list in the order of need. What could not be done is in none of them."""

    unfinished: Sequence[Unfinished] = ()
    reviews: Sequence[Training] = ()
    mistakes: Sequence[Named] = ()
    unlocked: Sequence[Training] = ()
    assessments: Sequence[Named] = ()
    lessons: Sequence[Named] = ()
    has_begun: bool = True


@dataclass(frozen=True, slots=True)
class Step:
    """``why`` is a plain sentence; ``attempt`` names the attempt to go on with."""

    kind: Kind
    title: str
    why: str
    slug: str | None = None
    attempt: UUID | None = None


def next_step(possible: Possible) -> Step:
    """Return what comes first: what was begun, reviews, mistakes, the next skill, an assessment, a lesson."""
    return next(_steps(possible), _nothing(possible))


def _steps(possible: Possible) -> Iterator[Step]:
    for begun in possible.unfinished:
        why = "You have begun it and not handed it in yet."
        yield Step(Kind.ASSESSMENT, begun.assessment.title, why, begun.assessment.slug, begun.attempt)
    for due in possible.reviews:
        yield Step(Kind.REVIEW, due.skill, due.why, due.exercise)
    for mistake in possible.mistakes:
        yield Step(Kind.PRACTICE, mistake.title, "Your last answer to it was not right.", mistake.slug)
    for skill in possible.unlocked:
        yield Step(Kind.PRACTICE, skill.skill, skill.why, skill.exercise)
    for assessment in possible.assessments:
        why = "You have not taken it yet, and nothing is left to practice before it."
        yield Step(Kind.ASSESSMENT, assessment.title, why, assessment.slug)
    for lesson in possible.lessons:
        why = "Some of its skills have no exercise to practice with now: read about them."
        yield Step(Kind.LESSON, lesson.title, why, lesson.slug)


def _nothing(possible: Possible) -> Step:
    if possible.has_begun:
        return Step(Kind.NOTHING, "Nothing is waiting for you", "You are through with what you have begun.")
    return Step(Kind.NOTHING, "Choose a lesson", "You have not answered anything yet.")
