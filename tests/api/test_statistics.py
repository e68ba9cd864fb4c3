"""Item statistics over REST: their shape, who gets them, and what is refused."""

from __future__ import annotations

from uuid import uuid4

import pytest

from assessment.models import Assessment, Assignment, Course, User
from assessment.models.people import Role
from content.models import AuthorGrant
from tests import builders, sitting
from tests.api.client import Api
from tests.builders import NOW
from tests.sitting import RIGHT, WRONG

pytestmark = pytest.mark.django_db

PATH = "assessments/the-quiz/statistics/"


@pytest.fixture
def course() -> Course:
    """A course whose two learners have answered an exercise and a choice."""
    course = builders.make_course()
    items = [builders.make_item(builders.exercise_document()), builders.make_item(builders.choice_document())]
    quiz = builders.make_assessment(*items, course=course, slug="the-quiz", tries=1)
    for entered in (RIGHT, WRONG):
        user = builders.make_learner(email=f"{uuid4()}@example.org")
        builders.enrol(user, course)
        attempt, _ = sitting.start(quiz, user)
        sitting.answer(attempt, 1, {"a": "77"})
        sitting.answer(attempt, 2, entered)
        sitting.submit(attempt)
    return course


def instructor(course: Course) -> User:
    user = builders.make_learner()
    builders.enrol(user, course, Role.INSTRUCTOR)
    return user


def test_an_instructor_reads_the_statistics_of_the_course(course: Course) -> None:
    reply = Api(instructor(course)).get(f"{PATH}?course={course.pk}")
    assert reply.status == 200
    assert (reply.json["attempts"], reply.json["counted"], reply.json["course"]) == (
        2,
        "first",
        str(course.pk),
    )
    exercise, choice = reply.json["items"]
    assert choice["facility"]["value"] == 0.5
    assert [row["count"] for row in choice["interactions"][0]["rows"]] == [1, 1, 0]
    assert exercise["interactions"][0]["wrong"][0]["answer"] == 77
    assert exercise["flags"][0]["kind"] == "few"
    assert reply.json["totals"]["attempts"] == 2


def test_no_name_and_no_address_of_anybody_is_told(course: Course) -> None:
    reply = Api(instructor(course)).get(PATH)
    for user in User.objects.filter(enrolments__role=Role.LEARNER):
        assert user.username not in reply.text
        assert user.email not in reply.text
    assert "@" not in reply.text


def test_a_member_of_the_course_is_told_nothing(course: Course) -> None:
    learner = course.members.filter(enrolments__role=Role.LEARNER).first()
    for path in (PATH, f"{PATH}?course={course.pk}"):
        assert Api(learner).get(path).status == 404


def test_another_course_is_another_instructors(course: Course) -> None:
    other = builders.make_course()
    given = builders.assignment_of(Assessment.objects.get(slug="the-quiz"))
    given.pk, given.course, given._state.adding = None, other, True
    given.save(force_insert=True)
    api = Api(instructor(other))
    assert api.get(f"{PATH}?course={course.pk}").status == 404
    mine = api.get(PATH).json
    assert (mine["course"], mine["attempts"]) == (str(other.pk), 0)


@pytest.mark.parametrize("asked", ["course=nonsense", "attempts=some", "course=%00"])
def test_a_question_that_cannot_be_read_is_refused(course: Course, asked: str) -> None:
    assert Api(instructor(course)).get(f"{PATH}?{asked}").status == 400


def test_what_does_not_exist_is_a_404(course: Course) -> None:
    api = Api(instructor(course))
    assert api.get("assessments/nothing/statistics/").status == 404
    assert api.get("banks/nothing/statistics/").status == 404


def test_all_attempts_are_counted_on_demand(course: Course) -> None:
    learner = course.members.filter(enrolments__role=Role.LEARNER).first()
    assert learner is not None
    attempt, _ = sitting.start(Assessment.objects.get(slug="the-quiz"), learner)
    sitting.submit(attempt)
    api = Api(instructor(course))
    assert (api.get(PATH).json["attempts"], api.get(PATH).json["has_more"]) == (2, True)
    assert api.get(f"{PATH}?attempts=all").json["attempts"] == 3


def test_a_bank_is_for_those_to_whom_it_is_granted(course: Course) -> None:
    author = builders.make_learner()
    assert Api(author).get("banks/bank/statistics/").status == 404
    AuthorGrant.objects.give(builders.make_bank(), user=author, granted_by=None, now=NOW)
    reply = Api(author).get("banks/bank/statistics/")
    assert reply.status == 200
    assert {one["slug"]: one["shown"] for one in reply.json["items"]} == {"double-it": 2, "pick-one": 2}
    assert (reply.json["mode"], reply.json["totals"]) == ("", None)


def test_an_instructor_of_the_course_is_not_told_of_the_bank(course: Course) -> None:
    assert Api(instructor(course)).get("banks/bank/statistics/").status == 404


def test_an_assessment_that_was_never_published_has_none() -> None:
    course = builders.make_course()
    draft = Assessment.objects.create(slug="a-draft", title="A draft")
    Assignment.objects.create(assessment=draft, course=course)
    reply = Api(instructor(course)).get("assessments/a-draft/statistics/")
    assert (reply.status, reply.json["attempts"], reply.json["items"]) == (200, 0, [])
