"""A database and a folder of the benchmark's own, so that nothing of the developer's is touched.

This is set up before Django reads its settings, and everything is removed at the end.
"""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import psycopg

from bench.answers.errors import CannotMeasure
from config import embedded
from config.embedded import EmbeddedServer
from config.processes import Register
from config.stopping import stop_processes

ROOT: Final = Path(__file__).parents[2]
CONNECTIONS: Final = 300
"""The floor opens one for each of its clients; the service needs no more than it has threads."""
NO_LIMIT: Final = "1000000000/min"
ENVIRONMENT: Final = {
    "DATABASE_URL": "",
    "DATABASE_URL_FILE": "",
    "SECRET_KEY": "",
    "SECRET_KEY_FILE": "",
    "DEBUG": "false",
    "DEMO": "false",
    "HTTPS": "false",
    "PROXIES": "0",
    # Nobody answers as often as the generator does. The requests are counted all the same.
    "THROTTLE_USER": NO_LIMIT,
    "THROTTLE_ANONYMOUS": NO_LIMIT,
    # A calibration of what was answered at random would run beside the answers.
    "CALIBRATE_AFTER": "1000000000",
    "OPENBLAS_NUM_THREADS": "1",
    "DJANGO_SETTINGS_MODULE": "config.settings",
}


class AlreadyRunning(CannotMeasure):
    """Another run of this benchmark uses the folder."""

    def __init__(self, folder: Path) -> None:
        super().__init__(f"Another run of this benchmark uses {folder}.")


class NotDurable(CannotMeasure):
    """The server would acknowledge what it has not stored, so its times say nothing."""


@contextmanager
def scratch_installation() -> Iterator[tuple[Path, EmbeddedServer]]:
    """Yield an empty folder with a running PostgreSQL, and remove both. Raises AlreadyRunning or NotDurable.

    The environment names it afterwards, for Django here and in the service.
    """
    folder = Path(os.environ.get("ASSAY_VAR") or ROOT / "var").absolute() / "bench"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with Path(f"{folder}.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(folder) from None
        server = EmbeddedServer(folder / "postgres")
        _remove(folder, server)
        folder.mkdir()
        os.environ.update(ENVIRONMENT, ASSAY_VAR=str(folder))
        try:
            _start(server)
            yield folder, server
        finally:
            _remove(folder, server)


def postmaster(server: EmbeddedServer) -> int:
    """Return the number of the process that all others of the database descend from."""
    return int((server.data / "postmaster.pid").read_text().split()[0])


def _start(server: EmbeddedServer) -> None:
    server.attach()
    with connect(server) as connection:
        connection.execute(f"ALTER SYSTEM SET max_connections = {CONNECTIONS}")
    server.detach()
    server.attach()
    with connect(server) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            value = connection.execute(f"SHOW {setting}").fetchone()
            if value != ("on",):
                raise NotDurable(f"{setting} is {value}")


def connect(server: EmbeddedServer) -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(server.socket_folder),
        port=embedded.PORT,
        user=embedded.ROLE,
        dbname=embedded.DATABASE,
        autocommit=True,
    )


def _remove(folder: Path, server: EmbeddedServer) -> None:
    """End what runs there, which a killed run may have left, and delete it."""
    if not folder.exists():
        return
    stop_processes(Register.open(folder))
    server.detach()
    server.stop_unused()
    shutil.rmtree(server.home, ignore_errors=True)
    shutil.rmtree(folder)
