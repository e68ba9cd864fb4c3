"""The whole run: at each number of stored answers, rounds of floor and service, and a class that answers at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from bench.answers import course, report
from bench.answers.filling import fill
from bench.answers.floor import make_floor
from bench.answers.load import Load, write_requests
from bench.answers.place import Place
from bench.answers.rounds import Bench, Summary, bytes_an_answer, interleaved, summaries

SPREAD_SECONDS: Final = 1.0
"""Within which a class answers."""

Say = Callable[..., None]


@dataclass(frozen=True, slots=True)
class Plan:
    """What is measured: which items, at how many connections and stored answers, how often and how long."""

    items: Sequence[str]
    connections: Sequence[int]
    rounds: int
    seconds: float
    learners: int
    stored: Sequence[int]


@dataclass(frozen=True, slots=True)
class Level:
    """What was found at one number of stored answers."""

    stored: int
    found: Sequence[Summary]
    bytes_an_answer: float
    whole_class: Load

    def to_json(self) -> dict[str, Any]:
        return {
            "stored": self.stored,
            "answers": [one.to_json() for one in self.found],
            "bytes_an_answer": self.bytes_an_answer,
            "class": asdict(self.whole_class),
        }


def measure(plan: Plan, place: Place, say: Say) -> Iterator[Level]:
    """Yield each level, told to ``say`` as it goes. Raises LoadFailed, FloorFailed or WrongCourse."""
    course.import_fixed(place.folder)
    if course.ADAPTIVE in plan.items:
        course.import_adaptive(place.folder)
    attempt = course.finish_attempt(place.service.port)
    make_floor(plan.learners)
    earlier: Level | None = None
    for wanted in plan.stored:
        stored = fill(place.server, attempt, wanted)
        say("", f"{stored:,} answers stored")
        level = _level(plan, place, stored, say)
        if earlier:
            say(*report.comparison(earlier.stored, earlier.found, level.found))
        yield level
        earlier = level


def _level(plan: Plan, place: Place, stored: int, say: Say) -> Level:
    # Who answers has begun lately, behind all that was stored before.
    requests = {item: _requests(plan, place, item) for item in plan.items}
    bench = Bench(place, requests, plan.learners, plan.seconds)
    bench.warm_up(plan.items[0])
    measured = []
    for one in interleaved(bench.round, plan.items, plan.connections, plan.rounds):
        say(report.round_line(one))
        measured.append(one)
    found = summaries(measured)
    level = Level(stored, found, bytes_an_answer(measured), bench.whole_class(plan.items[0], SPREAD_SECONDS))
    say(
        "",
        *report.table(found),
        report.bytes_line(level.bytes_an_answer),
        report.class_line(level.whole_class),
    )
    return level


def _requests(plan: Plan, place: Place, item: str) -> Path:
    """Let learners begin, and return the file with what they will send."""
    file = place.folder / f"{item}.requests"
    learners = course.learners(item, plan.learners, place.service.port)
    write_requests(file, learners, walks=item == course.ADAPTIVE)
    return file
