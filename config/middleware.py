"""What happens to a request before any app sees it."""

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.gzip import GZipMiddleware
from rest_framework.request import Request
from rest_framework.throttling import BaseThrottle

from api import health
from config.limits import body_limit

Handler = Callable[[HttpRequest], HttpResponse]
PROBES = {"/healthz": health.healthz, "/readyz": health.readyz, "/metrics": health.metrics}
SMALLEST_COMPRESSED: Final = 1000
"""Bytes. Below, a packet is saved by nothing, and the work is not."""


def answer_probes(get_response: Handler) -> Handler:
    """Answer an orchestrator before the host is checked: it calls a process by its address, not by our name."""

    def handle(request: HttpRequest) -> HttpResponse:
        return PROBES.get(request.path, get_response)(request)

    return handle


def compress_reads(get_response: Handler) -> Handler:
    """Compress what is read, where the client takes gzip.

    The reply to an answer is small and waited for, so it goes as it is. The desk's pages hold CSRF tokens beside
    words from the address, which is what compression could give away (BREACH): they stay plain. No other body
    holds a secret of the session, and Django adds a random length to each.
    """
    gzip = GZipMiddleware(get_response)

    def handle(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if request.method not in {"GET", "HEAD"} or request.path.startswith("/admin/") or response.streaming:
            return response
        if len(response.content) < SMALLEST_COMPRESSED or _is_compressed(response):
            return response
        gzip.process_response(request, response)
        return response

    return handle


def _is_compressed(response: HttpResponse) -> bool:
    """Whether the content is compressed by its nature, as photographs are."""
    kind = response.headers.get("Content-Type", "")
    return kind.startswith("image/") and not kind.startswith("image/svg")


def limit_body(get_response: Handler) -> Handler:
    """Refuse a large body by its length; Django's own limit does not reach streamed JSON."""

    def handle(request: HttpRequest) -> HttpResponse:
        limit = body_limit(request.path, request.content_type or "")
        announced = request.META.get("CONTENT_LENGTH") or "0"
        if announced.isdecimal() and int(announced) <= limit:
            return get_response(request)
        detail = f"The body may have at most {limit} bytes."
        error = {"code": "body_too_large", "detail": detail, "attr": None}
        return JsonResponse({"type": "client_error", "errors": [error]}, status=413)

    return handle


def client_address(request: HttpRequest) -> str:
    """Return who asks, seen past as many proxies as ``PROXIES`` says: the address that throttles count."""
    return BaseThrottle().get_ident(Request(request))


def folded_username(request: HttpRequest, credentials: Mapping[str, str] | None = None) -> str:
    """Return the name that somebody signs in with as accounts are told apart: without its capitals."""
    name = (credentials or request.POST).get("username") or ""
    return unicodedata.normalize("NFKC", name).lower()
