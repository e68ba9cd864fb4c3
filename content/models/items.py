"""Item banks, items and their versions."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Func, Q, QuerySet, Value

from content.catalogue import LONGEST_TAG, MOST_TAGS
from content.items.definition import ItemDefinition
from content.items.enemies import Enemies, both_ways
from content.items.parsing.document import parse_definition
from content.items.uses import Use
from content.models.catalogue import Lesson, Misconception, Skill
from content.models.constraints import Unique
from content.models.media import Media
from content.models.versions import Hashed, Imported, NeverPublished, Retirable, Status, Version, new_id
from content.searching import query

PRACTICED = (Use.PRACTICE.value, Use.BOTH.value)
ASKED = (Use.ASSESSMENT.value, Use.BOTH.value)
"""Of one item: more are no order any more."""


class ItemBank(Imported):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    lesson = models.ForeignKey(Lesson, on_delete=models.SET_NULL, null=True, blank=True, related_name="banks")
    use = models.CharField(
        max_length=10,
        choices=[(use.value, use.value) for use in Use],
        default=Use.BOTH.value,
        db_default=Use.BOTH.value,
        help_text="What its items are for, unless an item says it itself. Practice shows worked solutions to all.",
    )
    needs_review = models.BooleanField(
        default=False,
        db_default=False,
        help_text="A draft is published when a reviewer who did not write it approves. Superusers turn this off.",
    )

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title

    def tags_by_item(self) -> dict[str, list[str]]:
        """Return the tags of its published items by their slugs, as a course folder keeps them beside the items."""
        tagged = self.items.filter(current__isnull=False, retired_at__isnull=True).exclude(tags=[])
        return {item.slug: list(item.tags) for item in tagged.order_by("slug")}


class ItemQuerySet(models.QuerySet["Item"]):
    def servable(self) -> ItemQuerySet:
        """Items that a learner may be given: published and not retired, in a stable order."""
        return (
            self.filter(current__isnull=False, retired_at__isnull=True)
            .select_related("current")
            .order_by("slug")
        )

    def asked(self) -> ItemQuerySet:
        """Servable items that an assessment may use."""
        return self.servable().filter(_meant_for(ASKED))

    def enemies(self) -> Enemies:
        """Return for each of these items that has any the items it should not share an attempt with."""
        named = self.filter(current__document__enemies__isnull=False)
        rows = named.values_list("slug", "current__document__enemies")
        return both_ways((slug, other) for slug, others in rows for other in others)

    def practiced(self, solved: QuerySet[Any] | None = None) -> ItemQuerySet:
        """Servable items that may be practiced: exercises, and fixed items that are for nothing else.

        Practice shows solutions, and a fixed item is the same for everybody: another is practiced only by somebody
        who has seen its solution, one of ``solved``.
        """
        again = Q(is_exercise=True) if solved is None else Q(is_exercise=True) | Q(pk__in=solved)
        practiced = self.servable().filter(_meant_for(PRACTICED) & again | _meant_for((Use.PRACTICE.value,)))
        return practiced.select_related("current", "bank__lesson")

    def exercises(self) -> ItemQuerySet:
        """Servable items that are drawn anew each time and may be practiced."""
        return self.practiced().filter(is_exercise=True)

    def saying(self, words: Sequence[str]) -> ItemQuerySet:
        """Items that have every word: in the text of the wording in force or the draft, a name, a skill or a tag."""
        listed = Func(F("tags"), Value(" "), function="array_to_string", output_field=models.TextField())
        found = self.alias(tag_words=listed)
        for word, (beginnings, stems) in zip(words, query(words), strict=True):
            named = Q(slug__icontains=word) | Q(title__icontains=word) | Q(tag_words__icontains=word)
            found = found.filter(named | Q(pk__in=_saying(beginnings, stems)) | Q(pk__in=_practicing(word)))
        return found


def _saying(beginnings: str, stems: str) -> QuerySet[Any]:
    """Return the items whose wording in force or draft has a word. Asks the index of words, which has no other."""
    says = Func(
        "document",
        Value(beginnings),
        Value(stems),
        function="item_says",
        output_field=models.BooleanField(),
    )
    return ItemVersion.objects.exclude(status=Status.RETIRED).filter(says).order_by().values("item")


def _practicing(word: str) -> QuerySet[Any]:
    links = Item.skills.through._default_manager
    return links.filter(Q(skill__slug__icontains=word) | Q(skill__title__icontains=word)).values("item")


def _meant_for(uses: tuple[str, ...]) -> Q:
    return Q(use__in=uses) | Q(use="", bank__use__in=uses)


class Item(Imported, Retirable):
    """Something that can be asked. ``current`` is the version that new presentations use."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    bank = models.ForeignKey(ItemBank, on_delete=models.PROTECT, related_name="items")
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200, help_text="As in the current version.")
    is_exercise = models.BooleanField(
        default=False, help_text="Has parameters: each draw is another variant."
    )
    use = models.CharField(
        max_length=10,
        choices=[(use.value, use.value) for use in Use],
        blank=True,
        db_default="",
        help_text="As the current version says; empty: as its bank.",
    )
    skills = models.ManyToManyField(Skill, blank=True, related_name="items")
    kinds = ArrayField(
        models.CharField(max_length=20),
        default=list,
        db_default=[],
        blank=True,
        editable=False,
        help_text="The kinds of its interactions, as the current version says; as the draft, where there is none.",
    )
    tags = ArrayField(
        models.CharField(max_length=LONGEST_TAG),
        size=MOST_TAGS,
        default=list,
        db_default=[],
        blank=True,
        help_text="Words of your own to find it by. They are no part of its wording and make no version.",
    )
    current = models.OneToOneField(
        "ItemVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="current_of",
    )

    objects = ItemQuerySet.as_manager()

    class Meta:
        ordering = ["slug"]
        indexes = [
            # Every answer of an adaptive attempt asks what was retired since it began.
            models.Index(
                fields=["bank", "retired_at"],
                condition=Q(retired_at__isnull=False),
                name="retired_items_of_a_bank",
            ),
            GinIndex(fields=["tags"], name="items_by_tag"),
        ]

    def __str__(self) -> str:
        """Return both names: authors know an item by its title, documents by its slug."""
        return f"{self.slug} – {self.title}"

    @property
    def version(self) -> ItemVersion:
        """The version that new presentations use. Raises NeverPublished; servable items have one."""
        if self.current is None:
            raise NeverPublished(self.slug)
        # It is known already: nobody who asks the version for its item shall read it again.
        self.current.item = self
        return self.current


