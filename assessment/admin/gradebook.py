"""The gradebook of a course at the desk: the table, its files, and the work of one learner at one assessment."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseRedirect,
    StreamingHttpResponse,
)
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone

from assessment.admin.live import minutes
from assessment.admin.work import Work
from assessment.grades.outcomes import Outcome, State
from assessment.models import Course
from assessment.results.gradebook import (
    ORDERS,
    Column,
    Row,
    all_rows_of,
    columns_of,
    learners_of,
    rows_of,
    table_of,
)
from content.admin.desk import Desk, Page
from content.admin.scoped import account
from content.sheets.files import sheet_file

LEARNERS: Final = 100
"""On one page of the table."""

MARKS: Final[Mapping[State, str]] = {
    State.TO_COME: "",
    State.NOT_BEGUN: "",
    State.OPEN: "…",
    State.WAITS: "?",
    State.DONE: "",
    State.LATE: "◷",
    State.MISSING: "✕",
    State.EXCUSED: "⊘",
}
"""Beside the word, so that states are told apart at a glance and without color."""


class FilterForm(forms.Form):
    """Which learners the table shows, and in which order. What cannot be read filters nothing."""

    search = forms.CharField(
        required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"}), label="Name"
    )
    section = forms.ChoiceField(required=False)
    order = forms.ChoiceField(
        required=False,
        label="Sorted by",
        choices=[
            ("name", "name"),
            ("-name", "name, backwards"),
            ("username", "username"),
            ("section", "section"),
        ],
    )
    left = forms.BooleanField(required=False, label="with those who left")

    def __init__(self, course: Course, *args: Any) -> None:
        super().__init__(*args)
        section: Any = self.fields["section"]
        section.choices = [("", "all"), *((str(one.pk), one.title) for one in course.sections.all())]

    def wanted(self) -> dict[str, Any]:
        """Return what `learners_of` is to be asked."""
        self.is_valid()
        found = self.cleaned_data
        return {
            "section": found.get("section") or None,
            "search": found.get("search", ""),
            "with_left": found.get("left", False),
            "order": found.get("order") if found.get("order") in ORDERS else "name",
        }


def gradebook_table(course: Course, request: HttpRequest) -> dict[str, Any]:
    """Return a page of learners by what is assigned."""
    now = timezone.now()
    chosen = FilterForm(course, request.GET)
    enrolled = learners_of(course, now, **chosen.wanted())
    page = Paginator(enrolled, LEARNERS).get_page(request.GET.get("page"))
    columns = columns_of(course)
    rows = rows_of(columns, list(page), now)
    asked = request.GET.copy()
    asked.pop("page", None)
    return {
        "columns": columns,
        "rows": [(row, _linked(course, columns, row)) for row in rows],
        "page": page,
        "chosen": chosen,
        "asked": asked.urlencode(),
        "sections": course.sections.exists(),
        "now": now,
    }


def _linked(course: Course, columns: Sequence[Column], row: Row) -> list[tuple[str, Outcome | None, str]]:
    """Return the cells of a row, each with the address of the work behind it and the mark of its state."""
    # One address of each row is looked up: of thousands of cells it would take half of the time.
    none = UUID(int=0)
    beside = reverse("admin:assessment_course_work", args=[course.pk, row.enrolment.pk, none])
    stem = beside.removesuffix(f"{none}/")
    return [
        (f"{stem}{column.assessment.pk}/", cell, MARKS[cell.state] if cell else "")
        for column, cell in zip(columns, row.cells, strict=True)
    ]


GRADEBOOK: Final = Page("gradebook", "Gradebook", "admin/assessment/gradebook.html", gradebook_table)


class KeepsGrades(Desk):
    """The desk of courses: with files of grades, pages of one learner's work, and more time for many."""

    def get_urls(self) -> list[URLPattern]:
        wrap = self.admin_site.admin_view
        return [
            path(
                "<uuid:pk>/gradebook/<slug:form>/", wrap(self.grade_file), name="assessment_course_grade_file"
            ),
            path(
                "<uuid:pk>/gradebook/<uuid:enrolment>/<uuid:assessment>/",
                wrap(self.work),
                name="assessment_course_work",
            ),
            path(
                "<uuid:pk>/live/<uuid:assignment>/minutes/",
                wrap(self.minutes),
                name="assessment_course_minutes",
            ),
            *super().get_urls(),
        ]

    def grade_file(self, request: HttpRequest, pk: UUID, form: str) -> StreamingHttpResponse:
        """Send the gradebook as a file, of the learners whom the page shows."""
        course, now = self.course(request, pk), timezone.now()
        columns = columns_of(course)
        enrolled = list(learners_of(course, now, **FilterForm(course, request.GET).wanted()))
        table = table_of(columns, all_rows_of(columns, enrolled, now), with_points="points" in request.GET)
        found = sheet_file(form, table, zone=ZoneInfo(course.time_zone), title=course.title)
        if found is None:
            raise Http404
        headers = {"Content-Disposition": f'attachment; filename="grades-{course.slug}.{form}"'}
        return StreamingHttpResponse(found.content, content_type=found.kind, headers=headers)

    def work(self, request: HttpRequest, pk: UUID, enrolment: UUID, assessment: UUID) -> HttpResponseBase:
        """Show the attempts of a learner at an assessment, and do with them what a form says."""
        course = self.course(request, pk, changes=request.method == "POST")
        with timezone.override(ZoneInfo(course.time_zone)):
            work = Work.of(course, enrolment, assessment, timezone.now())
            if work is None:
                raise Http404
            if request.method == "POST" and (done := work.do(request.POST, account(request))):
                messages.success(request, done)
                return HttpResponseRedirect(request.get_full_path())
            return self.page(request, course, "admin/assessment/work.html", work.context())

    def minutes(self, request: HttpRequest, pk: UUID, assignment: UUID) -> HttpResponseBase:
        """Give more time to some who work at an assignment, or to all."""
        course = self.course(request, pk, changes=True)
        if request.method != "POST":
            raise Http404
        with timezone.override(ZoneInfo(course.time_zone)):
            found = minutes(course, assignment, request)
            if isinstance(found, HttpResponse):
                return found
            return self.page(request, course, "admin/assessment/live.html", found)

    def course(self, request: HttpRequest, pk: UUID, *, changes: bool = False) -> Course:
        """Return a course of whoever asks. Raises Http404, or PermissionDenied."""
        row = self._row(request, pk)
        may = self.has_change_permission if changes else self.has_view_permission
        if not may(request, row):
            raise PermissionDenied
        if not isinstance(row, Course):
            raise TypeError(f"{row} is no course")
        return row

    def page(
        self, request: HttpRequest, course: Course, template: str, context: Mapping[str, Any]
    ) -> HttpResponse:
        frame = {**self.admin_site.each_context(request), "opts": self.opts, "original": course}
        # While the zone of the course is current.
        return TemplateResponse(request, template, {**frame, **context}).render()
