"""When the scheduled work was done last, and how it went."""

from datetime import datetime, timedelta

from django.db import models


class TaskOutcome(models.TextChoices):
    """How the last run of a task stands; one that was killed stays ``running`` until its next run."""

    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class TaskRun(models.Model):
    """The last run of one task, overwritten by its next. Whoever holds the task's lock writes it."""

    name = models.CharField(max_length=40, primary_key=True)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    succeeded_at = models.DateTimeField(null=True, help_text="when a run last ended well")
    outcome = models.CharField(max_length=10, choices=TaskOutcome)
    detail = models.TextField(blank=True, help_text="what it did, or why it failed")

    class Meta:
        constraints = [
            # Doctor and metrics show a duration only of what ended.
            models.CheckConstraint(
                name="a_task_ends_after_it_starts",
                condition=models.Q(finished_at__isnull=True)
                | models.Q(finished_at__gte=models.F("started_at")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.outcome}"

    @property
    def seconds(self) -> float | None:
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None

    def is_due(self, interval: timedelta, now: datetime) -> bool:
        return now - self.started_at >= interval
