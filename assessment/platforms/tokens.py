"""Leave to send grades and read rosters: access tokens, asked for with a signature of ours."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from threading import Lock
from typing import Any, Final
from uuid import UUID, uuid4

from joserfc import jwt

from assessment.models import Platform
from assessment.platforms.calling import Answer, PlatformFailure, call
from assessment.platforms.keys import signing_key

AGS: Final = "https://purl.imsglobal.org/spec/lti-ags/scope/"
SCORE: Final = f"{AGS}score"
LINE_ITEM: Final = f"{AGS}lineitem"
LINE_ITEM_READ: Final = f"{AGS}lineitem.readonly"
RESULT: Final = f"{AGS}result.readonly"
MEMBERS: Final = "https://purl.imsglobal.org/spec/lti-nrps/scope/contextmembership.readonly"
SCOPES: Final = (SCORE, LINE_ITEM, LINE_ITEM_READ, RESULT, MEMBERS)

ASSERTION: Final = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer"
HOLDS: Final = timedelta(minutes=5)
USUAL_AGE: Final = 3600
MARGIN: Final = timedelta(seconds=60)

_tokens: dict[tuple[UUID, frozenset[str]], tuple[str, datetime]] = {}
_guard = Lock()


def authorized(
    platform: Platform,
    method: str,
    url: str,
    *,
    scopes: Collection[str],
    now: datetime,
    headers: Mapping[str, str],
    document: Any = None,
) -> Answer:
    """Send a request to a platform with an access token; one that is refused is replaced once.

    Raises PlatformFailure.
    """
    try:
        return _with_token(platform, method, url, scopes, now, headers, document)
    except PlatformFailure as failure:
        if failure.status != 401:
            raise
    forget_tokens(platform)
    return _with_token(platform, method, url, scopes, now, headers, document)


def forget_tokens(platform: Platform) -> None:
    with _guard:
        for known in [key for key in _tokens if key[0] == platform.pk]:
            del _tokens[known]


def signed(platform: Platform, claims: Mapping[str, Any], now: datetime, holds: timedelta = HOLDS) -> str:
    """Return a message of ours to a platform."""
    key = signing_key(now)
    times = {"iat": int(now.timestamp()), "exp": int((now + holds).timestamp())}
    header = {"alg": "RS256", "typ": "JWT", "kid": key.kid}
    return jwt.encode(header, {"iss": platform.client_id, **times, **claims}, key, algorithms=["RS256"])


def _with_token(
    platform: Platform,
    method: str,
    url: str,
    scopes: Collection[str],
    now: datetime,
    headers: Mapping[str, str],
    document: Any,
) -> Answer:
    token = _token(platform, frozenset(scopes), now)
    return call(method, url, headers={**headers, "Authorization": f"Bearer {token}"}, document=document)


def _token(platform: Platform, scopes: frozenset[str], now: datetime) -> str:
    with _guard:
        known = _tokens.get((platform.pk, scopes))
    if known and now < known[1]:
        return known[0]
    token, age = _asked_for(platform, scopes, now)
    with _guard:
        _tokens[platform.pk, scopes] = (token, now + timedelta(seconds=age) - MARGIN)
    return token


def _asked_for(platform: Platform, scopes: frozenset[str], now: datetime) -> tuple[str, int]:
    claims = {
        "sub": platform.client_id,
        "aud": platform.token_audience or platform.token_url,
        "jti": uuid4().hex,
    }
    form = {
        "grant_type": "client_credentials",
        "client_assertion_type": ASSERTION,
        "client_assertion": signed(platform, claims, now),
        "scope": " ".join(sorted(scopes)),
    }
    document = call("POST", platform.token_url, form=form, headers={"Accept": "application/json"}).document
    token = document.get("access_token") if isinstance(document, dict) else None
    if not isinstance(token, str) or not token:
        raise PlatformFailure("The platform gave no access token.", 502)
    age = document.get("expires_in", USUAL_AGE)
    return token, age if isinstance(age, int) and 0 < age <= 86_400 else USUAL_AGE
