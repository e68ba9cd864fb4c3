"""The misconceptions of a course, as a page of the desk, with one click to a practice set."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessment.models import Course
from assessment.results.misconceptions import course_misconceptions, make_practice
from content.admin.desk import REFUSED, Desk, Page, address, tell
from content.admin.scoped import account
from content.models import Misconception


def misconceptions_page(course: Course, _request: HttpRequest) -> dict[str, Any]:
    found = course_misconceptions(course, timezone.now())
    weeks = [week for week, _ in found[0].weeks] if found else []
    return {
        "found": found,
        "weeks": weeks,
        "learners": len({s.user.pk for one in found for s in one.sharers}),
    }


MISCONCEPTIONS: Final = Page(
    "misconceptions", "Misconceptions", "admin/assessment/misconceptions.html", misconceptions_page
)


class MakesPractice(Desk):
    """A course whose misconceptions can be practiced against."""

    def get_urls(self) -> list[URLPattern]:
        practice = require_POST(self.admin_site.admin_view(self.practice))
        return [
            path(
                "<uuid:pk>/practice/<slug:misconception>/",
                practice,
                name=f"{self.opts.app_label}_{self.opts.model_name}_practice",
            ),
            *super().get_urls(),
        ]

    def practice(self, request: HttpRequest, pk: UUID, misconception: str) -> HttpResponse:
        """Make a practice set and go to it, or say why there is none."""
        course = self.get_object(request, str(pk))
        idea = Misconception.objects.filter(slug=misconception).first()
        if course is None or idea is None:
            raise Http404
        if not self.has_change_permission(request, course):
            raise PermissionDenied
        try:
            made = make_practice(
                course=course, misconception=idea, author=account(request), now=timezone.now()
            )
        except REFUSED as error:
            tell(request, error)
            return HttpResponseRedirect(
                reverse("admin:assessment_course_page", args=[pk, MISCONCEPTIONS.name])
            )
        self.log_change(request, course, f"Practice set {made.slug}")
        messages.success(request, f"“{made.title}” is assigned to {course}; it counts for no grade.")
        return HttpResponseRedirect(address(made))
