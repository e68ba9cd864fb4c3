"""What the learner's side gets to show an input. The interface and the desk are derived from these classes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, fields, is_dataclass
from typing import Any

from content.expressions import exact
from content.items.interactions.forms import Boxes, Form


def about(text: str) -> Any:
    """Declare a field that the documentation of the interface explains."""
    return field(metadata={"about": text})


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose, to order or to match; an answer names its id."""

    id: str
    html: str


@dataclass(frozen=True)
class Shown:
    """What one interaction shows. The docstring of a kind's own class says what the answer is."""

    @property
    def form(self) -> Form:
        """The inputs by which the desk asks: one box, unless the kind has something better."""
        return Boxes()

    def from_form(self, values: Sequence[str]) -> Any:
        """Return the answer that was entered into the inputs of the form, in their order: here JSON, or text."""
        entered = last(values) or ""
        try:
            return json.loads(entered, parse_int=exact.whole)
        except ValueError:
            return entered


def last(values: Sequence[str]) -> str | None:
    """Return what a form sends for a single input."""
    return values[-1] if values else None


def as_json(value: Any) -> Any:
    """Return what is shown as JSON: classes as mappings, tuples as lists."""
    if is_dataclass(value):
        return {each.name: as_json(getattr(value, each.name)) for each in fields(value)}
    return [as_json(each) for each in value] if isinstance(value, tuple) else value
