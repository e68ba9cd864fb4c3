"""What is arranged for one learner, for those who teach them and their machines."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.core.exceptions import ValidationError as Invalid
from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.resource import Resource
from assessment.models import Accommodation, Assignment, User
from assessment.models.people import MOST_MINUTES, MOST_TIME
from assessment.people.oversight import overseen_courses, overseen_users
from assessment.recording.overruling import arrange

MOST_ATTEMPTS = 10_000
TERMS = ("time_factor", "extra_minutes", "no_limit", "extra_attempts", "closes_at", "reason")


class TermsSerializer(serializers.Serializer[Any]):
    """What can be arranged. What is not said is as usual."""

    time_factor = serializers.FloatField(
        default=1.0, min_value=1.0, max_value=MOST_TIME, help_text="1.5 gives half as much time again."
    )
    extra_minutes = serializers.IntegerField(default=0, min_value=0, max_value=MOST_MINUTES)
    no_limit = serializers.BooleanField(default=False, help_text="No time limit; what closes still closes.")
    extra_attempts = serializers.IntegerField(default=0, min_value=0, max_value=MOST_ATTEMPTS)
    closes_at = serializers.DateTimeField(
        default=None, allow_null=True, help_text="Instead of the closing of the assignment."
    )
    reason = serializers.CharField(default="", allow_blank=True, max_length=200)


class AccommodationSerializer(serializers.Serializer[Any]):
    """What is arranged, with all that was not said."""

    learner = serializers.UUIDField()
    assignment = serializers.UUIDField(allow_null=True, help_text="null: it holds everywhere.")
    time_factor = serializers.FloatField()
    extra_minutes = serializers.IntegerField()
    no_limit = serializers.BooleanField()
    extra_attempts = serializers.IntegerField()
    closes_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class MadeSerializer(AccommodationSerializer):
    extended = serializers.ListField(
        child=serializers.UUIDField(), help_text="The attempts under way that have more time by it."
    )


class Accommodations(Resource):
    """An accommodation of somebody. Nobody else's learners exist, nor others' assignments."""

    def learner(self, learner: UUID) -> User:
        seen = User.objects.filter(overseen_users(self.account, self.now), is_guest=False)
        found = seen.filter(pk=learner).exclude(pk=self.account.pk).first()
        if found is None:
            raise NotFound
        return found

    def given(self, learner: User, assignment: UUID | None) -> Assignment | None:
        """Return the assignment that is meant; without one it holds everywhere, which superusers arrange."""
        if assignment is None:
            if not self.account.is_superuser:
                raise PermissionDenied("What holds in every assessment is arranged by superusers.")
            return None
        courses = overseen_courses(self.account, self.now)
        here = Assignment.objects.select_related("assessment")
        if not self.account.is_superuser:
            here = here.filter(course__in=courses.filter(enrolments__user=learner))
        found = here.filter(pk=assignment).first()
        if found is None:
            raise NotFound
        return found

    def read(self, learner: UUID, assignment: UUID | None) -> Response:
        user = self.learner(learner)
        given = self.given(user, assignment)
        found = arranged_for(user, given).first()
        if found is None:
            raise NotFound("Nothing is arranged there.")
        return Response(AccommodationSerializer(told(found, given)).data)

    def write(self, request: Request, learner: UUID, assignment: UUID | None) -> Response:
        sent = TermsSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        user = self.learner(learner)
        given = self.given(user, assignment)
        is_new = not arranged_for(user, given).exists()
        try:
            made, moved = arrange(
                user=user,
                assessment=given.assessment if given else None,
                terms=sent.validated_data,
                author=self.account,
                now=self.now,
            )
        except Invalid as fault:
            raise ValidationError(fault.message_dict) from None
        self._log(made, ADDITION if is_new else CHANGE)
        reply = {**told(made, given), "extended": [attempt.pk for attempt in moved]}
        return Response(MadeSerializer(reply).data)

    def end(self, learner: UUID, assignment: UUID | None) -> Response:
        user = self.learner(learner)
        for found in arranged_for(user, self.given(user, assignment)):
            self._log(found, DELETION)
            found.delete()
        return Response(status=204)

    def _log(self, arranged: Accommodation, what: int) -> None:
        """Who did what stands in the history of the desk, whichever way it was done."""
        said = "Through the API."
        LogEntry.objects.log_actions(self.account.pk, [arranged], what, said, single_object=True)


class General(Accommodations):
    operations = {"GET": "get_accommodation", "PUT": "make_accommodation", "DELETE": "end_accommodation"}

    @extend_schema(responses=AccommodationSerializer)
    def get(self, _request: Request, learner: UUID) -> Response:
        """What is arranged for a learner everywhere."""
        return self.read(learner, None)

    @extend_schema(request=TermsSerializer, responses={200: MadeSerializer})
    def put(self, request: Request, learner: UUID) -> Response:
        """Arrange something everywhere. It reaches attempts under way at once, and never takes time away."""
        return self.write(request, learner, None)

    @extend_schema(
        request=None, responses={204: OpenApiResponse(description="Nothing is arranged any more.")}
    )
    def delete(self, _request: Request, learner: UUID) -> Response:
        """End it. Attempts under way keep the time that they have."""
        return self.end(learner, None)


class Particular(Accommodations):
    operations = {
        "GET": "get_accommodation_at",
        "PUT": "make_accommodation_at",
        "DELETE": "end_accommodation_at",
    }

    @extend_schema(responses=AccommodationSerializer)
    def get(self, _request: Request, learner: UUID, assignment: UUID) -> Response:
        """What is arranged for a learner at the assessment of an assignment."""
        return self.read(learner, assignment)

    @extend_schema(request=TermsSerializer, responses={200: MadeSerializer})
    def put(self, request: Request, learner: UUID, assignment: UUID) -> Response:
        """Arrange something there; it goes before what holds everywhere."""
        return self.write(request, learner, assignment)

    @extend_schema(
        request=None, responses={204: OpenApiResponse(description="Nothing is arranged any more.")}
    )
    def delete(self, _request: Request, learner: UUID, assignment: UUID) -> Response:
        """End it there. Attempts under way keep the time that they have."""
        return self.end(learner, assignment)


def arranged_for(user: User, given: Assignment | None) -> QuerySet[Accommodation]:
    return Accommodation.objects.filter(user=user, assessment=given.assessment if given else None)


def told(arranged: Accommodation, given: Assignment | None) -> dict[str, Any]:
    terms: dict[str, Any] = {name: getattr(arranged, name) for name in TERMS}
    return {**terms, "learner": arranged.user_id, "assignment": given.pk if given else None}
