"""Follow-through: an answer that is right for the learner's own earlier answer, though that was wrong.

The steps after the one that the earlier answer stands for are computed again with the learner's value in its
place; what would then be the key earns the credit that the author set.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from content.items.faults import Reader
from content.items.interactions import Interaction
from content.items.stream import Floats
from content.items.verdict import Verdict

if TYPE_CHECKING:
    from content.items.definition import ItemDefinition


@dataclass(frozen=True, slots=True)
class FollowThrough:
    """``answer`` is the earlier interaction, ``step`` the value it stands for."""

    answer: str
    step: str
    credit: float


def parse_follow_through(
    reader: Reader, interactions: Mapping[str, Interaction], steps: Mapping[str, Any]
) -> dict[str, FollowThrough]:
    """Read, for each interaction that follows another, which one and for what credit."""
    order = list(interactions)
    rules = {}
    for identifier, _ in reader.items():
        entry = reader.mapping(identifier)
        rule = FollowThrough(entry.text("answer"), entry.text("step"), entry.number("credit", 1.0) or 0.0)
        entry.finish()
        if identifier not in order or rule.answer not in order[: order.index(identifier)]:
            entry.fault("answer", "must be an interaction before this one")
        elif (
            "key" not in interactions[identifier].computed or "key" not in interactions[rule.answer].computed
        ):
            entry.fault("answer", "must be a number, as must the interaction that follows it")
        if rule.step not in steps:
            entry.fault("step", "must be a step: the value that the earlier answer stands for")
        if not 0 < rule.credit <= 1:
            entry.fault("credit", "must be above 0 and at most 1")
        rules[identifier] = rule
    return rules


def key_from(
    definition: ItemDefinition, rule: FollowThrough, identifier: str, values: Mapping[str, Any], earlier: Any
) -> Any:
    """Return what the key of ``identifier`` would be if ``earlier`` were right; None where that is no number."""
    batch: dict[str, Floats] = {name: np.asarray([value], dtype=np.float64) for name, value in values.items()}
    assumed = np.asarray([earlier], dtype=np.float64)
    if assumed.shape != batch[rule.step].shape:
        return None
    batch[rule.step] = assumed
    names = list(definition.steps)
    for name in names[names.index(rule.step) + 1 :]:
        batch[name] = np.asarray(definition.steps[name].evaluate(batch, 1), dtype=np.float64)
    key = np.asarray(
        definition.interactions[identifier].computed["key"].evaluate(batch, 1), dtype=np.float64
    )[0]
    return key.tolist() if np.isfinite(key).all() else None


def followed(verdict: Verdict, rule: FollowThrough) -> Verdict:
    """Return the verdict on an answer that follows rightly from an earlier one."""
    return verdict.following(
        score=max(verdict.score, rule.credit),
        message=f"This follows rightly from your answer to {rule.answer}.",
    )
