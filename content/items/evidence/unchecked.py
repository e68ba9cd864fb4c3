"""What certification cannot know of an item, in words for its author: the rest is for a reader to judge."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from content.items.definition import ItemDefinition
from content.items.evidence.tested import reads_solution
from content.items.independence import unchecked
from content.items.pictures import media_in
from content.items.trials import WHOLE

RARE: Final = 3.0
"""Of n draws without a fault: with 95 % confidence it occurs in fewer than 3/n (Hanley and Lippman-Hand 1983)."""


def of_item(definition: ItemDefinition, draws: int) -> Iterator[str]:
    """Yield what nobody tested, the most important first; ``draws`` is how many were tried, 0 where none could be."""
    yield from _of_keys(definition)
    yield from _of_mistakes(definition)
    for identifier, interaction in definition.interactions.items():
        yield from _of_kind(identifier, interaction)
    yield from _of_texts(definition)
    if definition.is_exercise and draws:
        yield (
            f"Faults in fewer than {RARE / draws:.2%} of the variants may not have shown among {draws:,} draws. "
            "When a learner is given a variant it is tested again."
        )


def _of_keys(definition: ItemDefinition) -> Iterator[str]:
    without = list(unchecked(definition))
    for identifier in without:
        yield (
            f"Whether the key of {identifier} is right: nothing else confirms it. "
            "Give a check, another road to the same value."
        )
    if definition.check:
        names = ", ".join(definition.check)
        yield f"Whether both roads to {names} rest on the same mistake: two formulas that agree may both be wrong."


def _of_mistakes(definition: ItemDefinition) -> Iterator[str]:
    for identifier, interaction in definition.interactions.items():
        rules = definition.misconceptions.get(identifier, ())
        if "key" in interaction.computed and not rules:
            yield (
                f"What mistakes with {identifier} lead to: no misconception is given, "
                "so a wrong answer is only called wrong."
            )
        elif rules and getattr(getattr(interaction, "policy", None), "half_width", None) is None:
            yield (
                f"How far the misconceptions of {identifier} lie from the key: its policy has no tolerance to "
                f"measure in. Their own answers were graded on {WHOLE} variants."
            )
    if definition.misconception_slugs:
        yield "Whether the feedback on a mistake speaks to that mistake, and whether learners make it at all."


def _of_kind(identifier: str, interaction: Any) -> Iterator[str]:
    if words := _BY_KIND.get(interaction.kind):
        yield words.format(identifier)
    if any(entry.pattern for entry in getattr(interaction, "accepted", ())):
        yield f"What else the patterns of {identifier} match: each was tried with its own example only."


_BY_KIND: Final[Mapping[str, str]] = {
    "choice": "Whether the options of {} that are no key are really wrong, and tempting to those who do not know.",
    "inline_choice": "Whether the options of {} that are no key are really wrong.",
    "text": "Which other right wordings of {} there are: an answer that is not listed is wrong.",
    "expression": "Whether every right way to write the formula of {} can be read. Where algebra does not decide, "
    "two formulas count as the same when they agree at many places of the domain you gave.",
    "ordering": "Whether the order of {} is the only right one.",
    "matching": "Whether an entry of {} also fits a partner that is not its own.",
}


def _of_texts(definition: ItemDefinition) -> Iterator[str]:
    yield "Whether the question asks for what the key is, and can be understood in one way only."
    if media_in(definition.document):
        yield "What the images show, and whether their descriptions say it."
    if definition.figures:
        yield "Whether the figures show what the question says of them."
    if not definition.solution.strip():
        yield "How the key is come to: there is no worked solution."
    elif reads_solution(definition):
        yield "Whether the words of the worked solution explain the way: only its numbers were read."
    else:
        yield "Whether the worked solution is right and explains the way: nobody read it."
    if definition.difficulty is None:
        yield "How difficult it is: only learners' answers will tell."
