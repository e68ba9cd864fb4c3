"""What a mode is: one way for an attempt to get its items, and to be worth something.

Everything outside this package asks the mode object of an attempt, never which one it is. A new mode is one file of
this package and one of `assessment.rules`, with a line in the table of each. What an answer changes is decided
without the database: from the attempt as it was read and its places.
"""

from __future__ import annotations

import math
import random
from abc import ABC, abstractmethod
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from assessment.knowledge.tracing import Answered
from assessment.models import Attempt, Presentation
from assessment.psychometrics.stopping import Stop
from assessment.rules.definition import AssessmentDefinition, ItemRules
from assessment.selection.mastery import Standing
from assessment.selection.pool import ItemPool
from content.models import Item, Skill

Rules = TypeVar("Rules", bound=ItemRules)

Score = tuple[float, float]
"""A score and the most that it could be."""


@dataclass(frozen=True, slots=True)
class Place:
    """One presentation of an attempt, as sums, estimates and choices take it.

    ``score`` is the fraction that its tries have earned, ``awarded`` what counts instead; ``first`` is the first try.
    """

    position: int
    slug: str
    weight: float = 1.0
    score: float | None = None
    is_settled: bool = False
    is_seeded: bool = False
    is_dropped: bool = False
    awarded: float | None = None
    first: Answered | None = None
    choice: Mapping[str, Any] | None = None
    shown_at: datetime | None = None

    @property
    def credit(self) -> float | None:
        """The fraction of the weight that counts; None before there is anything to count."""
        return self.score if self.awarded is None else self.awarded


Places = Sequence[Place]
"""Of one attempt, in the order of their positions."""


@dataclass(frozen=True, slots=True)
class Exposed:
    """What an answer or a start adds to the exposure of a band; `assessment.models.ExposureEvent` stores it."""

    band: int
    attempts: int = 0
    amount: int = 1
    given: tuple[str, ...] = ()
    withheld: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Learned:
    """An answer to an item that is tried out; `assessment.models.DifficultyEvent` stores it."""

    slug: str
    theta: float
    standard_error: float
    score: float
    guess: float


@dataclass(frozen=True, slots=True)
class Change:
    """What an answer changes besides its place. ``posterior`` is None where the mode keeps none."""

    posterior: list[float] | None = None
    exposed: tuple[Exposed, ...] = ()
    learned: tuple[Learned, ...] = ()


