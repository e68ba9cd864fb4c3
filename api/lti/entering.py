"""From a launch into the app."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

from assessment.models import Launch


def into_the_app(launched: Launch, code: str) -> HttpResponse:
    """Send the browser to the app. The code stands behind the #: no server and no log sees it."""
    response = HttpResponseRedirect(f"/launched?platform={launched.platform_id}#{code}")
    # The browser came by POST and goes on by GET.
    response.status_code = 303
    return response
