"""A form that sets something in a bare value makes a mapping of it first."""

from __future__ import annotations

from content.documents.editing import Action, Edit
from content.documents.form import edits_of
from content.items.form import form_schema

PLACE = ("misconceptions", "a", "forgot-the-two")


def test_a_misconception_of_an_expression_alone_takes_its_feedback() -> None:
    sent = [{"path": [*PLACE, "feedback"], "value": "Twice."}]
    document = {"misconceptions": {"a": {"forgot-the-two": "x"}}}
    assert edits_of(sent, form_schema(), document) == [
        Edit(PLACE, Action.SET, {"value": "x"}),
        Edit((*PLACE, "feedback"), Action.SET, "Twice."),
    ]


def test_a_mapping_stays_as_it_is() -> None:
    sent = [{"path": [*PLACE, "feedback"], "value": "Twice."}]
    document = {"misconceptions": {"a": {"forgot-the-two": {"value": "x"}}}}
    assert edits_of(sent, form_schema(), document) == [Edit((*PLACE, "feedback"), Action.SET, "Twice.")]
