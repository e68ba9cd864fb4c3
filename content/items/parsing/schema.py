"""The JSON Schema of item documents, for editors: it completes names and marks slips while an author types.

``parse_definition`` remains the judge: a schema cannot read expressions.
"""

from __future__ import annotations

from typing import Any

from content.expressions import RESERVED
from content.items.figures import FIGURES, MAX_FIGURES, MAX_PARTS
from content.items.interactions import INTERACTIONS
from content.items.interactions.fields import EXPRESSION_SCHEMA
from content.items.numbers import CONVENTIONS
from content.items.parameters import KINDS, MANTISSAS
from content.items.uses import USES

TEXTS = {"type": "array", "items": {"type": "string"}}
PAIR = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
SHAPE = {"type": "array", "items": {"type": "integer", "minimum": 1}, "maxItems": 2}
SLUG = {"type": "string", "pattern": "^[a-z0-9]+(-[a-z0-9]+)*$", "maxLength": 100}


def item_schema() -> dict[str, Any]:
    """Return the schema (draft 2020-12) of an item document."""
    expressions = {"type": "object", "additionalProperties": EXPRESSION_SCHEMA}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Assay item",
        "type": "object",
        "required": ["slug", "title", "body", "interactions"],
        "additionalProperties": False,
        "properties": {
            "language": {
                "enum": list(RESERVED),
                "description": "The version of the language of expressions; without it, the first.",
            },
            "slug": SLUG,
            "title": {"type": "string", "minLength": 1, "maxLength": 200},
            "skills": TEXTS,
            "enemies": {
                "type": "array",
                "items": SLUG,
                "description": "Items so alike that no attempt should have both. One of the two may name the other.",
            },
            "locale": {"enum": sorted(CONVENTIONS)},
            "difficulty": {"type": "number", "description": "A guess, on the theta scale."},
            "use": {"enum": list(USES), "description": "What it is for; without it, what its bank is for."},
            "parameters": {"type": "object", "additionalProperties": _parameter()},
            "require": TEXTS,
            "steps": expressions,
            "check": expressions,
            "body": {"type": "string", "minLength": 1},
            "interactions": {"type": "object", "minProperties": 1, "additionalProperties": _interaction()},
            "misconceptions": _by_interaction(_misconception()),
            "follow_through": {"type": "object", "additionalProperties": _follow_through()},
            "figures": {"type": "array", "maxItems": MAX_FIGURES, "items": _figure()},
            "hints": TEXTS,
            "solution": {"type": "string"},
        },
    }


def _parameter() -> dict[str, Any]:
    return {
        "type": "object",
        "oneOf": [{"required": [kind]} for kind in KINDS],
        "additionalProperties": False,
        "properties": {
            "integer": PAIR,
            "decimal": PAIR,
            "choice": {"type": "array", "items": {"type": "number"}, "minItems": 1},
            "log_grid": PAIR,
            "normal": PAIR,
            "places": {"type": "integer", "minimum": 0, "maximum": 12},
            "per_decade": {"enum": list(MANTISSAS)},
            "shape": SHAPE,
            "distinct": {"type": "boolean"},
            "nonzero": {"type": "boolean"},
        },
    }


def _interaction() -> dict[str, Any]:
    return {"oneOf": [_of_kind(kind, interaction.schema()) for kind, interaction in INTERACTIONS.items()]}


def _of_kind(kind: str, schema: dict[str, Any]) -> dict[str, Any]:
    return schema | {
        "required": ["kind", *schema.get("required", [])],
        "properties": {"kind": {"const": kind}, **schema["properties"]},
    }


def _by_interaction(rule: dict[str, Any]) -> dict[str, Any]:
    by_slug = {"type": "object", "propertyNames": SLUG, "additionalProperties": rule}
    return {"type": "object", "additionalProperties": by_slug}


def _misconception() -> dict[str, Any]:
    whole = {
        "type": "object",
        "required": ["value"],
        "additionalProperties": False,
        "properties": {
            "value": EXPRESSION_SCHEMA,
            "feedback": {"type": "string"},
            "credit": {"type": "number", "minimum": 0, "exclusiveMaximum": 1},
        },
    }
    return {"oneOf": [EXPRESSION_SCHEMA, whole]}


def _follow_through() -> dict[str, Any]:
    return {
        "type": "object",
        "oneOf": [{"required": ["answer", "step"]}, {"required": ["sources"]}],
        "additionalProperties": False,
        "properties": {
            "answer": {"type": "string"},
            "step": {"type": "string"},
            "sources": {
                "type": "object",
                "minProperties": 1,
                "additionalProperties": {"type": "string"},
                "description": "From each earlier interaction to the step that its answer stands for.",
            },
            "credit": {"type": "number", "exclusiveMinimum": 0, "maximum": 1},
        },
    }


def _figure() -> dict[str, Any]:
    parts = {"type": "array", "maxItems": MAX_PARTS, "items": {"type": "object"}}
    axis = {"type": "object", "required": ["name", "from", "to"]}
    return {
        "type": "object",
        "required": ["kind"],
        "additionalProperties": False,
        "properties": {
            "kind": {"enum": list(FIGURES)},
            "title": {"type": "string"},
            "x": axis,
            "y": axis,
            "z": EXPRESSION_SCHEMA,
            "y_label": {"type": "string"},
            "curves": parts,
            "points": parts,
            "columns": parts,
        },
    }
