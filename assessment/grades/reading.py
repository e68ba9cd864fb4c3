"""What grades rest on, for many people at many assignments at once: a statement for each kind of row."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, NamedTuple
from uuid import UUID

from assessment.models import Accommodation, Assignment
from assessment.models.statements import all_rows, statements

QUERIES: Final[Mapping[str, str]] = statements(Path(__file__).with_name("queries.sql"))


class Sitting(NamedTuple):
    """An attempt in brief: what it is worth, and whether something in it waits to be judged.

    ``handed_in`` is when it ended for its learner, in seconds since 1970.
    """

    user_id: UUID
    assignment_id: UUID
    attempt_id: UUID
    is_over: bool
    release: str
    handed_in: float | None
    score: float
    max_score: float
    awarded: float | None
    waits: bool

    @property
    def share(self) -> float:
        """The share of everything that counts, as `Attempt.credit` says it."""
        return self.score / self.max_score if self.awarded is None else self.awarded


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
    """What the grades of one person rest on: attempts and notes by assignment, and what is arranged."""

    sittings: dict[UUID, list[Sitting]]
    notes: dict[UUID, Noted]
    arranged: list[Accommodation]


def read_grounds(users: Collection[UUID], assignments: Collection[Assignment]) -> Mapping[UUID, Grounds]:
    """Return what the grades of each of some people rest on. Three queries, whoever and however many."""
    asked = {"users": list(users), "assignments": [one.pk for one in assignments]}
    found = {user: Grounds({}, {}, []) for user in asked["users"]}
    for row in all_rows(QUERIES["sittings"], asked):
        found[row[0]].sittings.setdefault(row[1], []).append(Sitting._make(row))
    for row in all_rows(QUERIES["notes"], asked):
        found[row[0]].notes[row[1]] = Noted._make(row)
    about = {None, *(one.assessment_id for one in assignments)}
    for arranged in Accommodation.objects.filter(user__in=asked["users"]):
        if arranged.assessment_id in about:
            found[arranged.user_id].arranged.append(arranged)
    return found
