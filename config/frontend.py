"""The learner's app: one page that answers for every route the browser draws itself."""

import json
import re
from pathlib import Path

from django.conf import settings
from django.http import FileResponse, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

NOT_BUILT = """<!doctype html><html lang="en"><title>Assay</title><h1>The frontend is not built</h1>
<p>Run <code>make frontend</code>, then restart. Meanwhile the API is at
<a href="/api/v1/docs/">/api/v1/docs/</a> and the authoring desk at
<a href="/admin/">/admin/</a>.</p></html>"""


@require_safe
@never_cache
def index(request: HttpRequest) -> FileResponse | HttpResponse:
    """Return the app's page, never from a cache: it names the hashed files of the current build.

    The app itself says that an address is nobody's; the status says it to programs.
    """
    page = settings.FRONTEND_DIST / "index.html"
    if not page.is_file():
        return HttpResponse(NOT_BUILT, status=503)
    status = 200 if has_screen(request.path, settings.FRONTEND_DIST / "routes.json") else 404
    return FileResponse(page.open("rb"), content_type="text/html; charset=utf-8", status=status)


def has_screen(path: str, routes: Path) -> bool:
    """Return whether the app has a screen at ``path``, by the table that its build brings along."""
    patterns = json.loads(routes.read_text()).values()
    return any(re.fullmatch(_as_regex(pattern), path) for pattern in patterns)


def _as_regex(pattern: str) -> str:
    """Read ``/lessons/:slug`` as the app's router does: a slash at the end changes nothing."""
    return re.sub(r":\w+", r"[-A-Za-z0-9_]+", pattern).rstrip("/") + "/?"


@require_safe
@cache_control(max_age=86400, public=True)
def no_icon(_request: HttpRequest) -> HttpResponse:
    """Answer browsers that ask for an icon on pages that name none; the app names its own."""
    return HttpResponse(status=204)
