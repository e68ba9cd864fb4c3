"""A private PostgreSQL for machines without a database: started when needed, stopped when nobody uses it."""

from config.embedded.server import DATABASE, PORT, ROLE, EmbeddedServer, ServerUnavailable

__all__ = ["DATABASE", "PORT", "ROLE", "EmbeddedServer", "ServerUnavailable"]
