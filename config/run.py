"""``make run``: bring the database up to date, then serve. ``python -m config.run --help`` says more."""

import argparse
import hashlib
import multiprocessing
import os
import signal
import socket
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, connections
from granian import Granian
from granian.constants import Interfaces
from granian.log import LogLevels

THREADS = 4
WORKERS = 4
SECONDS_TO_FINISH = 10
# The advisory lock of a start; any number that nothing else in the database locks.
STARTING = 4_155_529


def main() -> None:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    _refuse_taken_port(options.host, options.port)
    django.setup()
    try:
        prepare()
    except (CommandError, DatabaseError) as error:
        sys.exit(f"Could not prepare the database. {error}")
    _announce(options.host, options.port)
    serve(options.host, options.port, options.workers)


def prepare() -> None:
    """Apply migrations, import the library that ships with Assay, make the demo accounts, collect files."""
    with _one_at_a_time():
        call_command("migrate", verbosity=0)
        call_command("import_content")
        if settings.DEMO:
            call_command("demo")
        _collect_static()


def serve(host: str, port: int, workers: int) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first."""
    # The workers are forks of this process, loaded and ready; a connection must not be shared by two of them.
    multiprocessing.set_start_method("fork")
    connections.close_all()
    # Ctrl-C reaches every process of the terminal. A worker that hears it besides its order to stop hangs.
    os.register_at_fork(after_in_child=lambda: signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT}))
    server = Granian(
        "config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=THREADS,
        # A thread takes its database connection with it, so let idle threads live.
        blocking_threads_idle_timeout=600,
        respawn_failed_workers=True,
        workers_kill_timeout=SECONDS_TO_FINISH,
        log_level=LogLevels.warning,
    )
    try:
        server.serve()
    except SystemExit:
        # A supervisor may order the workers to stop as well; one that obeys first then counts as lost.
        if not server.interrupt_signal:
            raise
    print("Stopped.", flush=True)


@contextmanager
def _one_at_a_time() -> Iterator[None]:
    """Let the second of two starts on one database wait, and then find everything done."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [STARTING])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [STARTING])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.run", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--workers", type=int, default=min(WORKERS, os.cpu_count() or 1))
    return parser.parse_args()


def _refuse_taken_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            sys.exit(f"Port {port} on {host} cannot be used ({error.strerror}). Another: make run PORT=8001")


def _collect_static() -> None:
    """Collect the static files of the installed apps when they differ from those collected last."""
    found = [storage.path(name) for finder in get_finders() for name, storage in finder.list([])]
    facts = [(path, Path(path).stat().st_size, Path(path).stat().st_mtime_ns) for path in sorted(found)]
    wanted = hashlib.sha256(repr(facts).encode()).hexdigest()
    stamp = settings.VAR / "static.made-from"
    if stamp.exists() and stamp.read_text() == wanted and settings.STATIC_ROOT.is_dir():
        return
    call_command("collectstatic", interactive=False, clear=True, verbosity=0)
    stamp.write_text(wanted)


def _announce(host: str, port: int) -> None:
    address = f"http://{host}:{port}"
    lines = [
        f"Assay is at {address}/",
        f"  authoring desk   {address}/admin/",
        f"  REST API         {address}/api/v1/docs/",
    ]
    if settings.DEMO:
        lines.append("  sign in as       learner, instructor or admin; the password is assay-demo")
    lines.append("Ctrl-C stops it; what you entered stays in the database.")
    print("\n".join(lines), flush=True)


if __name__ == "__main__":
    main()
