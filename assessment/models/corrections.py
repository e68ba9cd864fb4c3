"""What was put right afterwards: other keys, other scores, other ends. Added to, never changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from assessment.models.assessments import Assessment
from assessment.models.attempts import Attempt, Presentation
from assessment.models.people import User
from content.models import ItemVersion
from content.models.constraints import Check
from content.models.versions import new_id


class CorrectionKind(models.TextChoices):
    KEY = "key", "another key"
    POLICY = "policy", "another policy"
    DROP = "drop", "does not count"
    FULL_CREDIT = "full_credit", "full credit for all"
    ACCEPT = "accept", "this answer too"


class CorrectionQuerySet(models.QuerySet["Correction"]):
    def in_force(self) -> CorrectionQuerySet:
        """Applied and not undone since, the earliest first."""
        applied = self.filter(applied_at__isnull=False, undoes__isnull=True)
        return applied.exclude(undone_by__applied_at__isnull=False).order_by("applied_at", "id")

    def concerning(self, versions: Collection[UUID], assessment_id: UUID | None) -> CorrectionQuerySet:
        """Those on some wordings, everywhere or in one assessment; practice belongs to none."""
        here = Q(assessment__isnull=True) | Q(assessment=assessment_id)
        return self.filter(here if assessment_id else Q(assessment__isnull=True), versions__in=versions)


class Correction(models.Model):
    """How some item versions are judged from its application on. It stays, and another one may undo it."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    kind = models.CharField(max_length=12, choices=CorrectionKind)
    versions: models.ManyToManyField[ItemVersion, models.Model] = models.ManyToManyField(
        ItemVersion, related_name="corrections", help_text="Whose answers are judged anew."
    )
    corrected_version = models.ForeignKey(
        ItemVersion,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrects",
        help_text="The wording with the right key or policy.",
    )
    accepted = models.JSONField(
        null=True,
        blank=True,
        help_text="What is accepted besides the key; read and written by content.items.accepting.",
    )
    assessment = models.ForeignKey(
        Assessment,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="corrections",
        help_text="Empty: wherever the versions were shown.",
    )
    keep_if_better = models.BooleanField(
        default=True, help_text="An attempt that would lose by it keeps all its verdicts."
    )
    exact = models.BooleanField(default=False, help_text="Takes away as well what was announced to be right.")
    reason = models.TextField()
    author = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="corrections"
    )
    undoes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="undone_by"
    )
    created_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            Check(
                condition=Q(kind__in=["drop", "full_credit", "accept"], corrected_version__isnull=True)
                | Q(kind__in=["key", "policy"], corrected_version__isnull=False),
                name="a_new_key_or_policy_stands_in_a_version",
                field="corrected_version",
                words="A new key or policy stands in a corrected version, and nothing else does.",
            ),
            Check(
                condition=Q(kind="accept", accepted__isnull=False)
                | Q(~Q(kind="accept"), accepted__isnull=True),
                name="what_is_accepted_too_is_said",
                field="accepted",
                words="Say which answer is accepted as well.",
            ),
            Check(
                condition=~Q(reason=""),
                name="a_correction_has_a_reason",
                field="reason",
                words="Say why it is corrected.",
            ),
            Check(
                condition=Q(undoes__isnull=True) | ~Q(undoes=F("id")),
                name="nothing_undoes_itself",
                field="undoes",
                words="A correction cannot undo itself.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.reason}"


def judged_anew_since(**wordings: Any) -> Exists:
    """Return the condition that answers to some wordings were judged anew after a row had been made from them."""
    named = {f"versions__{name}": value for name, value in wordings.items()}
    return Exists(Correction.objects.filter(applied_at__gt=OuterRef("created_at"), **named))


class Override(models.Model):
    """A score that a person gave, above all corrections. The latest holds; one without a score takes it back."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="overrides")
    presentation = models.ForeignKey(
        Presentation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="overrides",
        help_text="Empty: the attempt as a whole.",
    )
    score = models.FloatField(null=True, blank=True, help_text="A fraction of what could be earned.")
    reason = models.TextField()
    author = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="overrides"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            Check(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1),
                name="an_override_is_a_fraction",
                field="score",
                words="A score is a share of the full one: 0 to 1.",
            ),
            Check(
                condition=~Q(reason=""),
                name="an_override_has_a_reason",
                field="reason",
                words="Say why the score is another one.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.score} for {self.presentation or self.attempt}: {self.reason}"


class ActionKind(models.TextChoices):
    VOID = "void", "counts for nothing"
    RESTORE = "restore", "counts again"
    REOPEN = "reopen", "open again"
    EXTEND = "extend", "more time"
    ALLOW_ANOTHER = "allow_another", "another attempt"


class AttemptAction(models.Model):
    """What a person decided about an attempt."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    attempt = models.ForeignKey(Attempt, on_delete=models.PROTECT, related_name="actions")
    kind = models.CharField(max_length=14, choices=ActionKind)
    until = models.DateTimeField(null=True, blank=True, help_text="The new deadline; empty: none.")
    reason = models.TextField()
    author = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="attempt_actions"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            Check(
                condition=~Q(reason=""),
                name="an_action_has_a_reason",
                field="reason",
                words="Say why this is done.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.attempt}"
