"""Users, courses, enrolments and accommodations."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest

from assessment.admin.mastery import MASTERY
from assessment.models import Accommodation, Course, Enrolment, User
from assessment.models.people import Role
from content.admin.bases import ModelAdmin, TabularInline, UserAdmin
from content.admin.desk import Desk, KeepsSlug


class EnrolmentInline(TabularInline):
    model = Enrolment
    autocomplete_fields = ("user",)
    extra = 0


@admin.register(User)
class UserDesk(UserAdmin):
    list_display = ("username", "first_name", "last_name", "email", "is_staff", "is_guest", "date_joined")
    list_filter = ("is_guest", "is_staff", "is_superuser", "is_active", "groups", "courses")
    date_hierarchy = "date_joined"
    readonly_fields = ("is_guest", "last_login", "date_joined")
    told = (
        (None, {"fields": ("username", "first_name", "last_name", "email")}),
        ("Since", {"fields": ("is_guest", "date_joined", "last_login")}),
    )

    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        """Those who may only look see who it is, and nothing of passwords and permissions."""
        if obj is not None and not self.has_change_permission(request, obj):
            return self.told
        return super().get_fieldsets(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """Accounts are closed (not active), not deleted: what was answered keeps its learner."""
        return False


@admin.register(Course)
class CourseAdmin(KeepsSlug, Desk):
    list_display = ["title", "slug", "learners", "instructors"]
    search_fields = ["title", "slug"]
    list_filter = ["lessons"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["lessons"]
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

    @admin.display(ordering="learner_count")
    def learners(self, course: Any) -> int:
        return int(course.learner_count)

    @admin.display(ordering="instructor_count")
    def instructors(self, course: Any) -> int:
        return int(course.instructor_count)


@admin.register(Enrolment)
class EnrolmentAdmin(ModelAdmin):
    list_display = ["user", "course", "role", "ends_at"]
    list_select_related = ["user", "course"]
    list_filter = ["role", "course", "ends_at"]
    search_fields = ["user__username", "user__first_name", "user__last_name", "user__email", "course__title"]
    autocomplete_fields = ["user", "course"]


@admin.register(Accommodation)
class AccommodationAdmin(ModelAdmin):
    list_display = ["learner", "assessment", "time_factor", "extra_attempts", "closes_at", "reason"]
    list_select_related = ["learner", "assessment"]
    list_filter = ["assessment", "learner__courses"]
    search_fields = ["learner__username", "learner__first_name", "learner__last_name", "reason"]
    autocomplete_fields = ["learner", "assessment"]
