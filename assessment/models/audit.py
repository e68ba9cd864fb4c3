"""Who did what: written by the database itself, whoever writes to the tables that are audited."""

from __future__ import annotations

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class Door(models.TextChoices):
    """Which way a change came: scheduled work by a command, and in the database who wrote past this code."""

    DESK = "desk", "at the desk"
    REST = "rest", "by the API"
    PLATFORM = "platform", "by a platform"
    COMMAND = "command", "by a command"
    DATABASE = "database", "in the database"


class Operation(models.TextChoices):
    INSERT = "insert", "added"
    UPDATE = "update", "changed"
    DELETE = "delete", "removed"
    SIGN_IN = "sign_in", "signed in"


class AuditEntry(models.Model):
    """One row of another table, as it was and as it became: a trigger writes it, and refuses to change or delete it.

    What is recorded of which table, and why, stands in `assessment.people.audited`. Rows are named by table and
    number without a foreign key, so that an entry outlives what it is about. Erasing a person takes the name, the
    number and the values away, and leaves that somebody did it.
    """

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField()
    actor = models.UUIDField(null=True, help_text="The account; empty: nobody said who.")
    actor_name = models.CharField(max_length=150, help_text="As it was called at that time.")
    door = models.CharField("way", max_length=10, choices=Door)
    what = models.CharField(max_length=63, help_text="The table.")
    row_id = models.CharField(max_length=64)
    operation = models.CharField(max_length=10, choices=Operation)
    about = models.JSONField(help_text="The numbers of what the row belongs to.")
    before = models.JSONField(help_text="By column; only what has changed.")
    after = models.JSONField()

    class Meta:
        ordering = ["-id"]
        verbose_name_plural = "audit"
        indexes = [
            models.Index(fields=["what", "row_id"], name="audit_of_a_row"),
            models.Index(fields=["actor"], name="audit_of_an_actor"),
            # Erasing asks by it what is about somebody, and the desk what concerns an item or an attempt.
            GinIndex(fields=["about"], opclasses=["jsonb_path_ops"], name="audit_about_something"),
        ]

    def __str__(self) -> str:
        return f"entry {self.pk}"
