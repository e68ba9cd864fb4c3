"""Judging what was shown by a corrected wording: keys and policies anew, from the numbers that were drawn then."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np

from content.expressions import ExpressionError
from content.items.definition import ItemDefinition
from content.items.drawing import Batch, Variant, computed_from, variant_of
from content.items.soundness import faults
from content.items.stream import as_words


class CannotRekey(ValueError):
    """What was shown cannot be judged by the corrected wording; the text says why, for an instructor."""


def rekey(corrected: ItemDefinition, shown: Variant) -> Variant:
    """Return a variant with the numbers and the arrangement that were shown, judged as ``corrected`` judges.

    Raises CannotRekey where the wordings do not ask the same, or its keys are not sound for these numbers.
    """
    for reason in _obstacles(corrected, shown):
        raise CannotRekey(reason)
    batch = _batch(corrected, shown)
    if found := sorted(faults(corrected, batch)):
        raise CannotRekey(f"for the numbers that were shown {found[0]}")
    judged = variant_of(corrected, batch, 0)
    records = {
        identifier: {**record, **_arrangement(shown.interactions[identifier])}
        for identifier, record in judged.interactions.items()
    }
    for identifier, record in records.items():
        if sorted(record.get("order", ())) != sorted(judged.interactions[identifier].get("order", ())):
            raise CannotRekey(f"{identifier} has other entries than were shown")
    return replace(judged, interactions=records, stream_version=shown.stream_version)


def judges_alike(definition: ItemDefinition, shown: Variant) -> bool:
    """Whether a wording has the keys and policies by which a variant, perhaps of another wording, is judged."""
    try:
        return rekey(definition, shown).interactions == shown.interactions
    except CannotRekey:
        return False


def _obstacles(corrected: ItemDefinition, shown: Variant) -> Iterator[str]:
    if set(corrected.interactions) != set(shown.interactions):
        yield "it has other interactions than were shown"
    for name, parameter in corrected.parameters.items():
        if name not in shown.values or np.shape(shown.values[name]) != tuple(parameter.shape):
            yield f"the parameter {name} was not drawn"


def _batch(corrected: ItemDefinition, shown: Variant) -> Batch:
    drawn = {name: np.asarray([shown.values[name]], dtype=np.float64) for name in corrected.parameters}
    try:
        return computed_from(corrected, as_words([shown.seed]), drawn, np.ones(1, dtype=np.bool_))
    except ExpressionError as error:
        raise CannotRekey(f"for the numbers that were shown {error}") from error


def _arrangement(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"order": record["order"]} if "order" in record else {}
