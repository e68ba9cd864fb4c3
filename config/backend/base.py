"""Django's PostgreSQL backend, which starts the embedded server when the first connection is made.

So every command that needs the database finds it, and those that do not (``help``) start nothing.
"""

import time
from typing import Any, Final

from django.db.backends.postgresql import base

from config.embedded import EmbeddedServer

TRUSTED_SECONDS: Final = 5.0
"""For how long after its last use a connection is taken to be alive. A busy one is not asked before every request."""


class DatabaseWrapper(base.DatabaseWrapper):
    """Reads ``EMBEDDED``, an ``EmbeddedServer`` or nothing, from its settings beside the usual keys."""

    checked_at = 0.0

    def get_new_connection(self, conn_params: dict[str, Any]) -> Any:
        server: EmbeddedServer | None = self.settings_dict.get("EMBEDDED")
        if server:
            server.attach()
        return super().get_new_connection(conn_params)

    def close_if_health_check_failed(self) -> None:
        """Check a connection that has rested; whatever fails on one that has not is noticed by Django afterwards."""
        rested = time.monotonic() - self.checked_at > TRUSTED_SECONDS
        self.checked_at = time.monotonic()
        if rested:
            super().close_if_health_check_failed()
