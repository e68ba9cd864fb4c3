"""The pages from which a course is run: what goes on, what is given when, and its copy for the next term."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Count, Q, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from assessment.models import Assessment, Assignment, Course, Section
from assessment.models.attempts import AttemptState
from assessment.models.people import Role
from assessment.people.assignments import MOST_DAYS, change_assignment, shift_assignments
from assessment.people.copying import copy_course, first_day, preview_copy
from assessment.people.courses import clear_join_code, set_join_code
from assessment.people.oversight import written_assessments
from assessment.rules.definition import MOST
from content.admin.desk import Page
from content.admin.scoped import account
from content.authoring import AuthoringError
from content.expressions.exact import UnusableNumber, whole

Shown = dict[str, Any] | HttpResponseRedirect
"""What a page shows, or where it leads after something was done."""


def page_of(course: Course, name: str) -> str:
    """Return the address of a course's page."""
    return reverse("admin:assessment_course_page", args=[course.pk, name])


def require_change(request: HttpRequest) -> None:
    """Raises PermissionDenied for somebody who may look at courses and not change them."""
    if not request.user.has_perm("assessment.change_course"):
        raise PermissionDenied


# What goes on


@dataclass(frozen=True, slots=True)
class Running:
    """An assignment with how many learners have begun and ended it, of how many."""

    assignment: Assignment
    begun: int
    ended: int


def overview(course: Course, request: HttpRequest) -> Shown:
    if request.method == "POST":
        return _code_changed(course, request)
    now = timezone.now()
    given = list(_counted(course))
    running = [one for one in given if one.is_given and _has_opened(one, now) and not one.is_over(now)]
    coming = [one for one in given if one.is_given and not _has_opened(one, now)]
    active = course.enrolments.active(now)
    return {
        "running": [_running(one) for one in sorted(running, key=_by_closing)],
        "coming": sorted(coming, key=lambda one: one.opens_at or now),
        "assignment_count": len(given),
        "counts": {role: active.filter(role=role).count() for role in Role.values},
        "section_count": course.sections.count(),
        "join_link": request.build_absolute_uri(f"/join/{course.join_code}") if course.join_code else "",
        "learner_link": request.build_absolute_uri(f"/courses/{course.pk}"),
    }


def _counted(course: Course) -> QuerySet[Any]:
    found = course.assignments.select_related("assessment", "section")
    ended = ~Q(attempts__state=AttemptState.OPEN) & Q(attempts__isnull=False)
    return found.annotate(
        begun=Count("attempts__learner", filter=Q(attempts__is_void=False), distinct=True),
        ended=Count("attempts__learner", filter=ended & Q(attempts__is_void=False), distinct=True),
    )


def _has_opened(given: Assignment, now: datetime) -> bool:
    return given.opens_at is None or given.opens_at <= now


def _by_closing(given: Assignment) -> tuple[bool, float]:
    return given.closes_at is None, given.closes_at.timestamp() if given.closes_at else 0.0


def _running(given: Any) -> Running:
    return Running(given, given.begun, given.ended)


def _code_changed(course: Course, request: HttpRequest) -> HttpResponseRedirect:
    require_change(request)
    if request.POST.get("do") == "end-code":
        clear_join_code(course=course)
        messages.success(request, "Nobody can join by a link any more. Whoever has joined stays.")
    else:
        set_join_code(course=course)
        messages.success(request, "There is a new link to join. One that was given out before works no more.")
    return HttpResponseRedirect(page_of(course, "overview"))


# What is given, and when


class Moment(forms.DateTimeInput):
    """A date with a time, by the browser's own picker."""

    input_type = "datetime-local"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%dT%H:%M")


class TermsForm(forms.Form):
    """When and how often something is taken. Dates are by the clock that is in force."""

    opens_at = forms.DateTimeField(
        required=False, widget=Moment(), label="Opens", help_text="Empty: at once."
    )
    closes_at = forms.DateTimeField(
        required=False, widget=Moment(), label="Closes", help_text="Empty: never."
    )
    time_limit_minutes = forms.IntegerField(
        required=False, min_value=1, max_value=MOST, label="Minutes", help_text="Empty: no time limit."
    )
    attempts_allowed = forms.IntegerField(
        required=False, min_value=1, max_value=MOST, label="Attempts", help_text="Empty: any number."
    )

    def check(self, assignment: Assignment) -> None:
        """Say at its field what an assignment's own rules refuse."""
        try:
            assignment.full_clean()
        except ValidationError as fault:
            for field, errors in fault.error_dict.items():
                self.add_error(field if field in self.fields else None, ValidationError(errors))


