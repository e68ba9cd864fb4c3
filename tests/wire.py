"""What goes over the wire to the database, for tests that hold how many statements something costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final

from django.db import connection

OF_TRANSACTIONS: Final = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")
"""A test stands in a transaction of its own, in which a verb's is a savepoint: neither is counted."""


@contextmanager
def statements() -> Iterator[list[str]]:
    """Give a list to which each statement is added as it is sent."""
    sent: list[str] = []

    def note(execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:
        if not sql.lstrip().upper().startswith(OF_TRANSACTIONS):
            sent.append(sql)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield sent
