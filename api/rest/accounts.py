"""Accounts and sessions. A guest becomes an account by signing up, and is taken over by one that signs in.

What costs a password is counted as signing in is: by address, and by name and address for wrong ones.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from uuid import uuid4

import django_otp
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth import authenticate, login, logout, update_session_auth_hash
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError as Invalid
from django.db import IntegrityError, transaction
from django_otp.plugins.otp_totp.models import TOTPDevice
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import APIException, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from api.models import ApiKey
from api.rest.authentication import enforce_csrf
from api.rest.errors import Refused
from api.rest.resource import Resource
from api.rest.throttles import SignInThrottle
from assessment.errors import ErasureRefused
from assessment.models import User
from assessment.people import accounts
from assessment.people.auditing import act_as
from assessment.people.erasing import OWN_WISH, erase_person
from assessment.people.learners import adopt_guest
from assessment.people.recovery import make_code
from assessment.people.second_factor import LONGEST_CODE, TooManyCodes, WrongCode, device_of, prove

BACKEND = "django.contrib.auth.backends.ModelBackend"
GUESSING: Final = frozenset({"PATCH", "DELETE"})
LONGEST_PASSWORD = 256
"""Hashing takes time; nobody needs to feed it a novel."""


class LockedOut(APIException):
    """django-axes does not look at passwords for this name from this address any more; ``wait`` is in seconds."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "locked_out"
    default_detail = "Too many wrong passwords for this name. Try again later."
    wait = settings.AXES_COOLOFF_TIME.total_seconds()


class TooManyCodesSent(APIException):
    """Codes of the second factor were wrong; ``wait`` is in seconds."""

    status_code = status.HTTP_429_TOO_MANY_REQUESTS
    default_code = "too_many_codes"
    default_detail = "Too many wrong codes. Wait a moment, then try again."

    def __init__(self, wait: int) -> None:
        super().__init__()
        self.wait = wait


class MeSerializer(serializers.Serializer[Any]):
    """Who is asking. Nobody has no id; a guest has an id and no name."""

    id = serializers.UUIDField(allow_null=True)
    username = serializers.CharField(allow_null=True)
    email = serializers.CharField(
        allow_null=True, help_text="Told to its owner alone: null for a key. null: none is set."
    )
    is_guest = serializers.BooleanField()
    is_staff = serializers.BooleanField()


class PasswordField(serializers.CharField):
    """A password as it was typed, spaces at its ends included."""

    def __init__(self, **options: Any) -> None:
        super().__init__(max_length=LONGEST_PASSWORD, trim_whitespace=False, **options)


class NewPasswordField(PasswordField):
    # Checked here, so that the schema says it: the app takes the number for its hint from there.
    def __init__(self, **options: Any) -> None:
        said = {"min_length": "This password needs at least {min_length} characters."}
        super().__init__(min_length=settings.SHORTEST_PASSWORD, error_messages=said, **options)


class CredentialsSerializer(serializers.Serializer[Any]):
    username = serializers.CharField(max_length=150)
    password = PasswordField()


class NewAccountSerializer(CredentialsSerializer):
    password = NewPasswordField()

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
            raise about_field("password", fault) from None
        return attrs


class OwnPasswordSerializer(serializers.Serializer[Any]):
    """Proves that it is the owner who sits before the open session."""

    password = PasswordField()


class EmailChangeSerializer(OwnPasswordSerializer):
    email = serializers.EmailField(max_length=254, allow_blank=True, help_text="Empty: none any more.")

    def validate_email(self, value: str) -> str:
        return User.objects.normalize_email(value)


class ErasureSerializer(serializers.Serializer[Any]):
    password = PasswordField(required=False, help_text="Of an account with a name; a guest has none.")


class SignInSerializer(CredentialsSerializer):
    code = serializers.CharField(
        required=False,
        allow_blank=True,
        max_length=LONGEST_CODE,
        help_text="Of the authenticator app, or a recovery code of it: for accounts with a second factor.",
    )


