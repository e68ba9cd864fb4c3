"""Users, enrollments and accommodations."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import admin
from django.db.models import Case, F, Model, Q, QuerySet, Value, When
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone

from assessment.admin.clocks import clock_of_arrangement, rendered, told
from assessment.admin.second_factor import of_others
from assessment.models import Accommodation, Enrolment, User
from assessment.people.oversight import overseen_courses
from assessment.recording.arranging import reach_attempts
from content.admin.bases import TabularInline, UserAdmin
from content.admin.desk import KeepsText
from content.admin.scoped import Scoped, ScopedChoices, account


class NamedUser(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes none when it runs
    """Somebody by the exact name: a list to choose from would show everybody to everybody."""

    widget = forms.TextInput

    def prepare_value(self, value: Any) -> Any:
        found = User.objects.filter(pk=value).first() if isinstance(value, UUID) else None
        return found.username if found else super().prepare_value(value)


class NamesSections(ScopedChoices):
    """Sections are told with their courses, and only those of courses that the user oversees."""

    def choices(self, db_field: Any, request: HttpRequest) -> Q | None:
        if db_field.name != "section" or request.user.is_superuser:
            return super().choices(db_field, request)
        return Q(course__in=overseen_courses(account(request), timezone.now()))

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        field = super().formfield_for_foreignkey(db_field, request, **options)  # type: ignore[misc]  # a mixin
        if db_field.name == "section" and field is not None:
            field.queryset = field.queryset.select_related("course")
            field.label_from_instance = lambda section: f"{section.course}: {section}"
        return field


class EnrolsByName(NamesSections):
    """Those who are no superusers enroll people whose names they know."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "user" and not request.user.is_superuser:
            people = User.objects.filter(is_guest=False)
            return NamedUser(people, to_field_name="username", help_text="The exact name of the account.")
        return super().formfield_for_foreignkey(db_field, request, **options)


class EnrolmentInline(EnrolsByName, TabularInline):
    model = Enrolment
    fields = ("user", "role", "ends_at")
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(User)
class UserDesk(Scoped, UserAdmin):
    list_display = ("username", "first_name", "last_name", "address", "is_staff", "is_guest", "date_joined")
    search_fields = ("username", "first_name", "last_name", "seen_email")
    list_filter = ("is_guest", "is_staff", "is_superuser", "is_active", "groups", "courses")
    date_hierarchy = "date_joined"
    readonly_fields = ("is_guest", "last_login", "date_joined")
    told = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("Since", {"fields": ("is_guest", "date_joined", "last_login")}),
    )
    named = ((None, {"fields": ("username", "first_name", "last_name")}),)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Read addresses only where they may be seen: by what nobody sees the list neither searches nor sorts."""
        seen = When(self.rows(request.user, "see_email"), then=F("email"))
        queryset: QuerySet[Any] = (
            super().get_queryset(request).annotate(seen_email=Case(seen, default=Value("")))
        )
        return queryset

    @admin.display(description="email address", ordering="seen_email")
    def address(self, user: Any) -> str:
        return str(user.seen_email)

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Those who may only look see who it is, and nothing of passwords and permissions; of staff the name."""
        if obj is not None and not self.has_change_permission(request, obj):
            return self.told if self.may(request, "see_email", obj) else self.named
        return super().get_fieldsets(request, obj)

    def get_urls(self) -> Any:
        view = self.admin_site.admin_view(of_others)
        return [
            path("<uuid:pk>/second-factor/", view, name="assessment_user_second_factor"),
            *super().get_urls(),
        ]

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Accounts are closed (not active), not deleted: what was answered keeps its learner."""
        return False


@admin.register(Enrolment)
class EnrolmentAdmin(EnrolsByName, Scoped, KeepsText):
    list_display = ["user", "course", "section", "role", "ends_at"]
    list_select_related = ["user", "course", "section"]
    list_filter = ["role", "course", "ends_at"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "user__email", "course__title"]
    autocomplete_fields = ["user", "course"]


@admin.register(Accommodation)
class AccommodationAdmin(Scoped, KeepsText):
    list_display = [
        "user",
        "assessment",
        "time_factor",
        "extra_minutes",
        "no_limit",
        "extra_attempts",
        "tries",
        "closes",
        "reason",
    ]
    list_select_related = ["user", "assessment"]
    list_filter = ["assessment", "user__courses"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "reason"]
    autocomplete_fields = ["user", "assessment"]

    @admin.display(ordering="closes_at")
    def closes(self, arranged: Accommodation) -> str:
        if arranged.closes_at is None:
            return "as usual"
        return told(arranged.closes_at, clock_of_arrangement(arranged.user_id, arranged.assessment_id), "")

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        """Read and show the closing by the clock of the course where the assessment is given to the person."""
        row = self.get_object(request, object_id) if object_id else None
        sent = request.POST if request.method == "POST" else request.GET
        user: Any = sent.get("user") or (row and row.user_id)
        assessment: Any = sent.get("assessment") or (row and row.assessment_id)
        with timezone.override(ZoneInfo(clock_of_arrangement(user, assessment))):
            return rendered(super().changeform_view(request, object_id, form_url, extra_context))

    def save_model(self, request: HttpRequest, obj: Accommodation, form: Any, change: bool) -> None:
        """Save, and let it reach the attempts that run."""
        super().save_model(request, obj, form, change)
        reached = reach_attempts(users=[obj.user], author=account(request), now=timezone.now())
        for attempt in reached:
            self.message_user(request, f"{attempt} has more time, or more tries, now.")

    def get_form(
        self, request: HttpRequest, obj: Accommodation | None = None, change: bool = False, **options: Any
    ) -> Any:
        """What holds in every assessment, also in other courses, is arranged by superusers."""
        form = super().get_form(request, obj, change, **options)
        if not request.user.is_superuser and "assessment" in form.base_fields:
            form.base_fields["assessment"].required = True
        if "closes_at" in form.base_fields:
            form.base_fields["closes_at"].help_text = self._about_closing(obj)
        return form

    def _about_closing(self, obj: Accommodation | None) -> str:
        usual = "Instead of the assessment's own closing, by the clock of "
        if obj is None:
            return usual + "the person's course that has the assessment."
        clock = timezone.get_current_timezone_name().replace("_", " ")
        return f"{usual}{clock}."
