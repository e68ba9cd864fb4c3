"""Every refusal in one shape, ``{"type", "errors": [{"code", "detail", "attr"}]}``, and what each one is called.

The only place that knows both the exceptions of the domain and the status codes of HTTP.
"""

from __future__ import annotations

from math import ceil
from typing import Any

from drf_spectacular.utils import extend_schema_serializer
from drf_standardized_errors.handler import ExceptionHandler
from rest_framework import exceptions, serializers, status
from rest_framework.response import Response

from assessment import errors as delivery
from assessment.models import Attempt, Presentation
from content.items.drawing import ImpossibleDraw

DOMAIN: dict[type[Exception], tuple[int, str]] = {
    delivery.AssessmentClosed: (status.HTTP_409_CONFLICT, "assessment_closed"),
    delivery.EnrolmentRequired: (status.HTTP_403_FORBIDDEN, "enrolment_required"),
    delivery.NoAttemptsLeft: (status.HTTP_409_CONFLICT, "no_attempts_left"),
    delivery.BankExhausted: (status.HTTP_409_CONFLICT, "bank_exhausted"),
    ImpossibleDraw: (status.HTTP_409_CONFLICT, "no_variant"),
    delivery.AttemptClosed: (status.HTTP_409_CONFLICT, "attempt_closed"),
    delivery.AttemptExpired: (status.HTTP_409_CONFLICT, "attempt_expired"),
    delivery.PresentationSettled: (status.HTTP_409_CONFLICT, "presentation_settled"),
    delivery.DraftStale: (status.HTTP_409_CONFLICT, "draft_stale"),
    delivery.StillGrading: (status.HTTP_409_CONFLICT, "still_grading"),
    delivery.Contended: (status.HTTP_409_CONFLICT, "contended"),
    delivery.NotGraded: (status.HTTP_409_CONFLICT, "not_graded"),
    delivery.NoHintsLeft: (status.HTTP_409_CONFLICT, "no_hints_left"),
    delivery.SolutionWithheld: (status.HTTP_409_CONFLICT, "solution_withheld"),
    delivery.UnknownJoinCode: (status.HTTP_404_NOT_FOUND, "unknown_join_code"),
    delivery.SignUpFirst: (status.HTTP_403_FORBIDDEN, "sign_up_first"),
    delivery.EnrolmentOver: (status.HTTP_403_FORBIDDEN, "enrolment_over"),
    delivery.RosterChanged: (status.HTTP_409_CONFLICT, "roster_changed"),
    delivery.CorrectionRefused: (status.HTTP_409_CONFLICT, "correction_refused"),
    delivery.RequestRefused: (status.HTTP_409_CONFLICT, "request_refused"),
    delivery.UnknownPosition: (status.HTTP_404_NOT_FOUND, "unknown_position"),
    delivery.NotForPractice: (status.HTTP_404_NOT_FOUND, "not_for_practice"),
    delivery.TooManyInvalid: (status.HTTP_429_TOO_MANY_REQUESTS, "too_many_invalid"),
    delivery.KeyReused: (status.HTTP_422_UNPROCESSABLE_ENTITY, "key_reused"),
}


class Refused(exceptions.APIException):
    """A refusal with its own status and code. ``wait``, in seconds, becomes the header Retry-After."""

    def __init__(self, status_code: int, code: str, detail: str, wait: int | None = None) -> None:
        super().__init__(detail, code)
        self.status_code = status_code
        self.wait = wait


class Handler(ExceptionHandler):
    """Names the exceptions of the domain; the package's handler gives everything its shape."""

    def convert_known_exceptions(self, exc: Exception) -> Exception:
        if type(exc) in DOMAIN:
            wait = None
            if isinstance(exc, delivery.TooManyInvalid | delivery.StillGrading):
                wait = ceil(exc.wait.total_seconds())
            return Refused(*DOMAIN[type(exc)], str(exc), wait)
        if isinstance(exc, Attempt.DoesNotExist | Presentation.DoesNotExist):
            return exceptions.NotFound()
        return super().convert_known_exceptions(exc)


def exception_handler(exc: Exception, context: Any) -> Response | None:
    return Handler(exc, context).run()


class ErrorEntrySerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="For programs: stays the same when the wording changes.")
    detail = serializers.CharField(help_text="For people.")
    attr = serializers.CharField(allow_null=True, help_text="The field that is at fault, if it is one.")


@extend_schema_serializer(component_name="Error")
class ErrorSerializer(serializers.Serializer[Any]):
    """What every refusal looks like."""

    type = serializers.ChoiceField(choices=["validation_error", "client_error", "server_error"])
    # Serializers themselves have ``errors``, of another type.
    errors = ErrorEntrySerializer(many=True)  # type: ignore[assignment]  # a field, which the base names so too
