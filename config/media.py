"""Images, served by the app: to everybody who knows the name, forever, and unable to run anything."""

from __future__ import annotations

from typing import Final

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import condition, require_safe

from content.media.names import parse_name
from content.models import Media

POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; sandbox"
"""For an image that is opened by itself: an SVG is a page then, and this one runs, fetches and frames nothing."""
FOREVER: Final = "public, max-age=31536000, immutable"


def _etag(_request: HttpRequest, name: str) -> str | None:
    """Return the mark of an image that exists: a copy that a browser has is still good, and is not read again."""
    parts = parse_name(name)
    return f'"{parts.digest}"' if parts and Media.objects.filter(name=name).exists() else None


@require_safe
@condition(etag_func=_etag)
def image(_request: HttpRequest, name: str) -> HttpResponse:
    """Return an image. Nobody is asked who they are: names cannot be guessed, and guests are shown questions too."""
    media = Media.objects.filter(name=name).first() if parse_name(name) else None
    if media is None:
        raise Http404
    response = HttpResponse(bytes(media.data), content_type=media.parts.kind.content_type)
    response["Content-Security-Policy"] = POLICY
    response["X-Content-Type-Options"] = "nosniff"
    response["Cross-Origin-Resource-Policy"] = "same-origin"
    response["Cache-Control"] = FOREVER
    return response
