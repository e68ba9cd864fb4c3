"""Item statistics for those who teach: of an assessment in their courses, of a bank that is theirs."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.resource import Resource
from assessment.models import Assessment
from assessment.results.statistics import Statistics, Subject, statistics_of, subject_for
from content.models import AuthorGrant

WHICH = ("first", "all")


class StatisticsQuerySerializer(serializers.Serializer[Any]):
    attempts = serializers.ChoiceField(
        choices=WHICH, default="first", help_text="first: the first attempt of each learner."
    )


class AssessmentStatisticsQuerySerializer(StatisticsQuerySerializer):
    course = serializers.UUIDField(
        required=False, help_text="Left out: everywhere, or the first of the own courses."
    )


class NumberSerializer(serializers.Serializer[Any]):
    """A number with the interval that holds the true one 19 times out of 20; null where there is none."""

    value = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class StatisticsFlagSerializer(serializers.Serializer[Any]):
    kind = serializers.CharField(help_text="For programs.")
    words = serializers.CharField(help_text="For people.")
    about = serializers.CharField(help_text="The option, answer or parameter that it is about, or empty.")


def shares(about: str) -> serializers.ListField:
    return serializers.ListField(child=serializers.FloatField(allow_null=True), help_text=about)


class AnswerRowSerializer(serializers.Serializer[Any]):
    """Who gave an answer first."""

    answer = serializers.JSONField(help_text="As it was read; null for all that the row is about.")
    is_key = serializers.BooleanField()
    misconception = serializers.CharField(allow_null=True, help_text="The slug.")
    count = serializers.IntegerField()
    share = serializers.FloatField(allow_null=True)
    thirds = shares("Among the weakest, the middle and the strongest third of learners.")
    curve = shares("Among five groups of learners, the weakest first.")
    third = serializers.FloatField(allow_null=True, help_text="The mean third of who gave it, 1 to 3.")
    correlation = NumberSerializer(help_text="Of giving it with ability.")


class WrongAnswerSerializer(serializers.Serializer[Any]):
    """A wrong answer, given at any try."""

    answer = serializers.JSONField(help_text="As it was read.")
    is_whole = serializers.BooleanField(help_text="Else it is the beginning of a long one.")
    score = serializers.FloatField()
    misconception = serializers.CharField(allow_null=True, help_text="The slug.")
    count = serializers.IntegerField()
    share = serializers.FloatField(help_text="Of the places that were answered.")
    third = serializers.FloatField(allow_null=True, help_text="The mean third of who gave it, 1 to 3.")


class InteractionStatisticsSerializer(serializers.Serializer[Any]):
    id = serializers.CharField()
    kind = serializers.CharField()
    is_choice = serializers.BooleanField(help_text="Its rows are all the options.")
    answered = serializers.IntegerField(help_text="Places with an answer that could be read.")
    rows = AnswerRowSerializer(many=True)
    wrong = WrongAnswerSerializer(many=True)
    more_wrong = serializers.IntegerField(help_text="Wrong answers besides those listed.")


class RegionSerializer(serializers.Serializer[Any]):
    low = serializers.FloatField()
    high = serializers.FloatField()
    answers = serializers.IntegerField()
    facility = serializers.FloatField(allow_null=True)
    adjusted = serializers.FloatField(
        allow_null=True, help_text="What all learners would reach with such values."
    )


class ParameterStatisticsSerializer(serializers.Serializer[Any]):
    """Whether one draw is harder than another, for learners of the same ability."""

    name = serializers.CharField()
    regions = RegionSerializer(many=True)
    p_value = serializers.FloatField(
        allow_null=True, help_text="Corrected by Holm; null before there are enough answers."
    )
    gap = serializers.FloatField(allow_null=True, help_text="Between the easiest and the hardest, adjusted.")


class SecondsSerializer(serializers.Serializer[Any]):
    median = serializers.FloatField(allow_null=True)
    low = serializers.FloatField(allow_null=True, help_text="A quarter took less.")
    high = serializers.FloatField(allow_null=True, help_text="A quarter took more.")


class ItemStatisticsSerializer(serializers.Serializer[Any]):
    """One item version as it was shown. Scores are fractions."""

    version = serializers.UUIDField()
    item = serializers.UUIDField()
    slug = serializers.CharField()
    title = serializers.CharField()
    number = serializers.IntegerField(help_text="Of the version.")
    bank = serializers.CharField(help_text="The slug.")
    is_exercise = serializers.BooleanField()
    position = serializers.FloatField(help_text="In an attempt, on average.")
    shown = serializers.IntegerField(help_text="Places that count.")
    unanswered = serializers.IntegerField()
    facility = NumberSerializer()
    first_try = NumberSerializer()
    sd = serializers.FloatField(allow_null=True)
    weight = serializers.FloatField(allow_null=True, help_text="Meant, as a share of the total.")
    effective_weight = serializers.FloatField(
        allow_null=True,
        help_text="The share of the spread of totals; null where not all have the same items.",
    )
    discrimination = NumberSerializer(help_text="The correlation with the rest of the attempt.")
    efficiency = serializers.FloatField(allow_null=True)
    guess = serializers.FloatField(allow_null=True, help_text="What blind guessing would get.")
    seconds = SecondsSerializer()
    interactions = InteractionStatisticsSerializer(many=True)
    parameters = ParameterStatisticsSerializer(many=True)
    unexamined = serializers.ListField(
        child=serializers.CharField(), help_text="Parameters that are no single numbers."
    )
    flags = StatisticsFlagSerializer(many=True)


class TotalsSerializer(serializers.Serializer[Any]):
    """What attempts came to, in points."""

    attempts = serializers.IntegerField()
    most = serializers.FloatField()
    mean = NumberSerializer()
    median = serializers.FloatField(allow_null=True)
    sd = serializers.FloatField(allow_null=True)
    skewness = serializers.FloatField(allow_null=True)
    kurtosis = serializers.FloatField(allow_null=True)
    consistency = NumberSerializer(help_text="Cronbach's alpha.")
    error_ratio = serializers.FloatField(allow_null=True)
    error = serializers.FloatField(allow_null=True, help_text="The standard error of measurement.")
    bars = serializers.ListField(
        child=serializers.IntegerField(), help_text="Attempts by tenths of the points."
    )


class AbilitiesSerializer(serializers.Serializer[Any]):
    attempts = serializers.IntegerField()
    mean = serializers.FloatField(allow_null=True)
    sd = serializers.FloatField(allow_null=True)
    error = serializers.FloatField(allow_null=True, help_text="The standard error of one, on average.")
    bars = serializers.ListField(
        child=serializers.IntegerField(), help_text="Attempts in steps of a half from -4 to 4."
    )


class SkillStatisticsSerializer(serializers.Serializer[Any]):
    skill = serializers.CharField(help_text="The slug.")
    attempts = serializers.IntegerField()
    answers = serializers.IntegerField()
    first_try = serializers.FloatField(allow_null=True, help_text="The mean score at the first try.")


class StatisticsSerializer(serializers.Serializer[Any]):
    """Item statistics from finished attempts of learners, at most a minute old."""

    as_of = serializers.DateTimeField()
    course = serializers.UUIDField(allow_null=True, help_text="null: everywhere.")
    counted = serializers.ChoiceField(choices=WHICH, help_text="Which attempts.")
    has_more = serializers.BooleanField(help_text="Whether somebody has a second attempt.")
    mode = serializers.CharField(help_text="Of the attempts; empty where they are of several.")
    attempts = serializers.IntegerField()
    people = serializers.IntegerField()
    totals = TotalsSerializer(allow_null=True, help_text="Where scores add up.")
    ability = AbilitiesSerializer(allow_null=True, help_text="Of adaptive attempts.")
    skills = SkillStatisticsSerializer(many=True, help_text="Of attempts that practice skills.")
    items = ItemStatisticsSerializer(many=True)
    notes = serializers.ListField(
        child=serializers.CharField(), help_text="What does not apply, and why, for people."
    )


class AssessmentStatistics(Resource):
    operations = {"GET": "get_statistics"}

    @extend_schema(parameters=[AssessmentStatisticsQuerySerializer], responses=StatisticsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Item statistics of an assessment in a course of whoever asks, or everywhere for who may write it."""
        asked = _asked(AssessmentStatisticsQuerySerializer, request)
        assessment = get_object_or_404(Assessment.objects.all(), slug=slug)
        course: UUID | None = asked.get("course")
        subject = subject_for(self.account, assessment, course, self.now)
        if subject is None:
            raise Http404
        found = statistics_of(subject, now=self.now, of_all=asked["attempts"] == "all")
        return Response(StatisticsSerializer(shown(found, subject)).data)


