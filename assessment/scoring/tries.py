"""From a log of verdicts to a score: tries, penalties, best or last, and the sum over an attempt.

Everything here is a fold over the log in the order it was written: folding a prefix and going on from there
gives the same as folding the whole. Scores of tries are fractions of the maximum, None for an invalid
answer, which costs nothing. Nothing is rounded: weights and fractions are multiplied as floats and summed
exactly (`math.fsum`), so a total does not depend on the order of the slots; whoever shows a score rounds
it.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import partial, reduce
from typing import Final

# Three options of 0.3333333 each make a right answer; no smaller shortfall can be meant.
RIGHT: Final = 1 - 1e-6


class Keep(StrEnum):
    """Which try counts in the end."""

    BEST = "best"
    LAST = "last"


class UnknownPosition(ValueError):
    """The log has an entry at a position that the attempt has no slot for."""


@dataclass(frozen=True, slots=True)
class TryRules:
    """How often an item may be tried (None: without end), and what each further try costs, as a fraction.

    ``until_right`` closes an item with a right answer; where verdicts are withheld that would tell.
    """

    tries: int | None = None
    penalty: float = 0.0
    keep: Keep = Keep.BEST
    until_right: bool = True

    def __post_init__(self) -> None:
        if self.tries is not None and self.tries < 1:
            raise ValueError("an item allows at least one try")
        if not 0 <= self.penalty <= 1:
            raise ValueError("a penalty is a fraction between 0 and 1")


@dataclass(frozen=True, slots=True)
class Tally:
    """What the tries so far come to: how many were used, the score that counts, and whether one was right."""

    used: int = 0
    score: float | None = None
    right: bool = False


@dataclass(frozen=True, slots=True)
class Slot:
    """A place in an attempt and how much it weighs."""

    position: int
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class LogEntry:
    """The score of one response at a position; None for an invalid answer."""

    position: int
    score: float | None


@dataclass(frozen=True, slots=True)
class AttemptScore:
    """The score of an attempt, what it could be at most, and the part of each position, in weights."""

    score: float
    max_score: float
    by_position: Mapping[int, float]


def count_try(rules: TryRules, tally: Tally, score: float | None) -> Tally:
    """Return the tally after one more try; what comes after the tries are settled changes nothing."""
    if score is None or settled(rules, tally):
        return tally
    earned = min(1.0, max(0.0, score - rules.penalty * tally.used))
    if rules.keep is Keep.BEST and tally.score is not None:
        earned = max(tally.score, earned)
    return Tally(tally.used + 1, earned, score >= RIGHT)


def settled(rules: TryRules, tally: Tally) -> bool:
    """Return whether the item is closed: answered rightly, or out of tries."""
    return (tally.right and rules.until_right) or (rules.tries is not None and tally.used >= rules.tries)


def tally_tries(rules: TryRules, scores: Iterable[float | None], start: Tally | None = None) -> Tally:
    """Fold tries in order, going on from ``start``."""
    return reduce(partial(count_try, rules), scores, start or Tally())


@dataclass(frozen=True, slots=True)
class Try:
    """One response as it counts: whether the learner was told that it spent a try, and what it is worth by now.

    ``score`` is None for one that cannot be read or has no verdict.
    """

    spent: bool
    score: float | None


def credit(rules: TryRules, tries: Iterable[Try]) -> float | None:
    """Return the fraction that counts; None before there is any.

    A try costs what the learner was told of: one that was announced unreadable, and can be read by now, counts at the
    price of the next try and spends none.
    """
    used, earned = 0, None
    for one in tries:
        if one.score is not None:
            worth = min(1.0, max(0.0, one.score - rules.penalty * used))
            earned = max(earned, worth) if rules.keep is Keep.BEST and earned is not None else worth
        used += one.spent
    return earned


def attempt_score(slots: Sequence[Slot], log: Iterable[LogEntry], rules: TryRules) -> AttemptScore:
    """Fold the log of an attempt; a slot without a valid response earns 0. Raises `UnknownPosition`."""
    tallies = {slot.position: Tally() for slot in slots}
    for entry in log:
        if entry.position not in tallies:
            raise UnknownPosition(entry.position)
        tallies[entry.position] = count_try(rules, tallies[entry.position], entry.score)
    earned = {slot.position: slot.weight * (tallies[slot.position].score or 0.0) for slot in slots}
    return AttemptScore(math.fsum(earned.values()), math.fsum(slot.weight for slot in slots), earned)
