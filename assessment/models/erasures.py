"""Who asked that a learner be forgotten, and why."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assessment.models.people import Learner, User
from content.models.constraints import Check
from content.models.versions import new_id


class Erasure(models.Model):
    """The one way through the triggers that keep the log: a row that says whose and why, carried out once.

    It keeps the number of the learner, which names nobody, and no word about who that was.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    learner = models.ForeignKey(
        Learner, on_delete=models.DO_NOTHING, related_name="erasures", db_constraint=False
    )
    keeps_grades = models.BooleanField(
        default=False, help_text="A course has to keep its grades: numbers stay, and what was written goes."
    )
    reason = models.TextField(help_text="Without the name of who is to be forgotten.")
    author = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, blank=True, related_name="erasures", db_constraint=False
    )
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [
            Check(
                condition=~Q(reason=""),
                name="an_erasure_has_a_reason",
                field="reason",
                words="Say why it is erased.",
            )
        ]

    def __str__(self) -> str:
        return f"erasure of learner {self.learner_id}"