class BankStatistics(Resource):
    operations = {"GET": "get_bank_statistics"}

    @extend_schema(parameters=[StatisticsQuerySerializer], responses=StatisticsSerializer)
    def get(self, request: Request, slug: str) -> Response:
        """Statistics of the items of a bank over all assessments, for those to whom the bank is granted."""
        asked = _asked(StatisticsQuerySerializer, request)
        bank = get_object_or_404(AuthorGrant.objects.banks(self.account), slug=slug)
        subject = Subject(bank=bank)
        found = statistics_of(subject, now=self.now, of_all=asked["attempts"] == "all")
        return Response(StatisticsSerializer(shown(found, subject)).data)


def shown(found: Statistics, subject: Subject) -> dict[str, Any]:
    report = found.report
    return {
        "as_of": found.as_of,
        "course": subject.course.pk if subject.course else None,
        "counted": "all" if found.is_of_all else "first",
        "has_more": found.has_more,
        "mode": report.mode,
        "attempts": report.attempts,
        "people": report.people,
        "totals": report.totals,
        "ability": report.ability,
        "skills": report.skills,
        "items": report.items,
        "notes": report.notes,
    }


def _asked(serializer: type[StatisticsQuerySerializer], request: Request) -> dict[str, Any]:
    """Return what the address asks for. Raises ValidationError."""
    read = serializer(data=request.query_params)
    read.is_valid(raise_exception=True)
    asked: dict[str, Any] = read.validated_data
    return asked
