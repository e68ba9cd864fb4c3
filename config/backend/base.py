"""Django's PostgreSQL backend, which starts the embedded server when the first connection is made.

So every command that needs the database finds it, and those that do not (``help``) start nothing.
"""

from typing import Any

from django.db.backends.postgresql import base

from config.embedded import EmbeddedServer


class DatabaseWrapper(base.DatabaseWrapper):
    """Reads ``EMBEDDED``, an ``EmbeddedServer``, from its settings beside the usual keys."""

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        server: EmbeddedServer = self.settings_dict["EMBEDDED"]
        server.attach()
        return super().get_new_connection(conn_params)
