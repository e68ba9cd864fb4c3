"""Subjects, skills and lessons. A premium lesson shows what it is about to all, its theory to those enrolled."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache, partial
from typing import Any

from django.db.models import Count, Prefetch, Q
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.assessments import visible_assessments
from api.rest.pagination import CursorPagination, paged
from api.rest.parsing import slug_wanted, words_wanted
from api.rest.resource import LinkSerializer, Resource
from assessment.models import User
from assessment.people.access import accessible, for_practice
from content.lessons import LessonDefinition, parse_lesson
from content.models import Lesson, LessonVersion, Skill, Subject
from content.searching import Passage, excerpt, passages


class SubjectSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    description = serializers.CharField()
    lesson_count = serializers.IntegerField()


class SkillSerializer(serializers.ModelSerializer[Skill]):
    prerequisites = serializers.SlugRelatedField[Skill](slug_field="slug", many=True, read_only=True)

    class Meta:
        model = Skill
        fields = ["slug", "title", "description", "prerequisites"]
        read_only_fields = fields


class RelatedSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    kind = serializers.CharField()
    lesson = serializers.CharField(
        allow_null=True, help_text="The slug of the lesson that it is, where it is one of ours."
    )


class LessonSummarySerializer(serializers.Serializer[Any]):
    """A lesson without its theory."""

    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    subject = LinkSerializer()
    level = serializers.CharField()
    minutes = serializers.IntegerField(help_text="The time it takes to read.")
    updated_on = serializers.DateField()
    premium = serializers.BooleanField()
    accessible = serializers.BooleanField(help_text="Whether the one who asks may read its theory.")
    objectives = serializers.ListField(child=serializers.CharField())
    skills = LinkSerializer(many=True)
    prerequisites = LinkSerializer(many=True, help_text="Lessons to read before this one.")
    related = RelatedSerializer(many=True)
    assessments = LinkSerializer(many=True)
    exercises = LinkSerializer(many=True)


class LessonSerializer(LessonSummarySerializer):
    """A lesson with its theory."""

    theory = serializers.CharField(allow_null=True, help_text="HTML; null where it is not accessible.")
    preview = serializers.CharField(
        allow_null=True,
        help_text="HTML: the beginning, where the theory is not accessible and its author opens it; else null.",
    )
    contents = serializers.ListField(
        child=serializers.CharField(), help_text="The headings of its sections, in their order."
    )


class ExcerptSerializer(serializers.Serializer[Any]):
    """Why a lesson was found: plain text out of its theory."""

    section = serializers.IntegerField(help_text="Which section of the theory; 0 before the first heading.")
    heading = serializers.CharField(allow_blank=True)
    text = serializers.CharField()
    matches = serializers.ListField(
        child=serializers.ListField(child=serializers.IntegerField(), min_length=2, max_length=2),
        help_text="Where the words are: the first character, and the one behind the last, counted by code points.",
    )


class FoundLessonSerializer(LessonSummarySerializer):
    """A lesson in a list, and where it has the words of a search."""

    excerpt = ExcerptSerializer(
        allow_null=True,
        help_text="Of a search; null without one, and where the theory is not accessible or has no word.",
    )


@dataclass(frozen=True, slots=True)
class Text:
    """A wording of a lesson, read and rendered."""

    definition: LessonDefinition
    theory: str
    preview: str | None
    contents: tuple[str, ...]

    @property
    def linked(self) -> frozenset[str]:
        """The slugs of the lessons that it refers to."""
        related = (entry.lesson for entry in self.definition.related if entry.lesson)
        return frozenset((*self.definition.prerequisites, *related))

    @property
    def passages(self) -> tuple[Passage, ...]:
        return passages(self.theory)


class Subjects(Resource):
    operations = {"GET": "list_subjects"}
    pagination_class = CursorPagination

    @extend_schema(responses=SubjectSerializer(many=True))
    def get(self, request: Request) -> Response:
        """Subjects that have lessons."""
        published = Count("lessons", filter=Q(lessons__current__isnull=False))
        subjects = Subject.objects.annotate(lesson_count=published).filter(lesson_count__gt=0)
        return paged(self, subjects, "slug", SubjectSerializer)


class Skills(Resource):
    operations = {"GET": "list_skills"}
    pagination_class = CursorPagination

    @extend_schema(
        parameters=[OpenApiParameter("lesson", str, description="Only skills of the lesson with this slug.")],
        responses=SkillSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Skills and what each one builds on."""
        skills = Skill.objects.prefetch_related("prerequisites")
        if slug := slug_wanted(request, "lesson"):
            skills = skills.filter(lessons__slug=slug)
        return paged(self, skills, "slug", SkillSerializer)


