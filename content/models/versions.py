"""What lessons and items have in common: a document that never changes once it is published."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import models
from uuid_utils.compat import uuid7


def new_id() -> UUID:
    """Return a UUIDv7: ordered by time, so that fresh rows lie together in every index."""
    return uuid7()


def fingerprint(document: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document, the same for the same content in any key order."""
    canonical = json.dumps(document, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonical.encode()).hexdigest()


class Status(models.TextChoices):
    DRAFT = "draft"
    PUBLISHED = "published"
    RETIRED = "retired"


class Version(models.Model):
    """One wording of something. A database trigger refuses any change to it once it has left ``draft``,
    except the step from published to retired."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    number = models.PositiveIntegerField()
    status = models.CharField(max_length=10, choices=Status, default=Status.DRAFT)
    document = models.JSONField()
    fingerprint = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField()
    published_at = models.DateTimeField(null=True, blank=True)
    retired_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_draft(self) -> bool:
        return self.status == Status.DRAFT

    def write(self, document: Mapping[str, Any]) -> None:
        """Replace the document of a draft; the fingerprint follows it."""
        self.document = dict(document)
        self.fingerprint = fingerprint(document)

    def mark_published(self, now: datetime) -> None:
        self.status = Status.PUBLISHED
        self.published_at = now

    def mark_retired(self, now: datetime) -> None:
        self.status = Status.RETIRED
        self.retired_at = now
