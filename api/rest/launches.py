"""Launches from other systems: how their pages prove who they are, and what became of grades there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.attempts import AttemptResource
from api.rest.authentication import KeyAuthentication, bearer
from api.rest.resource import Resource
from assessment.models import Assignment, Attempt, Grade, Launch, PlatformPerson, ResourceLink
from assessment.models.attempts import AttemptState
from assessment.models.grades import GradeState
from assessment.models.people import Role
from assessment.platforms.arriving import renew, take_code
from assessment.platforms.grading import resend, states_of

STATES: Final = [GradeState.WAITING.value, GradeState.SENT.value, GradeState.PARKED.value]
LONGEST_CODE: Final = 100


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(
        max_length=LONGEST_CODE, help_text="From the address of the launch, behind the #."
    )


class LaunchTokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(help_text="Sent as `Authorization: Bearer <token>`, in place of cookies.")
    renew_after = serializers.IntegerField(help_text="In seconds; the token holds twice as long.")


class LaunchSerializer(LaunchTokenSerializer):
    """A launch that was taken up: what it opens, and in which role."""

    platform = serializers.CharField(help_text="Its name.")
    title = serializers.CharField(help_text="Of the link, as its course calls it.")
    is_teacher = serializers.BooleanField()
    assessment = serializers.CharField(allow_null=True, help_text="Its slug.")
    assignment = serializers.UUIDField(allow_null=True)
    attempt = serializers.UUIDField(allow_null=True, help_text="Of a submission review.")
    return_url = serializers.CharField(allow_null=True, help_text="The way back to the course.")


class PersonSerializer(serializers.Serializer[Any]):
    person = serializers.UUIDField(allow_null=True, help_text="null: everybody.")


class SentGradeSerializer(serializers.Serializer[Any]):
    """A grade in another system's gradebook."""

    platform = serializers.CharField(help_text="Its name.")
    state = serializers.ChoiceField(choices=STATES, help_text="parked: refused; somebody has to look.")
    score = serializers.FloatField(allow_null=True, help_text="null: something waits to be judged.")
    maximum = serializers.FloatField()
    sent_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(help_text="Not before: the release of results, or the next try.")
    reason = serializers.CharField(help_text="Why it is not there yet; may be empty.")


class PersonGradeSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the person at this platform.")
    learner = serializers.UUIDField(help_text="Of the account, as accommodations name it.")
    name = serializers.CharField()
    attempts = serializers.IntegerField(help_text="That have ended and count.")
    score = serializers.FloatField(allow_null=True)
    maximum = serializers.FloatField(allow_null=True)
    state = serializers.ChoiceField(choices=["none", *STATES])
    reason = serializers.CharField()
    sent_at = serializers.DateTimeField(allow_null=True)


class LinkGradesSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    people = PersonGradeSerializer(many=True)


class Launches(Resource):
    operations = {"POST": "take_launch"}
    # Whoever has a code has no cookies yet, and so nothing that could be forged.
    authentication_classes = (KeyAuthentication,)

    @extend_schema(request=CodeSerializer, responses={200: LaunchSerializer})
    def post(self, request: Request) -> Response:
        """Take up a launch by its code, which works once and for two minutes."""
        sent = CodeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        found = take_code(sent.validated_data["code"], self.now)
        if found is None:
            raise ValidationError({"code": "This launch was taken up before, or is too old."}, "wrong_code")
        return Response(LaunchSerializer(taken_up(*found, self.now)).data)


class Renewal(Resource):
    operations = {"POST": "renew_launch"}

    @extend_schema(request=None, responses={200: LaunchTokenSerializer})
    def post(self, request: Request) -> Response:
        """Exchange the token for a new one. The old one holds until the next renewal."""
        token = renew(bearer(request), self.now)
        if token is None:
            raise AuthenticationFailed("This token was renewed before.")
        return Response(LaunchTokenSerializer(with_token(token)).data)


