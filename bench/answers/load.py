"""The load generator: ``load.c``, compiled when it is needed, and what it reports."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bench.answers.errors import CannotMeasure

SOURCE: Final = Path(__file__).with_name("load.c")
FLAGS: Final = ("-O2", "-std=gnu11", "-Wall", "-Wextra")
PATIENCE_SECONDS: Final = 60
"""More than the program itself waits for the last reply."""


class NoCompiler(CannotMeasure):
    """There is no C compiler, which the load generator needs."""

    def __init__(self) -> None:
        super().__init__("The load generator is written in C, and no cc was found: install gcc or clang.")


class LoadFailed(CannotMeasure):
    """The load generator could not run, or not every answer was recorded; the message says more."""


@dataclass(frozen=True, slots=True)
class Latencies:
    """Of one kind of request: how many were replied to as expected, and the times in milliseconds."""

    count: int
    p50: float
    p99: float
    max: float


@dataclass(frozen=True, slots=True)
class Load:
    """What a run of the generator saw. ``in_time`` are the answers within its ``seconds``, ``last`` is in ms."""

    connections: int
    seconds: float
    in_time: int
    last: float
    answers: Latencies
    nexts: Latencies
    refused: Mapping[str, int]
    lost: int

    @property
    def rate(self) -> float:
        """Answers a second."""
        return self.in_time / self.seconds

    @classmethod
    def from_json(cls, text: str) -> Load:
        document: dict[str, Any] = json.loads(text)
        for name in ("answers", "nexts"):
            document[name] = Latencies(**document[name])
        return cls(**document)


def compile_load(folder: Path) -> Path:
    """Return the compiled load generator in ``folder``. Raises NoCompiler or LoadFailed."""
    compiler = shutil.which("cc")
    if not compiler:
        raise NoCompiler
    program = folder / "load"
    done = subprocess.run(  # noqa: S603 - our own source
        [compiler, *FLAGS, "-o", program, SOURCE], capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise LoadFailed(f"load.c did not compile:\n{done.stderr}")
    return program


def run_load(
    program: Path, *, port: int, requests: Path, connections: int, seconds: float, once: bool = False
) -> Load:
    """Send the prepared requests to 127.0.0.1. Raises LoadFailed unless every answer was recorded."""
    command = [program, "--port", port, "--requests", requests, "--connections", connections]
    command += ["--seconds", seconds, *(["--once"] if once else [])]
    done = subprocess.run(  # noqa: S603 - compiled from our own source
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + PATIENCE_SECONDS,
    )
    if done.returncode:
        raise LoadFailed(done.stderr)
    load = Load.from_json(done.stdout.splitlines()[-1])
    if load.refused or load.lost or not load.answers.count:
        raise LoadFailed(
            f"{load.answers.count} answers were recorded; refused by status: {dict(load.refused)}; "
            f"connections lost: {load.lost}.\n{done.stderr}"
        )
    return load


def write_requests(file: Path, learners: list[list[bytes]], *, walks: bool = False) -> None:
    """Write the requests of each learner, all with equally many, as ``load.c`` reads them.

    A learner who ``walks`` answers place after place; the first request asks for the place.
    """
    with file.open("wb") as out:
        out.write(f"{len(learners)} {len(learners[0])} {walks:d}\n".encode())
        for request in (request for requests in learners for request in requests):
            out.write(f"{len(request)}\n".encode() + request)
