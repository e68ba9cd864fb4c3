"""What happened: attempts, what was shown in them, what was answered.

``Response`` is the truth. Scores and states on the other rows are folds of it, kept for quick reading;
``manage.py verify_attempts`` recomputes them.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Final, Self

from django.db import models
from django.db.models import Q

from assessment.errors import TooManyInvalid
from assessment.models.assessments import Assessment
from assessment.models.measurement import AdaptivePool, grid_field
from assessment.models.people import Learner
from assessment.rules.delivery import DeliveryRules, Feedback
from assessment.scoring.tries import Tally, TryRules, settled
from content.items.drawing import Variant
from content.models import ItemVersion
from content.models.versions import new_id

FREE_INVALID: Final = 50
PAUSE: Final = timedelta(minutes=1)
"""An answer that cannot be read costs no try, but each is graded and stored permanently."""


class AttemptState(models.TextChoices):
    OPEN = "open"
    SUBMITTED = "submitted"
    EXPIRED = "expired"


class Attempt(models.Model):
    """One sitting of an assessment by one learner, under the rules in force when it began."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="attempts")
    mode = models.CharField(
        max_length=10, help_text="How it gets its items, whatever the assessment says by now."
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=AttemptState, default=AttemptState.OPEN)
    rules_document = models.JSONField(
        db_column="rules", help_text="Read and written by assessment.rules.delivery."
    )
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True)
    finished_at = models.DateTimeField(null=True, blank=True)
    score = models.FloatField(default=0.0)
    max_score = models.FloatField(default=0.0)
    # What follows is of adaptive attempts alone, and empty in all others.
    posterior = grid_field(null=True)
    pool = models.ForeignKey(
        AdaptivePool, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    adaptive_document = models.JSONField(
        db_column="adaptive",
        null=True,
        blank=True,
        help_text="Read and written by assessment.modes.adaptive.",
    )
    # Of mastery attempts alone.
    mastery_document = models.JSONField(
        db_column="mastery",
        null=True,
        blank=True,
        help_text="Read and written by assessment.selection.mastery.",
    )
    stop_reason = models.CharField(
        max_length=40, blank=True, help_text="Why an attempt ended that is chosen item by item."
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "assessment", "number"], name="one_attempt_per_learner_and_number"
            ),
            # A double click must not make two attempts: start_attempt relies on it.
            models.UniqueConstraint(
                fields=["learner", "assessment"], condition=Q(state="open"), name="one_open_attempt"
            ),
            models.CheckConstraint(
                condition=Q(state="open", finished_at__isnull=True)
                | Q(~Q(state="open"), finished_at__isnull=False),
                name="a_finished_attempt_has_an_end",
            ),
            models.CheckConstraint(
                condition=Q(
                    ~Q(mode="adaptive"),
                    posterior__isnull=True,
                    pool__isnull=True,
                    adaptive_document__isnull=True,
                )
                | Q(
                    mode="adaptive",
                    posterior__isnull=False,
                    pool__isnull=False,
                    adaptive_document__isnull=False,
                ),
                name="an_adaptive_attempt_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(mode="mastery", mastery_document__isnull=False)
                | Q(~Q(mode="mastery"), mastery_document__isnull=True),
                name="a_mastery_attempt_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["learner", "-id"], name="attempts_of_a_learner"),
            # Every minute somebody asks whose time is up.
            models.Index(
                fields=["deadline"],
                condition=models.Q(state="open", deadline__isnull=False),
                name="open_attempts_by_deadline",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment} #{self.number} by {self.learner}"

    @cached_property
    def rules(self) -> DeliveryRules:
        return DeliveryRules.from_json(self.rules_document)

    def has_run_out(self, now: datetime) -> bool:
        return self.deadline is not None and now > self.deadline

    def is_open(self, now: datetime) -> bool:
        return self.state == AttemptState.OPEN and not self.has_run_out(now)

    def releases_verdicts(self, now: datetime) -> bool:
        """Whether verdicts, scores and solutions may be shown to the learner: whatever tells one asks here first."""
        closed = self.rules.feedback is Feedback.AFTER_CLOSE and self._has_closed(now)
        return self.rules.releases(finished=self.state != AttemptState.OPEN, closed=closed)

    def _has_closed(self, now: datetime) -> bool:
        """Whether nobody can take the assessment any more: one learner's earlier closing opens nothing.

        Without a closing time an assessment closes when it is taken off.
        """
        arranged = self.assessment.accommodation_among(self.learner.accommodations)
        closings = [c for c in (self.assessment.closes_at, self.assessment.closing_for(arranged)) if c]
        return now >= max(closings) if closings else not self.assessment.is_open

    def finish(self, state: AttemptState, now: datetime) -> None:
        self.state = state
        self.finished_at = now


class Presentation(models.Model):
    """One item as shown at one place of an attempt; without an attempt, a variant of free practice.

    ``variant`` keeps what was drawn: parameters, option order, key and policy. The seed only says where
    they came from.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    learner = models.ForeignKey(
        Learner, on_delete=models.PROTECT, related_name="presentations", db_index=False
    )
    attempt = models.ForeignKey(
        Attempt, on_delete=models.PROTECT, null=True, blank=True, related_name="presentations", db_index=False
    )
    position = models.PositiveIntegerField(null=True, blank=True)
    section_title = models.CharField(max_length=200, blank=True)
    item_version = models.ForeignKey(ItemVersion, on_delete=models.PROTECT, related_name="presentations")
    variant_document = models.JSONField(
        db_column="variant", help_text="Read and written by content.items.drawing."
    )
    weight = models.FloatField(default=1.0)
    shown_at = models.DateTimeField()
    hints_taken = models.PositiveIntegerField(default=0)
    tries_used = models.PositiveIntegerField(default=0)
    invalid_answers = models.PositiveIntegerField(default=0, db_default=0)
    paused_until = models.DateTimeField(
        null=True, blank=True, help_text="After too many answers that could not be read, the next one waits."
    )
    score = models.FloatField(
        null=True, blank=True, help_text="Fraction of the weight; empty before a valid try."
    )
    is_settled = models.BooleanField(default=False, help_text="Right, or its tries are spent.")
    is_seeded = models.BooleanField(
        default=False, help_text="Asked to learn about the item: it does not count when the attempt is over."
    )
    choice = models.JSONField(
        null=True,
        blank=True,
        help_text="Why an attempt chose it; read and written by assessment.modes",
    )

    class Meta:
        ordering = ["attempt", "position"]
        constraints = [
            models.UniqueConstraint(fields=["attempt", "position"], name="one_presentation_per_position"),
            models.CheckConstraint(
                condition=Q(attempt__isnull=True, position__isnull=True)
                | Q(attempt__isnull=False, position__gte=1),
                name="a_position_belongs_to_an_attempt",
            ),
        ]
        indexes = [models.Index(fields=["learner", "-id"], name="presentations_of_a_learner")]

    def __str__(self) -> str:
        return f"{self.item_version} at {self.position or 'practice'}"

    @cached_property
    def variant(self) -> Variant:
        return Variant.from_json(self.variant_document)

    def is_answered(self, rules: DeliveryRules) -> bool:
        """Whether the learner is through with it: settled, or answered where verdicts are withheld."""
        return self.is_settled or (self.score is not None and not rules.tells_at_once)

    def tries_left(self, rules: TryRules) -> int | None:
        if rules.tries is None:
            return 0 if self.is_settled else None
        return 0 if self.is_settled else rules.tries - self.tries_used

    def is_paused(self, now: datetime) -> bool:
        """Whether answers that could not be read have earned a pause that is not over."""
        return self.paused_until is not None and now < self.paused_until and not self.is_settled

    def pause(self, now: datetime) -> TooManyInvalid | None:
        """Return the refusal of an answer in a pause; None outside one."""
        if self.paused_until is None or not self.is_paused(now):
            return None
        return TooManyInvalid(self.paused_until - now)

    def count_invalid(self, now: datetime) -> None:
        """Count an answer that could not be read; from the last free one on, the next has to wait."""
        self.invalid_answers += 1
        if self.invalid_answers >= FREE_INVALID:
            self.paused_until = now + PAUSE

    def unsent_answer(self) -> dict[str, Any] | None:
        """The answer of the draft, unless it was sent as well and only its saving came in later."""
        draft: Draft | None = getattr(self, "draft", None)
        if draft is None:
            return None
        last = self.responses.order_by("try_number", "id").last()
        return None if last and last.answer == draft.answer else draft.answer

    @property
    def ungraded_draft(self) -> Draft | None:
        """The answer that was sent or left, and that the grader failed on."""
        draft: Draft | None = getattr(self, "draft", None)
        return draft if draft and draft.is_ungraded else None

    def count(self, tally: Tally, rules: TryRules) -> None:
        """Take over what the fold of the responses came to."""
        self.tries_used = tally.used
        self.score = tally.score
        self.is_settled = settled(rules, tally)


class DraftQuerySet(models.QuerySet["Draft"]):
    def ungraded(self) -> Self:
        """The answers that a grader failed on: kept as they are, they count nothing until they are graded."""
        return self.filter(ungraded_at__isnull=False)


class Draft(models.Model):
    """The answer a learner is working on: saved while typing, graded when time runs out.

    One that the grader raised on stays here, marked: a fault of ours costs nobody an answer, and stops no end.
    """

    presentation = models.OneToOneField(
        Presentation, on_delete=models.CASCADE, primary_key=True, related_name="draft"
    )
    answer = models.JSONField()
    saved_at = models.DateTimeField()
    ungraded_at = models.DateTimeField(null=True, blank=True, help_text="When the grader failed on it.")
    ungraded_error = models.CharField(
        max_length=100, blank=True, help_text="The class of what it raised; the log has the rest."
    )

    objects = DraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ungraded_at__isnull=True, ungraded_error="")
                | Q(Q(ungraded_at__isnull=False), ~Q(ungraded_error="")),
                name="an_ungraded_draft_says_why",
            ),
        ]
        # The doctor asks for them; there should be none.
        indexes = [
            models.Index(
                fields=["ungraded_at"], condition=Q(ungraded_at__isnull=False), name="ungraded_drafts"
            )
        ]

    def __str__(self) -> str:
        return f"draft for {self.presentation}"

    @property
    def is_ungraded(self) -> bool:
        return self.ungraded_at is not None


class Origin(models.TextChoices):
    LEARNER = "learner", "sent by the learner"
    DRAFT = "draft", "a draft, graded when the attempt ended"


class ResponseQuerySet(models.QuerySet["Response"]):
    def graded_scores(self) -> list[float]:
        """The scores of the valid tries at one presentation, in order: what the fold takes."""
        return list(self.filter(valid=True).order_by("try_number").values_list("score", flat=True))


class Response(models.Model):
    """An answer and its verdict, for ever: a trigger refuses to change or delete it.

    The key leads with the learner, so that the log can be sharded by learner.
    """

    pk = models.CompositePrimaryKey("learner_id", "id")
    id = models.UUIDField(default=new_id, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="responses", db_index=False)
    presentation = models.ForeignKey(
        Presentation, on_delete=models.PROTECT, related_name="responses", db_index=False
    )
    try_number = models.PositiveIntegerField(
        help_text="The try it was, or for an invalid answer would have been."
    )
    hints_taken = models.PositiveIntegerField(default=0, help_text="Before this try.")
    answer = models.JSONField()
    verdict = models.JSONField(help_text="Read and written by content.items.grading.")
    valid = models.BooleanField()
    score = models.FloatField(help_text="Of this try alone, as a fraction, before penalties.")
    origin = models.CharField(max_length=10, choices=Origin, default=Origin.LEARNER)
    idempotency_key = models.UUIDField()
    request_fingerprint = models.CharField(max_length=64)
    created_at = models.DateTimeField()

    objects = ResponseQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["learner", "idempotency_key"], name="one_response_per_key"),
            models.UniqueConstraint(
                fields=["presentation", "try_number"],
                condition=Q(valid=True),
                name="one_valid_response_per_try",
            ),
        ]
        indexes = [models.Index(fields=["presentation", "id"], name="responses_of_a_presentation")]

    def __str__(self) -> str:
        return f"try {self.try_number} of {self.presentation}"

    def matches(self, request_fingerprint: str) -> bool:
        return self.request_fingerprint == request_fingerprint
