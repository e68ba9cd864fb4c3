"""What a picker of rows shows: as a desk says, or the name of the row."""

from __future__ import annotations

from typing import Any

from django.contrib.admin.views.autocomplete import AutocompleteJsonView


class Picker(AutocompleteJsonView):
    """The rows that a picker offers, as the desk of their model labels them."""

    def serialize_result(self, obj: Any, to_field_name: str) -> dict[str, str]:
        found: dict[str, str] = super().serialize_result(obj, to_field_name)
        label = getattr(self.model_admin, "picker_label", None)
        return {**found, "text": label(obj)} if label else found
