"""Who is in a course, before anybody has opened a link of it."""

from __future__ import annotations

import pytest

from assessment.models import Enrolment, PlatformPerson
from assessment.models.people import Role
from assessment.platforms.calling import PlatformFailure
from assessment.platforms.roster import read_roster
from assessment.platforms.tidying import read_rosters
from tests.assessment.platforms.conftest import School
from tests.lti import faults
from tests.lti.school import INACTIVE, INSTRUCTOR, LEARNER, User

pytestmark = pytest.mark.django_db


def members(school: School) -> dict[str, str]:
    """Return the roles of those who are enrolled now, by subject."""
    active = Enrolment.objects.active(school.pass_time(seconds=1)).filter(course=school.context.course)
    subjects = dict(PlatformPerson.objects.values_list("user", "subject"))
    return {subjects[one.user_id]: one.role for one in active}


def test_names_are_there_before_the_first_launch(school: School) -> None:
    assert read_roster(school.context, school.now) == 2
    assert members(school) == {
        school.lms.teacher.sub: Role.INSTRUCTOR,
        school.lms.student.sub: Role.LEARNER,
    }
    student = PlatformPerson.objects.get(subject=school.lms.student.sub).user
    assert student.get_full_name() == school.lms.student.name


def test_all_pages_are_read_by_addresses_as_they_are_written(school: School) -> None:
    school.lms.page_size = 7
    for n in range(40):
        school.lms.course.enter(User(sub=f"s{n}", name=f"S {n}"))
    assert read_roster(school.context, school.now) == 42
    assert school.lms.calls["memberships"] == 6


def test_a_role_goes_down_and_up_as_the_platform_says(school: School) -> None:
    sub = school.lms.teacher.sub
    for role, expected in ((LEARNER, Role.LEARNER), (INSTRUCTOR, Role.INSTRUCTOR)):
        school.lms.course.enter(User(sub=sub, name="T", roles=(role,)))
        read_roster(school.context, school.now)
        assert members(school)[sub] == expected


def test_whoever_is_inactive_or_gone_is_no_member_any_more(school: School) -> None:
    other = User(sub="other", name="Other")
    school.lms.course.enter(other)
    read_roster(school.context, school.now)
    assert "other" in members(school)
    school.lms.course.enter(User(sub="other", name="Other", status=INACTIVE))
    read_roster(school.context, school.now)
    assert "other" not in members(school)
    school.lms.course.members.clear()
    school.lms.course.enter(school.lms.student)
    read_roster(school.context, school.now)
    assert members(school) == {school.lms.student.sub: Role.LEARNER}
    # What they are known by stays.
    assert PlatformPerson.objects.count() == 3


def test_people_without_names_are_members_as_well(school: School) -> None:
    school.lms.course.enter(User(sub="nobody", name="", email=""))
    read_roster(school.context, school.now)
    assert "nobody" in members(school)


@pytest.mark.parametrize("page", [1, 2])
def test_a_roster_that_cannot_be_read_to_its_end_removes_nobody(school: School, page: int) -> None:
    school.lms.page_size = 1
    read_roster(school.context, school.now)
    before = members(school)
    for _ in range(page - 1):
        school.lms.faults.add("memberships", faults.hang(0))
    school.lms.faults.add("memberships", faults.status(500))
    with pytest.raises(PlatformFailure):
        read_roster(school.context, school.now)
    assert members(school) == before


def test_a_day_later_it_is_read_again_by_the_scheduled_work(school: School) -> None:
    assert read_rosters(school.now) == 1
    assert read_rosters(school.pass_time(hours=1)) == 0
    school.lms.faults.add("memberships", faults.status(500))
    assert read_rosters(school.pass_time(hours=24)) == 0
    assert read_rosters(school.pass_time(hours=25)) == 1
