"""The page of a course's people: who is in it, in which section, and how they are brought from a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple
from typing import Any, Final
from urllib.parse import quote, urlencode

from django import forms
from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.utils import timezone

from assessment.admin.course_pages import Shown, page_of
from assessment.errors import LastInstructor, RosterChanged
from assessment.models import Course, Enrolment
from assessment.models.people import Role
from assessment.people.courses import add_section, end_enrolments, move_learners, rename_section
from assessment.people.invitations import AGE
from assessment.people.rosters import Imported, Person, Plan, import_roster, people_in, plan_roster
from content.admin.desk import Page
from content.admin.scoped import account
from content.sheets.reading import SheetFault, read_table
from content.sheets.writing import defused

ON_A_PAGE: Final = 100
SALT: Final = "assessment.admin.roster"
AN_HOUR: Final = 3600
LARGEST: Final = 240_000
"""Bytes of a list that is looked at first: a form takes no more."""


class AddForm(forms.Form):
    """One person, as a row of a file would name them."""

    email = forms.CharField(required=False, max_length=254, label="E-mail")
    username = forms.CharField(required=False, max_length=150)
    first_name = forms.CharField(required=False, max_length=150)
    last_name = forms.CharField(required=False, max_length=150)
    section = forms.CharField(required=False, max_length=100)
    role = forms.ChoiceField(choices=Role.choices, required=False)


def roster(course: Course, request: HttpRequest) -> Shown:
    if request.method != "POST":
        return _people(course, request)
    if not request.user.has_perm("assessment.change_enrolment"):
        raise PermissionDenied
    act = ACTS.get(request.POST.get("do", ""))
    done = act(course, request) if act else None
    return HttpResponseRedirect(page_of(course, "roster")) if done is None else done


def _people(course: Course, request: HttpRequest, **more: Any) -> dict[str, Any]:
    found = _shown(course, request.GET.get("section", ""), request.GET.get("ended") == "yes")
    page = Paginator(found, ON_A_PAGE).get_page(request.GET.get("page"))
    return {
        "page": page,
        "sections": course.sections.all(),
        "add_form": AddForm(),
        "chosen_section": request.GET.get("section", ""),
        "shows_ended": request.GET.get("ended") == "yes",
        **more,
    }


def _shown(course: Course, section: str, is_ended: bool) -> QuerySet[Enrolment]:
    active = Enrolment.objects.active(timezone.now()).values("pk")
    every = course.enrolments.select_related("user", "section")
    found = every.exclude(pk__in=active) if is_ended else every.filter(pk__in=active)
    if section == "none":
        found = found.filter(section=None)
    elif title := section[:100]:
        found = found.filter(section__title=title)
    return found.order_by("user__last_name", "user__first_name", "user__username")


# From a file


def _look(course: Course, request: HttpRequest) -> Shown | None:
    """Say what each row of a file would do."""
    file = request.FILES.get("file")
    if file is None:
        messages.error(request, "Choose a file first.")
        return None
    try:
        people, unread = people_in(read_table(file.read()))
    except SheetFault as fault:
        messages.error(request, str(fault))
        return None
    return _planned(course, request, people, unread)


def _add(course: Course, request: HttpRequest) -> Shown | None:
    """Say what enrolling one person would do."""
    form = AddForm(request.POST)
    if not form.is_valid():
        return _people(course, request, add_form=form)
    said = {field: " ".join(str(text).split()) for field, text in form.cleaned_data.items()}
    return _planned(course, request, [Person(1, **said)], ())


def _planned(
    course: Course, request: HttpRequest, people: Sequence[Person], unread: Sequence[str]
) -> Shown | None:
    plan = plan_roster(
        course=course, people=people, unread=unread, appoints=_appoints(request), now=timezone.now()
    )
    kept = _kept(course, request, people, plan)
    if len(kept) > LARGEST:
        messages.error(request, "This list is too long to be looked at first. Bring it in two files.")
        return None
    return {"plan": plan, "kept": kept, "writes": any(step.writes for step in plan.steps)}


def _kept(course: Course, request: HttpRequest, people: Sequence[Person], plan: Plan) -> str:
    """Return what was looked at, signed: it comes back with the button that carries it out."""
    said = {
        "course": course.pk.hex,
        "user": account(request).pk.hex,
        "people": [astuple(one) for one in people],
        "unread": list(plan.unread),
        "fingerprint": plan.fingerprint,
    }
    return signing.dumps(said, salt=SALT, compress=True)


def _confirm(course: Course, request: HttpRequest) -> Shown | None:
    """Carry out what was looked at, unless it would do something else by now."""
    try:
        said = signing.loads(request.POST.get("kept", ""), salt=SALT, max_age=AN_HOUR)
    except signing.BadSignature:
        messages.error(request, "That was too long ago. Bring the file again.")
        return None
    if (said["course"], said["user"]) != (course.pk.hex, account(request).pk.hex):
        raise PermissionDenied
    people = [Person(*one) for one in said["people"]]
    try:
        done = import_roster(
            course=course,
            people=people,
            unread=said["unread"],
            appoints=_appoints(request),
            expected=said["fingerprint"],
            address_of=lambda token: request.build_absolute_uri(f"/recover?{urlencode({'token': token})}"),
            now=timezone.now(),
        )
    except RosterChanged as fault:
        messages.error(request, str(fault))
        return _planned(course, request, people, said["unread"])
    return _told(course, request, done)


def _told(course: Course, request: HttpRequest, done: Imported) -> Shown | None:
    counts = done.plan.counts
    enrolled = counts["enrol"] + counts["account"]
    messages.success(
        request, f"{enrolled} enrolled, {counts['change']} changed, {counts['refused']} refused."
    )
    if not done.invited:
        return None
    table = f"data:text/csv;charset=utf-8,{quote(_as_csv(done))}"
    return {"invited": done.invited, "as_csv": table, "days": AGE.days, "course_slug": course.slug}


def _as_csv(done: Imported) -> str:
    written = io.StringIO()
    rows = csv.writer(written)
    rows.writerow(["name", "e-mail", "username", "link"])
    for one in done.invited:
        name = f"{one.person.first_name} {one.person.last_name}".strip()
        cells = [name, one.person.email, one.username, one.address]
        rows.writerow([defused(cell) for cell in cells])
    return written.getvalue()


def _appoints(request: HttpRequest) -> bool:
    return request.user.has_perm("assessment.add_enrolment")


# Those who are there


def _move(course: Course, request: HttpRequest) -> None:
    chosen, wanted = _chosen(course, request), request.POST.get("section", "")
    section = course.sections.filter(title=wanted).first()
    if wanted and section is None:
        messages.error(request, "There is no such section any more.")
    elif not chosen:
        messages.warning(request, "Choose somebody first.")
    else:
        count = move_learners(course=course, users=chosen, section=section)
        messages.success(request, f"{count} moved to {section or 'no section'}.")


def _end(course: Course, request: HttpRequest) -> None:
    chosen = _chosen(course, request)
    if not chosen:
        messages.warning(request, "Choose somebody first.")
        return
    try:
        count = end_enrolments(course=course, users=chosen, now=timezone.now())
    except LastInstructor as fault:
        messages.error(request, str(fault))
        return
    messages.success(request, f"The enrollment of {count} has ended. What they did stays.")


def _chosen(course: Course, request: HttpRequest) -> list[Any]:
    """Return the users of the rows that were ticked, as far as they are in the course."""
    ticked = set(request.POST.getlist("person"))
    return [one for one in course.enrolments.values_list("user", flat=True) if str(one) in ticked]


def _new_section(course: Course, request: HttpRequest) -> None:
    _tell(request, lambda: add_section(course=course, title=request.POST.get("title", "")))


def _rename(course: Course, request: HttpRequest) -> None:
    wanted = request.POST.get("section", "")
    if section := course.sections.filter(title=wanted).first():
        _tell(request, lambda: rename_section(section=section, title=request.POST.get("title", "")))


def _tell(request: HttpRequest, write: Callable[[], object]) -> None:
    try:
        messages.success(request, f"There is a section {write()}.")
    except ValidationError as fault:
        for text in fault.messages:
            messages.error(request, text)


ACTS: Final[Mapping[str, Callable[[Course, HttpRequest], Shown | None]]] = {
    "look": _look,
    "add": _add,
    "confirm": _confirm,
    "move": _move,
    "end": _end,
    "section": _new_section,
    "rename": _rename,
}

ROSTER: Final = Page("roster", "Roster", "admin/assessment/course_roster.html", roster)
