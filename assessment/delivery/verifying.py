"""Whether what the rows say still follows from the log of responses. Nothing is graded again, nothing changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from assessment.models import Attempt, Presentation
from assessment.modes import fold, mode_of
from assessment.scoring.tries import settled, tally_tries


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
def verify_attempt(*, attempt_id: UUID) -> list[Difference]:
    """Return where an attempt differs from the fold of its log. Locks the attempt, so that no answer comes between.

    Raises Attempt.DoesNotExist.
    """
    attempt = Attempt.objects.select_for_update().get(pk=attempt_id)
    stored = (attempt.score, attempt.max_score)
    found = list(_compare(attempt, None, ("score", "max_score"), stored, fold(attempt)))
    found += [
        Difference(attempt.pk, one.position, one.field, one.stored, one.folded)
        for one in mode_of(attempt).verify(attempt)
    ]
    for presentation in attempt.presentations.order_by("position"):
        found += _in_presentation(attempt, presentation)
    return found


def _in_presentation(attempt: Attempt, presentation: Presentation) -> Iterator[Difference]:
    rules, position = attempt.rules.scoring, presentation.position
    tally = tally_tries(rules, presentation.responses.graded_scores())
    stored = (presentation.tries_used, presentation.score, presentation.is_settled)
    folded = (tally.used, tally.score, settled(rules, tally))
    yield from _compare(attempt, position, ("tries_used", "score", "is_settled"), stored, folded)
    for response in presentation.responses.order_by("id"):
        said = (response.verdict["valid"], response.verdict["score"])
        yield from _compare(
            attempt, position, ("response.valid", "response.score"), (response.valid, response.score), said
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
