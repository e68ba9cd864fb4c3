"""Attempts, what was shown in them, and what a learner is working on.

Responses and verdicts (`assessment.models.responses`) are the truth. Scores and states here are folds of them, kept
for quick reading; ``manage.py verify_attempts`` recomputes them.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from functools import cached_property, lru_cache
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db import models
from django.db.models import Q

from assessment.models.assessments import Assessment, AssessmentVersion, published_definition
from assessment.models.assignments import Assignment, read_elsewhere
from assessment.models.measurement import AdaptivePool, grid_field
from assessment.models.people import Learner
from assessment.rules.definition import AssessmentDefinition
from assessment.rules.delivery import DeliveryRules, Feedback
from assessment.scoring.tries import TryRules
from content.items.drawing import Variant
from content.models import ItemVersion
from content.models.items import published
from content.models.versions import DocumentField, new_id

FREE_INVALID: Final = 50
"""An answer that cannot be read costs no try, but each is graded and stored permanently."""
PAUSE: Final = timedelta(minutes=1)
"""What the next one has to wait after that."""


class AttemptState(models.TextChoices):
    """``grading`` is never stored: an attempt past its deadline is shown so until its end is written."""

    OPEN = "open"
    GRADING = "grading"
    SUBMITTED = "submitted"
    EXPIRED = "expired"


class Attempt(models.Model):
    """One sitting of an assessment by one learner, under the version and the release in force when it began."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    learner = models.ForeignKey(Learner, on_delete=models.PROTECT, related_name="attempts", db_index=False)
    assignment = models.ForeignKey(Assignment, on_delete=models.PROTECT, related_name="attempts")
    version = models.ForeignKey(AssessmentVersion, on_delete=models.PROTECT, related_name="attempts")
    release = models.CharField(
        max_length=12,
        choices=[(f.value, f.value) for f in Feedback],
        help_text="When its verdicts are shown, whatever the assignment says by now.",
    )
    mode = models.CharField(
        max_length=10, help_text="How it gets its items, whatever the assessment says by now."
    )
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=AttemptState, default=AttemptState.OPEN)
    revision = models.PositiveIntegerField(
        default=0,
        help_text="Moved by every write to the attempt: whoever decided on another one reads again.",
    )
    answers = models.PositiveIntegerField(default=0, help_text="Responses so far: the sequence of the last.")
    started_at = models.DateTimeField()
    deadline = models.DateTimeField(null=True, blank=True)
    tries = models.PositiveIntegerField(
        null=True, blank=True, help_text="For each item, as arranged for its learner; it only grows."
    )
    finished_at = models.DateTimeField(null=True, blank=True)
    score = models.FloatField(default=0.0)
    max_score = models.FloatField(default=0.0)
    # What follows is of adaptive attempts alone, and empty in all others.
    posterior = grid_field(null=True)
    pool = models.ForeignKey(
        AdaptivePool, on_delete=models.PROTECT, null=True, blank=True, related_name="attempts"
    )
    adaptive_document = DocumentField(
        db_column="adaptive",
        null=True,
        blank=True,
        help_text="Read and written by assessment.modes.adaptive.",
    )
    # Of mastery attempts alone.
    mastery_document = DocumentField(
        db_column="mastery",
        null=True,
        blank=True,
        help_text="Read and written by assessment.selection.mastery.",
    )
    # What follows is the doing of people: overrides and actions.
    awarded = models.FloatField(
        null=True, blank=True, help_text="Fraction of the maximum that counts instead of the score."
    )
    is_void = models.BooleanField(default=False, help_text="Counts for nothing, and stays readable.")
    stop_reason = models.CharField(
        max_length=40, blank=True, help_text="Why an attempt ended that is chosen item by item."
    )

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["learner", "assignment", "number"], name="one_attempt_per_learner_and_number"
            ),
            # A double click must not make two attempts: start_attempt relies on it.
            models.UniqueConstraint(
                fields=["learner", "assignment"], condition=Q(state="open"), name="one_open_attempt"
            ),
            models.CheckConstraint(condition=~Q(state="grading"), name="grading_is_never_stored"),
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

    @property
    def assessment(self) -> Assessment:
        return self.assignment.assessment

    @property
    def definition(self) -> AssessmentDefinition:
        """What it began with, whatever the assessment says by now."""
        return published_definition(self.version_id)

    @cached_property
    def rules(self) -> DeliveryRules:
        return self.definition.rules_under(Feedback(self.release), self.tries)

    @property
    def credit(self) -> float:
        """The score that counts: its own, or what a person gave instead."""
        return self.score if self.awarded is None else self.awarded * self.max_score

    def has_run_out(self, now: datetime) -> bool:
        return self.deadline is not None and now > self.deadline

    def is_open(self, now: datetime) -> bool:
        """Whether an answer that arrives now still counts."""
        return self.state == AttemptState.OPEN and not self.has_run_out(now)

    def state_at(self, now: datetime) -> str:
        """Return the state as a learner is told it: between the deadline and the end that it brings, ``grading``."""
        over = self.state == AttemptState.OPEN and self.has_run_out(now)
        return AttemptState.GRADING if over else self.state

    def releases_verdicts(self, now: datetime) -> bool:
        """Whether verdicts, scores and solutions may be shown to the learner: whatever tells one asks here first."""
        closed = self.rules.feedback is Feedback.AFTER_CLOSE and self._has_closed(now)
        return self.rules.releases(finished=self.state != AttemptState.OPEN, closed=closed)

    def _has_closed(self, now: datetime) -> bool:
        """Whether nobody can take the assessment any more: one learner's earlier closing opens nothing.

        Nor does that of one section of a course, which could hand the others the solutions. Without a closing time an
        assessment closes when it is taken off.
        """
        return self.assignment.has_closed(self._own_closing, now)

    @property
    def closing(self) -> datetime | None:
        """When nobody of its course can take its assessment any more, its learner included.

        None where it does not close.
        """
        elsewhere = self.assignment.elsewhere
        own = self._own_closing
        if own is None or any(one.is_given and one.closes_at is None for one in elsewhere):
            return None
        return max([own, *(one.closes_at for one in elsewhere if one.closes_at)])

    @property
    def _own_closing(self) -> datetime | None:
        return self.assignment.last_closing(self.assignment.accommodation_among(self.learner.accommodations))

    def finish(self, state: AttemptState, now: datetime) -> None:
        self.state = state
        self.finished_at = now


