"""Dates at the desk by the clock of a course, which may be another one than the site's."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.template.response import SimpleTemplateResponse
from django.utils import timezone

from assessment.models import Course


def rendered(response: HttpResponse) -> HttpResponse:
    """Return a response whose page is written now, while the clock that it is to show is in force."""
    if isinstance(response, SimpleTemplateResponse) and not response.is_rendered:
        response.render()
    return response


def clock_of(course: Course | None) -> str:
    return course.time_zone if course else settings.TIME_ZONE


def course_named(text: str | None) -> Course | None:
    """Return the course whose id a form or an address names, if there is one."""
    try:
        return Course.objects.filter(pk=UUID(text)).first() if text else None
    except ValueError:
        return None


def clock_of_arrangement(user: object, assessment: object) -> str:
    """Return the clock by which something is arranged for somebody: that of the courses where the assessment is.

    The site's where there are none, or where their clocks differ. Both are ids, perhaps as a form has sent them.
    """
    here = Course.objects.filter(enrolments__user=_id(user), assignments__assessment=_id(assessment))
    clocks = set(here.values_list("time_zone", flat=True))
    return clocks.pop() if len(clocks) == 1 else settings.TIME_ZONE


def _id(named: object) -> UUID | None:
    try:
        return UUID(str(named))
    except ValueError:
        return None


def told(moment: datetime | None, clock: str, nothing: str) -> str:
    """Return a moment by a clock, which is named beside it."""
    if moment is None:
        return nothing
    local = timezone.localtime(moment, ZoneInfo(clock))
    return f"{local:%a} {local.day} {local:%b %Y, %H:%M} ({clock.replace('_', ' ')})"
