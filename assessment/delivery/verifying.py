"""Whether what the rows say still follows from the log of responses. Nothing is graded again, nothing changed."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from assessment.disclosure.announcing import Announcement
from assessment.models import Attempt, Presentation
from assessment.modes import mode_of
from assessment.recording.refolding import Entry, fold_place, folded_places, log_of

NEARLY: Final = 1e-9
"""What another build of the arithmetic may differ by; ``exact`` asks for the same bits."""


@dataclass(frozen=True, slots=True)
class Difference:
    """A value of an attempt, or of one ``position`` of it, that is not what the log says."""

    attempt: UUID
    position: int | None
    field: str
    stored: Any
    folded: Any

    def __str__(self) -> str:
        place = f"attempt {self.attempt}" + (f", position {self.position}" if self.position else "")
        return f"{place}: {self.field} is {self.stored}, but the log says {self.folded}"

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"attempt": str(self.attempt)}


@transaction.atomic
def verify_attempt(*, attempt_id: UUID, exact: bool = False) -> list[Difference]:
    """Return where an attempt differs from the fold of its log. Locks the attempt, so that no answer comes between.

    Results are held against the verdicts of today; what was announced, and what was chosen, against those of its
    moment. Raises Attempt.DoesNotExist.
    """
    attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
    presentations = list(attempt.presentations.select_related("item_version__item").order_by("position"))
    log = log_of(attempt)
    found = [
        *_in_attempt(attempt, presentations, log),
        *(one for shown in presentations for one in _in_place(attempt, shown, log)),
        *(one for entry in log for one in _in_announcement(attempt, presentations, log, entry)),
    ]
    return [one for one in found if exact or not _nearly_equal(one.stored, one.folded)]


def _in_attempt(
    attempt: Attempt, presentations: Sequence[Presentation], log: Sequence[Entry]
) -> Iterator[Difference]:
    mode = mode_of(attempt)
    places = folded_places(attempt, presentations, log)
    before = {
        shown.position or 0: folded_places(
            attempt,
            presentations[:number],
            [one for one in log if one.response.presentation_id in {p.pk for p in presentations[:number]}],
            lambda entry, at=shown.shown_at: entry.response.created_at <= at,  # type: ignore[misc]  # a default binds it
            shown.shown_at,
        )
        for number, shown in enumerate(presentations)
    }
    stored = (attempt.score, attempt.max_score, attempt.answers)
    folded = (*mode.total(attempt, places), len(log))
    yield from _compare(attempt, None, ("score", "max_score", "answers"), stored, folded)
    for one in mode.verify(attempt, places, before):
        yield Difference(attempt.pk, one.position, one.field, one.stored, one.folded)


def _in_place(attempt: Attempt, shown: Presentation, log: Sequence[Entry]) -> Iterator[Difference]:
    entries = [one for one in log if one.response.presentation_id == shown.pk]
    folded = fold_place(entries, attempt.rules.scoring, closed=shown.is_given_up)
    names = ("answers", "tries_used", "score", "is_settled", "is_pending")
    stored = tuple(getattr(shown, name) for name in names)
    yield from _compare(
        attempt, shown.position, names, stored, tuple(getattr(folded, name) for name in names)
    )
    first = (folded.first.at, folded.first.score) if folded.first else (None, None)
    kept = (shown.first_at, shown.first_score) if shown.first_score is not None else (None, None)
    yield from _compare(attempt, shown.position, ("first_at", "first_score"), kept, first)
    for entry in entries:
        for verdict in entry.verdicts:
            said = (verdict.document["valid"], verdict.document["score"])
            stored = (verdict.valid, verdict.score)
            yield from _compare(attempt, shown.position, ("verdict.valid", "verdict.score"), stored, said)


def _in_announcement(
    attempt: Attempt, presentations: Sequence[Presentation], log: Sequence[Entry], entry: Entry
) -> Iterator[Difference]:
    """Hold what was announced against the log up to then, with the verdicts of then."""
    if entry.response.announcement is None:
        return
    told = Announcement.from_json(entry.response.announcement)
    shown = next(one for one in presentations if one.pk == entry.response.presentation_id)
    so_far = [
        one
        for one in log
        if one.response.presentation_id == shown.pk and one.response.sequence <= entry.response.sequence
    ]
    folded = fold_place(so_far, attempt.rules.scoring, entry.response.created_at)
    score = None if folded.score is None else folded.score * shown.weight
    first = entry.verdicts[0] if entry.verdicts else None
    stored = (told.valid, told.settled, told.score if shown.awarded is None else score)
    yield from _compare(
        attempt,
        shown.position,
        ("announced.valid", "announced.settled", "announced.score"),
        stored,
        (bool(first and first.valid), folded.is_settled, score),
    )


def _compare(
    attempt: Attempt,
    position: int | None,
    fields: tuple[str, ...],
    stored: tuple[Any, ...],
    folded: tuple[Any, ...],
) -> Iterator[Difference]:
    for name, one, other in zip(fields, stored, folded, strict=True):
        if one != other:
            yield Difference(attempt.pk, position, name, one, other)


def _nearly_equal(one: Any, other: Any) -> bool:
    """Whether two values differ by no more than arithmetic does from machine to machine."""
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_nearly_equal, one, other))
    if isinstance(one, bool) or isinstance(other, bool):
        return bool(one == other)
    if isinstance(one, int | float) and isinstance(other, int | float):
        return math.isclose(one, other, rel_tol=NEARLY, abs_tol=NEARLY)
    return bool(one == other)
