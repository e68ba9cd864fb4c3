"""A forgotten password: a link by mail, or the code that was shown once. Nobody learns here who exists."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.contrib.auth.signals import user_login_failed
from django.core.exceptions import ValidationError as Invalid
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.accounts import (
    MeSerializer,
    NewPasswordField,
    about_field,
    answer_ourselves,
    me,
    refuse_if_locked_out,
    sign_in,
)
from api.rest.authentication import enforce_csrf
from api.rest.resource import Resource
from api.rest.throttles import SignInThrottle
from assessment.models import User
from assessment.people.recovery import WrongRecovery, recover_by_code, recover_by_token, send_links

WORDS: Final = "If there is such an account and it has an e-mail address, a link is on its way to it."
WRONG_CODE: Final = "The name or the recovery code is wrong."
WRONG_LINK: Final = "This link has been used, is too old or is not whole. Ask for another one."


class RecoveryRequestSerializer(serializers.Serializer[Any]):
    name = serializers.CharField(max_length=254, help_text="The user name or the e-mail address.")


class RecoveryAskedSerializer(serializers.Serializer[Any]):
    detail = serializers.CharField(help_text="The same words, whoever exists.")


class RecoverySerializer(serializers.Serializer[Any]):
    """Either the token of a link, or a name with its recovery code."""

    token = serializers.CharField(required=False, max_length=200)
    name = serializers.CharField(
        required=False, max_length=254, help_text="The user name or the e-mail address."
    )
    code = serializers.CharField(required=False, max_length=100, help_text="However it is written.")
    password = NewPasswordField()

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        if "token" in attrs:
            return attrs
        if missing := [field for field in ("name", "code") if field not in attrs]:
            raise ValidationError(dict.fromkeys(missing, "This field is required."), "required")
        return attrs


class Recovery(Resource):
    operations = {"POST": "ask_for_recovery"}
    post_throttles = [SignInThrottle]

    @extend_schema(request=RecoveryRequestSerializer, responses={202: RecoveryAskedSerializer})
    def post(self, request: Request) -> Response:
        """Ask for a link by mail. The reply is the same, whoever exists."""
        enforce_csrf(request._request)
        given = RecoveryRequestSerializer(data=request.data)
        given.is_valid(raise_exception=True)

        def address_of(token: str) -> str:
            # Of the request's host, which is one of ours or the request has been refused.
            return request._request.build_absolute_uri(f"/recover?{urlencode({'token': token})}")

        send_links(name=given.validated_data["name"], address_of=address_of, now=self.now)
        return Response(RecoveryAskedSerializer({"detail": WORDS}).data, status=202)


class RecoveryConfirmation(Resource):
    operations = {"POST": "recover"}
    post_throttles = [SignInThrottle]

    @extend_schema(
        request=RecoverySerializer,
        responses={
            200: MeSerializer,
            400: OpenApiResponse(description="The link, the name or the code is wrong."),
        },
    )
    def post(self, request: Request) -> Response:
        """Choose a new password by a link or a recovery code, and sign in. All other sessions of the account end."""
        enforce_csrf(request._request)
        given = RecoverySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            user = recovered(request, **given.validated_data)
        except Invalid as fault:
            raise about_field("password", fault) from None
        sign_in(request, user)
        return Response(MeSerializer(me(user)).data)


def recovered(
    request: Request, *, password: str, token: str | None = None, name: str = "", code: str = ""
) -> User:
    """Return whose password is the new one. Wrong codes count for their name as wrong passwords do.

    Raises ValidationError, LockedOut, or the framework's own for a password that is no protection.
    """
    if token is not None:
        try:
            return recover_by_token(token=token, password=password)
        except WrongRecovery:
            raise ValidationError({"token": WRONG_LINK}, "wrong_token") from None
    credentials = {"username": name}
    refuse_if_locked_out(request, credentials)
    try:
        return recover_by_code(name=name, code=code, password=password)
    except WrongRecovery:
        user_login_failed.send(sender=__name__, credentials=credentials, request=request._request)
        answer_ourselves(request)
        raise ValidationError(WRONG_CODE, "wrong_recovery") from None
