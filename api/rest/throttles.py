"""How often anybody may ask. The rates stand in the settings, by the name of the scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rest_framework.request import Request
from rest_framework.throttling import AnonRateThrottle, SimpleRateThrottle, UserRateThrottle

if TYPE_CHECKING:
    from rest_framework.views import APIView

__all__ = ["AnonymousThrottle", "GuestThrottle", "LearnerThrottle", "SignInThrottle"]


class AnonymousThrottle(AnonRateThrottle):
    """All requests without an account, by address."""


class LearnerThrottle(UserRateThrottle):
    """All requests of one account, from wherever it asks."""

    def get_cache_key(self, request: Request, view: APIView) -> str | None:
        return super().get_cache_key(request, view) if request.user.is_authenticated else None


class AddressThrottle(SimpleRateThrottle):
    def get_cache_key(self, request: Request, view: APIView) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class SignInThrottle(AddressThrottle):
    """Signing up and in: each costs a password hash."""

    scope = "sign-in"


class GuestThrottle(AddressThrottle):
    """Requests that make a row for a guest."""

    scope = "guest"

    def allow_request(self, request: Request, view: APIView) -> bool:
        return request.user.is_authenticated or super().allow_request(request, view)
