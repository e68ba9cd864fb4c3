"""Sections with dates of their own: which assignment holds for whom, and what waits for the others."""

import random
from datetime import timedelta

import pytest
from django.utils import timezone

from assessment.delivery.attempts import assignment_for, start_attempt, used_attempts
from assessment.errors import EnrolmentRequired, NoAttemptsLeft
from assessment.models import Assignment, Enrolment, Section
from assessment.models.attempts import read_closings
from assessment.models.people import Role
from assessment.people.access import for_practice
from assessment.platforms.arriving import begin_session
from assessment.progress.evidence import own_attempts
from assessment.progress.lessons import not_taken_yet
from tests import sitting
from tests.api.client import Api
from tests.builders import (
    NOW,
    choice_document,
    enrol,
    exercise_document,
    learner_of,
    make_assessment,
    make_course,
    make_item,
    make_learner,
    make_lesson,
)
from tests.launching import make_link

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


class Class:
    """A course with two sections; section B takes the assessment at dates of its own."""

    def __init__(self, *items, **fields):
        self.course = make_course(*([fields["lesson"]] if "lesson" in fields else []))
        self.a = Section.objects.create(course=self.course, title="A")
        self.b = Section.objects.create(course=self.course, title="B")
        self.assessment = make_assessment(*items, course=self.course, slug="of-the-course", **fields)
        self.of_course = self.assessment.assignments.get()
        self.of_b = Assignment.objects.create(
            assessment=self.assessment, course=self.course, section=self.b, **self._terms(fields)
        )

    def _terms(self, fields):
        return {name: fields[name] for name in ("attempts_allowed", "exclusive") if name in fields}

    def member(self, section=None, role=Role.LEARNER):
        user = make_learner()
        enrolled = enrol(user, self.course, role)
        Enrolment.objects.filter(pk=enrolled.pk).update(section=section)
        return user


def start(assessment, user, assignment=None, now=NOW):
    return start_attempt(
        user=user, assessment=assessment, assignment=assignment, now=now, dice=random.Random(1)
    ).attempt


def test_a_section_takes_its_own_and_the_rest_the_courses():
    here = Class()
    assert assignment_for(here.assessment, here.member(here.b), NOW) == here.of_b
    assert assignment_for(here.assessment, here.member(here.a), NOW) == here.of_course
    assert assignment_for(here.assessment, here.member(), NOW) == here.of_course


def test_another_sections_assignment_cannot_be_started():
    here = Class()
    with pytest.raises(EnrolmentRequired, match="another section"):
        start(here.assessment, here.member(here.a), here.of_b)
    with pytest.raises(EnrolmentRequired, match="dates of its own"):
        start(here.assessment, here.member(here.b), here.of_course)
    with pytest.raises(EnrolmentRequired):
        start(here.assessment, make_learner(), here.of_b)


def test_an_instructor_tries_every_sections_assignment():
    here = Class()
    teacher = here.member(role=Role.INSTRUCTOR)
    assert start(here.assessment, teacher, here.of_b).assignment == here.of_b


def test_a_section_of_an_ended_enrolment_holds_nothing():
    here = Class()
    user = here.member(here.b)
    Enrolment.objects.filter(user=user).update(ends_at=NOW)
    with pytest.raises(EnrolmentRequired):
        start(here.assessment, user, here.of_b)


def test_moving_to_another_section_gives_no_attempts():
    here = Class(attempts_allowed=1)
    user = here.member(here.a)
    sitting.submit(start(here.assessment, user))
    Enrolment.objects.filter(user=user).update(section=here.b)
    assert used_attempts(user, here.of_b) == 1
    with pytest.raises(NoAttemptsLeft):
        start(here.assessment, user)


def test_an_attempt_under_way_goes_on_after_a_move():
    here = Class()
    user = here.member(here.a)
    attempt = start(here.assessment, user)
    Enrolment.objects.filter(user=user).update(section=here.b)
    assert start(here.assessment, user) == attempt


