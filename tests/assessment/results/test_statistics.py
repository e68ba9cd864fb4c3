from datetime import timedelta

import numpy as np
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment.models import Attempt, Learner, Response, StatisticsSnapshot, UserLearner, Verdict
from assessment.models.people import Role
from assessment.results.columns import on_one_scale
from assessment.results.statistics import (
    Subject,
    _renew,
    courses_to_look_at,
    may_look_everywhere,
    statistics_of,
    subject_for,
)
from content.models import Misconception
from tests import builders, sitting
from tests.builders import NOW
from tests.measuring import make_adaptive, make_measuring_items, sit
from tests.practicing import make_mastery

pytestmark = pytest.mark.django_db

RIGHT, WRONG, OTHER = {"a": "right"}, {"a": "wrong"}, {"a": "other"}
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def items():
    Misconception.objects.create(slug="forgot-the-two", title="Forgot the two", explanation="There is a two.")
    return [builders.make_item(builders.choice_document(f"item-{n}")) for n in range(3)]


def answered(assessment, *answers, user=None, finish=True):
    """An attempt with these answers, in the order of its places; None leaves one out."""
    attempt, _ = sitting.start(assessment, user)
    for position, entered in enumerate(answers, start=1):
        if entered is not None:
            at = NOW + timedelta(minutes=position)
            sitting.answer(attempt, position, entered, now=at, seconds=10.0 * position)
    return sitting.submit(attempt, now=LATER) if finish else attempt


def report(assessment, course=None, now=NOW, **options):
    return statistics_of(Subject(assessment, course), now=now, **options).report


def test_every_number_follows_from_the_answers(items):
    assessment = builders.make_assessment(*items, tries=1)
    answered(assessment, RIGHT, RIGHT, RIGHT)
    answered(assessment, RIGHT, RIGHT, WRONG)
    answered(assessment, RIGHT, WRONG, WRONG)
    answered(assessment, RIGHT, WRONG, OTHER)
    found = report(assessment)
    assert (found.attempts, found.people) == (4, 4)
    assert [one.facility.value for one in found.items] == [1, 0.5, 0.25]
    assert [one.slug for one in found.items] == ["item-0", "item-1", "item-2"]
    assert found.items[1].discrimination.value == pytest.approx(np.corrcoef([1, 1, 0, 0], [2, 1, 1, 1])[0, 1])
    assert [one.weight for one in found.items] == [pytest.approx(1 / 3)] * 3
    assert found.items[0].guess == pytest.approx(1 / 3)
    assert found.items[1].seconds.median == 20
    assert found.totals.mean.value == pytest.approx(1.75)
    assert sum(found.totals.bars) == 4
    scores = np.array([[1, 1, 1], [1, 1, 0], [1, 0, 0], [1, 0, 0]])
    alpha = 1.5 * (1 - scores.var(axis=0, ddof=1).sum() / scores.sum(axis=1).var(ddof=1))
    assert found.totals.consistency.value == pytest.approx(alpha)


def test_every_option_is_counted_also_those_that_nobody_chose(items):
    assessment = builders.make_assessment(*items[:1], tries=1)
    for entered in (RIGHT, RIGHT, WRONG):
        answered(assessment, entered)
    (interaction,) = report(assessment).items[0].interactions
    assert [(one.answer, one.count, one.is_key) for one in interaction.rows] == [
        ("right", 2, True),
        ("wrong", 1, False),
        ("other", 0, False),
    ]
    assert interaction.rows[1].misconception == "forgot-the-two"


def test_the_first_answer_is_the_one_that_is_counted_by_option(items):
    assessment = builders.make_assessment(*items[:1], tries=2)
    attempt, _ = sitting.start(assessment)
    sitting.answer(attempt, 1, WRONG)
    sitting.answer(attempt, 1, RIGHT)
    sitting.submit(attempt)
    (one,) = report(assessment).items
    assert one.first_try.value == 0
    assert one.facility.value == 1
    assert {row.answer: row.count for row in one.interactions[0].rows} == {"right": 0, "wrong": 1, "other": 0}


