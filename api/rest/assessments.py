"""Assessments as a learner finds them before starting."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.pagination import CursorPagination, paged
from api.rest.resource import Resource
from assessment.models import Assessment, Attempt, Enrolment, User
from assessment.models.assessments import Mode
from assessment.models.attempts import AttemptState
from assessment.modes import mode_of
from assessment.people.oversight import overseen_courses
from assessment.scoring.tries import Keep
from content.items.markup import render


class AssessmentSummarySerializer(serializers.Serializer[Any]):
    slug = serializers.CharField()
    title = serializers.CharField()
    summary = serializers.CharField()
    lesson = serializers.CharField(allow_null=True, help_text="The slug of the lesson it belongs to.")
    opens_at = serializers.DateTimeField(allow_null=True)
    closes_at = serializers.DateTimeField(allow_null=True)
    mode = serializers.ChoiceField(
        choices=Mode.values, help_text="adaptive, mastery: each item is chosen by the answers before it."
    )
    time_limit_minutes = serializers.IntegerField(allow_null=True)
    item_count = serializers.IntegerField(help_text="At most so many, where items are chosen one by one.")


class SectionSerializer(serializers.Serializer[Any]):
    title = serializers.CharField()
    count = serializers.IntegerField()


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
    sections = SectionSerializer(many=True)
    open_attempt = serializers.UUIDField(allow_null=True)


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
        return [summary(one) for one in assessments]


class OneAssessment(Resource):
    operations = {"GET": "get_assessment"}

    @extend_schema(responses=AssessmentSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """An assessment with its sections, its rules and the attempts that are left."""
        assessment = get_object_or_404(visible_assessments(self.user, self.now), slug=slug)
        return Response(AssessmentSerializer(detail(assessment, self.user, self.now)).data)


def visible_assessments(user: User | None, now: datetime) -> QuerySet[Assessment]:
    """Open assessments of no course or of the user's own, and all that the user oversees."""
    found = Assessment.objects.select_related("lesson").prefetch_related("sections__slots")
    if user is None:
        return found.filter(is_open=True, course=None)
    if user.is_superuser:
        return found
    courses = Enrolment.objects.active(now).filter(user=user).values("course")
    visible = Q(Q(course=None) | Q(course__in=courses), is_open=True)
    return found.filter(visible | Q(course__in=overseen_courses(user, now)))


def summary(assessment: Assessment) -> dict[str, Any]:
    return {
        "slug": assessment.slug,
        "title": assessment.title,
        "summary": assessment.summary,
        "lesson": assessment.lesson.slug if assessment.lesson else None,
        "opens_at": assessment.opens_at,
        "closes_at": assessment.closes_at,
        "time_limit_minutes": assessment.time_limit_minutes,
        "mode": assessment.mode,
        "item_count": mode_of(assessment).longest(assessment),
    }


def detail(assessment: Assessment, user: User | None, now: datetime) -> dict[str, Any]:
    rules = assessment.rules
    return {
        **summary(assessment),
        **standing(assessment, user, now),
        "instructions": render(assessment.instructions),
        "attempts_allowed": assessment.attempts_allowed,
        # As they are counted, not as they are stored: where verdicts are withheld some settings mean nothing.
        "tries": rules.scoring.tries,
        "penalty": rules.scoring.penalty,
        "keep": rules.scoring.keep,
        "answers_may_change": rules.answers_may_change,
        "feedback": assessment.feedback,
        "pass_fraction": assessment.pass_fraction,
        "sections": [{"title": one.title, "count": one.item_count} for one in assessment.sections.all()],
    }


def standing(assessment: Assessment, user: User | None, now: datetime) -> dict[str, Any]:
    """Return how many attempts are left for the user, with what is arranged for them, and which one is open."""
    if user is None:
        return {"attempts_left": assessment.attempts_allowed, "open_attempt": None}
    attempts = list(Attempt.objects.filter(learner__users=user, assessment=assessment))
    allowed = assessment.attempts_for(assessment.accommodation_among(user.accommodations.all()))
    unfinished = (one.pk for one in attempts if one.state == AttemptState.OPEN and one.is_open(now))
    return {
        "attempts_left": None if allowed is None else max(0, allowed - len(attempts)),
        "open_attempt": next(unfinished, None),
    }
