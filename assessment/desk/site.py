"""The site on which every page of the desk stands."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Final

from axes.helpers import get_client_ip_address
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, URLResolver, path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache

from assessment.desk import second_factor
from assessment.desk.actions import actions_of
from assessment.desk.help import help_of
from assessment.desk.picking import Picker
from assessment.desk.start import start_of
from assessment.models import User
from assessment.models.audit import Door
from assessment.people.auditing import audited, network_of
from assessment.people.second_factor import Standing, standing

View = Callable[..., Any]
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
STANDING: Final = "_standing"
"""Where a request keeps what its session has proven: every page asks several times."""


class DeskSite(AdminSite):
    """Lets nobody see anything before the second factor, and names to the audit who writes.

    All views of the desk are wrapped by ``admin_view``, so both stand here once.
    """

    def has_permission(self, request: HttpRequest) -> bool:
        return self.has_password(request) and self.standing(request) is Standing.PROVEN

    def has_password(self, request: HttpRequest) -> bool:
        """Whether somebody of the staff has signed in, the second factor aside."""
        return super().has_permission(request)

    def standing(self, request: HttpRequest) -> Standing:
        """Return what the session of somebody of the staff still has to show."""
        if not hasattr(request, STANDING):
            setattr(request, STANDING, standing(_account(request), request.session))
        found: Standing = getattr(request, STANDING)
        return found

    def look_again(self, request: HttpRequest) -> None:
        """Forget what the session had still to show: it has shown it now."""
        delattr(request, STANDING)

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        return super().admin_view(_audited(view), cacheable)

    def autocomplete_view(self, request: HttpRequest) -> HttpResponse:
        found: HttpResponse = Picker.as_view(admin_site=self)(request)  # type: ignore[assignment]  # its stub says less
        return found

    @method_decorator(never_cache)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Ask for the password, then for the code where the account has a device, or for a device where it must."""
        if self.has_password(request):
            match self.standing(request):
                case Standing.NEEDS_CODE:
                    return second_factor.ask(self, request)
                case Standing.NEEDS_DEVICE:
                    return HttpResponseRedirect(reverse("admin:second_factor"))
        with audited(Door.DESK, network=network_of(get_client_ip_address(request) or "")):
            return super().login(request, extra_context)

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        return {**super().each_context(request), "help_page": help_of(request)}

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Show what is somebody's own above the list of everything."""
        start = start_of(_account(request), timezone.now())
        own = {"start": start, "actions": actions_of(self, request)}
        return super().index(request, {**own, **(extra_context or {})})

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [
            path("second-factor/", self._open(second_factor.own), name="second_factor"),
            path("second-factor/leave/", second_factor.leave, name="second_factor_leave"),
            *super().get_urls(),
        ]

    def _open(self, view: Callable[[HttpRequest, DeskSite], HttpResponse]) -> View:
        """Return a view that is open to whoever has proven everything, or has no device and needs one."""

        @never_cache
        def opened(request: HttpRequest) -> HttpResponse:
            if not self.has_password(request) or self.standing(request) is Standing.NEEDS_CODE:
                return HttpResponseRedirect(f"{reverse('admin:login')}?next={request.path}")
            response: HttpResponse = _audited(view)(request, self)
            return response

        return opened


def _account(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise TypeError("nobody has signed in")
    return request.user


def _audited(view: View) -> View:
    @wraps(view)
    def named(request: HttpRequest, *arguments: Any, **options: Any) -> Any:
        if request.method in SAFE:
            return view(request, *arguments, **options)
        with audited(Door.DESK, _account(request)):
            return view(request, *arguments, **options)

    return named
