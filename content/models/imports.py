"""What was imported, by whom, and how it was before: so that an import can be taken back."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final

from django.conf import settings
from django.db import models
from django.db.models import Q

from content.models.versions import DocumentField, new_id

KEPT_FOR: Final = timedelta(days=1)
"""A dry run that nobody carries out is forgotten after this time, with the files that were brought for it."""


class ImportState(models.TextChoices):
    PLANNED = "planned", "looked at, not carried out"
    DONE = "done", "carried out"
    UNDONE = "undone", "taken back"


class ImportRunQuerySet(models.QuerySet["ImportRun"]):
    def forgotten(self, now: datetime) -> ImportRunQuerySet:
        """Dry runs that nobody has carried out in time."""
        return self.filter(state=ImportState.PLANNED, begun_at__lt=now - KEPT_FOR)

    def last_of(self, user: Any = None) -> ImportRun | None:
        """Return the latest run that can be taken back, of somebody's or of all."""
        own = self.filter(by=user) if user else self
        return own.filter(state=ImportState.DONE).order_by("-begun_at", "-pk").first()


class ImportRun(models.Model):
    """An import that wrote something, or at the desk one that waits to be confirmed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    begun_at = models.DateTimeField()
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="imports",
        help_text="Empty: a command.",
    )
    state = models.CharField(max_length=10, choices=ImportState, default=ImportState.DONE)
    sources = models.TextField("from", help_text="What was brought, by name.")
    bank_slug = models.CharField("bank", max_length=100, blank=True)
    result = DocumentField(default=dict, help_text="What became of each item, as it was told.")
    undone_at = models.DateTimeField(null=True, blank=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="imports_undone",
    )
    undone = DocumentField(default=list, help_text="What taking it back did with each row.")

    objects = ImportRunQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-id"]
        verbose_name = "import"
        constraints = [
            models.CheckConstraint(
                condition=Q(state=ImportState.UNDONE, undone_at__isnull=False)
                | (~Q(state=ImportState.UNDONE) & Q(undone_at__isnull=True)),
                name="an_import_that_was_undone_has_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.sources[:80]}, {self.begun_at:%Y-%m-%d %H:%M}"


class ImportChange(models.Model):
    """A row that an import wrote: what it was before, and which version it brought.

    Rows are named without a foreign key: what an import has made may be removed again. A trigger lets a published
    version be deleted where the import that made it ``is_new`` has been taken back, and nowhere else.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="changes")
    model = models.CharField(max_length=60, help_text="As the framework labels it.")
    row_id = models.UUIDField()
    slug = models.CharField(max_length=100)
    is_new = models.BooleanField(default=False)
    before = DocumentField(default=dict, help_text="Of a row that existed: its columns before.")
    after = DocumentField(default=dict, help_text="The same columns, as the import left them.")
    version_before = models.UUIDField(null=True, blank=True)
    version_after = models.UUIDField(null=True, blank=True)
    origin = models.CharField(max_length=64, blank=True, help_text="Names a question of a foreign file.")

    class Meta:
        ordering = ["run", "id"]
        indexes = [
            # Whoever imports a file again asks which items came of its questions.
            models.Index(fields=["origin"], condition=~Q(origin=""), name="items_of_foreign_questions"),
            # The trigger asks it of a published version that is to be deleted.
            models.Index(
                fields=["version_after"], condition=Q(is_new=True), name="versions_that_imports_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.model} {self.slug}"


class ImportFile(models.Model):
    """A file that waits at the desk until its import is confirmed."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    run = models.ForeignKey(ImportRun, on_delete=models.CASCADE, related_name="files")
    name = models.CharField(max_length=200)
    content = models.BinaryField()

    class Meta:
        ordering = ["run", "id"]

    def __str__(self) -> str:
        return self.name
