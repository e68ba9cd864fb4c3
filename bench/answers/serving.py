"""The service as it is deployed: ``python -m config.run`` with its workers and threads, in front of this database."""

from __future__ import annotations

import http.client
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from bench.answers.errors import CannotMeasure
from bench.answers.processes import listening, running, tree

START_SECONDS: Final = 180
"""The first start applies every migration and imports the library."""
STOP_SECONDS: Final = 20
LOOK_SECONDS: Final = 0.2


class NotServing(CannotMeasure):
    """The service did not start; the message ends with what it printed."""


@dataclass(frozen=True, slots=True)
class Service:
    """A service that answers at a port of 127.0.0.1, and the process that all of its others descend from."""

    port: int
    process: int

    def workers(self) -> list[int]:
        """Return the processes that accept connections."""
        return listening(self.port, tree(self.process, running()))


@contextmanager
def serving(folder: Path) -> Iterator[Service]:
    """Run the service against the database of the environment, and end it. Raises NotServing."""
    port = free_port()
    log = folder / "service.log"
    with log.open("w") as output:
        started = subprocess.Popen(  # noqa: S603 - our own module
            [sys.executable, "-m", "config.run", "--port", str(port)], stdout=output, stderr=output
        )
    try:
        _wait(started, port, log)
        yield Service(port, started.pid)
    finally:
        started.terminate()
        try:
            started.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            started.kill()
            started.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _wait(started: subprocess.Popen[bytes], port: int, log: Path) -> None:
    deadline = time.monotonic() + START_SECONDS
    while not _is_ready(port):
        if started.poll() is not None or time.monotonic() > deadline:
            raise NotServing(f"The service did not start:\n{log.read_text()[-3000:]}")
        time.sleep(LOOK_SECONDS)


def _is_ready(port: int) -> bool:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except OSError:
        return False
    finally:
        connection.close()
