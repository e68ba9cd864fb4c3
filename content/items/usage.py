"""Which values an item shows, which its keys need, and what each of them is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TypeAlias

from content.expressions import Expression
from content.items.definition import ItemDefinition
from content.items.display import placeholders

Names: TypeAlias = frozenset[str]


class Usage:
    """What stands where in a definition. ``origins`` has, for each name, the parameters it is computed from."""

    def __init__(self, definition: ItemDefinition) -> None:
        self.definition = definition
        self.origins: dict[str, Names] = {name: frozenset({name}) for name in definition.parameters}
        for name, step in definition.steps.items():
            self.origins[name] = self.parameters(step.names)

    def parameters(self, names: Iterable[str]) -> Names:
        """Return the parameters that the names are, or are computed from."""
        return frozenset().union(*(self.origins[name] for name in names if name in self.origins))

    @cached_property
    def offered(self) -> list[tuple[str, str]]:
        """Where, and which text: all that a learner reads before answering, hints aside."""
        definition = self.definition
        return [
            ("the body", definition.body),
            *(
                (f"an option or entry of {identifier}", text)
                for identifier, interaction in definition.interactions.items()
                for text in interaction.offered
            ),
            *(("a figure", text) for figure in definition.figures for text in figure.texts),
        ]

    @cached_property
    def shown(self) -> Names:
        """The parameters that can be seen, by themselves or in what is computed from them."""
        texts = {name for _, text in self.offered for name in names_in(text)}
        figures = [(*figure.marked, *figure.drawn) for figure in self.definition.figures]
        return self.parameters(texts) | self.parameters(_names_of(e for drawn in figures for e in drawn))

    def needed(self, identifier: str) -> Names:
        """Return the parameters that the key of an interaction depends on."""
        interaction = self.definition.interactions[identifier]
        texts = {name for text in interaction.key_texts for name in names_in(text)}
        key = interaction.computed.get("key")
        formulas = _names_of(interaction.computed.values() if key is None else [key])
        return self.parameters(texts | formulas)

    @cached_property
    def used(self) -> Names:
        """The parameters that make any difference to what is shown, asked, checked or told."""
        return self.parameters(
            _names_of(self._expressions()) | {n for t in all_texts(self.definition) for n in names_in(t)}
        )

    def _expressions(self) -> Iterator[Expression]:
        definition = self.definition
        yield from definition.check.values()
        for interaction in definition.interactions.values():
            yield from interaction.computed.values()
        for rules in definition.misconceptions.values():
            yield from (rule.value for rule in rules)
        for figure in definition.figures:
            yield from (*figure.marked, *figure.drawn)


def all_texts(definition: ItemDefinition) -> Iterator[str]:
    """Yield every text of an author that is shown to a learner at some time."""
    yield from (definition.title, definition.body, *definition.hints, definition.solution)
    for interaction in definition.interactions.values():
        yield from interaction.texts
    for rules in definition.misconceptions.values():
        yield from (rule.feedback for rule in rules if rule.feedback)
    for figure in definition.figures:
        yield from figure.texts


def names_in(text: str) -> set[str]:
    """Return the names whose values stand in a text."""
    return {name for _, _, name, _ in placeholders(text)}


def _names_of(expressions: Iterable[Expression]) -> set[str]:
    return {name for expression in expressions for name in expression.names}
