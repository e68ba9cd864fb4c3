"""Who is where in an assignment while it runs."""

from __future__ import annotations

from datetime import timedelta

import pytest

from assessment.models import Attempt
from assessment.results.gradebook import columns_of, learners_of
from assessment.results.live import Seat, Seen, counted, watch
from tests import sitting
from tests.builders import NOW
from tests.grading import HOUR, Class
from tests.wire import statements

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def group(db: None) -> Class:
    return Class()


def seen(group: Class, later: timedelta = timedelta()) -> dict[str, Seen]:
    [column] = columns_of(group.course)
    enrolled = list(learners_of(group.course, NOW))
    return {one.user.username: one for one in watch(column.main, column, enrolled, NOW + later)}


def test_it_says_how_far_somebody_is(group: Class) -> None:
    given = group.assign(items=3, time_limit_minutes=60)
    attempt = sitting.start_at(given, group.learner("lea"))
    assert seen(group)["lea"].seen_at == NOW
    sitting.answer(attempt, 2, sitting.RIGHT, now=NOW + MINUTE)
    one = seen(group, 10 * MINUTE)["lea"]
    assert (one.seat, one.position, one.answered, one.total) == (Seat.OPEN, 2, 1, 3)
    assert (one.seen_at, one.time_left) == (NOW + MINUTE, 50 * MINUTE)
    sitting.draft(attempt, 3, sitting.WRONG, now=NOW + 2 * MINUTE)
    one = seen(group, 10 * MINUTE)["lea"]
    assert (one.position, one.answered, one.seen_at) == (3, 1, NOW + 2 * MINUTE)


def test_states_follow_the_clock_and_the_end(group: Class) -> None:
    given = group.assign(time_limit_minutes=60)
    attempt = sitting.start_at(given, group.learner("lea"))
    group.learner("bob")
    assert counted(seen(group).values()) == {
        Seat.NOT_BEGUN: 1,
        Seat.OPEN: 1,
        Seat.GRADING: 0,
        Seat.SUBMITTED: 0,
        Seat.EXPIRED: 0,
    }
    late = seen(group, 2 * HOUR)["lea"]
    assert (late.seat, late.time_left) == (Seat.GRADING, None)
    sitting.submit(attempt, NOW + MINUTE)
    assert seen(group, 2 * HOUR)["lea"].seat is Seat.SUBMITTED


def test_the_latest_attempt_that_is_not_void_is_shown(group: Class) -> None:
    given, lea = group.assign(), group.learner("lea")
    group.take(given, lea, 1)
    second = group.take(given, lea, 1, at=NOW + MINUTE, ends=False)
    assert (seen(group)["lea"].number, seen(group)["lea"].seat) == (2, Seat.OPEN)
    Attempt.objects.filter(pk=second.pk).update(is_void=True)
    assert (seen(group)["lea"].number, seen(group)["lea"].seat) == (1, Seat.SUBMITTED)


def test_any_number_of_learners_are_two_statements(group: Class) -> None:
    given = group.assign()
    for _ in range(3):
        group.take(given, group.learner(), 1, ends=False)
    [column] = columns_of(group.course)
    enrolled = list(learners_of(group.course, NOW))
    watch(column.main, column, enrolled, NOW)
    with statements() as sent:
        watch(column.main, column, enrolled, NOW)
    assert len(sent) == 2
