"""What a learner is shown of an item: its body and the inputs that stand in it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema_field
from rest_framework import serializers

from api.rest.answers import AnswerField
from assessment.models import Presentation
from content.items.presenting import present


def kind_field(name: str) -> serializers.CharField:
    """Return the field by which a client tells the shapes of interactions apart."""

    @extend_schema_field({"type": "string", "const": name})
    class KindField(serializers.CharField):
        pass

    return KindField()


class ChoiceOptionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    html = serializers.CharField()


class ChoiceInteractionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = kind_field("choice")
    multiple = serializers.BooleanField()
    options = ChoiceOptionSerializer(many=True)


class NumericInteractionSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = kind_field("numeric")
    shape = serializers.ListField(
        child=serializers.IntegerField(), help_text="[] for a number, [3] for a vector, [2, 2] for a matrix."
    )
    unit = serializers.CharField(allow_null=True)


INTERACTIONS: dict[str, type[serializers.Serializer[Any]]] = {
    "choice": ChoiceInteractionSerializer,
    "numeric": NumericInteractionSerializer,
}
"""The shape of each kind in the schema; what it shows is decided by the kind itself."""


@extend_schema_field(
    PolymorphicProxySerializer(
        component_name="Interaction", serializers=INTERACTIONS, resource_type_field_name="kind", many=False
    )
)
class InteractionField(serializers.DictField):
    """As ``content.items.presenting`` gives it, which allows nothing but what a learner may see."""


class ShownItemSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    body = serializers.CharField(
        help_text='HTML; <span data-interaction="a"></span> marks the place of an input.'
    )
    interactions = serializers.ListField(child=InteractionField())
    figures = serializers.ListField(child=serializers.DictField())
    hints_available = serializers.IntegerField()


def shown_item(presentation: Presentation) -> dict[str, Any]:
    """Return the item as it was presented, for ``ShownItemSerializer``."""
    version = presentation.item_version
    return {"title": version.definition.title, **present(version.definition, presentation.variant)}


class PresentationSerializer(ShownItemSerializer):
    attempt = serializers.UUIDField()
    position = serializers.IntegerField()
    section = serializers.CharField(help_text="The title of its section; may be empty.")
    state = serializers.ChoiceField(choices=["open", "answered"])
    tries_left = serializers.IntegerField(allow_null=True, help_text="null: no limit.")
    draft = AnswerField(allow_null=True)
