"""Platforms that open us by LTI: who may, by which invitation, under which keys, and what was refused."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import urlencode

from django import forms
from django.contrib import admin, messages
from django.db import models
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from assessment.models import Deployment, Invitation, Platform, ToolKey
from assessment.models.platforms import PlatformState, RefusedLaunch
from assessment.platforms.calling import ForbiddenAddress, check_address
from assessment.platforms.keys import can_be_opened
from assessment.platforms.registering import invite, try_connection
from content.admin.bases import ModelAdmin, ModelForm, TabularInline
from content.admin.desk import Button, Desk, KeepsText, Page

OUR_ADDRESSES: Final = (
    ("/lti/login", "Initiate login URL, OpenID Connect login URL"),
    (
        "/lti/launch",
        "Tool URL, target link URI, redirection URI, and the URL of deep linking (content selection)",
    ),
    ("/lti/jwks", "Public keyset URL, JWKS URL"),
    ("/lti/config", "All of this as JSON, for a platform that reads it"),
)
"""What an administrator of a platform is asked for, and by which names."""

ADDRESSES: Final = ("authorization_url", "token_url", "jwks_url")
MORE: Final = (
    'The help has <a href="/docs/lms/">a page for each platform</a>: where it shows these, what is set there.'
)

INVITED_FOR: Final = timedelta(days=7)


def our_addresses(request: HttpRequest) -> list[tuple[str, str]]:
    """Return our addresses under the name that the desk was opened by, each with what platforms call it."""
    return [(request.build_absolute_uri(path), names) for path, names in OUR_ADDRESSES]


def confirm(platform: Platform) -> Platform:
    return _become(platform, PlatformState.ACTIVE)


def close(platform: Platform) -> Platform:
    return _become(platform, PlatformState.CLOSED)


def confirm_deployments(platform: Platform) -> Platform:
    _waiting(platform).update(state=PlatformState.ACTIVE)
    return platform


def connection(platform: Platform, request: HttpRequest) -> dict[str, Any]:
    """Return our addresses, and once the button was pressed what became of trying the platform's."""
    tried = try_connection(platform, timezone.now()) if request.method == "POST" else None
    return {"tried": tried, "our_addresses": our_addresses(request)}


def _become(platform: Platform, state: PlatformState) -> Platform:
    platform.state = state
    platform.save(update_fields=["state"])
    return platform


def _waiting(platform: Platform) -> QuerySet[Deployment]:
    return platform.deployments.filter(state=PlatformState.PENDING)


class SuperusersOnly(ModelAdmin):
    """Rows by which a whole platform is let in: for superusers, whatever else somebody may do."""

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


class LookedAt(ModelAdmin):
    """Rows that nobody writes here."""

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


class PlatformForm(ModelForm):
    """A registration as its platform shows it, field by field."""

    class Meta:
        model = Platform
        fields: list[str] = []
        labels = {
            "client_id": "client ID",
            "authorization_url": "authorization URL",
            "token_url": "access token URL",
            "jwks_url": "public keyset URL",
        }
        help_texts = {
            "issuer": "Moodle: Platform ID. Blackboard, Brightspace, Canvas: Issuer. Open edX: the LMS's address. "
            "To the letter: with a slash more it is another platform.",
            "client_id": "Blackboard: Application ID. Canvas: the number of the developer key.",
            "authorization_url": "Moodle: Authentication request URL. Blackboard: OIDC auth request endpoint. "
            "Brightspace: OpenID Connect Authentication Endpoint. Open edX: Login URL, or OIDC Callback URL.",
            "token_url": "Blackboard: Auth token endpoint. Brightspace: OAuth2 Access Token URL.",
            "token_audience": "Brightspace: OAuth2 Audience. Elsewhere empty: the access token URL.",
            "jwks_url": "Brightspace, Open edX: Keyset URL.",
            "trusts_new_deployments": "A deployment that opens us for the first time is active at once. "
            "Not where strangers have the same issuer and client ID, as different schools may.",
        }

    def clean(self) -> dict[str, Any]:
        """Refuse addresses that would never be called."""
        cleaned = super().clean() or {}
        for name in [one for one in ADDRESSES if one in cleaned]:
            try:
                check_address(cleaned[name])
            except ForbiddenAddress as error:
                self.add_error(name, str(error))
        return cleaned


class DeploymentForm(ModelForm):
    """A deployment as its platform calls it. One that opened us keeps its name."""

    class Meta:
        model = Deployment
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance._state.adding:
            # Whoever enters one by hand confirms it.
            self.initial["state"] = PlatformState.ACTIVE
        else:
            self.fields["deployment_id"].disabled = True

    def save(self, commit: bool = True) -> Any:
        if self.instance._state.adding:
            self.instance.created_at = timezone.now()
        return super().save(commit)


class DeploymentInline(TabularInline):
    """The placements of a platform. One that waits has tried to open us, and is confirmed by its state."""

    model = Deployment
    form = DeploymentForm
    fields = ("deployment_id", "state", "created_at")
    readonly_fields = ("created_at",)
    extra = 0
    can_delete = False


