"""Corrections applied and undone: each attempt that they concern is judged and folded anew, nothing is overwritten.

A correction moves credit, never a try, a closing or an answer. Each attempt is one guarded transaction, so learners
answer meanwhile; whoever runs it again goes on where it stopped.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from assessment.disclosure.announcing import Announcement
from assessment.errors import CorrectionRefused
from assessment.models import Attempt, Correction, Presentation, Verdict
from assessment.models.attempts import AttemptState
from assessment.modes.base import Exposed
from assessment.recording.deciding import judged, verdict_on
from assessment.recording.refolding import (
    Entry,
    fold_place,
    log_of,
    log_of_practice,
    refolded,
    with_fold,
)
from assessment.recording.rounds import until_written
from assessment.recording.rulings import with_rulings
from assessment.recording.writing import count_exposure
from assessment.rules.delivery import PRACTICE
from content.items.grading import ItemVerdict
from content.items.rekeying import CannotRekey, judges_alike, rekey
from content.models.items import ItemVersion, published

PLACE_FIELDS: Final = (
    "score",
    "is_pending",
    "first_at",
    "first_score",
    "first_hints",
    "correction_id",
    "corrected_document",
    "is_dropped",
    "awarded",
)


COMPARED: Final = 50
"""So many variants of each wording tell whether two wordings have the same keys."""


@dataclass(frozen=True, slots=True)
class Change:
    """What a correction does to one attempt. ``kept`` is true where it would have lost, and keeps its verdicts.

    ``refused`` are the positions of which what was shown cannot be judged by the corrected wording, and why.
    """

    attempt: UUID
    before: tuple[float, float]
    after: tuple[float, float]
    kept: bool = False
    refused: tuple[tuple[int, str], ...] = ()


@dataclass(frozen=True, slots=True)
class _Corrected:
    """An attempt as a correction leaves it, and the verdicts that come with it."""

    attempt: Attempt
    changed: Sequence[Presentation]
    verdicts: Sequence[Verdict]
    change: Change
    exposed: Sequence[Exposed] = ()


def preview_correction(*, correction_id: UUID, now: datetime) -> list[Change]:
    """Return what applying a correction would do, attempt by attempt. Nothing is written.

    Raises Correction.DoesNotExist.
    """
    correction = Correction.objects.get(pk=correction_id)
    with transaction.atomic():
        Correction.objects.filter(pk=correction_id, applied_at__isnull=True).update(applied_at=now)
        found = [_corrected(attempt, correction, now).change for attempt in _concerned(correction)]
        transaction.set_rollback(True)
    return found


def apply_correction(*, correction_id: UUID, now: datetime) -> list[Change]:
    """Put a correction in force and judge by it what was answered; twice is once. Locks the correction.

    An undoing correction takes back the latest one that is in force. Raises Correction.DoesNotExist, or
    CorrectionRefused where a later one on the same wordings is in force.
    """
    correction = _put_in_force(correction_id, now)
    for presentation_id in _practiced(correction):
        _apply_to_practice(presentation_id, correction, now)
    return [_apply_to(attempt.pk, correction, now) for attempt in _concerned(correction)]


def judged_alike(wrong: ItemVersion, others: Iterable[ItemVersion]) -> list[ItemVersion]:
    """Return a wording with those of the others that have its keys: a mistake in one of them is in all.

    They are compared by the latest variants that were shown of each.
    """
    alike = [one for one in others if one.pk != wrong.pk and _is_judged_as_by(wrong, one)]
    return [wrong, *alike]


def _is_judged_as_by(wrong: ItemVersion, other: ItemVersion) -> bool:
    latest = Presentation.objects.filter(item_version=other).order_by("-pk")[:COMPARED]
    return all(judges_alike(wrong.definition, one.variant) for one in latest)


@transaction.atomic
def _put_in_force(correction_id: UUID, now: datetime) -> Correction:
    correction = Correction.objects.select_for_update().get(pk=correction_id)
    if correction.applied_at is None:
        if correction.undoes:
            _check_is_latest(correction.undoes)
        correction.applied_at = now
        correction.save(update_fields=["applied_at"])
    return correction


def _check_is_latest(undone: Correction) -> None:
    """Corrections lie above each other: only the one on top can be taken off."""
    if undone.undoes_id:
        raise CorrectionRefused("What was undone is put in force again by a new correction.")
    same = Correction.objects.in_force().filter(versions__in=undone.versions.all()).distinct()
    if undone.pk not in set(same.values_list("pk", flat=True)):
        raise CorrectionRefused("This correction is not in force.")
    top = same.last()
    if top is not None and top.pk != undone.pk:
        raise CorrectionRefused(
            f"A later correction is in force on the same items: {top}. Undo that one first."
        )


def _concerned(correction: Correction) -> Iterator[Attempt]:
    """Yield the attempts in which a wording of the correction was shown, the oldest first."""
    first = correction.undoes or correction
    found = Attempt.objects.filter(presentations__item_version__in=first.versions.all())
    if first.assessment_id:
        found = found.filter(assignment__assessment=first.assessment_id)
    ids = list(found.order_by("pk").values_list("pk", flat=True).distinct())
    yield from (Attempt.objects.select_related("assignment").get(pk=pk) for pk in ids)


def _practiced(correction: Correction) -> list[UUID]:
    """Return the variants of practice that a correction concerns; one of a single assessment concerns none."""
    first = correction.undoes or correction
    if first.assessment_id:
        return []
    shown = Presentation.objects.filter(attempt=None, item_version__in=first.versions.all(), answers__gt=0)
    return list(shown.order_by("pk").values_list("pk", flat=True))


@transaction.atomic
def _apply_to_practice(presentation_id: UUID, correction: Correction, now: datetime) -> None:
    """Judge anew what was checked in practice: it is evidence of what its learner knows. Locks the presentation."""
    found = Presentation.objects.select_for_update(of=("self",)).select_related("item_version")
    [place] = with_rulings([found.get(pk=presentation_id)], None)
    log = log_of_practice(place)
    verdicts = [one for entry in log for one in _new_verdict(entry, place, correction, now)]
    Verdict.objects.current().filter(response__in=[one.response_id for one in verdicts]).update(current=False)
    Verdict.objects.bulk_create(verdicts)
    place = with_fold(place, fold_place(_with(log, verdicts), PRACTICE))
    place.save(update_fields=[name.removesuffix("_id") for name in PLACE_FIELDS])


def _apply_to(attempt_id: UUID, correction: Correction, now: datetime) -> Change:
    def once() -> Change | None:
        attempt = Attempt.objects.select_related("assignment").get(pk=attempt_id)
        corrected = _corrected(attempt, correction, now)
        return corrected.change if _written(corrected) else None

    return until_written(attempt_id, once)


@transaction.atomic
def _written(corrected: _Corrected) -> bool:
    """Write what was judged anew if nobody has moved the attempt. Old verdicts are lowered before new ones rise."""
    attempt = corrected.attempt
    moved = Attempt.objects.filter(pk=attempt.pk, revision=attempt.revision).update(
        revision=attempt.revision + 1,
        score=attempt.score,
        max_score=attempt.max_score,
        posterior=attempt.posterior,
    )
    if not moved:
        return False
    raised = [one.response_id for one in corrected.verdicts if one.current]
    Verdict.objects.current().filter(response__in=raised).update(current=False)
    Verdict.objects.bulk_create(corrected.verdicts)
    Presentation.objects.bulk_update(corrected.changed, [name.removesuffix("_id") for name in PLACE_FIELDS])
    count_exposure(attempt, corrected.exposed)
    return True


def _corrected(attempt: Attempt, correction: Correction, now: datetime) -> _Corrected:
    """Return an attempt judged by all that is in force. Nothing is written."""
    shown = list(attempt.presentations.select_related("item_version__item").order_by("position"))
    for one in shown:
        one.attempt = attempt
    ruled = with_rulings(shown, attempt.assignment.assessment_id)
    log = log_of(attempt)
    concerned = set((correction.undoes or correction).versions.values_list("pk", flat=True))
    verdicts = [
        verdict
        for place in ruled
        if place.item_version_id in concerned
        for entry in log
        if entry.response.presentation_id == place.pk
        for verdict in _new_verdict(entry, place, correction, now)
    ]
    after = refolded(attempt, ruled, _with(log, verdicts))
    before = (attempt.score, attempt.max_score)
    refused = tuple(_refused(ruled, correction, concerned))
    is_worse = _is_worse((after.attempt.score, after.attempt.max_score), before)
    if is_worse and _keeps(correction, attempt):
        kept = [_not_current(one) for one in verdicts]
        change = Change(attempt.pk, before, before, kept=True, refused=refused)
        return _Corrected(attempt, [], kept, change)
    change = Change(attempt.pk, before, (after.attempt.score, after.attempt.max_score), refused=refused)
    return _Corrected(after.attempt, after.shown, verdicts, change, after.exposed)


def _keeps(correction: Correction, attempt: Attempt) -> bool:
    """Whether who would lose keeps all verdicts. Taking a correction back gives everybody what was before, and an
    attempt that is open goes on under what is in force.
    """
    return correction.keep_if_better and correction.undoes_id is None and attempt.state != AttemptState.OPEN


def _is_worse(after: tuple[float, float], before: tuple[float, float]) -> bool:
    """Compare shares: dropping an item lowers the most that could be earned. What counts nothing is not worse."""
    shares = [score / most if most else None for score, most in (after, before)]
    return shares[0] is not None and shares[1] is not None and shares[0] < shares[1]


def _new_verdict(
    entry: Entry, place: Presentation, correction: Correction, now: datetime
) -> Iterator[Verdict]:
    """Yield the verdict that a correction adds to a response; none where it says what is said already."""
    last = entry.verdicts[-1] if entry.verdicts else None
    current = entry.verdict_at(None)
    if last is None or last.is_void or any(one.correction_id == correction.pk for one in entry.verdicts):
        return  # pending, not sent after all, or judged by it before
    verdict = judged(place, entry.response.answer)
    if not isinstance(verdict, ItemVerdict):
        return
    if current and (verdict.valid, verdict.score) == (current.valid, current.score):
        return
    if _keeps_what_was_told(entry, verdict, correction):
        return
    yield verdict_on(
        entry.response, verdict, place, number=last.number + 1, correction_id=correction.pk, at=now
    )


def _keeps_what_was_told(entry: Entry, verdict: ItemVerdict, correction: Correction) -> bool:
    """Whether an answer was announced right, and nobody said that this is to be taken back."""
    told = entry.response.announcement
    was_right = told is not None and Announcement.from_json(told).correct
    return was_right and verdict.score < entry.verdicts[0].score and not correction.exact


def _with(log: Sequence[Entry], verdicts: Sequence[Verdict]) -> list[Entry]:
    """Return a log in which new verdicts are current."""
    new = {one.response_id: one for one in verdicts}
    return [
        Entry(entry.response, (*(_not_current(one) for one in entry.verdicts), new[entry.response.pk]))
        if entry.response.pk in new
        else entry
        for entry in log
    ]


def _not_current(verdict: Verdict) -> Verdict:
    lowered = copy.copy(verdict)
    lowered.current = False
    return lowered


def _refused(
    shown: Sequence[Presentation], correction: Correction, concerned: set[UUID]
) -> Iterator[tuple[int, str]]:
    if correction.corrected_version_id is None or correction.undoes_id:
        return
    definition: Any = published(correction.corrected_version_id).definition
    for one in shown:
        if one.item_version_id in concerned:
            try:
                rekey(definition, one.variant)
            except CannotRekey as reason:
                yield one.position or 0, str(reason)
