"""To whom an assessment is given: whose terms hold, and who changed them when."""

import random
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from assessment.delivery.attempts import assignment_for, start_attempt
from assessment.errors import AssessmentClosed, EnrolmentRequired
from assessment.models import Assignment, AssignmentChange
from assessment.people.assignments import UnfitRelease, change_assignment
from content.authoring import retire
from tests.builders import NOW, assignment_of, enrol, give, make_assessment, make_course, make_learner
from tests.practicing import make_chain, make_mastery

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def start(assessment, user, **options):
    attempt, is_new, _ = start_attempt(
        user=user, assessment=assessment, now=NOW, dice=random.Random(1), **options
    )
    return attempt, is_new


def given(assessment, course=None, **terms):
    return Assignment.objects.create(assessment=assessment, course=course, **terms)


# Whose terms hold


def test_a_member_gets_what_his_course_was_given_and_others_what_everybody_was():
    assessment, course, member = make_assessment(), make_course(), make_learner()
    enrol(member, course)
    everybodys, courses = assignment_of(assessment), given(assessment, course, time_limit_minutes=5)
    assert assignment_for(assessment, member, NOW) == courses
    assert (
        assignment_for(assessment, make_learner(), NOW) == everybodys == assignment_for(assessment, None, NOW)
    )
    assert start(assessment, member)[0].deadline == NOW + timedelta(minutes=5)


def test_of_several_courses_the_first_that_is_open_goes_before_the_first():
    assessment, member = make_assessment(), make_learner()
    courses = [make_course() for _ in range(3)]
    for course in courses:
        enrol(member, course)
    first, second, _ = [given(assessment, course, closes_at=NOW) for course in courses]
    assert assignment_for(assessment, member, NOW) == first
    second.closes_at = NOW + HOUR
    second.save()
    assert assignment_for(assessment, member, NOW) == second


def test_attempts_are_counted_and_numbered_by_assignment():
    assessment, course, member = make_assessment(attempts_allowed=1), make_course(), make_learner()
    enrol(member, course)
    courses = given(assessment, course)
    one, _ = start(assessment, member)
    other, created = start(assessment, member, assignment=assignment_of_everybody(assessment))
    assert (one.assignment, one.number, other.number, created) == (courses, 1, 1, True)
    assert start(assessment, member) == (one, False)


def assignment_of_everybody(assessment):
    return assessment.assignments.get(course=None)


def test_what_is_given_to_a_course_alone_is_refused_to_others():
    assessment = make_assessment(course=make_course())
    with pytest.raises(EnrolmentRequired):
        start(assessment, make_learner())


def test_what_is_given_to_nobody_or_retired_is_closed():
    assessment, learner = make_assessment(), make_learner()
    retire(row=assessment, now=NOW)
    assessment.refresh_from_db()
    with pytest.raises(AssessmentClosed):
        start(assessment, learner)
    Assignment.objects.all().delete()
    with pytest.raises(AssessmentClosed):
        start(assessment, learner)


def test_an_assessment_is_given_to_a_course_and_to_everybody_once():
    assessment, course = make_assessment(), make_course()
    given(assessment, course)
    for again in (course, None):
        with pytest.raises(IntegrityError), transaction.atomic():
            given(assessment, again)


# What changes


def test_a_change_is_recorded_with_its_author_and_no_change_is_not():
    assignment, author = assignment_of(make_assessment()), make_learner()
    assignment.closes_at, assignment.weight = NOW + HOUR, 2.0
    for _ in range(2):
        change_assignment(assignment=assignment, author=author, now=NOW)
    change = AssignmentChange.objects.get()
    assert (change.author, change.created_at) == (author, NOW)
    assert (change.before["closes_at"], change.before["weight"]) == (None, 1.0)
    assert change.after["closes_at"].startswith("2026-11-23T10:00:00")
    assert str(change) == f"closes_at: None → {change.after['closes_at']}, weight: 1.0 → 2.0"


def test_what_was_recorded_of_a_change_is_not_changed():
    change_assignment(assignment=give(make_assessment(), weight=2.0), author=None, now=NOW)
    assignment = Assignment.objects.get()
    assignment.weight = 3.0
    change_assignment(assignment=assignment, author=None, now=NOW)
    for write in (
        lambda: AssignmentChange.objects.update(after={}),
        lambda: AssignmentChange.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            write()


def test_a_change_reaches_neither_release_nor_end_of_attempts_that_run():
    assessment = make_assessment(time_limit_minutes=30)
    attempt, _ = start(assessment, make_learner())
    assignment = assignment_of(assessment)
    assignment.release, assignment.time_limit_minutes = "at_end", 5
    change_assignment(assignment=assignment, author=make_learner(), now=NOW)
    attempt.refresh_from_db()
    assert (attempt.release, attempt.deadline) == ("immediate", NOW + timedelta(minutes=30))
    assert attempt.rules.tells_at_once
    later, _ = start(assessment, make_learner())
    assert (later.release, later.rules.answers_may_change) == ("at_end", True)


def test_a_release_that_its_mode_cannot_live_with_is_refused():
    make_chain()
    assignment = give(make_mastery())
    assignment.release = "after_close"
    with pytest.raises(UnfitRelease, match="needs immediate"):
        change_assignment(assignment=assignment, author=make_learner(), now=NOW)


@pytest.mark.parametrize(
    ("release", "feedback", "exclusive"),
    [
        ("", "at_end", True),
        ("", "immediate", False),
        ("at_end", "immediate", True),
        ("immediate", "at_end", False),
    ],
)
def test_an_assignment_that_withholds_verdicts_is_exclusive(release, feedback, exclusive):
    give(make_assessment(feedback=feedback), release=release)
    assert Assignment.objects.exclusive().exists() is exclusive
