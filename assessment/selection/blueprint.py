"""A blueprint: how many items of which skill, difficulty and kind an assessment shall have, and a set of them.

Each item is taken once, and no two enemies together. What is wanted of all rows is assembled at once, as a small
integer program (van der Linden, Linear Models for Optimal Test Design, 2005): an item that fits two rows goes where
it is needed. Where not everything can be had, the most that can be is proposed, with what is short.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

import numpy as np

from assessment.psychometrics.irt import Floats
from content.items.enemies import Enemies, both_ways

MOST_ROWS: Final = 40
MOST_ITEMS: Final = 200
"""Of a whole blueprint: more than anybody sits through."""
NODES: Final = 2_000
"""The search ends by nodes of its tree, never by a clock: the same question has the same answer on a busy machine."""


class Difficulty(StrEnum):
    """A band of difficulty on the scale of ability, where 0 is average."""

    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"
    UNKNOWN = "unknown"


EASY_BELOW: Final = -0.5
HARD_ABOVE: Final = 0.5


@dataclass(frozen=True, slots=True)
class Row:
    """What one row asks for: ``count`` items of a skill, difficulty and kind; an empty word is any."""

    skill: str = ""
    difficulty: str = ""
    kind: str = ""
    count: int = 1
    points: float = 1.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An item that may be taken. ``difficulty`` is measured or guessed; None where nobody has said."""

    slug: str
    skills: tuple[str, ...] = ()
    difficulty: float | None = None
    kinds: tuple[str, ...] = ()
    enemies: tuple[str, ...] = ()

    @property
    def band(self) -> Difficulty:
        if self.difficulty is None:
            return Difficulty.UNKNOWN
        if self.difficulty < EASY_BELOW:
            return Difficulty.EASY
        return Difficulty.HARD if self.difficulty > HARD_ABOVE else Difficulty.MEDIUM

    def fits(self, row: Row) -> bool:
        """Return whether a row may take the item."""
        return (
            (not row.skill or row.skill in self.skills)
            and (not row.difficulty or row.difficulty == self.band)
            and (not row.kind or row.kind in self.kinds)
        )


@dataclass(frozen=True, slots=True)
class Shortage:
    """A row, by its number, that got fewer than it wants: ``fitting`` items fit it, whoever else wants them."""

    row: int
    wanted: int
    got: int
    fitting: int

    @property
    def words(self) -> str:
        """Say what is missing and why."""
        if not self.fitting:
            return f"asks for {self.wanted}, and there is none."
        if self.fitting < self.wanted:
            return f"asks for {self.wanted}, and there {_are(self.fitting)}."
        return (
            f"asks for {self.wanted} and gets {self.got}: {self.fitting} fit, but the others are needed by other "
            "rows, or are enemies of what is taken."
        )


@dataclass(frozen=True, slots=True)
class Proposal:
    """The slugs for each row, in their order, and what is short; nothing, where the blueprint is fulfilled."""

    taken: tuple[tuple[str, ...], ...]
    short: tuple[Shortage, ...]


def propose(rows: Sequence[Row], candidates: Sequence[Candidate], seed: int) -> Proposal:
    """Return a set for the rows, another for each ``seed`` and always the same for one.

    Raises ValueError for more than MOST_ROWS rows or MOST_ITEMS items, or a row that asks for less than one.
    """
    wanted = sum(row.count for row in rows)
    if len(rows) > MOST_ROWS or wanted > MOST_ITEMS or any(row.count < 1 for row in rows):
        raise ValueError(f"a blueprint has at most {MOST_ROWS} rows and {MOST_ITEMS} items")
    shuffled = sorted(candidates, key=lambda one: _luck(seed, one.slug))
    enemies = both_ways((one.slug, other) for one in candidates for other in one.enemies)
    fitting = [[one.slug for one in shuffled if one.fits(row)] for row in rows]
    taken = _assembled(rows, [_enough(slugs, wanted, enemies) for slugs in fitting], enemies)
    short = [
        Shortage(number, row.count, len(got), len(slugs))
        for number, (row, got, slugs) in enumerate(zip(rows, taken, fitting, strict=True))
        if len(got) < row.count
    ]
    return Proposal(tuple(taken), tuple(short))


