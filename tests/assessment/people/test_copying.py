"""A course for the next term."""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError

from assessment.models import Assignment, Course, Section
from assessment.people.assignments import shift_assignments, shifted
from assessment.people.copying import copy_course, first_day, preview_copy
from tests.builders import NOW, enrol, make_assessment, make_course, make_learner, make_lesson

pytestmark = pytest.mark.django_db

BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def course():
    found = make_course(make_lesson(), slug="autumn")
    found.time_zone, found.join_code = "Europe/Berlin", "ABCDEFGH"
    found.save()
    enrol(make_learner(), found)
    section = Section.objects.create(course=found, title="A")
    assessment = make_assessment(course=found, slug="quiz", closes_at=at(10, 1, 23, 59))
    Assignment.objects.create(
        assessment=assessment, course=found, section=section, opens_at=at(9, 1, 8), weight=2
    )
    return found


def at(month, day, hour, minute=0):
    return datetime(2026, month, day, hour, minute, tzinfo=BERLIN).astimezone(UTC)


def copy(course, slug="spring", days=140, author=None):
    return copy_course(
        course=course, title="Spring", slug=slug, days=days, author=author or make_learner(), now=NOW
    )


def test_a_copy_has_everything_but_people(course):
    ann = make_learner()
    made = copy(course, author=ann)
    assert (made.copied_from, made.time_zone, made.join_code) == (course, "Europe/Berlin", None)
    assert list(made.lessons.all()) == list(course.lessons.all())
    assert [one.user for one in made.enrolments.all()] == [ann]
    of_section = made.assignments.get(section__title="A")
    assert (of_section.section.course, of_section.weight) == (made, 2)
    assert made.assignments.count() == 2
    assert of_section.changes.get().author == ann


def test_midnight_stays_midnight_over_a_change_of_clocks(course):
    moved = copy(course, days=140).assignments.get(section=None).closes_at.astimezone(BERLIN)
    assert (moved.date(), moved.hour, moved.minute) == (date(2027, 2, 18), 23, 59)
    assert moved.utcoffset() != at(10, 1, 23, 59).astimezone(BERLIN).utcoffset()


def test_an_hour_that_a_day_lacks_is_the_next():
    before = datetime(2026, 3, 28, 2, 30, tzinfo=BERLIN)
    assert shifted(before, 1, "Europe/Berlin").astimezone(BERLIN).hour == 3


def test_the_first_day_is_by_the_courses_clock(course):
    assert first_day(course) == date(2026, 9, 1)
    assert first_day(make_course()) is None


def test_a_preview_says_what_the_copy_gets(course):
    told = [(one.opens_at, one.closes_at) for one in preview_copy(course, 7)]
    assert told == [(at(9, 8, 8), None), (None, at(10, 8, 23, 59))]


def test_a_copy_twice_makes_two_and_a_slug_is_refused_at_its_field(course):
    copy(course, "one"), copy(course, "two")
    with pytest.raises(ValidationError) as fault:
        copy(course, "two")
    assert list(fault.value.message_dict) == ["slug"]
    assert Course.objects.filter(copied_from=course).count() == 2


def test_days_out_of_reach_are_refused_and_nothing_is_made(course):
    with pytest.raises(ValidationError):
        copy(course, days=10**9)
    assert Course.objects.count() == 1


def test_dates_are_moved_together_and_recorded(course):
    ann, given = make_learner(), course.assignments.get(section=None)
    undated = make_assessment(course=course, slug="undated").assignments.get()
    moved = shift_assignments(course=course, assignments=[given.pk, undated.pk], days=-1, author=ann, now=NOW)
    assert [one.closes_at for one in moved] == [at(9, 30, 23, 59)]
    given.refresh_from_db()
    assert given.closes_at == at(9, 30, 23, 59)
    assert given.changes.get().author == ann
