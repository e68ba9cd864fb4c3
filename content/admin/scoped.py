"""Rows of others do not exist on the desk: not in lists and forms, nor in fields, filters and searches.

Superusers see everything. For everybody else ``rows_of`` is the one condition that all of these ask.
"""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.utils import get_fields_from_path
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.http import HttpRequest

from content.admin.bases import ModelAdmin


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
        """Return the condition on the rows of somebody who is no superuser."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset if _sees_all(request) else queryset.filter(self.rows_of(request.user))

    def get_list_filter(self, request: HttpRequest) -> Any:
        return [
            (entry, FilterOfSeen) if isinstance(entry, str) and _is_relation(self.model, entry) else entry
            for entry in super().get_list_filter(request)
        ]


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


def _is_relation(model: Any, path: str) -> bool:
    try:
        return bool(get_fields_from_path(model, path)[-1].is_relation)
    except FieldDoesNotExist:
        return False
