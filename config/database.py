"""Which database: the one that ``DATABASE_URL`` names, or the embedded PostgreSQL when it names none."""

from pathlib import Path
from typing import Any

import environ

from config import embedded
from config.embedded import EmbeddedServer

# A connection belongs to a thread of the application server and is kept between requests; a check before its
# first use in a request replaces one that the server has closed. A new connection costs 5 ms of PostgreSQL,
# and a pool was a quarter slower than persistent connections.
PERSISTENCE: dict[str, Any] = {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}


def configuration(url: str, folder: Path, password: str = "") -> dict[str, Any]:
    """Return the entry for ``DATABASES``; starts nothing. A ``password`` stands in where the URL has none."""
    if url:
        return from_url(url, password)
    return for_server(EmbeddedServer(folder))


def from_url(url: str, password: str = "") -> dict[str, Any]:
    entry = environ.Env.db_url_config(url)
    return {**PERSISTENCE, **entry, "PASSWORD": entry.get("PASSWORD") or password}


def for_server(server: EmbeddedServer) -> dict[str, Any]:
    return {
        **PERSISTENCE,
        "ENGINE": "config.backend",
        "EMBEDDED": server,
        "NAME": embedded.DATABASE,
        "USER": embedded.ROLE,
        "HOST": str(server.socket_folder),
        "PORT": str(embedded.PORT),
    }
