"""Grades of a course, for those who teach it and their machines: the table, its files, and grades given by hand."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.http import HttpResponseBase
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.exports import attachment
from api.rest.grades import LearnerGradeSerializer
from api.rest.pagination import paged
from api.rest.parsing import MAX_SEARCH
from api.rest.resource import Resource
from assessment.errors import GradeRefused
from assessment.grades.noting import LONGEST, note_grade
from assessment.models import Assignment, Course, Enrolment
from assessment.models.assignments import GradeRule
from assessment.models.people import EnrolmentQuerySet, Role
from assessment.people.oversight import overseen_courses
from assessment.results.gradebook import (
    Column,
    Row,
    all_rows_of,
    cell_of,
    columns_of,
    learners_of,
    rows_of,
    table_of,
)
from content.sheets.files import KINDS, sheet_file


class GradebookColumnSerializer(serializers.Serializer[Any]):
    assessment = serializers.CharField(help_text="Its slug.")
    title = serializers.CharField()
    assignment = serializers.UUIDField(help_text="The one to the whole course, else the first to a section.")
    closes_at = serializers.DateTimeField(allow_null=True)
    weight = serializers.FloatField()
    grade_rule = serializers.ChoiceField(choices=GradeRule.values)


class GradebookLearnerSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField()
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    email = serializers.CharField()


class GradebookCellSerializer(LearnerGradeSerializer):
    assessment = serializers.CharField(source="assignment.assessment.slug", help_text="Its slug.")
    assignment = serializers.UUIDField(
        source="assignment.pk", help_text="The one that holds for this learner."
    )


class GradebookRowSerializer(serializers.Serializer[Any]):
    learner = GradebookLearnerSerializer()
    section = serializers.CharField(allow_null=True)
    ends_at = serializers.DateTimeField(allow_null=True, help_text="When the enrollment ends, or ended.")
    total = serializers.FloatField(
        allow_null=True,
        help_text="The mean of the shares by weights; what is missing counts 0. null: nothing counts.",
    )
    grades = GradebookCellSerializer(many=True, help_text="What is not for this learner is left out.")


class GradebookSerializer(serializers.Serializer[Any]):
    """A page of learners by everything that is assigned in the course."""

    columns = GradebookColumnSerializer(many=True)
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = GradebookRowSerializer(many=True)


class GradeNoteSerializer(serializers.Serializer[Any]):
    """What holds of a grade from now on, whole: with neither a share nor an excuse the attempts count."""

    learner = serializers.UUIDField()
    assignment = serializers.UUIDField()
    share = serializers.FloatField(
        default=None,
        allow_null=True,
        min_value=0,
        max_value=1,
        help_text="Of everything, above all attempts; null: what the attempts are worth.",
    )
    excused = serializers.BooleanField(default=False)
    comment = serializers.CharField(
        default="", allow_blank=True, max_length=LONGEST, help_text="Shown to the learner with the results."
    )
    reason = serializers.CharField(
        default="",
        allow_blank=True,
        max_length=LONGEST,
        help_text="For those who teach; a grade and an excuse need it.",
    )


class CourseResource(Resource):
    """A resource of a course that whoever asks teaches; to anybody else it does not exist."""

    def course(self, course_id: UUID) -> Course:
        return get_object_or_404(overseen_courses(self.account, self.now), pk=course_id)

    def section_wanted(self, request: Request, course: Course) -> UUID | None:
        """Return the section that a list is filtered by. Raises ValidationError."""
        text = request.query_params.get("section")
        if not text:
            return None
        known = {str(pk): pk for pk in course.sections.values_list("pk", flat=True)}
        if text not in known:
            raise ValidationError({"section": "There is no such section in this course."}, "invalid")
        return known[text]


SECTION = OpenApiParameter("section", OpenApiTypes.UUID, description="Only learners of this section.")


class Gradebook(CourseResource):
    operations = {"GET": "get_gradebook"}

    @extend_schema(
        parameters=[
            SECTION,
            OpenApiParameter(
                "search", str, description="Only learners whose names or address have these words."
            ),
            OpenApiParameter("left", bool, description="With those who left the course."),
            OpenApiParameter("cursor", str, description="Of another page, as `next` and `previous` have it."),
            OpenApiParameter("format", str, enum=["json", *KINDS], description="A file has all learners."),
            OpenApiParameter(
                "points", bool, description="Of a file: a column of points beside each of percent."
            ),
        ],
        responses={
            (200, "application/json"): GradebookSerializer,
            (200, "text/csv"): OpenApiTypes.STR,
            (200, KINDS["xlsx"]): OpenApiTypes.BINARY,
        },
    )
    def get(self, request: Request, course: UUID) -> HttpResponseBase:
        """The learners of a course by what is assigned in it; as a file, all of them."""
        found = self.course(course)
        form = request.query_params.get("format", "json")
        if form not in ("json", *KINDS):
            raise ValidationError({"format": f"Must be json, {' or '.join(KINDS)}."}, "invalid")
        learners = self.learners(request, found)
        return self.page(found, learners) if form == "json" else self.file(request, found, learners, form)

    def learners(self, request: Request, course: Course) -> EnrolmentQuerySet:
        search = request.query_params.get("search", "")
        if len(search) > MAX_SEARCH or "\0" in search:
            raise ValidationError({"search": f"May have at most {MAX_SEARCH} characters."}, "invalid")
        return learners_of(
            course,
            self.now,
            section=self.section_wanted(request, course),
            search=search,
            with_left=_is_asked(request, "left"),
        )

    def page(self, course: Course, learners: EnrolmentQuerySet) -> Response:
        columns = columns_of(course)

        def show(enrolments: list[Enrolment]) -> list[dict[str, Any]]:
            return [_row(one) for one in rows_of(columns, enrolments, self.now)]

        reply = paged(self, learners, "pk", GradebookRowSerializer, show)
        heads = GradebookColumnSerializer([_column(one) for one in columns], many=True).data
        return Response({"columns": heads, **reply.data})

    def file(
        self, request: Request, course: Course, learners: EnrolmentQuerySet, form: str
    ) -> HttpResponseBase:
        columns = columns_of(course)
        rows = all_rows_of(columns, list(learners), self.now)
        table = table_of(columns, rows, with_points=_is_asked(request, "points"))
        made = sheet_file(form, table, zone=ZoneInfo(course.time_zone), title=course.title)
        if made is None:
            raise TypeError(f"{form} is in KINDS, and no kind of file")
        return attachment(made.content, made.kind, f"grades-{course.slug}.{form}")


class GradebookNotes(CourseResource):
    operations = {"POST": "note_grade"}

    @extend_schema(
        request=GradeNoteSerializer,
        responses={201: OpenApiResponse(GradebookCellSerializer, description="How the learner stands now.")},
    )
    def post(self, request: Request, course: UUID) -> Response:
        """Give a grade, excuse, comment, or take it back. What was said before is replaced; the history keeps it."""
        found = self.course(course)
        sent = GradeNoteSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        said = sent.validated_data
        enrolment, column, assignment = self.meant(found, said["learner"], said["assignment"])
        try:
            note_grade(
                assignment=assignment,
                user=enrolment.user,
                score=said["share"],
                is_excused=said["excused"],
                comment=said["comment"],
                reason=said["reason"],
                author=self.account,
                now=self.now,
            )
        except GradeRefused as error:
            raise ValidationError({_field_of(said): str(error)}, "invalid") from None
        cell = cell_of(column, enrolment, self.now)
        return Response(GradebookCellSerializer(cell).data, status=201)

    def meant(self, course: Course, learner: UUID, assignment: UUID) -> tuple[Enrolment, Column, Assignment]:
        """Return who and what a note is about. Raises ValidationError where it is none of this course."""
        enrolled = Enrolment.objects.filter(course=course, user=learner, role=Role.LEARNER)
        enrolment = enrolled.select_related("user", "section").first()
        if enrolment is None:
            raise ValidationError({"learner": "There is no such learner in this course."}, "invalid")
        for column in columns_of(course):
            if given := next((one for one in column.assignments if one.pk == assignment), None):
                return enrolment, column, given
        raise ValidationError({"assignment": "There is no such assignment in this course."}, "invalid")


def _is_asked(request: Request, name: str) -> bool:
    """Return a yes or no of the address. Raises ValidationError for anything else."""
    text = request.query_params.get(name, "false").lower()
    if text not in ("true", "false", "1", "0"):
        raise ValidationError({name: "Must be true or false."}, "invalid")
    return text in ("true", "1")


def _field_of(said: dict[str, Any]) -> str:
    """Return where to say what is wrong: what is out of its bounds the serializer has refused already."""
    return "excused" if said["excused"] and said["share"] is not None else "reason"


def _column(column: Column) -> dict[str, Any]:
    return {
        "assessment": column.assessment.slug,
        "title": column.assessment.title,
        "assignment": column.main.pk,
        "closes_at": column.main.closes_at,
        "weight": column.main.weight,
        "grade_rule": column.main.grade_rule,
    }


def _row(row: Row) -> dict[str, Any]:
    enrolment = row.enrolment
    return {
        "learner": enrolment.user,
        "section": enrolment.section.title if enrolment.section else None,
        "ends_at": enrolment.ends_at,
        "total": row.total,
        "grades": [cell for cell in row.cells if cell],
    }
