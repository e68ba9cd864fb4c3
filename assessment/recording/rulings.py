"""What corrections say of one presentation: by which key and policy it is judged, and whether it counts.

Pure but for the wordings, which the process keeps: the same corrections in the same order say the same.
"""

from __future__ import annotations

import copy
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from assessment.models import Correction, Presentation
from assessment.models.corrections import CorrectionKind
from content.items.rekeying import CannotRekey, rekey
from content.models.items import published

LOG: Final = logging.getLogger(__name__)

FULL: Final = 1.0


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one correction in force says."""

    correction: UUID
    kind: str
    corrected_version: UUID | None

    def __post_init__(self) -> None:
        for name in ("correction", "corrected_version"):
            value = getattr(self, name)
            if isinstance(value, str):
                object.__setattr__(self, name, UUID(value))


def with_rulings(presentations: Sequence[Presentation], assessment_id: UUID | None) -> list[Presentation]:
    """Return presentations as the corrections in force have them. One query."""
    versions = {one.item_version_id for one in presentations}
    found = Correction.objects.in_force().concerning(versions, assessment_id)
    rulings: dict[UUID, list[Ruling]] = {version: [] for version in versions}
    for version, pk, kind, corrected in found.values_list("versions", "pk", "kind", "corrected_version"):
        if version in rulings:
            rulings[version].append(Ruling(pk, kind, corrected))
    return [ruled(one, rulings[one.item_version_id]) for one in presentations]


def ruled(presentation: Presentation, rulings: Sequence[Ruling]) -> Presentation:
    """Return a copy of a presentation as the corrections have it; itself where they say what it says already.

    A wording that cannot judge what was shown changes nothing: whoever applies the correction was told so.
    """
    keyed = next((one for one in reversed(rulings) if one.corrected_version), None)
    kinds = {one.kind for one in rulings}
    dropped, full = CorrectionKind.DROP in kinds, CorrectionKind.FULL_CREDIT in kinds
    if presentation.correction_id == (keyed.correction if keyed else None) and _stands(
        presentation, dropped=dropped, full=full
    ):
        return presentation
    changed = copy.copy(presentation)
    changed.__dict__.pop("graded_by", None)
    changed.correction_id, changed.corrected_document = None, None
    if keyed and keyed.corrected_version:
        changed.correction_id = keyed.correction
        changed.corrected_document = _judged_by(presentation, keyed.corrected_version)
    changed.is_dropped = dropped
    if not presentation.is_overridden:
        changed.awarded = FULL if full else None
    return changed


def _stands(presentation: Presentation, *, dropped: bool, full: bool) -> bool:
    awarded = presentation.is_overridden or presentation.awarded == (FULL if full else None)
    return presentation.is_dropped == dropped and awarded


def _judged_by(presentation: Presentation, version_id: UUID) -> object:
    try:
        return rekey(published(version_id).definition, presentation.variant).to_json()
    except CannotRekey as reason:
        LOG.warning("presentation %s keeps its key: %s", presentation.pk, reason)
        return None
