"""Item statistics as they were last computed: read by pages, so that nobody waits for the sums."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assessment.models.assessments import Assessment
from assessment.models.people import Course
from content.models import ItemBank
from content.models.versions import DocumentField, new_id


class StatisticsSnapshot(models.Model):
    """What the answers say of the items of one assessment, in one course or (without one) everywhere, or of a bank.

    A fold of the log: it may be deleted at any time, and is computed anew when somebody looks.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(
        Assessment, on_delete=models.CASCADE, null=True, blank=True, related_name="statistics"
    )
    bank = models.ForeignKey(
        ItemBank, on_delete=models.CASCADE, null=True, blank=True, related_name="statistics"
    )
    course = models.ForeignKey(
        Course, on_delete=models.CASCADE, null=True, blank=True, related_name="statistics"
    )
    attempts = models.PositiveIntegerField()
    document = DocumentField(help_text="Read and written by assessment.results.statistics.")
    seconds = models.FloatField(help_text="What it took to compute.")
    computed_at = models.DateTimeField()

    class Meta:
        ordering = ["assessment", "course", "bank"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "course", "bank"],
                nulls_distinct=False,
                name="one_snapshot_per_subject",
            ),
            models.CheckConstraint(
                condition=Q(assessment__isnull=False, bank__isnull=True)
                | Q(assessment__isnull=True, course__isnull=True, bank__isnull=False),
                name="a_snapshot_is_of_an_assessment_or_a_bank",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment or self.bank} at {self.computed_at:%Y-%m-%d %H:%M}"
