"""The shapes of an export: everything that is recorded of somebody."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from api.rest.answers import AnswerField
from api.rest.attempts import AttemptPresentationSerializer, AttemptSummarySerializer
from api.rest.items import ShownItemSerializer
from api.rest.reviews import RegradeRequestSerializer, ShareChangeSerializer
from api.rest.verdicts import InteractionVerdictSerializer, VerdictSerializer
from assessment.models.people import Role, Way
from assessment.models.responses import Origin


class ExportedAccountSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    username = serializers.CharField(allow_null=True, help_text="null: a guest.")
    first_name = serializers.CharField()
    last_name = serializers.CharField()
    email = serializers.CharField(allow_null=True)
    is_guest = serializers.BooleanField()
    joined_at = serializers.DateTimeField()
    last_sign_in_at = serializers.DateTimeField(allow_null=True)


class ExportedCourseSerializer(serializers.Serializer[Any]):
    course = serializers.CharField()
    role = serializers.ChoiceField(choices=Role.values)
    ends_at = serializers.DateTimeField(allow_null=True)


class ExportedAccommodationSerializer(serializers.Serializer[Any]):
    assessment = serializers.CharField(allow_null=True, help_text="null: every assessment.")
    time_factor = serializers.FloatField()
    extra_minutes = serializers.IntegerField()
    no_limit = serializers.BooleanField()
    extra_attempts = serializers.IntegerField()
    tries = serializers.IntegerField(allow_null=True, help_text="For each item; null: as usual.")
    closes_at = serializers.DateTimeField(allow_null=True)
    reason = serializers.CharField()


class ExportedGradeSerializer(serializers.Serializer[Any]):
    """What a teacher said of a grade, once it may be known."""

    assessment = serializers.CharField(source="assignment.assessment.slug")
    share = serializers.FloatField(
        allow_null=True, help_text="Of everything, 0 to 1; as given, or what the attempts are worth."
    )
    given = serializers.BooleanField(source="is_given")
    excused = serializers.BooleanField(source="is_excused")
    comment = serializers.CharField()


class ExportedPlatformSerializer(serializers.Serializer[Any]):
    """How another system knows the person."""

    platform = serializers.CharField(help_text="Its name.")
    subject = serializers.CharField()


class ExportedGradeNoteSerializer(serializers.Serializer[Any]):
    """What a person said of a grade."""

    assessment = serializers.CharField(help_text="Its slug.")
    score = serializers.FloatField(allow_null=True, help_text="A share of everything; null: none was given.")
    is_excused = serializers.BooleanField()
    comment = serializers.CharField()
    created_at = serializers.DateTimeField()


class ExportedLearnerSerializer(serializers.Serializer[Any]):
    """One of the numbers under which the log knows the person."""

    id = serializers.UUIDField()
    created_at = serializers.DateTimeField()
    way = serializers.ChoiceField(choices=Way.values)


class AnnouncedSerializer(VerdictSerializer):
    """What was told at once of an answer."""

    # The place has the solution once.
    solution = None  # type: ignore[assignment]  # how a serializer drops a field that it inherits
    right = None  # type: ignore[assignment]  # likewise


class JudgedSerializer(serializers.Serializer[Any]):
    """What an answer is worth by now."""

    valid = serializers.BooleanField()
    score = serializers.FloatField(allow_null=True, help_text="Of this answer alone, a fraction of 1.")
    correct = serializers.BooleanField(allow_null=True)
    interactions = serializers.DictField(child=InteractionVerdictSerializer())
    feedback = serializers.CharField(allow_null=True, help_text="HTML.")
    judged_at = serializers.DateTimeField()


class ExportedResponseSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    sequence = serializers.IntegerField()
    sent_at = serializers.DateTimeField()
    origin = serializers.ChoiceField(
        choices=Origin.values,
        help_text="draft: what was saved when the attempt ended; late: came after the end, and is not judged.",
    )
    answer = AnswerField()
    seconds = serializers.FloatField(allow_null=True)
    hints_taken = serializers.IntegerField()
    announced = AnnouncedSerializer(allow_null=True)
    judged = JudgedSerializer(allow_null=True, help_text="null: withheld, pending or not counted.")
    request = RegradeRequestSerializer(allow_null=True, help_text="That it be looked at again.")


class ExportedDraftSerializer(serializers.Serializer[Any]):
    answer = AnswerField()
    saved_at = serializers.DateTimeField()


class ExportedShowingSerializer(ShownItemSerializer):
    item = serializers.CharField(help_text="Its slug.")
    shown_at = serializers.DateTimeField()
    draft = ExportedDraftSerializer(allow_null=True)
    solution = serializers.CharField(allow_null=True, help_text="HTML.")
    responses = ExportedResponseSerializer(many=True)


class ExportedPlaceSerializer(ExportedShowingSerializer, AttemptPresentationSerializer):
    """One item of an attempt."""


class ExportedPracticeSerializer(ExportedShowingSerializer):
    """One variant of free practice."""

    learner = serializers.UUIDField()


class ExportedActionSerializer(serializers.Serializer[Any]):
    """What a person decided about an attempt."""

    kind = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)
    created_at = serializers.DateTimeField()


class ExportedCorrectionSerializer(ShareChangeSerializer):
    """What a correction did to the result."""

    at = serializers.DateTimeField()
    words = serializers.CharField()
    reason = serializers.CharField()
    kept = serializers.BooleanField(help_text="It would have lowered the result, which stays.")


class ExportedAttemptSerializer(AttemptSummarySerializer):
    learner = serializers.UUIDField()
    number = serializers.IntegerField()
    released = serializers.BooleanField(help_text="Whether verdicts and scores may be seen.")
    actions = ExportedActionSerializer(many=True)
    corrections = ExportedCorrectionSerializer(many=True, help_text="Empty while the result is withheld.")
    presentations = ExportedPlaceSerializer(many=True)


class ExportSerializer(serializers.Serializer[Any]):
    """Everything. What may not be seen yet is null."""

    made_at = serializers.DateTimeField()
    account = ExportedAccountSerializer()
    courses = ExportedCourseSerializer(many=True)
    accommodations = ExportedAccommodationSerializer(many=True)
    grades = ExportedGradeSerializer(many=True)
    platforms = ExportedPlatformSerializer(many=True)
    grade_notes = ExportedGradeNoteSerializer(many=True)
    learners = ExportedLearnerSerializer(many=True)
    attempts = ExportedAttemptSerializer(many=True)
    practice = ExportedPracticeSerializer(many=True)
