"""What a learner is shown of an item: its body and the inputs that stand in it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.rest.answers import AnswerField
from api.rest.interactions import InteractionField
from assessment.models import Presentation
from content.items.presenting import present


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