@dataclass(frozen=True, slots=True)
class Grown:
    """The next presentation, not stored yet, and what showing it adds to exposure."""

    presentation: Presentation
    exposed: tuple[Exposed, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """What an attempt is worth, for whoever reads it: learner, gradebook and other systems.

    ``passed`` is None where the assessment does not decide it; ``words`` say what the score means.
    """

    score: float
    max_score: float
    passed: bool | None
    level: str | None
    words: str


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
class Part:
    """A part of an attempt under its own title."""

    title: str
    item_count: int


@dataclass(frozen=True, slots=True)
class Practiced:
    """A skill with the slugs of those that it requires, and how many items there are for it."""

    skill: Skill
    requires: tuple[str, ...]
    items: int


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """What an attempt could be made of: places as dice draw them, a pool, or skills in the order of prerequisites."""

    places: Sequence[Planned] | None = None
    pool: ItemPool | None = None
    skills: Sequence[Practiced] | None = None


@dataclass(frozen=True, slots=True)
class Begun:
    """The presentations that a new attempt begins with, none of them stored yet, and what they add to exposure."""

    presentations: Sequence[Presentation] = ()
    exposed: tuple[Exposed, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Unfounded:
    """A value that does not follow from the log: of the attempt, or of one ``position``."""

    position: int | None
    field: str
    stored: Any
    folded: Any


class Mode(ABC):
    """``item_rules`` reads what the mode is told by documents. ``measures``: attempts estimate an ability, and can be
    simulated. ``no_hints`` tells the learner why there are no hints; None where there may be. ``adds_up``: what
    places earn makes a total. ``about_statistics`` tells instructors what of item statistics means nothing, and why.
    """

    item_rules: ClassVar[type[ItemRules]]
    measures: ClassVar[bool] = False
    no_hints: ClassVar[str | None] = None
    adds_up: ClassVar[bool] = False
    about_statistics: ClassVar[str] = ""

    @property
    def grows(self) -> bool:
        """Whether items are chosen one by one, each by the answers before it."""
        return self.item_rules.grows

    @abstractmethod
    def begin(self, attempt: Attempt, dice: random.Random) -> Begun:
        """Fill a new attempt with what it begins with, and return what it shows. Stores nothing of the attempt.

        Raises BankExhausted when it could not begin.
        """

    @abstractmethod
    def next_item(
        self, attempt: Attempt, places: Places, retired: Collection[str], now: datetime
    ) -> Grown | Stop:
        """Choose one more item, or say why the attempt ends. Only for a mode that grows.

        Everything shown has been answered; ``retired`` are the items taken out of its bank since it began.
        """

    @abstractmethod
    def total(self, attempt: Attempt, places: Places) -> Score:
        """Return what the attempt is worth as its places stand."""

    @abstractmethod
    def result(self, attempt: Attempt) -> Result:
        """Return what the stored attempt is worth, with the words for it.

        Score and maximum are those of `final`: tables of many attempts read them without asking attempt by attempt.
        """

    @abstractmethod
    def longest(self, definition: AssessmentDefinition) -> int:
        """Return how many items an attempt has at most."""

    def full_score(self, _definition: AssessmentDefinition) -> float:
        """Return what a full score is called before anybody has one: a column of a gradebook wants a number."""
        return 100.0

    def sections(self, definition: AssessmentDefinition) -> Sequence[Part]:
        """Return the parts that an attempt will have, where they are known before it begins."""
        return ()

    @abstractmethod
    def rehearse(self, definition: AssessmentDefinition, dice: random.Random) -> Rehearsal:
        """Return what an attempt could be made of. Raises BankExhausted when none could begin."""

    def observe(self, attempt: Attempt, places: Places, position: int) -> Change:
        """Return what the answer at a position changes besides its place. ``attempt`` is as before the answer."""
        return Change(posterior=attempt.posterior)

    def refold(self, attempt: Attempt, places: Places) -> Change:
        """Return what nothing but the places comes to, and what it changes from what is stored with the attempt."""
        return Change()

    def why(self, presentation: Presentation) -> str | None:
        """Return why an item was chosen, where its learner may know."""
        return None

    def grounds(self, presentation: Presentation) -> str | None:
        """Return the numbers behind `why`, for who asks; None where there are none, or it has them itself."""
        return None

    def skills(self, attempt: Attempt, places: Places) -> SkillsShown | None:
        """Return how the skills of an attempt stand; None in a mode that has none."""
        return None

    def verify(self, attempt: Attempt, places: Places, before: Mapping[int, Places]) -> Iterator[Unfounded]:
        """Return what this mode keeps with the attempt and what does not follow from the log.

        ``before`` has, by position, the places as they stood when that one was chosen.
        """
        yield from ()


def rules_of(definition: AssessmentDefinition, kind: type[Rules]) -> Rules:
    """Return what a definition tells its mode. Raises TypeError where the mode is another."""
    if not isinstance(definition.item_rules, kind):
        raise TypeError(f"{definition.slug} is of the mode {definition.mode}")
    return definition.item_rules


def weighed(places: Iterable[Place]) -> Score:
    """Return the sums of earned and of possible weights; what has been dropped counts in neither."""
    counted = [one for one in places if not one.is_dropped]
    earned = math.fsum(one.weight * (one.credit or 0.0) for one in counted)
    return earned, math.fsum(one.weight for one in counted)


def reaches(score: float, needed: float) -> bool:
    """Whether a score is enough to pass: 0.7 of 10 points is 7, whatever floating point makes of it."""
    return score >= needed or math.isclose(score, needed, rel_tol=1e-9)


def final(attempt: Attempt) -> Score:
    """Return the stored score of an attempt and its maximum, or what a person gave instead."""
    return attempt.credit, attempt.max_score
