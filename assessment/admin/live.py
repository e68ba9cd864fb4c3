"""The live view of an assignment at the desk: who is where, and more time for some or for all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from assessment.admin.grade_forms import MinutesForm
from assessment.errors import ActionRefused
from assessment.models import Assignment, Attempt, Course, Enrolment
from assessment.models.attempts import AttemptState
from assessment.recording.arranging import add_minutes
from assessment.results.gradebook import Column, columns_of, learners_of
from assessment.results.live import SEAT_WORDS, counted, watch
from content.admin.desk import Page
from content.admin.scoped import account

LEARNERS: Final = 200
"""On one page, which is read again every few seconds."""


def live_table(course: Course, request: HttpRequest) -> dict[str, Any]:
    """Return who is where at the assignment that is asked for, or at the one that most are working at."""
    now = timezone.now()
    columns = columns_of(course)
    given = [one for column in columns for one in column.assignments]
    assignment = _asked(given, request.GET.get("assignment"), now)
    if assignment is None:
        return {"given": given, "assignment": None, "now": now}
    return _context(course, columns, given, assignment, request, now, None)


def minutes(course: Course, assignment_id: UUID, request: HttpRequest) -> HttpResponse | dict[str, Any]:
    """Give minutes as a form says and go back to the page, or return what the page shows with what is wrong."""
    now = timezone.now()
    columns = columns_of(course)
    given = [one for column in columns for one in column.assignments]
    assignment = next((one for one in given if one.pk == assignment_id), None)
    if assignment is None:
        raise Http404
    form = _form(course, request.POST)
    if form.is_valid():
        try:
            given_to = _given(course, assignment, form, request, now)
            messages.add_message(request, *_told(given_to, form.cleaned_data["minutes"]))
            return HttpResponseRedirect(_address(course, assignment, request))
        except ActionRefused as error:
            form.add_error(None, str(error))
    return _context(course, columns, given, assignment, request, now, form)


LIVE: Final = Page("live", "Live", "admin/assessment/live.html", live_table)


def _given(
    course: Course, assignment: Assignment, form: MinutesForm, request: HttpRequest, now: datetime
) -> int:
    entered = form.cleaned_data
    people = Enrolment.objects.filter(course=course)
    if entered["whom"] == "chosen":
        people = people.filter(user__in=entered["learner"])
    elif entered["whom"] != "all":
        people = people.filter(section=entered["whom"])
    more = add_minutes(
        assignment=assignment,
        users=list(people.values_list("user", flat=True)),
        minutes=entered["minutes"],
        reason=entered["reason"],
        author=account(request),
        now=now,
    )
    return len(more)


def _told(given_to: int, minutes: int) -> tuple[int, str]:
    """Return how it went, as messages take it."""
    if given_to == 0:
        return messages.WARNING, (
            "Nobody got more time: none of them is working against a deadline now, or it was given just before."
        )
    have = "attempts have" if given_to > 1 else "attempt has"
    return messages.SUCCESS, f"{given_to} {have} {minutes} minutes more."


def _context(
    course: Course,
    columns: Sequence[Column],
    given: Sequence[Assignment],
    assignment: Assignment,
    request: HttpRequest,
    now: datetime,
    form: MinutesForm | None,
) -> dict[str, Any]:
    section = request.GET.get("section", "")
    sections = list(course.sections.all())
    known = section if section in {str(one.pk) for one in sections} else None
    column = next(one for one in columns if assignment in one.assignments)
    enrolled = list(learners_of(course, now, section=UUID(known) if known else None))
    seen = watch(assignment, column, enrolled, now)
    page = Paginator(seen, LEARNERS).get_page(request.GET.get("page"))
    bound = form or _form(course, None, learners=[one.user_id for one in enrolled])
    return {
        "title": f"Live: {assignment.assessment.title}",
        "given": given,
        "assignment": assignment,
        "column": column,
        "sections": sections,
        "section": known or "",
        "seen": page,
        "counts": [(SEAT_WORDS[seat], number) for seat, number in counted(seen).items() if number],
        "form": bound,
        "ticked": _ticked(bound),
        "source": _address(course, assignment, request),
        "now": now,
    }


def _form(course: Course, entered: Any, learners: Sequence[UUID] | None = None) -> MinutesForm:
    if learners is None:
        learners = list(Enrolment.objects.filter(course=course).values_list("user", flat=True))
    initial = {"minutes": 10, "whom": "all"}
    return MinutesForm(entered, sections=course.sections.all(), learners=learners, initial=initial)


def _ticked(form: forms.Form) -> set[str]:
    data: Any = form.data
    return set(data.getlist("learner")) if form.is_bound else set()


def _address(course: Course, assignment: Assignment, request: HttpRequest) -> str:
    kept = {name: request.GET[name] for name in ("section", "page") if request.GET.get(name)}
    page = reverse("admin:assessment_course_page", args=[course.pk, "live"])
    return f"{page}?{urlencode({'assignment': str(assignment.pk), **kept})}"


def _asked(given: Sequence[Assignment], wanted: str | None, now: datetime) -> Assignment | None:
    """Return the assignment that is named; else one at which somebody works, then one that is open."""
    if named := next((one for one in given if str(one.pk) == wanted), None):
        return named
    working = Attempt.objects.filter(assignment__in=given, state=AttemptState.OPEN).order_by("-started_at")
    latest = working.values_list("assignment", flat=True).first()
    if at_work := next((one for one in given if one.pk == latest), None):
        return at_work
    is_open = (one for one in given if not one.closes_at or one.closes_at > now)
    return next(is_open, given[0] if given else None)
