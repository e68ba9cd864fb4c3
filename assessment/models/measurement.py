"""What items measure and how often they are shown: calibrations, pools, exposure, difficulties learned on-line."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Func, Q

from assessment.psychometrics.elo import Rating
from assessment.psychometrics.estimation import GRID
from assessment.psychometrics.exposure import ExposureControl, ExposureCounts
from assessment.psychometrics.maximization import CalibrationModel
from assessment.selection.pool import ItemPool, Parameters
from content.models import Item, ItemBank
from content.models.constraints import Check, Unique
from content.models.versions import new_id


def grid_field(*, null: bool = False) -> ArrayField[Any, Any]:
    """A log-posterior on the grid, kept to the last bit: 61 doubles."""
    return ArrayField(models.FloatField(), size=len(GRID), null=null, blank=null)


class Calibration(models.Model):
    """The parameters of a bank's items as one calibration found them. A trigger lets nothing change but whether
    it is the active one."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bank = models.ForeignKey(ItemBank, on_delete=models.PROTECT, related_name="calibrations")
    number = models.PositiveIntegerField()
    model = models.CharField(max_length=3, choices=[(one.value, one.value) for one in CalibrationModel])
    parameters = models.JSONField(
        help_text="By the slug of the item: a, b, c, d, their standard errors, and the number of answers."
    )
    anchor = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="successors",
        help_text="The calibration whose items kept their parameters, so that the scale stayed the same.",
    )
    report = models.JSONField(help_text="Read and written by assessment.calibration.calibrating.")
    is_active = models.BooleanField(default=False, help_text="New adaptive attempts use this one.")
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["bank", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["bank", "number"], name="one_calibration_per_number"),
            Unique(
                fields=["bank"],
                condition=Q(is_active=True),
                name="one_active_calibration",
                field="bank",
                words="This bank has an active calibration already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.bank.slug} #{self.number} ({self.model})"

    def items(self) -> dict[str, Parameters]:
        """Return the parameters by the slugs of the items."""
        return {slug: Parameters.from_json(stored) for slug, stored in self.parameters.items()}


class AdaptivePool(models.Model):
    """The items that adaptive attempts may be given, as they stood when the attempts began.

    It never changes; attempts that find the same items with the same parameters share one.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bank = models.ForeignKey(ItemBank, on_delete=models.PROTECT, related_name="pools")
    calibration = models.ForeignKey(
        Calibration, on_delete=models.PROTECT, null=True, blank=True, related_name="pools"
    )
    fingerprint = models.CharField(max_length=64)
    document = models.JSONField(help_text="Read and written by assessment.selection.pool.")
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["bank", "calibration", "fingerprint"],
                nulls_distinct=False,
                name="one_pool_per_fingerprint",
            )
        ]

    def __str__(self) -> str:
        return f"pool {self.fingerprint[:8]} of {self.bank_id}"

    def items(self) -> ItemPool:
        return ItemPool.from_json(self.document)


class ExposureTotal(models.Model):
    """How many attempts at an adaptive assessment have their estimate in a band of theta."""

    assessment = models.ForeignKey("Assessment", on_delete=models.CASCADE, related_name="exposure_totals")
    band = models.PositiveSmallIntegerField()
    attempts = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["assessment", "band"], name="one_exposure_total_per_band")
        ]

    def __str__(self) -> str:
        return f"{self.attempts} attempts in band {self.band}"


class ExposureCountQuerySet(models.QuerySet["ExposureCount"]):
    def counts(self, assessment_id: UUID, control: ExposureControl, pool: ItemPool) -> ExposureCounts:
        """Return the counters of an assessment as exposure control takes them, bands x items of the pool.

        What has not been folded yet counts as well: a class that starts together sees each other.
        """
        counts = ExposureCounts.none(control, len(pool.measuring))
        bands = len(counts.attempts)
        totals = ExposureTotal.objects.filter(assessment=assessment_id, band__lt=bands)
        for band, attempts in totals.values_list("band", "attempts"):
            counts.attempts[band] = attempts
            counts.eligible[band] = attempts
        rows = self.filter(assessment=assessment_id, band__lt=bands)
        for band, slug, given, withheld in rows.values_list("band", "item__slug", "given", "withheld"):
            if (place := pool.place.get(slug)) is not None:
                counts.given[band, place] = given
                counts.eligible[band, place] -= withheld
        for event in ExposureEvent.objects.filter(assessment=assessment_id, band__lt=bands):
            event.add_to(counts, pool)
        return counts


class ExposureCount(models.Model):
    """In how many attempts of a band an item was given, and in how many exposure control withheld it.

    Attempts that are under way count as well, in the band of their latest estimate: a class that starts
    together does not see the same items because nobody has finished.
    """

    assessment = models.ForeignKey("Assessment", on_delete=models.CASCADE, related_name="exposure")
    band = models.PositiveSmallIntegerField()
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="exposure")
    given = models.IntegerField(default=0)
    withheld = models.IntegerField(default=0)

    objects = ExposureCountQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "band", "item"], name="one_exposure_count_per_band_and_item"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} in band {self.band}: given {self.given}"


class TransactionField(models.Field):  # type: ignore[type-arg]  # takes none when it runs
    """The transaction that wrote a row: what is older than every running one can be folded, nothing comes late."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**{**options, "editable": False, "db_default": Func(function="pg_current_xact_id")})

    def db_type(self, connection: Any) -> str:
        return "xid8"

    def deconstruct(self) -> Any:
        name, path, args, options = super().deconstruct()
        return (
            name,
            path,
            args,
            {key: options[key] for key in options if key not in ("editable", "db_default")},
        )


class ExposureEvent(models.Model):
    """What an answer or a start changed in the exposure of a band. Appended, so that no learner waits for another;
    `assessment.jobs.folding` adds it to the counts and takes it away."""

    id = models.BigAutoField(primary_key=True)
    assessment = models.ForeignKey(
        "Assessment", on_delete=models.CASCADE, related_name="exposure_events", db_constraint=False
    )
    band = models.PositiveSmallIntegerField()
    attempts = models.SmallIntegerField(default=0, help_text="1: an attempt came into the band; -1: left it.")
    amount = models.SmallIntegerField(default=1, help_text="What it adds to each of the items.")
    given = ArrayField(models.CharField(max_length=100), default=list, help_text="Slugs of items.")
    withheld = ArrayField(models.CharField(max_length=100), default=list, help_text="Slugs of items.")
    written_by = TransactionField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.amount} in band {self.band}"

    def add_to(self, counts: ExposureCounts, pool: ItemPool) -> None:
        counts.attempts[self.band] += self.attempts
        counts.eligible[self.band] += self.attempts
        for slug in self.given:
            if (place := pool.place.get(slug)) is not None:
                counts.given[self.band, place] += self.amount
        for slug in self.withheld:
            if (place := pool.place.get(slug)) is not None:
                counts.eligible[self.band, place] -= self.amount


