"""Follow-through: an answer that is right for the learner's own earlier answers, though one of those was wrong.

The steps are computed again with the learner's values in place of those that the wrong earlier answers stand for;
what would then be the key earns the credit that the author set. An earlier answer that is right stands as its key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from content.documents.reader import Reader
from content.items.interactions import Interaction
from content.items.stream import Floats
from content.items.verdict import Verdict

if TYPE_CHECKING:
    from content.items.definition import ItemDefinition


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """``sources`` maps each earlier interaction to the step that its answer stands for."""

    sources: Mapping[str, str]
    credit: float


def parse_follow_through(
    reader: Reader, interactions: Mapping[str, Interaction], steps: Mapping[str, Any]
) -> dict[str, FollowThrough]:
    """Read, for each interaction that follows others, which ones and for what credit."""
    rules = {}
    for identifier, _ in reader.items():
        entry = reader.mapping(identifier)
        rule = FollowThrough(_sources(entry), entry.number("credit", 1.0) or 0.0)
        entry.finish()
        _check_sources(entry, rule, identifier, interactions)
        if not set(rule.sources.values()) <= set(steps):
            entry.fault("step", "must be a step: the value that the earlier answer stands for")
        if not 0 < rule.credit <= 1:
            entry.fault("credit", "must be above 0 and at most 1")
        rules[identifier] = rule
    return rules


def _sources(entry: Reader) -> dict[str, str]:
    """Read one source, as ``answer`` and ``step``, or several as ``sources``."""
    if not entry.has("sources"):
        return {entry.text("answer"): entry.text("step")}
    listed = entry.mapping("sources")
    if not listed.document:
        listed.faults.add(listed.path, "must name an earlier interaction and the step it stands for")
    return {answer: listed.text(answer) for answer, _ in listed.items()}


def _check_sources(
    entry: Reader, rule: FollowThrough, identifier: str, interactions: Mapping[str, Interaction]
) -> None:
    order = list(interactions)
    before = order[: order.index(identifier)] if identifier in order else []
    if not set(rule.sources) <= set(before):
        entry.fault("answer", "must be an interaction before this one")
    elif not all("key" in interactions[each].computed for each in (identifier, *rule.sources)):
        entry.fault("answer", "must be a number, as must the interaction that follows it")
    if len(set(rule.sources.values())) < len(rule.sources):
        entry.fault("step", "must be another one for each earlier answer")


def key_from(
    definition: ItemDefinition,
    rule: FollowThrough,
    identifier: str,
    values: Mapping[str, Any],
    earlier: Mapping[str, Any],
) -> Any:
    """Return what the key of ``identifier`` would be if the ``earlier`` answers, by interaction, were right.

    None where that is no number.
    """
    batch: dict[str, Floats] = {name: np.asarray([value], dtype=np.float64) for name, value in values.items()}
    assumed = {
        rule.sources[answer]: np.asarray([value], dtype=np.float64) for answer, value in earlier.items()
    }
    if any(value.shape != batch[step].shape for step, value in assumed.items()):
        return None
    batch |= assumed
    names = list(definition.steps)
    first = min(map(names.index, assumed))
    for name in names[first:]:
        if name not in assumed:
            batch[name] = np.asarray(definition.steps[name].evaluate(batch, 1), dtype=np.float64)
    key = np.asarray(
        definition.interactions[identifier].computed["key"].evaluate(batch, 1), dtype=np.float64
    )[0]
    return key.tolist() if np.isfinite(key).all() else None


def followed(verdict: Verdict, rule: FollowThrough, answers: Sequence[str]) -> Verdict:
    """Return the verdict on an answer that follows rightly from earlier ``answers`` that were wrong."""
    listed = f"answer to {answers[0]}" if len(answers) == 1 else f"answers to {' and '.join(answers)}"
    return verdict.following(
        score=max(verdict.score, rule.credit),
        message=f"This follows rightly from your {listed}.",
    )
