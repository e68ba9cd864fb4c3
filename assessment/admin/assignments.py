"""Assignments: to whom an assessment is given, when and on which terms, with the history of their changes."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest
from django.utils import timezone

from assessment.admin.clocks import clock_of, course_named, rendered, told
from assessment.admin.course_pages import givable
from assessment.admin.people import NamesSections
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
class AssignmentAdmin(NamesSections, Scoped, NeverDeleted):
    list_display = [
        "assessment",
        "course",
        "section",
        "is_open",
        "opens",
        "closes",
        "time_limit_minutes",
        "attempts",
    ]
    list_display_links = ["assessment"]
    list_select_related = ["assessment", "course", "section"]
    list_filter = ["is_open", "course", "assessment"]
    search_fields = ["assessment__slug", "assessment__title", "course__slug", "course__title"]
    inlines = [ChangesInline]
    fieldsets = (
        (None, {"fields": ["assessment", "course", "section"]}),
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
        return Q(pk__in=own) | Q(pk__in=givable(account(request), timezone.now()).values("pk"))

    def get_readonly_fields(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        """Attempts belong to what was given to somebody: another course gets an assignment of its own."""
        return ["assessment", "course", "section"] if obj else []

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Read and show dates by the clock of the course, the site's where there is none."""
        row = self.get_object(request, object_id) if object_id else None
        named = request.POST.get("course") or request.GET.get("course")
        course = row.course if row else course_named(named)
        with timezone.override(ZoneInfo(clock_of(course))):
            return rendered(super().changeform_view(request, object_id, form_url, extra_context))

    def get_inlines(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        return self.inlines if obj else []

    def get_form(
        self, request: HttpRequest, obj: Assignment | None = None, change: bool = False, **options: Any
    ) -> Any:
        """Only superusers give something to everybody."""
        form = super().get_form(request, obj, change, **options)
        if not request.user.is_superuser and "course" in form.base_fields:
            form.base_fields["course"].required = True
        clock = f"By the clock of {timezone.get_current_timezone_name().replace('_', ' ')}."
        if obj is None and not request.GET.get("course"):
            clock = "By the clock of the course that is chosen above."
        for name in ("opens_at", "closes_at"):
            if name in form.base_fields:
                form.base_fields[name].help_text = clock
        return form

    def save_model(
        self, request: HttpRequest, obj: Assignment, form: BaseModelForm[Assignment], change: bool
    ) -> None:
        change_assignment(assignment=obj, author=account(request), now=timezone.now())

    @admin.display(ordering="opens_at")
    def opens(self, given: Assignment) -> str:
        return told(given.opens_at, clock_of(given.course), "at once")

    @admin.display(ordering="closes_at")
    def closes(self, given: Assignment) -> str:
        return told(given.closes_at, clock_of(given.course), "never")

    @admin.display(ordering="attempt_count")
    def attempts(self, assignment: Any) -> int:
        return int(assignment.attempt_count)
