"""Keys for machines, on the admin's desk: made once, shown once, replaced or revoked at will."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils import timezone

from api.models import ApiKey, Scope
from assessment.admin.platforms import SuperusersOnly
from content.admin.bases import ModelForm


class ApiKeyForm(ModelForm):
    scopes = forms.MultipleChoiceField(choices=Scope.choices, widget=forms.CheckboxSelectMultiple)

    class Meta:
        model = ApiKey
        fields = ["name", "owner", "scopes", "expires_at"]


@admin.register(ApiKey)
class ApiKeyAdmin(SuperusersOnly):
    form = ApiKeyForm
    list_display = ["name", "owner", "prefix", "created_at", "last_used_at", "expires_at", "revoked_at"]
    list_filter = ["revoked_at"]
    search_fields = ["name", "prefix", "owner__username"]
    raw_id_fields = ["owner"]
    readonly_fields = ["prefix", "created_at", "last_used_at", "revoked_at"]
    actions = ["replace", "revoke"]

    def get_readonly_fields(self, request: HttpRequest, obj: ApiKey | None = None) -> list[str]:
        """A key that exists keeps its owner: it would speak for somebody who never asked for it."""
        return [*self.readonly_fields, "owner"] if obj else self.readonly_fields

    def save_model(self, request: HttpRequest, obj: ApiKey, form: object, change: bool) -> None:
        if not change:
            token = obj.issue(timezone.now())
            messages.warning(request, f"Copy the key now, it is not shown again: {token}")
        super().save_model(request, obj, form, change)

    def has_delete_permission(self, request: HttpRequest, obj: ApiKey | None = None) -> bool:
        """Keys are revoked, not deleted, so that it stays known what they were."""
        return False

    @admin.action(description="Replace the selected keys (each holds for a day more)")
    def replace(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        now = timezone.now()
        for key in queryset.select_related("owner"):
            if not key.is_usable(now):
                messages.error(request, f"{key} has ended: make a new one.")
                continue
            successor, token = key.rotate(now)
            self.log_addition(request, successor, f"In place of {key}.")
            messages.warning(request, f"Copy the key for {key.name} now, it is not shown again: {token}")

    @admin.action(description="Revoke the selected keys")
    def revoke(self, request: HttpRequest, queryset: QuerySet[ApiKey]) -> None:
        for key in queryset:
            key.revoke(timezone.now())
            key.save(update_fields=["revoked_at"])