def read_closings(attempts: Iterable[Attempt]) -> None:
    """Read at once what `releases_verdicts` asks of attempts that wait for a closing. At most one query."""
    read_elsewhere(one.assignment for one in attempts if one.release == Feedback.AFTER_CLOSE)


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
    variant_document = DocumentField(
        db_column="variant", help_text="Read and written by content.items.drawing."
    )
    weight = models.FloatField(default=1.0)
    shown_at = models.DateTimeField()
    hints_taken = models.PositiveIntegerField(default=0)
    solution_seen_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="When its learner asked for the solution; in an attempt that closes the place.",
    )
    answers = models.PositiveIntegerField(default=0, help_text="Responses so far, of whatever kind.")
    answered_at = models.DateTimeField(null=True, blank=True, help_text="When the last of them came.")
    tries_used = models.PositiveIntegerField(
        default=0, help_text="Tries that the learner was told of. A correction spends none."
    )
    invalid_answers = models.PositiveIntegerField(default=0, db_default=0)
    paused_until = models.DateTimeField(
        null=True, blank=True, help_text="After too many answers that could not be read, the next one waits."
    )
    score = models.FloatField(
        null=True, blank=True, help_text="Fraction of the weight; empty before a valid try."
    )
    is_settled = models.BooleanField(
        default=False, help_text="Right, its tries are spent, or its solution was asked for, as announced."
    )
    is_pending = models.BooleanField(default=False, help_text="An answer here has no verdict yet.")
    first_at = models.DateTimeField(null=True, blank=True, help_text="When the first try came.")
    first_score = models.FloatField(null=True, blank=True, help_text="What the first try is worth by now.")
    first_hints = models.PositiveIntegerField(
        default=0, help_text="Hints taken before the first try, the solution among them."
    )
    is_seeded = models.BooleanField(
        default=False, help_text="Asked to learn about the item: it does not count when the attempt is over."
    )
    choice = DocumentField(
        null=True,
        blank=True,
        help_text="Why an attempt chose it; read and written by assessment.modes",
    )
    # What follows is the doing of corrections and overrides.
    correction = models.ForeignKey(
        "Correction",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,
        related_name="presentations",
        help_text="The latest correction in force that gives this place another key or policy.",
    )
    corrected_document = DocumentField(
        null=True,
        blank=True,
        help_text="The variant that answers are graded by since; what was shown stays as it is.",
    )
    is_dropped = models.BooleanField(default=False, help_text="Counts nothing, and could not.")
    awarded = models.FloatField(
        null=True, blank=True, help_text="Fraction of the weight that counts instead of the score."
    )
    is_overridden = models.BooleanField(
        default=False, help_text="A person gave what counts, above corrections."
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
        indexes = [
            models.Index(fields=["learner", "-id"], name="presentations_of_a_learner"),
            # Tables of grades ask of thousands of attempts whether anything waits: few places do at any time.
            models.Index(
                fields=["attempt"],
                condition=Q(is_pending=True, is_dropped=False),
                name="places_that_wait",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_version} at {self.position or 'practice'}"

    @cached_property
    def variant(self) -> Variant:
        return Variant.from_json(self.variant_document)

    @cached_property
    def graded_by(self) -> Variant:
        """The variant as answers are graded by it: as shown, or as a correction has put it right."""
        return Variant.from_json(self.corrected_document) if self.corrected_document else self.variant

    @property
    def grading_version(self) -> ItemVersion:
        """The wording whose definition judges: the one shown, or the one that a correction names."""
        if self.correction_id is None or self.corrected_document is None:
            return self.item_version
        return corrected_version(self.correction_id) or self.item_version

    @property
    def help_taken(self) -> int:
        """The hints taken so far; a solution that was asked for is one more."""
        return self.hints_taken + (self.solution_seen_at is not None)

    @property
    def is_given_up(self) -> bool:
        """Whether the solution was asked for in an attempt, which closes the place; in practice one may go on."""
        return self.attempt_id is not None and self.solution_seen_at is not None

    @property
    def credit(self) -> float | None:
        """The fraction of the weight that counts; None before there is anything to count.

        A place that was closed for its solution before any try counts nothing.
        """
        if self.awarded is not None:
            return self.awarded
        return 0.0 if self.score is None and self.is_given_up else self.score

    def is_answered(self, rules: DeliveryRules) -> bool:
        """Whether the learner is through with it: settled, or answered where the verdict is withheld or pending."""
        return self.is_settled or self.is_pending or (self.score is not None and not rules.tells_at_once)

    def tries_left(self, rules: TryRules) -> int | None:
        if rules.tries is None:
            return 0 if self.is_settled else None
        return 0 if self.is_settled else rules.tries - self.tries_used

    def is_paused(self, now: datetime) -> bool:
        """Whether answers that could not be read have earned a pause that is not over."""
        return self.paused_until is not None and now < self.paused_until and not self.is_settled

    def count_invalid(self, now: datetime) -> None:
        """Count an answer that could not be read; from the last free one on, the next has to wait."""
        self.invalid_answers += 1
        if self.invalid_answers >= FREE_INVALID:
            self.paused_until = now + PAUSE

    def unsent_answer(self) -> dict[str, Any] | None:
        """The answer of the draft, unless an answer was sent after it was typed. What was just shown has none."""
        draft: Draft | None = None if self._state.adding else getattr(self, "draft", None)
        return draft.answer if draft and draft.after >= self.answers else None


@lru_cache(maxsize=1000)
def corrected_version(correction_id: UUID) -> ItemVersion | None:
    """Return the wording that a correction names, if it names one; neither ever changes."""
    correction = apps.get_model("assessment", "Correction").objects.get(pk=correction_id)
    return published(correction.corrected_version_id) if correction.corrected_version_id else None


class Draft(models.Model):
    """The answer a learner is working on: saved while typing, graded when the attempt ends without its being sent.

    ``after`` says how many answers the place had when it was typed: one older than the last answer is graded nowhere.
    """

    presentation = models.OneToOneField(
        Presentation, on_delete=models.CASCADE, primary_key=True, related_name="draft"
    )
    answer = DocumentField()
    after = models.PositiveIntegerField()
    saved_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"draft for {self.presentation}"
