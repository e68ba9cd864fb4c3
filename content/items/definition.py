"""The item document as values: read and checked by `content.items.parsing`, then only used.

The same document stands in a YAML file, in the database and in the editor; ``docs/authoring.md`` describes it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from content.expressions import Expression
from content.items.figures import Figure
from content.items.interactions import Interaction
from content.items.numbers import CONVENTIONS
from content.items.parameters import Parameter
from content.items.pictures import media_in
from content.items.uses import Use


@dataclass(frozen=True, slots=True)
class MisconceptionRule:
    """The wrong answer that a misconception leads to, so that it can be recognized."""

    slug: str
    value: Expression
    feedback: str | None
    credit: float


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """``sources`` maps each earlier interaction to the step that its answer stands for."""

    sources: Mapping[str, str]
    credit: float


@dataclass(frozen=True, slots=True)
class ItemDefinition:
    """A checked document. Expressions are compiled, as the version ``language`` of their language has them;
    ``document`` is what it was read from."""

    language: int
    slug: str
    title: str
    skills: tuple[str, ...]
    enemies: tuple[str, ...]
    difficulty: float | None
    use: Use | None
    locale: str
    parameters: Mapping[str, Parameter]
    require: tuple[Expression, ...]
    steps: Mapping[str, Expression]
    check: Mapping[str, Expression]
    body: str
    interactions: Mapping[str, Interaction]
    misconceptions: Mapping[str, tuple[MisconceptionRule, ...]]
    follow_through: Mapping[str, FollowThrough]
    figures: tuple[Figure, ...]
    hints: tuple[str, ...]
    solution: str
    document: Mapping[str, Any]

    @property
    def is_exercise(self) -> bool:
        return bool(self.parameters)

    @property
    def places(self) -> dict[str, int | None]:
        """Decimal places with which each parameter is displayed."""
        return {name: parameter.places for name, parameter in self.parameters.items()}

    @property
    def decimal(self) -> str:
        """The decimal mark with which numbers are shown."""
        return CONVENTIONS[self.locale].decimal

    @property
    def guess(self) -> float | None:
        """What blind guesses at everything earn on average; None where nobody can say of one of them."""
        guesses = [(one.guess, one.weight) for one in self.interactions.values()]
        if any(guess is None for guess, _ in guesses):
            return None
        return sum((guess or 0.0) * weight for guess, weight in guesses) / sum(w for _, w in guesses)

    @property
    def media(self) -> frozenset[str]:
        """The names of the images that its texts show."""
        return media_in(self.document)

    @property
    def misconception_slugs(self) -> frozenset[str]:
        """Every misconception that the item can recognize, by a computed value or by an entry."""
        by_value = {rule.slug for rules in self.misconceptions.values() for rule in rules}
        return frozenset(by_value.union(*(i.misconceptions for i in self.interactions.values())))
