"""Who asks: a browser by its session, a machine by its key."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication, CSRFCheck, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, PermissionDenied
from rest_framework.request import Request

from api.models import ApiKey
from assessment.models import Launch, User
from assessment.people.sessions import SessionStore
from assessment.platforms.arriving import TOKEN, launch_by_token

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


class CsrfFailed(PermissionDenied):
    default_code = "csrf_failed"

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} Send the csrftoken cookie's value in the X-CSRFToken header.")


class KeyAuthentication(BaseAuthentication):
    """``Authorization: Bearer <key>``. The request acts for the key's owner, within the key's scopes."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        kind, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
        if not kind:
            return None
        if kind.lower() != "bearer":
            raise AuthenticationFailed("The Authorization header must be: Bearer <key>.")
        now = timezone.now()
        key = ApiKey.objects.matching(token.strip(), now)
        if key is None:
            raise AuthenticationFailed("This key is unknown, revoked, or has expired.")
        key.note_use(now)
        return key.owner, key

    def authenticate_header(self, request: Request) -> str:
        """Make a request that lacks credentials a 401, not a 403."""
        return "Bearer"


class LaunchAuthentication(BaseAuthentication):
    """``Authorization: Bearer launch_…``: a page that a platform opened, by the token of its launch.

    It stands for the session of the launch and ends with it. No browser sends it by itself, so nothing can be forged.
    """

    def authenticate(self, request: Request) -> tuple[User, Launch] | None:
        token = bearer(request)
        if not token.startswith(TOKEN):
            return None
        launch = launch_by_token(token, timezone.now())
        session = SessionStore(launch.session_id) if launch else None
        user = session.user_now() if session else None
        if launch is None or session is None or user is None:
            raise AuthenticationFailed("This launch is over. Open it again from your course.")
        request._request.session = session
        return user, launch

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"


def bearer(request: Request) -> str:
    """Return the token of the Authorization header, or an empty text."""
    kind, _, token = get_authorization_header(request).decode("latin-1").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


class SessionAuthentication(BaseAuthentication):
    """Django's session. Unsafe methods of a session must prove that our own page sent them."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        session = request._request.session
        user = session.user if isinstance(session, SessionStore) else None
        if user is None:
            if came_from_a_page(request._request):
                enforce_csrf(request._request)
            return None
        enforce_csrf(request._request)
        return user, None


def came_from_a_page(request: HttpRequest) -> bool:
    """Whether a browser sent this: pages always name their origin, programs without cookies have nothing to forge."""
    return "Origin" in request.headers


def enforce_csrf(request: HttpRequest) -> None:
    """Raise CsrfFailed unless the request is safe or carries its token."""
    if request.method in SAFE:
        return
    check = CSRFCheck(_answer)
    check.process_request(request)
    if reason := check.process_view(request, _answer, (), {}):
        raise CsrfFailed(str(reason))


def _answer(_: HttpRequest) -> HttpResponse:
    """Stand where the middleware wants a view; the check calls none."""
    return HttpResponse()
