"""Subjects, lessons, skills and misconceptions: the map on which items lie."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models
from django.db.models import Func, Q, Value

from content.models.constraints import Unique
from content.models.media import Media
from content.models.versions import Imported, Version, new_id
from content.searching import query


class Subject(Imported):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Skill(Imported):
    """Something a learner can do, small enough to be practiced and measured by itself."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    description = models.TextField(blank=True)
    prerequisites = models.ManyToManyField("self", symmetrical=False, blank=True, related_name="unlocks")

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class Misconception(Imported):
    """A wrong idea with a name, shared by all items in which it shows."""

    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200)
    explanation = models.TextField()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class LessonQuerySet(models.QuerySet["Lesson"]):
    def published(self) -> LessonQuerySet:
        """Lessons that have something to read, with it."""
        return self.filter(current__isnull=False).select_related("subject", "current")

    def saying(self, words: Sequence[str]) -> LessonQuerySet:
        """Published lessons whose text has every word, by its beginning or its stem. Asks the index of words."""
        found = self.filter(current__status="published")
        for beginnings, stems in query(words):
            says = Func(
                "current__document",
                Value(beginnings),
                Value(stems),
                function="lesson_says",
                output_field=models.BooleanField(),
            )
            found = found.filter(says)
        return found


class Lesson(Imported):
    id = models.UUIDField(primary_key=True, default=new_id, editable=False)
    subject = models.ForeignKey(Subject, on_delete=models.PROTECT, related_name="lessons")
    slug = models.SlugField(max_length=100, unique=True)
    title = models.CharField(max_length=200, help_text="As in the current version.")
    premium = models.BooleanField(
        default=False,
        help_text="Shows its summary to everybody and its theory to learners whose course has it.",
    )
    skills = models.ManyToManyField(Skill, blank=True, related_name="lessons")
    current = models.OneToOneField(
        "LessonVersion",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="current_of",
    )

    objects = LessonQuerySet.as_manager()

    class Meta:
        ordering = ["title"]

    def __str__(self) -> str:
        return self.title


class LessonVersion(Version):
    """A wording of a lesson; ``document`` is what ``content.lessons`` reads and writes."""

    lesson = models.ForeignKey(Lesson, on_delete=models.PROTECT, related_name="versions")
    media = models.ManyToManyField(Media, blank=True, editable=False, related_name="lesson_versions")

    class Meta:
        ordering = ["lesson", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["lesson", "number"], name="one_lesson_version_per_number"),
            Unique(
                fields=["lesson"],
                condition=Q(status="draft"),
                name="one_draft_per_lesson",
                field="lesson",
                words="This lesson has a draft already.",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.lesson.slug} v{self.number}"
