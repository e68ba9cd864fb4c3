"""Places of an attempt: what stands there, and answering it. From ``POST responses/`` the way goes through
``assessment.delivery.attempts.submit_response`` to the stored row and comes back through ``disclosure``."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.answers import AnswerBodySerializer, AnswerField
from api.rest.attempts import AttemptResource, place
from api.rest.items import HintsSerializer, ShownItemSerializer, shown_hints, shown_item
from api.rest.parsing import AnswerParser, idempotency_key
from api.rest.verdicts import ResponseSerializer
from assessment.delivery import attempts as delivery
from assessment.delivery.hints import take_hint
from assessment.disclosure import replies
from assessment.models import Attempt, Draft, Presentation
from assessment.modes import mode_of
from assessment.recording.responses import Answer

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    UUID,
    OpenApiParameter.HEADER,
    description="Made by the client for each answer; the same key and body record it once and get the same reply.",
)
CLOSED = OpenApiResponse(description="The attempt, or the item, takes no more answers.")


class PresentationSerializer(ShownItemSerializer):
    attempt = serializers.UUIDField()
    position = serializers.IntegerField()
    section = serializers.CharField(help_text="The title of its section; may be empty.")
    state = serializers.ChoiceField(choices=["open", "answered"])
    tries_left = serializers.IntegerField(allow_null=True, help_text="null: no limit.")
    draft = AnswerField(allow_null=True)
    why = serializers.CharField(
        allow_null=True, help_text="Of a mastery attempt: which skill this practises, and what it takes."
    )


class SavedDraftSerializer(serializers.Serializer[Any]):
    saved_at = serializers.DateTimeField()


class NextPresentation(AttemptResource):
    operations = {"GET": "next_presentation"}

    @extend_schema(
        responses={
            200: PresentationSerializer,
            204: OpenApiResponse(description="None is left: submit the attempt, or change answers."),
            409: CLOSED,
        }
    )
    def get(self, request: Request, id: UUID) -> Response:
        """The first presentation that is not answered; the same one until it is, or its tries are spent."""
        attempt = self.attempt(id)
        presentation = delivery.next_presentation(attempt=attempt, now=self.now)
        if presentation is None:
            return Response(status=204)
        return Response(PresentationSerializer(shown(presentation, attempt)).data)


class OnePresentation(AttemptResource):
    operations = {"GET": "get_presentation"}

    @extend_schema(responses=PresentationSerializer)
    def get(self, request: Request, id: UUID, position: int) -> Response:
        """The presentation at a position, as it was drawn for this attempt."""
        attempt = self.attempt(id)
        presentation = delivery.presentation_at(attempt, position)
        return Response(PresentationSerializer(shown(presentation, attempt)).data)


class PresentationDraft(AttemptResource):
    operations = {"PUT": "save_draft"}
    parser_classes = [AnswerParser]

    @extend_schema(request=AnswerBodySerializer, responses={200: SavedDraftSerializer, 409: CLOSED})
    def put(self, request: Request, id: UUID, position: int) -> Response:
        """Keep an unfinished answer. It is graded if the attempt ends before it is sent."""
        draft = delivery.save_draft(
            attempt=self.attempt(id), position=position, answer=answer_in(request), now=self.now
        )
        return Response(SavedDraftSerializer(draft).data)


class Hints(AttemptResource):
    operations = {"POST": "take_hint"}

    @extend_schema(request=None, responses={200: HintsSerializer, 409: CLOSED})
    def post(self, request: Request, id: UUID, position: int) -> Response:
        """Take the next hint. Each response remembers how many came before it."""
        presentation = take_hint(attempt_id=id, user=self.account, position=position, now=self.now)
        return Response(HintsSerializer(shown_hints(presentation)).data)


class Responses(AttemptResource):
    operations = {"POST": "submit_response"}
    parser_classes = [AnswerParser]

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=AnswerBodySerializer,
        responses={
            201: ResponseSerializer,
            200: OpenApiResponse(
                ResponseSerializer, description="Recorded before under this key: the same reply."
            ),
            409: CLOSED,
            422: OpenApiResponse(description="The key was used for another answer."),
        },
    )
    def post(self, request: Request, id: UUID, position: int) -> Response:
        """Record an answer and get its verdict. What was acknowledged is stored."""
        recorded = delivery.submit_response(
            attempt_id=id,
            user=self.account,
            position=position,
            answer=answer_in(request),
            key=idempotency_key(request),
            now=self.now,
        )
        body = ResponseSerializer(replies.reply(recorded)).data
        return Response(body, status=200 if recorded.replayed else 201)


def answer_in(request: Request) -> Answer:
    body = AnswerBodySerializer(data=request.data)
    body.is_valid(raise_exception=True)
    answer: Answer = body.validated_data["answer"]
    return answer


def shown(presentation: Presentation, attempt: Attempt) -> dict[str, Any]:
    draft: Draft | None = getattr(presentation, "draft", None)
    return {
        **place(presentation, attempt, released=False),
        **shown_item(presentation),
        "attempt": attempt.pk,
        "draft": draft.answer if draft else None,
        # Why an adaptive attempt chose an item would tell the estimate.
        "why": mode_of(attempt).why(presentation),
    }
