"""How often anybody may ask. The rates stand in the settings, by the name of the scope.

A window of time is fixed: who has used it up waits for its end. What guesses or makes rows for strangers is counted
in the database, for all processes and hosts; everything else in memory, so that no answer waits for a count.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING

from django.conf import settings
from django.core.cache import cache
from rest_framework.request import Request
from rest_framework.throttling import SimpleRateThrottle

from api.counters import SHARED
from assessment.models import RateCount

if TYPE_CHECKING:
    from rest_framework.views import APIView

__all__ = [
    "AnonymousThrottle",
    "ExportThrottle",
    "GuestThrottle",
    "JoinThrottle",
    "LearnerThrottle",
    "RequestThrottle",
    "SignInThrottle",
]


LONGEST_IDENT = 100
"""Of an address as it is stored."""


class WindowThrottle(SimpleRateThrottle, ABC):
    """Allows a number of requests in each window. ``count_up`` says where they are counted."""

    num_requests: int | None
    duration: int | None
    remaining = 0.0

    def allow_request(self, request: Request, view: APIView) -> bool:
        ident = self.ident(request)
        if ident is None or self.num_requests is None or self.duration is None:
            return True
        now = float(self.timer())
        ends = (int(now) // self.duration + 1) * self.duration
        self.remaining = ends - now
        return self.count_up(ident, ends, now) <= self.num_requests

    def wait(self) -> float:
        return ceil(self.remaining)

    @abstractmethod
    def ident(self, request: Request) -> str | None:
        """Return whose requests are counted together; None: this one is not counted."""

    def count_up(self, ident: str, ends: int, now: float) -> int:
        """Count this request and return how many there are in the window that ends at ``ends``."""
        name = f"{self.scope}:{ident}"
        if settings.CACHE_IS_SHARED:
            return _count_in_cache(f"rate:{name}:{ends}", ends - int(now))
        return SHARED.count_up(name, ends=ends, now=now)


class AnonymousThrottle(WindowThrottle):
    """All requests without an account, by address."""

    scope = "anon"

    def ident(self, request: Request) -> str | None:
        return None if request.user.is_authenticated else self.get_ident(request)


class LearnerThrottle(WindowThrottle):
    """All requests of one account, from wherever it asks."""

    scope = "user"

    def ident(self, request: Request) -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else None


class AddressThrottle(WindowThrottle):
    """By address, in the database."""

    def ident(self, request: Request) -> str | None:
        return self.get_ident(request)

    def count_up(self, ident: str, ends: int, now: float) -> int:
        end = datetime.fromtimestamp(ends, UTC)
        return RateCount.objects.count_up(str(self.scope), ident[:LONGEST_IDENT], end)


class SignInThrottle(AddressThrottle):
    """Signing up and in: each costs a password hash, and guesses a name or a password."""

    scope = "sign-in"


class JoinThrottle(AddressThrottle):
    """Looking at and joining courses by their codes, which could be guessed."""

    scope = "join"


class AccountThrottle(AddressThrottle):
    """By account, in the database."""

    def ident(self, request: Request) -> str | None:
        return str(request.user.pk) if request.user.is_authenticated else None


class ExportThrottle(AccountThrottle):
    """Exports of one account: each reads all that it ever did."""

    scope = "export"


class RequestThrottle(AccountThrottle):
    """Requests of one account that somebody looks at an answer again: a person reads each."""

    scope = "regrade-request"


class GuestThrottle(AddressThrottle):
    """Requests that make a row for a guest."""

    scope = "guest"

    def ident(self, request: Request) -> str | None:
        return None if request.user.is_authenticated else super().ident(request)


def _count_in_cache(key: str, seconds: int) -> int:
    cache.add(key, 0, seconds)
    try:
        return int(cache.incr(key))
    except ValueError:  # it ended between the two
        return 1
