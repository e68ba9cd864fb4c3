"""The start page of a new assessment: what kinds there are, each a text to begin with."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils import timezone

from assessment import authoring
from assessment.admin.starts import TEMPLATES, begun, start_named
from assessment.models import Assessment, AssessmentVersion, Course
from assessment.people.assignments import give_on_usual_terms
from assessment.people.oversight import overseen_courses
from assessment.rules.definition import UsualTerms
from content.admin.beginning import free_slug, primary_keys
from content.admin.desk import address
from content.admin.scoped import account
from content.catalogue import LONGEST_TITLE
from content.documents.source import read_source
from content.documents.storable import is_storable


def start_page(site: admin.AdminSite, desk: Any, request: HttpRequest) -> HttpResponse:
    """Show the start page, and begin what was chosen there."""
    courses = overseen_courses(account(request), timezone.now()).order_by("title")
    faults: list[str] = []
    if request.method == "POST":
        course = courses.filter(pk__in=primary_keys(request.POST.get("course", ""))).first()
        faults = list(_faults(request, course))
        if not faults:
            draft = begin(request, course)
            desk.log_addition(request, draft.assessment, "Begun.")
            return HttpResponseRedirect(address(draft))
    chosen = request.POST.get("course", request.GET.get("course", ""))
    context = {
        **site.each_context(request),
        "opts": desk.opts,
        "title": "A new assessment",
        "courses": [(course, str(course.pk) == chosen) for course in courses],
        "beginnings": [(start, "") for start in TEMPLATES],
        "entered": request.POST.get("title", ""),
        "faults": faults,
    }
    return TemplateResponse(request, "admin/assessment/begin.html", context, status=422 if faults else 200)


def begin(request: HttpRequest, course: Course | None) -> AssessmentVersion:
    """Return the draft of a new assessment that is given to a course, or to everybody, once it is published."""
    start, now = start_named(request.POST["begin"]), timezone.now()
    title = request.POST.get("title", "").strip() or start.title
    text = begun(start, slug=free_slug(title, Assessment), title=title)
    draft = authoring.draft_assessment(
        document=read_source(text).document, source=text, now=now, author=account(request)
    )
    give_on_usual_terms(assessment=draft.assessment, usual=UsualTerms(), now=now, course=course)
    return draft


def _faults(request: HttpRequest, course: Course | None) -> list[str]:
    faults = []
    title, name = request.POST.get("title", ""), request.POST.get("begin", "")
    if course is None and (request.POST.get("course") or not account(request).is_superuser):
        faults.append("Choose a course for the assessment.")
    if name not in {start.slug for start in TEMPLATES}:
        faults.append("Choose what to begin with.")
    if len(title) > LONGEST_TITLE or not is_storable(title):
        faults.append(f"The title must be at most {LONGEST_TITLE} ordinary characters.")
    return faults
