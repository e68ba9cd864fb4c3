"""The shape of a verdict."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers


class MisconceptionSerializer(serializers.Serializer[Any]):
    """A wrong idea that the answer fits."""

    slug = serializers.CharField()
    title = serializers.CharField()
    explanation = serializers.CharField()


class InteractionVerdictSerializer(serializers.Serializer[Any]):
    valid = serializers.BooleanField(help_text="false: the answer cannot be read; it costs no try.")
    score = serializers.FloatField(allow_null=True, help_text="A fraction of 1.")
    parsed = serializers.JSONField(help_text="The answer as it was understood.")
    parts = serializers.JSONField(
        help_text="Which parts are right, in the shape of the answer: components, cells, places or pairs; or null.",
    )
    rule = serializers.CharField(
        allow_null=True, help_text="The rule that decided; null until the solution may be seen."
    )
    message = serializers.CharField(
        allow_null=True,
        help_text="What is wrong with an answer that cannot be read, or that it was rounded too far.",
    )
    compared = serializers.CharField(
        allow_null=True,
        help_text="How a wrong number differs from the right one; null until the solution may be seen.",
    )
    misconception = MisconceptionSerializer(allow_null=True)


class VerdictSerializer(serializers.Serializer[Any]):
    """What the feedback policy withholds is null."""

    id = serializers.UUIDField()
    valid = serializers.BooleanField(help_text="false: the answer cannot be read; it costs no try.")
    score = serializers.FloatField(
        allow_null=True,
        help_text="What the item counts for after this response; null also where the answer cannot be read.",
    )
    standing = serializers.FloatField(
        allow_null=True, help_text="What the item counts for by now, whether or not this answer can be read."
    )
    max_score = serializers.FloatField()
    correct = serializers.BooleanField(
        allow_null=True, help_text="Whether this answer is right; null also where it cannot be read."
    )
    interactions = serializers.DictField(child=InteractionVerdictSerializer())
    feedback = serializers.CharField(allow_null=True, help_text="HTML.")
    solution = serializers.CharField(allow_null=True, help_text="HTML.")
    right = serializers.DictField(
        child=serializers.JSONField(),
        allow_null=True,
        help_text="A right answer of each interaction; null until the solution may be seen.",
    )

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``try``, which Python does not take as a name."""
        count = serializers.IntegerField(
            source="number", help_text="The try it was, or for an invalid answer would have been."
        )
        return super().get_fields() | {"try": count}


class AttemptTotalsSerializer(serializers.Serializer[Any]):
    state = serializers.ChoiceField(choices=["open", "grading", "submitted", "expired"])
    score = serializers.FloatField(allow_null=True)
    max_score = serializers.FloatField()


class PlaceSerializer(serializers.Serializer[Any]):
    """Where the place stood after the answer."""

    state = serializers.ChoiceField(choices=["open", "answered"])
    tries_left = serializers.IntegerField(allow_null=True, help_text="null: no limit.")
    answers = serializers.IntegerField(help_text="Sent so far; a draft says it as its `after`.")
