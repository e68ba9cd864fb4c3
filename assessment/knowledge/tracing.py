"""Many histories traced at once: first answers in order, per learner and skill, to what is known of each now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

import numpy as np

from assessment.knowledge.mastery import Floats, Mastery, MasteryParameters, trace_many

DAY: Final = timedelta(days=1)
SAYS_NOTHING: Final = 0.5
ROWS: Final = 256
"""Histories in one pass: their arrays stay in the processor's cache."""

DEFAULT: Final = MasteryParameters()


@dataclass(frozen=True, slots=True)
class Answered:
    """A first answer: when, its score, brought into [0, 1], and how many hints came before it."""

    at: datetime
    score: float
    hints: int = 0

    def __post_init__(self) -> None:
        object.__setattr__(self, "score", min(1.0, max(0.0, self.score)))

    @property
    def evidence(self) -> float:
        """What the answer says of the skill. Right after a hint says nothing, wrong in spite of one says wrong."""
        return min(self.score, SAYS_NOTHING) if self.hints else self.score


@dataclass(frozen=True, slots=True)
class History:
    """The answers of one learner to one skill, oldest first, and the moment for which mastery is asked."""

    answers: Sequence[Answered]
    until: datetime
    parameters: MasteryParameters = DEFAULT


def trace_histories(histories: Sequence[History]) -> list[Mastery]:
    """Return the mastery at the end of each history, the same as one by one."""
    found: dict[int, Mastery] = {}
    # Neighbors of one length pad little.
    order = sorted(
        range(len(histories)), key=lambda i: (repr(histories[i].parameters), len(histories[i].answers))
    )
    for parameters, group in groupby(order, key=lambda i: histories[i].parameters):
        members = list(group)
        for start in range(0, len(members), ROWS):
            rows = members[start : start + ROWS]
            correct, days, rest = _arrays([histories[i] for i in rows])
            traced = trace_many(parameters, correct, days, days_since_last=rest)
            found |= {i: traced[place] for place, i in enumerate(rows)}
    return [found[i] for i in range(len(histories))]


def answer_matrix(histories: Sequence[Sequence[Answered]]) -> tuple[Floats, Floats]:
    """Return (correct, days) as `mastery.trace_many` takes them: a row each, padded at the end with NaN."""
    longest = max(map(len, histories), default=0)
    correct = np.full((len(histories), longest), np.nan)
    days = np.zeros((len(histories), longest))
    for row, answers in enumerate(histories):
        correct[row, : len(answers)] = [answer.evidence for answer in answers]
        days[row, 1 : len(answers)] = [_days(earlier.at, later.at) for earlier, later in pairwise(answers)]
    return correct, days


def _arrays(histories: Sequence[History]) -> tuple[Floats, Floats, Floats]:
    correct, days = answer_matrix([history.answers for history in histories])
    rest = [_days(one.answers[-1].at, one.until) if one.answers else 0.0 for one in histories]
    return correct, days, np.array(rest)


def _days(earlier: datetime, later: datetime) -> float:
    return max(0.0, (later - earlier) / DAY)
