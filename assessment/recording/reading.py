"""What is read before anything is decided: one statement, no lock."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import accumulate
from typing import Any
from uuid import UUID

from assessment.knowledge.tracing import Answered
from assessment.models import Attempt, Presentation, Response, Verdict
from assessment.models.statements import Columns, one_row
from assessment.modes.base import Place, Places
from assessment.recording.queries import QUERIES
from assessment.recording.rulings import Ruling, ruled
from content.models import Misconception
from content.models.items import published


@dataclass(frozen=True, slots=True)
class Seat:
    """What stands where an answer is sent.

    ``presentation`` is None where there is nothing at the position; ``earlier`` is what the key of the request has
    made before, and ``announced`` the verdict on it; ``retired`` are items that are not to be given any more, and
    ``ideas`` the misconceptions that the answer may show, by their slugs.
    """

    attempt: Attempt
    presentation: Presentation | None
    places: Places
    retired: Collection[str] = ()
    earlier: Response | None = None
    announced: Verdict | None = None
    ideas: Mapping[str, Misconception] = field(default_factory=dict)


def read_place(*, attempt_id: UUID, user_id: UUID, position: int, key: UUID) -> Seat:
    """Return what stands at a place of the user's attempt. Raises Attempt.DoesNotExist."""
    parameters = {"attempt": attempt_id, "user": user_id, "position": position, "key": key}
    row = one_row(_read_place(), parameters)
    if row is None:
        raise Attempt.DoesNotExist
    attempt, presentation, earlier, announced = _models(row)
    if presentation is not None:
        presentation.attempt = attempt
        presentation.item_version = published(presentation.item_version_id)
    *_, places, retired, ideas, rulings = row
    if presentation is not None:
        presentation = ruled(presentation, [Ruling(*one) for one in rulings or ()])
    return Seat(
        attempt=attempt,
        presentation=presentation,
        places=[_place(one) for one in places or ()],
        retired=frozenset(retired),
        earlier=earlier,
        announced=announced,
        ideas={
            slug: Misconception(slug=slug, title=title, explanation=explanation)
            for slug, (title, explanation) in (ideas or {}).items()
        },
    )


@cache
def _columns() -> Sequence[Columns]:
    """What an attempt began with is large and never changes: its mode keeps it."""
    return (
        Columns(Attempt, "attempt", unread={"adaptive_document", "mastery_document"}),
        Columns(Presentation, "presentation"),
        Columns(Response, "earlier"),
        Columns(Verdict, "verdict"),
    )


@cache
def _read_place() -> str:
    names = ("attempt", "presentation", "earlier", "verdict")
    return QUERIES["read_place"].format(
        **{name: columns.sql for name, columns in zip(names, _columns(), strict=True)}
    )


def _models(row: Sequence[Any]) -> list[Any]:
    ends = list(accumulate(map(len, _columns())))
    starts = [0, *ends]
    return [
        columns.row(row[start:end]) for columns, start, end in zip(_columns(), starts, ends, strict=False)
    ]


def _place(values: Sequence[Any]) -> Place:
    position, slug, weight, score, settled, seeded, dropped, awarded, *first, choice, shown_at = values
    return Place(
        position,
        slug,
        weight,
        score,
        settled,
        seeded,
        dropped,
        awarded,
        _first(*first),
        choice,
        _moment(shown_at),
    )


def _first(at: str | None, score: float | None, hints: int) -> Answered | None:
    return None if at is None or score is None else Answered(_moment(at), score, hints)


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
