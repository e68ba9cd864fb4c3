"""The shapes of corrections, as they are sent and as they are told."""

from __future__ import annotations

from math import isfinite
from typing import Any, Final

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError

from api.rest.answers import AnswerField
from assessment.models.corrections import CorrectionKind
from assessment.models.regrading import RunKind
from assessment.results import standing
from content.items.accepting import FULL

MOST_TOLD: Final = 1_000
"""Changes in one reply; ``changes/`` has them all, in pages."""
LONGEST_REASON: Final = 2_000
HIGHEST_VERSION: Final = 2**31 - 1
"""What the column can hold."""


@extend_schema_field(OpenApiTypes.ANY)
class ParsedField(AnswerField):
    """What a verdict reads in an answer to one interaction: a number, a text, or lists of them."""

    def to_internal_value(self, data: Any) -> Any:
        self._check(data, 0)
        if not _is_finite(data):
            raise ValidationError("A number is too large.", "invalid")
        return data


def _is_finite(value: Any) -> bool:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or isfinite(value)


class AcceptedSerializer(serializers.Serializer[Any]):
    """What is accepted besides the key: an answer as a verdict reads it, or all that show a misconception."""

    interaction = serializers.CharField(max_length=100)
    parsed = ParsedField(required=False, allow_null=True)
    misconception = serializers.SlugField(required=False, allow_null=True, max_length=100)
    credit = serializers.FloatField(required=False, default=FULL, min_value=0, max_value=1)


class AcceptedTooSerializer(serializers.Serializer[Any]):
    """What is accepted besides the key, whole."""

    interaction = serializers.CharField()
    parsed = serializers.JSONField(help_text="The answer as a verdict reads it; null where an idea is meant.")
    misconception = serializers.CharField(allow_null=True)
    credit = serializers.FloatField()


class ProposalSerializer(serializers.Serializer[Any]):
    item = serializers.SlugField(max_length=100)
    kind = serializers.ChoiceField(choices=CorrectionKind.values)
    version = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=HIGHEST_VERSION,
        help_text="The number of the wrong version; else the latest that was shown. All with its keys go along.",
    )
    corrected = serializers.IntegerField(
        required=False,
        allow_null=True,
        default=None,
        min_value=1,
        max_value=HIGHEST_VERSION,
        help_text="The version with the right key or policy; else the latest published.",
    )
    assessment = serializers.SlugField(
        required=False,
        allow_null=True,
        default=None,
        max_length=100,
        help_text="The only assessment that it concerns.",
    )
    keep_if_better = serializers.BooleanField(
        default=False, help_text="An attempt that would lose keeps all its verdicts."
    )
    exact = serializers.BooleanField(
        default=False, help_text="Takes away as well what was announced to be right."
    )
    reason = serializers.CharField(
        max_length=LONGEST_REASON, help_text="Everybody whose score changes reads it."
    )
    accepted = AcceptedSerializer(
        required=False, allow_null=True, default=None, help_text="Of the kind accept."
    )


class ReasonSerializer(serializers.Serializer[Any]):
    reason = serializers.CharField(
        max_length=LONGEST_REASON, help_text="Everybody whose score changes reads it."
    )


class RunSerializer(serializers.Serializer[Any]):
    """A preview or an application: how far it is, and how it ended."""

    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=RunKind.values)
    asked_at = serializers.DateTimeField()
    total = serializers.IntegerField(allow_null=True, help_text="Attempts that are concerned.")
    done = serializers.IntegerField()
    seconds = serializers.FloatField(allow_null=True, help_text="For how long it has worked.")
    finished_at = serializers.DateTimeField(allow_null=True, help_text="null: it goes on.")
    failure = serializers.CharField(help_text="Why it was refused; empty where it was not.")


class CorrectionSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField()
    kind = serializers.ChoiceField(choices=CorrectionKind.values)
    item = serializers.CharField(allow_null=True, help_text="Its slug.")
    versions = serializers.ListField(
        child=serializers.IntegerField(), help_text="Numbers of the versions whose answers are judged anew."
    )
    corrected = serializers.IntegerField(
        allow_null=True, help_text="The number of the version with the right key or policy."
    )
    accepted = AcceptedTooSerializer(allow_null=True)
    assessment = serializers.CharField(
        allow_null=True, help_text="Its slug; null: wherever the item was shown."
    )
    keep_if_better = serializers.BooleanField()
    exact = serializers.BooleanField()
    reason = serializers.CharField()
    author = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    applied_at = serializers.DateTimeField(allow_null=True)
    state = serializers.ChoiceField(
        choices=[one.value for one in standing.State],
        help_text="applying: in force, and not through all attempts yet.",
    )
    undoes = serializers.UUIDField(allow_null=True, help_text="The correction that it takes back.")
    undone_by = serializers.UUIDField(allow_null=True, help_text="The one that takes it back.")
    run = RunSerializer(allow_null=True, help_text="The latest.")


class SummarySerializer(serializers.Serializer[Any]):
    """What a correction does, or has done, in numbers of attempts."""

    attempts = serializers.IntegerField()
    changed = serializers.IntegerField()
    better = serializers.IntegerField()
    worse = serializers.IntegerField()
    kept = serializers.IntegerField(help_text="Would have lost, and keep their verdicts.")
    learners = serializers.IntegerField(help_text="Whose scores change.")
    now_pass = serializers.IntegerField()
    no_longer_pass = serializers.IntegerField()
    told_right = serializers.IntegerField(
        help_text="With an answer that was announced right and is found worse."
    )
    paths = serializers.IntegerField(help_text="Whose items were chosen by verdicts that change.")
    refused = serializers.IntegerField(help_text="With something that cannot be judged anew.")
    grades = serializers.IntegerField(help_text="That learning-management systems are told anew.")
    is_applied = serializers.BooleanField(help_text="false: as previewed.")


class OneCorrectionSerializer(CorrectionSerializer):
    summary = SummarySerializer(
        allow_null=True, help_text="As previewed, or as done; null before any preview."
    )
    may_undo = serializers.BooleanField(
        help_text="Whether it can be undone now: it is in force, and none above it on the same items."
    )


class ChangeSerializer(serializers.Serializer[Any]):
    """What happens to one attempt, in shares of everything; null where nothing counts."""

    learner = serializers.UUIDField()
    attempt = serializers.UUIDField()
    to = serializers.FloatField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Add ``from``, which Python does not take as a name."""
        return super().get_fields() | {"from": serializers.FloatField(source="before", allow_null=True)}


class EffectSerializer(ChangeSerializer):
    kept = serializers.BooleanField(help_text="It would have lost, and keeps its verdicts.")
    passed_before = serializers.BooleanField(allow_null=True)
    passed_after = serializers.BooleanField(allow_null=True)


class RefusalSerializer(serializers.Serializer[Any]):
    attempt = serializers.UUIDField()
    position = serializers.IntegerField()
    reason = serializers.CharField(help_text="Why what was shown there cannot be judged anew.")


class WorkedSerializer(serializers.Serializer[Any]):
    id = serializers.UUIDField(help_text="Of the correction; of `undo`, of the one that takes it back.")
    attempts = serializers.IntegerField(help_text="That are concerned.")
    changed = ChangeSerializer(many=True, help_text=f"At most {MOST_TOLD}; `changes/` has all.")
    changed_total = serializers.IntegerField()
    refused = RefusalSerializer(many=True, help_text=f"Of at most {MOST_TOLD} attempts.")
    seconds = serializers.FloatField(allow_null=True)
    run = RunSerializer()


class UnderWaySerializer(serializers.Serializer[Any]):
    """Too much for one request: it goes on by itself. Ask again for how far it is."""

    id = serializers.UUIDField()
    run = RunSerializer()
