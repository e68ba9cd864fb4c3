"""Rows of ours on their way in and out of hand-written statements: as Django would have made them."""

from __future__ import annotations

import math

import pytest
from django.db import models

from assessment.models import Attempt, CorrectionEffect, Presentation, Response, Verdict
from assessment.models.statements import Columns, all_rows, new_row
from tests import sitting
from tests.builders import choice_document, make_attempt, make_item

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Attempt, Presentation, Response, Verdict])
def test_a_row_is_what_the_model_itself_reads(model: type[models.Model]) -> None:
    attempt = make_attempt(make_item(choice_document("one")))
    sitting.answer(attempt, 1, sitting.RIGHT)
    columns = Columns(model, "row")

    (found,) = columns.rows(f"SELECT {columns.sql} FROM {model._meta.db_table} AS row", {})
    expected = model._default_manager.get()

    assert (found, found.pk) == (expected, expected.pk)
    assert {name: getattr(found, name) for name in columns.names} == {
        name: getattr(expected, name) for name in columns.names
    }
    assert (found._state.adding, found._state.db) == (expected._state.adding, expected._state.db)


def test_a_column_that_was_left_out_is_read_when_it_is_asked_for_and_the_row_can_be_saved() -> None:
    make_attempt(make_item(choice_document("one")))
    columns = Columns(Attempt, "row", unread={"started_at"})
    (found,) = columns.rows(f"SELECT {columns.sql} FROM assessment_attempt AS row", {})

    assert found.get_deferred_fields() == {"started_at"}
    assert found.started_at == Attempt.objects.get().started_at
    found.stop_reason = "length"
    found.save()
    assert Attempt.objects.get().stop_reason == "length"


def test_two_rows_share_nothing() -> None:
    attempt = make_attempt(make_item(choice_document("one")))
    one, other = (new_row(CorrectionEffect, attempt_id=attempt.pk) for _ in range(2))
    one.attempt = attempt
    one._state.adding = False

    assert other._state.adding
    assert "attempt" not in other._state.fields_cache
    assert (one.kept, one.told_right, one.pk) == (False, 0, None)


VALUES = [
    0.1 + 0.2,
    5e-324,
    math.nextafter(1.0, 0.0),
    -0.0,
    2**53 + 1,
    2**64,
    -(10**40),
    "\u0000 é \U0001f600",
    {"b": 1, "a": 2},
]


@pytest.mark.parametrize("value", VALUES, ids=repr)
def test_a_document_comes_back_to_the_bit(value: object) -> None:
    make_attempt(make_item(choice_document("one")))
    Presentation.objects.update(variant_document={"value": value})

    found = Presentation.objects.values_list("variant_document", flat=True).get()
    ((raw,),) = all_rows("SELECT variant FROM assessment_presentation", {})

    assert repr(found) == repr(raw) == repr({"value": value})
