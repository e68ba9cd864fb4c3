"""The embedded PostgreSQL: real servers in temporary folders, real processes that share them."""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest

from config.embedded import DATABASE, PORT, ROLE, EmbeddedServer, ServerUnavailable

ROOT = Path(__file__).parents[2]
# Attaches, says so, and leaves in the manner that stands on its standard input.
VISITOR = """
import os, signal, sys
from pathlib import Path
from config.embedded import EmbeddedServer
print("started" if EmbeddedServer(Path(sys.argv[1]), durable=False).attach() else "attached", flush=True)
if sys.stdin.readline() == "die\\n":
    os.kill(os.getpid(), signal.SIGKILL)
"""


@dataclass(frozen=True)
class Visitor:
    """Another process that uses the server."""

    folder: Path
    process: subprocess.Popen[str] = field(init=False)

    def __post_init__(self) -> None:
        command = [sys.executable, "-c", VISITOR, str(self.folder)]
        pipe = subprocess.PIPE
        process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=ROOT)
        object.__setattr__(self, "process", process)

    def says(self) -> str:
        assert self.process.stdout
        return self.process.stdout.readline().strip()

    def leave(self, manner: str = "politely") -> None:
        self.process.communicate(f"{manner}\n")


@pytest.fixture
def folder(place: Path) -> Path:
    return place / "postgres"


@pytest.fixture
def server(folder: Path) -> EmbeddedServer:
    return EmbeddedServer(folder, durable=False)


def query(server: EmbeddedServer, sql: str) -> list[tuple[object, ...]]:
    host = str(server.socket_folder)
    with psycopg.connect(host=host, port=PORT, user=ROLE, dbname=DATABASE) as connection:
        cursor = connection.execute(sql)
        return cursor.fetchall() if cursor.description else []


def postmaster(server: EmbeddedServer) -> int:
    return int((server.data / "postmaster.pid").read_text().split()[0])


def test_the_first_start_makes_a_database_that_answers(server: EmbeddedServer) -> None:
    assert server.attach()
    assert query(server, "SELECT current_database()") == [(DATABASE,)]


def test_a_second_start_attaches_to_the_running_server(server: EmbeddedServer) -> None:
    server.attach()
    first = postmaster(server)
    assert not server.attach()
    assert postmaster(server) == first


def test_data_survive_a_restart(server: EmbeddedServer) -> None:
    server.attach()
    query(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    assert server.detach()
    assert server.attach()
    assert query(server, "SELECT answer FROM kept") == [(42,)]


def test_leaving_stops_the_server_and_cleans_up(server: EmbeddedServer) -> None:
    server.attach()
    assert server.detach()
    assert not server.is_running()
    assert not (server.data / "postmaster.pid").exists()


def test_a_durable_server_waits_for_the_disk(folder: Path) -> None:
    server = EmbeddedServer(folder)
    server.attach()
    assert query(server, "SHOW fsync") == [("on",)]


def test_it_listens_to_no_network(server: EmbeddedServer) -> None:
    server.attach()
    assert query(server, "SHOW listen_addresses") == [("",)]


def test_of_racing_starts_one_makes_the_server_and_the_others_share_it(server: EmbeddedServer) -> None:
    visitors = [Visitor(server.folder) for _ in range(4)]
    said = [visitor.says() for visitor in visitors]
    assert sorted(said) == ["attached", "attached", "attached", "started"]
    for visitor in visitors:
        visitor.leave()
    assert not server.is_running()


def test_the_server_outlives_whoever_started_it_while_others_use_it(server: EmbeddedServer) -> None:
    starter, other = Visitor(server.folder), None
    assert starter.says() == "started"
    other = Visitor(server.folder)
    assert other.says() == "attached"
    starter.leave()
    assert server.is_running()
    other.leave()
    assert not server.is_running()


FORKED = """
import os, signal, sys
from pathlib import Path
from config.embedded import EmbeddedServer
server = EmbeddedServer(Path(sys.argv[1]), durable=False)
server.attach()
alive, held = os.pipe()
if os.fork():
    os.kill(os.getpid(), signal.SIGKILL)
os.close(held)
os.read(alive, 1)
if sys.argv[2] == "own":
    server.attach()
print("stopped" if server.detach() else "left", flush=True)
os._exit(0)
"""


@pytest.mark.parametrize("share", ["own", "inherited"])
def test_the_child_of_a_killed_user_stops_the_server_as_the_last_to_leave(
    server: EmbeddedServer, share: str
) -> None:
    command = [sys.executable, "-c", FORKED, str(server.folder), share]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, cwd=ROOT, check=False)
    assert done.stdout == "stopped\n"
    assert not server.is_running()


