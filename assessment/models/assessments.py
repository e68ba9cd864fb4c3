"""Assessments and their versions: which items, in which order, under which rules. Nothing here has a date."""

from __future__ import annotations

from functools import lru_cache
from uuid import UUID

from django.db import models
from django.db.models import Q

from assessment.rules.delivery import Feedback
from assessment.rules.document import AssessmentDefinition, parse_assessment
from content.models import Item, ItemBank, Lesson, Skill
from content.models.constraints import Check, Unique
from content.models.versions import Hashed, Imported, NeverPublished, Retirable, Version, new_id


class Assessment(Imported, Retirable):
    """What its document says stands in its versions; here stands what is asked for by queries."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200, help_text="As in the current version.")
    lesson = models.ForeignKey(
        Lesson, on_delete=models.PROTECT, null=True, blank=True, related_name="assessments"
    )
    mode = models.CharField(max_length=10, blank=True, help_text="As in the current version.")
    feedback = models.CharField(
        max_length=12,
        choices=[(f.value, f.value) for f in Feedback],
        blank=True,
        help_text="As in the current version: when verdicts are shown where an assignment says nothing.",
    )
    current = models.OneToOneField(
        "AssessmentVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="current_of",
    )

    class Meta:
        ordering = ["title"]
        permissions = [("grade_cases", "Can have answers graded under any policy")]

    def __str__(self) -> str:
        return self.title

    @property
    def version(self) -> AssessmentVersion:
        """The version that new attempts begin with. Raises NeverPublished."""
        if self.current is None:
            raise NeverPublished(self.slug)
        return self.current

    @property
    def definition(self) -> AssessmentDefinition:
        """What new attempts begin with. Raises NeverPublished."""
        return self.version.definition


class AssessmentVersion(Version):
    """A wording of an assessment; ``document`` is what ``assessment.rules.document`` reads."""

    assessment = models.ForeignKey(Assessment, on_delete=models.PROTECT, related_name="versions")

    class Meta:
        ordering = ["assessment", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["assessment", "number"], name="one_assessment_version_per_number"
            ),
            Unique(
                fields=["assessment"],
                condition=Q(status="draft"),
                name="one_draft_per_assessment",
                field="assessment",
                words="This assessment has a draft already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.assessment.slug} v{self.number}"

    @property
    def definition(self) -> AssessmentDefinition:
        """The document, parsed and checked. Raises DefinitionError on a draft that is not finished."""
        return _definition(Hashed(self.fingerprint, self.document))


class AssessmentSource(models.Model):
    """Where the items of a published version come from: written with its publication, for queries.

    One named item, or a bank, perhaps of one skill.
    """

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    version = models.ForeignKey(AssessmentVersion, on_delete=models.CASCADE, related_name="sources")
    item = models.ForeignKey(
        Item, on_delete=models.PROTECT, null=True, blank=True, related_name="assessment_sources"
    )
    bank = models.ForeignKey(
        ItemBank, on_delete=models.PROTECT, null=True, blank=True, related_name="assessment_sources"
    )
    skill = models.ForeignKey(
        Skill, on_delete=models.PROTECT, null=True, blank=True, related_name="assessment_sources"
    )

    class Meta:
        ordering = ["version", "id"]
        constraints = [
            Check(
                condition=Q(item__isnull=False, bank__isnull=True, skill__isnull=True)
                | Q(item__isnull=True, bank__isnull=False),
                name="a_source_names_an_item_or_a_bank",
                field="bank",
                words="A source is an item, or a bank.",
            )
        ]

    def __str__(self) -> str:
        return str(self.item or self.bank) + (f": {self.skill}" if self.skill else "")


@lru_cache(maxsize=500)
def _definition(hashed: Hashed) -> AssessmentDefinition:
    """Parse once in a process, as for items."""
    return parse_assessment(hashed.document)


@lru_cache(maxsize=500)
def published_definition(version_id: UUID) -> AssessmentDefinition:
    """Return what an attempt began with: read once in a process, as a published version never changes."""
    return AssessmentVersion.objects.get(pk=version_id).definition
