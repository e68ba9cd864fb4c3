"""Certification: an exercise is tried over thousands of draws before any learner meets it.

Draws that ``soundness`` fences are never served; a certificate counts them, and is refused when they are too many,
when the independent road leads elsewhere, or when the definition fails the tests made from itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from functools import partial
from typing import Any

import numpy as np

from content.items.definition import ItemDefinition
from content.items.display import format_value, placeholders
from content.items.drawing import Batch, Variant, draw_batch, join, variant_of
from content.items.grading import GRADER_VERSION, ItemVerdict, grade
from content.items.presenting import present, solution_html
from content.items.soundness import faults
from content.items.stream import Bools, Floats, Words

DRAWS = 10_000
MAX_FENCED = 0.2
"""Share of draws that may be fenced: above it the template is wrong, not unlucky."""
MAX_TRIVIAL = 0.1
MIN_DISTINCT = 20
SELF_TESTED = 5
"""How many draws go through presenting and grading as a learner's would."""
EXAMPLES = 3
CHUNK = 1_000
SAMPLES_LOCALE = "en"
"""Samples are written as programs write numbers, whatever the item's locale."""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that a share of the draws shows, with examples in the parameters' numbers."""

    reason: str
    share: float
    refuses: bool
    examples: tuple[str, ...]

    def __str__(self) -> str:
        shown = f", e.g. {'; '.join(self.examples)}" if self.examples else ""
        return f"{self.reason} ({self.share:.2%} of draws{shown})" if self.share else self.reason


@dataclass(frozen=True, slots=True)
class Certificate:
    """What certification found. ``fenced`` and ``trivial`` are shares of the draws; ``difficulty_spread`` is the
    standard deviation, over draws, of the number of digits that the key takes to write."""

    slug: str
    draws: int
    certified: bool
    fenced: float
    distinct: int
    trivial: float
    difficulty_spread: float
    findings: tuple[Finding, ...]
    grader_version: int = GRADER_VERSION

    @property
    def reasons(self) -> list[str]:
        return [str(finding) for finding in self.findings]

    @property
    def refusals(self) -> list[str]:
        return [str(finding) for finding in self.findings if finding.refuses]

    def to_json(self) -> dict[str, Any]:
        stored = asdict(self)
        del stored["findings"]
        return {**stored, "reasons": self.reasons, "findings": [asdict(finding) for finding in self.findings]}


def certify(definition: ItemDefinition, *, draws: int = DRAWS) -> Certificate:
    """Try a definition over the seeds 0 … draws - 1; an item without parameters has one draw."""
    count = draws if definition.is_exercise else 1
    return _certificate(definition, join([draw_batch(definition, seeds) for seeds in _chunks(count)]))