def test_what_was_not_answered_is_worth_nothing(items):
    assessment = builders.make_assessment(*items[:2])
    answered(assessment, RIGHT, None)
    answered(assessment, RIGHT, RIGHT)
    second = report(assessment).items[1]
    assert (second.shown, second.unanswered, second.facility.value) == (2, 1, 0.5)


def test_what_does_not_count_is_left_out(items):
    course = builders.make_course()
    assessment = builders.make_assessment(*items[:1], course=course)
    roles = {role: builders.make_learner() for role in Role}
    for role, user in roles.items():
        builders.enrol(user, course, role)
        answered(assessment, RIGHT, user=user)
    voided, open_one = builders.make_learner(), builders.make_learner()
    for user in (voided, open_one):
        builders.enrol(user, course)
    Attempt.objects.filter(pk=answered(assessment, WRONG, user=voided).pk).update(is_void=True)
    answered(assessment, WRONG, user=open_one, finish=False)
    found = report(assessment, course)
    assert (found.attempts, found.items[0].facility.value) == (1, 1)


def test_staff_do_not_count_where_it_is_for_everybody(items):
    assessment = builders.make_assessment(*items[:1])
    answered(assessment, RIGHT, user=builders.make_learner(is_staff=True))
    answered(assessment, WRONG)
    assert report(assessment).items[0].facility.value == 0


def test_a_dropped_place_counts_nowhere(items):
    assessment = builders.make_assessment(*items[:2])
    attempt = answered(assessment, WRONG, RIGHT)
    attempt.presentations.filter(position=1).update(is_dropped=True)
    found = report(assessment)
    assert [one.slug for one in found.items] == ["item-1"]
    assert found.totals.most == 1


def test_a_course_sees_its_own_attempts_alone(items):
    courses = [builders.make_course(), builders.make_course()]
    assessment = builders.make_assessment(*items[:1], course=courses[0])
    other = builders.assignment_of(assessment)
    for course, entered in zip(courses, (RIGHT, WRONG), strict=True):
        if course != other.course:
            other.pk, other.course = None, course
            other._state.adding = True
            other.save(force_insert=True)
        user = builders.make_learner()
        builders.enrol(user, course)
        answered(assessment, entered, user=user)
    assert [report(assessment, course).items[0].facility.value for course in courses] == [1, 0]
    assert report(assessment).items[0].facility.value == 0.5


def test_first_attempts_count_unless_all_are_asked_for(items):
    assessment = builders.make_assessment(*items[:1], tries=1)
    user = builders.make_learner()
    answered(assessment, WRONG, user=user)
    answered(assessment, RIGHT, user=user)
    first = statistics_of(Subject(assessment), now=NOW)
    every = statistics_of(Subject(assessment), now=NOW, of_all=True)
    assert first.has_more
    assert (first.report.attempts, first.report.items[0].facility.value) == (1, 0)
    assert (every.report.attempts, every.report.people, every.report.items[0].facility.value) == (2, 1, 0.5)


def test_a_corrected_verdict_counts(items):
    assessment = builders.make_assessment(*items[:1], tries=1)
    answered(assessment, WRONG)
    assert report(assessment).items[0].facility.value == 0
    response = Response.objects.get()
    old = response.verdict
    right = {**old.document["interactions"]["a"], "score": 1.0, "misconception": None}
    Verdict.objects.filter(pk=old.pk).update(current=False)
    Verdict.objects.create(
        response=response,
        number=2,
        grader_version=2,
        valid=True,
        score=1,
        created_at=NOW,
        document={**old.document, "score": 1.0, "interactions": {"a": right}},
    )
    response.presentation.score = response.presentation.first_score = 1.0
    response.presentation.save()
    found = report(assessment, now=LATER).items[0]
    assert found.facility.value == 1
    assert {row.answer: row.misconception for row in found.interactions[0].rows}["wrong"] == "forgot-the-two"


def test_statistics_are_a_minute_old_at_most(items):
    assessment = builders.make_assessment(*items[:1])
    answered(assessment, RIGHT)
    assert report(assessment).attempts == 1
    answered(assessment, RIGHT)
    soon = statistics_of(Subject(assessment), now=NOW + timedelta(seconds=59))
    assert (soon.report.attempts, soon.as_of) == (1, NOW)
    assert report(assessment, now=NOW + timedelta(seconds=60)).attempts == 2
    assert StatisticsSnapshot.objects.count() == 1


