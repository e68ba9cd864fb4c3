"""The table of rights, asked for one row and for many."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import Model

from assessment.models import Assignment, Attempt, Correction, Course, TaskRun, User, UserLearner
from assessment.models.people import Role, Way
from assessment.people.rights import RIGHTS, may, rows
from content.models import AuthorGrant, Item, ItemBank
from content.models.grants import GrantRole
from content.rights import Line, Rights, UnknownRight
from content.rights import Role as Held
from tests.builders import (
    NOW,
    enrol,
    give,
    make_assessment,
    make_attempt,
    make_bank,
    make_course,
    make_item,
    make_learner,
)

pytestmark = pytest.mark.django_db


def an_author(bank: ItemBank, role: GrantRole = GrantRole.AUTHOR) -> User:
    user = make_learner()
    AuthorGrant.objects.give(bank, user=user, granted_by=None, now=NOW, role=role)
    return user


def a_teacher(*courses: Course) -> User:
    user = make_learner()
    for course in courses:
        enrol(user, course, Role.INSTRUCTOR)
    return user


def found(user: User, operation: str, model: type[Model]) -> set[Any]:
    return set(model._default_manager.filter(rows(user, operation, model, NOW)))


def test_one_row_and_many_are_answered_alike() -> None:
    item, other = make_item(), make_item(bank=make_bank("another"))
    author = an_author(item.bank)
    assert found(author, "change", Item) == {item}
    assert may(author, "change", item, NOW)
    assert not may(author, "change", other, NOW)


def test_a_reviewer_looks_and_changes_nothing() -> None:
    item = make_item()
    reviewer = an_author(item.bank, GrantRole.REVIEWER)
    assert may(reviewer, "view", item, NOW)
    assert not any(may(reviewer, operation, item, NOW) for operation in ("change", "add", "correct"))
    assert not may(reviewer, "view", make_item(bank=make_bank("another")), NOW)


def test_an_attempt_of_a_learner_who_has_two_accounts_is_one_row() -> None:
    course, learner = make_course(), make_learner()
    enrol(learner, course)
    attempt, teacher = make_attempt(learner=learner, course=course), a_teacher(course)
    UserLearner.objects.create(user=make_learner(), learner=attempt.learner, kind=Way.PLATFORM)
    assert Attempt.objects.filter(rows(teacher, "read", Attempt, NOW)).get() == attempt


def test_what_is_personal_no_administrator_does() -> None:
    attempt, root = make_attempt(), make_learner("root", is_superuser=True, is_staff=True)
    assert may(root, "view", attempt, NOW)
    assert not may(root, "take", attempt, NOW)
    assert found(root, "take", Attempt) == set()


def test_an_administrator_is_answered_without_the_database(django_assert_num_queries: Any) -> None:
    item, root = make_item(), make_learner("root", is_superuser=True, is_staff=True)
    with django_assert_num_queries(0):
        assert may(root, "change", item, NOW)


def test_a_kind_of_row_without_a_line_is_an_error() -> None:
    with pytest.raises(UnknownRight, match="TaskRun"):
        rows(make_learner(), "view", TaskRun, NOW)


def test_a_misspelled_operation_is_an_error() -> None:
    with pytest.raises(UnknownRight, match="chnage"):
        rows(make_learner(), "chnage", Item, NOW)


def test_a_table_is_made_of_tables() -> None:
    part = Rights(lines=(RIGHTS.lines[0],), administered=(TaskRun,))
    assert (part + RIGHTS).models == RIGHTS.models | {TaskRun}
    assert all(isinstance(line, Line) for line in (part + RIGHTS).lines)


def test_what_learners_do_is_no_permission_of_the_desk() -> None:
    owned = [line for line in RIGHTS.lines if line.role is Held.OWNER and line.model is Attempt]
    assert {operation for line in owned for operation in line.operations} == {"take", "read"}


# Corrections


def correction(*items: Item, assessment: Any = None) -> Correction:
    made = Correction.objects.create(kind="drop", reason="Wrong.", assessment=assessment, created_at=NOW)
    made.versions.set(item.version for item in items)
    return made


@pytest.fixture
def item() -> Item:
    return make_item()


def test_an_author_corrects_own_items_in_every_course(item: Item) -> None:
    author, made = an_author(item.bank), correction(item)
    assert may(author, "apply", made, NOW)
    assert may(author, "correct", item, NOW)
    assert found(author, "apply", Correction) == {made}


def test_an_author_corrects_nothing_that_names_anothers_item(item: Item) -> None:
    made = correction(item, make_item(bank=make_bank("another")))
    assert not may(an_author(item.bank), "apply", made, NOW)


def test_a_correction_of_nothing_is_nobodys(item: Item) -> None:
    assert not may(an_author(item.bank), "apply", correction(), NOW)


def test_an_instructor_corrects_within_what_only_own_courses_have(item: Item) -> None:
    course = make_course()
    teacher, assessment = a_teacher(course), make_assessment(item, course=course)
    assert may(teacher, "apply", correction(item, assessment=assessment), NOW)
    assert may(teacher, "correct", assessment, NOW)
    assert not may(teacher, "apply", correction(item), NOW)
    assert not may(teacher, "correct", item, NOW)


def test_what_another_course_has_too_is_corrected_by_author_or_administrator(item: Item) -> None:
    course = make_course()
    teacher, assessment = a_teacher(course), make_assessment(item, course=course)
    Assignment.objects.create(assessment=assessment, course=make_course())
    made = correction(item, assessment=assessment)
    assert not may(teacher, "apply", made, NOW)
    assert may(an_author(item.bank), "apply", made, NOW)
    assert may(make_learner("root", is_superuser=True, is_staff=True), "apply", made, NOW)


def test_what_everybody_has_is_no_instructors_to_correct(item: Item) -> None:
    course = make_course()
    teacher, assessment = a_teacher(course), make_assessment(item, course=course)
    give(assessment, course=None)
    assert not may(teacher, "apply", correction(item, assessment=assessment), NOW)


def test_a_reviewer_and_a_learner_correct_nothing(item: Item) -> None:
    course = make_course()
    assessment = make_assessment(item, course=course)
    made, learner = correction(item, assessment=assessment), make_learner()
    enrol(learner, course)
    for user in (an_author(item.bank, GrantRole.REVIEWER), learner):
        assert not may(user, "apply", made, NOW)
        assert not may(user, "view", made, NOW)
