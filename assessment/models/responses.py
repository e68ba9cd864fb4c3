"""What was answered, and what it was judged to be worth. The truth that everything else is a fold of."""

from __future__ import annotations

from typing import Any, Self

from django.db import models
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from assessment.models.attempts import Attempt, Presentation
from assessment.models.people import Learner, User
from content.models.versions import DocumentField, new_id


class Origin(models.TextChoices):
    LEARNER = "learner", "sent by the learner"
    DRAFT = "draft", "a draft, graded when the attempt ended"
    LATE = "late", "came after the end, and is not judged"


class ResponseQuerySet(models.QuerySet["Response"]):
    def with_current_verdict(self) -> QuerySet[Any]:
        """Add ``judged``, the document of the current verdict; None while it is pending. In the same statement."""
        current = Verdict.objects.current().filter(response=OuterRef("pk")).values("document")
        return self.annotate(judged=Subquery(current[:1]))

    def counting(self) -> Self:
        """Those that count: neither late nor taken back."""
        void = Verdict.objects.current().filter(response=OuterRef("pk"), is_void=True)
        return self.exclude(origin=Origin.LATE).exclude(Exists(void))

    def pending(self) -> Self:
        """Those that wait for a verdict: a grader failed on them."""
        return self.filter(verdicts__isnull=True).exclude(origin=Origin.LATE)


class Response(models.Model):
    """What a learner did, and what was announced to the learner at once. A trigger refuses to change or delete it.

    ``learner`` and ``attempt`` are those of the presentation, from which the guarded write takes them.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    learner = models.ForeignKey(
        Learner, on_delete=models.PROTECT, related_name="responses", db_index=False, db_constraint=False
    )
    attempt = models.ForeignKey(
        Attempt,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="responses",
        db_index=False,
        db_constraint=False,
    )
    presentation = models.ForeignKey(
        Presentation, on_delete=models.PROTECT, related_name="responses", db_index=False
    )
    sequence = models.PositiveIntegerField(
        help_text="Its number among the responses of the attempt; in practice, of the presentation."
    )
    answer = DocumentField()
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.LEARNER)
    after = models.PositiveIntegerField(
        null=True, blank=True, help_text="Of a draft: how many answers the place had when it was typed."
    )
    hints_taken = models.PositiveIntegerField(default=0, help_text="Before this response.")
    seconds = models.FloatField(
        null=True, blank=True, help_text="For how long the place was in view since the response before."
    )
    key = models.UUIDField(help_text="The Idempotency-Key of the request.")
    fingerprint = models.CharField(max_length=64, help_text="Of the request, to tell a retry from another.")
    try_number = models.PositiveIntegerField(
        null=True, blank=True, help_text="The try that it was announced to be; empty where it cost none."
    )
    announcement = DocumentField(
        null=True, blank=True, help_text="Read and written by assessment.disclosure.announcing."
    )
    failure = models.CharField(
        max_length=100, blank=True, help_text="The class of what the grader raised; the log has the rest."
    )
    created_at = models.DateTimeField()

    objects = ResponseQuerySet.as_manager()

    class Meta:
        ordering = ["created_at", "id"]
        constraints = [
            # A repeated request finds its response by it, and leads with the learner for whoever asks about one.
            models.UniqueConstraint(fields=["learner", "key"], name="one_response_per_key"),
            models.UniqueConstraint(
                fields=["presentation", "sequence"], name="one_response_per_place_in_order"
            ),
            models.UniqueConstraint(
                fields=["attempt", "sequence"],
                condition=Q(attempt__isnull=False),
                name="one_response_per_sequence",
            ),
            models.CheckConstraint(
                condition=Q(announcement__isnull=False) | Q(try_number__isnull=True),
                name="a_try_was_announced",
            ),
        ]

    def __str__(self) -> str:
        return f"response {self.sequence} to {self.presentation}"

    def matches(self, fingerprint: str) -> bool:
        return self.fingerprint == fingerprint

    @property
    def verdict(self) -> Verdict | None:
        """The current verdict; None while it is pending. Prefetch ``verdicts`` for a list."""
        return next((one for one in self.verdicts.all() if one.current), None)


class VerdictQuerySet(models.QuerySet["Verdict"]):
    def current(self) -> Self:
        return self.filter(current=True)


class Verdict(models.Model):
    """What a response is worth, by which key and policy, and who says so.

    Number 1 is what was announced. A later one comes with a correction and is current instead; a trigger lets nothing
    change but that an old one ceases to be current.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    response = models.ForeignKey(Response, on_delete=models.PROTECT, related_name="verdicts", db_index=False)
    number = models.PositiveSmallIntegerField(default=1)
    correction = models.ForeignKey(
        "Correction", on_delete=models.PROTECT, null=True, blank=True, related_name="verdicts", db_index=False
    )
    judged_by = DocumentField(
        null=True, blank=True, help_text="Keys and policies by interaction; empty: as the presentation shows."
    )
    grader_version = models.PositiveSmallIntegerField(null=True, blank=True)
    person = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="verdicts", db_index=False
    )
    valid = models.BooleanField()
    score = models.FloatField(help_text="Of this response alone, as a fraction, before penalties.")
    document = DocumentField(help_text="Read and written by content.items.grading.")
    created_at = models.DateTimeField()
    current = models.BooleanField(default=True)
    is_void = models.BooleanField(
        default=False,
        help_text="The answer counts as not sent: it was a draft, and its attempt went on after the end.",
    )

    objects = VerdictQuerySet.as_manager()

    class Meta:
        ordering = ["response", "number"]
        constraints = [
            models.UniqueConstraint(fields=["response", "number"], name="one_verdict_per_number"),
            models.UniqueConstraint(
                fields=["response"], condition=Q(current=True), name="one_current_verdict"
            ),
            models.CheckConstraint(
                condition=Q(grader_version__isnull=False, person__isnull=True)
                | Q(grader_version__isnull=True, person__isnull=False),
                name="a_verdict_has_one_maker",
            ),
        ]
        indexes = [
            models.Index(
                fields=["correction"], condition=Q(correction__isnull=False), name="verdicts_of_a_correction"
            )
        ]

    def __str__(self) -> str:
        return f"verdict {self.number} on {self.response}"
