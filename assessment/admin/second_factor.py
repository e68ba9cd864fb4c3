"""Second factors of others: their secrets are seen by nobody, and superusers take away what was lost."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django_otp.plugins.otp_static.models import StaticDevice
from django_otp.plugins.otp_totp.models import TOTPDevice

from assessment.models import User
from assessment.people import second_factor

TAKEN: Final = "The second factor is taken away, and all sessions of the account have ended."

# The library's own pages would show the secrets of everybody to every superuser.
for device in (TOTPDevice, StaticDevice):
    admin.site.unregister(device)


def of_others(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show a superuser whether somebody's second factor is on, and take it away on a press of the button."""
    if not request.user.is_superuser:
        raise PermissionDenied
    person = get_object_or_404(User, pk=pk)
    if request.method == "POST":
        second_factor.take_away(user=person)
        messages.success(request, TAKEN)
        return HttpResponseRedirect(request.path)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "opts": User._meta,
        "original": person,
        "title": f"Second factor: {person}",
        "device": second_factor.device_of(person),
        "codes_left": second_factor.codes_left(person),
    }
    return TemplateResponse(request, "admin/assessment/second_factor/of_others.html", context)
