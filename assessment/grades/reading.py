"""What grades rest on, for many people at many assignments at once: a statement for each kind of row."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from assessment.models import Accommodation, Assignment
from assessment.models.attempts import AttemptState
from assessment.models.statements import all_rows, statements

QUERIES: Final[Mapping[str, str]] = statements(Path(__file__).with_name("queries.sql"))

OPEN: Final = AttemptState.OPEN.value


class Sitting(NamedTuple):
    """An attempt in brief: what it is worth, and whether something in it waits to be judged."""

    user_id: UUID
    assignment_id: UUID
    attempt_id: UUID
    state: str
    release: str
    deadline: datetime | None
    finished_at: datetime | None
    score: float
    max_score: float
    awarded: float | None
    waits: bool

    @property
    def share(self) -> float:
        """The share of everything that counts, as `Attempt.credit` says it."""
        return self.score / self.max_score if self.awarded is None else self.awarded

    @property
    def handed_in_at(self) -> datetime | None:
        """When it ended for its learner: what the clock ends is written a little later."""
        ends = [one for one in (self.finished_at, self.deadline) if one]
        return min(ends) if self.finished_at else None


class Noted(NamedTuple):
    """What a person said of a grade, and holds."""

    user_id: UUID
    assignment_id: UUID
    note_id: UUID
    score: float | None
    is_excused: bool
    comment: str


@dataclass(frozen=True, slots=True)
class Grounds:
    """Attempts and notes by person and assignment, and what is arranged by person."""

    sittings: Mapping[tuple[UUID, UUID], Sequence[Sitting]]
    notes: Mapping[tuple[UUID, UUID], Noted]
    arranged: Mapping[UUID, Sequence[Accommodation]]


def read_grounds(users: Collection[UUID], assignments: Collection[Assignment]) -> Grounds:
    """Return what the grades of some people at some assignments rest on. Three queries, whoever and however many."""
    asked = {"users": list(users), "assignments": [one.pk for one in assignments]}
    sittings: dict[tuple[UUID, UUID], list[Sitting]] = defaultdict(list)
    for row in all_rows(QUERIES["sittings"], asked):
        sittings[row[0], row[1]].append(Sitting._make(row))
    notes = {(row[0], row[1]): Noted._make(row) for row in all_rows(QUERIES["notes"], asked)}
    return Grounds(sittings, notes, _arranged(users, assignments))


def _arranged(
    users: Collection[UUID], assignments: Collection[Assignment]
) -> Mapping[UUID, Sequence[Accommodation]]:
    found: dict[UUID, list[Accommodation]] = defaultdict(list)
    about = {one.assessment_id for one in assignments}
    for one in Accommodation.objects.filter(user__in=users):
        if one.assessment_id is None or one.assessment_id in about:
            found[one.user_id].append(one)
    return found
