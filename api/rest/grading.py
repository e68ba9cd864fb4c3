"""Grading for machines: single answers under named policies, outside any item. Nothing is stored."""

from __future__ import annotations

from typing import Any, Self

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.parsing import KILOBYTE, JSONParser
from api.rest.resource import Resource
from content.expressions import exact
from content.items.policies import PolicyFault, grade_case

MAX_CASES = 1000


class TypedFloat(float):
    """A number of a JSON body that still knows how it was typed: 0.10 has its zero."""

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number


class TypedInt(int):
    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, exact.whole(text))
        number.text = text
        return number


class CasesParser(JSONParser):
    """Keys and settings are numbers, and answers are numbers as typed: these are both."""

    max_bytes = 2048 * KILOBYTE
    read_float = staticmethod(TypedFloat)
    read_int = staticmethod(TypedInt)


class CaseSerializer(serializers.Serializer[Any]):
    interaction = serializers.CharField(max_length=50)
    key = serializers.JSONField(allow_null=True, default=None)
    policy = serializers.DictField()
    answer = serializers.JSONField(allow_null=True, default=None)
    locale = serializers.CharField(max_length=20, default="en")
    options = serializers.ListField(
        child=serializers.CharField(), allow_null=True, default=None, max_length=200
    )


class GradeSerializer(serializers.Serializer[Any]):
    """``fault`` says whose: of the ``policy`` or of the ``key``; then nothing was graded."""

    valid = serializers.BooleanField()
    score = serializers.FloatField()
    parsed = serializers.JSONField(help_text="The answer as it was understood.")
    rule = serializers.CharField()
    message = serializers.CharField(allow_blank=True)
    fault = serializers.ChoiceField(choices=["policy", "key", "case"], allow_null=True)


class Grades(Resource):
    operations = {"POST": "grade_cases"}
    parser_classes = [CasesParser]

    @extend_schema(request=CaseSerializer(many=True), responses={200: GradeSerializer(many=True)})
    def post(self, request: Request) -> Response:
        """Grade up to 1,000 answers; the verdicts come in the order asked. A bad case spoils no other."""
        if not isinstance(request.data, list):
            raise ValidationError("The body must be a list of cases.", "not_a_list")
        if len(request.data) > MAX_CASES:
            raise ValidationError(f"At most {MAX_CASES} cases at once.", "too_many_cases")
        return Response([grade_one(case) for case in request.data])


def grade_one(case: object) -> dict[str, Any]:
    """Return the verdict on one case as JSON; what cannot be graded says whose fault that is."""
    read = CaseSerializer(data=case)
    if not read.is_valid():
        return _fault("case", _first_error(read.errors))
    wanted = read.validated_data
    try:
        verdict = grade_case(**{**wanted, "answer": as_typed(wanted["answer"])})
    except PolicyFault as fault:
        return _fault(fault.fault, str(fault))
    return {
        "valid": verdict.valid,
        "score": verdict.score,
        "parsed": verdict.parsed,
        "rule": verdict.rule,
        "message": verdict.message,
        "fault": None,
    }


def as_typed(answer: Any) -> Any:
    """Return an answer with its numbers as they were typed."""
    if isinstance(answer, TypedFloat | TypedInt):
        return answer.text
    if isinstance(answer, list):
        return [as_typed(entry) for entry in answer]
    return answer


def _fault(whose: str, message: str) -> dict[str, Any]:
    return {
        "valid": False,
        "score": 0.0,
        "parsed": None,
        "rule": "not graded",
        "message": message,
        "fault": whose,
    }


def _first_error(errors: Any) -> str:
    """Return the first of DRF's errors as ``field: what is wrong``."""
    field, found = next(iter(errors.items()))
    while isinstance(found, dict):
        found = next(iter(found.values()))
    return f"{field}: {found[0]}"
