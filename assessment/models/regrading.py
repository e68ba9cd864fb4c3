"""Corrections on their way through attempts: runs with their progress, what they do to attempts, and who asked."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import F, Q

from assessment.models.attempts import Attempt
from assessment.models.corrections import Correction
from assessment.models.people import Learner, User
from assessment.models.responses import Response
from content.models.constraints import Check, Unique
from content.models.versions import new_id


class RunKind(models.TextChoices):
    PREVIEW = "preview"
    APPLY = "apply"


class CorrectionRun(models.Model):
    """A preview or an application of a correction, asked for by somebody: how far it is, and how it ended."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="runs")
    kind = models.CharField(max_length=10, choices=RunKind)
    asked_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="correction_runs"
    )
    asked_at = models.DateTimeField()
    total = models.PositiveIntegerField(null=True, blank=True, help_text="Attempts; empty before it began.")
    done = models.PositiveIntegerField(default=0)
    seconds = models.FloatField(null=True, blank=True, help_text="For how long it has worked.")
    finished_at = models.DateTimeField(null=True, blank=True)
    failure = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            # Whoever asks twice asks once.
            Unique(
                fields=["correction", "kind"],
                condition=Q(finished_at__isnull=True),
                name="one_unfinished_run_per_correction_and_kind",
                field="correction",
                words="This correction is being worked on already.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} of {self.correction}"


class CorrectionEffect(models.Model):
    """What a correction does to one attempt, as previewed or, with ``applied_at``, as done.

    Scores are the attempt's own, before what a person gave. ``kept``: it would have lost, and keeps its verdicts.
    """

    id = models.BigAutoField(primary_key=True)
    correction = models.ForeignKey(
        Correction, on_delete=models.PROTECT, related_name="effects", db_index=False
    )
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="corrections_felt")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="+")
    before_score = models.FloatField()
    before_max = models.FloatField()
    after_score = models.FloatField()
    after_max = models.FloatField()
    kept = models.BooleanField(default=False)
    passed_before = models.BooleanField(null=True)
    passed_after = models.BooleanField(null=True)
    told_right = models.PositiveSmallIntegerField(
        default=0, help_text="Answers announced to be right that the correction would find worse."
    )
    path_differs = models.BooleanField(
        default=False,
        help_text="It was chosen item by item, and verdicts that the choice stood on have changed.",
    )
    refused = models.JSONField(
        null=True, blank=True, help_text="By position why what was shown there cannot be judged anew."
    )
    applied_at = models.DateTimeField(null=True, blank=True)
    seen_at = models.DateTimeField(null=True, blank=True, help_text="When its learner put the notice away.")

    class Meta:
        ordering = ["correction", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["correction", "attempt"], name="one_effect_per_correction_and_attempt"
            )
        ]

    def __str__(self) -> str:
        return f"{self.correction} on {self.attempt_id}"

    @property
    def changes(self) -> bool:
        return (self.before_score, self.before_max) != (self.after_score, self.after_max)


CHANGED: Final = ~Q(after_score=F("before_score"), after_max=F("before_max"))
"""The condition on effects that they change a score."""


def fraction(score: float, most: float) -> float | None:
    """Return a share of everything; None where nothing counts."""
    return score / most if most else None


class RegradeRequest(models.Model):
    """A learner asks that one answer be looked at again, once per answer."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    response = models.OneToOneField(Response, on_delete=models.CASCADE, related_name="regrade_request")
    text = models.TextField(blank=True, max_length=2000)
    created_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="regrade_requests_closed"
    )
    reply = models.TextField(blank=True, max_length=2000, help_text="Shown to its learner.")

    class Meta:
        ordering = ["id"]
        constraints = [
            Check(
                condition=Q(closed_at__isnull=False) | Q(reply=""),
                name="a_reply_closes_a_request",
                field="reply",
                words="A reply closes the request.",
            )
        ]

    def __str__(self) -> str:
        return f"request about {self.response}"
