"""Where a learner stands at an assessment, as programs and learners read it."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from assessment.grades.outcomes import State


class LearnerGradeSerializer(serializers.Serializer[Any]):
    """Where a learner stands at an assessment. Learners are told numbers and comment once results are released."""

    state = serializers.ChoiceField(choices=[state.value for state in State])
    share = serializers.FloatField(
        allow_null=True, help_text="Of everything, 0 to 1; null: none, or withheld."
    )
    score = serializers.FloatField(allow_null=True, help_text="The share in points.")
    max = serializers.FloatField(source="maximum", allow_null=True, help_text="What a full score is called.")
    by_rule = serializers.FloatField(
        allow_null=True, help_text="The share that the attempts alone come to, by the grade rule."
    )
    given = serializers.BooleanField(source="is_given", help_text="A person gave it, above the attempts.")
    excused = serializers.BooleanField(source="is_excused")
    comment = serializers.CharField()
    attempts = serializers.IntegerField(help_text="Used so far; void ones do not count.")
    under_way = serializers.BooleanField(help_text="An attempt is open, whatever stands besides.")
    released = serializers.BooleanField(source="is_released", help_text="Whether the learner may see it.")
    handed_in_at = serializers.DateTimeField(allow_null=True, help_text="When the last attempt ended.")
