"""The token endpoint, and what its tokens open: the client credentials grant of the Security Framework 1.0."""

from __future__ import annotations

import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Final

from tests.lti.serving import Refused, Reply, Request, json_reply
from tests.lti.signing import published, read_token

if TYPE_CHECKING:
    from tests.lti.platform import FakeLms

AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/"
LINE_ITEM: Final = f"{AGS}lineitem"
LINE_ITEM_READONLY: Final = f"{AGS}lineitem.readonly"
RESULT_READONLY: Final = f"{AGS}result.readonly"
SCORE: Final = f"{AGS}score"
MEMBERSHIP_READONLY: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCOPES: Final = (LINE_ITEM, LINE_ITEM_READONLY, RESULT_READONLY, SCORE, MEMBERSHIP_READONLY)

GRANT: Final = "client_credentials"
ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"


@dataclass(frozen=True, slots=True)
class Token:
    scopes: frozenset[str]
    expires_at: datetime


class Tokens:
    """The tokens that were given out, and the assertions that were used up for them."""

    def __init__(self) -> None:
        self._known: dict[str, Token] = {}
        self._used: set[str] = set()

    def use_up(self, jti: object) -> None:
        if not isinstance(jti, str) or not jti or jti in self._used:
            raise Refused(400, f"the jti {jti!r} was used before, or is none", code="invalid_client")
        self._used.add(jti)

    def give_out(self, scopes: Collection[str], expires_at: datetime) -> str:
        token = secrets.token_urlsafe(24)
        self._known[token] = Token(frozenset(scopes), expires_at)
        return token

    def expire(self) -> None:
        self._known.clear()

    def check(self, request: Request, scopes: Collection[str], now: datetime) -> None:
        """Let in who has a token for one of these scopes. Raises Refused with 401 or 403."""
        token = self._known.get(request.bearer or "")
        if token is None or token.expires_at <= now:
            challenge = {"WWW-Authenticate": 'Bearer error="invalid_token"'}
            raise Refused(401, "no token, or one that is over", code="invalid_token", headers=challenge)
        if not token.scopes & set(scopes):
            raise Refused(403, f"needs one of {sorted(scopes)}", code="insufficient_scope")


def show_keys(lms: FakeLms, request: Request) -> Reply:
    return json_reply(published(lms.keys))


def give_token(lms: FakeLms, request: Request) -> Reply:
    form = request.form
    if form.get("grant_type") != GRANT:
        raise Refused(400, f"grant_type {form.get('grant_type')!r}", code="unsupported_grant_type")
    if form.get("client_assertion_type") != ASSERTION:
        raise Refused(
            400, f"client_assertion_type {form.get('client_assertion_type')!r}", code="invalid_request"
        )
    _check_assertion(lms, form.get("client_assertion", ""))
    scopes = form.get("scope", "").split()
    if not scopes or not set(scopes) <= set(lms.allowed_scopes):
        raise Refused(400, f"scope {form.get('scope')!r}", code="invalid_scope")
    token = lms.tokens.give_out(scopes, lms.clock() + timedelta(seconds=lms.token_seconds))
    granted = {"access_token": token, "token_type": "Bearer", "expires_in": lms.token_seconds}
    return json_reply(granted | {"scope": " ".join(scopes)}, headers={"Cache-Control": "no-store"})


def _check_assertion(lms: FakeLms, assertion: str) -> None:
    audiences = [lms.token_audience] if lms.token_audience else [lms.token_url, lms.issuer]
    claims = read_token(
        assertion, lms.tool_keys(), issuer=lms.client_id, audiences=audiences, now=lms.clock()
    )
    if claims.get("sub") != lms.client_id:
        raise Refused(400, f"about {claims.get('sub')!r}", code="invalid_client")
    lms.tokens.use_up(claims.get("jti"))
