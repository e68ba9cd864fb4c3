"""What corrections say of presentations: by which key and policy each is judged, and whether it counts.

Pure but for the wordings, which the process keeps: the same corrections in the same order say the same.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef

from assessment.models import Correction, CorrectionEffect, Presentation
from assessment.models.corrections import CorrectionKind
from assessment.models.statements import copied
from content.items.accepting import Accepted
from content.items.drawing import Variant
from content.items.rekeying import CannotRekey, accepting, rekey_many
from content.models.items import published

LOG: Final = logging.getLogger(__name__)

FULL: Final = 1.0


@dataclass(frozen=True, slots=True)
class Ruling:
    """What one correction in force says."""

    correction: UUID
    kind: str
    corrected_version: UUID | None
    accepted: Mapping[str, Any] | None = None

    def __post_init__(self) -> None:
        for name in ("correction", "corrected_version"):
            value = getattr(self, name)
            if isinstance(value, str):
                object.__setattr__(self, name, UUID(value))


Rulings = Mapping[UUID, Sequence[Ruling]]
"""By the ids of item versions, the earliest first."""

FIELDS: Final = ("pk", "kind", "corrected_version", "accepted")


@dataclass(frozen=True, slots=True)
class _Judged:
    """By what a presentation is judged: the correction that says so, and the variant in its place."""

    correction: UUID | None = None
    document: Any = None


def with_rulings(presentations: Sequence[Presentation], assessment_id: UUID | None) -> list[Presentation]:
    """Return presentations of one attempt, or of practice, as the corrections in force have them. One query."""
    versions = {one.item_version_id for one in presentations}
    attempt_id = presentations[0].attempt_id if presentations else None
    found = Correction.objects.in_force().concerning(versions, assessment_id)
    if attempt_id:
        found = found.exclude(Exists(kept_by([attempt_id]).filter(correction=OuterRef("pk"))))
    rulings: dict[UUID, list[Ruling]] = {version: [] for version in versions}
    for version, *said in found.values_list("versions", *FIELDS):
        if version in rulings:
            rulings[version].append(Ruling(*said))
    return ruled_all(presentations, [rulings[one.item_version_id] for one in presentations])


def kept_by(attempts: Collection[UUID]) -> Any:
    """Return the effects of corrections by which some of the attempts would have lost: they hold nothing there."""
    return CorrectionEffect.objects.filter(attempt__in=attempts, kept=True, applied_at__isnull=False)


def ruled(presentation: Presentation, rulings: Sequence[Ruling]) -> Presentation:
    """Return a copy of a presentation as the corrections have it; itself where they say what it says already."""
    return ruled_all([presentation], [rulings])[0]


def ruled_all(
    presentations: Sequence[Presentation], rulings: Sequence[Sequence[Ruling]]
) -> list[Presentation]:
    """Return what `ruled` returns for each of many presentations, each with its rulings: keys in one pass.

    A wording that cannot judge what was shown changes nothing: whoever applies the correction was told so.
    """
    changing = [
        index
        for index, (one, said) in enumerate(zip(presentations, rulings, strict=True))
        if not _stands(one, said)
    ]
    judged = _judged([(presentations[index], rulings[index]) for index in changing])
    found = list(presentations)
    for index, by in zip(changing, judged, strict=True):
        found[index] = _changed(presentations[index], rulings[index], by)
    return found


def _stands(presentation: Presentation, rulings: Sequence[Ruling]) -> bool:
    awarded = presentation.is_overridden or presentation.awarded == _award(rulings)
    if presentation.is_dropped != _is_dropped(rulings) or not awarded:
        return False
    if presentation.correction_id != _naming(rulings):
        return False
    return presentation.correction_id is None or _alike(_taken(presentation), _accepted(rulings))


def _changed(presentation: Presentation, rulings: Sequence[Ruling], by: _Judged) -> Presentation:
    changed = copied(presentation)
    changed.__dict__.pop("graded_by", None)
    changed.correction_id, changed.corrected_document = by.correction, by.document
    changed.is_dropped = _is_dropped(rulings)
    if not presentation.is_overridden:
        changed.awarded = _award(rulings)
    return changed


def _judged(ruled: Sequence[tuple[Presentation, Sequence[Ruling]]]) -> list[_Judged]:
    """Return by what each is judged, in one pass for those of one wording."""
    keyed = [_keyed(said) for _, said in ruled]
    variants: list[Variant | CannotRekey] = [one.variant for one, _ in ruled]
    for version_id in {one.corrected_version for one in keyed if one and one.corrected_version}:
        rows = [index for index, one in enumerate(keyed) if one and one.corrected_version == version_id]
        anew = rekey_many(published(version_id).definition, [ruled[index][0].variant for index in rows])
        for index, variant in zip(rows, anew, strict=True):
            variants[index] = variant
    return [_by(shown, said, found) for (shown, said), found in zip(ruled, variants, strict=True)]


def _by(shown: Presentation, rulings: Sequence[Ruling], found: Variant | CannotRekey) -> _Judged:
    naming = _naming(rulings)
    if naming is None:
        return _Judged()
    if isinstance(found, CannotRekey):
        LOG.warning("presentation %s keeps its key: %s", shown.pk, found)
        return _Judged(naming)
    taken = [Accepted.from_json(one) for one in _accepted(rulings)]
    return _Judged(naming, accepting(found, taken).to_json())


def _keyed(rulings: Sequence[Ruling]) -> Ruling | None:
    return next((one for one in reversed(rulings) if one.corrected_version), None)


def _naming(rulings: Sequence[Ruling]) -> UUID | None:
    """Return the correction that a presentation names: the one with the wording, else the last that accepts more."""
    accepting_too = (one for one in reversed(rulings) if one.accepted)
    found = _keyed(rulings) or next(accepting_too, None)
    return found.correction if found else None


def _accepted(rulings: Sequence[Ruling]) -> list[Mapping[str, Any]]:
    return [one.accepted for one in rulings if one.accepted]


def _alike(one: Sequence[Mapping[str, Any]], other: Sequence[Mapping[str, Any]]) -> bool:
    """Whether the same is accepted, in whatever order it stands."""
    return len(one) == len(other) and all(each in other for each in one)


def _taken(presentation: Presentation) -> list[Mapping[str, Any]]:
    """Return what a presentation accepts besides its keys as it stands."""
    records: Iterator[Any] = iter((presentation.corrected_document or {}).get("interactions", {}).values())
    return [one for record in records for one in record.get("accepted", ())]


def _is_dropped(rulings: Sequence[Ruling]) -> bool:
    return any(one.kind == CorrectionKind.DROP for one in rulings)


def _award(rulings: Sequence[Ruling]) -> float | None:
    return FULL if any(one.kind == CorrectionKind.FULL_CREDIT for one in rulings) else None
