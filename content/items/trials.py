"""Trials: variants are presented and graded as a learner's would be, with answers made from the definition itself."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from typing import Any, Final, NamedTuple

from content.items.definition import ItemDefinition
from content.items.drawing import Batch, Variant, variant_of
from content.items.findings import Finding
from content.items.grading import grade
from content.items.interactions import Interaction, Record
from content.items.policies import PolicyFault
from content.items.presenting import hint_html, present, solution_html

WHOLE: Final = 5
"""Draws that go through presenting and grading whole."""
TRIED: Final = 2_000
"""Draws on which each interaction is graded by itself, unless its kind judges them as arrays."""
MOST_GRADED: Final = 50_000
"""Answers that are graded one by one, for all of an item."""
LOCALE: Final = "en"
"""Samples are written as programs write numbers, whatever the item's locale."""


def of_variants(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    """Yield each kind of failure once, with the share of the draws tried that show it."""
    variants = [variant_of(definition, batch, int(index)) for index in served[:WHOLE]]
    yield from _counted(
        [(variant, [*_shown(definition, variant), *_whole(definition, variant)]) for variant in variants]
    )
    rest = [i for i, one in definition.interactions.items() if not one.judged_as_arrays]
    if rest and definition.is_exercise and variants:
        tried = served[: _tried(definition, rest, variants[0])]
        many = [variant_of(definition, batch, int(index)) for index in tried]
        for identifier in rest:
            yield from _counted(list(_alone(definition.interactions[identifier], many)))


def _tried(definition: ItemDefinition, rest: Sequence[str], variant: Variant) -> int:
    """Return on how many draws each of some interactions is graded: on fewer where there are many answers to try.

    What accepts many texts compares each answer with all of them, so the work grows with the square of the answers.
    """
    samples = (definition.interactions[i].samples(variant.interactions[i]) for i in rest)
    answers = (sum(map(len, (one.right, one.wrong, one.invalid, one.worth))) for one in samples)
    work = sum(count * max(1, count // 10) for count in answers)
    return min(TRIED, max(WHOLE, MOST_GRADED // max(1, work)))


class Failure(NamedTuple):
    """Something that went wrong, at a place of the document."""

    path: str
    reason: str


def _counted(failures: Sequence[tuple[Variant, Sequence[Failure]]]) -> Iterator[Finding]:
    counts: Counter[Failure] = Counter()
    first: dict[Failure, int] = {}
    for variant, found in failures:
        for failure in dict.fromkeys(found):
            counts[failure] += 1
            first.setdefault(failure, variant.seed)
    for failure, count in counts.items():
        seen = (f"seed {first[failure]}",)
        yield Finding(failure.reason, count / len(failures), True, seen, failure.path)


def _alone(
    interaction: Interaction, variants: Sequence[Variant]
) -> Iterator[tuple[Variant, Sequence[Failure]]]:
    """Yield how each variant's own samples fare; what differs in the arrangement alone is graded once."""
    known: dict[str, Sequence[Failure]] = {}
    for variant in variants:
        record = variant.interactions[interaction.id]
        same = json.dumps({name: value for name, value in record.items() if name != "order"}, sort_keys=True)
        if same not in known:
            known[same] = list(_samples(interaction, record))
        yield variant, known[same]


def _samples(interaction: Interaction, record: Record) -> Iterator[Failure]:
    """Yield what an interaction's samples contradict: right, wrong, invalid, and what is worth so much."""
    name = interaction.id
    path = f"interactions.{name}"
    try:
        samples = interaction.samples(record)
        judged = partial(interaction.grade, record, locale=LOCALE)
        for sample in samples.right:
            if not judged(sample).correct:
                yield Failure(path, f"a right answer to {name} is not graded right")
        for sample in samples.wrong:
            if judged(sample).correct:
                yield Failure(path, f"a wrong answer to {name} is graded right: {sample!r:.60}")
        for sample in samples.invalid:
            if sample is not None and judged(sample).valid:
                yield Failure(path, f"an unreadable answer to {name} is not graded invalid")
        for sample, worth in samples.worth:
            if judged(sample).score != worth:
                yield Failure(
                    path, f"an answer to {name} that earns {worth:g} is taken for another: {sample!r:.60}"
                )
    except PolicyFault as fault:
        yield Failure(path, f"{name} cannot be graded: {fault}")


def _rendering(definition: ItemDefinition, variant: Variant) -> Iterator[Failure]:
    shown = present(definition, variant)
    solution_html(definition, variant)
    for number in range(len(definition.hints)):
        hint_html(definition, variant, number)
    for identifier in definition.interactions:
        if shown["body"].count(f'data-interaction="{identifier}"') != 1:
            yield Failure("body", f"the place of {identifier} is lost when the body is rendered")


def _shown(definition: ItemDefinition, variant: Variant) -> Iterator[Failure]:
    yield from _rendering(definition, variant)
    for identifier, interaction in definition.interactions.items():
        for reason in interaction.objections(variant.interactions[identifier]):
            yield Failure(f"interactions.{identifier}.key", reason)


def _whole(definition: ItemDefinition, variant: Variant) -> Iterator[Failure]:
    """Yield what goes wrong when the item is answered whole: all right, and each misconception by itself."""
    alone = [f for i, one in definition.interactions.items() for f in _samples(one, variant.interactions[i])]
    yield from alone
    if any("cannot be graded" in failure.reason for failure in alone):
        return
    right = {
        identifier: interaction.samples(variant.interactions[identifier]).right[0]
        for identifier, interaction in definition.interactions.items()
    }
    if not alone and not grade(definition, variant, right, locale=LOCALE).correct:
        yield Failure("interactions", "right answers to all interactions do not make a right item")
    yield from _misconceptions(definition, variant, right)


def _misconceptions(
    definition: ItemDefinition, variant: Variant, right: Mapping[str, Any]
) -> Iterator[Failure]:
    for identifier, rules in definition.misconceptions.items():
        interaction = definition.interactions[identifier]
        record = variant.interactions[identifier]
        for rule in rules:
            mistaken = interaction.samples({**record, "key": record["misconceptions"][rule.slug]}).right[0]
            answers = {**right, identifier: mistaken}
            verdict = grade(definition, variant, answers, locale=LOCALE).interactions[identifier]
            if verdict.correct or verdict.misconception != rule.slug:
                reason = f"{rule.slug} is not recognized by its own answer to {identifier}"
                yield Failure(f"misconceptions.{identifier}.{rule.slug}", reason)
