"""What is counted across all processes and hosts: requests that guess, or that make rows for strangers."""

from __future__ import annotations

from datetime import datetime

from django.db import connection, models


class RateCountQuerySet(models.QuerySet["RateCount"]):
    def count_up(self, scope: str, ident: str, ends_at: datetime) -> int:
        """Count one request and return how many there are in the window that ends then, this one included.

        One statement: requests at the same moment wait for each other's row and no two get the same number.
        """
        with connection.cursor() as cursor:
            cursor.execute(COUNT_UP, [scope, ident, ends_at])
            return int(cursor.fetchone()[0])


COUNT_UP = """
    INSERT INTO assessment_ratecount AS counted (scope, ident, ends_at, count)
    VALUES (%s, %s, %s, 1)
    ON CONFLICT (scope, ident) DO UPDATE SET
        count = CASE WHEN counted.ends_at = EXCLUDED.ends_at THEN counted.count + 1 ELSE 1 END,
        ends_at = EXCLUDED.ends_at
    RETURNING count
"""


class RateCount(models.Model):
    """How often somebody asked within the latest window of time. ``ident`` is an address, an account or a hash."""

    pk = models.CompositePrimaryKey("scope", "ident")
    scope = models.CharField(max_length=20)
    ident = models.CharField(max_length=100)
    ends_at = models.DateTimeField(db_index=True)
    count = models.PositiveIntegerField()

    objects = RateCountQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.scope} by {self.ident}: {self.count}"
