"""``make run``: bring the database up to date, then serve. ``python -m config.run --help`` says more."""

import argparse
import asyncio
import os
import resource
import socket
import sys
import time
from functools import partial
from threading import Event
from typing import Final

import django
from django.conf import settings
from django.core.management import CommandError, call_command
from django.core.wsgi import get_wsgi_application
from django.db import DatabaseError, connections

from assessment.exclusive import Lock, waiting_for
from config import static
from config.application import Application
from config.embedded import EmbeddedServer
from config.history import ForeignHistory, check_history
from config.processes import Register
from config.serving import serve_application
from config.supervisor import SECONDS_WITHOUT_PARENT, Supervisor, Work

WORKERS: Final = 4
NICER: Final = 5
"""How much the scheduled work stands back from answering learners."""
MOST_FILES: Final = 65_536


def main() -> None:
    options = _options()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    register = Register.open(settings.VAR)
    _refuse_taken_port(options.host, options.port, register)
    django.setup()
    try:
        prepare()
    except (CommandError, DatabaseError, ForeignHistory) as error:
        sys.exit(f"Could not prepare the database. {error}")
    register.enter_as_parent()
    _allow_many_files()
    _announce(options.host, options.port)
    # A connection must not be shared by two processes.
    connections.close_all()
    Supervisor(_works(options), register, leave_database).run()
    print("Stopped.", flush=True)


def prepare() -> None:
    """Apply migrations, import the library that ships with Assay, make the demo accounts, collect files.

    Of several starts on one database one does it, and the others then find everything done.
    """
    # Its models want the apps to be loaded.
    from assessment.models.audit import Door
    from assessment.people.auditing import audited

    with waiting_for(Lock.START):
        check_history()
        call_command("migrate", verbosity=0)
        with audited(Door.COMMAND):
            call_command("import_content")
            if settings.DEMO:
                call_command("demo")
        static.collect()


def serve(host: str, port: int) -> None:
    """Answer requests until SIGTERM; those under way are finished first."""
    asyncio.run(serve_application(Application(get_wsgi_application()), host, port))


def work() -> None:
    """Do the scheduled work until SIGTERM, which ends a task where it stands: its transaction is undone."""
    from assessment.jobs import tasks  # Its models want the apps to be loaded.

    os.nice(NICER)
    tasks.serve(Event())


def _works(options: argparse.Namespace) -> dict[str, Work]:
    answer = partial(serve, options.host, options.port)
    works: dict[str, Work] = {f"server {number}": answer for number in range(1, options.workers + 1)}
    return works | {"scheduled work": work}


def leave_database() -> None:
    """Let go of the embedded database: if the parent was killed, whoever leaves last stops it."""
    server = settings.DATABASES["default"].get("EMBEDDED")
    if isinstance(server, EmbeddedServer):
        server.detach()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m config.run", description=__doc__)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=int(os.environ.get("PORT") or 8000))
    parser.add_argument("--workers", type=int, default=min(WORKERS, os.cpu_count() or 1))
    return parser.parse_args()


def _refuse_taken_port(host: str, port: int, register: Register) -> None:
    """Exit if the port is taken; wait for the children of a killed parent, who are about to leave it."""
    deadline = time.monotonic() + SECONDS_WITHOUT_PARENT + 1
    while reason := _why_taken(host, port):
        if not register.children() or register.parents() or time.monotonic() > deadline:
            sys.exit(
                f"Port {port} on {host} cannot be used ({reason}). Another: make run PORT=8001. "
                "What an earlier start left behind: make stop"
            )
        time.sleep(0.1)


def _why_taken(host: str, port: int) -> str | None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            return error.strerror
    return None


def _allow_many_files() -> None:
    """Raise the limit on open files as far as an ordinary user may: each connection is one."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = MOST_FILES if hard == resource.RLIM_INFINITY else min(hard, MOST_FILES)
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(soft, most), hard))


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
