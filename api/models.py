"""Keys for machines: who they stand for, what they may do, and nothing that would let a reader use them."""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.crypto import constant_time_compare

from content.models.versions import new_id

MARK = "assay"
PREFIX_BYTES = 6
SECRET_BYTES = 32
TOKEN = re.compile(rf"{MARK}_([0-9a-f]{{{2 * PREFIX_BYTES}}})_[\w-]{{1,100}}", re.ASCII)
OVERLAP: Final = timedelta(hours=24)
"""For so long a key that was replaced goes on to hold, so that whatever uses it can be changed in peace."""
USE_RESOLUTION = timedelta(minutes=1)
"""How exactly ``last_used_at`` is kept: a busy key must not cost a write per request."""


class Scope(models.TextChoices):
    """What a key may do in its owner's name, where the owner may do it as well."""

    CATALOGUE = "catalogue:read", "read lessons, assessments and the owner's name"
    ATTEMPTS_READ = "attempts:read", "read attempts"
    ATTEMPTS_WRITE = "attempts:write", "start attempts and answer in them"
    PRACTICE = "practice", "practice"
    PROGRESS = "progress:read", "read progress"
    GRADE = "grade", "grade answers under named policies"
    COURSES = "courses", "run the courses that the owner teaches: rosters, join codes, copies"
    ACCOMMODATIONS = "accommodations", "read and make accommodations of those whom the owner teaches"
    GRADEBOOK_READ = "gradebook:read", "read the grades of those whom the owner teaches"
    GRADEBOOK_WRITE = "gradebook:write", "give grades to those whom the owner teaches"
    STATISTICS = "statistics:read", "read item statistics of what the owner teaches or writes"
    CORRECTIONS = "corrections", "correct what was answered to items that the owner may correct"


class ApiKeyQuerySet(models.QuerySet["ApiKey"]):
    def usable(self, now: datetime) -> ApiKeyQuerySet:
        holds = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        return self.filter(holds, revoked_at__isnull=True, owner__is_active=True).select_related("owner")

    def matching(self, token: str, now: datetime) -> ApiKey | None:
        """Return the usable key that ``token`` opens. Only a hash is compared, in constant time."""
        found = TOKEN.fullmatch(token)
        if not found:
            return None
        key = self.usable(now).filter(prefix=found[1]).first()
        return key if key and constant_time_compare(key.digest, digest(token)) else None


class ApiKey(models.Model):
    """A named key. Its token is shown once, when it is made; the row keeps a prefix to find it and a hash.

    The token has 256 random bits, so a plain SHA-256 cannot be reversed by guessing.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="api_keys")
    name = models.CharField(
        max_length=100, help_text="What uses it, so that you know what a revocation stops."
    )
    prefix = models.CharField(max_length=2 * PREFIX_BYTES, unique=True, editable=False)
    digest = models.CharField(max_length=64, editable=False)
    scopes = models.JSONField(default=list, help_text="A list of scopes; see docs/api.md.")
    created_at = models.DateTimeField(editable=False)
    expires_at = models.DateTimeField(
        null=True, blank=True, help_text="After this it opens nothing. Empty: it holds until it is revoked."
    )
    last_used_at = models.DateTimeField(null=True, blank=True, editable=False)
    revoked_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = ApiKeyQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        verbose_name = "API key"

    def __str__(self) -> str:
        return f"{self.name} ({MARK}_{self.prefix}_…)"

    def issue(self, now: datetime) -> str:
        """Give an unsaved key its secret and return the token, which nothing can show again."""
        self.prefix = secrets.token_hex(PREFIX_BYTES)
        token = f"{MARK}_{self.prefix}_{secrets.token_urlsafe(SECRET_BYTES)}"
        self.digest = digest(token)
        self.created_at = now
        return token

    def allows(self, scope: str) -> bool:
        return scope in self.scopes

    def is_usable(self, now: datetime) -> bool:
        """Whether it has not ended; its owner may have been locked out besides."""
        return self.revoked_at is None and (self.expires_at is None or self.expires_at > now)

    def revoke(self, now: datetime) -> None:
        self.revoked_at = self.revoked_at or now

    @transaction.atomic
    def rotate(self, now: datetime) -> tuple[ApiKey, str]:
        """Return a new key that may do the same, for as long from now on, and its token. This one ends soon."""
        lasts = self.expires_at - self.created_at if self.expires_at else None
        successor = ApiKey(
            owner=self.owner, name=self.name, scopes=self.scopes, expires_at=now + lasts if lasts else None
        )
        token = successor.issue(now)
        successor.save()
        self.expires_at = min(filter(None, (self.expires_at, now + OVERLAP)))
        self.save(update_fields=["expires_at"])
        return successor, token

    def note_use(self, now: datetime) -> None:
        """Remember roughly when the key was used last."""
        if self.last_used_at is None or now - self.last_used_at > USE_RESOLUTION:
            self.last_used_at = now
            self.save(update_fields=["last_used_at"])


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