def test_computing_takes_as_many_statements_for_any_number_of_attempts(items):
    assessment = builders.make_assessment(*items)
    counts = []
    for moment in range(2):
        for _ in range(1 + 4 * moment):
            answered(assessment, RIGHT, WRONG, RIGHT)
        with CaptureQueriesContext(connection) as asked:
            report(assessment, now=NOW + moment * timedelta(hours=1))
        counts.append(len(asked))
    assert counts[0] >= counts[1]
    assert counts[1] <= 16


def test_reading_takes_one_statement(items, django_assert_num_queries):
    assessment = builders.make_assessment(*items)
    answered(assessment, RIGHT, WRONG, RIGHT)
    report(assessment)
    with django_assert_num_queries(1):
        report(assessment)


def test_versions_of_an_item_are_told_apart(items):
    assessment = builders.make_assessment(items[0], tries=1)
    answered(assessment, RIGHT)
    old = items[0].current
    new = type(old)(item=items[0], number=2, created_at=NOW, status="published", published_at=NOW)
    new.write(old.document | {"title": "Pick another"})
    new.save()
    items[0].current = new
    items[0].save()
    answered(assessment, WRONG)
    found = report(assessment)
    assert [(one.number, one.facility.value) for one in found.items] == [(1, 1), (2, 0)]


def test_nothing_answered_is_no_error(items):
    found = report(builders.make_assessment(*items))
    assert (found.attempts, found.items, found.totals) == (0, (), None)


def test_an_exercise_is_examined_by_its_parameters():
    Misconception.objects.create(slug="forgot-the-two", title="Forgot the two", explanation="There is a two.")
    exercise = builders.make_item(builders.exercise_document())
    choice = builders.make_item(builders.choice_document())
    assessment = builders.make_assessment(exercise, choice, tries=1)
    for seed in range(6):
        attempt, _ = sitting.start(assessment, seed=seed)
        x = attempt.presentations.get(position=1).variant.values["x"]
        sitting.answer(attempt, 1, {"a": str(2 * x if seed % 2 else x if seed else 77)})
        sitting.answer(attempt, 2, RIGHT if seed % 3 else WRONG)
        sitting.submit(attempt)
    first = report(assessment).items[0]
    (parameter,) = first.parameters
    assert parameter.name == "x"
    assert sum(one.answers for one in parameter.regions) == 6
    assert parameter.p_value is None
    rows = {(one.is_key, one.misconception): one.count for one in first.interactions[0].rows}
    assert rows == {(True, None): 3, (False, "forgot-the-two"): 2, (False, None): 1}
    assert [one.answer for one in first.interactions[0].wrong if one.misconception is None] == [77]
    assert [flag.kind for flag in first.flags] == ["few"]


def test_vectors_are_not_cut_into_regions():
    Misconception.objects.create(slug="forgot-the-two", title="Forgot the two", explanation="There is a two.")
    assessment = builders.make_assessment(builders.make_item(builders.vector_document()))
    answered(assessment, {"a": ["1", "2", "3"]})
    (one,) = report(assessment).items
    assert (one.parameters, one.unexamined) == ((), ("x",))


def test_adaptive_attempts_are_compared_by_ability():
    bank = builders.make_bank()
    make_measuring_items(np.linspace(-1, 1, 12), bank=bank)
    assessment = make_adaptive(bank)
    for seed in range(4):
        attempt = sitting.start(assessment, seed=seed)[0]
        sit(attempt, seed=seed)
    found = report(assessment)
    assert found.totals is None
    assert found.ability.attempts == found.attempts == 4
    assert sum(found.ability.bars) == 4
    assert all(one.discrimination.value is None and one.effective_weight is None for one in found.items)
    assert "adaptive" in found.notes[0]


