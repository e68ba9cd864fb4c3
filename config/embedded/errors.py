"""What can go wrong, as the database driver would say it, so that Django treats it as an outage."""

import psycopg


class ServerUnavailable(psycopg.OperationalError):
    """The embedded server cannot serve; the message says why and what to do."""
