"""Which values an item shows, which its keys need, and what each of them is computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import NamedTuple, TypeAlias

from content.expressions import Expression
from content.items.definition import ItemDefinition
from content.items.display import placeholders

Names: TypeAlias = frozenset[str]


class Offer(NamedTuple):
    """A text that is read before the answer: where, in words and as a path of the document, and what it says."""

    place: str
    path: str
    text: str


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
    def offered(self) -> list[Offer]:
        """All that a learner reads before answering, hints aside."""
        definition = self.definition
        return [
            Offer("the body", "body", definition.body),
            *(
                Offer(f"an option or entry of {identifier}", f"interactions.{identifier}.{path}", text)
                for identifier, interaction in definition.interactions.items()
                for path, text in interaction.written
                if text in interaction.offered
            ),
            *(
                Offer(f"an option or entry of {identifier}", f"interactions.{identifier}", text)
                for identifier, interaction in definition.interactions.items()
                for text in interaction.offered
                if text not in interaction.texts
            ),
            *(
                Offer("a figure", f"figures.{number}.{path}", text)
                for number, figure in enumerate(definition.figures)
                for path, text in figure.written
            ),
        ]

    @cached_property
    def shown(self) -> Names:
        """The parameters that can be seen, by themselves or in what is computed from them."""
        texts = {name for offer in self.offered for name in names_in(offer.text)}
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
    yield from (text for _, text in written_texts(definition))


def written_texts(definition: ItemDefinition) -> Iterator[tuple[str, str]]:
    """Yield every text that is shown to a learner at some time, with its place in the document."""
    yield from (("title", definition.title), ("body", definition.body))
    yield from ((f"hints.{place}", hint) for place, hint in enumerate(definition.hints))
    yield "solution", definition.solution
    for identifier, interaction in definition.interactions.items():
        yield from ((f"interactions.{identifier}.{path}", text) for path, text in interaction.written)
    for identifier, rules in definition.misconceptions.items():
        for rule in rules:
            if rule.feedback:
                yield f"misconceptions.{identifier}.{rule.slug}.feedback", rule.feedback
    for number, figure in enumerate(definition.figures):
        yield from ((f"figures.{number}.{path}", text) for path, text in figure.written)


def names_in(text: str) -> set[str]:
    """Return the names whose values stand in a text."""
    return {name for _, _, name, _ in placeholders(text)}


def _names_of(expressions: Iterable[Expression]) -> set[str]:
    return {name for expression in expressions for name in expression.names}
