"""What a learner says of a result: that its corrections were seen, and that an answer is to be looked at again."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import Http404
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.attempts import AttemptResource
from api.rest.reviews import RegradeRequestSerializer, request_shown
from api.rest.throttles import RequestThrottle
from assessment.models import Response as StoredResponse
from assessment.results import felt, requests


class AskForRegradeSerializer(serializers.Serializer[Any]):
    text = serializers.CharField(
        allow_blank=True, max_length=requests.LONGEST, help_text="Why it should be looked at again."
    )


class CorrectionsSeen(AttemptResource):
    operations = {"POST": "mark_corrections_seen"}

    @extend_schema(request=None, responses={204: OpenApiResponse(description="The notice is put away.")})
    def post(self, _request: Request, id: UUID) -> Response:
        """Put away the notice that the result was corrected; twice is once."""
        felt.mark_seen(self.attempt(id), self.now)
        return Response(status=204)


class RegradeRequests(AttemptResource):
    operations = {"POST": "request_regrade"}
    post_throttles = [RequestThrottle]

    @extend_schema(
        request=AskForRegradeSerializer,
        responses={
            201: RegradeRequestSerializer,
            200: OpenApiResponse(RegradeRequestSerializer, description="It was asked already: that request."),
            409: OpenApiResponse(description="The result may not be seen yet, or the answer was not graded."),
        },
    )
    def post(self, request: Request, id: UUID, response_id: UUID) -> Response:
        """Ask that an answer be looked at again, once for each answer, as soon as results may be seen."""
        sent = AskForRegradeSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        try:
            asked, is_new = requests.request_regrade(
                attempt=self.attempt(id),
                response_id=response_id,
                text=sent.validated_data["text"],
                now=self.now,
            )
        except StoredResponse.DoesNotExist:
            raise Http404 from None
        return Response(RegradeRequestSerializer(request_shown(asked)).data, status=201 if is_new else 200)
