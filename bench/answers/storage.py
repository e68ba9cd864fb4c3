"""What is stored: the size of the service's tables with all of their indexes."""

from typing import Final

from django.db import connection

SIZE: Final = """
    SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0)::bigint
    FROM pg_class AS c JOIN pg_namespace AS n ON n.oid = c.relnamespace
    WHERE c.relkind = 'r' AND n.nspname = 'public'
"""


def stored_bytes() -> int:
    """Return the bytes of all tables of the service, indexes and texts out of line included."""
    with connection.cursor() as cursor:
        cursor.execute(SIZE)
        (size,) = cursor.fetchone()
    return int(size)