def test_mastery_is_reported_by_skill():
    bank = builders.make_bank()
    for number in range(3):
        builders.make_item(builders.choice_document(f"c-{number}"), bank=bank)
    assessment = make_mastery(bank, skills=["l2-update"], max_items=3)
    attempt, _ = sitting.start(assessment)
    while shown := sitting.upcoming(attempt):
        sitting.answer(attempt, shown.position, RIGHT)
    attempt.refresh_from_db()
    found = report(assessment)
    assert found.totals is None
    assert [(one.skill, one.attempts, one.first_try) for one in found.skills] == [("l2-update", 1, 1)]
    assert found.items
    assert all(one.facility.value == 1 for one in found.items)


def test_a_bank_counts_its_items_over_all_assessments(items):
    for entered in (RIGHT, WRONG):
        answered(builders.make_assessment(*items[:2]), entered, RIGHT)
    elsewhere = builders.make_item(builders.choice_document("elsewhere"), bank=builders.make_bank("another"))
    answered(builders.make_assessment(items[0], elsewhere), RIGHT, RIGHT)
    found = statistics_of(Subject(bank=items[0].bank), now=NOW).report
    assert {one.slug: (one.shown, one.facility.value) for one in found.items} == {
        "item-0": (3, pytest.approx(2 / 3)),
        "item-1": (2, 1),
    }
    assert found.totals is None


def test_who_may_look_where(items):
    mine, other = builders.make_course(), builders.make_course()
    assessment = builders.make_assessment(*items, course=mine)
    given = builders.assignment_of(assessment)
    teacher, superuser = builders.make_learner(), builders.make_learner(is_superuser=True, is_staff=True)
    builders.enrol(teacher, mine, Role.INSTRUCTOR)
    assert list(courses_to_look_at(teacher, assessment, NOW)) == [mine]
    assert may_look_everywhere(teacher, assessment, NOW)
    given.pk, given.course, given._state.adding = None, other, True
    given.save(force_insert=True)
    assert not may_look_everywhere(teacher, assessment, NOW)
    assert subject_for(teacher, assessment, None, NOW) == Subject(assessment, mine)
    assert subject_for(teacher, assessment, other.pk, NOW) is None
    assert subject_for(superuser, assessment, other.pk, NOW) == Subject(assessment, other)
    assert subject_for(superuser, assessment, None, NOW) == Subject(assessment)
    assert subject_for(builders.make_learner(), assessment, None, NOW) is None


def test_a_bank_brings_two_kinds_of_ability_to_one_scale():
    rest, theta = np.array([0.2, 0.4, np.nan, np.nan]), np.array([np.nan, np.nan, -3.0, 3.0])
    np.testing.assert_allclose(on_one_scale(rest, theta), [-1, 1, -1, 1])
    np.testing.assert_allclose(on_one_scale(rest, np.full(4, np.nan)), rest)
    np.testing.assert_allclose(on_one_scale(np.full(4, np.nan), theta), theta)


def test_two_who_look_at_once_compute_once(items):
    assessment = builders.make_assessment(*items)
    answered(assessment, RIGHT, RIGHT, RIGHT)
    report(assessment)
    snapshot = StatisticsSnapshot.objects.get()
    assert _renew(Subject(assessment), NOW).computed_at == snapshot.computed_at
    assert StatisticsSnapshot.objects.get().seconds == snapshot.seconds


def test_learners_of_another_system_are_one_person(items):
    assessment = builders.make_assessment(*items[:1])
    user = builders.make_learner()
    answered(assessment, WRONG, user=user)
    guest = Learner.objects.create(created_at=NOW)
    UserLearner.objects.create(user=user, learner=guest, kind="guest")
    second = answered(assessment, RIGHT, user=user)
    Attempt.objects.filter(pk=second.pk).update(learner=guest, number=1)
    found = statistics_of(Subject(assessment), now=LATER)
    assert (found.report.attempts, found.has_more, found.report.items[0].facility.value) == (1, True, 0)


def test_a_document_of_another_release_is_computed_anew(items):
    assessment = builders.make_assessment(*items[:1])
    answered(assessment, RIGHT)
    report(assessment)
    StatisticsSnapshot.objects.update(document={"format": 0, "first": "something else"})
    assert report(assessment).attempts == 1
