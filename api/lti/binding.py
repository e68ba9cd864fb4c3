"""What ties a launch to the browser that began it: a secret that this browser has, and a state that knows its hash.

The browser keeps the secret in a cookie of ours, or, where cookies are blocked in frames, with its platform.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import Final

from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils.crypto import constant_time_compare

AGE: Final = timedelta(minutes=10)
SIGNER: Final = "assay.lti.state"
PATH: Final = "/lti/"


@dataclass(frozen=True, slots=True)
class Begun:
    """A launch that was begun: with which platform, by which browser, and what it was asked for.

    ``storage`` is the frame of the platform that keeps secrets for us, or empty; ``asked`` is what began it, to begin
    it again in a window of its own.
    """

    platform: str
    nonce: str
    browser: str
    storage: str
    asked: Mapping[str, str]

    @property
    def cookie(self) -> str:
        return f"assay-lti-{self.nonce[:12]}"


def begin(platform: str, storage: str, asked: Mapping[str, str]) -> tuple[Begun, str]:
    """Return a new launch and the secret that its browser keeps."""
    secret = secrets.token_urlsafe(24)
    return Begun(platform, secrets.token_urlsafe(24), hashed(secret), storage, asked), secret


def state_of(begun: Begun) -> str:
    return signing.dumps(asdict(begun), salt=SIGNER, compress=True)


def read_state(state: str) -> Begun | None:
    """Return the launch that a state is about; None for one that is made up, changed, or too old."""
    try:
        return Begun(**signing.loads(state, salt=SIGNER, max_age=AGE))
    except (signing.BadSignature, TypeError, ValueError):
        return None


def keep(response: HttpResponse, begun: Begun, secret: str, *, is_secure: bool) -> None:
    """Give the browser its secret, in a cookie that a frame may have to itself."""
    _set(response, begun, secret, AGE, is_secure=is_secure)


def forget(response: HttpResponse, begun: Begun, *, is_secure: bool) -> None:
    """Take the secret back. In a frame a browser listens to a cookie of the same attributes alone."""
    _set(response, begun, "", timedelta(0), is_secure=is_secure)


def _set(response: HttpResponse, begun: Begun, value: str, age: timedelta, *, is_secure: bool) -> None:
    response.set_cookie(
        begun.cookie,
        value,
        max_age=age,
        path=PATH,
        secure=is_secure,
        httponly=True,
        samesite="None" if is_secure else None,
    )
    if is_secure:
        # Cookies of the standard library have no word for it before Python 3.14.
        response.cookies[begun.cookie]["samesite"] = "None; Partitioned"


def is_same_browser(request: HttpRequest, begun: Begun) -> bool:
    """Whether the browser that brings a message is the one that began the launch."""
    return constant_time_compare(hashed(_kept(request, begun)), begun.browser)


def has_a_secret(request: HttpRequest, begun: Begun) -> bool:
    return bool(_kept(request, begun))


def _kept(request: HttpRequest, begun: Begun) -> str:
    return request.COOKIES.get(begun.cookie) or request.POST.get("kept", "")


def hashed(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
