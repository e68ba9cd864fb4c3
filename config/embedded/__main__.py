"""Tend the embedded PostgreSQL by hand.

``python -m config.embedded stop`` stops servers that nobody uses, such as a killed process leaves behind.
``python -m config.embedded pg_dump -Fc`` runs a program of PostgreSQL (``psql``, ``pg_restore``) on the database.
"""

import os
import subprocess
import sys

from django.conf import settings

from config.embedded import DATABASE, PORT, ROLE, EmbeddedServer
from config.embedded.account import account_for
from config.embedded.programs import programs_for


def main(arguments: list[str]) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    if not arguments or arguments[0].startswith("-"):
        print(__doc__)
        return 0
    if arguments == ["stop"]:
        return stop_unused()
    return _run(*arguments)


def stop_unused() -> int:
    """Stop the servers under ``var/`` that nobody uses; return the exit status."""
    for folder in (settings.VAR / "postgres", settings.VAR / "test-postgres"):
        if EmbeddedServer(folder).stop_unused():
            print(f"Stopped the server of {folder}.")
    return 0


def _run(name: str, *arguments: str) -> int:
    server = EmbeddedServer(settings.VAR / "postgres")
    server.attach()
    program = programs_for(account_for(server.data), server.home) / name
    if not program.exists():
        print(f"PostgreSQL has no program {name}; there are psql, pg_dump, pg_restore and others.")
        return 2
    place = {"PGHOST": str(server.socket_folder), "PGPORT": str(PORT), "PGUSER": ROLE, "PGDATABASE": DATABASE}
    return subprocess.run([program, *arguments], env=os.environ | place, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
