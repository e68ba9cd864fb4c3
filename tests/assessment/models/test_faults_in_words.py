"""Whoever enters a row that the database would refuse reads a sentence at its field, never a constraint's name."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db.models import BaseConstraint, CheckConstraint, UniqueConstraint

from assessment.models import (
    Accommodation,
    Assignment,
    Correction,
    Enrolment,
    GradeNote,
    RegradeRequest,
    ResourceLink,
    Section,
    User,
)
from content.models import AuthorGrant
from content.models.constraints import Check, Unique
from tests.builders import NOW, assignment_of, enrol, make_assessment, make_bank, make_course, make_learner

OURS = [
    (model, constraint)
    for app in ("content", "assessment")
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
]
WRITTEN_BY_PROGRAMS = {
    "Attempt",
    "Presentation",
    "Response",
    "Verdict",
    "StatisticsSnapshot",
    "AdaptivePool",
    "TaskRun",
    "PlatformNonce",
    "Media",
    "ImportRun",
}
"""No form, no command and no door takes their values from somebody: a conflict there is a fault of ours."""

EVERY = pytest.mark.parametrize(("model", "constraint"), OURS, ids=lambda one: getattr(one, "name", ""))


def names_of(constraint: BaseConstraint, model: Any) -> set[str]:
    """The fields that a constraint is about."""
    if isinstance(constraint, UniqueConstraint):
        named = {
            *constraint.fields,
            *(name for one in constraint.expressions for name, *_ in _of(model, one)),
        }
        return named | (
            {name for name, *_ in _of(model, constraint.condition)} if constraint.condition else set()
        )
    assert isinstance(constraint, CheckConstraint)
    return {name for name, *_ in _of(model, constraint.condition)}


def _of(model: Any, expression: Any) -> Any:
    return model._get_expr_references(expression)


@EVERY
def test_every_constraint_has_words_of_its_own_or_the_frameworks(model, constraint):
    if isinstance(constraint, Check | Unique):
        words = str(constraint.get_violation_error_message())
        assert words.endswith(".")
        assert constraint.name not in words
        return
    is_plain = isinstance(constraint, UniqueConstraint) and constraint.fields and not constraint.condition
    assert is_plain or model.__name__ in WRITTEN_BY_PROGRAMS, constraint.name


@EVERY
def test_words_stand_at_a_field_that_the_constraint_is_about(model, constraint):
    if isinstance(constraint, Check | Unique):
        assert constraint.field in names_of(constraint, model)


def broken() -> dict[str, Any]:
    """One row for each promise that somebody can break by hand."""
    course, user = make_course(), make_learner("ada")
    assessment = make_assessment()
    section = Section.objects.create(course=course, title="Tuesday")
    enrol(user, course)
    Accommodation.objects.create(user=user, assessment=assessment)
    bank, given = make_bank(), {"assessment": assessment, "course": course}
    AuthorGrant.objects.create(user=user, bank=bank, granted_at=NOW)
    assignment_of(assessment)
    return {
        "one_assignment_per_assessment_course_and_section": Assignment(assessment=assessment),
        "a_section_is_of_a_course": Assignment(assessment=assessment, section=section),
        "a_time_limit_is_at_least_a_minute": Assignment(**given, time_limit_minutes=0),
        "at_least_one_attempt_is_allowed": Assignment(**given, attempts_allowed=0),
        "an_assignment_weighs_nothing_less": Assignment(**given, weight=-1),
        "an_assignment_opens_before_it_closes": Assignment(
            **given, opens_at=NOW, closes_at=NOW - timedelta(days=1)
        ),
        "one_accommodation_per_user_and_assessment": Accommodation(user=user, assessment=assessment),
        "an_accommodation_takes_no_time_away": Accommodation(user=user, time_factor=0.5),
        "one_enrolment_per_course_and_user": Enrolment(course=course, user=user),
        "one_section_per_course_and_title": Section(course=course, title="tuesday"),
        "one_account_per_folded_name": User(username="ADA", password="x"),
        "a_guest_is_no_staff": User(username="g", password="x", is_guest=True, is_staff=True),
        "a_given_grade_is_a_fraction": GradeNote(score=1.2, reason="because"),
        "who_is_excused_has_no_score": GradeNote(score=0.5, is_excused=True, reason="because"),
        "another_grade_has_a_reason": GradeNote(score=0.5),
        "a_correction_has_a_reason": Correction(reason=""),
        "a_reply_closes_a_request": RegradeRequest(reply="No."),
        "a_full_score_is_positive": ResourceLink(maximum=0),
        "a_grant_names_a_bank_or_a_lesson": AuthorGrant(user=user),
        "what_is_reviewed_is_a_bank": AuthorGrant(user=user, role="reviewer"),
        "one_grant_per_user_bank_and_role": AuthorGrant(user=user, bank=bank),
    }


@pytest.mark.django_db
def test_a_broken_promise_is_told_at_its_field():
    fields = {
        constraint.name: constraint.field for _, constraint in OURS if isinstance(constraint, Check | Unique)
    }
    for name, row in broken().items():
        with pytest.raises(ValidationError) as refused:
            row.full_clean()
        assert fields[name] in refused.value.message_dict, name
        assert "onstraint" not in str(refused.value.message_dict), name


@pytest.mark.django_db
def test_a_promise_speaks_for_itself_where_no_rule_of_its_row_does():
    for name, row in broken().items():
        constraint = next(one for _, one in OURS if one.name == name)
        assert isinstance(constraint, Check | Unique)
        with pytest.raises(ValidationError) as refused:
            constraint.validate(type(row), row)
        assert refused.value.message_dict == {constraint.field: [constraint.violation_error_message]}, name


@pytest.mark.django_db
def test_more_attempts_than_anybody_means_are_complained_of():
    with pytest.raises(ValidationError) as refused:
        Accommodation(user=make_learner(), extra_attempts=2_000_000).full_clean()
    assert refused.value.message_dict == {"extra_attempts": ["This must be 0 to 10000."]}


def test_words_are_no_schema_and_need_no_migration():
    first, second = (
        Unique(fields=["user"], name="one", field="user", words=words)
        for words in ("There is one.", "One is there.")
    )
    assert first == second == UniqueConstraint(fields=["user"], name="one")
    assert first.deconstruct() == UniqueConstraint(fields=["user"], name="one").deconstruct()
    assert first.clone().violation_error_message == "There is one."
    assert first != Unique(fields=["user", "bank"], name="one", field="user", words="There is one.")
