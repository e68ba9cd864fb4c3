"""Floor and service in turn, and what several such rounds come to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import Any, Final

from bench.answers.floor import run_floor
from bench.answers.load import Load, run_load
from bench.answers.place import Place
from bench.answers.processes import cpu_seconds, resident_bytes
from bench.answers.scratch import postmaster
from bench.answers.storage import stored_bytes

WARM_UP_CONNECTIONS: Final = 32


@dataclass(frozen=True, slots=True)
class Round:
    """One run of the service right after one of the floor; CPU in milliseconds an answer."""

    item: str
    connections: int
    floor: float
    rate: float
    p50: float
    p99: float
    next_p50: float
    """Of asking for the next item, where the reply to the answer did not bring it; else 0."""
    server_ms: float
    postgres_ms: float
    answers: int
    grown: int
    """By how many bytes these answers made the tables and their indexes grow."""
    worker_mb: float
    """Resident memory of the largest worker."""

    @property
    def ratio(self) -> float:
        """The share of the floor's rate that the service reaches."""
        return self.rate / self.floor


@dataclass(frozen=True, slots=True)
class Summary:
    """The medians of some rounds with the same item and as many connections, and the range of their ratios."""

    middle: Round
    ratio: float
    lowest: float
    highest: float
    rounds: int

    def to_json(self) -> dict[str, Any]:
        own = {name: getattr(self, name) for name in ("ratio", "lowest", "highest", "rounds")}
        return asdict(self.middle) | own


@dataclass(frozen=True, slots=True)
class Bench:
    """What a round needs: where it runs, what is sent, by how many learners and for how long."""

    place: Place
    requests: Mapping[str, Path]
    """By the kind of item."""
    learners: int
    seconds: float

    def warm_up(self, item: str) -> None:
        self._load(item, min(WARM_UP_CONNECTIONS, self.learners))

    def round(self, item: str, connections: int) -> Round:
        """Run the floor and then the service."""
        floor = run_floor(
            self.place.server, clients=connections, learners=self.learners, seconds=self.seconds
        )
        size, before = stored_bytes(), self._used()
        load = self._load(item, connections)
        used = [after - earlier for after, earlier in zip(self._used(), before, strict=True)]
        server_ms, postgres_ms = (1000 * seconds / load.answers.count for seconds in used)
        return Round(
            item=item,
            connections=connections,
            floor=floor,
            rate=load.rate,
            p50=load.answers.p50,
            p99=load.answers.p99,
            next_p50=load.nexts.p50,
            server_ms=server_ms,
            postgres_ms=postgres_ms,
            answers=load.answers.count,
            grown=stored_bytes() - size,
            worker_mb=max(resident_bytes(self.place.service.workers())) / 1e6,
        )

    def whole_class(self, item: str, spread: float) -> Load:
        """Let every learner send one answer, all within ``spread`` seconds."""
        return run_load(
            self.place.program,
            port=self.place.service.port,
            requests=self.requests[item],
            connections=self.learners,
            seconds=spread,
            once=True,
        )

    def _load(self, item: str, connections: int) -> Load:
        return run_load(
            self.place.program,
            port=self.place.service.port,
            requests=self.requests[item],
            connections=connections,
            seconds=self.seconds,
        )

    def _used(self) -> tuple[float, float]:
        return cpu_seconds(self.place.service.process), cpu_seconds(postmaster(self.place.server))


def interleaved(
    measure: Callable[[str, int], Round], items: Sequence[str], connections: Sequence[int], rounds: int
) -> Iterator[Round]:
    """Yield the rounds: everything once, then everything again, so that a slow minute strikes all alike."""
    for _ in range(rounds):
        for item in items:
            for number in connections:
                yield measure(item, number)


def bytes_an_answer(rounds: Sequence[Round]) -> float:
    """Return the bytes of all rows and indexes, over all rounds: tables grow by more than one row at a time."""
    return sum(one.grown for one in rounds) / sum(one.answers for one in rounds)


def summaries(rounds: Sequence[Round]) -> list[Summary]:
    """Return one for each item and number of connections, in the order of their first round."""
    groups: dict[tuple[str, int], list[Round]] = {}
    for one in rounds:
        groups.setdefault((one.item, one.connections), []).append(one)
    return [summary(group) for group in groups.values()]


def summary(rounds: Sequence[Round]) -> Summary:
    """Return the medians. The ratio is the median of the rounds' ratios: each has its own floor."""
    numbers = [name for name in Round.__dataclass_fields__ if name not in ("item", "connections")]
    medians = {name: median(getattr(one, name) for one in rounds) for name in numbers}
    ratios = [one.ratio for one in rounds]
    middle = Round(rounds[0].item, rounds[0].connections, **medians)
    return Summary(middle, median(ratios), min(ratios), max(ratios), len(rounds))
