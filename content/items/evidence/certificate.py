"""The certificate with what it rests on: how keys are distributed, what is told apart, what was rejected and why,
what was tested and what could not be. All of it comes from the draws by which the item is certified."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from content.expressions import exact
from content.items.certification import DRAWS, MAX_FENCED, Certificate, Examined, examine
from content.items.definition import ItemDefinition
from content.items.drawing import Batch
from content.items.evidence import unchecked
from content.items.evidence.advice import Advice, for_draws, for_separation
from content.items.evidence.cost import affordable
from content.items.evidence.grid import Row, grid
from content.items.evidence.sampling import Sample, sample
from content.items.evidence.separation import Separation, separations
from content.items.evidence.summaries import Summary, summary
from content.items.evidence.tested import tested
from content.items.evidence.writing import cut, plain
from content.items.findings import Finding
from content.items.interactions.base import Trouble
from content.items.leaks import best_constant
from content.items.soundness import NO_DRAW, OUT_OF_RANGE, written_columns
from content.items.stream import Bools, Floats
from content.items.usage import names_in

MOST_PARTS: Final = 6
"""Components of a key that get a picture of their own."""
WORTH_ADVICE: Final = 0.01
"""Share of draws from which on a rejection is worth a condition: rarer ones are simply not given out."""
MOST_ADVICE: Final = 8
"""Pairs for which a condition is sought: the worst ones. Where there are more, the first ones mended help others."""
SEEDS: Final = 3
EXAMPLES: Final = 5
TEXTS: Final = 2_000
"""Draws whose text keys are counted."""
MOST_TEXTS: Final = 8

_SEED: Final = re.compile(r"seed ([0-9]{1,19})\b")

_MEANING: Final[Mapping[str, str]] = {
    NO_DRAW: "So many throws of the dice in a row did not satisfy all that is required. Loosen a condition of "
    "require, or widen a range.",
    OUT_OF_RANGE: "It is divided by 0, has no root or logarithm there, or is beyond 10¹².",
    "disagrees": "The step and its check come to different values: one of the two is wrong.",
    "as displayed is not right": "Whoever types the key as it is displayed, to six digits, would be wrong: the "
    "tolerance is finer than what can be read.",
    "is not displayed as it is computed with": "The question shows it rounded, and the key is computed from more "
    "digits. Round it in its step, or show it to more places.",
    "is taken for the key": "Whoever makes this mistake gives an answer that counts as right.",
    "read the same": "A learner cannot tell them apart.",
    "has too few values in its domain": "The formula has no value at most places where answers are compared.",
}
"""What a reason means for the learner or the author, by how it ends."""
_TWO_MISTAKES: Final = "Both mistakes lead to one answer, so nobody can say which of them was made."


@dataclass(frozen=True, slots=True)
class KeyPicture:
    """How one number of a key is distributed; ``part`` counts components from 1, and is 0 where there is one."""

    interaction: str
    part: int
    parts: int
    numbers: Summary
    zeros: float
    ones: float


@dataclass(frozen=True, slots=True)
class TextKeys:
    """The most frequent right texts of an interaction, each with its share, and how many different ones there are."""

    interaction: str
    shares: tuple[tuple[str, float], ...]
    distinct: int


@dataclass(frozen=True, slots=True)
class Told:
    """How two values stand to each other, and what to require where they are not told apart often enough."""

    separation: Separation
    advice: Advice | None
    words: str


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Draws that learners never get: why, how many of all, and seeds to open."""

    reason: str
    meaning: str
    share: float
    count: int
    seeds: tuple[int, ...]
    refuses: bool
    advice: Advice | None


@dataclass(frozen=True, slots=True)
class Objection:
    """Anything else that was found, with seeds to open where draws show it."""

    reason: str
    share: float
    seeds: tuple[int, ...]
    refuses: bool


@dataclass(frozen=True, slots=True)
class Constant:
    """The one answer that is right most often, whatever is drawn."""

    interactions: tuple[str, ...]
    answer: str
    share: float


@dataclass(frozen=True, slots=True)
class Evidence:
    """``verdict`` is the sentence above all. ``sample`` tells of the conditions; ``examples`` are draws to look at
    where no variant can be drawn, and ``suggestions`` what to do then. ``undrawn`` counts pairs that are too many for
    ``told``. ``is_partial``: fewer draws than publishing
    tries, because this item is costly to compute."""

    certificate: Certificate
    verdict: str
    served: int
    is_partial: bool
    keys: tuple[KeyPicture, ...]
    texts: tuple[TextKeys, ...]
    told: tuple[Told, ...]
    undrawn: int
    exclusions: tuple[Exclusion, ...]
    objections: tuple[Objection, ...]
    constants: tuple[Constant, ...]
    tested: tuple[str, ...]
    unchecked: tuple[str, ...]
    sample: Sample | None
    suggestions: tuple[str, ...]
    examples: tuple[Row, ...]

    @property
    def refusals(self) -> list[Objection]:
        rejecting = [
            Objection(one.reason, one.share, one.seeds, True) for one in self.exclusions if one.refuses
        ]
        return [*rejecting, *(one for one in self.objections if one.refuses)]

    @property
    def remarks(self) -> list[Objection]:
        return [one for one in self.objections if not one.refuses]

    @property
    def is_drawn(self) -> bool:
        return self.served > 0


