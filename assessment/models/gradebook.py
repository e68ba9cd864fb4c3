"""What people say of grades, above all that attempts are worth."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assessment.models.assignments import Assignment
from assessment.models.people import Learner, User
from content.models.constraints import Check
from content.models.versions import new_id


class GradeNote(models.Model):
    """What a person says of somebody's grade at an assignment: another score, a comment, that it is excused.

    The latest of a learner at an assignment holds, whole; one without anything takes the former back. A trigger
    refuses to change or delete it.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="grade_notes")
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="grade_notes")
    score = models.FloatField(
        null=True, blank=True, help_text="A fraction of everything, instead of what the attempts are worth."
    )
    is_excused = models.BooleanField(
        default=False, help_text="Nothing is expected: not missing, not counted."
    )
    comment = models.TextField(blank=True, max_length=2000, help_text="Shown to its learner.")
    reason = models.TextField(blank=True, max_length=2000, help_text="For those who teach.")
    author = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="grade_notes"
    )
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            Check(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1),
                name="a_given_grade_is_a_fraction",
                field="score",
                words="A grade is a share of the full score: 0 to 1.",
            ),
            Check(
                condition=Q(score__isnull=True) | Q(is_excused=False),
                name="who_is_excused_has_no_score",
                field="is_excused",
                words="Whoever is excused has no score: give one or the other.",
            ),
            Check(
                condition=Q(score__isnull=True, is_excused=False) | ~Q(reason=""),
                name="another_grade_has_a_reason",
                field="reason",
                words="Say why the grade is another one.",
            ),
        ]

    @property
    def decides(self) -> bool:
        """Whether it says what counts, and not the attempts."""
        return self.score is not None or self.is_excused

    def __str__(self) -> str:
        return f"{self.score} for {self.learner_id} at {self.assignment}"
