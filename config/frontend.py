"""The learner's app: one page that answers for every route the browser draws itself."""

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
def index(_request: HttpRequest) -> FileResponse | HttpResponse:
    """Return the app's page, never from a cache: it names the hashed files of the current build."""
    page = settings.FRONTEND_DIST / "index.html"
    if not page.is_file():
        return HttpResponse(NOT_BUILT, status=503)
    return FileResponse(page.open("rb"), content_type="text/html; charset=utf-8")


@require_safe
@cache_control(max_age=86400, public=True)
def no_icon(_request: HttpRequest) -> HttpResponse:
    """Answer browsers that ask for an icon on pages that name none; the app names its own."""
    return HttpResponse(status=204)
