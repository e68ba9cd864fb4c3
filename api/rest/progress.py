"""What the learner knows by now, what to look at again, and the one thing to do next."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.attempts import ResultSerializer
from api.rest.resource import LinkSerializer, Resource
from api.rest.reviews import ShareChangeSerializer
from assessment.knowledge.mastery import LEVEL_WORDS
from assessment.models import Attempt
from assessment.modes import MODES, result
from assessment.progress.learner import Progress, learner_progress
from assessment.progress.lessons import LessonProgress
from assessment.progress.next_step import Kind
from assessment.results.felt import Notice, notices


class SkillProgressSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="skill.slug")
    title = serializers.CharField(source="skill.title")
    level = serializers.ChoiceField(choices=list(LEVEL_WORDS), help_text="new: never answered.")
    words = serializers.CharField(help_text="The level as learners read it.")
    probability = serializers.FloatField(
        source="estimate.probability",
        allow_null=True,
        help_text="That the skill is known today; null before any answer to it.",
    )
    low = serializers.FloatField(
        source="estimate.low", allow_null=True, help_text="The 90 % band around it, below …"
    )
    high = serializers.FloatField(source="estimate.high", allow_null=True, help_text="… and above.")
    count = serializers.IntegerField(source="mastery.count", help_text="Answers behind it.")
    ready = serializers.BooleanField(help_text="To be learned next: all it builds on is likely known.")
    is_locked = serializers.BooleanField(help_text="Never answered, and what it builds on comes first.")
    prerequisites = LinkSerializer(many=True, help_text="What it builds on directly.")
    review_at = serializers.DateTimeField(allow_null=True)
    exercise = LinkSerializer(allow_null=True, help_text="One that may be practiced now.")


class BestAttemptSerializer(serializers.Serializer[Any]):
    """The best finished attempt at an assessment, of those in the mode that it has now."""

    assessment = LinkSerializer()
    mode = serializers.ChoiceField(choices=list(MODES))
    attempt = serializers.UUIDField()
    result = ResultSerializer()


class LessonProgressSerializer(serializers.Serializer[Any]):
    """All counts are of the skills of this lesson."""

    slug = serializers.CharField(source="lesson.slug")
    title = serializers.CharField(source="lesson.title")
    skills = serializers.ListField(
        child=serializers.CharField(), help_text="Slugs, in the order of prerequisites."
    )
    skills_known = serializers.IntegerField(help_text="Mastered or probably known.")
    skills_mastered = serializers.IntegerField()
    skills_total = serializers.IntegerField()
    best = BestAttemptSerializer(many=True)


class ReviewSuggestionSerializer(serializers.Serializer[Any]):
    slug = serializers.CharField(source="skill.slug")
    title = serializers.CharField(source="skill.title")
    due = serializers.DateTimeField()
    why = serializers.CharField(help_text="Why it is worth another look.")
    exercise = LinkSerializer(allow_null=True, help_text="One that may be practiced now.")


class MistakesSerializer(serializers.Serializer[Any]):
    """What was answered wrongly and not rightly since, the latest first."""

    redo = LinkSerializer(many=True, help_text="Exercises that may be practiced now, at most 20.")
    explained_only = serializers.IntegerField(help_text="How many more cannot be practiced now.")


class NextStepSerializer(serializers.Serializer[Any]):
    kind = serializers.ChoiceField(choices=[kind.value for kind in Kind])
    title = serializers.CharField()
    why = serializers.CharField()
    slug = serializers.CharField(
        allow_null=True, help_text="Of the exercise (review, practice), the assessment or the lesson."
    )
    attempt = serializers.UUIDField(allow_null=True, help_text="The open attempt to go on with.")


class CorrectedResultSerializer(ShareChangeSerializer):
    """A result that was corrected, and that its learner has not looked at since."""

    attempt = serializers.UUIDField()
    assessment = LinkSerializer()
    at = serializers.DateTimeField()


class ProgressSerializer(serializers.Serializer[Any]):
    """By skill and by lesson, as far as the learner has touched them; ``review`` is due now, most urgent first."""

    next_step = NextStepSerializer()
    skills = SkillProgressSerializer(many=True)
    lessons = LessonProgressSerializer(many=True)
    review = ReviewSuggestionSerializer(many=True)
    next_due = serializers.DateTimeField(
        allow_null=True, help_text="When there will be more to review; null while nothing is scheduled."
    )
    mistakes = MistakesSerializer()
    corrected = CorrectedResultSerializer(
        many=True,
        help_text="The latest first; `POST attempts/{id}/corrections/seen/` takes one away.",
    )


class MyProgress(Resource):
    operations = {"GET": "get_progress"}

    @extend_schema(responses=ProgressSerializer)
    def get(self, request: Request) -> Response:
        """The learner's mastery by skill and lesson, what to review, and what to do next."""
        progress = shown(learner_progress(user=self.account, now=self.now))
        corrected = [notice_shown(one) for one in notices(self.account, self.now)]
        return Response(ProgressSerializer({**progress, "corrected": corrected}).data)


def shown(progress: Progress) -> dict[str, Any]:
    return {
        "next_step": progress.next_step,
        "skills": progress.skills,
        "lessons": [lesson_shown(one) for one in progress.lessons],
        "review": progress.review,
        "next_due": progress.next_due,
        "mistakes": progress.mistakes,
    }


def lesson_shown(lesson: LessonProgress) -> dict[str, Any]:
    return {
        "lesson": lesson.lesson,
        "skills": lesson.skills,
        "skills_known": lesson.skills_known,
        "skills_mastered": lesson.skills_mastered,
        "skills_total": lesson.skills_total,
        "best": [best_shown(one) for one in lesson.best],
    }


def best_shown(attempt: Attempt) -> dict[str, Any]:
    """Return an attempt with what it is worth; `learner_progress` has only those whose learner may know it."""
    return {
        "assessment": attempt.assessment,
        "mode": attempt.mode,
        "attempt": attempt.pk,
        "result": result(attempt),
    }


def notice_shown(notice: Notice) -> dict[str, Any]:
    return {
        "attempt": notice.attempt.pk,
        "assessment": notice.attempt.assessment,
        "at": notice.at,
        "before": notice.before,
        "to": notice.after,
    }
