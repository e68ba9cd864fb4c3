"""Progress is a fold of the response log: first answers count, and what is withheld stays out."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest

from assessment.delivery.hints import take_practice_hint
from assessment.delivery.practice import start_practice
from assessment.knowledge.mastery import Evidence, MasteryParameters, trace
from assessment.knowledge.tracing import DEFAULT, Answered
from assessment.models import Assessment, Attempt, MasteryFit, Presentation, User
from assessment.progress.evidence import KEPT
from assessment.progress.learner import Progress, learner_progress
from assessment.progress.mistakes import Mistakes
from assessment.progress.next_step import Kind, Named
from assessment.progress.reviews import review_state
from content.models import Item
from tests import builders, sitting
from tests.builders import NOW
from tests.practicing import make_fit, record_practice

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


@pytest.fixture
def ann() -> User:
    return builders.make_learner("ann")


@pytest.fixture
def exercise() -> Item:
    return builders.make_item(builders.exercise_document())


def practice(learner: User, item: Item, *answers: bool | str, at: datetime = NOW) -> Presentation:
    """Answer a fresh variant: rightly for True, wrongly for False, or with the text itself."""
    shown = start_practice(user=learner, item=item, now=at, dice=random.Random(7))
    key = shown.variant.interactions["a"]["key"]
    for answer in answers:
        entered = answer if isinstance(answer, str) else repr(key if answer else -1.0)
        sitting.check(shown, entered, key=None, now=at)
    return shown


def answer_all(attempt: Attempt, option: str, at: datetime = NOW) -> None:
    for presentation in attempt.presentations.all():
        sitting.answer(attempt, presentation.position, {"a": option}, key=None, now=at)


def end(attempt: Attempt, at: datetime = NOW) -> None:
    sitting.submit(attempt, at)


def counts(progress: Progress) -> dict[str, int]:
    return {one.skill.slug: one.mastery.count for one in progress.skills}


def test_without_answers_there_is_no_progress(ann: User) -> None:
    progress = learner_progress(user=ann, now=NOW)
    assert (progress.skills, progress.lessons, progress.review) == ((), (), ())
    assert (progress.next_due, progress.mistakes) == (None, Mistakes())
    assert (progress.next_step.kind, progress.next_step.title) == (Kind.NOTHING, "Choose a lesson")


def test_mastery_is_the_trace_of_the_first_answers(ann: User, exercise: Item) -> None:
    results, days = [False, True, True, True], [0, 1, 2, 5]
    for right, day in zip(results, days, strict=True):
        practice(ann, exercise, right, at=NOW + day * DAY)
    gaps = [0, *(later - earlier for earlier, later in pairwise(days))]
    evidence = [Evidence(float(right), gap) for right, gap in zip(results, gaps, strict=True)]
    [skill] = learner_progress(user=ann, now=NOW + 9 * DAY).skills
    expected = trace(DEFAULT, evidence, days_since_last=4)
    assert skill.mastery.count == 4
    assert skill.mastery.probability == pytest.approx(expected.probability, abs=1e-12)
    assert skill.mastery.low == pytest.approx(expected.low, abs=1e-12)


def test_the_active_fit_of_a_skill_is_what_mastery_is_estimated_with(ann: User, exercise: Item) -> None:
    practice(ann, exercise, True)
    fitted = MasteryParameters(prior=0.6, learn=0.3, forget=0.01, guess=0.1, slip=0.05)
    fit = make_fit("l2-update", fitted)
    [before] = learner_progress(user=ann, now=NOW).skills
    MasteryFit.objects.filter(pk=fit.pk).update(is_active=True)
    [after] = learner_progress(user=ann, now=NOW).skills
    assert (before.mastery, after.mastery) == (
        trace(DEFAULT, [Evidence(1.0)]),
        trace(fitted, [Evidence(1.0)]),
    )


def test_a_right_answer_after_a_hint_says_nothing_of_mastery(ann: User, exercise: Item) -> None:
    shown = start_practice(user=ann, item=exercise, now=NOW, dice=random.Random(7))
    take_practice_hint(user=None, presentation_id=shown.pk, now=NOW)
    key = repr(shown.variant.interactions["a"]["key"])
    sitting.check(shown, key, key=None, now=NOW)
    [skill] = learner_progress(user=ann, now=NOW).skills
    assert skill.mastery == trace(DEFAULT, [Evidence(0.5)])


def test_of_each_skill_the_latest_answers_count_however_long_ago(ann: User, exercise: Item) -> None:
    old = builders.make_item(builders.exercise_document("triple-it", skills=["shrink-factor"]))
    record_practice(ann, old, [1.0], at=NOW - 900 * DAY)
    record_practice(ann, exercise, [0.0] * 20 + [1.0] * KEPT, every=0 * DAY)
    masteries = {one.skill.slug: one.mastery for one in learner_progress(user=ann, now=NOW).skills}
    assert masteries["l2-update"] == trace(DEFAULT, [Evidence(1.0)] * KEPT)
    assert masteries["shrink-factor"].count == 1


def test_skills_of_different_lengths_do_not_disturb_each_other(ann: User, exercise: Item) -> None:
    other = builders.make_item(builders.exercise_document("triple-it", skills=["shrink-factor"]))
    for _ in range(3):
        practice(ann, exercise, True)
    practice(ann, other, False)
    masteries = {one.skill.slug: one.mastery for one in learner_progress(user=ann, now=NOW).skills}
    assert masteries["l2-update"] == trace(DEFAULT, [Evidence(1.0)] * 3)
    assert masteries["shrink-factor"] == trace(DEFAULT, [Evidence(0.0)])


def test_only_the_first_valid_answer_to_a_variant_counts(ann: User, exercise: Item) -> None:
    practice(ann, exercise, "one", False, True, True)
    [skill] = learner_progress(user=ann, now=NOW).skills
    assert skill.mastery == trace(DEFAULT, [Evidence(0.0)])


def test_an_answer_counts_for_every_skill_of_its_item(ann: User) -> None:
    item = builders.make_item(builders.exercise_document(skills=["l2-update", "shrink-factor"]))
    practice(ann, item, True)
    assert counts(learner_progress(user=ann, now=NOW)) == {"l2-update": 1, "shrink-factor": 1}


def test_answers_of_others_do_not_count(ann: User, exercise: Item) -> None:
    practice(builders.make_learner(), exercise, True)
    assert learner_progress(user=ann, now=NOW).skills == ()


def test_answers_in_an_attempt_count_at_once_where_verdicts_show_at_once(ann: User) -> None:
    answer_all(builders.make_attempt(learner=ann), "right")
    assert counts(learner_progress(user=ann, now=NOW)) == {"l2-update": 1}


@pytest.mark.parametrize(
    ("feedback", "ended", "later", "counted"),
    [
        ("at_end", False, 0, False),
        ("at_end", True, 0, True),
        ("after_close", True, 0, False),
        ("after_close", True, 2, True),
    ],
)
def test_answers_whose_verdicts_are_withheld_stay_out(
    ann: User, feedback: str, ended: bool, later: int, counted: bool
) -> None:
    closing = NOW + DAY if feedback == "after_close" else None
    attempt = builders.make_attempt(learner=ann, feedback=feedback, closes_at=closing)
    answer_all(attempt, "right")
    if ended:
        end(attempt)
    progress = learner_progress(user=ann, now=NOW + later * DAY)
    assert counts(progress) == ({"l2-update": 1} if counted else {})


def test_a_lesson_counts_its_own_skills_and_no_others(ann: User, exercise: Item) -> None:
    lesson = builders.make_lesson()
    lesson.skills.set([builders.make_skill("l2-update"), builders.make_skill("shrink-factor")])
    builders.make_lesson("untouched")
    other = builders.make_item(builders.exercise_document("triple-it", skills=["elsewhere"]))
    for _ in range(6):
        practice(ann, exercise, True)
    practice(ann, other, True)
    progress = learner_progress(user=ann, now=NOW)
    [shown] = progress.lessons
    assert (shown.lesson, set(shown.skills)) == (lesson, {"l2-update", "shrink-factor"})
    assert (shown.skills_known, shown.skills_mastered, shown.skills_total) == (1, 1, 2)
    assert counts(progress) == {"l2-update": 6, "shrink-factor": 0, "elsewhere": 1}


def test_a_skill_that_was_never_asked_has_no_estimate(ann: User, exercise: Item) -> None:
    lesson = builders.make_lesson()
    lesson.skills.set([builders.make_skill("l2-update"), builders.make_skill("shrink-factor")])
    practice(ann, exercise, False)
    shown = {one.skill.slug: one for one in learner_progress(user=ann, now=NOW).skills}
    assert shown["l2-update"].estimate == trace(DEFAULT, [Evidence(0.0)])
    assert shown["shrink-factor"].estimate is None
    assert [shown[slug].words for slug in ("l2-update", "shrink-factor")] == ["not yet", "not practiced yet"]


def test_the_best_finished_attempt_counts_for_its_assessment(ann: User) -> None:
    lesson = builders.make_lesson()
    first = builders.make_attempt(learner=ann, lesson=lesson)
    answer_all(first, "right")
    assert learner_progress(user=ann, now=NOW).lessons[0].best == ()
    end(first)
    second, _ = sitting.start(first.assessment, ann)
    answer_all(second, "wrong")
    end(second)
    other = builders.make_attempt(learner=ann, lesson=lesson)
    end(other)
    assert set(learner_progress(user=ann, now=NOW).lessons[0].best) == {first, other}


def test_attempts_of_another_mode_than_the_assessment_has_now_are_not_compared(ann: User) -> None:
    attempt = builders.make_attempt(learner=ann, lesson=builders.make_lesson())
    end(attempt)
    Assessment.objects.update(mode="mastery")
    assert learner_progress(user=ann, now=NOW).lessons[0].best == ()


def test_what_a_person_gave_counts_for_the_best_and_a_void_attempt_does_not(ann: User) -> None:
    lesson = builders.make_lesson()
    first = builders.make_attempt(learner=ann, lesson=lesson)
    end(first)
    second, _ = sitting.start(first.assessment, ann)
    answer_all(second, "right")
    end(second)
    Attempt.objects.filter(pk=second.pk).update(awarded=0.25)
    Attempt.objects.filter(pk=first.pk).update(awarded=0.5)
    assert learner_progress(user=ann, now=NOW).lessons[0].best == (first,)
    Attempt.objects.filter(pk=first.pk).update(is_void=True)
    assert learner_progress(user=ann, now=NOW).lessons[0].best == (second,)


def test_a_void_attempt_says_nothing_about_skills(ann: User) -> None:
    lesson = builders.make_lesson()
    attempt = builders.make_attempt(learner=ann, lesson=lesson)
    answer_all(attempt, "right")
    end(attempt)
    assert counts(learner_progress(user=ann, now=NOW)) == {"l2-update": 1}
    Attempt.objects.update(is_void=True)
    progress = learner_progress(user=ann, now=NOW)
    assert (progress.skills, progress.lessons, progress.review) == ((), (), ())
    assert progress.next_step.title == "Choose a lesson"


def test_a_skill_is_ready_when_what_it_builds_on_is_likely_known(ann: User, exercise: Item) -> None:
    lesson = builders.make_lesson()
    before, after = builders.make_skill("l2-update"), builders.make_skill("shrink-factor")
    after.prerequisites.add(before)
    lesson.skills.set([before, after])

    def ready() -> set[str]:
        return {one.skill.slug for one in learner_progress(user=ann, now=NOW).skills if one.ready}

    practice(ann, exercise, False)
    assert ready() == {"l2-update"}
    for _ in range(3):
        practice(ann, exercise, True)
    assert "shrink-factor" in ready()


def test_a_skill_is_due_for_review_after_a_while_with_an_exercise_to_do(ann: User, exercise: Item) -> None:
    practice(ann, exercise, True)
    progress = learner_progress(user=ann, now=NOW)
    [skill] = progress.skills
    assert skill.review_at is not None
    assert skill.review_at > NOW
    assert (progress.review, progress.next_due) == ((), skill.review_at)
    [review] = learner_progress(user=ann, now=skill.review_at).review
    assert (review.skill.slug, review.exercise) == ("l2-update", Named("double-it", "Double it"))
    assert review.why == "You last practiced it 2 days ago: see whether you still have it."


def test_what_is_due_comes_most_nearly_forgotten_first_and_the_next_due_is_later(ann: User) -> None:
    for number, days in enumerate((1, 30, 300)):
        item = builders.make_item(builders.exercise_document(f"double-{number}", skills=[f"skill-{number}"]))
        practice(ann, item, True, at=NOW - days * DAY)
    known = builders.make_item(builders.exercise_document("known", skills=["known"]))
    for day in (0, 4, 20, 60):
        practice(ann, known, True, at=NOW + (day - 61) * DAY)
    progress = learner_progress(user=ann, now=NOW)
    assert [one.skill.slug for one in progress.review] == ["skill-2", "skill-1"]
    due = {one.skill.slug: one.review_at for one in progress.skills}
    assert progress.next_due == min(due["skill-0"], due["known"]) > NOW


def answers(*days_and_scores: tuple[float, float]) -> Sequence[Answered]:
    return [Answered(NOW + day * DAY, score) for day, score in days_and_scores]


def test_a_failed_review_comes_back_sooner_than_a_passed_one() -> None:
    passed, failed = (review_state(answers((0, 1.0), (3, score))) for score in (1.0, 0.0))
    assert failed.due < passed.due


def test_the_answers_of_one_day_are_one_review() -> None:
    once = review_state(answers((0, 1.0)))
    often = review_state(answers((0, 1.0), (0.01, 1.0), (0.02, 1.0)))
    assert often.stability == once.stability


def test_a_review_that_needed_a_hint_comes_back_sooner() -> None:
    alone, helped = (
        review_state([Answered(NOW, 1.0), Answered(NOW + 3 * DAY, 1.0, hints)]) for hints in (0, 2)
    )
    assert helped.due < alone.due


def test_nothing_answered_is_nothing_to_review() -> None:
    assert review_state([]) is None


def test_a_longer_log_costs_no_more_queries(
    ann: User, exercise: Item, django_assert_max_num_queries: Any
) -> None:
    for number in range(6):
        item = builders.make_item(builders.exercise_document(f"double-{number}", skills=[f"skill-{number}"]))
        practice(ann, item, True)
    with django_assert_max_num_queries(10):
        assert len(learner_progress(user=ann, now=NOW + 30 * DAY).review) == 6
