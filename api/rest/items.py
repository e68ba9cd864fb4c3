"""What a learner is shown of an item: its body and the inputs that stand in it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.rest import figures, interactions
from api.rest.kinds import one_of
from assessment.delivery.hints import hints_shown
from assessment.models import Presentation
from assessment.modes import mode_of
from content.items.presenting import present


class HintsSerializer(serializers.Serializer[Any]):
    hints_available = serializers.IntegerField(help_text="How many there are in all.")
    hints = serializers.ListField(child=serializers.CharField(), help_text="HTML of those taken so far.")


class ShownItemSerializer(HintsSerializer):
    title = serializers.CharField()
    body = serializers.CharField(
        help_text='HTML; <span data-interaction="a"></span> marks the place of an input.'
    )
    interactions = serializers.ListField(child=one_of("Interaction", interactions.shapes))
    locale = serializers.CharField(help_text="By whose rules typed numbers are read, such as de.")
    figures = serializers.ListField(child=one_of("Figure", figures.SHAPES))


def shown_item(presentation: Presentation) -> dict[str, Any]:
    """Return the item as it was presented, with the hints taken since."""
    version = presentation.item_version
    shown = {
        "title": version.definition.title,
        **present(version.definition, presentation.variant),
        "hints": hints_shown(presentation),
    }
    # Some modes give none, whatever the item has.
    hintless = presentation.attempt is not None and mode_of(presentation.attempt).no_hints
    return {**shown, "hints_available": 0} if hintless else shown


def shown_hints(presentation: Presentation) -> dict[str, Any]:
    available = len(presentation.item_version.definition.hints)
    return {"hints_available": available, "hints": hints_shown(presentation)}