class GiveForm(TermsForm):
    """An assessment for the course, on terms of its own. The clock is that of the course."""

    field_order = ("assessment", "section")
    assessment = forms.ModelChoiceField(Assessment.objects.none(), empty_label="Choose one")
    section = forms.ModelChoiceField(
        Section.objects.none(), required=False, empty_label="Everybody in the course", label="For"
    )

    def __init__(self, course: Course, user: Any, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.course = course
        assessments, sections = self.fields["assessment"], self.fields["section"]
        assert isinstance(assessments, forms.ModelChoiceField)
        assert isinstance(sections, forms.ModelChoiceField)
        assessments.queryset = givable(user, timezone.now())
        sections.queryset = course.sections.all()

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            self.assignment = Assignment(course=self.course, **found)
            self.assignment.exclusive = found["assessment"].definition.usual.exclusive
            self.check(self.assignment)
        return found


def givable(user: Any, now: datetime) -> QuerySet[Assessment]:
    """Return what somebody may give to a course: what the user writes, and what is given to everybody."""
    ready = Assessment.objects.filter(current__isnull=False, retired_at__isnull=True)
    if user.is_superuser:
        return ready.order_by("title")
    own = written_assessments(user, now).values("pk")
    everybodys = Assignment.objects.filter(course=None, is_open=True).values("assessment")
    return ready.filter(Q(pk__in=own) | Q(pk__in=everybodys)).order_by("title")


def assignments(course: Course, request: HttpRequest) -> Shown:
    form = GiveForm(course, account(request))
    if request.method == "POST":
        require_change(request)
        if request.POST.get("do") == "shift":
            return _shifted(course, request)
        form = GiveForm(course, account(request), request.POST)
        if form.is_valid() and _is_given(form, request):
            return HttpResponseRedirect(page_of(course, "assignments"))
    return {
        "assignments": sorted(_counted(course), key=_by_date),
        "form": form,
        "most_days": MOST_DAYS,
        "now": timezone.now(),
    }


def _by_date(given: Assignment) -> tuple[bool, float, str]:
    moment = given.opens_at or given.closes_at
    return moment is None, moment.timestamp() if moment else 0.0, given.assessment.title


def _is_given(form: GiveForm, request: HttpRequest) -> bool:
    try:
        change_assignment(assignment=form.assignment, author=account(request), now=timezone.now())
    except AuthoringError as fault:
        form.add_error(None, str(fault))
        return False
    messages.success(request, f"{form.assignment.assessment} is given now.")
    return True


def _shifted(course: Course, request: HttpRequest) -> HttpResponseRedirect:
    days, chosen = _whole(request.POST.get("days", "")), request.POST.getlist("assignment")
    back = HttpResponseRedirect(page_of(course, "assignments"))
    if not days or abs(days) > MOST_DAYS:
        messages.error(request, f"Say by how many days: 1 to {MOST_DAYS}, or less than 0 for earlier.")
        return back
    own = [one.pk for one in course.assignments.all() if str(one.pk) in chosen]
    moved = shift_assignments(
        course=course, assignments=own, days=days, author=account(request), now=timezone.now()
    )
    if moved:
        messages.success(request, f"{len(moved)} moved by {days} days. Attempts under way keep their end.")
    else:
        messages.warning(request, "Nothing was moved: choose some that have dates.")
    return back


def _whole(text: str) -> int:
    try:
        return whole(text) if len(text) < 8 else 0
    except UnusableNumber:
        return 0


# The next term


class CopyForm(forms.Form):
    title = forms.CharField(max_length=200)
    slug = forms.CharField(
        max_length=100, help_text="A short name in small letters, digits and hyphens, as optics-2027."
    )
    starts_on = forms.DateField(
        label="First day",
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text="The first date of the course moves here, and all others by as many days.",
    )


def copy_page(course: Course, request: HttpRequest) -> Shown:
    first = first_day(course)
    form = CopyForm(initial={"title": course.title, "starts_on": _next_year(first)})
    days = None
    if request.method == "POST":
        require_change(request)
        form = CopyForm(request.POST)
        if form.is_valid():
            days = (form.cleaned_data["starts_on"] - first).days if first else 0
            if made := _copied(course, form, days, request):
                return HttpResponseRedirect(page_of(made, "overview"))
    return {"form": form, "first_day": first, "days": days, "preview": _preview(course, form, days)}


def _next_year(first: date | None) -> date:
    """Return the same weekday a year later."""
    return (first or timezone.localdate()) + timedelta(days=364)


def _preview(course: Course, form: CopyForm, days: int | None) -> Sequence[Any]:
    try:
        return preview_copy(course, days) if days is not None else []
    except ValidationError as fault:
        form.add_error("starts_on", fault.messages)
        return []


def _copied(course: Course, form: CopyForm, days: int, request: HttpRequest) -> Course | None:
    """Copy the course where that was asked for; None where it was not, or something is at fault."""
    if request.POST.get("do") != "copy":
        return None
    try:
        made = copy_course(
            course=course,
            title=form.cleaned_data["title"],
            slug=form.cleaned_data["slug"],
            days=days,
            author=account(request),
            now=timezone.now(),
        )
    except ValidationError as fault:
        for field, said in fault.message_dict.items():
            form.add_error(field if field in form.fields else "starts_on", said)
        return None
    messages.success(request, "The copy is there. Nobody is in it yet but you.")
    return made


OVERVIEW: Final = Page("overview", "Overview", "admin/assessment/course_overview.html", overview)
ASSIGNMENTS: Final = Page(
    "assignments", "Assignments", "admin/assessment/course_assignments.html", assignments
)
COPY: Final = Page("copy", "Copy", "admin/assessment/course_copy.html", copy_page)