@admin.register(Platform)
class PlatformAdmin(SuperusersOnly, Desk):
    form = PlatformForm
    change_form_template = "admin/assessment/platform_form.html"
    list_display = ["name", "issuer", "state", "waiting", "keys_fetched_at"]
    list_filter = ["state"]
    search_fields = ["name", "issuer", "client_id"]
    readonly_fields = ["state", "created_at", "keys_fetched_at"]
    # What is entered without a scheme means TLS.
    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}
    inlines = [DeploymentInline]
    actions = ["confirm_selected", "close_selected"]
    pages = [
        Page("connection", "Test this connection", "admin/assessment/platform_connection.html", connection)
    ]
    buttons = [
        Button(
            "confirm",
            "Confirm",
            confirm,
            "It may open us now, from the deployments that are confirmed as well.",
            shown=lambda platform: platform.state != PlatformState.ACTIVE,
        ),
        Button(
            "confirm-deployments",
            "Confirm the waiting deployments",
            confirm_deployments,
            "Its deployments may open us now.",
            shown=lambda platform: _waiting(platform).exists(),
        ),
        Button(
            "close",
            "Close",
            close,
            "It may not open us any more, and no grades are sent to it.",
            shown=lambda platform: platform.state != PlatformState.CLOSED,
        ),
    ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        waiting = Count("deployments", filter=Q(deployments__state=PlatformState.PENDING))
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(waiting_count=waiting)
        return queryset

    def get_fieldsets(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        about = ["name", *(["state", "created_at", "keys_fetched_at"] if obj else [])]
        return (
            (None, {"fields": about}),
            ("What it is called there", {"fields": ["issuer", "client_id"]}),
            ("Its addresses", {"fields": [*ADDRESSES, "token_audience", "other_hosts"], "description": MORE}),
            ("Its deployments", {"fields": ["trusts_new_deployments"]}),
        )

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """A platform is closed: whom it sent, and what was sent to it, stays known."""
        return False

    def save_model(self, request: HttpRequest, obj: Platform, form: Any, change: bool) -> None:
        """Save; whoever enters a platform by hand confirms it."""
        if not change:
            obj.created_at, obj.state = timezone.now(), PlatformState.ACTIVE
        super().save_model(request, obj, form, change)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **options: Any
    ) -> HttpResponse:
        context |= {"our_addresses": our_addresses(request)}
        return super().render_change_form(request, context, *arguments, **options)

    @admin.display(description="deployments waiting", ordering="waiting_count")
    def waiting(self, platform: Any) -> int:
        return int(platform.waiting_count)

    @admin.action(description="Confirm", permissions=["change"])
    def confirm_selected(self, request: HttpRequest, queryset: QuerySet[Platform]) -> None:
        for platform in queryset:
            self.log_change(request, confirm(platform), "Confirmed.")
        self.message_user(request, f"{len(queryset)} platforms may open us now.")

    @admin.action(description="Close", permissions=["change"])
    def close_selected(self, request: HttpRequest, queryset: QuerySet[Platform]) -> None:
        for platform in queryset:
            self.log_change(request, close(platform), "Closed.")
        self.message_user(request, f"{len(queryset)} platforms may not open us any more.")


class InvitationForm(ModelForm):
    """An invitation that is yet to be made."""

    class Meta:
        model = Invitation
        fields: list[str] = []
        labels = {"expires_at": "valid until"}
        help_texts = {"expires_at": "The link registers one platform, once, until then."}

    def clean_expires_at(self) -> datetime:
        expires_at: datetime = self.cleaned_data["expires_at"]
        if expires_at <= timezone.now():
            raise forms.ValidationError("This has passed already.")
        return expires_at


@admin.register(Invitation)
class InvitationAdmin(SuperusersOnly, KeepsText):
    """Links by which platforms register themselves: shown once, looked at afterwards, and taken back unused."""

    form = InvitationForm
    list_display = ["name", "state", "confirms", "expires_at", "used_at", "platform"]
    list_select_related = ["platform"]
    search_fields = ["name", "platform__name"]
    new_fields = ("name", "confirms", "expires_at")

    def get_fields(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        return (*self.new_fields, "created_at", "used_at", "platform") if obj else self.new_fields

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """An invitation is made or taken back."""
        return super().has_change_permission(request, obj) and obj is None

    def has_delete_permission(self, request: HttpRequest, obj: Invitation | None = None) -> bool:
        """Who came by a link stays known."""
        return super().has_delete_permission(request, obj) and (obj is None or obj.used_at is None)

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        usual: dict[str, Any] = {"expires_at": timezone.now() + INVITED_FOR}
        return usual | super().get_changeform_initial_data(request)

    def save_model(self, request: HttpRequest, obj: Invitation, form: Any, change: bool) -> None:
        """Make the invitation, and show its link: nothing keeps the secret."""
        made, secret = invite(name=obj.name, confirms=obj.confirms, now=timezone.now())
        Invitation.objects.filter(pk=made.pk).update(expires_at=obj.expires_at)
        obj.pk = made.pk
        obj.refresh_from_db()
        link = request.build_absolute_uri(f"/lti/register?{urlencode({'invitation': secret})}")
        messages.warning(request, f"Copy the link now, it is not shown again: {link}")

    @admin.display
    def state(self, invitation: Invitation) -> str:
        if invitation.used_at:
            return "used"
        return "can be used" if invitation.expires_at > timezone.now() else "over"


@admin.register(ToolKey)
class ToolKeyAdmin(LookedAt, SuperusersOnly):
    """Our keys, which scheduled work makes and retires. Nobody sees what is sealed."""

    list_display = ["kid", "created_at", "signs_from", "retires_at", "opens"]
    fields = readonly_fields = ("kid", "public", "created_at", "signs_from", "retires_at", "opens")

    @admin.display(boolean=True, description="can be opened under the secret key")
    def opens(self, key: ToolKey) -> bool:
        return can_be_opened(key)


@admin.register(RefusedLaunch)
class RefusedLaunchAdmin(LookedAt, SuperusersOnly):
    """Why a launch was none, found by the sign that its page showed."""

    list_display = ["trace", "platform", "reason", "created_at"]
    list_select_related = ["platform"]
    list_filter = ["platform"]
    search_fields = ["=trace", "reason"]
    fields = readonly_fields = ("trace", "platform", "reason", "created_at")
