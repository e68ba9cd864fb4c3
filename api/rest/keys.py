"""Keys for the programs of whoever asks: made, replaced and revoked by their owner, in a browser."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers, status
from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from api.models import MARK, ApiKey, Scope
from api.rest.accounts import OwnPasswordSerializer, require_password
from api.rest.errors import Refused
from api.rest.pagination import CursorPagination, paged
from api.rest.policy import INSTRUCTORS_ONLY
from api.rest.resource import Resource
from api.rest.throttles import SignInThrottle
from api.rights import RIGHTS
from assessment.models import User

MOST_KEYS: Final = 20
"""That hold, of one owner."""
LONGEST: Final = timedelta(days=3650)


class KeySerializer(serializers.Serializer[Any]):
    """A key, without what opens anything."""

    id = serializers.UUIDField()
    name = serializers.CharField()
    beginning = serializers.CharField(help_text="What its token begins with.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=Scope.values))
    created_at = serializers.DateTimeField()
    last_used_at = serializers.DateTimeField(allow_null=True, help_text="About when; null: never.")
    expires_at = serializers.DateTimeField(allow_null=True, help_text="null: it holds until it is revoked.")


class NewKeySerializer(OwnPasswordSerializer):
    name = serializers.CharField(max_length=100)
    scopes = serializers.ListField(
        child=serializers.ChoiceField(choices=Scope.values), allow_empty=False, max_length=len(Scope)
    )
    expires_at = serializers.DateTimeField(default=None, allow_null=True)

    def validate_scopes(self, scopes: list[str]) -> list[str]:
        return sorted(set(scopes))


class MadeKeySerializer(KeySerializer):
    token = serializers.CharField(help_text="Shown this once: `Authorization: Bearer <token>`.")


class Keys(Resource):
    operations = {"GET": "list_keys", "POST": "make_key"}
    pagination_class = CursorPagination
    post_throttles = [SignInThrottle]

    @extend_schema(responses=KeySerializer(many=True))
    def get(self, _request: Request) -> Response:
        """The own keys that hold, the newest first."""
        return paged(
            self, own_keys(self.account, self.now), "-id", KeySerializer, lambda page: map(shown, page)
        )

    @extend_schema(
        request=NewKeySerializer,
        responses={201: MadeKeySerializer, 409: OpenApiResponse(description="There are too many.")},
    )
    def post(self, request: Request) -> Response:
        """Make a key. It takes the password, and the token is shown this once."""
        given = NewKeySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        wanted = dict(given.validated_data)
        check_expiry(wanted["expires_at"], self.now)
        check_scopes(wanted["scopes"], self.account)
        require_password(request, wanted.pop("password"))
        if own_keys(self.account, self.now).count() >= MOST_KEYS:
            raise Refused(
                status.HTTP_409_CONFLICT, "too_many_keys", f"Nobody needs more than {MOST_KEYS} keys."
            )
        key = ApiKey(owner=self.account, **wanted)
        token = key.issue(self.now)
        key.save()
        return Response(MadeKeySerializer({**shown(key), "token": token}).data, status=201)


class OneKey(Resource):
    operations = {"DELETE": "revoke_key"}

    @extend_schema(request=None, responses={204: None})
    def delete(self, _request: Request, key: UUID) -> Response:
        """Revoke one of the own keys: from now on it opens nothing."""
        found = own_key(self.account, key, self.now)
        found.revoke(self.now)
        found.save(update_fields=["revoked_at"])
        return Response(status=204)


class Rotation(Resource):
    operations = {"POST": "rotate_key"}
    post_throttles = [SignInThrottle]

    @extend_schema(request=OwnPasswordSerializer, responses={201: MadeKeySerializer})
    def post(self, request: Request, key: UUID) -> Response:
        """Replace one of the own keys by another that may do the same. The old one holds for a day more."""
        given = OwnPasswordSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        found = own_key(self.account, key, self.now)
        require_password(request, given.validated_data["password"])
        successor, token = found.rotate(self.now)
        return Response(MadeKeySerializer({**shown(successor), "token": token}).data, status=201)


def own_keys(owner: User, now: datetime) -> Any:
    return ApiKey.objects.usable(now).filter(RIGHTS.rows(owner, "keep", ApiKey, now))


def own_key(owner: User, key: UUID, now: datetime) -> ApiKey:
    found: ApiKey | None = own_keys(owner, now).filter(pk=key).first()
    if found is None:
        raise NotFound
    return found


def check_expiry(expires_at: datetime | None, now: datetime) -> None:
    if expires_at is None or now < expires_at <= now + LONGEST:
        return
    raise ValidationError({"expires_at": "This must be a time to come, within ten years."})


def check_scopes(scopes: Collection[str], owner: User) -> None:
    """A key of this scope opens what only some owners may, whoever owns it."""
    if Scope.GRADE in scopes and not owner.has_perm(INSTRUCTORS_ONLY):
        raise ValidationError({"scopes": "Only instructors can give this to a key: grade."})


def shown(key: ApiKey) -> dict[str, Any]:
    return {
        "id": key.pk,
        "name": key.name,
        "beginning": f"{MARK}_{key.prefix}_",
        "scopes": key.scopes,
        "created_at": key.created_at,
        "last_used_at": key.last_used_at,
        "expires_at": key.expires_at,
    }
