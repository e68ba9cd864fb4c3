"""Users, courses, enrollments and accommodations."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest
from django.urls import path
from django.utils import timezone

from assessment.admin.mastery import MASTERY
from assessment.admin.second_factor import of_others
from assessment.models import Accommodation, Course, Enrolment, User
from assessment.models.people import Role
from assessment.people.oversight import overseen_assessments, overseen_courses, overseen_users
from assessment.recording.arranging import reach_attempts
from content.admin.bases import TabularInline, UserAdmin
from content.admin.desk import Desk, KeepsSlug, KeepsText
from content.admin.scoped import Scoped, ScopedChoices, account
from content.models import Lesson


class NamedUser(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes none when it runs
    """Somebody by the exact name: a list to choose from would show everybody to everybody."""

    widget = forms.TextInput

    def prepare_value(self, value: Any) -> Any:
        found = User.objects.filter(pk=value).first() if isinstance(value, UUID) else None
        return found.username if found else super().prepare_value(value)


class EnrolsByName(ScopedChoices):
    """Those who are no superusers enroll people whose names they know."""

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **options: Any) -> Any:
        if db_field.name == "user" and not request.user.is_superuser:
            people = User.objects.filter(is_guest=False)
            return NamedUser(people, to_field_name="username", help_text="The exact name of the account.")
        return super().formfield_for_foreignkey(db_field, request, **options)  # type: ignore[misc]  # a mixin


class EnrolmentInline(EnrolsByName, TabularInline):
    model = Enrolment
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(User)
class UserDesk(Scoped, UserAdmin):
    list_display = ("username", "first_name", "last_name", "email", "is_staff", "is_guest", "date_joined")
    list_filter = ("is_guest", "is_staff", "is_superuser", "is_active", "groups", "courses")
    date_hierarchy = "date_joined"
    readonly_fields = ("is_guest", "last_login", "date_joined")
    told = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("Since", {"fields": ("is_guest", "date_joined", "last_login")}),
    )

    def rows_of(self, user: Any) -> Q:
        return overseen_users(user, timezone.now())

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Those who may only look see who it is, and nothing of passwords and permissions."""
        if obj is not None and not self.has_change_permission(request, obj):
            return self.told
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


@admin.register(Course)
class CourseAdmin(Scoped, KeepsSlug, Desk):
    list_display = ["title", "slug", "learners", "instructors"]
    ordering = ["title"]
    search_fields = ["title", "slug"]
    list_filter = ["lessons"]
    prepopulated_fields = {"slug": ["title"]}
    filter_horizontal = ["lessons"]
    inlines = [EnrolmentInline]
    pages = [MASTERY]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(
                learner_count=Count("enrolments", filter=Q(enrolments__role=Role.LEARNER), distinct=True),
                instructor_count=Count(
                    "enrolments", filter=Q(enrolments__role=Role.INSTRUCTOR), distinct=True
                ),
            )
        )
        return queryset

    def rows_of(self, user: Any) -> Q:
        return Q(pk__in=overseen_courses(user, timezone.now()).values("pk"))

    def choices(self, db_field: Any, request: HttpRequest) -> Q | None:
        """Offer all that is free to read; of premium lessons only one's own and those that the courses have."""
        condition = super().choices(db_field, request)
        if condition is None or db_field.name != "lessons":
            return condition
        taught = Lesson.objects.filter(courses__in=overseen_courses(account(request), timezone.now()))
        return condition | Q(pk__in=taught.values("pk")) | Q(premium=False, current__isnull=False)

    def save_model(self, request: HttpRequest, obj: Course, form: Any, change: bool) -> None:
        """Save, and let who makes a course teach it."""
        super().save_model(request, obj, form, change)
        if not change and not request.user.is_superuser:
            Enrolment.objects.create(course=obj, user=account(request), role=Role.INSTRUCTOR)

    @admin.display(ordering="learner_count")
    def learners(self, course: Any) -> int:
        return int(course.learner_count)

    @admin.display(ordering="instructor_count")
    def instructors(self, course: Any) -> int:
        return int(course.instructor_count)


@admin.register(Enrolment)
class EnrolmentAdmin(EnrolsByName, Scoped, KeepsText):
    list_display = ["user", "course", "role", "ends_at"]
    list_select_related = ["user", "course"]
    list_filter = ["role", "course", "ends_at"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "user__email", "course__title"]
    autocomplete_fields = ["user", "course"]

    def rows_of(self, user: Any) -> Q:
        return Q(course__in=overseen_courses(user, timezone.now()).values("pk"))


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
        "closes_at",
        "reason",
    ]
    list_select_related = ["user", "assessment"]
    list_filter = ["assessment", "user__courses"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "reason"]
    autocomplete_fields = ["user", "assessment"]

    def rows_of(self, user: Any) -> Q:
        """Those of the user's learners, in the user's assessments or in all."""
        now = timezone.now()
        people = User.objects.filter(overseen_users(user, now)).values("pk")
        here = Q(assessment__in=overseen_assessments(user, now).values("pk"))
        return Q(here | Q(assessment__isnull=True), user__in=people)

    def save_model(self, request: HttpRequest, obj: Accommodation, form: Any, change: bool) -> None:
        """Save, and let it reach the attempts that run."""
        super().save_model(request, obj, form, change)
        reached = reach_attempts(users=[obj.user], author=account(request), now=timezone.now())
        for attempt in reached:
            self.message_user(request, f"{attempt} has more time, or more tries, now.")

    def has_change_permission(self, request: HttpRequest, obj: Accommodation | None = None) -> bool:
        return super().has_change_permission(request, obj) and _concerns_one_course(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Accommodation | None = None) -> bool:
        return super().has_delete_permission(request, obj) and _concerns_one_course(request, obj)

    def get_form(
        self, request: HttpRequest, obj: Accommodation | None = None, change: bool = False, **options: Any
    ) -> Any:
        """What holds in every assessment, also in other courses, is arranged by superusers."""
        form = super().get_form(request, obj, change, **options)
        if not request.user.is_superuser and "assessment" in form.base_fields:
            form.base_fields["assessment"].required = True
        return form


def _concerns_one_course(request: HttpRequest, arranged: Accommodation | None) -> bool:
    return bool(request.user.is_superuser) or arranged is None or arranged.assessment_id is not None
