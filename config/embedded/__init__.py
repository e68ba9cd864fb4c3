"""A private PostgreSQL for machines without a database: started when needed, stopped when nobody uses it."""

from config.embedded.errors import ServerUnavailable
from config.embedded.server import DATABASE, PORT, ROLE, EmbeddedServer

__all__ = ["DATABASE", "PORT", "ROLE", "EmbeddedServer", "ServerUnavailable"]
