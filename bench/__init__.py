"""What a learner waits for, measured against its floor in the same run.

``make bench`` runs each module here that has ``measure() -> Iterable[Measurement]``; a module whose ``measure``
wants arguments is a tool with a command line of its own. A ratio to the floor says more than a time: both sides
suffer the same machine.
"""

import os
import time
from collections.abc import Callable
from dataclasses import dataclass

# Before numpy is imported: on few cores, several threads of linear algebra only wait for each other.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


@dataclass(frozen=True, slots=True)
class Measurement:
    """One thing measured: seconds for one unit of our work, and for one unit of its floor."""

    name: str
    seconds: float
    floor: str
    floor_seconds: float

    @property
    def ratio(self) -> float:
        """How many times the floor we take; 1 would be free."""
        return self.seconds / self.floor_seconds


def seconds_per_call(work: Callable[[], object], *, calls: int, rounds: int = 5) -> float:
    """Return the seconds of one call of ``work`` in the best of ``rounds`` rounds of ``calls`` calls each."""
    return min(_round(work, calls) for _ in range(rounds)) / calls


def _round(work: Callable[[], object], calls: int) -> float:
    begin = time.perf_counter()
    for _ in range(calls):
        work()
    return time.perf_counter() - begin
