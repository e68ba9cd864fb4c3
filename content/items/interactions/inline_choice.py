"""Inline choice: one of a few options, picked from a list that stands within a sentence."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final

from content.items.interactions import fields, shown
from content.items.interactions.base import Record, Render
from content.items.interactions.choice import Choice
from content.items.interactions.forms import Form, Lists
from content.items.interactions.shown import Shown, last

ONE_OPTION: Final = "is not possible here: a list within a sentence takes one option"


@dataclass(frozen=True)
class ShownInlineChoice(Shown):
    """A choice inside a sentence. The answer is an option's id."""

    options: tuple[shown.Option, ...]

    @property
    def form(self) -> Form:
        return Lists(self.options)

    def from_form(self, values: Sequence[str]) -> Any:
        return last(values)


@dataclass(frozen=True, kw_only=True)
class InlineChoice(Choice):
    kind: ClassVar[str] = "inline_choice"
    shows: ClassVar[type[Shown]] = ShownInlineChoice
    multiple: bool = fields.settled(False, ONE_OPTION)
    may_be_none: bool = fields.settled(False, ONE_OPTION)

    def present(self, record: Record, render: Render) -> Shown:
        return ShownInlineChoice(self.shown_options(record, render))
