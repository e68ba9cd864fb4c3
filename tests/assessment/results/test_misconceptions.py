from datetime import date, timedelta

import pytest

from assessment.models import Assessment
from assessment.models.people import Role
from assessment.results.misconceptions import (
    NothingToPractice,
    SlugTaken,
    course_misconceptions,
    make_practice,
    practice_slug,
)
from content.models import AuthorGrant, Misconception
from tests import builders, sitting
from tests.builders import NOW

pytestmark = pytest.mark.django_db

WEEK = timedelta(weeks=1)


@pytest.fixture
def idea():
    return Misconception.objects.create(
        slug="forgot-the-two", title="Forgot the two", explanation="There is a two."
    )


@pytest.fixture
def course(idea):
    """A course with an assessment of an exercise and a choice, in both of which the misconception can show."""
    items = [builders.make_item(builders.exercise_document()), builders.make_item(builders.choice_document())]
    course = builders.make_course()
    builders.make_assessment(*items, course=course, slug="the-quiz", tries=1)
    return course


def member(course, role=Role.LEARNER):
    user = builders.make_learner()
    builders.enrol(user, course, role)
    return user


def forget(user, now=NOW, *, also_the_choice=False):
    """Forget the two in the exercise, and perhaps in the choice."""
    attempt, _ = sitting.start(Assessment.objects.get(slug="the-quiz"), user, now=now)
    x = attempt.presentations.get(position=1).variant.values["x"]
    sitting.answer(attempt, 1, {"a": str(x)}, now=now)
    sitting.answer(attempt, 2, {"a": "wrong" if also_the_choice else "right"}, now=now)
    return sitting.submit(attempt, now=now)


def test_who_shows_it_where_and_when_is_told(course, idea):
    ada, bob = member(course), member(course)
    forget(ada, also_the_choice=True)
    forget(ada, NOW + WEEK)
    forget(bob, NOW + WEEK)
    (found,) = course_misconceptions(course, NOW + WEEK)
    assert found.misconception == idea
    assert [(one.user, one.times) for one in found.sharers] == [(ada, 3), (bob, 1)]
    assert found.weeks == ((date(2026, 11, 23), 1), (date(2026, 11, 30), 2))
    assert [(item.slug, count) for item, count in found.items] == [("double-it", 2), ("pick-one", 1)]
    assert found.practice is None


def test_a_right_answer_since_is_noticed(course):
    ada = member(course)
    forget(ada)
    attempt, _ = sitting.start(Assessment.objects.get(slug="the-quiz"), ada, now=NOW + WEEK)
    sitting.answer(attempt, 2, {"a": "right"}, now=NOW + WEEK)
    (found,) = course_misconceptions(course, NOW + WEEK)
    assert [one.is_over for one in found.sharers] == [True]
    assert found.still == 0


def test_instructors_testers_and_strangers_share_nothing(course):
    for role in (Role.INSTRUCTOR, Role.TESTER):
        forget(member(course, role))
    assert course_misconceptions(course, NOW) == []
    assert course_misconceptions(builders.make_course(), NOW) == []


def test_the_statements_do_not_grow_with_the_learners(course, django_assert_max_num_queries):
    for _ in range(4):
        forget(member(course))
    with django_assert_max_num_queries(6):
        (found,) = course_misconceptions(course, NOW)
    assert len(found.sharers) == 4


def teacher(course, *, owns=True):
    user = member(course, Role.INSTRUCTOR)
    if owns:
        AuthorGrant.objects.give(builders.make_bank(), user=user, granted_by=None, now=NOW)
    return user


def test_a_practice_set_is_made_and_assigned(course, idea):
    author = teacher(course)
    made = make_practice(course=course, misconception=idea, author=author, now=NOW)
    given = made.assignments.get()
    assert (given.course, given.exclusive, given.attempts_allowed, given.weight) == (course, False, None, 0)
    assert made.title == "Practice: Forgot the two"
    assert made.definition.rules.tells_at_once
    attempt, _ = sitting.start(made, member(course))
    assert [one.item_version.item.slug for one in attempt.presentations.all()] == ["double-it"]
    assert given.changes.get().author == author


def test_a_second_click_makes_no_second_set(course, idea):
    author = teacher(course)
    first, second = (
        make_practice(course=course, misconception=idea, author=author, now=NOW) for _ in range(2)
    )
    assert first == second
    assert Assessment.objects.filter(slug__startswith="practice-").count() == 1
    forget(member(course))
    (found,) = course_misconceptions(course, NOW)
    assert found.practice == first


def test_only_what_the_author_may_see_is_practiced(course, idea):
    with pytest.raises(NothingToPractice, match="Forgot the two"):
        make_practice(course=course, misconception=idea, author=teacher(course, owns=False), now=NOW)
    forget(member(course))
    assert make_practice(course=course, misconception=idea, author=teacher(course, owns=False), now=NOW)


def test_what_an_assessment_keeps_is_not_practiced(course, idea):
    builders.give(Assessment.objects.get(slug="the-quiz"), exclusive=True)
    with pytest.raises(NothingToPractice):
        make_practice(course=course, misconception=idea, author=teacher(course), now=NOW)
    assert Assessment.objects.count() == 1


def test_the_assessment_of_somebody_else_is_left_alone(course, idea):
    builders.make_assessment(slug=practice_slug(course, idea))
    with pytest.raises(SlugTaken):
        make_practice(course=course, misconception=idea, author=teacher(course), now=NOW)