class Lessons(Resource):
    operations = {"GET": "list_lessons"}
    pagination_class = CursorPagination

    @extend_schema(
        parameters=[
            OpenApiParameter("subject", str, description="Only lessons of the subject with this slug."),
            OpenApiParameter("search", str, description="Only lessons whose text has all these words."),
        ],
        responses=FoundLessonSerializer(many=True),
    )
    def get(self, request: Request) -> Response:
        """Lessons that have something to read."""
        lessons = lessons_with_links(self.user, self.now)
        if slug := slug_wanted(request, "subject"):
            lessons = lessons.filter(subject__slug=slug)
        words = words_wanted(request, "search")
        if words:
            lessons = lessons.saying(words)
        return paged(self, lessons, "slug", FoundLessonSerializer, partial(self._found, words=words))

    def _found(self, lessons: list[Lesson], words: Sequence[str]) -> list[dict[str, Any]]:
        """Return each lesson with the place that has the words, out of what the one who asks may read."""
        open_to_user = accessible(lessons, self.user, self.now)
        linked = published_among(lessons)
        return [
            {
                **summary(one, linked, accessible=one.pk in open_to_user),
                "excerpt": excerpt(text(one.current).passages, words)
                if words and one.pk in open_to_user
                else None,
            }
            for one in lessons
        ]


class OneLesson(Resource):
    operations = {"GET": "get_lesson"}

    @extend_schema(responses=LessonSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """A lesson with its theory, or with null where an enrollment would have to grant it."""
        lesson = get_object_or_404(lessons_with_links(self.user, self.now), slug=slug)
        may_read = lesson.pk in accessible([lesson], self.user, self.now)
        told = text(lesson.current)
        shown = {
            **summary(lesson, published_among([lesson]), accessible=may_read),
            "theory": told.theory if may_read else None,
            "preview": None if may_read else told.preview,
            "contents": told.contents,
        }
        return Response(LessonSerializer(shown).data)


def lessons_with_links(user: User | None, now: datetime) -> Any:
    return Lesson.objects.published().prefetch_related(
        "skills",
        Prefetch("assessments", visible_assessments(user, now).order_by("title")),
        Prefetch("banks__items", for_practice(user, now).filter(is_exercise=True)),
    )


def published_among(lessons: Iterable[Lesson]) -> dict[str, Lesson]:
    """Return the published lessons that these refer to, by their slugs. One query."""
    slugs = frozenset[str]().union(*(text(lesson.current).linked for lesson in lessons))
    return {lesson.slug: lesson for lesson in Lesson.objects.published().filter(slug__in=slugs)}


def summary(lesson: Lesson, linked: Mapping[str, Lesson], *, accessible: bool) -> dict[str, Any]:
    """Return what everybody may know of a lesson; of those it refers to, only ``linked`` can be opened."""
    told = text(lesson.current).definition
    return {
        "slug": lesson.slug,
        "title": told.title,
        "summary": told.summary,
        "subject": lesson.subject,
        "level": told.level,
        "minutes": told.minutes,
        "updated_on": told.updated_on,
        "premium": lesson.premium,
        "accessible": accessible,
        "objectives": told.objectives,
        "skills": lesson.skills.all(),
        "prerequisites": [linked[slug] for slug in told.prerequisites if slug in linked],
        "related": [
            {
                "title": entry.title,
                "kind": entry.kind,
                "lesson": entry.lesson if entry.lesson in linked else None,
            }
            for entry in told.related
        ],
        "assessments": lesson.assessments.all(),
        "exercises": [item for bank in lesson.banks.all() for item in bank.items.all()],
    }


@lru_cache(maxsize=256)
def text(version: LessonVersion) -> Text:
    """Return the text of a published version. It never changes (rows are equal by id), so it is read once."""
    definition = parse_lesson(version.document)
    return Text(definition, definition.theory.html(), definition.preview_html, definition.theory.headings)
