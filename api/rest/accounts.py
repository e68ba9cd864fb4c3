"""Accounts and sessions. A guest becomes an account by signing up, and is taken over by one that signs in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import uuid4

from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, login, logout
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as Invalid
from django.db import IntegrityError, transaction
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.rest.authentication import enforce_csrf
from api.rest.resource import Resource
from api.rest.throttles import SignInThrottle
from assessment.models import User
from assessment.people.learners import adopt_guest

BACKEND = "django.contrib.auth.backends.ModelBackend"
LONGEST_PASSWORD = 256
"""Hashing takes time; nobody needs to feed it a novel."""


class LockedOut(APIException):
    """django-axes does not look at passwords for this name from this address any more; ``wait`` is in seconds."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "locked_out"
    default_detail = "Too many wrong passwords for this name. Try again later."
    wait = settings.AXES_COOLOFF_TIME.total_seconds()


class MeSerializer(serializers.Serializer[Any]):
    """Who is asking. Nobody has no id; a guest has an id and no name."""

    id = serializers.UUIDField(allow_null=True)
    username = serializers.CharField(allow_null=True)
    is_guest = serializers.BooleanField()
    is_staff = serializers.BooleanField()


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = serializers.CharField(max_length=LONGEST_PASSWORD, trim_whitespace=False)


class NewAccountSerializer(CredentialsSerializer):
    # Checked here, so that the schema says it: the app takes the number for its hint from there.
    password = serializers.CharField(
        min_length=settings.SHORTEST_PASSWORD,
        max_length=LONGEST_PASSWORD,
        trim_whitespace=False,
        error_messages={"min_length": "This password needs at least {min_length} characters."},
    )

    def validate_username(self, value: str) -> str:
        username: str = User.normalize_username(value)
        try:
            User.username_validator(username)
        except Invalid as fault:
            raise ValidationError(fault.messages, "invalid_username") from None
        return username

    def validate(self, attrs: dict[str, str]) -> dict[str, str]:
        try:
            validate_password(attrs["password"], User(username=attrs["username"]))
        except Invalid as fault:
            details = [
                serializers.ErrorDetail(str(e.messages[0]), e.code or "invalid") for e in fault.error_list
            ]
            raise ValidationError({"password": details}) from None
        return attrs


class Accounts(Resource):
    operations = {"POST": "sign_up"}
    post_throttles = [SignInThrottle]

    @extend_schema(request=NewAccountSerializer, responses={201: MeSerializer})
    def post(self, request: Request) -> Response:
        """Sign up and in. A guest's progress stays with the new account."""
        enforce_csrf(request._request)
        wanted = NewAccountSerializer(data=request.data)
        wanted.is_valid(raise_exception=True)
        user = open_account(self.user, **wanted.validated_data)
        login(request._request, user, BACKEND)
        return Response(MeSerializer(me(user)).data, status=201)


class Session(Resource):
    operations = {"POST": "sign_in", "DELETE": "sign_out"}
    post_throttles = [SignInThrottle]

    @extend_schema(
        request=CredentialsSerializer,
        responses={200: MeSerializer, 400: OpenApiResponse(description="The name or the password is wrong.")},
    )
    def post(self, request: Request) -> Response:
        """Sign in. What the same browser did before as a guest is the account's from now on."""
        enforce_csrf(request._request)
        given = CredentialsSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        refuse_if_locked_out(request, given.validated_data)
        user = authenticate(request._request, **given.validated_data)
        if user is None:
            # The last wrong password before the pause is answered like the others; axes would answer in HTML.
            request._request.axes_locked_out = False  # type: ignore[attr-defined]  # axes sets it, no type declares it
            raise ValidationError("The name or the password is wrong.", "wrong_credentials")
        guest = self.user if self.user and self.user.is_guest else None
        login(request._request, user)
        if guest:
            adopt_guest(guest=guest, user=user)
        return Response(MeSerializer(me(user)).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out; nobody signed in is fine as well."""
        logout(request._request)
        return Response(status=204)


class Me(Resource):
    operations = {"GET": "get_me"}

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in. As every first GET, it sets the CSRF cookie."""
        return Response(MeSerializer(me(self.user)).data)


def me(user: User | None) -> dict[str, Any]:
    if user is None:
        return {"id": None, "username": None, "is_guest": False, "is_staff": False}
    name = None if user.is_guest else user.username
    return {"id": user.pk, "username": name, "is_guest": user.is_guest, "is_staff": user.is_staff}


def user_or_new_guest(request: Request) -> User:
    """Return who asks; for nobody make a guest and sign it in, so that its work is kept together."""
    if isinstance(request.user, User):
        return request.user
    guest = User(username=f"guest-{uuid4().hex}", is_guest=True)
    guest.set_unusable_password()
    guest.save(force_insert=True)
    login(request._request, guest, BACKEND)
    return guest


@transaction.atomic
def open_account(guest: User | None, *, username: str, password: str) -> User:
    """Return a new account, or the guest's row made into one. Locks the guest's row.

    Raises ValidationError when the name is taken, whoever is faster.
    """
    user = User.objects.select_for_update().filter(pk=guest.pk, is_guest=True).first() if guest else None
    user = user or User()
    user.username, user.is_guest = username, False
    user.set_password(password)
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:
        raise ValidationError({"username": "This name is taken."}, "unique") from None
    return user


def refuse_if_locked_out(request: Request, credentials: Mapping[str, str]) -> None:
    """Raise LockedOut in the pause after too many wrong passwords for the name, in which none is looked at."""
    if not AxesProxyHandler.is_allowed(request._request, credentials):
        raise LockedOut
