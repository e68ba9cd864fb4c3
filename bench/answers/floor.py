"""The floor: the SQL that an answer cannot do without, by pgbench, with as many clients and learners.

One statement reads the place, one guarded statement writes: attempt and presentation move, a response and a verdict
are added. Its tables have the documents and indexes of ours and no foreign keys; each client has learners of its own.
"""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import Final

from django.db import connection

from bench.answers.errors import CannotMeasure
from config import embedded
from config.embedded import EmbeddedServer
from config.embedded.account import account_for
from config.embedded.programs import programs_for

SCHEMA: Final = Path(__file__).with_name("floor.sql")
SCRIPT: Final = Path(__file__).with_name("floor.pgbench")
TPS: Final = re.compile(r"tps = ([\d.]+) \(without initial connection time\)")
FAILED: Final = re.compile(r"number of failed transactions: (\d+)")
PATIENCE_SECONDS: Final = 60


class FloorFailed(CannotMeasure):
    """pgbench did not do its work; the message is its own."""


def make_floor(learners: int) -> None:
    """Make the tables, with an attempt and a presentation for each learner."""
    with connection.cursor() as cursor:
        cursor.execute(SCHEMA.read_text().replace(":learners", str(learners)))


def run_floor(server: EmbeddedServer, *, clients: int, learners: int, seconds: float) -> float:
    """Return the transactions a second. Raises FloorFailed."""
    program = programs_for(account_for(server.data), server.home) / "pgbench"
    variables = {"clients": clients, "own": learners // clients}
    command = [program, "-n", "-M", "prepared", "-f", SCRIPT, "-T", max(1, round(seconds))]
    command += ["-c", clients, "-j", min(clients, os.cpu_count() or 1)]
    command += [word for name, value in variables.items() for word in ("-D", f"{name}={value}")]
    command += ["-h", server.socket_folder, "-p", embedded.PORT, "-U", embedded.ROLE, embedded.DATABASE]
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program
        [str(word) for word in command],
        capture_output=True,
        text=True,
        check=False,
        timeout=seconds + PATIENCE_SECONDS,
    )
    if done.returncode:
        raise FloorFailed(done.stderr or done.stdout)
    return read_rate(done.stdout)


def read_rate(output: str) -> float:
    """Return the transactions a second that pgbench reports. Raises FloorFailed if there is none or one failed."""
    rate, failed = TPS.search(output), FAILED.search(output)
    if rate is None or (failed and int(failed[1])):
        raise FloorFailed(output)
    return float(rate[1])
