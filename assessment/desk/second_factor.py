"""The pages of the second factor: the code after the password, switching it on, and what is done with it then."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import django_otp
import segno
from django.contrib import messages
from django.contrib.auth import REDIRECT_FIELD_NAME, authenticate, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_otp.plugins.otp_totp.models import TOTPDevice

from assessment.models import User
from assessment.models.audit import Door
from assessment.people import second_factor
from assessment.people.auditing import audited
from assessment.people.second_factor import LONGEST_CODE, TooManyCodes, WrongCode

if TYPE_CHECKING:
    from assessment.desk.site import DeskSite

WRONG: Final = "This code is wrong, or was used already. Wait for the next one of your app."
NOT_YOURS: Final = "This is not your password."
FOLDER: Final = "admin/assessment/second_factor"


def ask(site: DeskSite, request: HttpRequest) -> HttpResponse:
    """Ask whoever has given the password for a code, and let the session in with it."""
    user, refused = _account(request), ""
    if request.method == "POST" and "code" in request.POST:
        with audited(Door.DESK, user):
            refused = _prove(request, user)
        if not refused:
            return HttpResponseRedirect(_goal(request))
    context = {
        **site.each_context(request),
        "title": "Second factor",
        "refused": refused,
        "next": _goal(request),
        "longest": LONGEST_CODE,
    }
    return TemplateResponse(request, f"{FOLDER}/code.html", context)


@require_POST
def leave(request: HttpRequest) -> HttpResponse:
    """Sign out without having shown a code."""
    logout(request)
    return HttpResponseRedirect(reverse("admin:login"))


@sensitive_post_parameters("code", "password")
def own(request: HttpRequest, site: DeskSite) -> HttpResponse:
    """Show the own second factor, and do what its buttons say."""
    user = _account(request)
    if request.method != "POST":
        return _page(site, request, user)
    match request.POST.get("do"):
        case "begin":
            second_factor.begin(user=user)
        case "confirm":
            return _confirm(site, request, user)
        case "codes":
            return _new_codes(site, request, user)
        case "off":
            return _switch_off(site, request, user)
    return HttpResponseRedirect(request.path)


def _confirm(site: DeskSite, request: HttpRequest, user: User) -> HttpResponse:
    try:
        device = second_factor.confirm(user=user, code=_code(request))
    except (WrongCode, TooManyCodes) as refusal:
        return _page(site, request, user, refused=_words(refusal))
    _let_in(request, device)
    site.look_again(request)
    return _codes(site, request, second_factor.make_recovery_codes(user=user), is_new=True)


def _new_codes(site: DeskSite, request: HttpRequest, user: User) -> HttpResponse:
    if refused := _prove(request, user):
        return _page(site, request, user, refused=refused)
    return _codes(site, request, second_factor.make_recovery_codes(user=user), is_new=False)


def _switch_off(site: DeskSite, request: HttpRequest, user: User) -> HttpResponse:
    """Take the code and the password: neither an open session nor a found telephone is enough."""
    credentials = {"username": user.get_username(), "password": request.POST.get("password", "")}
    if authenticate(request, **credentials) is None:
        return _page(site, request, user, refused=NOT_YOURS)
    if refused := _prove(request, user):
        return _page(site, request, user, refused=refused)
    second_factor.switch_off(user=user)
    messages.success(request, "The second factor is switched off.")
    return HttpResponseRedirect(request.path)


def _page(site: DeskSite, request: HttpRequest, user: User, *, refused: str = "") -> HttpResponse:
    device = second_factor.device_of(user)
    waiting = None if device else TOTPDevice.objects.filter(user=user, confirmed=False).first()
    context = {
        "device": device,
        "waiting": waiting,
        "picture": _picture(waiting) if waiting else "",
        "secret": second_factor.secret_of(waiting) if waiting else "",
        "codes_left": second_factor.codes_left(user),
        "is_required": second_factor.is_required(user),
        "refused": refused,
        "longest": LONGEST_CODE,
    }
    return _shown(site, request, "own.html", context)


def _codes(site: DeskSite, request: HttpRequest, codes: list[str], *, is_new: bool) -> HttpResponse:
    return _shown(site, request, "codes.html", {"codes": codes, "is_new": is_new})


def _shown(site: DeskSite, request: HttpRequest, template: str, context: dict[str, Any]) -> HttpResponse:
    around = {**site.each_context(request), "title": "Second factor"}
    # Whoever has still to set it up sees nothing of the desk, its table of contents neither.
    around["is_nav_sidebar_enabled"] = around["has_permission"]
    return TemplateResponse(request, f"{FOLDER}/{template}", around | context)


def _picture(device: TOTPDevice) -> str:
    """Return what a telephone reads, as SVG, black on white in dark pages too."""
    drawn: str = segno.make(device.config_url, error="m").svg_inline(
        scale=5, border=4, dark="#000", light="#fff", svgclass="second-factor-picture", lineclass=None
    )
    return drawn


def _prove(request: HttpRequest, user: User) -> str:
    """Let the session in if it brings a code; else return why not."""
    try:
        device = second_factor.prove(user=user, code=_code(request))
    except (WrongCode, TooManyCodes) as refusal:
        return _words(refusal)
    _let_in(request, device)
    return ""


def _let_in(request: HttpRequest, device: TOTPDevice) -> None:
    """Note in the session what it has proven, under a new name: who knew the old one is not let in with it."""
    request.session.cycle_key()
    django_otp.login(request, device)


def _words(refusal: WrongCode | TooManyCodes) -> str:
    if isinstance(refusal, TooManyCodes):
        return f"Too many wrong codes. Wait {refusal.wait} seconds, then try again."
    return WRONG


def _code(request: HttpRequest) -> str:
    return request.POST.get("code", "")[:LONGEST_CODE]


def _goal(request: HttpRequest) -> str:
    wanted = request.POST.get(REDIRECT_FIELD_NAME) or request.GET.get(REDIRECT_FIELD_NAME) or ""
    is_ours = url_has_allowed_host_and_scheme(
        wanted, allowed_hosts={request.get_host()}, require_https=request.is_secure()
    )
    return wanted if is_ours else reverse("admin:index")


def _account(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("nobody has signed in")
    return request.user