class ItemVersion(Version):
    """A wording of an item; ``document`` is what ``content.items.parsing`` reads."""

    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="versions")
    skills = models.ManyToManyField(
        Skill,
        blank=True,
        editable=False,
        related_name="item_versions",
        help_text="What answers to this wording are evidence of, whatever the item asks for later.",
    )
    misconceptions = models.ManyToManyField(
        Misconception,
        blank=True,
        editable=False,
        related_name="item_versions",
        help_text="What answers to this wording may show: an answer reads them at once.",
    )
    media = models.ManyToManyField(
        Media,
        blank=True,
        editable=False,
        related_name="item_versions",
        help_text="The images that this wording shows, once it is published.",
    )
    certificate = models.JSONField(
        null=True, blank=True, editable=False, help_text="What certification found when this was published."
    )
    probing = models.JSONField(
        default=dict,
        blank=True,
        editable=False,
        help_text="By interaction: the secret key from which follow the places where formulas are tried.",
    )

    class Meta:
        ordering = ["item", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["item", "number"], name="one_item_version_per_number"),
            Unique(
                fields=["item"],
                condition=Q(status="draft"),
                name="one_draft_per_item",
                field="item",
                words="This item has a draft already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item.slug} v{self.number}"

    @property
    def definition(self) -> ItemDefinition:
        """The document, parsed and checked. Raises DefinitionError on a draft that is not finished."""
        return _definition(Hashed(self.fingerprint, self.document))


@lru_cache(maxsize=5000)
def published(version_id: UUID) -> ItemVersion:
    """Return a version that has been shown, kept in the process: its wording never changes.

    Raises ItemVersion.DoesNotExist.
    """
    return ItemVersion.objects.select_related("item").get(pk=version_id)


@lru_cache(maxsize=2000)
def _definition(hashed: Hashed) -> ItemDefinition:
    """Parse once in a process: every answer needs the definition, and a fingerprint never means another."""
    return parse_definition(hashed.document)
