"""Places of an attempt: what stands there, and answering it. From ``POST responses/`` the way goes through
``assessment.delivery.responses.submit_response`` to the stored row and comes back through ``disclosure``."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.answers import AnswerBodySerializer, AnswerField
from api.rest.attempts import AttemptResource, last_answer, last_answers, place
from api.rest.items import HintsSerializer, ShownItemSerializer, shown_hints, shown_item
from api.rest.parsing import AnswerParser, required_key
from api.rest.rendering import shared
from api.rest.verdicts import AttemptTotalsSerializer, PlaceSerializer, VerdictSerializer
from assessment.delivery import attempts as delivery
from assessment.delivery.drafts import save_draft
from assessment.delivery.hints import take_hint
from assessment.delivery.responses import submit_response
from assessment.delivery.solutions import show_solution
from assessment.disclosure import replies
from assessment.disclosure.replies import Recorded
from assessment.models import Attempt, Presentation
from assessment.modes import mode_of
from assessment.recording.deciding import Submission

MOST_SECONDS: Final = 1_000_000.0
MOST_ANSWERS: Final = 1_000_000
MOST_HINTS: Final = 1_000

IDEMPOTENCY_KEY = OpenApiParameter(
    "Idempotency-Key",
    UUID,
    OpenApiParameter.HEADER,
    description="Made by the client for each answer; the same key and body record it once and get the same reply.",
)
CLOSED = OpenApiResponse(description="The attempt, or the item, takes no more answers.")


class LastAnswerSerializer(serializers.Serializer[Any]):
    """What was answered last, and what may be said of it by now."""

    answer = AnswerField()
    pending = serializers.BooleanField(help_text="Whether it waits to be graded.")
    verdict = VerdictSerializer(allow_null=True)


class RevealedSerializer(serializers.Serializer[Any]):
    """A solution that was asked for."""

    solution = serializers.CharField(allow_null=True, help_text="HTML; null where its author wrote none.")
    right = serializers.DictField(
        child=serializers.JSONField(), help_text="A right answer of each interaction."
    )


class PresentationSerializer(ShownItemSerializer):
    attempt = serializers.UUIDField()
    position = serializers.IntegerField()
    section = serializers.CharField(help_text="The title of its section; may be empty.")
    state = serializers.ChoiceField(choices=["open", "answered"])
    tries_left = serializers.IntegerField(allow_null=True, help_text="null: no limit.")
    answers = serializers.IntegerField(help_text="Sent so far; a draft says it as its `after`.")
    draft = AnswerField(allow_null=True)
    last = LastAnswerSerializer(
        allow_null=True, help_text="So that a page that is opened again shows what was said; null before."
    )
    revealed = RevealedSerializer(
        allow_null=True, help_text="What its learner asked for, which has closed it; null where nobody did."
    )
    why = serializers.CharField(
        allow_null=True, help_text="Of a mastery attempt: which skill this practices, in a plain sentence."
    )
    grounds = serializers.CharField(
        allow_null=True, help_text="The numbers behind `why`; null where it needs none."
    )


class AnswerSentSerializer(AnswerBodySerializer):
    seconds = serializers.FloatField(
        required=False,
        min_value=0,
        max_value=MOST_SECONDS,
        help_text="For how long the item was in view since it was shown or answered before.",
    )


class DraftBodySerializer(AnswerBodySerializer):
    after = serializers.IntegerField(
        required=False,
        min_value=0,
        max_value=MOST_ANSWERS,
        help_text="How many answers the place had (`answers`) when this was typed.",
    )


class HintBodySerializer(serializers.Serializer[Any]):
    number = serializers.IntegerField(
        required=False, min_value=1, max_value=MOST_HINTS, help_text="From 1. Without it: the next."
    )


class ResponseSerializer(VerdictSerializer):
    """The verdict on an answer, and where the place and the attempt stand after it."""

    position = serializers.IntegerField()
    place = PlaceSerializer()
    attempt = AttemptTotalsSerializer()
    next = PresentationSerializer(
        allow_null=True,
        help_text="What the attempt goes on to by itself, as it stands now; null where the learner goes on.",
    )


class SavedDraftSerializer(serializers.Serializer[Any]):
    saved_at = serializers.DateTimeField()


class NextPresentation(AttemptResource):
    operations = {"GET": "next_presentation", "POST": "draw_presentation"}

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
        return self._reply(delivery.standing_presentation(attempt=attempt, now=self.now), attempt)

    @extend_schema(
        request=None,
        responses={
            200: PresentationSerializer,
            204: OpenApiResponse(description="None is left: the attempt has ended, or all is answered."),
            409: CLOSED,
        },
    )
    def post(self, request: Request, id: UUID) -> Response:
        """As GET; where the attempt goes on item by item and the reply to the answer brought none, draw the next."""
        attempt = self.attempt(id)
        presentation = delivery.next_presentation(attempt_id=id, user_id=self.account.pk, now=self.now)
        return self._reply(presentation, attempt)

    def _reply(self, presentation: Presentation | None, attempt: Attempt) -> Response:
        if presentation is None:
            return Response(status=204)
        told = shown(presentation, attempt, last_answer(presentation, attempt, self.now))
        return Response(shared(PresentationSerializer).to_representation(told))


class Presentations(AttemptResource):
    operations = {"GET": "list_presentations"}

    @extend_schema(responses=PresentationSerializer(many=True))
    def get(self, request: Request, id: UUID) -> Response:
        """All presentations of the attempt so far, for a page that shows them below one another."""
        attempt = self.attempt(id)
        told = shared(PresentationSerializer)
        return Response([told.to_representation(one) for one in all_shown(attempt, self.now)])


class OnePresentation(AttemptResource):
    operations = {"GET": "get_presentation"}

    @extend_schema(responses=PresentationSerializer)
    def get(self, request: Request, id: UUID, position: int) -> Response:
        """The presentation at a position, as it was drawn for this attempt."""
        attempt = self.attempt(id)
        presentation = delivery.presentation_at(attempt, position)
        told = shown(presentation, attempt, last_answer(presentation, attempt, self.now))
        return Response(shared(PresentationSerializer).to_representation(told))


class PresentationDraft(AttemptResource):
    operations = {"PUT": "save_draft"}
    parser_classes = [AnswerParser]

    @extend_schema(request=DraftBodySerializer, responses={200: SavedDraftSerializer, 409: CLOSED})
    def put(self, request: Request, id: UUID, position: int) -> Response:
        """Keep an unfinished answer. It is graded if the attempt ends before it is sent.

        409 `draft_stale`: an answer has been sent since it was typed.
        """
        body = checked(DraftBodySerializer, request)
        saved_at = save_draft(
            attempt_id=id,
            user_id=self.account.pk,
            position=position,
            answer=body["answer"],
            now=self.now,
            after=body.get("after"),
        )
        return Response(shared(SavedDraftSerializer).to_representation({"saved_at": saved_at}))


class Hints(AttemptResource):
    operations = {"POST": "take_hint"}

    @extend_schema(request=HintBodySerializer, responses={200: HintsSerializer, 409: CLOSED})
    def post(self, request: Request, id: UUID, position: int) -> Response:
        """Take the next hint, or the one of a number: taken twice it is taken once.

        Each response remembers how many came before it.
        """
        presentation = take_hint(
            attempt_id=id,
            user_id=self.account.pk,
            position=position,
            now=self.now,
            number=checked(HintBodySerializer, request).get("number"),
        )
        return Response(HintsSerializer(shown_hints(presentation)).data)


class Solution(AttemptResource):
    operations = {"POST": "show_solution"}

    @extend_schema(request=None, responses={200: PresentationSerializer, 409: CLOSED})
    def post(self, request: Request, id: UUID, position: int) -> Response:
        """Give up and see the solution, where the assessment allows it: the item is closed with what it is worth.

        409 `solution_withheld` where it does not. Asked twice it is asked once.
        """
        attempt = self.attempt(id)
        presentation = show_solution(attempt_id=id, user_id=self.account.pk, position=position, now=self.now)
        told = shown(presentation, attempt, last_answer(presentation, attempt, self.now))
        return Response(shared(PresentationSerializer).to_representation(told))


class Responses(AttemptResource):
    operations = {"POST": "submit_response"}
    parser_classes = [AnswerParser]

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=AnswerSentSerializer,
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
        body = checked(AnswerSentSerializer, request)
        recorded = submit_response(
            attempt_id=id,
            user_id=self.account.pk,
            position=position,
            sent=Submission(body["answer"], required_key(request), self.now, seconds=body.get("seconds")),
        )
        reply = shared(ResponseSerializer).to_representation(answer_reply(recorded))
        return Response(reply, status=200 if recorded.replayed else 201)


def answer_reply(recorded: Recorded) -> dict[str, Any]:
    """Return the reply to an answer: its verdict, where the place and the attempt stand, and what comes next."""
    following, attempt = recorded.following, recorded.attempt
    next_one = shown(following, attempt) if following and attempt else None
    return {**as_fields(replies.reply(recorded)), "next": next_one}


def as_fields(told: replies.ShownResponse) -> dict[str, Any]:
    return {one.name: getattr(told, one.name) for one in fields(told)}


def checked(serializer: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    """Return the body as a serializer has it. Raises ValidationError."""
    found: dict[str, Any] = shared(serializer).run_validation(request.data)
    return found


def all_shown(attempt: Attempt, now: datetime) -> Iterator[dict[str, Any]]:
    """Yield all places of an attempt as its learner sees them."""
    presentations = delivery.presentations_of(attempt)
    for presentation, last in zip(presentations, last_answers(presentations, attempt, now), strict=True):
        yield shown(presentation, attempt, last)


def shown(presentation: Presentation, attempt: Attempt, last: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return a place as its learner sees it, with what was answered ``last`` where that is known."""
    return {
        **place(presentation, attempt, released=False),
        **shown_item(presentation),
        "attempt": attempt.pk,
        "answers": presentation.answers,
        "draft": presentation.unsent_answer(),
        "last": last,
        "revealed": replies.revealed(presentation) if presentation.is_given_up else None,
        # Why an adaptive attempt chose an item would tell the estimate.
        "why": mode_of(attempt).why(presentation),
        "grounds": mode_of(attempt).grounds(presentation),
    }
