"""What is arranged for learners, one or many, for those who teach them and their machines."""

from __future__ import annotations

from collections.abc import Collection, Sequence
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

from api.rest.parsing import ListParser
from api.rest.policy import reachable
from api.rest.resource import Resource
from assessment.models import Accommodation, Assignment, Attempt, User
from assessment.models.people import MOST_MINUTES, MOST_TIME, MOST_TRIES
from assessment.people.oversight import overseen_courses
from assessment.recording.arranging import TERMS, arrange

MOST_ATTEMPTS = 10_000
MOST_LEARNERS = 5_000


class TermsSerializer(serializers.Serializer[Any]):
    """What can be arranged. What is not said is as usual."""

    time_factor = serializers.FloatField(
        default=1.0, min_value=1.0, max_value=MOST_TIME, help_text="1.5 gives half as much time again."
    )
    extra_minutes = serializers.IntegerField(default=0, min_value=0, max_value=MOST_MINUTES)
    no_limit = serializers.BooleanField(default=False, help_text="No time limit; what closes still closes.")
    extra_attempts = serializers.IntegerField(default=0, min_value=0, max_value=MOST_ATTEMPTS)
    tries = serializers.IntegerField(
        default=None,
        allow_null=True,
        min_value=1,
        max_value=MOST_TRIES,
        help_text="For each item, where that is more than usual; null: as usual. Adaptive assessments keep to one.",
    )
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
    tries = serializers.IntegerField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class MadeSerializer(AccommodationSerializer):
    extended = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="The attempts under way that have more time, or tries, by it.",
    )


class ForManySerializer(TermsSerializer):
    """The same for each of many learners."""

    assignment = serializers.UUIDField(default=None, allow_null=True, help_text="null: it holds everywhere.")
    learners = serializers.ListField(
        child=serializers.UUIDField(), allow_empty=False, max_length=MOST_LEARNERS
    )


class ManyMadeSerializer(serializers.Serializer[Any]):
    arranged = serializers.IntegerField(help_text="For how many learners.")
    extended = serializers.ListField(
        child=serializers.UUIDField(),
        help_text="The attempts under way that have more time, or tries, by it.",
    )


class Accommodations(Resource):
    """An accommodation of somebody. Nobody else's learners exist, nor others' assignments."""

    def learner(self, learner: UUID) -> User:
        seen = User.objects.filter(reachable(self.operation, self.account, User, self.now), is_guest=False)
        found = seen.filter(pk=learner).exclude(pk=self.account.pk).first()
        if found is None:
            raise NotFound
        return found

    def given(self, learner: User, assignment: UUID | None) -> Assignment | None:
        """Return the assignment that is meant; without one it holds everywhere, which superusers arrange."""
        if assignment is None:
            self.check_everywhere()
            return None
        courses = overseen_courses(self.account, self.now)
        here = Assignment.objects.select_related("assessment")
        if not self.account.is_superuser:
            here = here.filter(course__in=courses.filter(enrolments__user=learner))
        found = here.filter(pk=assignment).first()
        if found is None:
            raise NotFound
        return found

    def check_everywhere(self) -> None:
        if not self.account.is_superuser:
            raise PermissionDenied("What holds in every assessment is arranged by superusers.")

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
        [made], moved = self.arrange([user], given, sent.validated_data)
        self.log([made], ADDITION if is_new else CHANGE)
        reply = {**told(made, given), "extended": [attempt.pk for attempt in moved]}
        return Response(MadeSerializer(reply).data)

    def arrange(
        self, users: Collection[User], given: Assignment | None, terms: dict[str, Any]
    ) -> tuple[list[Accommodation], list[Attempt]]:
        try:
            return arrange(
                users=users,
                assessment=given.assessment if given else None,
                terms={name: terms[name] for name in TERMS},
                author=self.account,
                now=self.now,
            )
        except Invalid as fault:
            raise ValidationError(fault.message_dict) from None

    def end(self, learner: UUID, assignment: UUID | None) -> Response:
        user = self.learner(learner)
        for found in arranged_for(user, self.given(user, assignment)):
            self.log([found], DELETION)
            found.delete()
        return Response(status=204)

    def log(self, arranged: Sequence[Accommodation], what: int) -> None:
        """Who did what stands in the history of the desk, whichever way it was done."""
        LogEntry.objects.log_actions(self.account.pk, arranged, what, "Through the API.")


class Many(Accommodations):
    operations = {"PUT": "make_accommodations"}
    parser_classes = (ListParser,)

    @extend_schema(request=ForManySerializer, responses={200: ManyMadeSerializer})
    def put(self, request: Request) -> Response:
        """Arrange the same for many learners, all of them or none. It reaches their attempts under way at once."""
        sent = ForManySerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        wanted = set(sent.validated_data["learners"])
        given = self.given_to_many(sent.validated_data["assignment"])
        users = list(self.learners(wanted, given))
        if unknown := wanted - {one.pk for one in users}:
            some = ", ".join(sorted(map(str, unknown))[:3])
            raise ValidationError({"learners": f"{len(unknown)} are no learners of yours there: {some}."})
        made, moved = self.arrange(users, given, sent.validated_data)
        self.log(made, CHANGE)
        reply = {"arranged": len(made), "extended": [attempt.pk for attempt in moved]}
        return Response(ManyMadeSerializer(reply).data)

    def given_to_many(self, assignment: UUID | None) -> Assignment | None:
        if assignment is None:
            self.check_everywhere()
            return None
        here = Assignment.objects.select_related("assessment")
        if not self.account.is_superuser:
            here = here.filter(course__in=overseen_courses(self.account, self.now))
        found = here.filter(pk=assignment).first()
        if found is None:
            raise ValidationError({"assignment": "There is no such assignment of yours."})
        return found

    def learners(self, wanted: Collection[UUID], given: Assignment | None) -> QuerySet[User]:
        """Return those of some people for whom whoever asks may arrange something there."""
        reached = reachable(self.operation, self.account, User, self.now)
        seen = User.objects.filter(reached, pk__in=wanted, is_guest=False).exclude(pk=self.account.pk)
        if self.account.is_superuser or given is None:
            return seen
        return seen.filter(courses=given.course_id)


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
