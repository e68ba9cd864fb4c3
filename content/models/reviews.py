"""What reviewers said of drafts."""

from __future__ import annotations

from typing import Final

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from content.models.constraints import Check, Unique
from content.models.items import ItemVersion
from content.models.versions import Status, new_id

MOST_WORDS: Final = 4000


class Decision(models.TextChoices):
    APPROVED = "approved"
    SENT_BACK = "sent_back", "sent back"


class ReviewQuerySet(models.QuerySet["Review"]):
    def waiting(self) -> ReviewQuerySet:
        """Those of drafts that still read as they did when somebody asked."""
        return self.filter(
            decided_at__isnull=True, version__status=Status.DRAFT, version__fingerprint=F("fingerprint")
        )

    def approving(self, version: ItemVersion) -> ReviewQuerySet:
        """Those that approved a version as it reads now: one edit later there is none."""
        return self.filter(version=version, fingerprint=version.fingerprint, decision=Decision.APPROVED)


class Review(models.Model):
    """Somebody asks that a draft be read, and a reviewer decides on exactly these words.

    A trigger refuses to change what was asked or decided, and to delete it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="reviews")
    fingerprint = models.CharField(max_length=64, help_text="Of the draft as it was when somebody asked.")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews_asked",
    )
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="reviews_decided",
    )
    decided_at = models.DateTimeField(null=True, blank=True)
    decision = models.CharField(max_length=10, choices=Decision, blank=True)
    words = models.TextField(blank=True, max_length=MOST_WORDS, help_text="What the reviewer says.")

    objects = ReviewQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            # Whoever asks twice asks once.
            Unique(
                fields=["version", "fingerprint"],
                condition=Q(decided_at__isnull=True),
                name="one_open_review_per_wording",
                field="version",
                words="A review of this wording has been asked for already.",
            ),
            Check(
                condition=Q(decided_at__isnull=True, decision="")
                | Q(decided_at__isnull=False, decision__in=["approved", "sent_back"]),
                name="a_decided_review_has_a_decision",
                field="decision",
                words="A review is decided, or it has no decision.",
            ),
            Check(
                condition=~Q(decision="sent_back") | ~Q(words=""),
                name="what_is_sent_back_has_words",
                field="words",
                words="Say what is to be changed.",
            ),
        ]

    def __str__(self) -> str:
        return f"review of {self.version}"

    @property
    def state(self) -> str:
        """Return in words how it stands."""
        if self.decided_at:
            return self.get_decision_display()
        return "waiting" if self.version.fingerprint == self.fingerprint else "the draft has changed since"