def test_a_killed_user_leaves_a_server_that_the_next_one_takes_over_and_stops(server: EmbeddedServer) -> None:
    killed = Visitor(server.folder)
    killed.says()
    killed.leave("die")
    assert server.is_running()
    following = Visitor(server.folder)
    assert following.says() == "attached"
    following.leave()
    assert not server.is_running()


def test_a_server_that_nobody_uses_can_be_stopped(server: EmbeddedServer) -> None:
    killed = Visitor(server.folder)
    killed.says()
    killed.leave("die")
    assert server.stop_unused()
    assert not server.is_running()


def test_a_server_in_use_is_not_stopped(server: EmbeddedServer) -> None:
    user = Visitor(server.folder)
    user.says()
    assert not server.stop_unused()
    assert server.is_running()
    user.leave()


def test_a_killed_server_starts_again_with_its_data(folder: Path) -> None:
    server = EmbeddedServer(folder)
    server.attach()
    query(server, "CREATE TABLE kept AS SELECT 42 AS answer")
    os.kill(postmaster(server), signal.SIGKILL)
    while server.is_running():
        pass
    assert server.attach()
    assert query(server, "SELECT answer FROM kept") == [(42,)]


def test_a_number_taken_over_by_another_process_does_not_block_a_start(server: EmbeddedServer) -> None:
    server.attach()
    server.detach()
    (server.data / "postmaster.pid").write_text(f"{os.getpid()}\n{server.data}\n0\n{PORT}\n")
    assert server.attach()


def test_an_interrupted_initdb_is_begun_anew(server: EmbeddedServer) -> None:
    (server.folder / "data.unfinished").mkdir(parents=True)
    (server.folder / "data.unfinished" / "PG_VERSION").write_text("18")
    assert server.attach()


def test_a_long_path_gets_a_short_folder_for_its_socket(folder: Path) -> None:
    server = EmbeddedServer(folder.parent / ("long" * 25), durable=False)
    assert server.socket_folder.parent == Path(tempfile.gettempdir())
    server.attach()
    assert query(server, "SELECT 1") == [(1,)]
    assert server.detach()
    server.socket_folder.rmdir()


def test_a_path_too_long_anywhere_is_refused_by_name(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tempfile, "tempdir", "/tmp/" + "long" * 25)
    with pytest.raises(ServerUnavailable, match="path of the database socket is too long"):
        EmbeddedServer(folder.parent / ("long" * 25), durable=False).attach()


def test_data_of_another_version_are_refused_by_name(server: EmbeddedServer) -> None:
    server.attach()
    server.detach()
    (server.data / "PG_VERSION").write_text("9\n")
    with pytest.raises(ServerUnavailable, match="made by PostgreSQL 9"):
        server.attach()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root runs the server as somebody else")
def test_root_gives_the_server_to_another_account_and_opens_no_folder(folder: Path) -> None:
    private = folder.parent / "private"
    private.mkdir(mode=0o700)
    server = EmbeddedServer(private / "postgres", durable=False)
    server.attach()
    assert server.data.stat().st_uid != 0
    assert not server.data.is_relative_to(private)
    assert private.stat().st_mode & 0o777 == 0o700
    assert query(server, "SELECT 1") == [(1,)]
    server.detach()
    shutil.rmtree(server.home)


def test_reading_the_settings_starts_nothing(tmp_path: Path) -> None:
    place = {"ASSAY_VAR": str(tmp_path), "DATABASE_URL": "", "SECRET_KEY": ""}
    environment = {**os.environ, **place, "DJANGO_SETTINGS_MODULE": "config.settings"}
    code = "from django.conf import settings; settings.DATABASES; import django; django.setup()"
    subprocess.run([sys.executable, "-c", code], cwd=ROOT, env=environment, check=True)
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]
