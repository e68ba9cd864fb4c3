"""Starting, sharing and stopping one server to a folder.

It listens at a Unix socket only. A process that uses it holds a shared lock on ``<folder>.users``, which the
kernel releases however that process ends; starting and stopping happen under an exclusive lock on
``<folder>.lock``, and whoever leaves last stops the server.
"""

import atexit
import fcntl
import hashlib
import os
import shlex
import shutil
import socket
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import psycopg

from config.embedded.account import Account, account_for
from config.embedded.errors import ServerUnavailable
from config.embedded.programs import programs_for

PORT: Final = 5432
ROLE: Final = "assay"
DATABASE: Final = "assay"

SOCKET: Final = f".s.PGSQL.{PORT}"
# sockaddr_un holds 108 bytes with the closing zero.
LONGEST_SOCKET_PATH: Final = 107
PATIENCE_SECONDS: Final = 15.0
ROOTS_DATA: Final = Path("/var/lib/assay")


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """The server whose data lie under ``folder``; ``durable=False`` trades safety for speed (tests only)."""

    folder: Path
    durable: bool = True

    @property
    def home(self) -> Path:
        """The real folder: ``folder``, or what it links to when the server could not reach it."""
        return self.folder.resolve()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Where the socket stands: beside the data, or in a short private folder if that path is too long."""
        beside = self.folder.absolute()
        return beside if _fits(beside) else Path(tempfile.gettempdir()) / f"assay-{_digest(beside)}"

    def attach(self) -> bool:
        """Make sure that the server runs until this process ends; return whether this call started it.

        Raises ServerUnavailable. Takes the start lock, so that it is safe to repeat and to race.
        """
        if self._is_held() and self.is_running():
            return False
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            with self._starting():
                self._hold()
                return not self.is_running() and self._start_or_let_go()
        except PermissionError as error:
            raise ServerUnavailable(
                f"The database folder {self.folder} belongs to another user ({error}). "
                "Run as that user, remove the folder, or set DATABASE_URL."
            ) from error

    def detach(self) -> bool:
        """Let go of the server and stop it if nobody else uses it; return whether this call stopped it.

        A forked child lets go of its parent's share as well, which it has until it takes its own.
        """
        if self.folder not in _held_by:
            return False
        with self._starting():
            self._let_go()
            return self._stop_if_unused()

    def stop_unused(self) -> bool:
        """Stop a server that a killed process left behind; return whether one was stopped."""
        if not self.folder.is_dir():
            return False
        with self._starting():
            return self._stop_if_unused()

    def is_running(self) -> bool:
        """Return whether somebody listens at the socket."""
        with socket.socket(socket.AF_UNIX) as probe:
            try:
                probe.connect(str(self.socket_folder / SOCKET))
            except OSError:
                return False
        return True

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with Path(f"{self.folder}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _is_held(self) -> bool:
        return _held_by.get(self.folder, (0, 0))[0] == os.getpid()

    def _hold(self) -> None:
        """Take this process's share of the users lock; a forked child takes its own."""
        if self._is_held():
            return
        descriptor = os.open(f"{self.folder}.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        if self.folder in _held_by:
            # With it open, this child would count as a user for as long as it lives.
            os.close(_held_by[self.folder][1])
        _held_by[self.folder] = (os.getpid(), descriptor)
        atexit.register(self.detach)

    def _let_go(self) -> None:
        process, descriptor = _held_by.pop(self.folder)
        if process == os.getpid():
            # Closing alone would leave it to forks that have the descriptor.
            fcntl.flock(descriptor, fcntl.LOCK_UN)
        os.close(descriptor)

    def _stop_if_unused(self) -> bool:
        with Path(f"{self.folder}.users").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return self.is_running() and self._stop()

    def _stop(self) -> bool:
        account = account_for(self.data)
        pg_ctl = programs_for(account, self.home) / "pg_ctl"
        done = account.run(pg_ctl, "-D", self.data, "-m", "fast", "-w", "-t", "30", "stop")
        if done.returncode:
            raise ServerUnavailable(f"The embedded PostgreSQL did not stop: {done.stderr or done.stdout}")
        return True

    def _start_or_let_go(self) -> bool:
        try:
            self._start()
        except BaseException:
            self._let_go()
            raise
        return True

    def _start(self) -> None:
        account = account_for(self.data)
        self._settle(account)
        programs = programs_for(account, self.home)
        self._prepare_socket_folder(account)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster(account, programs / "initdb")
        self._refuse_foreign_version(account, programs / "postgres")
        self._launch(account, programs / "pg_ctl")
        self._create_database()

    def _settle(self, account: Account) -> None:
        """Give ``account`` a folder that it can reach.

        When root keeps the project where nobody else may enter (``/root``), the data go to ``ROOTS_DATA`` and
        ``folder`` becomes a link to them; no parent folder is opened to anybody.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account.uid == os.geteuid():
            return
        os.chown(self.home, account.uid, account.gid)
        if account.can("-w", self.home):
            return
        elsewhere = ROOTS_DATA / f"{self.folder.name}-{_digest(self.folder.absolute())}"
        elsewhere.mkdir(parents=True, exist_ok=True)
        ROOTS_DATA.chmod(0o755)
        elsewhere.chmod(0o700)
        os.chown(elsewhere, account.uid, account.gid)
        self.folder.rmdir()
        self.folder.symlink_to(elsewhere)

    def _prepare_socket_folder(self, account: Account) -> None:
        place = self.socket_folder
        if not _fits(place):
            raise ServerUnavailable(
                f"The path of the database socket is too long: {place / SOCKET} has more than "
                f"{LONGEST_SOCKET_PATH} bytes. Set TMPDIR or ASSAY_VAR to a shorter path, or DATABASE_URL."
            )
        if place == self.folder.absolute():
            return
        place.mkdir(mode=0o700, exist_ok=True)
        if place.stat().st_uid not in (os.geteuid(), account.uid):
            raise ServerUnavailable(f"The socket folder {place} belongs to another user.")
        os.chown(place, account.uid, account.gid)

    def _create_cluster(self, account: Account, initdb: Path) -> None:
        """Run initdb in a folder of its own, so that an interrupted one leaves no half-made data behind."""
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        access = ["-U", ROLE, "--auth-local=trust", "--auth-host=reject"]
        locale = ["-E", "UTF8", "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        done = account.run(initdb, "-D", unfinished, *access, *locale, *([] if self.durable else ["-N"]))
        if done.returncode:
            raise ServerUnavailable(f"initdb failed in {self.home}:\n{done.stderr or done.stdout}")
        unfinished.rename(self.data)

    def _refuse_foreign_version(self, account: Account, postgres: Path) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        installed = account.run(postgres, "--version").stdout.split()[-1]
        if made_by != installed.partition(".")[0]:
            raise ServerUnavailable(
                f"{self.data} was made by PostgreSQL {made_by} and {installed} is installed: dump the data "
                "with the old version and load them with the new one, or set DATABASE_URL."
            )

    def _launch(self, account: Account, pg_ctl: Path) -> None:
        """Start and wait; the remains of a killed server may hold the data for a moment, so try again."""
        options = shlex.join(self._options())
        start: list[str | Path] = [
            pg_ctl,
            "-D",
            self.data,
            "-l",
            self.log,
            "-o",
            options,
            "-w",
            "-t",
            "60",
            "start",
        ]
        deadline = time.monotonic() + PATIENCE_SECONDS
        self._remove_stale_pid_file()
        while (done := account.run(*start)).returncode:
            if time.monotonic() > deadline:
                last = self.log.read_text(errors="replace")[-2000:] if self.log.exists() else ""
                raise ServerUnavailable(f"The embedded PostgreSQL did not start. {done.stderr}\n{last}")
            time.sleep(0.25)
            self._remove_stale_pid_file()

    def _options(self) -> list[str]:
        # The server may be unable to follow the link that leads clients here.
        sockets = self.socket_folder.resolve()
        options = ["listen_addresses=", f'unix_socket_directories="{sockets}"', f"port={PORT}"]
        if not self.durable:
            options += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        return [word for option in options for word in ("-c", option)]

    def _remove_stale_pid_file(self) -> None:
        """Remove the file of a server that is gone, when a zombie or an unrelated process has its number.

        PostgreSQL itself still refuses to start while a process of the old server holds its shared memory.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists() or not Path("/proc/self/cmdline").exists():
            return
        command_line = Path("/proc", pid_file.read_text().split()[0], "cmdline")
        if not command_line.exists() or b"postgres" not in command_line.read_bytes():
            pid_file.unlink()

    def _create_database(self) -> None:
        host = str(self.socket_folder)
        with psycopg.connect(
            host=host, port=PORT, user=ROLE, dbname="postgres", autocommit=True
        ) as connection:
            known = connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).rowcount
            if not known:
                connection.execute(f"CREATE DATABASE {DATABASE}")


# Which process holds which server, and by what descriptor. The process is kept because a fork copies the
# descriptor but shares its lock: a child relying on its parent's share would lose the server with the parent.
_held_by: dict[Path, tuple[int, int]] = {}


def _fits(folder: Path) -> bool:
    """Return whether a socket fits there and clients can name it: libpq ends a host at a comma."""
    path = os.fsencode(folder / SOCKET)
    return len(path) <= LONGEST_SOCKET_PATH and b"," not in path


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
