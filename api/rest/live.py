"""Who is where in an assignment that runs, for those who teach its course."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.gradebook import SECTION, CourseResource
from assessment.models import Assignment, Course
from assessment.results.gradebook import Column, columns_of, learners_of
from assessment.results.live import Seat, Seen, counted, watch


class SeenSerializer(serializers.Serializer[Any]):
    """Where one learner is."""

    learner = serializers.UUIDField(source="user.pk")
    username = serializers.CharField(source="user.username")
    name = serializers.CharField(source="user.get_full_name")
    section = serializers.CharField(allow_null=True)
    state = serializers.ChoiceField(
        source="seat",
        choices=[seat.value for seat in Seat],
        help_text="grading: the time is up, and what was saved is about to be counted.",
    )
    attempt = serializers.UUIDField(source="attempt_id", allow_null=True)
    position = serializers.IntegerField(allow_null=True, help_text="Where something was done last.")
    answered = serializers.IntegerField()
    total = serializers.IntegerField(
        allow_null=True, help_text="Items; at most, where they are chosen one by one. null: not begun."
    )
    started_at = serializers.DateTimeField(allow_null=True)
    deadline = serializers.DateTimeField(allow_null=True, help_text="With what is arranged.")
    finished_at = serializers.DateTimeField(allow_null=True)
    seen_at = serializers.DateTimeField(
        allow_null=True, help_text="The last answer or draft; before any, the start."
    )


class LiveSerializer(serializers.Serializer[Any]):
    """Everybody for whom an assignment is, or who has an attempt at it."""

    assignment = serializers.UUIDField()
    assessment = serializers.CharField(help_text="Its slug.")
    title = serializers.CharField()
    at = serializers.DateTimeField(help_text="When this was so.")
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Learners by state.")
    learners = SeenSerializer(many=True)


class Live(CourseResource):
    operations = {"GET": "get_live"}

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "assignment", OpenApiTypes.UUID, required=True, description="One of this course."
            ),
            SECTION,
        ],
        responses=LiveSerializer,
    )
    def get(self, request: Request, course: UUID) -> Response:
        """Who is where in an assignment: state, place, time and when something was heard last."""
        found = self.course(course)
        column, assignment = self.meant(request, found)
        enrolled = list(learners_of(found, self.now, section=self.section_wanted(request, found)))
        seen = watch(assignment, column, enrolled, self.now)
        return Response(LiveSerializer(self.told(assignment, seen)).data)

    def meant(self, request: Request, course: Course) -> tuple[Column, Assignment]:
        """Return the assignment that is asked for. Raises ValidationError where it is none of this course."""
        wanted = request.query_params.get("assignment")
        for column in columns_of(course):
            for one in column.assignments:
                if str(one.pk) == wanted:
                    return column, one
        raise ValidationError({"assignment": "Name an assignment of this course."}, "invalid")

    def told(self, assignment: Assignment, seen: list[Seen]) -> dict[str, Any]:
        return {
            "assignment": assignment.pk,
            "assessment": assignment.assessment.slug,
            "title": assignment.assessment.title,
            "at": self.now,
            "counts": {seat.value: number for seat, number in counted(seen).items()},
            "learners": seen,
        }
