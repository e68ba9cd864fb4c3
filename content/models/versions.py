"""What lessons, items and assessments have in common: a document that never changes once it is published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import models
from psycopg.types.json import Json
from uuid_utils.compat import uuid7

from content.documents.text import dump_document


def new_id() -> UUID:
    """Return a UUIDv7: ordered by time, so that fresh rows lie together in every index."""
    return uuid7()


def fingerprint(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document. The order of its keys counts: steps are computed in it."""
    canonical = json.dumps(document, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Hashed:
    """A document that is known by its fingerprint: what is made of it can be kept in this process."""

    fingerprint: str
    document: Mapping[str, Any] = field(compare=False)


class NeverPublished(Exception):
    """There is no version that could be shown."""


class DocumentField(models.JSONField):
    """JSON that keeps the order of its keys, in which its author wrote them; ``jsonb`` would sort them."""

    def db_type(self, connection: Any) -> str:
        return "json"

    def get_db_prep_value(self, value: Any, connection: Any, prepared: bool = False) -> Any:
        return None if value is None else Json(value, dumps=_dumps)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Any:
        """Return what psycopg has parsed already."""
        return value


def _dumps(document: Any) -> str:
    return json.dumps(document, ensure_ascii=False)


class Imported(models.Model):
    """A row that may come from a file. The same file again changes nothing, whatever people have edited since;
    an edited file wins."""

    imported_fingerprint = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        abstract = True


class Retirable(models.Model):
    """A row that can be taken out of use; what learners have had of it stays."""

    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True


class Status(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


def _somebody(help_text: str) -> Any:
    """Return a field for an account that a version names; an erased account is forgotten here as well."""
    return models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        help_text=help_text,
    )


class Version(models.Model):
    """One wording of something. A database trigger refuses any change to it once it has left ``draft``,
    except the step from published to retired."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    document = DocumentField()
    source = models.TextField(
        blank=True,
        default="",
        db_default="",
        editable=False,
        help_text="The document as its author wrote it, with comments and layout; empty where a program made it.",
    )
    fingerprint = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    written_by = _somebody("Who saved the draft last; empty where a program did.")
    written_at = models.DateTimeField(
        null=True, blank=True, editable=False, help_text="When the draft was saved last; empty in old rows."
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = _somebody("Who published it; empty where a program did.")
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    @property
    def text(self) -> str:
        """The document as YAML: as its author wrote it, or as we would."""
        return self.source or dump_document(self.document)

    @property
    def revision(self) -> str:
        """Return what changes with every letter of the text: a comment is work of somebody, too."""
        return hashlib.sha256(self.text.encode()).hexdigest()

    def write(self, document: Mapping[str, Any], source: str = "") -> None:
        """Replace the document of a draft and the text it was read from; the fingerprint follows the document.

        A text that cannot be read whole is kept as well, beside what could be read of it.
        """
        self.document = dict(document)
        self.source = source
        self.fingerprint = fingerprint(document)

    def mark_published(self, now: datetime, by: Any = None) -> None:
        self.status = Status.PUBLISHED
        self.published_at, self.published_by = now, by

    def mark_retired(self, now: datetime) -> None:
        self.status = Status.RETIRED
        self.retired_at = now
