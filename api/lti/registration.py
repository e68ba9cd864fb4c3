"""What a platform asks about us, and the link by which one registers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import cache_control, never_cache
from django.views.decorators.http import require_GET, require_safe

from api.lti.pages import page, refused
from assessment.models.audit import Door
from assessment.people.auditing import audited
from assessment.platforms.calling import PlatformFailure
from assessment.platforms.keys import published_keys
from assessment.platforms.messages import LaunchRefused
from assessment.platforms.registering import RegistrationRefused, register, tool_configuration


@require_safe
@cache_control(public=True, max_age=3600)
def jwks(_request: HttpRequest) -> JsonResponse:
    """Our public keys. The next one stands there a day before it signs."""
    return JsonResponse(published_keys(timezone.now()))


@require_safe
def config(request: HttpRequest) -> JsonResponse:
    """What we are, for those who register by hand."""
    return JsonResponse(tool_configuration(base_url(request)))


@require_GET
@never_cache
def registration(request: HttpRequest) -> HttpResponse:
    """Register with the platform that opened an invitation."""
    now = timezone.now()
    try:
        with audited(Door.PLATFORM):
            platform = register(
                secret=request.GET.get("invitation", ""),
                configuration_url=request.GET.get("openid_configuration", ""),
                registration_token=request.GET.get("registration_token", ""),
                base_url=base_url(request),
                now=now,
            )
    except (RegistrationRefused, PlatformFailure) as failure:
        refusal = LaunchRefused(f"registration: {failure}", str(failure))
        return refused(request, refusal, platform=None, now=now)
    return page(request, "registered", {"platform": platform}, platform=platform)


def base_url(request: HttpRequest) -> str:
    return request.build_absolute_uri("/").rstrip("/")
