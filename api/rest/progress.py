"""What the learner knows by now, and what to look at again."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.resource import LinkSerializer, Resource
from assessment.progress.learner import learner_progress


class SkillProgressSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="skill.slug")
    title = serializers.CharField(source="skill.title")
    probability = serializers.FloatField(source="mastery.probability", help_text="That the skill is known.")
    low = serializers.FloatField(source="mastery.low", help_text="The 90 % band around it, below …")
    high = serializers.FloatField(source="mastery.high", help_text="… and above.")
    count = serializers.IntegerField(source="mastery.count", help_text="Answers behind it.")
    level = serializers.ChoiceField(choices=["new", "learning", "nearly", "mastered"])
    ready = serializers.BooleanField(help_text="To be learned next: all it builds on is likely known.")
    review_at = serializers.DateTimeField(allow_null=True)


class LessonProgressSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="lesson.slug")
    title = serializers.CharField(source="lesson.title")
    fraction = serializers.FloatField(help_text="Mean mastery of its skills; those not practiced count 0.")
    skills_mastered = serializers.IntegerField()
    skills_total = serializers.IntegerField()
    best_score = serializers.FloatField(allow_null=True, help_text="Of finished attempts, as a fraction.")


class ReviewSuggestionSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="skill.slug")
    title = serializers.CharField(source="skill.title")
    due = serializers.DateTimeField()
    retrievability = serializers.FloatField(help_text="The chance that it is still remembered.")
    exercise = LinkSerializer(allow_null=True)


class ProgressSerializer(serializers.Serializer[Any]):
    """By skill and by lesson, as far as the learner has touched them; ``review`` is due now, most urgent first."""

    skills = SkillProgressSerializer(many=True)
    lessons = LessonProgressSerializer(many=True)
    review = ReviewSuggestionSerializer(many=True)
    next_due = serializers.DateTimeField(
        allow_null=True, help_text="When there will be more to review; null while nothing is scheduled."
    )


class MyProgress(Resource):
    operations = {"GET": "get_progress"}

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request) -> Response:
        """The learner's mastery by skill and lesson, and what to review."""
        progress = learner_progress(user=self.account, now=self.now)
        return Response(ProgressSerializer(progress).data)
