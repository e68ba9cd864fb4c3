"""Plain pages for those who were sent: what happened, in words, and a way on."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from assessment.models import Platform, RefusedLaunch
from assessment.platforms.framing import frame_ancestors
from assessment.platforms.messages import LaunchRefused

LOG: Final = logging.getLogger(__name__)
LONGEST_REASON: Final = 500
AN_HOUR: Final = timedelta(hours=1)
MOST_IN_AN_HOUR: Final = 500
"""Rows: anybody may knock, and the desk is no place for thousands. The log has all."""


def page(
    request: HttpRequest,
    name: str,
    context: Mapping[str, Any],
    *,
    platform: Platform | None,
    status: int = 200,
    sends_to: str = "",
) -> HttpResponse:
    """Return a page that its platform may show in a frame; ``sends_to`` is where a form of it leads."""
    response = render(request, f"lti/{name}.html", dict(context), status=status)
    response["Cache-Control"] = "no-store"
    # Not "no-referrer": by that browsers say of our own forms as well that they come from nowhere.
    response["Referrer-Policy"] = "same-origin"
    policy: dict[str, list[str]] = {}
    if platform:
        policy["frame-ancestors"] = frame_ancestors(platform)
    if sends_to:
        policy["form-action"] = ["'self'", _origin(sends_to)]
    # Read by the middleware that writes the policy.
    response._csp_replace = policy  # type: ignore[attr-defined]  # of the middleware
    return response


def refused(
    request: HttpRequest,
    refusal: LaunchRefused,
    *,
    platform: Platform | None,
    now: datetime,
    status: int = 400,
) -> HttpResponse:
    """Say to whoever was sent that it did not work, and to the desk and the log why, under the same sign."""
    trace = secrets.token_hex(4)
    reason = str(refusal)[:LONGEST_REASON]
    LOG.warning("Launch %s from %s refused: %s", trace, platform or "nobody known", reason)
    if platform and RefusedLaunch.objects.filter(created_at__gt=now - AN_HOUR).count() < MOST_IN_AN_HOUR:
        RefusedLaunch.objects.create(trace=trace, platform=platform, reason=reason, created_at=now)
    context = {"words": refusal.public, "trace": trace}
    return page(request, "refused", context, platform=platform, status=status)


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
