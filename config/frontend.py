"""The learner's app: one page that answers for every route the browser draws itself."""

import json
import logging
import re
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.cache import patch_vary_headers
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_safe

from api import pages
from assessment.platforms.framing import active_platform, frame_ancestors

LAUNCHED = "/launched"

logger = logging.getLogger(__name__)

NOT_BUILT = """<!doctype html><html lang="en"><title>Assay</title><h1>The frontend is not built</h1>
<p>Run <code>make frontend</code>, then restart. Meanwhile the API is at
<a href="/api/v1/docs/">/api/v1/docs/</a> and the authoring desk at
<a href="/admin/">/admin/</a>.</p></html>"""


@require_safe
@never_cache
def index(request: HttpRequest) -> HttpResponse:
    """Return the app's page, never from a cache: it names the hashed files of the current build.

    It says what the address is about to programs and people that do not run the app; that it is nobody's, by its
    status. The app says the same to the rest.
    """
    page = settings.FRONTEND_DIST / "index.html"
    if not page.is_file():
        return HttpResponse(NOT_BUILT, status=503)
    about = _about(request)
    context = {
        "about": about,
        "address": request.build_absolute_uri(request.path.rstrip("/") or "/"),
        "cover": request.build_absolute_uri("/cover.png"),
    }
    parts = {
        "about": render_to_string("api/head.html", context),
        "reading": _inert(render_to_string("api/reading.html", context)),
    }
    response = HttpResponse(_filled(page.read_text(), parts), status=404 if about is pages.NOWHERE else 200)
    patch_vary_headers(response, ["Cookie"])
    if request.path == LAUNCHED:
        _let_be_framed(request, response)
    return response


def _let_be_framed(request: HttpRequest, response: HttpResponse) -> None:
    """A launch is shown in a frame of the platform that it came from, and of nobody else."""
    platform = active_platform(request.GET.get("platform", ""))
    if platform:
        # Read by the middleware that writes the policy.
        response._csp_replace = {"frame-ancestors": frame_ancestors(platform)}  # type: ignore[attr-defined]  # of the middleware


def _about(request: HttpRequest) -> pages.About:
    """Ask what the page is about; without the database it is the app's to say what does not work."""
    screen, slug = screen_at(request.path, settings.FRONTEND_DIST / "routes.json")
    try:
        return pages.about(
            screen, slug, timezone.now(), has_session=settings.SESSION_COOKIE_NAME in request.COOKIES
        )
    except DatabaseError:
        logger.warning("The page %s goes without its title.", request.path, exc_info=True)
        return pages.OWN


def screen_at(path: str, routes: Path) -> tuple[str | None, str]:
    """Return the screen that the app has at ``path`` and its parameter, by the table that its build brings along."""
    for name, pattern in json.loads(routes.read_text()).items():
        if found := re.fullmatch(_as_regex(pattern), path):
            return name, found[1] if found.groups() else ""
    return None, ""


def _filled(page: str, parts: dict[str, str]) -> str:
    """Put each part between its marks, ``<!--name-->`` and ``<!--/name-->``."""
    for name, part in parts.items():
        before, _, rest = page.partition(f"<!--{name}-->")
        _, mark, after = rest.partition(f"<!--/{name}-->")
        page = before + part + after if mark else page
    return page


def _inert(html: str) -> str:
    """Return HTML that cannot end the ``noscript`` around it, which a browser with scripts takes for plain text."""
    return re.sub(r"<(?=/?noscript)", "&lt;", html, flags=re.IGNORECASE)


def _as_regex(pattern: str) -> str:
    """Read ``/lessons/:slug`` as the app's router does: a slash at the end changes nothing."""
    return re.sub(r":\w+", r"([-A-Za-z0-9_]+)", pattern).rstrip("/") + "/?"


@require_safe
@cache_control(max_age=86400, public=True)
def no_icon(_request: HttpRequest) -> HttpResponse:
    """Answer browsers that ask for an icon on pages that name none; the app names its own."""
    return HttpResponse(status=204)
