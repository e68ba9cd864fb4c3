"""Follow-through: an answer that is right for the learner's own earlier answers, though one of those was wrong.

The steps are computed again with the learner's values in place of those that the wrong earlier answers stand for;
what would then be the key earns the credit that the author set. An earlier answer that is right stands as its key.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from content.items.definition import FollowThrough, ItemDefinition
from content.items.stream import Floats
from content.items.verdict import Verdict


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
