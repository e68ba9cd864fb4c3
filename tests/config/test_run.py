"""``make run``, less the building: from an empty folder to a page, and back to silence."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import URLError
from urllib.request import urlopen

import pytest

from config.embedded import EmbeddedServer

ROOT = Path(__file__).parents[2]
PAGES = ("/readyz", "/admin/login/", "/api/v1/lessons/")


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        chosen: int = probe.getsockname()[1]
    return chosen


@contextmanager
def started(var: Path, port: int) -> Iterator[subprocess.Popen[str]]:
    """Run the command in a process group of its own, as a terminal does; leave nothing of it behind."""
    environment = {"ASSAY_VAR": str(var), "DATABASE_URL": "", "DEMO": "true", "HTTPS": "false"}
    process = subprocess.Popen(
        [sys.executable, "-m", "config.run", "--port", str(port), "--workers", "2"],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        yield process
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGKILL)


def said_until(line: str, process: subprocess.Popen[str]) -> str:
    """Return what the process says up to ``line``, or to its end."""
    assert process.stdout
    said = ""
    for said_line in process.stdout:
        said += said_line
        if said_line.startswith(line):
            break
    return said


def status(port: int, path: str) -> int:
    """Return the status of a page, once the workers listen."""
    while True:
        try:
            with urlopen(f"http://127.0.0.1:{port}{path}") as response:
                return int(response.status)
        except URLError as error:
            if not isinstance(error.reason, ConnectionRefusedError):
                raise


def test_it_serves_from_nothing_and_stops_with_everything_it_started(place: Path, port: int) -> None:
    """Twice in the same folder: the second start finds the data of the first."""
    for order, created in ((signal.SIGINT, True), (signal.SIGTERM, False)):
        with started(place, port) as process:
            said = said_until("Ctrl-C", process)
            assert f"http://127.0.0.1:{port}/" in said
            assert "the password is assay-demo" in said
            assert (": 0 created" not in said) is created
            assert [status(port, page) for page in PAGES] == [200] * len(PAGES)
            os.killpg(process.pid, order)
            assert said_until("Stopped.", process).endswith("Stopped.\n")
            assert process.wait() == 0
        assert not EmbeddedServer(place / "postgres").is_running()


def test_a_taken_port_is_refused_before_anything_is_started(place: Path, port: int) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", port))
        taken.listen()
        with started(place, port) as process:
            assert f"Port {port} on 127.0.0.1 cannot be used" in said_until("Port", process)
            assert process.wait() == 1
    assert not (place / "postgres").exists()
