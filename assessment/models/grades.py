"""Grades on their way to other systems: what has changed, and the ledger of what was sent."""

from __future__ import annotations

from typing import Final

from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from assessment.models.assignments import Assignment
from assessment.models.people import Learner
from assessment.models.platforms import PlatformPerson, ResourceLink
from content.models.constraints import Check
from content.models.versions import new_id

LONGEST_REASON: Final = 500


class ResultChange(models.Model):
    """The outbox: a result that has changed, written by the database in the transaction that changed it.

    A trigger on attempts appends it, whoever writes; the work that reads it takes it away.
    """

    id = models.BigAutoField(primary_key=True)
    assignment = models.ForeignKey(Assignment, on_delete=models.CASCADE, related_name="+", db_index=False)
    learner = models.ForeignKey(Learner, on_delete=models.CASCADE, related_name="+", db_index=False)
    created_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.assignment}: {self.learner_id}"


class GradeState(models.TextChoices):
    WAITING = "waiting", "on its way"
    SENT = "sent", "sent"
    PARKED = "parked", "refused by the platform"
    REPLACED = "replaced", "replaced by a newer one before it was sent"


class GradeQuerySet(models.QuerySet["Grade"]):
    def latest_versions(self) -> GradeQuerySet:
        """Leave those of which there is a later version, whatever else is selected here."""
        later = Grade.objects.filter(
            link=OuterRef("link"), person=OuterRef("person"), version__gt=OuterRef("version")
        )
        return self.filter(~Exists(later))


class Grade(models.Model):
    """One version of the grade of one person at one link: a row of the ledger.

    ``timestamp`` rises strictly from version to version, in whole seconds, as platforms compare it. ``score`` is
    empty while a person is yet to judge something.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    link = models.ForeignKey(ResourceLink, on_delete=models.CASCADE, related_name="grades", db_index=False)
    person = models.ForeignKey(PlatformPerson, on_delete=models.CASCADE, related_name="grades")
    version = models.PositiveIntegerField()
    score = models.FloatField(null=True, blank=True, help_text="In points of the line item.")
    maximum = models.FloatField()
    is_final = models.BooleanField(help_text="No: something waits to be judged.")
    timestamp = models.DateTimeField(help_text="What the platform is told, in whole seconds.")
    state = models.CharField(max_length=10, choices=GradeState, default=GradeState.WAITING)
    due_at = models.DateTimeField(help_text="Not before: the release, or the next try.")
    tries = models.PositiveIntegerField(default=0)
    reason = models.CharField(max_length=LONGEST_REASON, blank=True, help_text="Why it is not there yet.")
    sent_at = models.DateTimeField(null=True, blank=True)
    found = models.FloatField(
        null=True, blank=True, help_text="What the gradebook shows, in the same points; empty: nothing."
    )
    differs = models.BooleanField(
        default=False, help_text="The gradebook shows something else: somebody there may have changed it."
    )
    created_at = models.DateTimeField()

    objects = GradeQuerySet.as_manager()

    class Meta:
        ordering = ["link", "person", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["link", "person", "version"], name="one_grade_per_link_person_and_version"
            ),
            Check(
                condition=Q(maximum__gt=0),
                name="a_grade_is_out_of_something",
                field="maximum",
                words="A grade is out of more than 0.",
            ),
            Check(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=F("maximum")),
                name="a_grade_is_within_its_maximum",
                field="score",
                words="A grade lies between 0 and its maximum.",
            ),
            Check(
                condition=~Q(state=GradeState.SENT) | Q(sent_at__isnull=False),
                name="a_sent_grade_says_when",
                field="sent_at",
                words="A grade that was sent says when.",
            ),
        ]
        indexes = [
            # Asked every few seconds.
            models.Index(fields=["due_at"], condition=Q(state=GradeState.WAITING), name="grades_on_their_way")
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.link}, version {self.version}"
