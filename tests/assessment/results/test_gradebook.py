"""The gradebook: who is in it, what is one column, what a total is."""

from __future__ import annotations

import pytest

from assessment.grades.outcomes import State
from assessment.models import Attempt, Enrolment
from assessment.models.people import Role
from assessment.results.gradebook import Row, columns_of, learners_of, rows_of, table_of
from tests.builders import NOW, enrol, make_learner
from tests.grading import HOUR, Class
from tests.wire import statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def group(db: None) -> Class:
    return Class()


def book(group: Class, **wanted: object) -> dict[str, Row]:
    enrolled = list(learners_of(group.course, group.now, **wanted))  # type: ignore[arg-type]  # as a test names them
    return {one.user.username: one for one in rows_of(columns_of(group.course), enrolled, group.now)}


def shares(row: Row) -> list[float | None]:
    return [cell.share if cell else None for cell in row.cells]


def test_rows_are_learners_of_the_course_alone(group: Class) -> None:
    group.learner("lea")
    group.learner("gone")
    Enrolment.objects.filter(user__username="gone").update(ends_at=NOW - HOUR)
    enrol(make_learner("tester"), group.course, Role.TESTER)
    assert list(book(group)) == ["lea"]
    assert set(book(group, with_left=True)) == {"lea", "gone"}


def test_rows_are_filtered_and_sorted(group: Class) -> None:
    monday, friday = group.section("Monday"), group.section("Friday")
    group.learner("ann", monday, last_name="Zola", email="ann@example.org")
    group.learner("bob", friday, last_name="Abel")
    assert list(book(group)) == ["bob", "ann"]
    assert list(book(group, order="-name")) == ["ann", "bob"]
    assert list(book(group, order="username")) == ["ann", "bob"]
    assert list(book(group, order="section")) == ["bob", "ann"]
    assert list(book(group, section=monday.pk)) == ["ann"]
    assert list(book(group, search="zol EXAMPLE")) == ["ann"]
    assert book(group, search="nobody") == {}


def test_assigned_to_sections_and_the_course_is_one_column(group: Class) -> None:
    monday = group.section("Monday")
    ann, bob = group.learner("ann", monday), group.learner("bob")
    whole = group.assign(closes_at=NOW + HOUR)
    own = group.assign_to(monday, whole.assessment, closes_at=NOW + 2 * HOUR)
    group.take(own, ann, 1)
    group.take(whole, bob, 2)
    [column] = columns_of(group.course)
    assert column.main == whole
    rows = book(group)
    assert [shares(rows["ann"]), shares(rows["bob"])] == [[0.5], [1.0]]
    assert [row.cells[0].assignment for row in rows.values() if row.cells[0]] == [own, whole]


def test_attempts_of_a_former_section_count_on(group: Class) -> None:
    monday, friday = group.section("Monday"), group.section("Friday")
    ann = group.learner("ann", monday)
    first = group.assign()
    first.section = monday
    first.save()
    second = group.assign_to(friday, first.assessment)
    group.take(first, ann, 2)
    group.note(first, ann, comment="On Monday.")
    Enrolment.objects.filter(user=ann).update(section=friday)
    [cell] = book(group)["ann"].cells
    assert cell
    assert (cell.assignment, cell.share, cell.comment) == (second, 1.0, "On Monday.")
    Enrolment.objects.filter(user=ann).update(section=None)
    [cell] = book(group)["ann"].cells
    assert cell
    assert (cell.assignment, cell.share) == (first, 1.0)


def test_what_is_for_another_section_is_an_empty_cell(group: Class) -> None:
    given = group.assign()
    given.section = group.section("Monday")
    given.save()
    group.learner("bob")
    assert book(group)["bob"].cells == (None,)


def test_totals_weigh_and_count_missing_as_nothing(group: Class) -> None:
    lea = group.learner("lea")
    done = group.assign(weight=3.0, closes_at=NOW + HOUR)
    group.assign(weight=1.0, closes_at=NOW + 2 * HOUR)
    excused = group.assign(closes_at=NOW + 3 * HOUR)
    group.assign()
    group.take(done, lea, 1)
    group.note(excused, lea, is_excused=True, reason="Ill.")
    assert book(group)["lea"].total == 0.5
    group.now = NOW + 4 * HOUR
    row = book(group)["lea"]
    states = [cell.state for cell in row.cells if cell]
    assert states == [State.DONE, State.MISSING, State.EXCUSED, State.NOT_BEGUN]
    assert row.total == pytest.approx(0.375)


def test_without_anything_that_counts_there_is_no_total(group: Class) -> None:
    group.assign()
    group.learner("lea")
    assert book(group)["lea"].total is None


def test_a_course_without_assignments_has_rows(group: Class) -> None:
    group.learner("lea")
    assert book(group)["lea"].cells == ()


def test_any_number_of_rows_are_four_statements(group: Class) -> None:
    given = [group.assign() for _ in range(3)]
    for _ in range(3):
        learner = group.learner()
        for one in given:
            group.take(one, learner, 1)
    columns = columns_of(group.course)
    with statements() as sent:
        rows_of(columns, list(learners_of(group.course, NOW)), NOW)
    assert len(sent) == 4


def test_a_file_has_numbers_or_words(group: Class) -> None:
    lea = group.learner("lea", last_name="Learner", email="lea@example.org")
    given = group.assign(slug="first-quiz", closes_at=NOW + HOUR)
    group.assign(slug="second-quiz", closes_at=NOW + 2 * HOUR)
    group.take(given, lea, 1)
    group.now = NOW + 2 * HOUR
    head, row = table_of(columns_of(group.course), book(group).values(), with_points=True)
    assert head[-4:] == [
        "An assessment (first-quiz), %",
        "An assessment (first-quiz), points",
        "An assessment (second-quiz), %",
        "An assessment (second-quiz), points",
    ]
    assert row == ["lea", "Learner", "", "lea@example.org", "", NOW, 25.0, 50.0, 1.0, "missing", None]


def test_an_attempt_of_which_all_was_dropped_counts_for_nothing(group: Class) -> None:
    lea = group.learner("lea")
    attempt = group.take(group.assign(), lea, 1)
    Attempt.objects.filter(pk=attempt.pk).update(score=0, max_score=0)
    [cell] = book(group)["lea"].cells
    assert cell
    assert (cell.state, cell.share, book(group)["lea"].total) == (State.DONE, None, None)
