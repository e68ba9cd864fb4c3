"""``make run``, less the building: from an empty folder to a page, and back to silence, whoever is killed."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

import psycopg
import pytest

from config.embedded import DATABASE, PORT, ROLE, EmbeddedServer
from config.processes import Register
from tests.config.conftest import new_place

ROOT = Path(__file__).parents[2]
PAGES = ("/readyz", "/admin/login/", "/api/v1/lessons/")
WORKERS = 2
# With the process for the scheduled work.
CHILDREN = WORKERS + 1
PATIENCE_SECONDS = 120


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        chosen: int = probe.getsockname()[1]
    return chosen


@contextmanager
def started(var: Path, port: int, demo: str = "true") -> Iterator[subprocess.Popen[str]]:
    """Run the command in a process group of its own, as a terminal does; leave nothing of it behind."""
    process = subprocess.Popen(
        [sys.executable, "-m", "config.run", "--port", str(port), "--workers", str(WORKERS)],
        cwd=ROOT,
        env=environment(var, demo),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        start_new_session=True,
    )
    with process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def environment(var: Path, demo: str) -> dict[str, str]:
    return os.environ | {"ASSAY_VAR": str(var), "DATABASE_URL": "", "DEMO": demo, "HTTPS": "false"}


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
            assert ("\n0 imported" not in f"\n{said}") is created
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


@dataclass(frozen=True)
class Service:
    """A running installation, its processes told by their locks."""

    var: Path
    port: int
    process: subprocess.Popen[str]

    @property
    def register(self) -> Register:
        return Register.open(self.var)

    @property
    def database(self) -> EmbeddedServer:
        return EmbeddedServer(self.var / "postgres")

    def postmaster(self) -> int:
        return int((self.database.data / "postmaster.pid").read_text().split()[0])

    def is_whole(self) -> bool:
        """Whether every process is there and the service ready."""
        return len(self.register.children()) == CHILDREN and is_ready(self.port)


def is_ready(port: int) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/readyz", timeout=5) as response:
            return bool(response.status == 200)
    except (HTTPError, URLError, HTTPException, OSError):
        return False


def wait_until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "It did not come true."
        time.sleep(0.05)


@pytest.fixture(scope="module")
def installed() -> Iterator[Path]:
    """An installation that has been started once and stopped: its library is in, which takes half a minute."""
    with new_place() as place, socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
        probe.close()
        with started(place, port, demo="false") as process:
            said_until("Ctrl-C", process)
            wait_until(Service(place, port, process).is_whole)
            os.killpg(process.pid, signal.SIGTERM)
            assert process.wait() == 0
        yield place


@pytest.fixture
def service(installed: Path, place: Path, port: int) -> Iterator[Service]:
    # With its owners: the database's files belong to the account that it runs under.
    subprocess.run(["cp", "-a", f"{installed}/.", str(place)], check=True)
    with started(place, port, demo="false") as process:
        running = Service(place, port, process)
        said_until("Ctrl-C", process)
        wait_until(running.is_whole)
        yield running


def kill(*processes: int) -> None:
    for process in processes:
        with suppress(ProcessLookupError):
            os.kill(process, signal.SIGKILL)


def test_whichever_process_is_killed_the_service_comes_back(service: Service) -> None:
    """Each child, then each again as soon as it is back, then all at once, then the database under them."""
    for _ in range(2):
        for process in sorted(service.register.children()):
            kill(process)
            wait_until(lambda killed=process: killed not in service.register.children())  # type: ignore[misc]
            wait_until(lambda: len(service.register.children()) == CHILDREN)
    wait_until(service.is_whole)
    kill(*service.register.children())
    wait_until(service.is_whole)
    kill(service.postmaster())
    wait_until(service.is_whole)
    kill(service.postmaster(), *service.register.children())
    wait_until(service.is_whole)
    assert service.process.poll() is None


def test_a_worker_that_is_killed_again_and_again_does_not_end_the_service(service: Service) -> None:
    steady, *others = sorted(service.register.children())
    for _ in range(6):
        kill(*(service.register.children() - {steady}))
        wait_until(lambda known=set(others): bool(service.register.children() - known - {steady}))  # type: ignore[misc]
        others = sorted(service.register.children() - {steady})
    wait_until(service.is_whole)


def test_a_killed_parent_leaves_nothing_and_a_new_start_serves(service: Service) -> None:
    kill(service.process.pid)
    service.process.wait()
    with started(service.var, service.port, demo="false") as again:
        assert "Ctrl-C" in said_until("Ctrl-C", again)
        wait_until(Service(service.var, service.port, again).is_whole)
        os.kill(again.pid, signal.SIGTERM)
        assert again.wait() == 0
    assert not service.register.children()
    assert not service.database.is_running()


def test_the_children_of_a_killed_parent_leave_and_the_last_one_stops_the_database(service: Service) -> None:
    kill(service.process.pid)
    wait_until(lambda: not service.register.children())
    wait_until(lambda: not service.database.is_running())


def stopped(var: Path) -> str:
    """Return what ``make stop`` says."""
    command = [sys.executable, "-m", "config.stopping"]
    done = subprocess.run(
        command, cwd=ROOT, env=environment(var, "false"), capture_output=True, text=True, check=True
    )
    return done.stdout


def test_stopping_ends_a_running_service_in_order(service: Service) -> None:
    assert f"Stopped process {service.process.pid}." in stopped(service.var)
    assert service.process.wait() == 0
    assert not service.register.children()
    assert not service.database.is_running()


def test_stopping_ends_an_orphan_that_cannot_leave_and_its_database(service: Service) -> None:
    stuck = max(service.register.children())
    os.kill(stuck, signal.SIGSTOP)
    kill(service.process.pid)
    wait_until(lambda: service.register.children() == {stuck})
    assert f"Stopped process {stuck}." in stopped(service.var)
    assert not service.register.children()
    assert not service.database.is_running()


def test_stopping_leaves_the_processes_of_other_folders_alone(service: Service, tmp_path: Path) -> None:
    assert stopped(tmp_path) == ""
    assert service.is_whole()


def test_the_scheduled_work_is_done_while_it_runs(service: Service) -> None:
    def runs() -> dict[str, dict[str, object] | None]:
        command = [sys.executable, "manage.py", "tasks", "--json"]
        done = subprocess.run(
            command, cwd=ROOT, env=environment(service.var, "false"), capture_output=True, check=True
        )
        known: dict[str, dict[str, object] | None] = json.loads(done.stdout)
        return known

    wait_until(lambda: all(run and run["outcome"] == "done" for run in runs().values()))


def test_a_database_of_another_history_is_refused_in_a_sentence_and_kept(place: Path, port: int) -> None:
    server = EmbeddedServer(place / "postgres")
    server.attach()
    where = {"host": str(server.socket_folder), "port": PORT, "user": ROLE, "dbname": DATABASE}
    with psycopg.connect(**where) as connection:  # type: ignore[arg-type]
        connection.execute(
            "CREATE TABLE django_migrations (id serial, app text, name text, applied timestamptz)"
        )
        connection.execute("INSERT INTO django_migrations VALUES (1, 'assessment', '0001_initial', now())")
        connection.execute("CREATE TABLE kept AS SELECT 42 AS answer")
    with started(place, port) as process:
        said = said_until("never", process)
        assert process.wait() == 1
    assert "another history of migrations (it knows assessment.0001_initial and lacks" in said
    assert "Traceback" not in said
    with psycopg.connect(**where) as connection:  # type: ignore[arg-type]
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")
        assert tables.fetchall() == [("django_migrations",), ("kept",)]


HEAD = b"POST /api/v1/attempts/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
SLOW = {
    "half a head": b"GET /healthz HTTP/1.1\r\nHost: 127",
    "half a body": HEAD + b"Content-Length: 100\r\n\r\n{",
    "half a chunk": HEAD + b"Transfer-Encoding: chunked\r\n\r\n64\r\n{",
    # Much more than a connection holds that nobody reads from.
    "no reader": b"GET /api/v1/schema/ HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n" * 50,
}
# Many times as many as there are threads to answer.
OF_EACH_KIND = 20


def held(port: int, first: bytes) -> socket.socket:
    """Return a connection on which ``first`` was sent and nothing follows or is read."""
    connection = socket.socket()
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    connection.connect(("127.0.0.1", port))
    connection.setblocking(False)
    with suppress(BlockingIOError):
        connection.send(first)
    return connection


def heard(connection: socket.socket) -> bytes:
    """Return what the server says until it closes."""
    connection.settimeout(PATIENCE_SECONDS)
    said = b""
    while part := connection.recv(4096):
        said += part
    return said


def test_slow_clients_hold_nobody_up_and_are_let_go(service: Service) -> None:
    connections = {
        kind: [held(service.port, first) for _ in range(OF_EACH_KIND)] for kind, first in SLOW.items()
    }
    assert [status(service.port, page) for page in PAGES * 4] == [200] * len(PAGES) * 4
    assert {heard(connection) for connection in connections["half a head"]} == {b""}
    for kind in ("half a body", "half a chunk"):
        assert {heard(connection)[:12] for connection in connections[kind]} == {b"HTTP/1.1 408"}
    for connection in (one for kind in connections.values() for one in kind):
        connection.close()


def answer(port: int, *parts: bytes) -> bytes:
    """Return the first line of the answer to a request."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS) as connection:
        for part in parts:
            connection.sendall(part)
        return connection.recv(4096).split(b"\r\n")[0]


def test_a_body_is_limited_however_it_is_sent(service: Service) -> None:
    announced = b"Content-Length: 300000\r\n\r\n"
    assert b" 413 " in answer(service.port, HEAD, announced)
    chunk = b"10000\r\n" + b"x" * 0x10000 + b"\r\n"
    assert b" 413 " in answer(
        service.port, HEAD, b"Transfer-Encoding: chunked\r\n\r\n", *[chunk] * 4, b"1\r\nx"
    )
    form = (
        b"POST /admin/login/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=a\r\n"
    )
    # It has no token against forgery: Django has read it and says so.
    assert b" 403 " in answer(service.port, form, b"Content-Length: 3000000\r\n\r\n", b"x" * 3_000_000)
    assert b" 413 " in answer(service.port, form, b"Content-Length: 30000000\r\n\r\n")
