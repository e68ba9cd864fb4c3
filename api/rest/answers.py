"""Answers on their way in: any JSON that a kind of interaction may ask for, within sane bounds."""

from __future__ import annotations

from typing import Any

from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import Direction
from rest_framework import serializers

LONGEST_TEXT = 20_000
MOST_ENTRIES = 1_000
DEEPEST = 3


class AnswerField(serializers.Field[dict[str, Any], Any, dict[str, Any], Any]):
    """From the identifier of an interaction to what was entered there, stored as it came.

    Refuses only what no kind could mean and the database could not keep; the grader judges the rest.
    """

    default_error_messages = {
        "not_a_mapping": "Must map the identifiers of interactions to what was entered there.",
        "too_long": f"A text may have at most {LONGEST_TEXT} characters.",
        "too_many": f"A list may have at most {MOST_ENTRIES} entries.",
        "too_deep": "Is nested more deeply than any interaction asks for.",
        "null_characters_not_allowed": "Must not contain null characters.",
        "surrogate_characters_not_allowed": "Must not contain half of a surrogate pair.",
    }

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if not isinstance(data, dict):
            self.fail("not_a_mapping")
        self._check(data, 0)
        return data

    def to_representation(self, value: dict[str, Any]) -> dict[str, Any]:
        return value

    def _check(self, value: Any, depth: int) -> None:
        if isinstance(value, str):
            self._check_text(value)
        elif isinstance(value, dict | list):
            if depth >= DEEPEST:
                self.fail("too_deep")
            if len(value) > MOST_ENTRIES:
                self.fail("too_many")
            inner = [*value, *value.values()] if isinstance(value, dict) else value
            for entry in inner:
                self._check(entry, depth + 1)

    def _check_text(self, text: str) -> None:
        if len(text) > LONGEST_TEXT:
            self.fail("too_long")
        if "\0" in text:
            self.fail("null_characters_not_allowed")
        if any("\ud800" <= character <= "\udfff" for character in text):
            self.fail("surrogate_characters_not_allowed")


class AnswerFieldExtension(OpenApiSerializerFieldExtension):
    """``Answer`` as a named type: whatever ``AnswerField`` takes, since it is given back as it came."""

    target_class = "api.rest.answers.AnswerField"

    def get_name(self) -> str:
        return "Answer"

    def map_serializer_field(self, auto_schema: AutoSchema, direction: Direction) -> dict[str, Any]:
        plain = [{"type": each} for each in ("string", "number", "boolean", "null")]
        cell = {"anyOf": plain}
        row = {"anyOf": [*plain, *_collections_of(cell)]}
        return {
            "type": "object",
            "description": "What was entered, by the identifier of the interaction. Numbers as typed, as text.",
            "additionalProperties": {"anyOf": [*plain, *_collections_of(row)]},
            "example": {"a": "0.42", "b": ["0.1", "-2"], "c": "option-id"},
        }


def _collections_of(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"type": "array", "items": entry}, {"type": "object", "additionalProperties": entry}]


class AnswerBodySerializer(serializers.Serializer[Any]):
    answer = AnswerField()
