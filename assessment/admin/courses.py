"""Courses: what they have, who is in them, and the pages from which a course is run."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest
from django.utils import timezone

from assessment.admin.mastery import MASTERY
from assessment.admin.people import EnrolmentInline
from assessment.models import Course, Enrolment
from assessment.models.people import Role
from assessment.people.oversight import overseen_courses
from content.admin.desk import Desk, KeepsSlug
from content.admin.scoped import Scoped, account
from content.models import Lesson


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
