"""Where a launch arrives: a message is checked, somebody is let in, and the app takes over."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from api.lti import binding
from api.lti.choosing import choosing_page
from api.lti.entering import into_the_app
from api.lti.login import launch_url
from api.lti.pages import page, refused
from assessment.models import Platform
from assessment.models.audit import Door
from assessment.models.platforms import PlatformState
from assessment.people.auditing import audited
from assessment.platforms.arriving import Arrival, arrive, open_launch
from assessment.platforms.messages import DEEP_LINK, LaunchRefused, Message, opened

NOT_CHOSEN: Final = "Your teacher has not chosen yet what opens here. Come back later."


@csrf_exempt
@never_cache
@require_POST
def launch(request: HttpRequest) -> HttpResponse:
    """Take in a message of a platform."""
    now = timezone.now()
    begun = binding.read_state(request.POST.get("state", ""))
    platform = _platform(begun)
    if begun is None or platform is None:
        refusal = LaunchRefused("its state is none of ours, or too old")
        return refused(request, refusal, platform=platform, now=now)
    try:
        if not binding.is_same_browser(request, begun):
            return _without_secret(request, begun, platform)
        with audited(Door.PLATFORM):
            response = _let_in(request, begun, platform, now)
    except LaunchRefused as refusal:
        response = refused(request, refusal, platform=platform, now=now)
    binding.forget(response, begun, is_secure=request.is_secure())
    return response


def _platform(begun: binding.Begun | None) -> Platform | None:
    if begun is None:
        return None
    return Platform.objects.filter(pk=begun.platform, state=PlatformState.ACTIVE).first()


def _let_in(request: HttpRequest, begun: binding.Begun, platform: Platform, now: datetime) -> HttpResponse:
    if said := request.POST.get("error"):
        raise LaunchRefused(
            f"the platform says {said[:100]!r}", "Your platform did not say who you are. Sign in there first."
        )
    token = request.POST.get("id_token", "")
    message = opened(platform, token, nonce=begun.nonce, our_urls=frozenset({launch_url(request)}), now=now)
    arrival = arrive(message, now)
    if message.kind == DEEP_LINK:
        return _to_choose(request, message, arrival)
    if arrival.link is None:
        raise LaunchRefused("it names no link")
    if arrival.link.assignment is None:
        if arrival.is_teacher:
            return choosing_page(request, message, arrival)
        return page(request, "refused", {"words": NOT_CHOSEN}, platform=platform, status=409)
    return into_the_app(*open_launch(arrival, message, now))


def _to_choose(request: HttpRequest, message: Message, arrival: Arrival) -> HttpResponse:
    if not arrival.is_teacher:
        raise LaunchRefused("a learner wants to choose", "Only teachers choose what opens in a course.")
    return choosing_page(request, message, arrival)


def _without_secret(request: HttpRequest, begun: binding.Begun, platform: Platform) -> HttpResponse:
    """Ask the platform for the secret that it keeps; else offer to begin again in a window of its own.

    There nobody blocks cookies. The message is not used: whoever brings it has to prove to be the one it was for.
    """
    if begun.storage and "kept" not in request.POST:
        context = {
            "key": begun.cookie,
            "target": begun.storage,
            "address": platform.authorization_url,
            "id_token": request.POST.get("id_token", ""),
            "state": request.POST.get("state", ""),
        }
        return page(request, "fetch", context, platform=platform)
    # Without any secret the browser has kept none; with another one it is another browser.
    status = 403 if binding.has_a_secret(request, begun) else 200
    there = platform.authorization_url
    return page(request, "window", {"asked": begun.asked}, platform=platform, status=status, sends_to=there)
