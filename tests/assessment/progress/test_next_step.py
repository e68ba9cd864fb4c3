"""There is always one next step, and it follows a fixed order."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest

from assessment.progress.next_step import Kind, Named, Possible, Step, Training, Unfinished, next_step

ATTEMPT = UUID(int=1)
QUIZ, EXERCISE, LESSON = Named("quiz", "The quiz"), Named("double-it", "Double it"), Named("ridge", "Ridge")
ALL = Possible(
    unfinished=[Unfinished(ATTEMPT, QUIZ)],
    reviews=[Training("Step", "step-it", "Your latest answers to it went wrong.")],
    mistakes=[EXERCISE],
    unlocked=[Training("Shrink", "shrink-it", "It comes next: you have what it builds on.")],
    assessments=[QUIZ],
    lessons=[LESSON],
)
ORDER = ("unfinished", "reviews", "mistakes", "unlocked", "assessments", "lessons")


def only(*names: str) -> Possible:
    """What could be done, without the rest."""
    rest: dict[str, Any] = {name: () for name in ORDER if name not in names}
    return replace(ALL, **rest)


CASES = [
    ("unfinished", (Kind.ASSESSMENT, "The quiz", "quiz", ATTEMPT)),
    ("reviews", (Kind.REVIEW, "Step", "step-it", None)),
    ("mistakes", (Kind.PRACTICE, "Double it", "double-it", None)),
    ("unlocked", (Kind.PRACTICE, "Shrink", "shrink-it", None)),
    ("assessments", (Kind.ASSESSMENT, "The quiz", "quiz", None)),
    ("lessons", (Kind.LESSON, "Ridge", "ridge", None)),
]


def brief(step: Step) -> tuple[Kind, str, str | None, UUID | None]:
    return step.kind, step.title, step.slug, step.attempt


@pytest.mark.parametrize(("first", "step"), CASES)
def test_a_step_is_the_first_of_what_could_be_done(
    first: str, step: tuple[Kind, str, str | None, UUID | None]
) -> None:
    left = ORDER[ORDER.index(first) :]
    assert brief(next_step(only(*left))) == step
    assert brief(next_step(only(first))) == step


@pytest.mark.parametrize(
    ("has_begun", "title"), [(True, "Nothing is waiting for you"), (False, "Choose a lesson")]
)
def test_where_nothing_could_be_done_the_step_says_so(has_begun: bool, title: str) -> None:
    assert brief(next_step(Possible(has_begun=has_begun))) == (Kind.NOTHING, title, None, None)


@pytest.mark.parametrize("first", ORDER)
def test_every_step_says_why_in_a_sentence(first: str) -> None:
    why = next_step(only(first)).why
    assert why[0].isupper()
    assert why.endswith(".")
