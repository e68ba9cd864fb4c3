"""Judging what was shown by a corrected wording: keys and policies anew, from the numbers that were drawn then."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from content.expressions import ExpressionError
from content.items.accepting import Accepted
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
    [found] = rekey_many(corrected, [shown])
    if isinstance(found, CannotRekey):
        raise found
    return found


def rekey_many(corrected: ItemDefinition, shown: Sequence[Variant]) -> list[Variant | CannotRekey]:
    """Return what `rekey` returns or raises for each of many variants: computed in one pass."""
    found: list[Variant | CannotRekey | None] = [_obstacle(corrected, one) for one in shown]
    rows = [index for index, one in enumerate(found) if one is None]
    if not rows:
        return [one for one in found if one is not None]
    try:
        batch = _batch(corrected, [shown[index] for index in rows])
    except ExpressionError as error:
        reason = CannotRekey(f"for the numbers that were shown {error}")
        return [reason if one is None else one for one in found]
    wrong = sorted(faults(corrected, batch).items())
    for row, index in enumerate(rows):
        unsound = next((reason for reason, rejected in wrong if rejected[row]), None)
        found[index] = (
            CannotRekey(f"for the numbers that were shown {unsound}")
            if unsound
            else _arranged(variant_of(corrected, batch, row), shown[index])
        )
    return [one for one in found if one is not None]


def accepting(variant: Variant, accepted: Sequence[Accepted]) -> Variant:
    """Return a variant that is judged as before, and takes some answers besides its keys; itself for none."""
    if not accepted:
        return variant
    records = {identifier: dict(record) for identifier, record in variant.interactions.items()}
    for one in accepted:
        if one.interaction in records:
            taken = records[one.interaction].get("accepted", [])
            records[one.interaction]["accepted"] = [*taken, one.to_json()]
    return replace(variant, interactions=records)


def judges_alike(definition: ItemDefinition, shown: Variant) -> bool:
    """Whether a wording has the keys and policies by which a variant, perhaps of another wording, is judged."""
    try:
        return rekey(definition, shown).interactions == shown.interactions
    except CannotRekey:
        return False


def _obstacle(corrected: ItemDefinition, shown: Variant) -> CannotRekey | None:
    if set(corrected.interactions) != set(shown.interactions):
        return CannotRekey("it has other interactions than were shown")
    for name, parameter in corrected.parameters.items():
        if name not in shown.values or np.shape(shown.values[name]) != tuple(parameter.shape):
            return CannotRekey(f"the parameter {name} was not drawn")
    return None


def _batch(corrected: ItemDefinition, shown: Sequence[Variant]) -> Batch:
    """Return what was drawn as the corrected wording computes with it. Raises ExpressionError."""
    drawn = {
        name: np.asarray([one.values[name] for one in shown], dtype=np.float64).reshape(
            len(shown), *parameter.shape
        )
        for name, parameter in corrected.parameters.items()
    }
    seeds = as_words([one.seed for one in shown])
    return computed_from(corrected, seeds, drawn, np.ones(len(shown), dtype=np.bool_))


def _arranged(judged: Variant, shown: Variant) -> Variant | CannotRekey:
    """Return what is judged anew in the arrangement that was shown."""
    records = {}
    for identifier, record in judged.interactions.items():
        order = _arrangement(shown.interactions[identifier])
        records[identifier] = {**record, **order}
        if sorted(records[identifier].get("order", ())) != sorted(record.get("order", ())):
            return CannotRekey(f"{identifier} has other entries than were shown")
    return replace(judged, interactions=records, stream_version=shown.stream_version)


def _arrangement(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"order": record["order"]} if "order" in record else {}
