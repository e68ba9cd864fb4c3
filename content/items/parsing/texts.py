"""Checking an author's texts: the places of interactions in the body, and the values that texts show."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Final

from content.documents.reader import Reader
from content.expressions import Scope
from content.expressions.suggesting import did_you_mean, nearest
from content.items.definition import ItemDefinition
from content.items.display import placeholders
from content.items.interactions import Interaction

MAX_TEXT: Final = 20_000
MAX_BRACKETS: Final = 100
"""Square brackets one in another: to look for the links that they might be takes the square of the time."""
_MARK: Final = re.compile(r"\[\[([a-z][a-z0-9_]{0,19})\]\]")


def check_marks(reader: Reader, body: str, interactions: Collection[str]) -> None:
    """Report that an interaction does not stand once in the body, or that something else does.

    ``interactions`` are those that are written down, well or not.
    """
    marks = list(_MARK.finditer(body))
    shown = [mark[1] for mark in marks]
    missing = [identifier for identifier in interactions if identifier not in shown]
    if not reader.is_broken("interactions"):
        missing = _report_strangers(reader, marks, interactions, missing)
    for identifier in missing:
        reader.fault("body", f"must show [[{identifier}]] exactly once")
    for identifier in interactions:
        again = [mark for mark in marks if mark[1] == identifier][1:]
        if again:
            reader.fault("body", f"must show [[{identifier}]] exactly once", inside=again[0].span())


def _report_strangers(
    reader: Reader, marks: list[re.Match[str]], interactions: Collection[str], missing: list[str]
) -> list[str]:
    """Report the marks that name no interaction, and return the interactions that none of them may have meant."""
    for mark in marks:
        if mark[1] in interactions:
            continue
        # Where one mark and one interaction are left over, they belong together however they are spelled.
        meant = nearest(mark[1], missing) or (missing[0] if len(missing) == 1 else None)
        reason = f"shows [[{mark[1]}]], which is no interaction{did_you_mean(meant and f'[[{meant}]]')}"
        reader.fault("body", reason, inside=mark.span(1), suggestion=meant)
        missing = [identifier for identifier in missing if identifier != meant]
    return missing


def check_texts(
    reader: Reader, definition: ItemDefinition, interactions: Mapping[str, Interaction], scope: Scope
) -> None:
    """Report texts that are too long, and what they show that has no value.

    ``interactions`` are all of which something could be read.
    """
    for path, text in _texts(definition, interactions):
        if len(text) > MAX_TEXT:
            reader.fault(path, f"is longer than {MAX_TEXT} characters")
            continue
        if _levels(text) > MAX_BRACKETS:
            reader.fault(path, f"opens more than {MAX_BRACKETS} square brackets one in another")
        for start, _, name, _ in placeholders(text):
            if reader.faults.is_full:
                return
            if name not in scope:
                meant = nearest(name, scope.names)
                reason = (
                    f"shows {{{name}}}, which is no parameter or step{did_you_mean(meant and f'{{{meant}}}')}"
                )
                reader.fault(path, reason, inside=(start + 1, start + 1 + len(name)), suggestion=meant)


def _levels(text: str) -> int:
    """Return how many square brackets are open at once, at most."""
    deepest = level = 0
    for bracket in re.findall(r"[\[\]]", text):
        level = level + 1 if bracket == "[" else max(level - 1, 0)
        deepest = max(deepest, level)
    return deepest


def _texts(definition: ItemDefinition, interactions: Mapping[str, Interaction]) -> Iterator[tuple[str, str]]:
    """Yield the texts in which values may stand, each with its place."""
    yield "body", definition.body
    yield "solution", definition.solution
    yield from ((f"hints.{place}", hint) for place, hint in enumerate(definition.hints))
    for identifier, interaction in interactions.items():
        yield from ((f"interactions.{identifier}.{path}", text) for path, text in interaction.written)
    for identifier, rules in definition.misconceptions.items():
        for rule in rules:
            if rule.feedback:
                yield f"misconceptions.{identifier}.{rule.slug}.feedback", rule.feedback
    for place, figure in enumerate(definition.figures):
        yield from ((f"figures.{place}.{path}", text) for path, text in figure.written)
