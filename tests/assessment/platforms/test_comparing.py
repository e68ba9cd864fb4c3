"""What a gradebook shows is held against what was sent."""

from __future__ import annotations

import pytest

from assessment.models import Grade
from assessment.platforms.comparing import compare, compare_links
from assessment.platforms.line_items import score_of
from tests.assessment.platforms.conftest import School
from tests.lti import faults
from tests.lti.gradebook import parse_score
from tests.lti.school import User

pytestmark = pytest.mark.django_db


@pytest.fixture
def three(school: School) -> list[Grade]:
    """Three learners whose grades were sent."""
    assignment = school.quiz()
    school.link(assignment)
    for n in range(3):
        school.take(assignment, school.learner(User(sub=f"s{n}", name=f"S {n}")), n)
    school.send()
    return list(Grade.objects.order_by("score"))


def change_there(school: School, grade: Grade, given: float | None) -> None:
    """Let somebody at the platform give another grade, or take it away."""
    column = school.lms.line_item(school.lms.link)
    if given is None:
        del column.scores[grade.person.subject]
        return
    school.pass_time(minutes=1)
    told = score_of(grade) | {"scoreGiven": given, "timestamp": school.now.isoformat()}
    school.lms.gradebook.accept(column, parse_score(column, told))


def marks() -> list[tuple[bool, float | None]]:
    return [(one.differs, one.found) for one in Grade.objects.order_by("score")]


def test_nothing_differs_where_nobody_has_changed_anything(school: School, three: list[Grade]) -> None:
    assert compare_links(school.now) == (1, 0)
    assert marks() == [(False, 0.0), (False, 1.0), (False, 2.0)]


def test_a_grade_that_was_changed_or_is_gone_is_marked_and_left_alone(
    school: School, three: list[Grade]
) -> None:
    change_there(school, three[0], 1.5)
    change_there(school, three[2], None)
    assert compare(three[0].link, school.now) == 2
    assert marks() == [(True, 1.5), (False, 1.0), (True, None)]
    before = len(school.lms.log)
    assert school.send(days=1) == (0, 0)
    assert len(school.lms.log) == before


def test_what_agrees_again_is_marked_no_more(school: School, three: list[Grade]) -> None:
    change_there(school, three[1], 0.5)
    compare(three[1].link, school.now)
    change_there(school, three[1], 1.0)
    assert compare(three[1].link, school.now) == 0
    assert not Grade.objects.filter(differs=True).exists()


def test_a_column_is_read_once_a_day_and_one_that_cannot_be_read_marks_nothing(
    school: School, three: list[Grade]
) -> None:
    change_there(school, three[0], 1.5)
    school.lms.faults.add("results", faults.status(500))
    assert compare_links(school.now) == (0, 0)
    assert not Grade.objects.filter(differs=True).exists()
    assert compare_links(school.pass_time(hours=23)) == (0, 0)
    assert school.lms.calls["results"] == 1
    assert compare_links(school.pass_time(hours=2)) == (1, 1)
