"""Courses: a learner's own with what is due there, joining one, and what their teachers do with them."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Mapping
from typing import Any, NoReturn
from urllib.parse import urlencode
from uuid import UUID

from django.contrib.admin.models import ADDITION, CHANGE, LogEntry
from django.core.exceptions import ValidationError as Invalid
from django.db.models import Q
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.parsing import ListParser
from api.rest.resource import LinkSerializer, Resource
from api.rest.throttles import JoinThrottle
from assessment.models import Course, Enrolment
from assessment.models.assignments import GradeRule
from assessment.models.people import Role
from assessment.modes import result
from assessment.people.copying import copy_course, first_day
from assessment.people.courses import (
    clear_join_code,
    course_of_code,
    join_course,
    make_course,
    set_join_code,
)
from assessment.people.oversight import overseen_courses
from assessment.people.rosters import (
    LONGEST,
    Imported,
    Outcome,
    Person,
    import_roster,
    people_in,
    plan_roster,
)
from assessment.progress.course_page import Due, Entry, course_page
from content.sheets.reading import LONGEST_CELL, MOST_ROWS, SheetFault, read_table

LONGEST_CODE = 100


class CourseSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    time_zone = serializers.CharField(help_text="In which its dates are meant, as Europe/Berlin.")
    role = serializers.ChoiceField(
        choices=Role.values, allow_null=True, help_text="Of whoever asks; null: in none, but they may look."
    )


class CourseEntrySerializer(serializers.Serializer[Any]):
    """An assignment as it holds for whoever asks, with their section and what is arranged for them."""

    assessment = LinkSerializer()
    assignment = serializers.UUIDField()
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    time_limit_minutes = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(
        choices=[one.value for one in Due],
        help_text="due_soon: it closes within 48 hours; late: closed for the others; missing: closed, never begun.",
    )
    attempts_left = serializers.IntegerField(allow_null=True, help_text="null: no limit.")
    open_attempt = serializers.UUIDField(allow_null=True)
    last_attempt = serializers.UUIDField(allow_null=True, help_text="The last one that has ended.")
    score = serializers.FloatField(
        allow_null=True,
        help_text="0 to 1, by the rule which attempt counts; null while nothing is known or may be.",
    )


class CoursePageSerializer(CourseSerializer):
    """``assignments``: what is due comes first."""

    section = serializers.CharField(allow_null=True)
    teachers = serializers.ListField(child=serializers.CharField())
    lessons = LinkSerializer(many=True)
    assignments = CourseEntrySerializer(many=True)


class EnteredCodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(
        max_length=LONGEST_CODE, help_text="Capitals, spaces and hyphens do not matter."
    )


class InvitationSerializer(serializers.Serializer[Any]):
    """What a code opens, before anybody joins."""

    title = serializers.CharField()
    teachers = serializers.ListField(child=serializers.CharField())
    course = serializers.UUIDField(allow_null=True, help_text="For whoever is in it already.")


class JoinCodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField()
    link = serializers.CharField(help_text="Where a browser joins.")


class NewCourseSerializer(serializers.Serializer[Any]):
    title = serializers.CharField(max_length=200)
    slug = serializers.CharField(max_length=100)
    time_zone = serializers.CharField(max_length=64, default="UTC")


class CopySerializer(serializers.Serializer[Any]):
    """Either ``days`` or ``starts_on`` says where the dates go."""

    title = serializers.CharField(max_length=200)
    slug = serializers.CharField(max_length=100)
    days = serializers.IntegerField(required=False, help_text="By how many days all dates move.")
    starts_on = serializers.DateField(required=False, help_text="The day that its first date moves to.")

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("days" in attrs) == ("starts_on" in attrs):
            raise ValidationError({"days": "Say either days or starts_on."})
        return attrs


class RosterPersonSerializer(serializers.Serializer[Any]):
    email = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_CELL)
    username = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_CELL)
    first_name = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_CELL)
    last_name = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_CELL)
    section = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_CELL)
    role = serializers.CharField(default="", allow_blank=True, max_length=LONGEST_CELL)


class RosterSerializer(serializers.Serializer[Any]):
    """Either ``rows`` or a ``file``."""

    rows = RosterPersonSerializer(many=True, required=False)
    file = serializers.CharField(required=False, help_text="A CSV or XLSX file, in base64.")
    expected = serializers.CharField(
        required=False, max_length=100, help_text="The fingerprint of the dry run that was looked at."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("rows" in attrs) == ("file" in attrs):
            raise ValidationError({"rows": "Send either rows or a file."})
        if len(attrs.get("rows", ())) > MOST_ROWS:
            raise ValidationError({"rows": f"There are more than {MOST_ROWS} rows."})
        return attrs


class RosterRowSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(source="person.row", help_text="Of the file, or of the rows, from 1.")
    who = serializers.CharField(source="person.named")
    outcome = serializers.ChoiceField(choices=[one.value for one in Outcome])
    words = serializers.CharField()


class RosterInvitationSerializer(serializers.Serializer[Any]):
    row = serializers.IntegerField(source="person.row")
    username = serializers.CharField()
    link = serializers.CharField(source="address", help_text="Works once, for two weeks; not shown again.")
    is_mailed = serializers.BooleanField()


class RosterReportSerializer(serializers.Serializer[Any]):
    counts = serializers.DictField(child=serializers.IntegerField(), help_text="Rows by their outcome.")
    new_sections = serializers.ListField(child=serializers.CharField())
    unread_columns = serializers.ListField(child=serializers.CharField())
    fingerprint = serializers.CharField(help_text="Another one when any row would do something else.")
    rows = RosterRowSerializer(many=True)
    invitations = RosterInvitationSerializer(many=True)


class Courses(Resource):
    operations = {"GET": "list_courses", "POST": "make_course"}

    @extend_schema(responses=CourseSerializer(many=True))
    def get(self, _request: Request) -> Response:
        """The courses that whoever asks is in, all of them."""
        mine = Enrolment.objects.active(self.now).filter(user=self.account).select_related("course")
        told = [course_told(one.course, one) for one in mine.order_by("course__title", "course__slug")]
        return Response(CourseSerializer(told, many=True).data)

    @extend_schema(request=NewCourseSerializer, responses={201: CourseSerializer})
    def post(self, request: Request) -> Response:
        """Make a course; its maker teaches it."""
        wanted = NewCourseSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        try:
            course = make_course(**wanted.validated_data, author=self.account)
        except Invalid as fault:
            refuse(fault)
        LogEntry.objects.log_actions(self.account.pk, [course], ADDITION, "Through the API.")
        return Response(CourseSerializer(course_told(course, place_in(course, self))).data, status=201)


class OneCourse(Resource):
    operations = {"GET": "get_course"}

    @extend_schema(responses=CoursePageSerializer)
    def get(self, _request: Request, id: UUID) -> Response:
        """A course with its lessons and what is given there to whoever asks, what is due first."""
        mine = Enrolment.objects.active(self.now).filter(user=self.account).values("course")
        seen = Q(pk__in=mine) | Q(pk__in=overseen_courses(self.account, self.now).values("pk"))
        course = get_object_or_404(Course.objects.filter(seen), pk=id)
        place = place_in(course, self)
        entries = course_page(course=course, user=self.account, now=self.now)
        page = {
            **course_told(course, place),
            "section": place.section.title if place and place.section else None,
            "teachers": teachers(course, self),
            "lessons": course.lessons.filter(current__isnull=False).order_by("title"),
            "assignments": [entry_told(one) for one in entries],
        }
        return Response(CoursePageSerializer(page).data)


class Invitation(Resource):
    operations = {"POST": "show_invitation"}
    post_throttles = [JoinThrottle]

    @extend_schema(
        request=EnteredCodeSerializer,
        responses={200: InvitationSerializer, 404: OpenApiResponse(description="No course has this code.")},
    )
    def post(self, request: Request) -> Response:
        """What a code would let whoever asks join. Nothing is changed."""
        course = course_of_code(code_in(request))
        is_in = self.user is not None and place_in(course, self) is not None
        told = {
            "title": course.title,
            "teachers": teachers(course, self),
            "course": course.pk if is_in else None,
        }
        return Response(InvitationSerializer(told).data)


class Joining(Resource):
    operations = {"POST": "join_course"}
    post_throttles = [JoinThrottle]

    @extend_schema(
        request=EnteredCodeSerializer,
        responses={200: CourseSerializer, 404: OpenApiResponse(description="No course has this code.")},
    )
    def post(self, request: Request) -> Response:
        """Join a course as a learner; twice is once. An enrollment that has ended is not revived."""
        enrolled = join_course(user=self.account, code=code_in(request), now=self.now)
        return Response(CourseSerializer(course_told(enrolled.course, enrolled)).data)


class Taught(Resource):
    """Something of a course that whoever asks teaches; to anybody else it does not exist."""

    def course(self, id: UUID) -> Course:
        return get_object_or_404(overseen_courses(self.account, self.now), pk=id)

    def log(self, course: Course, what: str) -> None:
        LogEntry.objects.log_actions(self.account.pk, [course], CHANGE, f"{what} Through the API.")


class JoinCode(Taught):
    operations = {"PUT": "set_join_code", "DELETE": "clear_join_code"}

    @extend_schema(request=None, responses=JoinCodeSerializer)
    def put(self, request: Request, id: UUID) -> Response:
        """Give the course a new join code, in place of the one before."""
        course = self.course(id)
        code = set_join_code(course=course)
        self.log(course, "Set a join code.")
        link = request._request.build_absolute_uri(f"/join/{code}")
        return Response(JoinCodeSerializer({"code": code, "link": link}).data)

    @extend_schema(request=None, responses={204: OpenApiResponse(description="Nobody joins by a code.")})
    def delete(self, _request: Request, id: UUID) -> Response:
        """Let nobody join by a code any more. Whoever has joined stays."""
        course = self.course(id)
        clear_join_code(course=course)
        self.log(course, "Ended the join code.")
        return Response(status=204)


class Copies(Taught):
    operations = {"POST": "copy_course"}

    @extend_schema(request=CopySerializer, responses={201: CourseSerializer})
    def post(self, request: Request, id: UUID) -> Response:
        """Copy the course into another term, with its lessons, sections and assignments and without its people."""
        wanted = CopySerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        course, terms = self.course(id), wanted.validated_data
        try:
            copy = copy_course(
                course=course,
                title=terms["title"],
                slug=terms["slug"],
                days=terms["days"] if "days" in terms else days_until(course, terms["starts_on"]),
                author=self.account,
                now=self.now,
            )
        except Invalid as fault:
            refuse(fault)
        LogEntry.objects.log_actions(self.account.pk, [copy], ADDITION, "Copied. Through the API.")
        return Response(CourseSerializer(course_told(copy, place_in(copy, self))).data, status=201)


class Roster(Taught):
    operations = {"POST": "import_roster"}
    parser_classes = (ListParser,)

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "dry_run", OpenApiTypes.BOOL, description="true: only say what each row would do."
            )
        ],
        request=RosterSerializer,
        responses={
            200: RosterReportSerializer,
            409: OpenApiResponse(description="Something has changed since the dry run: nothing was done."),
        },
    )
    def post(self, request: Request, id: UUID) -> Response:
        """Enroll people, and make accounts for those who have none. Rows that are refused stop nothing else."""
        sent = RosterSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        course = self.course(id)
        people, unread = people_sent(sent.validated_data)
        common: dict[str, Any] = {
            "course": course,
            "people": people,
            "unread": unread,
            "appoints": self.account.has_perm("assessment.add_enrolment"),
            "now": self.now,
        }
        if request.query_params.get("dry_run", "").lower() in ("true", "1"):
            return Response(report(Imported(plan_roster(**common), ())))

        def address_of(token: str) -> str:
            return request._request.build_absolute_uri(f"/recover?{urlencode({'token': token})}")

        expected = sent.validated_data.get("expected")
        done = import_roster(**common, expected=expected, address_of=address_of)
        self.log(course, "Brought a roster.")
        return Response(report(done))


def place_in(course: Course, view: Resource) -> Enrolment | None:
    """Return the place of whoever asks in a course, if they are in it."""
    here = course.enrolments.active(view.now).filter(user=view.account)
    return here.select_related("section").first()


def teachers(course: Course, view: Resource) -> list[str]:
    """Return the names of those who teach a course, as far as they have said them."""
    teaching = course.enrolments.active(view.now).filter(role=Role.INSTRUCTOR).select_related("user")
    return sorted(one.user.get_full_name() or one.user.username for one in teaching)


def course_told(course: Course, place: Enrolment | None) -> dict[str, Any]:
    return {
        "id": course.pk,
        "slug": course.slug,
        "title": course.title,
        "time_zone": course.time_zone,
        "role": place.role if place else None,
    }


def entry_told(entry: Entry) -> dict[str, Any]:
    return {
        "assessment": entry.assignment.assessment,
        "assignment": entry.assignment.pk,
        "opens_at": entry.opens_at,
        "closes_at": entry.closes_at,
        "time_limit_minutes": entry.time_limit_minutes,
        "state": entry.state,
        "attempts_left": entry.attempts_left,
        "open_attempt": entry.unfinished.pk if entry.unfinished else None,
        "last_attempt": entry.ended[-1].pk if entry.ended else None,
        "score": score_of(entry) if entry.is_released else None,
    }


def score_of(entry: Entry) -> float | None:
    """Return what attempts that may be known are worth together, as a share; None where nothing of them counts."""
    found = [result(one) for one in entry.ended]
    shares = [min(1.0, max(0.0, one.score / one.max_score)) for one in found if one.max_score > 0]
    return GradeRule(entry.assignment.grade_rule).of(shares) if shares else None


def code_in(request: Request) -> str:
    given = EnteredCodeSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    code: str = given.validated_data["code"]
    return code


def days_until(course: Course, starts_on: Any) -> int:
    """Return by how many days the dates of a course move, so that its first is on a day."""
    first = first_day(course)
    return (starts_on - first).days if first else 0


def people_sent(sent: Mapping[str, Any]) -> tuple[list[Person], tuple[str, ...]]:
    """Return the people of a request and the columns that were not read. Raises ValidationError."""
    if "rows" in sent:
        return [Person(row, **tidied(one)) for row, one in enumerate(sent["rows"], start=1)], ()
    try:
        return people_in(read_table(base64.b64decode(sent["file"], validate=True)))
    except (binascii.Error, ValueError):
        raise ValidationError({"file": "This is no base64."}) from None
    except SheetFault as fault:
        raise ValidationError({"file": str(fault)}) from None


def tidied(row: Mapping[str, str]) -> dict[str, str]:
    return {field: " ".join(row[field].split()) for field in (*LONGEST, "role")}


def report(done: Imported) -> Any:
    told = {
        "counts": done.plan.counts,
        "new_sections": done.plan.new_sections,
        "unread_columns": done.plan.unread,
        "fingerprint": done.plan.fingerprint,
        "rows": done.plan.steps,
        "invitations": done.invited,
    }
    return RosterReportSerializer(told).data


def refuse(fault: Invalid) -> NoReturn:
    """Raise what a row's own rules say as a refusal of the request, at its fields."""
    raise ValidationError(fault.message_dict) from None