def _chunks(count: int) -> list[Words]:
    """Return the seeds 0 … count - 1 in pieces that stay within the cost that one evaluation may have."""
    seeds = np.arange(count, dtype=np.uint64)
    return np.array_split(seeds, -(-count // CHUNK))


def _certificate(definition: ItemDefinition, batch: Batch) -> Certificate:
    by_reason = faults(definition, batch)
    fenced = np.logical_or.reduce(list(by_reason.values())) if by_reason else np.zeros(len(batch), np.bool_)
    served = np.flatnonzero(~fenced)
    trivial = _trivial(definition, batch) & ~fenced
    findings = [
        *_fences(definition, batch, by_reason),
        *_verdict_on_draws(definition, batch, fenced, trivial, _distinct(definition, batch, served)),
        *_self_tests(definition, batch, served[:SELF_TESTED]),
    ]
    return Certificate(
        slug=definition.slug,
        draws=len(batch),
        certified=not any(finding.refuses for finding in findings),
        fenced=float(fenced.mean()),
        distinct=_distinct(definition, batch, served),
        trivial=float(trivial.mean()),
        difficulty_spread=_difficulty_spread(batch, served),
        findings=tuple(findings),
    )


def _fences(definition: ItemDefinition, batch: Batch, by_reason: Mapping[str, Bools]) -> Iterator[Finding]:
    for reason, wrong in by_reason.items():
        refuses = reason.startswith("check of ")
        yield Finding(reason, float(wrong.mean()), refuses, _examples(definition, batch, wrong))


def _verdict_on_draws(
    definition: ItemDefinition, batch: Batch, fenced: Bools, trivial: Bools, distinct: int
) -> Iterator[Finding]:
    if not definition.is_exercise:
        if fenced.any():
            yield Finding("the item cannot be shown", 0.0, True, ())
        return
    if fenced.mean() > MAX_FENCED:
        yield Finding(f"more than {MAX_FENCED:.0%} of the draws are fenced", float(fenced.mean()), True, ())
    if trivial.mean() > MAX_TRIVIAL:
        examples = _examples(definition, batch, trivial)
        reason = f"more than {MAX_TRIVIAL:.0%} of the keys are trivial: 0, 1 or a parameter"
        yield Finding(reason, float(trivial.mean()), True, examples)
    if distinct < min(MIN_DISTINCT, len(batch)):
        yield Finding(f"only {distinct} different variants; {MIN_DISTINCT} are wanted", 0.0, True, ())


def _examples(definition: ItemDefinition, batch: Batch, wrong: Bools) -> tuple[str, ...]:
    """Describe the first draws concerned: their seed and their parameters."""
    return tuple(
        f"seed {batch.seeds[index]}: "
        + ", ".join(f"{name} = {format_value(batch.values[name][index])}" for name in definition.parameters)
        for index in np.flatnonzero(wrong)[:EXAMPLES]
        if definition.parameters
    )


def _keys(batch: Batch) -> list[Floats]:
    """Return the computed keys, each with the draws in rows."""
    found = [computed["key"] for computed in batch.computed.values() if "key" in computed]
    return [key.reshape(len(batch), -1) for key in found]


def _trivial(definition: ItemDefinition, batch: Batch) -> Bools:
    """Return the draws in which some key is 0, is 1, or equals a parameter that the body shows."""
    trivial = np.zeros(len(batch), dtype=np.bool_)
    shown = {name for _, _, name, _ in placeholders(definition.body)}
    parameters = [
        batch.values[name].reshape(len(batch), -1) for name in definition.parameters if name in shown
    ]
    for key in _keys(batch):
        trivial |= (key == 0).all(axis=1) | (key == 1).all(axis=1)
        for values in parameters:
            if values.shape == key.shape:
                trivial |= (np.abs(values - key) <= 1e-12).all(axis=1)
    return trivial


def _distinct(definition: ItemDefinition, batch: Batch, served: Any) -> int:
    """Count the different variants among the served draws, by a hash of their parameters' bits."""
    if not definition.is_exercise:
        return len(served)
    mixed = np.zeros(len(batch), dtype=np.uint64)
    for name in definition.parameters:
        for column in batch.values[name].reshape(len(batch), -1).T:
            mixed = (mixed ^ np.ascontiguousarray(column).view(np.uint64)) * np.uint64(0x9E3779B97F4A7C15)
            mixed ^= mixed >> np.uint64(29)
    return len(np.unique(mixed[served]))


def _difficulty_spread(batch: Batch, served: Any) -> float:
    """Return how much the work of writing the key down varies, in digits, over the first served draws."""
    keys = _keys(batch)
    if not keys or not len(served):
        return 0.0
    rows = np.concatenate(keys, axis=1)[served[:200]]
    digits = [sum(len(format_value(value).lstrip("-0.")) for value in row) for row in rows]
    return float(np.std(digits))


def _self_tests(definition: ItemDefinition, batch: Batch, indices: Any) -> Iterator[Finding]:
    """Present and grade some draws as a learner's would be; each kind of failure is reported once."""
    seen = set()
    for index in indices:
        variant = variant_of(definition, batch, int(index))
        for failure in [*_rendering(definition, variant), *_grading(definition, variant)]:
            if failure not in seen:
                seen.add(failure)
                yield Finding(failure, 0.0, True, (f"seed {variant.seed}",))


def _rendering(definition: ItemDefinition, variant: Variant) -> Iterator[str]:
    shown = present(definition, variant)
    solution_html(definition, variant)
    for identifier in definition.interactions:
        if shown["body"].count(f'data-interaction="{identifier}"') != 1:
            yield f"the place of {identifier} is lost when the body is rendered"


def _grading(definition: ItemDefinition, variant: Variant) -> Iterator[str]:
    """Yield what the definition's own samples contradict: right, wrong, invalid, and each misconception."""
    judged = partial(grade, definition, variant, locale=SAMPLES_LOCALE)
    right = {
        i: interaction.samples(variant.interactions[i]).right[0]
        for i, interaction in definition.interactions.items()
    }
    for identifier, interaction in definition.interactions.items():
        samples = interaction.samples(variant.interactions[identifier])
        for sample in samples.right:
            if not judged(right | {identifier: sample}).correct:
                yield f"a right answer to {identifier} is not graded right"
        for sample in samples.wrong:
            if judged(right | {identifier: sample}).correct:
                yield f"a wrong answer to {identifier} is graded right"
        for sample in samples.invalid:
            if judged(right | {identifier: sample}).valid:
                yield f"an unreadable answer to {identifier} is not graded invalid"
    yield from _misconceptions(definition, variant, right, judged)


def _misconceptions(
    definition: ItemDefinition,
    variant: Variant,
    right: Mapping[str, Any],
    judged: Callable[[Mapping[str, Any]], ItemVerdict],
) -> Iterator[str]:
    for identifier, rules in definition.misconceptions.items():
        interaction = definition.interactions[identifier]
        record = variant.interactions[identifier]
        for rule in rules:
            mistaken = interaction.samples({**record, "key": record["misconceptions"][rule.slug]}).right[0]
            verdict = judged({**right, identifier: mistaken}).interactions[identifier]
            if verdict.correct or verdict.misconception != rule.slug:
                yield f"{rule.slug} is not recognised by its own answer to {identifier}"
