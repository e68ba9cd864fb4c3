"""What learners of a course ask to be looked at again, answer by answer: a correction for all, or a reply."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Q
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from assessment.admin.course_pages import Shown, page_of
from assessment.models import Course, RegradeRequest
from assessment.models.corrections import CorrectionKind
from assessment.people import rights
from assessment.results.answers import written
from assessment.results.requests import Asked, close_requests, open_requests
from content.admin.desk import Page
from content.admin.scoped import account


@dataclass(frozen=True, slots=True)
class Entered:
    """What was answered at one interaction, as it was read, and where it is accepted too."""

    interaction: str
    text: str
    accept: str


@dataclass(frozen=True, slots=True)
class Line:
    """One answer that some ask about."""

    asked: Asked
    entered: Sequence[Entered]
    correct: str


def requests_page(course: Course, request: HttpRequest) -> Shown:
    """Return the open requests of a course, or where it goes on after some were replied to."""
    if request.method == "POST":
        return _replied(course, request)
    return {"lines": [_line(one) for one in open_requests(Q(assignment__course=course))]}


REQUESTS: Final = Page("requests", "Requests", "admin/assessment/requests.html", requests_page)


def _line(asked: Asked) -> Line:
    query = {"item": asked.version.item.slug, "version": asked.version.number}
    attempts = [one.response.attempt for one in asked.requests]
    assessments = {attempt.assignment.assessment_id for attempt in attempts if attempt is not None}
    if len(assessments) == 1:
        query["assessment"] = str(*assessments)
    entered = [
        Entered(interaction, written(parsed), _address({**query, **_accepting(interaction, parsed)}))
        for interaction, parsed in asked.answer.items()
    ]
    return Line(asked, entered, _address(query))


def _accepting(interaction: str, parsed: Any) -> dict[str, str]:
    read = json.dumps(parsed, ensure_ascii=False)
    return {"kind": CorrectionKind.ACCEPT.value, "interaction": interaction, "parsed": read}


def _address(query: dict[str, Any]) -> str:
    return f"{reverse('admin:assessment_correction_add')}?{urlencode(query)}"


def _replied(course: Course, request: HttpRequest) -> HttpResponseRedirect:
    now, reply = timezone.now(), request.POST.get("reply", "").strip()
    wanted = RegradeRequest.objects.filter(
        rights.rows(account(request), "change", RegradeRequest, now),
        pk__in=_ids(request.POST.getlist("request")),
        response__attempt__assignment__course=course,
    )
    if not wanted:
        raise PermissionDenied
    if reply:
        closed = close_requests(wanted, reply, account(request), now)
        messages.success(request, f"{closed} learner{'s' if closed != 1 else ''} can read your reply.")
    else:
        messages.error(request, "Write a reply: whoever asked reads it.")
    return HttpResponseRedirect(page_of(course, REQUESTS.name))


def _ids(texts: Sequence[str]) -> list[UUID]:
    found = []
    for text in texts:
        try:
            found.append(UUID(text))
        except ValueError:
            continue  # nothing of ours
    return found