class PasswordChangeSerializer(serializers.Serializer[Any]):
    current = PasswordField()
    new = NewPasswordField()


class RecoveryCodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(help_text="Shown this once. It replaces the one before and works once.")


class StandingSerializer(serializers.Serializer[Any]):
    """What an account says of itself beside its name."""

    recovery_code_made_at = serializers.DateTimeField(allow_null=True, help_text="null: there is none.")
    other_sessions = serializers.IntegerField(help_text="Where the account is signed in besides.")
    keeps_grades = serializers.BooleanField(
        help_text="Erased, its attempts stay with their numbers and without a name, for a course."
    )
    is_erasable = serializers.BooleanField(help_text="false: it has judged answers of others.")


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
        request=SignInSerializer,
        responses={
            200: MeSerializer,
            400: OpenApiResponse(
                description="The name, the password or the code is wrong, or a code is needed."
            ),
        },
    )
    def post(self, request: Request) -> Response:
        """Sign in. What the same browser did before as a guest is the account's from now on.

        An account with a second factor needs a code as well: without one nobody is signed in, and the error is
        `second_factor_needed`.
        """
        enforce_csrf(request._request)
        given = SignInSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        credentials = dict(given.validated_data)
        code = credentials.pop("code", "")
        refuse_if_locked_out(request, credentials)
        user = authenticate(request._request, **credentials)
        if not isinstance(user, User):
            answer_ourselves(request)
            raise ValidationError("The name or the password is wrong.", "wrong_credentials")
        device = proven_device(user, code)
        sign_in(request, user)
        django_otp.login(request._request, device)
        return Response(MeSerializer(me(user)).data)

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out; nobody signed in is fine as well."""
        logout(request._request)
        return Response(status=204)


class Me(Resource):
    operations = {"GET": "get_me", "PATCH": "change_me", "DELETE": "erase_me"}

    def get_throttles(self) -> list[BaseThrottle]:
        guessing = [SignInThrottle()] if self.request.method in GUESSING else []
        return [*super().get_throttles(), *guessing]

    @extend_schema(responses=MeSerializer)
    def get(self, request: Request) -> Response:
        """Who is signed in. As every first GET, it sets the CSRF cookie."""
        return Response(MeSerializer(me(self.user, to_owner=not isinstance(request.auth, ApiKey))).data)

    @extend_schema(request=EmailChangeSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        """Set, change or remove the e-mail address. It takes the password."""
        given = EmailChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        require_password(request, given.validated_data["password"])
        try:
            accounts.change_email(user=self.account, email=given.validated_data["email"])
        except accounts.EmailTaken:
            raise ValidationError({"email": "Another account has this address."}, "unique") from None
        return Response(MeSerializer(me(self.account)).data)

    @extend_schema(
        request=ErasureSerializer,
        responses={204: None, 409: OpenApiResponse(description="It has judged answers of others.")},
    )
    def delete(self, request: Request) -> Response:
        """Erase the account and what it answered, and sign out.

        Where a course keeps grades, numbers stay without a name. It takes the password; a guest has none.
        """
        given = ErasureSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        if not self.account.is_guest:
            require_password(request, given.validated_data.get("password", ""))
        try:
            erase_person(
                user=self.account,
                reason=OWN_WISH,
                author=None,
                now=self.now,
                keeps_grades=accounts.keeps_grades(self.account),
            )
        except ErasureRefused as refusal:
            raise Refused(status.HTTP_409_CONFLICT, "erasure_refused", str(refusal)) from None
        request._request.session.flush()
        return Response(status=204)


class MyAccount(Resource):
    operations = {"GET": "get_account"}

    @extend_schema(responses=StandingSerializer)
    def get(self, request: Request) -> Response:
        """What the own account says of itself: its recovery code, its other sessions, what erasing would do."""
        key = request._request.session.session_key
        found = accounts.standing(user=self.account, session_key=key, now=self.now)
        return Response(StandingSerializer(found).data)


class MyPassword(Resource):
    operations = {"POST": "change_password"}
    post_throttles = [SignInThrottle]

    @extend_schema(request=PasswordChangeSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        """Choose another password. This session stays, all others end."""
        given = PasswordChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        require_password(request, given.validated_data["current"], "current")
        session, new = request._request.session, given.validated_data["new"]
        try:
            validate_password(new, self.account)
        except Invalid as fault:
            raise about_field("new", fault) from None
        accounts.change_password(user=self.account, password=new, session_key=session.session_key)
        update_session_auth_hash(request._request, self.account)
        return Response(status=204)


class MySessions(Resource):
    operations = {"DELETE": "end_sessions"}

    @extend_schema(request=None, responses={204: None})
    def delete(self, request: Request) -> Response:
        """Sign out everywhere else: all sessions of the account end but this one."""
        accounts.end_sessions(user=self.account, but=request._request.session.session_key)
        return Response(status=204)


class MyRecoveryCode(Resource):
    operations = {"POST": "make_recovery_code"}
    post_throttles = [SignInThrottle]

    @extend_schema(request=OwnPasswordSerializer, responses={201: RecoveryCodeSerializer})
    def post(self, request: Request) -> Response:
        """Make a recovery code, in place of the one before. It takes the password, and is shown this once."""
        given = OwnPasswordSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        require_password(request, given.validated_data["password"])
        code = make_code(user=self.account, now=self.now)
        return Response(RecoveryCodeSerializer({"code": code}).data, status=201)


def me(user: User | None, *, to_owner: bool = True) -> dict[str, Any]:
    if user is None:
        return {"id": None, "username": None, "email": None, "is_guest": False, "is_staff": False}
    return {
        "id": user.pk,
        "username": None if user.is_guest else user.username,
        "email": (user.email or None) if to_owner else None,
        "is_guest": user.is_guest,
        "is_staff": user.is_staff,
    }


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


def answer_ourselves(request: Request) -> None:
    """Let the last wrong guess before the pause be answered as the others are; axes would answer it in HTML."""
    request._request.axes_locked_out = False  # type: ignore[attr-defined]  # axes sets it, no type declares it


def sign_in(request: Request, user: User) -> None:
    """Begin a session of an account, which takes over what the same browser did as a guest."""
    guest = request.user if isinstance(request.user, User) and request.user.is_guest else None
    login(request._request, user, BACKEND)
    if guest:
        adopt_guest(guest=guest, user=user)


def proven_device(user: User, code: str) -> TOTPDevice | None:
    """Return the device of an account that a code has proven; None where it has none. Raises ValidationError."""
    if device_of(user) is None:
        return None
    # The password has said who it is: a recovery code is used up in that name.
    act_as(user)
    if not code.strip():
        raise ValidationError(
            {"code": "This account needs a code of your authenticator app as well."}, "second_factor_needed"
        )
    try:
        return prove(user=user, code=code)
    except WrongCode:
        raise ValidationError(
            {"code": "This code is wrong, or was used already. Wait for the next one."}, "wrong_second_factor"
        ) from None
    except TooManyCodes as refusal:
        raise TooManyCodesSent(refusal.wait) from None


def require_password(request: Request, password: str, field: str = "password") -> None:
    """Raise ValidationError for ``field`` unless it is the password of who asks; wrong ones count as in signing in.

    Raises LockedOut after too many.
    """
    credentials = {"username": request.user.get_username(), "password": password}
    refuse_if_locked_out(request, credentials)
    if authenticate(request._request, **credentials) is None:
        answer_ourselves(request)
        raise ValidationError({field: "This is not your password."}, "wrong_password")


def about_field(field: str, fault: Invalid) -> ValidationError:
    """Return what the framework's checks say of a password as a refusal of one field."""
    said = [serializers.ErrorDetail(str(e.messages[0]), e.code or "invalid") for e in fault.error_list]
    return ValidationError({field: said})