class DifficultyEvent(models.Model):
    """An answer to an item that is tried out, with the estimate of its learner then: enough to learn again.

    The order in which a difficulty learned is (batch, id). A trigger lets nothing change but the batch, once.
    """

    id = models.BigAutoField(primary_key=True)
    item = models.ForeignKey(Item, on_delete=models.CASCADE, related_name="difficulty_events")
    theta = models.FloatField()
    standard_error = models.FloatField()
    score = models.FloatField()
    guess = models.FloatField(help_text="Where its author put the item.")
    written_by = TransactionField()
    batch = models.PositiveBigIntegerField(null=True, blank=True, help_text="The fold that took it.")
    created_at = models.DateTimeField()

    class Meta:
        ordering = ["batch", "id"]
        indexes = [models.Index(fields=["id"], condition=Q(batch__isnull=True), name="difficulties_to_fold")]

    def __str__(self) -> str:
        return f"{self.item}: {self.score} at {self.theta:.2f}"


class OnlineDifficulty(models.Model):
    """What the answers to an uncalibrated item have told of its difficulty so far."""

    item = models.OneToOneField(
        Item, on_delete=models.CASCADE, primary_key=True, related_name="online_difficulty"
    )
    answers = models.PositiveIntegerField(default=0)
    mean = models.FloatField(default=0.0)
    variance = models.FloatField(default=1.0)
    updated_at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "online difficulties"
        constraints = [
            Check(
                condition=Q(variance__gt=0),
                name="an_online_difficulty_is_uncertain",
                field="variance",
                words="An estimate is never certain.",
            )
        ]

    def __str__(self) -> str:
        return f"{self.item}: {self.mean:.2f} ± {self.rating.standard_error:.2f} after {self.answers} answers"

    @property
    def rating(self) -> Rating:
        """The belief about the difficulty, as `assessment.psychometrics.elo` takes it."""
        return Rating(self.mean, self.variance, self.answers)

    def believe(self, rating: Rating, now: datetime) -> None:
        """Take over what is believed after another answer."""
        self.mean, self.variance, self.answers = rating.mean, rating.variance, rating.answers
        self.updated_at = now
