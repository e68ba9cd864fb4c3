"""After a poor attempt there is something to do, and nothing of it tells what is withheld."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from assessment.models import Attempt, Presentation, User
from assessment.progress.learner import Progress, learner_progress
from assessment.progress.mistakes import MOST, Mistakes
from assessment.progress.next_step import Kind, Named
from content.models import Item
from tests import builders, sitting
from tests.builders import NOW
from tests.practicing import make_chain, record_practice

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)
DOUBLE = Named("double-it", "Double it")


@pytest.fixture
def ann() -> User:
    return builders.make_learner("ann")


@pytest.fixture
def exercise() -> Item:
    return builders.make_item(builders.exercise_document())


def of(user: User, now: datetime = NOW) -> Progress:
    return learner_progress(user=user, now=now)


def step(progress: Progress) -> tuple[Kind, str | None]:
    return progress.next_step.kind, progress.next_step.slug


def poor_quiz(ann: User, *items: Item, **fields: Any) -> Attempt:
    """An attempt at which everything was wrong, handed in."""
    attempt = builders.make_attempt(*items, learner=ann, tries=1, **fields)
    for place in attempt.presentations.all():
        wrong = "-1" if place.item_version.item.is_exercise else "wrong"
        sitting.answer(attempt, place.position or 0, {"a": wrong})
    return sitting.submit(attempt)


def test_after_a_poor_quiz_its_skill_is_recommended_with_an_exercise(ann: User, exercise: Item) -> None:
    poor_quiz(ann, exercise)
    progress = of(ann)
    [review] = progress.review
    assert (review.skill.slug, review.exercise) == ("l2-update", DOUBLE)
    assert review.why == "Your latest answers to it went wrong."
    assert review.due > NOW
    assert progress.mistakes == Mistakes((DOUBLE,))
    assert step(progress) == (Kind.REVIEW, "double-it")


def test_an_open_attempt_is_continued_before_anything_else(ann: User, exercise: Item) -> None:
    poor_quiz(ann, exercise)
    first = builders.make_attempt(exercise, learner=ann)
    ending = builders.make_attempt(exercise, learner=ann, now=NOW - DAY / 24, time_limit_minutes=90)
    assert of(ann).next_step.attempt == ending.pk
    later = of(ann, NOW + DAY)
    assert (later.next_step.kind, later.next_step.attempt) == (Kind.ASSESSMENT, first.pk)
    Attempt.objects.filter(pk=first.pk).update(is_void=True)
    assert of(ann, NOW + DAY).next_step.attempt is None


def test_a_mistake_is_redone_until_the_item_is_answered_rightly(ann: User, exercise: Item) -> None:
    record_practice(ann, exercise, [0.0, 1.0, 0.5])
    assert of(ann).mistakes.redo == (DOUBLE,)
    record_practice(ann, exercise, [1.0], at=NOW + DAY)
    assert of(ann, NOW + DAY).mistakes == Mistakes()


def test_full_credit_for_a_mistake_mends_it(ann: User, exercise: Item) -> None:
    """By a later try without penalty, or by what a person gave."""
    poor_quiz(ann, exercise)
    Presentation.objects.update(score=1.0)
    assert of(ann).mistakes == Mistakes()
    Presentation.objects.update(score=0.0, awarded=1.0)
    assert of(ann).mistakes == Mistakes()
    Presentation.objects.update(awarded=0.5)
    assert of(ann).mistakes.redo == (DOUBLE,)


def test_mistakes_come_the_latest_first_and_there_is_an_end_to_them(ann: User) -> None:
    for number in range(MOST + 2):
        item = builders.make_item(builders.exercise_document(f"double-{number:02}"))
        record_practice(ann, item, [0.0], at=NOW - number * DAY)
    redo = of(ann).mistakes.redo
    assert [one.slug for one in redo] == [f"double-{number:02}" for number in range(MOST)]


def test_what_may_not_be_practiced_is_counted_and_never_suggested(ann: User, exercise: Item) -> None:
    fixed = builders.make_item()
    poor_quiz(ann, fixed, exercise)
    assert of(ann).mistakes == Mistakes((DOUBLE, Named(fixed.slug, "Pick one")))
    builders.make_assessment(exercise, fixed, exclusive=True)
    held = of(ann)
    assert held.mistakes == Mistakes((), explained_only=2)
    assert [held.review[0].exercise, held.skills[0].exercise] == [None, None]
    assert step(held) == (Kind.NOTHING, None)


def test_a_premium_lesson_suggests_nothing_to_who_may_not_use_it(ann: User, exercise: Item) -> None:
    lesson = builders.make_lesson(premium=True, skills=["l2-update"])
    lesson.skills.set(exercise.skills.all())
    exercise.bank.lesson = lesson
    exercise.bank.save()
    builders.make_assessment(exercise, lesson=lesson, slug="premium-quiz")
    record_practice(ann, exercise, [0.0])
    shut = of(ann)
    assert (shut.review[0].exercise, shut.mistakes, step(shut)[0]) == (None, Mistakes((), 1), Kind.NOTHING)
    builders.enrol(ann, builders.make_course(lesson))
    assert step(of(ann)) == (Kind.REVIEW, "double-it")


@pytest.mark.parametrize("feedback", ["at_end", "after_close"])
def test_withheld_verdicts_tell_nothing_of_what_to_do(ann: User, exercise: Item, feedback: str) -> None:
    """The same for a right answer, a wrong one and none."""
    lesson = builders.make_lesson()
    lesson.skills.set(exercise.skills.all())
    assessment = builders.make_assessment(
        exercise, lesson=lesson, feedback=feedback, exclusive=False, closes_at=NOW + 9 * DAY
    )
    told = []
    for answer in ("key", "-1", None):
        user = builders.make_learner()
        attempt, _ = sitting.start(assessment, user)
        if answer:
            place = attempt.presentations.get()
            key = repr(place.variant.interactions["a"]["key"])
            sitting.answer(attempt, 1, {"a": key if answer == "key" else answer})
        if feedback == "after_close":
            sitting.submit(attempt)
        found = of(user)
        told.append(
            (
                [(one.skill.slug, one.mastery, one.level, one.ready) for one in found.skills],
                [(one.skills_known, one.best) for one in found.lessons],
                found.review,
                found.next_due,
                found.mistakes,
                step(found),
            )
        )
    assert told[0] == told[1] == told[2]


def test_a_void_attempt_asks_for_nothing(ann: User, exercise: Item) -> None:
    poor_quiz(ann, exercise, lesson=builders.make_lesson())
    Attempt.objects.update(is_void=True)
    progress = of(ann)
    assert (progress.review, progress.mistakes, progress.lessons) == ((), Mistakes(), ())
    assert step(progress) == (Kind.NOTHING, None)


def test_skills_stand_in_the_order_of_prerequisites_and_say_what_is_locked(ann: User) -> None:
    count, *_ = make_chain()
    lesson = builders.make_lesson(skills=["multiply", "add", "count"])
    lesson.skills.set(builders.make_skill(slug) for slug in ("count", "add", "multiply"))
    record_practice(ann, count, [1.0] * 3, at=NOW, every=0 * DAY)
    progress = of(ann)
    assert [one.skill.slug for one in progress.skills] == ["count", "add", "multiply"]
    assert progress.lessons[0].skills == ("count", "add", "multiply")
    assert [one.is_locked for one in progress.skills] == [False, False, True]
    assert [one.exercise and one.exercise.slug for one in progress.skills] == [
        "count-it",
        "add-it",
        "multiply-it",
    ]
    assert step(progress) == (Kind.PRACTICE, "add-it")


def test_what_prerequisites_leave_open_stands_as_the_lesson_lists_it(ann: User) -> None:
    lesson = builders.make_lesson(skills=["zebra", "apple"])
    lesson.skills.set(builders.make_skill(slug) for slug in ("apple", "zebra"))
    builders.make_attempt(learner=ann, lesson=lesson)
    assert [one.skill.slug for one in of(ann).skills] == ["zebra", "apple"]


def test_an_exercise_that_asks_for_something_locked_comes_last(ann: User) -> None:
    count, *_ = make_chain()
    both = builders.exercise_document("a-both", skills=["add", "multiply"])
    alone = builders.exercise_document("z-alone", skills=["add"])
    Item.objects.filter(slug="add-it").update(retired_at=NOW)
    for document in (both, alone):
        builders.make_item(document)
    lesson = builders.make_lesson()
    lesson.skills.set(builders.make_skill(slug) for slug in ("count", "add", "multiply"))
    record_practice(ann, count, [1.0] * 3, every=0 * DAY)
    shown = {one.skill.slug: one.exercise for one in of(ann).skills}
    assert shown["add"] == Named("z-alone", "Double it")


def test_when_its_skills_are_known_the_lesson_s_quiz_comes_next_and_only_once(
    ann: User, exercise: Item
) -> None:
    lesson = builders.make_lesson()
    lesson.skills.set(exercise.skills.all())
    builders.make_assessment(exercise, lesson=lesson, slug="closed", opens_at=NOW + DAY)
    quiz = builders.make_assessment(exercise, lesson=lesson, slug="quiz", tries=1)
    record_practice(ann, exercise, [1.0] * 4, every=0 * DAY)
    assert step(of(ann)) == (Kind.ASSESSMENT, "quiz")
    attempt, _ = sitting.start(quiz, ann)
    assert of(ann).next_step.attempt == attempt.pk
    key = repr(attempt.presentations.get().variant.interactions["a"]["key"])
    sitting.answer(attempt, 1, {"a": key})
    sitting.submit(attempt)
    assert step(of(ann)) == (Kind.NOTHING, None)


def test_a_skill_without_an_exercise_sends_to_its_lesson(ann: User, exercise: Item) -> None:
    lesson = builders.make_lesson()
    lesson.skills.set([builders.make_skill("l2-update"), builders.make_skill("to-read")])
    record_practice(ann, exercise, [1.0] * 4, every=0 * DAY)
    assert step(of(ann)) == (Kind.LESSON, "a-lesson")


def test_of_two_lessons_the_one_touched_last_comes_first(ann: User) -> None:
    for number, slug in enumerate(("older", "newer")):
        item = builders.make_item(builders.exercise_document(f"{slug}-it", skills=[slug]))
        builders.make_lesson(slug, title=slug).skills.set(item.skills.all())
        record_practice(ann, item, [1.0], at=NOW - (2 - number) * DAY)
    assert [one.lesson.slug for one in of(ann).lessons] == ["newer", "older"]