class LaunchGrades(Resource):
    operations = {"GET": "list_grades_of_a_launch", "POST": "resend_grades_of_a_launch"}

    @extend_schema(responses=LinkGradesSerializer)
    def get(self, request: Request) -> Response:
        """The learners of the course, and what became of their grades at this link. For its teachers."""
        return Response(LinkGradesSerializer(grades_at(self._link())).data)

    @extend_schema(request=PersonSerializer, responses=LinkGradesSerializer)
    def post(self, request: Request) -> Response:
        """Send the latest grade of somebody, or of everybody, once more."""
        sent = PersonSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        link = self._link()
        grades = Grade.objects.filter(link=link)
        if person := sent.validated_data["person"]:
            grades = grades.filter(person=person)
        resend(grades, now=self.now)
        return Response(LinkGradesSerializer(grades_at(link)).data)

    def _link(self) -> ResourceLink:
        launch = self.request.auth
        if not isinstance(launch, Launch) or launch.link is None or not launch.is_teacher:
            raise PermissionDenied("Only a teacher who came by a link of a course sees its grades.")
        return launch.link


class AttemptGrades(AttemptResource):
    operations = {"GET": "list_grades_sent"}

    @extend_schema(responses=SentGradeSerializer(many=True))
    def get(self, request: Request, id: UUID) -> Response:
        """Where the grade of this attempt's assignment has gone, and what became of it there."""
        told = [grade_told(one) for one in states_of(self.attempt(id))]
        return Response(SentGradeSerializer(told, many=True).data)


def taken_up(launch: Launch, token: str, now: datetime) -> dict[str, Any]:
    assignment = assignment_of(launch, now)
    return {
        **with_token(token),
        "platform": launch.platform.name,
        "title": str(launch.link) if launch.link else "",
        "is_teacher": launch.is_teacher,
        "assessment": assignment.assessment.slug if assignment else None,
        "assignment": assignment.pk if assignment else None,
        "attempt": launch.attempt_id,
        "return_url": launch.return_url or None,
    }


def assignment_of(launch: Launch, now: datetime) -> Assignment | None:
    """Return what the link of a launch gives to whoever came by it: their section may have it at dates of its own."""
    given = launch.link.assignment if launch.link else None
    if given is None or launch.is_teacher:
        return given
    here = Assignment.objects.alongside(given.pk).select_related("assessment")
    return here.preferred_by(launch.session.user, now).first()


def with_token(token: str) -> dict[str, Any]:
    return {"token": token, "renew_after": int(Launch.TOKEN_AGE.total_seconds() / 2)}


def grade_told(grade: Grade) -> dict[str, Any]:
    return {
        "platform": grade.link.context.deployment.platform.name,
        "state": grade.state,
        "score": grade.score,
        "maximum": grade.maximum,
        "sent_at": grade.sent_at,
        "due_at": grade.due_at,
        "reason": grade.reason,
    }


def reason_told(grade: Grade) -> str:
    """Return why a grade is not there, or what stands there instead."""
    if grade.state == GradeState.SENT and grade.differs:
        shown = "nothing" if grade.found is None else f"{grade.found:.4g} of {grade.maximum:.4g}"
        return f"The gradebook shows {shown}: somebody may have changed it there."
    return grade.reason


def grades_at(link: ResourceLink) -> dict[str, Any]:
    """Return the learners of a link's course who are known to its platform, each with the latest grade."""
    platform = link.context.deployment.platform_id
    enrolled = link.context.course.enrolments.filter(role=Role.LEARNER).values("user")
    people = PlatformPerson.objects.filter(platform=platform, user__in=enrolled).select_related("user")
    latest = {one.person_id: one for one in Grade.objects.filter(link=link).latest_versions()}
    here = Assignment.objects.alongside(link.assignment_id)
    ended = Attempt.objects.filter(assignment__in=here, is_void=False).exclude(state=AttemptState.OPEN)
    counts: dict[UUID, int] = {}
    for user in ended.values_list("learner__users", flat=True):
        counts[user] = counts.get(user, 0) + 1
    named = sorted(people, key=lambda one: (one.user.last_name, one.user.first_name, str(one.pk)))
    return {
        "title": str(link),
        "people": [person_told(one, latest.get(one.pk), counts.get(one.user_id, 0)) for one in named],
    }


def person_told(person: PlatformPerson, grade: Grade | None, attempts: int) -> Mapping[str, Any]:
    return {
        "id": person.pk,
        "learner": person.user_id,
        "name": person.user.get_full_name() or "somebody without a name",
        "attempts": attempts,
        "score": grade.score if grade else None,
        "maximum": grade.maximum if grade else None,
        "state": grade.state if grade else "none",
        "reason": reason_told(grade) if grade else "",
        "sent_at": grade.sent_at if grade else None,
    }
