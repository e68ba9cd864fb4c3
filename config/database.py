"""Which database: the one that ``DATABASE_URL`` names, or the embedded PostgreSQL when it names none."""

from pathlib import Path
from typing import Any, Final

import environ

from config import embedded
from config.embedded import EmbeddedServer

PERSISTENCE: Final[dict[str, Any]] = {
    "ENGINE": "config.backend",
    "CONN_MAX_AGE": 600,
    "CONN_HEALTH_CHECKS": True,
    "OPTIONS": {"server_side_binding": True, "prepare_threshold": 1},
}
"""A connection belongs to a thread of the application server and is kept between requests. A new one costs 5 ms of
PostgreSQL, and a pool was a quarter slower than persistent connections. What is sent twice is prepared by the server:
to parse and plan a statement anew costs it more than the statement itself."""


def configuration(url: str, folder: Path, password: str = "") -> dict[str, Any]:
    """Return the entry for ``DATABASES``; starts nothing. A ``password`` stands in where the URL has none."""
    if url:
        return from_url(url, password)
    return for_server(EmbeddedServer(folder))


def from_url(url: str, password: str = "") -> dict[str, Any]:
    """Return the entry for a URL; an option in its query (``?prepare_threshold=none``) goes before ours."""
    entry = environ.Env.db_url_config(url)
    given = {name: None if value == "none" else value for name, value in entry.get("OPTIONS", {}).items()}
    options = {**PERSISTENCE["OPTIONS"], **given}
    password = entry.get("PASSWORD") or password
    return {**PERSISTENCE, **entry, "ENGINE": PERSISTENCE["ENGINE"], "OPTIONS": options, "PASSWORD": password}


def for_server(server: EmbeddedServer) -> dict[str, Any]:
    return {
        **PERSISTENCE,
        "EMBEDDED": server,
        "NAME": embedded.DATABASE,
        "USER": embedded.ROLE,
        "HOST": str(server.socket_folder),
        "PORT": str(embedded.PORT),
    }
