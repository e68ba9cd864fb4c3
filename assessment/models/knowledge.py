"""What has been learned about skills from the log: the parameters of knowledge tracing."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from assessment.knowledge.mastery import MasteryParameters
from content.models import Skill
from content.models.constraints import Unique
from content.models.versions import new_id


class MasteryFit(models.Model):
    """The parameters of one skill as one fit found them. A trigger lets nothing change but whether it is in force."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="mastery_fits")
    number = models.PositiveIntegerField()
    prior = models.FloatField(help_text="Known before the first answer.")
    learn = models.FloatField(help_text="Learned from one answer.")
    forget = models.FloatField(help_text="Forgotten in one day.")
    guess = models.FloatField(help_text="Right without knowing.")
    slip = models.FloatField(help_text="Wrong in spite of knowing.")
    learners = models.PositiveIntegerField()
    answers = models.PositiveIntegerField()
    log_likelihood = models.FloatField()
    start_log_likelihood = models.FloatField(help_text="Of the parameters that hold without a fit.")
    converged = models.BooleanField()
    is_active = models.BooleanField(default=False, help_text="Mastery is estimated with it.")
    created_at = models.DateTimeField()
    activated_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["skill", "-number"]
        verbose_name = "fit of mastery"
        verbose_name_plural = "fits of mastery"
        constraints = [
            models.UniqueConstraint(fields=["skill", "number"], name="one_mastery_fit_per_number"),
            Unique(
                fields=["skill"],
                condition=Q(is_active=True),
                name="one_active_mastery_fit",
                field="skill",
                words="This skill has an active fit already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.skill.slug} #{self.number}"

    @property
    def parameters(self) -> MasteryParameters:
        return MasteryParameters(self.prior, self.learn, self.forget, self.guess, self.slip)
