"""Work that one process at a time may do, whichever host it runs on.

The lock belongs to a transaction on a connection of its own: it ends with its holder, a pool of connections between
us and PostgreSQL keeps it on one session, and the work itself may commit as often as it likes. The transaction has
read nothing that would keep old rows from being cleaned.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from enum import IntEnum

from django.db import connections
from django.db.backends.base.base import BaseDatabaseWrapper


class Lock(IntEnum):
    """What is locked: the first half of the key, apart from what anything else in the database may lock."""

    START = 4_155_529
    TASK = 4_155_530
    CORRECTION = 4_155_531


@contextmanager
def waiting_for(lock: Lock, name: str = "") -> Iterator[None]:
    """Hold the lock within the block; wait for whoever holds it."""
    with _transaction() as connection:
        _ask(connection, "SELECT pg_advisory_xact_lock(%s, hashtext(%s))", lock, name)
        yield


@contextmanager
def unless_held(lock: Lock, name: str = "") -> Iterator[bool]:
    """Try to hold the lock within the block, and yield whether it is held."""
    with _transaction() as connection:
        yield bool(_ask(connection, "SELECT pg_try_advisory_xact_lock(%s, hashtext(%s))", lock, name))


@contextmanager
def _transaction() -> Iterator[BaseDatabaseWrapper]:
    connection = connections.create_connection("default")
    try:
        connection.set_autocommit(False)
        yield connection
        # The server answers this: whoever asks next finds the lock free. Of a closed connection it hears later.
        connection.rollback()
    finally:
        connection.close()


def _ask(connection: BaseDatabaseWrapper, statement: str, lock: Lock, name: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(statement, [int(lock), name])
        return (cursor.fetchone() or (None,))[0]
