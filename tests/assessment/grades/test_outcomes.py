"""Where somebody stands at an assignment, in a word and as a share."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment.grades.outcomes import Outcome, State, grade_at, grades_of
from assessment.models import Accommodation, Assessment, Assignment, Attempt, User, UserLearner
from assessment.models.people import Way
from assessment.modes import MODES, result
from tests.builders import NOW, assignment_of, learner_of, make_assessment, who
from tests.grading import HOUR, Class
from tests.measuring import make_adaptive, make_measuring_items
from tests.practicing import make_chain, make_mastery
from tests.sitting import start, submit
from tests.wire import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db: None) -> Class:
    return Class()


@pytest.fixture
def lea(group: Class) -> User:
    return group.learner("lea")


def at(assignment: Assignment, user: User, later: timedelta = timedelta()) -> Outcome:
    assignment.refresh_from_db()
    return grades_of(user, [assignment], NOW + later)[assignment.pk]


def test_nothing_was_begun_before_the_closing(group: Class, lea: User) -> None:
    given = group.assign(opens_at=NOW + HOUR, closes_at=NOW + 2 * HOUR)
    assert at(given, lea).state is State.TO_COME
    assert at(given, lea, HOUR).state is State.NOT_BEGUN
    assert at(given, lea, 2 * HOUR).state is State.MISSING


def test_a_later_closing_of_ones_own_is_no_missing(group: Class, lea: User) -> None:
    given = group.assign(closes_at=NOW)
    Accommodation.objects.create(user=lea, assessment=given.assessment, closes_at=NOW + 2 * HOUR)
    assert at(given, lea, HOUR).state is State.NOT_BEGUN
    assert at(given, lea, 2 * HOUR).state is State.MISSING
    group.take(given, lea, 1, at=NOW + HOUR)
    assert at(given, lea, HOUR).state is State.LATE


def test_what_the_clock_ends_at_the_closing_is_in_time(group: Class, lea: User) -> None:
    given = group.assign(closes_at=NOW + HOUR)
    attempt = group.take(given, lea, 1, ends=False)
    assert at(given, lea).state is State.OPEN
    Attempt.objects.filter(pk=attempt.pk).update(state="expired", finished_at=NOW + 2 * HOUR)
    assert at(given, lea, 3 * HOUR).state is State.DONE


@pytest.mark.parametrize(
    ("rule", "share", "state"),
    [("best", 1.0, "late"), ("first", 0.5, "done"), ("last", 0.0, "late"), ("mean", 0.5, "late")],
)
def test_several_attempts_count_by_the_rule(
    group: Class, lea: User, rule: str, share: float, state: str
) -> None:
    given = group.assign(grade_rule=rule)
    for right, later in ((1, 0), (2, 2), (0, 3)):
        group.take(given, lea, right, at=NOW + later * HOUR)
    given.closes_at = NOW + HOUR
    given.save()
    found = at(given, lea, 4 * HOUR)
    assert (found.share, found.state, found.attempts) == (share, state, 3)


def test_void_attempts_count_for_nothing(group: Class, lea: User) -> None:
    given = group.assign(closes_at=NOW + HOUR)
    attempt = group.take(given, lea, 2)
    Attempt.objects.filter(pk=attempt.pk).update(is_void=True)
    found = at(given, lea, HOUR)
    assert (found.state, found.share, found.attempts) == (State.MISSING, None, 0)


def test_what_waits_to_be_judged_has_no_share(group: Class, lea: User) -> None:
    given = group.assign()
    attempt = group.take(given, lea, 2)
    attempt.presentations.filter(position=1).update(is_pending=True)
    assert (at(given, lea).state, at(given, lea).share) == (State.WAITS, None)
    attempt.presentations.filter(position=1).update(is_dropped=True)
    assert at(given, lea).state is State.DONE


def test_an_attempt_under_way_hides_no_grade(group: Class, lea: User) -> None:
    given = group.assign()
    group.take(given, lea, 1)
    group.take(given, lea, 2, ends=False)
    found = at(given, lea)
    assert (found.state, found.share, found.under_way) == (State.DONE, 0.5, True)


def test_a_given_grade_stands_above_the_attempts(group: Class, lea: User) -> None:
    given = group.assign()
    group.take(given, lea, 1)
    group.note(given, lea, score=0.8, reason="Seen on paper.", comment="Well done.")
    found = at(given, lea)
    assert (found.share, found.by_rule, found.is_given, found.score) == (0.8, 0.5, True, 1.6)
    assert found.comment == "Well done."
    group.note(given, lea)
    assert (at(given, lea).share, at(given, lea).comment) == (0.5, "")


def test_a_grade_is_given_without_any_attempt(group: Class, lea: User) -> None:
    given = group.assign(closes_at=NOW)
    group.note(given, lea, score=0.5, reason="An oral exam.")
    found = at(given, lea, HOUR)
    assert (found.state, found.share, found.maximum) == (State.DONE, 0.5, 2.0)


def test_who_is_excused_is_not_missing(group: Class, lea: User) -> None:
    given = group.assign(closes_at=NOW)
    group.note(given, lea, is_excused=True, reason="Ill.")
    assert (at(given, lea, HOUR).state, at(given, lea, HOUR).share) == (State.EXCUSED, None)


def test_all_learners_of_a_person_count(group: Class, lea: User) -> None:
    given = group.assign()
    guest = group.learner()
    group.take(given, guest, 2)
    group.note(given, guest, comment="As a guest.")
    UserLearner.objects.create(user=lea, learner=learner_of(guest), kind=Way.GUEST)
    assert (at(given, lea).share, at(given, lea).comment) == (1.0, "As a guest.")


def test_a_learner_is_told_nothing_before_the_release(group: Class, lea: User) -> None:
    given = group.assign(feedback="after_close", closes_at=NOW + HOUR)
    attempt = group.take(given, lea, 2)
    group.note(given, lea, score=0.1, reason="Copied.", comment="Come and see me.")
    told = grade_at(attempt, NOW)
    assert told
    assert (told.share, told.comment, told.is_given, told.is_released) == (None, "", False, False)
    told = grade_at(attempt, NOW + HOUR)
    assert told
    assert (told.share, told.comment, told.is_given) == (0.1, "Come and see me.", True)


def test_an_attempt_of_nobody_has_no_grade(group: Class, lea: User) -> None:
    attempt = group.take(group.assign(), lea, 2)
    UserLearner.objects.filter(learner=attempt.learner).delete()
    assert grade_at(attempt, NOW) is None


def test_any_number_of_assignments_are_four_statements(group: Class, lea: User) -> None:
    given = [group.assign() for _ in range(4)]
    for one in given:
        group.take(one, lea, 1)
    with statements() as sent:
        found = grades_of(lea, given, NOW)
    assert [one.share for one in found.values()] == [0.5] * 4
    assert len(sent) == 4


def an_adaptive_one() -> Assessment:
    make_measuring_items([0.0] * 6)
    return make_adaptive()


def a_mastery_one() -> Assessment:
    make_chain()
    return make_mastery()


@pytest.mark.parametrize("mode", list(MODES))
@pytest.mark.parametrize("awarded", [None, 0.25])
def test_the_columns_say_what_results_say(mode: str, awarded: float | None) -> None:
    assessment = {"fixed": make_assessment, "adaptive": an_adaptive_one, "mastery": a_mastery_one}[mode]()
    attempt = submit(start(assessment)[0])
    Attempt.objects.filter(pk=attempt.pk).update(awarded=awarded, score=0.5)
    attempt.refresh_from_db()
    found = at(assignment_of(assessment), who(attempt))
    assert (found.score, found.maximum) == (result(attempt).score, result(attempt).max_score)
