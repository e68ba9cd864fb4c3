"""Certification: an exercise is tried over thousands of draws before any learner meets it.

Draws that ``soundness`` rejects are never served; a certificate counts them, and is refused when they are too many,
when the independent road leads elsewhere, or when one of the subjects beside this module finds something: ``leaks``
(keys that need no thought), ``independence`` (of a check), ``statements`` (the solution), ``orders`` (drawn entries),
``wording`` (formulas, images, ids, units) and ``trials`` (answers made from the definition itself).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from content.documents.reader import DefinitionError
from content.items import independence, leaks, orders, statements, trials, wording
from content.items.definition import ItemDefinition
from content.items.display import format_value, placeholders
from content.items.drawing import Batch, draw_batch, join
from content.items.findings import Finding, in_draws, refusal
from content.items.grading import GRADER_VERSION
from content.items.interactions.base import Trouble
from content.items.soundness import troubles
from content.items.stream import Bools, Floats, Words

DRAWS = 10_000
MAX_FENCED = 0.2
"""Share of draws that may be rejected: above it the template is wrong, not unlucky."""
TOO_MANY: Final = f"more than {MAX_FENCED:.0%} of the draws are rejected"
NEVER_SHOWN: Final = "the item cannot be shown"
SUMMARIES: Final = frozenset({TOO_MANY, NEVER_SHOWN})
"""What only sums up the reasons for which draws are rejected."""
MAX_TRIVIAL = 0.1
MIN_DISTINCT = 20
CHUNK = 1_000
MOST_COMPARED = 1_000
"""Numbers of a draw that are held against each other: a vector of five with nineteen misconceptions."""


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

    @property
    def grounds(self) -> list[str]:
        """What refuses the item, and where too many draws are rejected, what rejects more than a few of them."""
        too_many = self.fenced > MAX_FENCED
        return [
            str(one) for one in self.findings if one.refuses or (too_many and one.share >= MAX_FENCED / 10)
        ]

    def to_json(self) -> dict[str, Any]:
        stored = asdict(self)
        del stored["findings"]
        return {**stored, "reasons": self.reasons, "findings": [asdict(finding) for finding in self.findings]}


@dataclass(frozen=True, slots=True)
class Examined:
    """A certificate with the draws behind it. ``served`` has the indices of those that learners may get."""

    certificate: Certificate
    batch: Batch
    fencing: Sequence[Trouble]
    served: Any


def certify(definition: ItemDefinition, *, draws: int = DRAWS) -> Certificate:
    """Try a definition over the seeds 0 … draws - 1; an item without parameters has one draw."""
    return examine(definition, draws=draws).certificate


def examine(definition: ItemDefinition, *, draws: int = DRAWS) -> Examined:
    """Return the certificate as `certify` does, and what it was made from.

    Raises DefinitionError where misconceptions are more than can be told apart in the time of a page.
    """
    # One draw tells how many numbers there will be: ten thousand of too many would not find room.
    _refuse_endless(definition, draw_batch(definition, np.zeros(1, dtype=np.uint64)))
    count = draws if definition.is_exercise else 1
    return _examined(definition, join([draw_batch(definition, seeds) for seeds in _chunks(count)]))


def _chunks(count: int) -> list[Words]:
    """Return the seeds 0 … count - 1 in pieces that stay within the cost that one evaluation may have."""
    seeds = np.arange(count, dtype=np.uint64)
    return np.array_split(seeds, -(-count // CHUNK))


def _examined(definition: ItemDefinition, batch: Batch) -> Examined:
    fencing = troubles(definition, batch)
    fenced = np.logical_or.reduce([trouble.wrong for trouble in fencing] or [np.zeros(len(batch), np.bool_)])
    served = np.flatnonzero(~fenced)
    trivial = _trivial(definition, batch) & ~fenced
    findings = [
        *_fences(definition, batch, fencing),
        *_verdict_on_draws(definition, batch, fenced, trivial, _distinct(definition, batch, served)),
        *_subjects(definition, batch, served),
    ]
    certificate = Certificate(
        slug=definition.slug,
        draws=len(batch),
        certified=not any(finding.refuses for finding in findings),
        fenced=float(fenced.mean()),
        distinct=_distinct(definition, batch, served),
        trivial=float(trivial.mean()),
        difficulty_spread=_difficulty_spread(batch, served),
        findings=tuple(findings),
    )
    return Examined(certificate, batch, fencing, served)


def _refuse_endless(definition: ItemDefinition, batch: Batch) -> None:
    """Raise DefinitionError for more misconceptions than can be told apart."""
    if (compared := _compared(definition, batch)) > MOST_COMPARED:
        reason = f"take {compared:,} numbers to be told apart in each draw; {MOST_COMPARED:,} is the limit"
        raise DefinitionError([("misconceptions", reason)])


def _compared(definition: ItemDefinition, batch: Batch) -> int:
    """Return how many numbers are compared in a draw: each misconception's with the key's and with all others'."""
    return sum(
        len(rules) * (len(rules) + 1) // 2 * batch.computed[identifier]["key"][0].size
        for identifier, rules in definition.misconceptions.items()
        if "key" in batch.computed.get(identifier, {})
    )


def _subjects(definition: ItemDefinition, batch: Batch, served: Any) -> Iterator[Finding]:
    yield from independence.of_checks(definition)
    yield from leaks.of_keys(definition, batch, served)
    yield from orders.of_drawn_texts(definition, batch, served)
    yield from statements.of_solution(definition, batch, served)
    yield from wording.of_texts(definition, batch, served)
    yield from wording.of_units(definition)
    yield from wording.of_follow_through(definition, batch, served)
    yield from trials.of_variants(definition, batch, served)


def _fences(definition: ItemDefinition, batch: Batch, fencing: Sequence[Trouble]) -> Iterator[Finding]:
    for trouble in fencing:
        yield in_draws(
            definition, batch, trouble.reason, trouble.wrong, path=trouble.path, refuses=trouble.refuses
        )


def _verdict_on_draws(
    definition: ItemDefinition, batch: Batch, fenced: Bools, trivial: Bools, distinct: int
) -> Iterator[Finding]:
    if not definition.is_exercise:
        if fenced.any():
            yield refusal(NEVER_SHOWN, "")
        return
    if fenced.mean() > MAX_FENCED:
        yield Finding(TOO_MANY, float(fenced.mean()), True, (), "parameters")
    if trivial.mean() > MAX_TRIVIAL:
        reason = f"more than {MAX_TRIVIAL:.0%} of the keys are trivial: 0, 1 or a parameter"
        yield in_draws(definition, batch, reason, trivial, path="interactions")
    # Where too many draws are rejected that may be the reason, and one is enough.
    counted = np.arange(len(batch)) if fenced.mean() > MAX_FENCED else None
    drawn = distinct if counted is None else _distinct(definition, batch, counted)
    if drawn < min(MIN_DISTINCT, len(batch)):
        yield refusal(f"only {distinct} different variants; {MIN_DISTINCT} are wanted", "parameters")


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
