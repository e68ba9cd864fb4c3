"""The page on which an assessment is given to a course, beside what it is given to already."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone

from assessment.admin.clocks import clock_of, course_named, told
from assessment.admin.course_pages import TermsForm, givable
from assessment.models import Assessment, Assignment, Course, Section
from assessment.people.assignments import change_assignment
from assessment.people.oversight import overseen_assignments, overseen_courses
from content.admin.desk import Page
from content.admin.scoped import account
from content.authoring import AuthoringError


class NamesCourse(forms.ModelChoiceField):  # type: ignore[type-arg]  # takes none when it runs
    """Sections are told with their courses."""

    def label_from_instance(self, section: Any) -> str:
        return f"{section.course}: {section}"


class GiveToForm(TermsForm):
    """A course for the assessment. It begins with how the assessment is usually given."""

    field_order = ("course", "section")
    course = forms.ModelChoiceField(Course.objects.none(), empty_label="Choose one")
    section = NamesCourse(
        Section.objects.none(),
        required=False,
        empty_label="Everybody in the course",
        label="For",
        help_text="A section can have dates of its own.",
    )

    def __init__(self, assessment: Assessment, user: Any, data: Any = None) -> None:
        usual = assessment.definition.usual
        initial = {
            "time_limit_minutes": usual.time_limit_minutes,
            "attempts_allowed": usual.attempts_allowed,
        }
        super().__init__(data, initial=initial)
        self.assessment = assessment
        course, section = self.fields["course"], self.fields["section"]
        assert isinstance(course, forms.ModelChoiceField)
        assert isinstance(section, forms.ModelChoiceField)
        courses = overseen_courses(user, timezone.now())
        course.queryset = courses.order_by("title")
        section.queryset = Section.objects.filter(course__in=courses).select_related("course")
        if courses.count() == 1:
            course.initial = courses.get()
        for name in ("opens_at", "closes_at"):
            self.fields[name].help_text = f"{self.fields[name].help_text} By the clock of the course."

    def clean(self) -> dict[str, Any]:
        found = super().clean() or {}
        if not self.errors:
            self.assignment = Assignment(assessment=self.assessment, **found)
            self.assignment.exclusive = self.assessment.definition.usual.exclusive
            self.check(self.assignment)
        return found


@dataclass(frozen=True, slots=True)
class Given:
    """To whom it is given already, with its dates by the clock of the course."""

    assignment: Assignment
    opens: str
    closes: str


def give(assessment: Assessment, request: HttpRequest) -> dict[str, Any] | HttpResponseRedirect:
    """Show to whom an assessment is given, and give it to one more course."""
    user, now = account(request), timezone.now()
    is_givable = givable(user, now).filter(pk=assessment.pk).exists()
    form = GiveToForm(assessment, user) if is_givable else None
    if request.method == "POST":
        if not (is_givable and request.user.has_perm("assessment.add_assignment")):
            raise PermissionDenied
        with timezone.override(ZoneInfo(clock_of(course_named(request.POST.get("course"))))):
            form = GiveToForm(assessment, user, request.POST)
            if form.is_valid() and _is_given(form, request):
                return HttpResponseRedirect(request.path)
    given = overseen_assignments(user, now).filter(assessment=assessment).select_related("course", "section")
    return {"form": form, "given": [_given(one) for one in given.order_by("course__title", "section__title")]}


GIVE: Final = Page(
    "give",
    "Give it to a course",
    "admin/assessment/give.html",
    give,
    shown=lambda assessment: assessment.current_id is not None and assessment.retired_at is None,
)


def _given(one: Assignment) -> Given:
    clock = clock_of(one.course)
    return Given(one, told(one.opens_at, clock, "at once"), told(one.closes_at, clock, "never"))


def _is_given(form: GiveToForm, request: HttpRequest) -> bool:
    try:
        change_assignment(assignment=form.assignment, author=account(request), now=timezone.now())
    except AuthoringError as fault:
        form.add_error(None, str(fault))
        return False
    messages.success(request, f"{form.assessment} is given to {form.assignment.course} now.")
    return True