def evidence(definition: ItemDefinition, examined: Examined | None = None, *, draws: int = DRAWS) -> Evidence:
    """Return what certification found and what it rests on, from the draws ``examined`` or from as many new ones.

    Raises what certification raises.
    """
    drawn = sample(definition.parameters, definition.require, decimal=definition.decimal)
    count = min(draws, affordable(definition, drawn.first))
    found = examined or examine(definition, draws=count)
    pairs, undrawn = separations(definition, found.batch)
    told = tuple(_told(definition, found.batch, pairs))
    exclusions = tuple(_exclusions(definition, found, told))
    is_drawn = len(found.served) > 0
    return Evidence(
        certificate=found.certificate,
        verdict=_verdict(definition, found),
        served=len(found.served),
        is_partial=definition.is_exercise and len(found.batch) < draws,
        keys=tuple(_keys(definition, found)) if definition.is_exercise else (),
        texts=tuple(_texts(definition, found)) if definition.is_exercise else (),
        told=told,
        undrawn=undrawn,
        exclusions=exclusions,
        objections=tuple(_objections(found)),
        constants=tuple(_constants(definition, found)) if is_drawn else (),
        tested=tuple(tested(definition, found)),
        unchecked=tuple(unchecked.of_item(definition, len(found.batch) if is_drawn else 0)),
        sample=drawn if definition.is_exercise else None,
        suggestions=() if is_drawn else tuple(_suggestions(drawn, told, exclusions)),
        examples=() if is_drawn else grid(definition, 0, EXAMPLES).rows,
    )


def _verdict(definition: ItemDefinition, found: Examined) -> str:
    certificate, served = found.certificate, len(found.served)
    refusing = sum(finding.refuses for finding in certificate.findings)
    if not served:
        return "No variant can be drawn, so this cannot be published."
    if not certificate.certified:
        things = "one thing refuses" if refusing == 1 else f"{refusing} things refuse"
        return f"This cannot be published: {things} it."
    if not definition.is_exercise:
        return "Nothing was found that speaks against publishing this."
    return (
        f"This can be published: {served:,} of {certificate.draws:,} draws may be given to learners, "
        f"with {certificate.distinct:,} different variants."
    )


def _keys(definition: ItemDefinition, found: Examined) -> Iterator[KeyPicture]:
    """Yield the keys of the draws that learners may get; where there are none, of all that can be drawn."""
    rows = found.served if len(found.served) else np.flatnonzero(found.batch.possible)
    for identifier, interaction in definition.interactions.items():
        if "key" not in interaction.computed or not len(rows):
            continue
        key = found.batch.computed[identifier]["key"][rows]
        flat = key.reshape(len(key), -1)
        for part in range(min(flat.shape[1], MOST_PARTS)):
            numbers = summary(flat[:, part])
            if numbers is not None:
                zeros, ones = float((flat[:, part] == 0).mean()), float((flat[:, part] == 1).mean())
                place = part + 1 if flat.shape[1] > 1 else 0
                yield KeyPicture(identifier, place, flat.shape[1], numbers, zeros, ones)


def _texts(definition: ItemDefinition, found: Examined) -> Iterator[TextKeys]:
    rows = found.served[:TEXTS]
    for identifier, interaction in definition.interactions.items():
        drawn = [text for text in interaction.key_texts if names_in(text)]
        if drawn and len(rows):
            written = written_columns(definition, found.batch, rows)(drawn[0])
            different, counts = np.unique(np.array(written), return_counts=True)
            often = np.argsort(-counts, kind="stable")[:MOST_TEXTS]
            shares = tuple((cut(str(different[i])), float(counts[i] / len(rows))) for i in often)
            yield TextKeys(identifier, shares, len(different))


def _told(definition: ItemDefinition, batch: Batch, pairs: Sequence[Separation]) -> Iterator[Told]:
    equal = {
        (one.interaction, one.slug): one.slug for one in pairs if one.is_always_the_same and not one.other
    }
    helped = {id(one) for one in sorted(pairs, key=lambda one: -(one.taken or 0.0))[:MOST_ADVICE]}
    for one in pairs:
        source = equal.get((one.interaction, one.slug)) or equal.get((one.interaction, one.other or ""))
        if one.other and source:
            yield Told(one, None, f"This follows from {source}, which equals the key." if one.taken else "")
            continue
        often = (one.taken or 0.0) >= WORTH_ADVICE and not one.is_always_the_same
        advice = for_separation(definition, batch, one) if often and id(one) in helped else None
        yield Told(one, advice, _words(one, advice))


