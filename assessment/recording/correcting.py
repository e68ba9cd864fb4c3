"""Corrections: previewed, put in force, and taken back. Each attempt that they concern is judged and folded anew.

A correction moves credit, never a try, a closing or an answer. Attempts are written a few hundred at a time, each if
nobody has moved it since it was read, so learners answer meanwhile; whoever runs it again goes on where it stopped.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from assessment.errors import CorrectionRefused
from assessment.models import Correction, CorrectionEffect, Presentation, User
from assessment.recording.many import (
    Rules,
    lock,
    logs,
    practiced,
    read_standing,
    to_apply,
    to_preview,
    write_effects,
    write_practiced,
    write_rejudged,
)
from assessment.recording.rejudging import Rejudged, judged_anew, refolded_place, rejudged
from assessment.recording.rounds import ROUNDS
from assessment.recording.rulings import ruled_all
from assessment.rules.delivery import PRACTICE
from content.items.rekeying import judges_alike
from content.models.items import ItemVersion

AT_ONCE: Final = 400
"""Attempts in one transaction: no learner waits for it longer than for a few answers."""
COMPARED: Final = 50
"""So many variants of each wording tell whether two wordings have the same keys."""


@dataclass(frozen=True, slots=True)
class Watch:
    """Whoever waits for a correction: is told how many attempts are done, and says when to leave the rest."""

    progress: Callable[[int], None] = lambda _done: None
    is_over: Callable[[], bool] = lambda: False


PATIENT: Final = Watch()


def start_preview(*, correction_id: UUID) -> None:
    """Forget what an earlier preview kept.

    Raises Correction.DoesNotExist, or CorrectionRefused where it is in force already or could not be put in force.
    """
    correction = Correction.objects.select_related("undoes").get(pk=correction_id)
    if correction.applied_at:
        raise CorrectionRefused("This correction has been applied already.")
    _check(correction)
    CorrectionEffect.objects.filter(correction=correction).delete()


def preview_correction(*, correction_id: UUID, now: datetime, watch: Watch = PATIENT) -> bool:
    """Keep what applying a correction would do, attempt by attempt, as its effects; nothing else is written.

    Return whether all is done; what a preview has begun is gone on with. Raises as `start_preview` does.
    """
    correction = Correction.objects.select_related("undoes").get(pk=correction_id)
    if correction.applied_at:
        raise CorrectionRefused("This correction has been applied already.")
    _check(correction)

    def once(batch: Sequence[UUID]) -> None:
        write_effects([one.effect for one in _judged(batch, correction, now)])

    return _in_batches(to_preview(correction), once, watch)


def apply_correction(*, correction_id: UUID, now: datetime, watch: Watch = PATIENT) -> bool:
    """Put a correction in force and judge by it what was answered; twice is once. Locks the correction.

    Return whether all is done; whoever calls it again goes on. An undoing correction takes back the latest one in
    force. Raises Correction.DoesNotExist, or CorrectionRefused where a later one on the same wordings is in force.
    """
    correction = _put_in_force(correction_id, now)
    if not _in_batches(practiced(correction), lambda ids: _apply_to_practice(ids, correction, now), watch):
        return False
    if not _in_batches(to_apply(correction), lambda ids: _apply_to(ids, correction, now), watch):
        return False
    # A preview may have named attempts that are concerned no more.
    CorrectionEffect.objects.filter(correction=correction, applied_at__isnull=True).delete()
    return True


def _in_batches(ids: Sequence[UUID], once: Callable[[Sequence[UUID]], None], watch: Watch) -> bool:
    for start in range(0, len(ids), AT_ONCE):
        if watch.is_over():
            return False
        batch = ids[start : start + AT_ONCE]
        once(batch)
        watch.progress(len(batch))
    return True


@transaction.atomic
def undoing(*, correction_id: UUID, author: User | None, reason: str, now: datetime) -> Correction:
    """Return a new correction that takes one back as soon as it is applied.

    Raises Correction.DoesNotExist, or CorrectionRefused where it is not the latest in force.
    """
    undone = Correction.objects.select_for_update().get(pk=correction_id)
    _check_is_latest(undone)
    waiting = Correction.objects.filter(undoes=undone).first()
    if waiting:
        return waiting
    made = Correction.objects.create(
        kind=undone.kind,
        corrected_version=undone.corrected_version,
        accepted=undone.accepted,
        assessment=undone.assessment,
        undoes=undone,
        reason=reason,
        author=author,
        created_at=now,
    )
    made.versions.set(undone.versions.all())
    return made


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
    correction = (
        Correction.objects.select_for_update(of=("self",)).select_related("undoes").get(pk=correction_id)
    )
    if correction.applied_at is None:
        _check(correction)
        correction.applied_at = now
        correction.save(update_fields=["applied_at"])
    return correction


def _check(correction: Correction) -> None:
    """Raise CorrectionRefused for one that takes back what is not, or no longer, on top."""
    if correction.undoes:
        _check_is_latest(correction.undoes)


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


def _judged(attempts: Sequence[UUID], correction: Correction, now: datetime) -> list[Rejudged]:
    return [rejudged(one, correction, now) for one in read_standing(attempts, correction)]


def _apply_to(attempts: Sequence[UUID], correction: Correction, now: datetime) -> None:
    """Judge attempts anew, and read again those that moved meanwhile; at last under a lock, where none can."""
    left = list(attempts)
    for _ in range(ROUNDS):
        if left:
            written = write_rejudged(_judged(left, correction, now), correction, now)
            left = [one for one in left if one not in written]
    if left:
        with transaction.atomic():
            lock(left)
            write_rejudged(_judged(left, correction, now), correction, now)


@transaction.atomic
def _apply_to_practice(presentations: Sequence[UUID], correction: Correction, now: datetime) -> None:
    """Judge anew what was checked in practice: it is evidence of what its learner knows. Locks the presentations."""
    found = Presentation.objects.filter(pk__in=presentations).order_by("pk").select_for_update(of=("self",))
    shown = list(found.select_related("item_version__item"))
    rules = Rules(correction)
    ruled = ruled_all(shown, [rules.on(one.item_version_id, None) for one in shown])
    log = logs(shown, with_documents=correction.undoes_id is not None)
    anew = [judged_anew(one, log[one.pk], correction, now) for one in ruled]
    places = [
        refolded_place(one, log[one.pk], found.verdicts, PRACTICE)
        for one, found in zip(ruled, anew, strict=True)
    ]
    write_practiced(places, anew)
