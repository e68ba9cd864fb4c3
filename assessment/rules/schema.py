"""The JSON Schema of assessment documents: editors complete names by it, and the desk makes its forms from it.

It is put together from the declarations that the reader obeys (`assessment.rules.fields`). What lies between two
fields, as a least that is more than its most, is for `parse_assessment` alone.

Besides the standard's words it has those of `content.documents.form`, and ``x-modes``: in which modes a part has an
effect.
"""

from __future__ import annotations

from typing import Any, Final

from assessment.rules import fields
from assessment.rules.definition import AssessmentDefinition, UsualTerms
from assessment.rules.delivery import DeliveryRules
from assessment.rules.document import RULES

_MODES_OF: Final = {
    "layout": ["fixed"],
    "solution_on_request": ["fixed"],
    "penalty": ["fixed"],
    "keep": ["fixed"],
    "tries": ["fixed", "mastery"],
    "pass_fraction": ["fixed", "mastery"],
}
"""What has an effect in some modes only."""


def assessment_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of an assessment's document; forms show its fields in this order."""
    about, usual, delivery = (part.schema() for part in (AssessmentDefinition, UsualTerms, DeliveryRules))
    parts = {rules.key: {**rules.part(), "x-modes": [mode]} for mode, rules in RULES.items()}
    properties = {
        **about["properties"],
        "mode": _mode(),
        **parts,
        **delivery["properties"],
        **usual["properties"],
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Assay assessment",
        "type": "object",
        "required": about["required"],
        "additionalProperties": False,
        "properties": {
            key: {**one, "x-modes": _MODES_OF[key]} if key in _MODES_OF else one
            for key, one in properties.items()
        },
        "allOf": [_only(mode) for mode in RULES],
    }


def form_schema(mode: str) -> dict[str, Any]:
    """Return the schema with what means nothing in a mode hidden: forms show the rest."""
    schema = assessment_schema()
    for one in schema["properties"].values():
        if mode not in one.get("x-modes", RULES):
            one["x-hidden"] = True
    return schema


def _mode() -> dict[str, Any]:
    usual = next(iter(RULES))
    words = {mode: rules.title for mode, rules in RULES.items()}
    return {"title": "Kind of assessment", **fields.options(words), "default": usual}


def _only(mode: str) -> dict[str, Any]:
    """Return that a document of a mode has the part of the mode and of no other."""
    own, usual = RULES[mode], mode == next(iter(RULES))
    named = {"properties": {"mode": {"const": mode}}, **({} if usual else {"required": ["mode"]})}
    others = {rules.key: False for rules in RULES.values() if rules.key != own.key}
    return {"if": named, "then": {"required": [own.key], "properties": {**others, **_bounds(mode)}}}


def _bounds(mode: str) -> dict[str, Any]:
    """Return what a mode allows of how it is delivered."""
    rules = RULES[mode]
    bounds: dict[str, Any] = {"feedback": {"enum": [one.value for one in rules.feedbacks]}}
    if rules.grows:
        bounds |= {"layout": {"const": "one_question"}, "solution_on_request": {"const": False}}
    if not rules.takes_more_tries:
        bounds["tries"] = {"const": 1}
    elif rules.grows:
        bounds["tries"] = {"type": "integer"}
    return bounds