def _words(one: Separation, advice: Advice | None) -> str:
    """Return the advice on a pair in words; nothing where they are told apart."""
    other = one.other or "the key"
    if one.is_always_the_same:
        return (
            f"{one.slug} equals {other} in every draw: it is the same formula, written differently. "
            "Change it or take it out."
        )
    if not one.taken:
        return ""
    if advice is not None:
        return f"Add to require: {advice.condition}"
    if one.taken >= MAX_FENCED:
        return (
            f"No condition on the parameters keeps {one.slug} apart from {other}. Make the tolerance smaller, "
            "let the numbers be larger, or take it out."
        )
    return ""


def _exclusions(definition: ItemDefinition, found: Examined, told: Sequence[Told]) -> Iterator[Exclusion]:
    known = {
        f"{one.separation.slug} is taken for {one.separation.other or 'the key'}": one.advice for one in told
    }
    by_share = sorted(found.fencing, key=lambda one: -int(one.wrong.sum()))
    for place, trouble in enumerate(by_share):
        share = float(trouble.wrong.mean())
        advice = known.get(trouble.reason)
        seeks = share >= WORTH_ADVICE and trouble.reason != NO_DRAW and place < MOST_ADVICE
        if seeks and trouble.reason not in known:
            advice = for_draws(definition, found.batch, trouble.wrong)
        yield Exclusion(
            reason=trouble.reason,
            meaning=_meaning(trouble),
            share=share,
            count=int(trouble.wrong.sum()),
            seeds=_seeds(found.batch, trouble.wrong),
            refuses=trouble.refuses,
            advice=advice,
        )


def _meaning(trouble: Trouble) -> str:
    ends = next((words for end, words in _MEANING.items() if trouble.reason.endswith(end)), "")
    return ends or (_TWO_MISTAKES if " is taken for " in trouble.reason else "")


def _seeds(batch: Batch, wrong: Bools) -> tuple[int, ...]:
    return tuple(int(seed) for seed in batch.seeds[np.flatnonzero(wrong)[:SEEDS]])


def _objections(found: Examined) -> Iterator[Objection]:
    excluded = {trouble.reason for trouble in found.fencing}
    for finding in found.certificate.findings:
        if finding.reason not in excluded:
            yield Objection(finding.reason, finding.share, seeds_of(finding), finding.refuses)


def seeds_of(finding: Finding) -> tuple[int, ...]:
    """Return the seeds that the examples of a finding name."""
    named = (_SEED.match(example) for example in finding.examples)
    return tuple(exact.whole(match[1]) for match in named if match)


def _constants(definition: ItemDefinition, found: Examined) -> Iterator[Constant]:
    numbers = [i for i, one in definition.interactions.items() if "key" in one.computed]
    if not definition.is_exercise or not numbers:
        return
    together = [tuple(numbers)] if len(numbers) > 1 else []
    for identifiers in [*((one,) for one in numbers), *together]:
        best, share = best_constant(definition, found.batch, found.served, identifiers)
        written = "; ".join(_constant(one, definition.decimal) for one in best) or "none"
        yield Constant(identifiers, cut(written), share)


def _constant(value: Floats, decimal: str) -> str:
    return plain(value, None, decimal)


def _suggestions(drawn: Sample, told: Sequence[Told], exclusions: Sequence[Exclusion]) -> Iterator[str]:
    """Yield what to do where no draw may be given out, the most certain first."""
    pairs = [one.separation for one in told]
    equal = {one.slug for one in pairs if one.is_always_the_same and not one.other}
    for one in told:
        if one.separation.is_always_the_same and one.separation.other is None:
            yield one.words
    if drawn.is_impossible:
        yield from _on_conditions(drawn)
        return
    for exclusion in sorted(exclusions, key=lambda one: -one.share):
        follows = any(f"{slug} is taken for " in exclusion.reason for slug in equal) or any(
            exclusion.reason.endswith(f" is taken for {slug}") for slug in equal
        )
        if exclusion.share >= MAX_FENCED and exclusion.meaning and not follows:
            yield f"{exclusion.reason} in {exclusion.share:.0%} of the draws. {exclusion.meaning}"


def _on_conditions(drawn: Sample) -> Iterator[str]:
    conditions = sorted(drawn.conditions, key=lambda one: -one.alone)
    for number, one in enumerate(conditions):
        if one.rejects >= 1:
            yield f"{one.text} rejects every draw: nothing in the ranges of the parameters satisfies it."
        elif one.alone > 0:
            first = "" if number else ": loosen that one first"
            yield f"Without {one.text}, {one.alone + drawn.first:.1%} of the draws would satisfy the rest{first}."
    if len(conditions) > 1 and all(one.alone == 0 and one.rejects < 1 for one in conditions):
        yield "No condition rejects everything by itself: they contradict each other. Take away one after the other."


def stored_findings(stored: Mapping[str, Any]) -> list[Objection]:
    """Return what the certificate of a published version found, as it was stored; older ones have texts only."""
    if "findings" not in stored:
        return [Objection(str(reason), 0.0, (), False) for reason in stored.get("reasons", ())]
    known = Finding.__dataclass_fields__
    findings = [
        Finding(**{name: value for name, value in one.items() if name in known}) for one in stored["findings"]
    ]
    return [Objection(one.reason, one.share, seeds_of(one), one.refuses) for one in findings]
