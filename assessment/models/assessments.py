"""Assessments: which items, in which order, under which rules of delivery."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q

from assessment.rules import mastery as mastery_rules
from assessment.rules.adaptive import AdaptiveRules, rules_from_json
from assessment.rules.delivery import DeliveryRules, Feedback, may_change
from assessment.rules.document import MOST
from assessment.rules.mastery import MasteryRules
from assessment.scoring.tries import Keep
from content.documents.reader import DefinitionError
from content.models import Item, ItemBank, Lesson, Skill
from content.models.versions import Imported, new_id

if TYPE_CHECKING:
    from assessment.models.people import Accommodation


class Mode(models.TextChoices):
    FIXED = "fixed"
    ADAPTIVE = "adaptive"
    MASTERY = "mastery"


def check_adaptive_document(document: Mapping[str, object]) -> None:
    """Refuse rules that could not be used, in the words of each fault. Raises ValidationError."""
    try:
        rules_from_json(document)
    except DefinitionError as error:
        raise ValidationError([f"{path}: {reason}" for path, reason in error.faults]) from error


def check_mastery_document(document: Mapping[str, object]) -> None:
    """As `check_adaptive_document`. Raises ValidationError."""
    try:
        mastery_rules.rules_from_json(document)
    except DefinitionError as error:
        raise ValidationError([f"{path}: {reason}" for path, reason in error.faults]) from error


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def exclusive(self) -> AssessmentQuerySet:
        """Those whose items are not practised while they run; without a word: that close or withhold verdicts."""
        by_rule = Q(closes_at__isnull=False) | ~Q(feedback=Feedback.IMMEDIATE.value)
        return self.filter(Q(exclusive=True) | Q(by_rule, exclusive__isnull=True))

    def running(self, now: datetime) -> AssessmentQuerySet:
        """Those that have opened and that somebody may still be taking.

        One that is hidden before anybody began does not run; one that is hidden later runs on until it closes.
        """
        timely = Q(closes_at__isnull=True, is_open=True) | Q(
            Q(is_open=True) | Q(attempts__isnull=False), closes_at__gt=now
        )
        sitting = Q(attempts__state="open") & (
            Q(attempts__deadline__isnull=True) | Q(attempts__deadline__gt=now)
        )
        later = Q(accommodations__closes_at__gt=now, is_open=True)
        opened = Q(opens_at__isnull=True) | Q(opens_at__lte=now)
        return self.filter(opened, timely | sitting | later).distinct()


class Assessment(Imported):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    summary = models.TextField(blank=True)
    instructions = models.TextField(blank=True, help_text="Markdown, shown before the start.")
    lesson = models.ForeignKey(
        Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    course = models.ForeignKey(
        "Course",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="assessments",
        help_text="Only members of this course may take it; empty: everybody.",
    )
    mode = models.CharField(max_length=10, choices=Mode, default=Mode.FIXED)
    is_open = models.BooleanField(default=True, help_text="Learners can find and start it.")
    opens_at = models.DateTimeField(null=True, blank=True)
    closes_at = models.DateTimeField(null=True, blank=True)
    exclusive = models.BooleanField(
        null=True,
        blank=True,
        help_text=(
            "While it runs, its learners and guests cannot practise its items. "
            "Unknown: yes where it closes or withholds verdicts."
        ),
    )
    time_limit_minutes = models.PositiveIntegerField(null=True, blank=True)
    attempts_allowed = models.PositiveIntegerField(null=True, blank=True, help_text="Empty: no limit.")
    tries = models.PositiveIntegerField(
        null=True, blank=True, default=1, help_text="Per item. Empty: no limit."
    )
    penalty = models.FloatField(default=0.0, help_text="Share of the item's score that each wrong try costs.")
    keep = models.CharField(
        max_length=10, choices=[(k.value, k.value) for k in Keep], default=Keep.BEST.value
    )
    feedback = models.CharField(
        max_length=12, choices=[(f.value, f.value) for f in Feedback], default=Feedback.IMMEDIATE.value
    )
    pass_fraction = models.FloatField(default=0.7)
    bank = models.ForeignKey(
        ItemBank,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="adaptive_assessments",
        help_text="Where an adaptive or a mastery assessment takes its items from.",
    )
    adaptive_document = models.JSONField(
        "adaptive rules",
        db_column="adaptive",
        null=True,
        blank=True,
        validators=[check_adaptive_document],
        help_text="Only for the mode adaptive: read and written by assessment.rules.adaptive.",
    )
    mastery_document = models.JSONField(
        "mastery rules",
        db_column="mastery",
        null=True,
        blank=True,
        validators=[check_mastery_document],
        help_text="Only for the mode mastery: read and written by assessment.rules.mastery.",
    )

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        ordering = ["title"]
        permissions = [("grade_cases", "Can have answers graded under any policy")]
        constraints = [
            # An estimate takes the first answer; delivery and calibration rely on there being no other.
            models.CheckConstraint(
                condition=~Q(mode=Mode.ADAPTIVE)
                | Q(bank__isnull=False, adaptive_document__isnull=False, tries=1),
                name="an_adaptive_assessment_has_a_bank_rules_and_one_try",
                violation_error_message="An adaptive assessment needs a bank, adaptive rules, and one try.",
            ),
            # Practice goes on from verdicts, and must not be held up by an item without end.
            models.CheckConstraint(
                condition=~Q(mode=Mode.MASTERY)
                | Q(
                    bank__isnull=False,
                    mastery_document__isnull=False,
                    tries__isnull=False,
                    feedback=Feedback.IMMEDIATE.value,
                ),
                name="a_mastery_assessment_has_a_bank_rules_and_verdicts_at_once",
                violation_error_message=(
                    "A mastery assessment needs a bank, mastery rules, a limit of tries, and immediate feedback."
                ),
            ),
            models.CheckConstraint(
                condition=Q(penalty__gte=0, penalty__lte=1), name="a_penalty_is_a_fraction"
            ),
            models.CheckConstraint(
                condition=Q(pass_fraction__gte=0, pass_fraction__lte=1), name="a_pass_is_a_fraction"
            ),
            models.CheckConstraint(
                condition=Q(tries__isnull=True) | Q(tries__gte=1), name="at_least_one_try"
            ),
            models.CheckConstraint(
                condition=Q(time_limit_minutes__isnull=True) | Q(time_limit_minutes__gte=1),
                name="a_time_limit_is_at_least_a_minute",
            ),
            models.CheckConstraint(
                condition=Q(opens_at__isnull=True)
                | Q(closes_at__isnull=True)
                | Q(opens_at__lt=F("closes_at")),
                name="an_assessment_opens_before_it_closes",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        """Say at each field what the constraints will refuse. Raises ValidationError."""
        super().clean()
        faults = dict(self._out_of_bounds())
        if self.opens_at and self.closes_at and self.opens_at >= self.closes_at:
            faults["closes_at"] = "An assessment closes after it opens."
        if self.mode != Mode.FIXED:
            faults |= dict(self._missing())
        if faults:
            raise ValidationError(faults)

    def _out_of_bounds(self) -> Iterator[tuple[str, str]]:
        for name in ("penalty", "pass_fraction"):
            value = getattr(self, name)
            if value is not None and not 0 <= value <= 1:
                yield name, "This must be a fraction of 0 to 1."
        for name in ("tries", "attempts_allowed", "time_limit_minutes"):
            value = getattr(self, name)
            if value is not None and not 1 <= value <= MOST:
                yield name, f"This must be 1 to {MOST}, or empty for no limit."

    def _missing(self) -> Iterator[tuple[str, str]]:
        """Return what a mode lacks that chooses items one by one."""
        if self.bank_id is None:
            yield "bank", f"The mode {self.mode} needs a bank to take its items from."
        document = f"{self.mode}_document"
        if getattr(self, document) is None:
            yield document, f"The mode {self.mode} needs rules; {{}} takes the usual ones."
        if self.is_adaptive and self.tries != 1:
            yield "tries", "An estimate takes the first answer: this must be 1."
        if self.is_mastery and self.tries is None:
            yield "tries", "Practice must not be held up by an item without end: this needs a limit."
        if self.is_mastery and self.feedback != Feedback.IMMEDIATE:
            yield "feedback", "Practice goes on from verdicts: this must be immediate."

    @property
    def is_adaptive(self) -> bool:
        return self.mode == Mode.ADAPTIVE

    @property
    def adaptive_rules(self) -> AdaptiveRules:
        """The rules of an adaptive assessment. Raises DefinitionError where they are not in order."""
        return rules_from_json(self.adaptive_document or {})

    @property
    def is_mastery(self) -> bool:
        return self.mode == Mode.MASTERY

    @property
    def mastery_rules(self) -> MasteryRules:
        """The rules of a mastery assessment. Raises DefinitionError where they are not in order."""
        return mastery_rules.rules_from_json(self.mastery_document or {})

    @property
    def rules(self) -> DeliveryRules:
        return DeliveryRules(
            tries=self.tries,
            penalty=self.penalty,
            keep=Keep(self.keep),
            feedback=Feedback(self.feedback),
            pass_fraction=self.pass_fraction,
            answers_may_change=may_change(Feedback(self.feedback), grows=self.mode != Mode.FIXED),
        )

    def accommodation_among(self, arranged: Iterable[Accommodation]) -> Accommodation | None:
        """Return which of a person's accommodations holds here; the particular goes before the general."""
        here = [one for one in arranged if one.assessment_id in (None, self.pk)]
        return max(here, key=lambda one: one.assessment_id is not None, default=None)

    def closing_for(self, accommodation: Accommodation | None) -> datetime | None:
        if accommodation and accommodation.closes_at:
            return accommodation.closes_at
        return self.closes_at

    def deadline(self, started_at: datetime, accommodation: Accommodation | None) -> datetime | None:
        """The end of the time limit (with extra time) or the closing, whichever comes first."""
        ends = []
        if self.time_limit_minutes is not None:
            factor = accommodation.time_factor if accommodation else 1.0
            ends.append(started_at + timedelta(minutes=self.time_limit_minutes * factor))
        if closing := self.closing_for(accommodation):
            ends.append(closing)
        return min(ends, default=None)

    def attempts_for(self, accommodation: Accommodation | None) -> int | None:
        if self.attempts_allowed is None:
            return None
        return self.attempts_allowed + (accommodation.extra_attempts if accommodation else 0)


