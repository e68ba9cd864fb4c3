"""Rows of others do not exist on the desk: not in lists and forms, nor in fields, filters and searches.

Whose rows somebody finds, and what may be done with each, says the table of rights that the site has. Superusers see
everything.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from content.admin.bases import ModelAdmin
from content.rights import CONTENT, Rights


def rights_of(site: admin.AdminSite) -> Rights:
    """Return the table that a desk obeys: the one that `assessment.admin` gave to its site."""
    found: Rights = getattr(site, "rights", CONTENT)
    return found


class ScopedChoices:
    """A form, or a table in one, whose fields offer only rows that the user may see."""

    admin_site: admin.AdminSite

    def get_field_queryset(self, db: str | None, db_field: Any, request: HttpRequest) -> QuerySet[Any] | None:
        offered: QuerySet[Any] | None = super().get_field_queryset(db, db_field, request)  # type: ignore[misc]
        condition = self.choices(db_field, request)
        if condition is None:
            return offered
        every = db_field.remote_field.model._default_manager.all()
        return (every if offered is None else offered).filter(condition)

    def choices(self, db_field: Any, request: HttpRequest) -> Q | None:
        """Return the condition on what a field offers; None where it offers everything."""
        return rows_seen(self.admin_site, db_field.remote_field.model, request)


class Scoped(ScopedChoices, ModelAdmin):
    """An admin of rows that belong to somebody."""

    def rows_of(self, user: Any) -> Q:
        """Return the condition on the rows that somebody who is no superuser finds."""
        return self.rows(user, "view")

    def rows(self, user: Any, operation: str) -> Q:
        return rights_of(self.admin_site).rows(user, operation, self.model, timezone.now())

    def may(self, request: HttpRequest, operation: str, row: Model) -> bool:
        return rights_of(self.admin_site).may(request.user, operation, row, timezone.now())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset if _sees_all(request) else queryset.filter(self.rows_of(request.user))

    def has_add_permission(self, request: HttpRequest) -> bool:
        if not super().has_add_permission(request):
            return False
        return _sees_all(request) or bool(rights_of(self.admin_site).lines_of("add", self.model))

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and self._concerns(request, "change", obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_delete_permission(request, obj) and self._concerns(request, "delete", obj)

    def _concerns(self, request: HttpRequest, operation: str, row: Model | None) -> bool:
        return row is None or self.may(request, operation, row)

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [
            (entry, FilterOfSeen) if isinstance(entry, str) and _is_relation(self.model, entry) else entry
            for entry in super().get_list_filter(request)
        ]

    def get_search_fields(self, request: HttpRequest) -> Any:
        """Addresses of e-mail are no way to somebody's other rows: a search that finds them tells whose they are."""
        fields = super().get_search_fields(request)
        return fields if _sees_all(request) else [name for name in fields if name.split("__")[-1] != "email"]

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Let addresses filter by what the list's filters ask, and by rows that the user sees.

        Anything else is a question about what the user does not see, with the length of the list as its answer.
        """
        if not super().lookup_allowed(lookup, value, request):
            return False
        return _sees_all(request) or self._is_filter(lookup, value, request)

    def _is_filter(self, lookup: str, value: str, request: HttpRequest) -> bool:
        if not _is_field(self.model, lookup.split("__")[0]):
            return True  # of a filter that is a class; whatever is none is ignored
        for path in self._filtered(request):
            if lookup == path or lookup.startswith(f"{path}__"):
                return not _is_relation(self.model, path) or self._names_seen(path, lookup, value, request)
        return False

    def _filtered(self, request: HttpRequest) -> list[str]:
        """Return the fields by which the list is filtered."""
        entries = [
            entry[0] if isinstance(entry, list | tuple) else entry for entry in self.get_list_filter(request)
        ]
        return [one for one in [*entries, self.date_hierarchy] if isinstance(one, str)]

    def _names_seen(self, path: str, lookup: str, value: str, request: HttpRequest) -> bool:
        """Whether a lookup asks for one row that the user sees, or for none."""
        related: Any = get_fields_from_path(self.model, path)[-1].related_model
        ending = lookup.removeprefix(path).removeprefix("__")
        if ending == "isnull":
            return True
        if ending not in ("", "exact", "id__exact", "pk__exact"):
            return False
        condition = rows_seen(self.admin_site, related, request)
        try:
            return condition is None or related._default_manager.filter(condition, pk=value).exists()
        except (ValueError, ValidationError):
            return False


class FilterOfSeen(admin.RelatedFieldListFilter):
    """Names only the rows that the user may see."""

    def field_choices(self, field: Any, request: HttpRequest, model_admin: Any) -> Any:
        condition = rows_seen(model_admin.admin_site, field.remote_field.model, request)
        ordering = self.field_admin_ordering(field, request, model_admin)
        return field.get_choices(include_blank=False, ordering=ordering, limit_choices_to=condition)


def rows_seen(site: admin.AdminSite, model: Any, request: HttpRequest) -> Q | None:
    """Return the condition on the rows of a model that the user may see; None where that is all of them."""
    desk = site._registry.get(model)
    return None if _sees_all(request) or not isinstance(desk, Scoped) else desk.rows_of(request.user)


def account(request: HttpRequest) -> Any:
    """Return who works at the desk; its site lets nobody in without an account."""
    return request.user


def _sees_all(request: HttpRequest) -> bool:
    return bool(request.user.is_superuser)


def _is_field(model: Any, name: str) -> bool:
    try:
        model._meta.get_field(name)
    except FieldDoesNotExist:
        return False
    return True


def _is_relation(model: Any, path: str) -> bool:
    try:
        return bool(get_fields_from_path(model, path)[-1].is_relation)
    except FieldDoesNotExist:
        return False
