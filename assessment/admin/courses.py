"""Courses: what they have, who is in them, and the pages from which a course is run."""

from __future__ import annotations

from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.conf import settings
from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.utils.html import format_html

from assessment.admin.clocks import rendered
from assessment.admin.course_pages import ASSIGNMENTS, COPY, OVERVIEW, page_of
from assessment.admin.gradebook import GRADEBOOK, KeepsGrades
from assessment.admin.live import LIVE
from assessment.admin.mastery import MASTERY
from assessment.admin.misconceptions import MISCONCEPTIONS, MakesPractice
from assessment.admin.people import EnrolmentInline
from assessment.admin.requests import REQUESTS
from assessment.admin.roster_page import ROSTER
from assessment.models import Course
from assessment.models.people import Role
from assessment.people.courses import let_teach
from assessment.people.oversight import overseen_courses
from content.admin.bases import ModelForm
from content.admin.desk import KeepsSlug
from content.admin.scoped import Scoped, account
from content.models import Lesson


class CourseForm(ModelForm):
    """The time zone is chosen from those that there are."""

    time_zone = forms.ChoiceField(
        choices=sorted((name, name.replace("_", " ")) for name in available_timezones()),
        initial=settings.TIME_ZONE,
        help_text="The clock of the course: its dates are entered and shown by it.",
    )


@admin.register(Course)
class CourseAdmin(Scoped, KeepsSlug, KeepsGrades, MakesPractice):
    form = CourseForm
    list_display = ["overview", "slug", "learners", "instructors"]
    list_display_links = None
    fields = ["title", "slug", "time_zone", "lessons"]
    ordering = ["title"]
    search_fields = ["title", "slug"]
    list_filter = ["lessons"]
    prepopulated_fields = {"slug": ["title"]}
    filter_horizontal = ["lessons"]
    inlines = [EnrolmentInline]
    pages = [OVERVIEW, ROSTER, ASSIGNMENTS, GRADEBOOK, LIVE, REQUESTS, MISCONCEPTIONS, MASTERY, COPY]

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

    def choices(self, db_field: Any, request: HttpRequest) -> Q | None:
        """Offer all that is free to read; of premium lessons only one's own and those that the courses have."""
        condition = super().choices(db_field, request)
        if condition is None or db_field.name != "lessons":
            return condition
        taught = Lesson.objects.filter(courses__in=overseen_courses(account(request), timezone.now()))
        return condition | Q(pk__in=taught.values("pk")) | Q(premium=False, current__isnull=False)

    def get_inlines(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        """Offer a few people for a new course; who is in it later stands on its own page, however many they are."""
        return [] if obj else self.inlines

    def show(self, request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
        """Show a page, and read what is entered there, by the clock of the course."""
        course = self._row(request, pk)
        assert isinstance(course, Course)
        with timezone.override(ZoneInfo(course.time_zone)):
            return rendered(super().show(request, pk, name))

    def response_add(self, request: HttpRequest, obj: Course, post_url_continue: str | None = None) -> Any:
        """Go to the course, where it says what comes next."""
        usual = super().response_add(request, obj, post_url_continue)
        asks_for_more = {"_addanother", "_continue", "_popup"} & set(request.POST)
        return usual if asks_for_more else HttpResponseRedirect(page_of(obj, "overview"))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Save, and let whoever makes a course teach it."""
        super().save_related(request, form, formsets, change)
        if not change:
            let_teach(course=form.instance, user=account(request))

    @admin.display(description="course", ordering="title")
    def overview(self, course: Course) -> str:
        return format_html('<a href="{}">{}</a>', page_of(course, "overview"), course.title)

    @admin.display(ordering="learner_count")
    def learners(self, course: Any) -> int:
        return int(course.learner_count)

    @admin.display(ordering="instructor_count")
    def instructors(self, course: Any) -> int:
        return int(course.instructor_count)
