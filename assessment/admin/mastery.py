"""What learners know: fits of knowledge tracing, and the table of a course."""

from __future__ import annotations

from typing import Any, ClassVar, Final

from django.contrib import admin
from django.core.paginator import Paginator
from django.db.models import Model, OuterRef
from django.http import HttpRequest
from django.utils import timezone

from assessment.admin.measurement import NeverEdited
from assessment.models import Course, MasteryFit, User
from assessment.models.people import Role
from assessment.progress.course import course_mastery
from assessment.progress.fitting import activate_fit
from content.admin.desk import Button, Desk, Page
from content.admin.scoped import Scoped

LEARNERS: Final = 25
"""On one page of the table."""


def mastery_table(course: Course, request: HttpRequest) -> dict[str, Any]:
    """Return a page of learners by skills."""
    now = timezone.now()
    enrolled = course.enrolments.active(now).filter(role=Role.LEARNER)
    learners = User.objects.filter(pk__in=enrolled.values("user"))
    page = Paginator(learners.order_by("last_name", "first_name", "username"), LEARNERS).get_page(
        request.GET.get("page")
    )
    return {"table": course_mastery(course=course, learners=list(page), now=now), "page": page}


MASTERY: Final = Page("mastery", "Mastery", "admin/assessment/mastery.html", mastery_table)


@admin.register(MasteryFit)
class MasteryFitAdmin(NeverEdited, Scoped, Desk):
    list_display = [
        "__str__",
        "skill",
        "is_active",
        "parameters",
        "learners",
        "answers",
        "gain",
        "created_at",
        "corrected_since",
    ]
    made_from: ClassVar = {"skills": OuterRef("skill")}
    list_select_related = ["skill"]
    list_filter = ["is_active", "converged"]
    search_fields = ["skill__slug", "skill__title"]
    fields = readonly_fields = (
        "skill",
        "number",
        "prior",
        "learn",
        "forget",
        "guess",
        "slip",
        "learners",
        "answers",
        "log_likelihood",
        "start_log_likelihood",
        "converged",
        "is_active",
        "created_at",
        "activated_at",
        "corrected_since",
    )
    buttons = [
        Button(
            "activate",
            "Activate",
            lambda fit: activate_fit(fit_id=fit.pk, now=timezone.now()),
            "Mastery of this skill is estimated with this fit now; attempts under way keep what they began with.",
            shown=lambda fit: not fit.is_active,
        )
    ]

    def tools(self, request: HttpRequest, row: Model) -> dict[str, Any]:
        """There is nothing to save: the button is all that may change."""
        return {**super().tools(request, row), "show_save": False, "show_save_and_continue": False}

    @admin.display(description="known, learn, forget, guess, slip")
    def parameters(self, fit: MasteryFit) -> str:
        return f"{fit.prior:.2f}, {fit.learn:.2f}, {fit.forget:.3f}, {fit.guess:.2f}, {fit.slip:.2f}"

    @admin.display(description="gain in log-likelihood")
    def gain(self, fit: MasteryFit) -> str:
        return f"{fit.log_likelihood - fit.start_log_likelihood:.1f}"
