"""Courses made, joined, divided and left."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError

from assessment.errors import EnrolmentOver, LastInstructor, SignUpFirst, UnknownJoinCode
from assessment.models import Enrolment
from assessment.models.people import Role
from assessment.people.courses import (
    ALPHABET,
    LENGTH,
    add_section,
    clear_join_code,
    course_of_code,
    end_enrolments,
    join_course,
    make_course,
    move_learners,
    rename_section,
    set_join_code,
)
from tests import builders
from tests.builders import NOW, enrol, make_learner

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def test_whoever_makes_a_course_teaches_it():
    ann = make_learner()
    course = make_course(title="Optics", slug="optics", author=ann, time_zone="Europe/Berlin")
    assert course.enrolments.get().user == ann
    assert course.enrolments.get().role == Role.INSTRUCTOR


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"slug": "taken"}, "slug"),
        ({"slug": "No Slug"}, "slug"),
        ({"title": ""}, "title"),
        ({"time_zone": "Europe/Atlantis"}, "time_zone"),
    ],
)
def test_a_fault_of_a_course_is_said_at_its_field(fields, field):
    builders.make_course(slug="taken")
    with pytest.raises(ValidationError) as fault:
        make_course(**{"title": "Optics", "slug": "optics", "author": make_learner()} | fields)
    assert list(fault.value.message_dict) == [field]


def test_a_join_code_has_no_letter_like_another():
    code = set_join_code(course=builders.make_course())
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert not set(ALPHABET) & set("01OIL")


def test_a_join_code_is_read_however_it_is_typed():
    course = builders.make_course()
    code = set_join_code(course=course)
    assert course_of_code(f" {code[:4].lower()} - {code[4:]}\n") == course


def test_a_new_code_ends_the_one_before_and_none_ends_all():
    course = builders.make_course()
    first, second = set_join_code(course=course), set_join_code(course=course)
    with pytest.raises(UnknownJoinCode):
        course_of_code(first)
    clear_join_code(course=course)
    for code in (second, "", "-", "x" * 5000, "\0", "ſ"):
        with pytest.raises(UnknownJoinCode):
            course_of_code(code)


def test_joining_twice_is_once_and_an_instructor_stays_one():
    course, ann = builders.make_course(), make_learner()
    code = set_join_code(course=course)
    assert join_course(user=ann, code=code, now=NOW) == join_course(user=ann, code=code, now=NOW)
    teacher = enrol(make_learner(), course, Role.INSTRUCTOR)
    assert join_course(user=teacher.user, code=code, now=NOW).role == Role.INSTRUCTOR
    assert course.enrolments.count() == 2


def test_a_guest_is_asked_to_sign_up_first():
    code = set_join_code(course=builders.make_course())
    with pytest.raises(SignUpFirst):
        join_course(user=make_learner(is_guest=True), code=code, now=NOW)
    assert not Enrolment.objects.exists()


def test_a_code_revives_no_ended_enrolment():
    course, ann = builders.make_course(), make_learner()
    code = set_join_code(course=course)
    join_course(user=ann, code=code, now=NOW)
    enrol(make_learner(), course, Role.INSTRUCTOR)
    assert end_enrolments(course=course, users=[ann.pk], now=NOW) == 1
    assert end_enrolments(course=course, users=[ann.pk], now=NOW + HOUR) == 0
    with pytest.raises(EnrolmentOver):
        join_course(user=ann, code=code, now=NOW + HOUR)


def test_the_last_instructor_stays():
    course, ann = builders.make_course(), make_learner()
    enrol(ann, course, Role.INSTRUCTOR)
    with pytest.raises(LastInstructor):
        end_enrolments(course=course, users=[ann.pk], now=NOW)
    enrol(make_learner(), course, Role.INSTRUCTOR)
    assert end_enrolments(course=course, users=[ann.pk], now=NOW) == 1


def test_a_section_has_a_name_of_its_own():
    course = builders.make_course()
    first, second = add_section(course=course, title=" Group  A "), add_section(course=course, title="B")
    assert first.title == "Group A"
    with pytest.raises(ValidationError):
        add_section(course=course, title="group a")
    with pytest.raises(ValidationError):
        rename_section(section=second, title="GROUP A")
    assert rename_section(section=second, title="C").title == "C"


def test_learners_move_between_sections_of_their_course():
    course, other = builders.make_course(), builders.make_course()
    section, ann = add_section(course=course, title="A"), make_learner()
    enrolment = enrol(ann, course)
    assert move_learners(course=course, users=[ann.pk, make_learner().pk], section=section) == 1
    enrolment.refresh_from_db()
    assert enrolment.section == section
    with pytest.raises(ValidationError):
        move_learners(course=course, users=[ann.pk], section=add_section(course=other, title="A"))
