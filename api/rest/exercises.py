"""Free practice: a variant and a token, then as many checks as one likes. Nothing is at stake."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core import signing
from django.db.models import Q
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.accounts import user_or_new_guest
from api.rest.answers import AnswerBodySerializer
from api.rest.attempts import last_told
from api.rest.items import HintsSerializer, ShownItemSerializer, shown_hints, shown_item
from api.rest.parsing import AnswerParser, idempotency_key
from api.rest.presentations import (
    IDEMPOTENCY_KEY,
    HintBodySerializer,
    LastAnswerSerializer,
    RevealedSerializer,
)
from api.rest.resource import DICE, LinkSerializer, Resource
from api.rest.throttles import GuestThrottle
from api.rest.verdicts import VerdictSerializer
from assessment.delivery.hints import take_practice_hint
from assessment.delivery.practice import check_practice, start_practice
from assessment.delivery.solutions import show_practice_solution
from assessment.disclosure import replies
from assessment.errors import NotForPractice
from assessment.models import Presentation, User
from assessment.people.access import for_practice
from assessment.recording.deciding import Submission
from content.models import Item
from content.models.versions import new_id

SIGNER = signing.Signer(salt="api.rest.exercises")


class PracticedSerializer(LinkSerializer):
    is_drawn = serializers.BooleanField(
        source="is_exercise", help_text="Whether another variant would have other numbers."
    )


class VariantSerializer(ShownItemSerializer):
    exercise = PracticedSerializer()
    lesson = LinkSerializer(allow_null=True, help_text="The lesson that it belongs to.")
    following = LinkSerializer(allow_null=True, help_text="Another exercise of its lesson to go on with.")
    token = serializers.CharField(help_text="Opaque; send it back with an answer.")


class TokenSerializer(serializers.Serializer[Any]):
    token = serializers.CharField(max_length=200)


class VariantHintSerializer(TokenSerializer, HintBodySerializer):
    """Which variant, and perhaps which hint."""


class CheckSerializer(AnswerBodySerializer, TokenSerializer):
    """An answer, and which variant it is for."""

    solution = serializers.BooleanField(
        default=True, help_text="Whether a wrong answer brings the solution. false: to try again before."
    )


class SolutionSerializer(RevealedSerializer):
    last = LastAnswerSerializer(
        allow_null=True, help_text="The last answer, with all that can be said of it now; null before any."
    )


class Variants(Resource):
    operations = {"POST": "draw_variant"}
    post_throttles = [GuestThrottle]

    @extend_schema(
        request=None,
        responses={
            201: VariantSerializer,
            409: OpenApiResponse(description="No variant could be drawn: the exercise needs its author."),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Draw a fresh variant. Without an account a guest is made, whose session keeps the progress."""
        item = for_practice(self.user, self.now).filter(slug=slug).first()
        if item is None:
            raise NotForPractice
        presentation = start_practice(user=user_or_new_guest(request), item=item, now=self.now, dice=DICE)
        lesson = item.bank.lesson
        variant = {
            **shown_item(presentation),
            "exercise": item,
            "lesson": lesson if lesson and lesson.current_id else None,
            "following": following(item, self.user, self.now),
            "token": token_for(presentation),
        }
        return Response(VariantSerializer(variant).data, status=201)


def following(item: Item, user: User | None, now: datetime) -> Item | None:
    """Return the next exercise of the item's lesson in the order of the lesson's list, after the last the first."""
    beside = Q(bank__lesson=item.bank.lesson) if item.bank.lesson else Q(bank=item.bank)
    others = for_practice(user, now).filter(beside, is_exercise=True)
    after = others.filter(slug__gt=item.slug).first()
    return after or others.exclude(pk=item.pk).first()


class TokenResource(Resource):
    """A resource about a variant that was drawn before."""

    def presentation(self, slug: str, token: str) -> UUID:
        """Return which variant a token is for. A learner's is for that learner; a guest's is for its bearer.

        The variant says when it was shown, so that a token needs no date of its own to expire.
        """
        found = Presentation.objects.filter(attempt=None, item_version__item__slug=slug)
        theirs = Q(learner__users__is_guest=True)
        if self.user:
            theirs |= Q(learner__users=self.user)
        shown = found.filter(theirs, pk=read_token(token)).only("shown_at").first()
        if shown is None:
            raise NotFound("This token is for another exercise or another learner.", "unknown_token")
        if self.now - shown.shown_at > settings.PRACTICE_TOKEN_AGE:
            raise ValidationError(
                {"token": "This variant is too old. Please draw a fresh one."}, "expired_token"
            )
        return shown.pk


class Check(TokenResource):
    operations = {"POST": "check_variant"}
    parser_classes = [AnswerParser]

    @extend_schema(
        parameters=[IDEMPOTENCY_KEY],
        request=CheckSerializer,
        responses={
            200: VerdictSerializer,
            422: OpenApiResponse(description="The key was used for another answer."),
        },
    )
    def post(self, request: Request, slug: str) -> Response:
        """Check an answer to a variant and get the worked solution with the verdict."""
        sent = CheckSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        recorded = check_practice(
            presentation_id=self.presentation(slug, sent.validated_data["token"]),
            user=self.user,
            sent=Submission(sent.validated_data["answer"], idempotency_key(request) or new_id(), self.now),
        )
        told = replies.reply(recorded, solves=sent.validated_data["solution"])
        return Response(VerdictSerializer(told).data)


class VariantSolution(TokenResource):
    operations = {"POST": "show_variant_solution"}

    @extend_schema(request=TokenSerializer, responses={200: SolutionSerializer})
    def post(self, request: Request, slug: str) -> Response:
        """Give up and see the solution. A first answer after it says nothing of what was known."""
        sent = TokenSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        shown = show_practice_solution(
            presentation_id=self.presentation(slug, sent.validated_data["token"]),
            user=self.user,
            now=self.now,
        )
        told = {
            **replies.revealed(shown),
            "last": last_told(shown, released=True, solvable=True),
        }
        return Response(SolutionSerializer(told).data)


class VariantHints(TokenResource):
    operations = {"POST": "take_variant_hint"}

    @extend_schema(
        request=VariantHintSerializer,
        responses={200: HintsSerializer, 409: OpenApiResponse(description="There are no more hints.")},
    )
    def post(self, request: Request, slug: str) -> Response:
        """Take the next hint for a variant, or the one of a number: taken twice it is taken once."""
        sent = VariantHintSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        presentation_id = self.presentation(slug, sent.validated_data["token"])
        presentation = take_practice_hint(
            presentation_id=presentation_id,
            user=self.user,
            now=self.now,
            number=sent.validated_data.get("number"),
        )
        return Response(HintsSerializer(shown_hints(presentation)).data)


def token_for(presentation: Presentation) -> str:
    """Return a token that names the presentation and cannot be made up; the seed is not in it."""
    return SIGNER.sign(presentation.pk.hex)


def read_token(token: str) -> UUID:
    try:
        return UUID(SIGNER.unsign(token))
    except (signing.BadSignature, ValueError):
        raise ValidationError({"token": "This is no token of ours."}, "invalid_token") from None
