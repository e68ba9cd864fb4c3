"""What a mode is: one way for an attempt to get its items, and to be worth something.

Everything outside this package asks the mode object of an attempt, never which one it is. A new mode is one file of
this package and one line in its table.
"""

from __future__ import annotations

import math
import random
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Q

from assessment.models import Assessment, Attempt, Presentation, Response
from assessment.models.attempts import AttemptState
from assessment.psychometrics.stopping import Stop
from assessment.scoring.tries import LogEntry, Slot, attempt_score
from assessment.selection.mastery import Standing
from assessment.selection.pool import ItemPool
from content.models import Item, Skill

Order = Sequence[tuple[Skill, tuple[str, ...]]]
"""Skills in the order of prerequisites, each with what it requires."""

Score = tuple[float, float]
"""A score and the most that it could be."""


@dataclass(frozen=True, slots=True)
class SkillsShown:
    """How the skills of an attempt stand, for its learner: ``ended_by`` is None while it is open."""

    criterion: str
    ended_by: str | None
    skills: Sequence[Standing]


@dataclass(frozen=True, slots=True)
class Planned:
    """An item at its place in an attempt."""

    item: Item
    section_title: str
    weight: float


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What an attempt could be made of: places as dice draw them, a pool, or skills with what each requires."""

    places: Sequence[Planned] | None = None
    pool: ItemPool | None = None
    skills: Order | None = None


@dataclass(frozen=True, slots=True)
class Unfounded:
    """A value that does not follow from the log: of the attempt, or of one ``position``."""

    position: int | None
    field: str
    stored: Any
    folded: Any


class Mode(ABC):
    """``grows``: items are chosen one by one, each by the answers before it. ``measures``: attempts estimate an
    ability, and can be simulated. ``no_hints`` tells the learner why there are no hints; None where there may be.
    """

    grows: ClassVar[bool] = False
    measures: ClassVar[bool] = False
    no_hints: ClassVar[str | None] = None

    @abstractmethod
    def begin(self, attempt: Attempt, dice: random.Random) -> None:
        """Store a new attempt with what it begins with. Raises BankExhausted when it could not begin."""

    @abstractmethod
    def next_item(self, attempt: Attempt, now: datetime) -> Presentation | Stop:
        """Show one more item, or say why the attempt ends. Only for a mode that grows.

        The caller holds the attempt's lock and knows that everything shown has been answered.
        """

    @abstractmethod
    def fold(self, attempt: Attempt, until: Response | None = None) -> Score:
        """Return what the attempt is worth from nothing but its log: whole, or as it stood after a response."""

    @abstractmethod
    def longest(self, assessment: Assessment) -> int:
        """Return how many items an attempt has at most."""

    @abstractmethod
    def rehearse(self, assessment: Assessment, dice: random.Random) -> Rehearsal:
        """Return what an attempt could be made of. Raises BankExhausted when none could begin."""

    def observe(self, attempt: Attempt, presentation: Presentation) -> None:  # noqa: B027 - most learn nothing
        """Take an answer into what the attempt knows. The caller holds its lock and saves it."""

    def why(self, presentation: Presentation) -> str | None:
        """Return why an item was chosen, where its learner may know."""
        return None

    def skills(self, attempt: Attempt) -> SkillsShown | None:
        """Return how the skills of an attempt stand; None in a mode that has none."""
        return None

    def verify(self, attempt: Attempt) -> Iterator[Unfounded]:
        """Return what this mode keeps with the attempt and what does not follow from the log."""
        yield from ()


def weighted_score(attempt: Attempt, places: Q, until: Response | None = None) -> Score:
    """Return the sums of earned and of possible weights over some ``places`` of an attempt."""
    weights = attempt.presentations.filter(places).values_list("position", "weight")
    slots = [Slot(position or 0, weight) for position, weight in weights]
    log = Response.objects.filter(presentation__attempt=attempt, valid=True)
    if until:
        log = log.filter(id__lte=until.id)  # under the attempt's lock, ids rise in the order of recording
    rows = log.order_by("presentation__position", "try_number").values_list("presentation__position", "score")
    counted = {slot.position for slot in slots}
    entries = [LogEntry(position or 0, score) for position, score in rows if (position or 0) in counted]
    total = attempt_score(slots, entries, attempt.rules.scoring)
    return total.score, math.fsum(slot.weight for slot in slots)


def is_over(attempt: Attempt, until: Response | None) -> bool:
    """Whether an attempt had ended; after any response that a learner was told of it had not."""
    return until is None and attempt.state != AttemptState.OPEN
