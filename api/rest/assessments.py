"""Assessments as a learner finds them before starting."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import OuterRef, Q, QuerySet, Subquery
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.pagination import CursorPagination, paged
from api.rest.resource import Resource
from assessment.delivery.attempts import used_attempts
from assessment.models import Accommodation, Assessment, Assignment, Attempt, User
from assessment.models.assignments import GIVEN, AssignmentQuerySet
from assessment.models.attempts import AttemptState
from assessment.modes import MODES, mode_of
from assessment.people.oversight import overseen_courses
from assessment.rules.delivery import DeliveryRules, Layout, Tool
from assessment.scoring.tries import Keep
from content.items.markup import render


class AssessmentSummarySerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    assignment = serializers.UUIDField(help_text="How it is given to whoever asks: its dates and its limits.")
    title = serializers.CharField()
    summary = serializers.CharField()
    lesson = serializers.CharField(allow_null=True, help_text="The slug of the lesson it belongs to.")
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    mode = serializers.ChoiceField(
        choices=list(MODES), help_text="adaptive, mastery: each item is chosen by the answers before it."
    )
    time_limit_minutes = serializers.IntegerField(allow_null=True)
    item_count = serializers.IntegerField(help_text="The highest number, where items are chosen one by one.")


class SectionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    count = serializers.IntegerField()


class ConditionsSerializer(serializers.Serializer[Any]):
    """What a page that shows the items goes by, besides their own rules."""

    layout = serializers.ChoiceField(
        choices=[one.value for one in Layout], help_text="one_page: all items below one another."
    )
    tools = serializers.ListField(
        child=serializers.ChoiceField(choices=[one.value for one in Tool]),
        help_text="What may lie beside the items.",
    )
    solution_on_request = serializers.BooleanField(
        help_text="Whether `POST …/solution/` shows the solution of an item, which closes it."
    )


class ArrangedSerializer(serializers.Serializer[Any]):
    """What holds for the one who asks, where something was arranged."""

    time_limit_minutes = serializers.FloatField(allow_null=True, help_text="null: no limit.")
    attempts_allowed = serializers.IntegerField(allow_null=True, help_text="null: no limit.")
    closes_at = serializers.DateTimeField(allow_null=True)
    tries = serializers.IntegerField(allow_null=True, help_text="Per item; null: no limit.")


class AssessmentSerializer(AssessmentSummarySerializer):
    """The rules of an assessment, and how the one who asks stands to it."""

    instructions = serializers.CharField(help_text="HTML.")
    attempts_allowed = serializers.IntegerField(allow_null=True, help_text="null: no limit.")
    attempts_left = serializers.IntegerField(allow_null=True, help_text="null: no limit.")
    tries = serializers.IntegerField(allow_null=True, help_text="Per item; null: no limit.")
    penalty = serializers.FloatField(help_text="The share of an item's score that each wrong try costs.")
    keep = serializers.ChoiceField(choices=[keep.value for keep in Keep], help_text="Which try counts.")
    answers_may_change = serializers.BooleanField(
        help_text="Until the end, because nothing is told before it and no item was chosen by an answer."
    )
    feedback = serializers.ChoiceField(choices=["immediate", "at_end", "after_close"])
    pass_fraction = serializers.FloatField()
    conditions = ConditionsSerializer()
    sections = SectionSerializer(many=True)
    open_attempt = serializers.UUIDField(allow_null=True)
    arranged = ArrangedSerializer(allow_null=True, help_text="null: nothing is, for whoever asks.")


class Assessments(Resource):
    operations = {"GET": "list_assessments"}
    pagination_class = CursorPagination

    @extend_schema(responses=AssessmentSummarySerializer(many=True))
    def get(self, request: Request) -> Response:
        """Assessments that are open to whoever asks."""
        return paged(
            self, visible_assessments(self.user, self.now), "slug", AssessmentSummarySerializer, self._shown
        )

    def _shown(self, assessments: list[Assessment]) -> list[dict[str, Any]]:
        given = Assignment.objects.in_bulk([given_to_user(one) for one in assessments])
        return [summary(one, given[given_to_user(one)]) for one in assessments]


class OneAssessment(Resource):
    operations = {"GET": "get_assessment"}

    @extend_schema(responses=AssessmentSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """An assessment with its sections, its rules and the attempts that are left."""
        assessment = get_object_or_404(visible_assessments(self.user, self.now), slug=slug)
        given = Assignment.objects.select_related("assessment").get(pk=given_to_user(assessment))
        return Response(AssessmentSerializer(detail(assessment, given, self.user, self.now)).data)


def visible_assignments(user: User | None, now: datetime) -> AssignmentQuerySet:
    """Open assignments that hold for everybody or for the user in a course, and all that the user oversees."""
    found = Assignment.objects.filter(assessment__current__isnull=False)
    if user is None:
        return found.filter(GIVEN, course=None)
    if user.is_superuser:
        return found
    visible = Q(Q(course=None) | found.held_by(user, now), GIVEN)
    return found.filter(visible | Q(course__in=overseen_courses(user, now)))


def visible_assessments(user: User | None, now: datetime) -> QuerySet[Assessment]:
    """Return what is given to the user by a visible assignment, each with the ``given`` id of the preferred one."""
    mine = visible_assignments(user, now).filter(assessment=OuterRef("pk"))
    preferred = mine.preferred_by(user, now)
    found = Assessment.objects.annotate(given=Subquery(preferred.values("pk")[:1]))
    return found.filter(given__isnull=False).select_related("lesson", "current")


def given_to_user(assessment: Any) -> UUID:
    """Return the assignment that `visible_assessments` found."""
    found: UUID = assessment.given
    return found


def summary(assessment: Assessment, given: Assignment) -> dict[str, Any]:
    definition = assessment.definition
    return {
        "slug": assessment.slug,
        "assignment": given.pk,
        "title": definition.title,
        "summary": definition.summary,
        "lesson": assessment.lesson.slug if assessment.lesson else None,
        "opens_at": given.opens_at,
        "closes_at": given.closes_at,
        "time_limit_minutes": given.time_limit_minutes,
        "mode": definition.mode,
        "item_count": mode_of(definition).longest(definition),
    }


def detail(assessment: Assessment, given: Assignment, user: User | None, now: datetime) -> dict[str, Any]:
    definition = assessment.definition
    rules = definition.rules_under(given.feedback)
    return {
        **summary(assessment, given),
        **standing(given, user, now),
        "instructions": render(definition.instructions),
        "attempts_allowed": given.attempts_allowed,
        # As they are counted, not as they are stored: where verdicts are withheld some settings mean nothing.
        "tries": rules.scoring.tries,
        "penalty": rules.scoring.penalty,
        "keep": rules.scoring.keep,
        "answers_may_change": rules.answers_may_change,
        "feedback": rules.feedback,
        "pass_fraction": rules.pass_fraction,
        "conditions": conditions(rules),
        "sections": [
            {"title": one.title, "count": one.item_count} for one in mode_of(definition).sections(definition)
        ],
    }


def arranged(given: Assignment, accommodation: Accommodation) -> dict[str, Any]:
    rules = given.assessment.definition.rules_under(given.feedback, accommodation.tries)
    return {
        "time_limit_minutes": given.minutes_for(accommodation),
        "attempts_allowed": given.attempts_for(accommodation),
        "closes_at": given.closing_for(accommodation),
        "tries": rules.scoring.tries,
    }


def conditions(rules: DeliveryRules) -> dict[str, Any]:
    return {"layout": rules.layout, "tools": rules.tools, "solution_on_request": rules.gives_solutions}


def standing(given: Assignment, user: User | None, now: datetime) -> dict[str, Any]:
    """Return how many attempts are left for the user, with what is arranged for them, and which one is open."""
    if user is None:
        return {"attempts_left": given.attempts_allowed, "open_attempt": None, "arranged": None}
    attempts = Attempt.objects.filter(
        learner__users=user,
        assignment__assessment=given.assessment_id,
        assignment__course=given.course_id,
        state=AttemptState.OPEN,
    )
    accommodation = given.accommodation_among(user.accommodations.all())
    allowed = given.attempts_for(accommodation)
    unfinished = (one.pk for one in attempts if one.is_open(now))
    return {
        "attempts_left": None if allowed is None else max(0, allowed - used_attempts(user, given)),
        "open_attempt": next(unfinished, None),
        "arranged": arranged(given, accommodation) if accommodation else None,
    }