def available(candidates: Sequence[Candidate]) -> Mapping[tuple[str, str, str], int]:
    """Return how many items there are by (skill, difficulty, kind). One of two skills is counted under both."""
    return Counter(
        (skill, one.band.value, kind)
        for one in candidates
        for skill in one.skills or ("",)
        for kind in one.kinds
    )


def section_of(title: str, rows: Sequence[Row], proposal: Proposal) -> dict[str, Any]:
    """Return a proposal as a section of an assessment's document."""
    slots = [
        {"item": slug, "weight": row.points}
        for row, taken in zip(rows, proposal.taken, strict=True)
        for slug in taken
    ]
    return {"title": title, "shuffle": False, "slots": slots}


def _are(count: int) -> str:
    return "is only 1" if count == 1 else f"are only {count}"


def _luck(seed: int, slug: str) -> str:
    return hashlib.sha256(f"{seed}/{slug}".encode()).hexdigest()


def _enough(slugs: Sequence[str], wanted: int, enemies: Enemies) -> list[str]:
    """Return the first of a row's items that always suffice: what is taken blocks itself and its enemies."""
    most = max(map(len, enemies.values()), default=0)
    return list(slugs[: wanted * (1 + most)])


def _assembled(
    rows: Sequence[Row], offers: Sequence[Sequence[str]], enemies: Enemies
) -> list[tuple[str, ...]]:
    """Return for each row the items it gets: as many as possible over all rows, those of most luck first."""
    pairs = [(number, slug) for number, slugs in enumerate(offers) for slug in slugs]
    if not pairs:
        return [() for _ in rows]
    chosen = _solved(rows, pairs, enemies)
    return [tuple(slug for number, slug in chosen if number == row) for row in range(len(rows))]


def _solved(rows: Sequence[Row], pairs: Sequence[tuple[int, str]], enemies: Enemies) -> list[tuple[int, str]]:
    from scipy.optimize import Bounds, LinearConstraint, milp
    from scipy.sparse import csr_array

    limits = [*_limits(rows, pairs, enemies)]
    row_of = [number for number, (columns, _) in enumerate(limits) for _ in columns]
    column_of = [column for columns, _ in limits for column in columns]
    matrix = csr_array((np.ones(len(row_of)), (row_of, column_of)), shape=(len(limits), len(pairs)))
    solution = milp(
        -_worth(rows, pairs),
        integrality=np.ones(len(pairs)),
        bounds=Bounds(0.0, 1.0),
        constraints=LinearConstraint(matrix, -np.inf, np.array([most for _, most in limits])),
        options={"node_limit": NODES, "mip_rel_gap": 0.0},
    )
    # Nothing at all is always possible, so there is always a solution.
    return [pair for pair, value in zip(pairs, solution.x, strict=True) if value > 0.5]


def _worth(rows: Sequence[Row], pairs: Sequence[tuple[int, str]]) -> Floats:
    """Return what each choice is worth: one, and a little for luck, all of which is less than one."""
    wanted = sum(row.count for row in rows)
    place: dict[int, int] = Counter()
    luck = []
    for row, _ in pairs:
        place[row] += 1
        luck.append(1 / place[row])
    return 1 + np.array(luck) / (2 * wanted)


def _limits(
    rows: Sequence[Row], pairs: Sequence[tuple[int, str]], enemies: Enemies
) -> Iterator[tuple[list[int], float]]:
    """Yield the choices of which at most so many may be made: by row, by item, by two enemies."""
    of_item: dict[str, list[int]] = {}
    of_row: dict[int, list[int]] = {}
    for column, (row, slug) in enumerate(pairs):
        of_item.setdefault(slug, []).append(column)
        of_row.setdefault(row, []).append(column)
    for row, columns in of_row.items():
        yield columns, float(rows[row].count)
    for slug, columns in of_item.items():
        if len(columns) > 1:
            yield columns, 1.0
        for other in enemies.get(slug, ()):
            if slug < other and other in of_item:
                yield [*columns, *of_item[other]], 1.0
