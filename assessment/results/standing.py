"""Where a correction stands, and the work on it that somebody waits for."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from assessment.models import Correction, CorrectionRun, User
from assessment.models.regrading import RunKind
from assessment.results import regrading

SECONDS: Final = 20.0
"""For so long a request works on a correction; what is left then is done by the scheduled work."""
FRESH: Final = timedelta(minutes=10)
"""A preview that was left to the scheduled work is what asking again gets; after this it is looked anew."""


class State(StrEnum):
    """``applying``: in force, and not through all attempts yet."""

    PROPOSED = "proposed"
    APPLYING = "applying"
    APPLIED = "applied"
    UNDONE = "undone"


def state_of(correction: Correction) -> State:
    """Return where it stands. Asks nothing where ``runs`` and ``undone_by`` are at hand."""
    if correction.applied_at is None:
        return State.PROPOSED
    undone_by = undoing_of(correction)
    if undone_by and undone_by.applied_at:
        return State.UNDONE
    applying = any(run.kind == RunKind.APPLY and run.finished_at is None for run in correction.runs.all())
    return State.APPLYING if applying else State.APPLIED


def undoing_of(correction: Correction) -> Correction | None:
    """Return the correction that takes one back, or is about to."""
    found: Correction | None = getattr(correction, "undone_by", None)
    return found


def may_be_undone(correction: Correction) -> bool:
    """Whether it is in force, and none above it on the same items. One query."""
    if correction.applied_at is None or correction.undoes_id:
        return False
    same = Correction.objects.in_force().filter(versions__in=correction.versions.all()).distinct()
    top = same.last()
    return top is not None and top.pk == correction.pk


def undo(*, correction: Correction, author: User, reason: str, now: datetime) -> Correction:
    """Return the correction that takes one back: the one that is there, or a new one. Raises CorrectionRefused."""
    found = undoing_of(correction)
    return found or regrading.take_back(correction=correction, author=author, reason=reason, now=now)


def work(*, correction: Correction, kind: RunKind, by: User, now: datetime) -> CorrectionRun:
    """Return the run that previews or applies a correction, as far as it is.

    Few attempts are gone through at once, many left to the scheduled work; who asks again is told of the same run.
    Raises CorrectionRefused.
    """
    if done := _done(correction, kind, now):
        return done
    run = regrading.ask(correction=correction, kind=kind, by=by, now=now)
    if (run.total or 0) <= regrading.AT_ONCE:
        regrading.carry_out(run, now, seconds=SECONDS)
    return run


def _done(correction: Correction, kind: RunKind, now: datetime) -> CorrectionRun | None:
    """Return the latest run where that is the answer: of what is applied, and of a large preview a while ago."""
    latest = correction.runs.filter(kind=kind).order_by("-id").first()
    if latest is None or latest.finished_at is None or latest.failure:
        return None
    if kind == RunKind.APPLY:
        return latest
    is_large = (latest.total or 0) > regrading.AT_ONCE
    return latest if is_large and now - latest.finished_at < FRESH else None
