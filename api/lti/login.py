"""Where a launch begins: a platform sends a browser here, and we send it back to be told who it is."""

from __future__ import annotations

from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from api.lti import binding
from api.lti.pages import page, refused
from assessment.models import Platform
from assessment.models.platforms import PlatformState
from assessment.platforms.messages import LaunchRefused
from content.documents.storable import is_storable

ASKED: Final = ("iss", "client_id", "login_hint", "target_link_uri", "lti_message_hint", "lti_deployment_id")
LONGEST: Final = 8000
"""Of what a platform sends along, together."""


@csrf_exempt
@never_cache
@require_http_methods(["GET", "POST"])
def login(request: HttpRequest) -> HttpResponse:
    """Begin a launch. Nobody is known yet, so nothing is believed but that somebody wants to begin."""
    now = timezone.now()
    sent = request.POST if request.method == "POST" else request.GET
    platform = None
    try:
        asked = _asked(sent)
        platform = _platform(asked)
        _check(request, asked, platform)
    except LaunchRefused as refusal:
        return refused(request, refusal, platform=platform, now=now)
    storage = sent.get("lti_storage_target", "")[:100]
    begun, secret = binding.begin(str(platform.pk), storage, asked)
    state = binding.state_of(begun)
    address = _way_there(request, platform, begun, state)
    response = _through_storage(request, platform, begun, secret, address) if storage else None
    response = response or Away(address)
    binding.keep(response, begun, secret, is_secure=request.is_secure())
    return response


class Away(HttpResponseRedirect):
    """A redirect to a platform, by which scheme its registration says."""

    allowed_schemes = ["https", "http"]


def launch_url(request: HttpRequest) -> str:
    return request.build_absolute_uri("/lti/launch")


def _asked(sent: QueryDict) -> dict[str, str]:
    asked = {name: value for name in ASKED if (value := str(sent.get(name, "")))}
    if sum(map(len, asked.values())) > LONGEST:
        raise LaunchRefused("it asks for too much")
    if not all(map(is_storable, asked.values())):
        raise LaunchRefused("it holds a character that cannot be stored")
    return asked


def _platform(asked: dict[str, str]) -> Platform:
    """Return the registration that is meant. The same client id may be known to several issuers."""
    found = Platform.objects.filter(issuer=asked.get("iss", ""))
    if client := asked.get("client_id"):
        found = found.filter(client_id=client)
    known = list(found[:2])
    if not known:
        raise LaunchRefused(
            f"no registration of {asked.get('iss')!r} as {asked.get('client_id')!r}",
            "Your platform is not registered here. Its administrator has to do that first.",
        )
    if len(known) > 1:
        raise LaunchRefused(f"several registrations of {asked.get('iss')!r}, and no client id")
    return known[0]


def _check(request: HttpRequest, asked: dict[str, str], platform: Platform) -> None:
    if platform.state != PlatformState.ACTIVE:
        raise LaunchRefused(
            f"the registration is {platform.state}",
            "Your platform waits to be confirmed by those who run Assay."
            if platform.state == PlatformState.PENDING
            else "Your platform may not open Assay any more.",
        )
    if not asked.get("login_hint"):
        raise LaunchRefused("it does not say who")
    target = asked.get("target_link_uri")
    if target != launch_url(request):
        raise LaunchRefused(f"it leads to {target!r}")


def _way_there(request: HttpRequest, platform: Platform, begun: binding.Begun, state: str) -> str:
    wanted: dict[str, Any] = {
        "scope": "openid",
        "response_type": "id_token",
        "response_mode": "form_post",
        "prompt": "none",
        "client_id": platform.client_id,
        "redirect_uri": launch_url(request),
        "login_hint": begun.asked["login_hint"],
        "nonce": begun.nonce,
        "state": state,
    }
    if hint := begun.asked.get("lti_message_hint"):
        wanted["lti_message_hint"] = hint
    joined = "&" if "?" in platform.authorization_url else "?"
    return f"{platform.authorization_url}{joined}{urlencode(wanted)}"


def _through_storage(
    request: HttpRequest, platform: Platform, begun: binding.Begun, secret: str, address: str
) -> HttpResponse:
    """Let the page give the secret to the platform to keep, and then go on."""
    context = {"key": begun.cookie, "secret": secret, "target": begun.storage, "address": address}
    return page(request, "keep", context, platform=platform)
