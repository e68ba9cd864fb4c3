"""What to look at again: skills that are due, and skills that just went badly."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from statistics import fmean
from typing import Final, Protocol
from uuid import UUID

from assessment.knowledge.review import Rating, ReviewState, next_review, rating, retrievability
from assessment.knowledge.tracing import DAY, Answered
from assessment.progress.next_step import Named
from content.models import Skill

MADE_GOOD: Final = 2
"""So many right answers in a row make good what went badly: one may be luck."""


@dataclass(frozen=True, slots=True)
class Review:
    """A skill to look at again, why in a plain sentence, and an exercise for it."""

    skill: Skill
    due: datetime
    why: str
    exercise: Named | None


def review_state(answers: Sequence[Answered]) -> ReviewState | None:
    """Return the memory of a skill after ``answers``, oldest first; None without any.

    The answers of one day (UTC) are one review: the scheduler counts in whole days.
    """
    state = None
    for _, group in groupby(answers, key=_day):
        day = list(group)
        state = next_review(state, _rating(day), day[-1].at)
    return state


def went_badly(answers: Sequence[Answered]) -> bool:
    """Whether the latest day of ``answers`` was a failed review that nothing has made good since."""
    if not answers:
        return False
    latest = [one for one in answers if _day(one) == _day(answers[-1])]
    good = len(latest) >= MADE_GOOD and all(one.evidence >= 1 for one in latest[-MADE_GOOD:])
    return _rating(latest) is Rating.AGAIN and not good


class Practiced(Protocol):
    """A skill with an exercise for it, if there is one now."""

    @property
    def skill(self) -> Skill: ...

    @property
    def exercise(self) -> Named | None: ...


def review_queue(
    skills: Iterable[Practiced],
    answered: Mapping[UUID, Sequence[Answered]],
    states: Mapping[UUID, ReviewState],
    now: datetime,
) -> tuple[Review, ...]:
    """Return what went badly, then what is due, both most nearly forgotten first."""
    badly = {skill for skill, answers in answered.items() if went_badly(answers)}
    due = {skill for skill, state in states.items() if state.due <= now}

    def need(one: Practiced) -> tuple[bool, float, str]:
        return one.skill.pk not in badly, retrievability(states[one.skill.pk], now), one.skill.slug

    return tuple(
        Review(
            skill=one.skill,
            due=states[one.skill.pk].due,
            why=_why(states[one.skill.pk], now, badly=one.skill.pk in badly),
            exercise=one.exercise,
        )
        for one in sorted((one for one in skills if one.skill.pk in badly | due), key=need)
    )


def _why(state: ReviewState, now: datetime, *, badly: bool) -> str:
    if badly:
        return "Your latest answers to it went wrong."
    days = int((now - state.last_review) / DAY)
    ago = "today" if days < 1 else "yesterday" if days == 1 else f"{days} days ago"
    return f"You last practiced it {ago}: see whether you still have it."


def _day(answer: Answered) -> object:
    return answer.at.date()


def _rating(day: Sequence[Answered]) -> Rating:
    return rating(fmean(one.score for one in day), hints=max(one.hints for one in day))
