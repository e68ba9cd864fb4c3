"""The shape of each kind of interaction in the schema. What a kind shows is decided by the kind itself."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.rest.kinds import Shapes, kind_field


class OptionSerializer(serializers.Serializer[Any]):
    """Something to choose, to order or to match; an answer names its id."""

    id = serializers.CharField()
    html = serializers.CharField()


class InteractionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField(
        help_text="The same as in data-interaction, and the name of its part of an answer."
    )


class ChoiceInteractionSerializer(InteractionSerializer):
    """The answer is an option's id; where ``multiple``, a list of ids."""

    kind = kind_field("choice")
    multiple = serializers.BooleanField()
    options = OptionSerializer(many=True)


class ExpressionInteractionSerializer(InteractionSerializer):
    """The answer is a formula as typed, such as ``w*(1 - 2*lr*lam)``."""

    kind = kind_field("expression")
    variables = serializers.ListField(child=serializers.CharField())
    functions = serializers.ListField(child=serializers.CharField())
    max_length = serializers.IntegerField()


class InlineChoiceInteractionSerializer(InteractionSerializer):
    """A choice inside a sentence. The answer is an option's id."""

    kind = kind_field("inline_choice")
    options = OptionSerializer(many=True)


class MatchingInteractionSerializer(InteractionSerializer):
    """The answer gives each id on the left the id of its partner on the right."""

    kind = kind_field("matching")
    left = OptionSerializer(many=True)
    right = OptionSerializer(many=True)


class MatrixInteractionSerializer(InteractionSerializer):
    """The answer is a list of rows of numbers."""

    kind = kind_field("matrix")
    rows = serializers.IntegerField()
    columns = serializers.IntegerField()


class NumericInteractionSerializer(InteractionSerializer):
    """The answer is a number as typed; for the shape [3] a list of three."""

    kind = kind_field("numeric")
    shape = serializers.ListField(
        child=serializers.IntegerField(), help_text="[] for one number, [3] for three."
    )
    unit = serializers.CharField(allow_null=True)


class OrderingInteractionSerializer(InteractionSerializer):
    """The answer is the list of all ids in the order wanted."""

    kind = kind_field("ordering")
    entries = OptionSerializer(many=True)


class TextInteractionSerializer(InteractionSerializer):
    """The answer is a short text."""

    kind = kind_field("text")
    placeholder = serializers.CharField(allow_blank=True)
    max_length = serializers.IntegerField()


SHAPES: Shapes = {
    "choice": ChoiceInteractionSerializer,
    "expression": ExpressionInteractionSerializer,
    "inline_choice": InlineChoiceInteractionSerializer,
    "matching": MatchingInteractionSerializer,
    "matrix": MatrixInteractionSerializer,
    "numeric": NumericInteractionSerializer,
    "ordering": OrderingInteractionSerializer,
    "text": TextInteractionSerializer,
}