class Section(models.Model):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    assessment = models.ForeignKey(Assessment, on_delete=models.CASCADE, related_name="sections")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=200, blank=True)
    shuffle = models.BooleanField(default=False, help_text="Each learner gets its items in another order.")

    class Meta:
        ordering = ["assessment", "position"]
        constraints = [
            models.UniqueConstraint(fields=["assessment", "position"], name="one_section_per_position")
        ]

    def __str__(self) -> str:
        return f"{self.assessment.slug} §{self.position} {self.title}"

    @property
    def item_count(self) -> int:
        """How many items an attempt gets from here."""
        return sum(1 if slot.item_id else slot.draw for slot in self.slots.all())


class Slot(models.Model):
    """A place in a section: one named item, or some drawn from a bank, perhaps of one skill."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    section = models.ForeignKey(Section, on_delete=models.CASCADE, related_name="slots")
    position = models.PositiveIntegerField()
    item = models.ForeignKey(Item, on_delete=models.PROTECT, null=True, blank=True, related_name="slots")
    bank = models.ForeignKey(ItemBank, on_delete=models.PROTECT, null=True, blank=True, related_name="slots")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="slots")
    draw = models.PositiveIntegerField(default=1, help_text="How many items to draw from the bank.")
    weight = models.FloatField(default=1.0, help_text="What each item counts.")

    class Meta:
        ordering = ["section", "position"]
        constraints = [
            models.UniqueConstraint(fields=["section", "position"], name="one_slot_per_position"),
            models.CheckConstraint(
                condition=Q(item__isnull=False, bank__isnull=True, skill__isnull=True)
                | Q(item__isnull=True, bank__isnull=False),
                name="a_slot_names_an_item_or_a_bank",
            ),
            models.CheckConstraint(condition=Q(weight__gt=0), name="a_slot_counts_something"),
            models.CheckConstraint(condition=Q(draw__gte=1), name="a_slot_draws_something"),
        ]

    def clean(self) -> None:
        """Say at each field what the constraints will refuse. Raises ValidationError."""
        super().clean()
        faults = {}
        if self.item_id is None and self.bank_id is None:
            faults["item"] = "Name an item here, or a bank to draw from."
        if self.item_id is not None and (self.bank_id is not None or self.skill_id is not None):
            faults["bank"] = "A place with a named item draws nothing: leave bank and skill empty."
        if self.weight is not None and not self.weight > 0:
            faults["weight"] = "This must be more than 0."
        if self.draw is not None and self.draw < 1:
            faults["draw"] = "This must be at least 1."
        if faults:
            raise ValidationError(faults)

    def __str__(self) -> str:
        if self.item:
            return str(self.item)
        return f"{self.draw} from {self.bank}" + (f": {self.skill}" if self.skill else "")
