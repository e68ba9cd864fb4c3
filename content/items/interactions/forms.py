"""The few forms in which the desk asks for an answer: boxes to type into, options to tick, lists to pick from.

Each names a part of a page (``part``) that draws it, whatever the kind. A form sends back a list of texts, and is
filled with such a list.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, ClassVar

if TYPE_CHECKING:
    from content.items.interactions.shown import Option


class Form(ABC):
    part: ClassVar[str]
    options: tuple[Option, ...] = ()
    """What can be ticked or picked."""

    @abstractmethod
    def filled(self, values: Sequence[str] | None) -> Any:
        """Return the inputs with what was entered; None is a form that nobody has filled in yet."""


@dataclass(frozen=True)
class Boxes(Form):
    """Boxes to type into, row by row. Each has a name, which is read out after that of the answer."""

    part: ClassVar[str] = "boxes"
    names: tuple[tuple[str, ...], ...] = (("",),)
    decimal: bool = False
    placeholder: str = ""
    unit: str = ""

    def filled(self, values: Sequence[str] | None) -> list[list[tuple[str, str]]]:
        """Return rows of names and texts."""
        entered = chain(values or (), iter(lambda: "", None))
        return [[(name, next(entered)) for name in row] for row in self.names]


@dataclass(frozen=True)
class Ticks(Form):
    """Options of which one is chosen, or several."""

    part: ClassVar[str] = "ticks"
    options: tuple[Option, ...]
    several: bool = False

    def filled(self, values: Sequence[str] | None) -> list[tuple[Option, bool]]:
        """Return the options, each with whether it was chosen."""
        chosen = (values or ()) if self.several else (values or ())[-1:]
        return [(option, option.id in chosen) for option in self.options]


@dataclass(frozen=True, slots=True)
class Row:
    """One list of a form, after the HTML ``lead``; ``first`` is picked at the beginning, nothing if it is empty."""

    name: str = ""
    lead: str = ""
    first: str = ""


@dataclass(frozen=True)
class Lists(Form):
    """Lists that drop down, all with the same options."""

    part: ClassVar[str] = "lists"
    options: tuple[Option, ...]
    rows: tuple[Row, ...] = (Row(),)

    def filled(self, values: Sequence[str] | None) -> list[tuple[Row, str]]:
        """Return the rows, each with the id that is picked."""
        picked = [*values, *[""] * len(self.rows)] if values else [row.first for row in self.rows]
        return list(zip(self.rows, picked, strict=False))