def test_solutions_wait_for_the_last_section():
    here = Class(feedback="after_close")
    give_closing(here.of_course, NOW + HOUR)
    give_closing(here.of_b, NOW + 3 * HOUR)
    attempt = fresh(sitting.submit(start(here.assessment, here.member(here.a))))
    assert attempt.closing == NOW + 3 * HOUR
    assert not attempt.releases_verdicts(NOW + 2 * HOUR)
    assert fresh(attempt).releases_verdicts(NOW + 3 * HOUR)


def test_solutions_wait_for_a_section_without_a_closing():
    here = Class(feedback="after_close")
    give_closing(here.of_course, NOW + HOUR)
    attempt = fresh(sitting.submit(start(here.assessment, here.member(here.a))))
    assert attempt.closing is None
    assert not attempt.releases_verdicts(NOW + 2 * HOUR)
    Assignment.objects.filter(pk=here.of_b.pk).update(is_open=False)
    assert fresh(attempt).releases_verdicts(NOW + 2 * HOUR)


def test_what_was_solved_is_not_practiced_before_the_last_section():
    item = make_item(choice_document("pick"))
    here = Class(item, feedback="after_close", exclusive=False)
    give_closing(here.of_course, NOW + HOUR)
    give_closing(here.of_b, NOW + 3 * HOUR)
    ann = here.member(here.a)
    sitting.submit(start(here.assessment, ann))
    assert not for_practice(ann, NOW + 2 * HOUR).filter(pk=item.pk).exists()
    assert for_practice(ann, NOW + 4 * HOUR).filter(pk=item.pk).exists()


def test_closings_of_many_attempts_are_read_at_once(django_assert_num_queries):
    here = Class(feedback="after_close")
    for number in range(3):
        make_assessment(course=here.course, slug=f"more-{number}", feedback="after_close")
    user = here.member(here.a)
    for slug in ("of-the-course", "more-0", "more-1", "more-2"):
        sitting.submit(start(Assignment.objects.filter(assessment__slug=slug).first().assessment, user))
    found = own_attempts([learner_of(user).pk])
    with django_assert_num_queries(0):
        assert len([one.assignment.elsewhere for one in found]) == 4
    with django_assert_num_queries(0):
        read_closings([])


def test_an_exclusive_assessment_keeps_from_its_section_alone():
    item = make_item(exercise_document())
    here = Class(item, exclusive=True)
    Assignment.objects.filter(pk=here.of_course.pk).update(opens_at=NOW + HOUR)
    assert not for_practice(here.member(here.b), NOW).filter(pk=item.pk).exists()
    assert for_practice(here.member(here.a), NOW).filter(pk=item.pk).exists()


def test_only_what_holds_is_suggested():
    lesson = make_lesson()
    here = Class(lesson=lesson)
    Assignment.objects.filter(pk=here.of_course.pk).update(opens_at=NOW + HOUR)
    [named] = not_taken_yet(here.member(here.b), [lesson], [], NOW)
    assert named.slug == "of-the-course"
    assert not_taken_yet(here.member(here.a), [lesson], [], NOW) == []


def test_the_interface_gives_the_sections_own():
    here = Class()
    of_b, of_a = Api(here.member(here.b)), Api(here.member(here.a))
    assert of_b.get("assessments/of-the-course/").json["assignment"] == str(here.of_b.pk)
    assert of_a.get("assessments/of-the-course/").json["assignment"] == str(here.of_course.pk)
    refused = of_a.post("attempts/", {"assessment": "of-the-course", "assignment": str(here.of_b.pk)})
    assert refused.status == 404


def give_closing(assignment, closes_at):
    Assignment.objects.filter(pk=assignment.pk).update(closes_at=closes_at)
    assignment.refresh_from_db()


def fresh(attempt):
    return type(attempt).objects.get(pk=attempt.pk)


def test_a_launch_opens_what_holds_for_the_section():
    here = Class()
    user, link = here.member(here.b), make_link(here.of_course)
    _, code = begin_session(user, link.context.deployment.platform, timezone.now(), {"link": link})
    taken = Api().post("launch/", {"code": code}).json
    assert taken["assignment"] == str(here.of_b.pk)
    teacher = {"link": link, "is_teacher": True}
    _, code = begin_session(user, link.context.deployment.platform, timezone.now(), teacher)
    assert Api().post("launch/", {"code": code}).json["assignment"] == str(here.of_course.pk)
