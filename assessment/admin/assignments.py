"""Assignments: to whom an assessment is given, when and on which terms, with the history of their changes."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest
from django.utils import timezone

from assessment.models import Assignment, AssignmentChange
from assessment.people.assignments import change_assignment
from assessment.people.oversight import written_assessments
from content.admin.bases import TabularInline
from content.admin.desk import NeverDeleted
from content.admin.scoped import Scoped, account


class ChangesInline(TabularInline):
    """What was changed, by whom and when. Nothing is added here by hand."""

    model = AssignmentChange
    fields = readonly_fields = ("created_at", "author", "told")
    extra = 0
    can_delete = False

    @admin.display(description="change")
    def told(self, change: AssignmentChange) -> str:
        return str(change)

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


@admin.register(Assignment)
class AssignmentAdmin(Scoped, NeverDeleted):
    list_display = [
        "assessment",
        "course",
        "is_open",
        "opens_at",
        "closes_at",
        "time_limit_minutes",
        "attempts",
    ]
    list_display_links = ["assessment"]
    list_select_related = ["assessment", "course"]
    list_filter = ["is_open", "course", "assessment"]
    search_fields = ["assessment__slug", "assessment__title", "course__slug", "course__title"]
    inlines = [ChangesInline]
    fieldsets = (
        (None, {"fields": ["assessment", "course"]}),
        ("When", {"fields": ["is_open", "opens_at", "closes_at", "time_limit_minutes", "exclusive"]}),
        ("Attempts and results", {"fields": ["attempts_allowed", "release", "grade_rule", "weight"]}),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(attempt_count=Count("attempts"))
        return queryset

    def choices(self, db_field: Any, request: HttpRequest) -> Q | None:
        """Offer the assessments that the user writes, and those that are given to everybody."""
        if db_field.name != "assessment" or request.user.is_superuser:
            return super().choices(db_field, request)
        own = written_assessments(account(request), timezone.now()).values("pk")
        everybodys = Assignment.objects.filter(course=None, is_open=True).values("assessment")
        return Q(pk__in=own) | Q(pk__in=everybodys, current__isnull=False, retired_at__isnull=True)

    def get_readonly_fields(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        """Attempts belong to what was given to somebody: another course gets an assignment of its own."""
        return ["assessment", "course"] if obj else []

    def get_inlines(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        return self.inlines if obj else []

    def get_form(
        self, request: HttpRequest, obj: Assignment | None = None, change: bool = False, **options: Any
    ) -> Any:
        """Only superusers give something to everybody."""
        form = super().get_form(request, obj, change, **options)
        if not request.user.is_superuser and "course" in form.base_fields:
            form.base_fields["course"].required = True
        return form

    def save_model(
        self, request: HttpRequest, obj: Assignment, form: BaseModelForm[Assignment], change: bool
    ) -> None:
        change_assignment(assignment=obj, author=account(request), now=timezone.now())

    @admin.display(ordering="attempt_count")
    def attempts(self, assignment: Any) -> int:
        return int(assignment.attempt_count)
