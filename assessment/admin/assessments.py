"""Assessments with their sections and slots, and a rehearsal of what a learner would be given."""

from __future__ import annotations

import random
from collections import Counter
from typing import Any, ClassVar

from django.contrib import admin
from django.db.models import Count, Model, Q, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import mark_safe

from assessment.admin.measurement import SIMULATION
from assessment.errors import BankExhausted
from assessment.models import Assessment, Section, Slot
from assessment.modes import MODES, mode_of
from assessment.modes.base import Order, Planned
from assessment.modes.mastery import practice_items
from assessment.people.oversight import overseen_assessments, overseen_courses
from content.admin.bases import ModelAdmin, ModelForm, TabularInline
from content.admin.desk import Desk, KeepsSlug, KeepsText, Page
from content.admin.scoped import Scoped, ScopedChoices, account
from content.admin.trying import preview
from content.expressions import exact
from content.items.drawing import ImpossibleDraw
from content.items.markup import render
from content.items.soundness import sound_variant
from content.models import Lesson

MISSING = (
    "This assessment cannot be started: it asks for an item that is not served, or for more than there are."
)


class SectionInline(ScopedChoices, TabularInline):
    model = Section
    fields = ("position", "title", "shuffle", "holds")
    readonly_fields = ("holds",)
    show_change_link = True
    extra = 0

    @admin.display(description="items (change the section to edit them)")
    def holds(self, section: Section) -> str:
        return ", ".join(str(slot) for slot in section.slots.select_related("item", "bank", "skill"))


class SlotInline(ScopedChoices, TabularInline):
    model = Slot
    fields = ("position", "item", "draw", "bank", "skill", "weight")
    autocomplete_fields = ("item", "bank", "skill")
    extra = 0

    class Media:
        css: ClassVar = {"all": ["content/desk.css"]}


def rehearsal(assessment: Assessment, request: HttpRequest) -> dict[str, Any]:
    """Return the items of an attempt as the dice of this page draw them.

    Of an adaptive one it is the whole pool, of one of mastery the skills in their order.
    """
    throw = request.GET.get("throw", "0")
    dice = random.Random(throw[:10])  # noqa: S311 - so that a page can be looked at again
    context: dict[str, Any] = {
        "instructions": mark_safe(render(assessment.instructions)),  # noqa: S308 - markup has cleaned it
        "next_throw": exact.whole(throw) + 1
        if throw.isascii() and throw.isdecimal() and len(throw) < 10
        else 1,
    }
    try:
        found = mode_of(assessment).rehearse(assessment, dice)
        return context | {
            "pool": found.pool,
            "skills": None if found.skills is None else _skills(assessment, found.skills),
            "places": None if found.places is None else [_place(planned, dice) for planned in found.places],
        }
    except BankExhausted:
        return {**context, "faults": [("sections", MISSING)]}
    except ImpossibleDraw as error:
        return {**context, "faults": [("items", str(error))]}


def _skills(assessment: Assessment, order: Order) -> list[dict[str, Any]]:
    """Return the skills in the order of prerequisites with what they require and how many items they have."""
    items = Counter(practice_items(assessment).values_list("skills", flat=True))
    titles = {skill.slug: skill.title for skill, _ in order}
    return [
        {"title": skill.title, "requires": [titles[slug] for slug in requires], "items": items[skill.pk]}
        for skill, requires in order
    ]


def _place(planned: Planned, dice: random.Random) -> dict[str, Any]:
    version = planned.item.current
    if version is None:
        raise BankExhausted
    variant = sound_variant(version.definition, dice)
    return {
        "section": planned.section_title,
        "weight": planned.weight,
        "item": planned.item,
        "shown": preview(version.definition, variant),
    }


MEANT_AT_ONCE = ("tries", "penalty", "keep")
"""What is asked only where a verdict can make somebody try again, or where the first answer is final."""


class AssessmentForm(ModelForm):
    """The settings of an assessment, without those that have no effect under its rules."""

    def clean(self) -> dict[str, Any]:
        """Give an assessment that comes to choose items one by one the single try that it had not been asked for."""
        cleaned: dict[str, Any] = super().clean() or {}
        if "tries" not in self.fields and (mode := MODES.get(cleaned.get("mode", ""))) and mode.grows:
            self.instance.tries = 1
        return cleaned


@admin.register(Assessment)
class AssessmentAdmin(Scoped, KeepsSlug, Desk):
    list_display = [
        "title",
        "slug",
        "lesson",
        "course",
        "is_open",
        "feedback",
        "time_limit_minutes",
        "attempts",
    ]
    form = AssessmentForm
    list_select_related = ["lesson", "course"]
    ordering = ["title"]
    list_filter = ["is_open", "course", "lesson", "feedback", "mode"]
    search_fields = ["title", "slug", "summary"]
    prepopulated_fields = {"slug": ["title"]}
    autocomplete_fields = ["lesson", "course", "bank"]
    inlines = [SectionInline]
    pages = [Page("preview", "Preview", "admin/assessment/rehearsal.html", rehearsal), SIMULATION]
    fieldsets = (
        (None, {"fields": ["title", "slug", "summary", "instructions", "lesson", "course", "mode"]}),
        ("When", {"fields": ["is_open", "opens_at", "closes_at", "exclusive", "time_limit_minutes"]}),
        (
            "Tries and scores",
            {
                "fields": ["attempts_allowed", "tries", "penalty", "keep", "feedback", "pass_fraction"],
                "description": (
                    "Tries, penalty and keep have an effect where verdicts are shown at once. Where they are "
                    "withheld, an answer may be changed until the end and the last one counts; where items are "
                    "chosen one by one, the first one is final."
                ),
            },
        ),
        (
            "Chosen item by item",
            {"fields": ["bank", "adaptive_document", "mastery_document"], "classes": ["collapse"]},
        ),
    )

    def get_fieldsets(self, request: HttpRequest, obj: Assessment | None = None) -> Any:
        """Where answers may be changed until the end, do not ask how often and at what cost."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or not obj.rules.answers_may_change:
            return fieldsets
        return [
            (name, {**options, "fields": [f for f in options["fields"] if f not in MEANT_AT_ONCE]})
            for name, options in fieldsets
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request).annotate(attempt_count=Count("attempts"))
        return queryset

    def rows_of(self, user: Any) -> Q:
        return Q(pk__in=overseen_assessments(user, timezone.now()).values("pk"))

    def choices(self, db_field: Any, request: HttpRequest) -> Q | None:
        """Offer the lessons of the user's courses as well as those that the user writes."""
        condition = super().choices(db_field, request)
        if condition is None or db_field.name != "lesson":
            return condition
        taught = overseen_courses(account(request), timezone.now())
        return condition | Q(pk__in=Lesson.objects.filter(courses__in=taught).values("pk"))

    def get_form(
        self, request: HttpRequest, obj: Assessment | None = None, change: bool = False, **options: Any
    ) -> Any:
        """Make those who are no superusers name a course: an assessment of none would belong to no instructor."""
        form = super().get_form(request, obj, change, **options)
        if not request.user.is_superuser and (obj is None or obj.course_id) and "course" in form.base_fields:
            form.base_fields["course"].required = True
        return form

    @admin.display(ordering="attempt_count")
    def attempts(self, assessment: Any) -> int:
        return int(assessment.attempt_count)

    def save_related(
        self, request: HttpRequest, form: BaseModelForm[Any], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        warn_if_impossible(self, request, form.instance)


@admin.register(Section)
class SectionAdmin(Scoped, KeepsText):
    list_display = ["__str__", "assessment", "position", "shuffle"]
    list_select_related = ["assessment"]
    list_filter = ["assessment"]
    search_fields = ["title", "assessment__title"]
    fields = ["assessment", "position", "title", "shuffle"]
    inlines = [SlotInline]

    def rows_of(self, user: Any) -> Q:
        return Q(assessment__in=overseen_assessments(user, timezone.now()).values("pk"))

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        return ["assessment"] if obj else []

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Sections are reached through their assessment."""
        return False

    def save_related(
        self, request: HttpRequest, form: BaseModelForm[Any], formsets: Any, change: bool
    ) -> None:
        super().save_related(request, form, formsets, change)
        warn_if_impossible(self, request, form.instance.assessment)


def warn_if_impossible(desk: ModelAdmin, request: HttpRequest, assessment: Assessment) -> None:
    """Say so when no attempt could begin, before a learner finds out."""
    try:
        mode_of(assessment).rehearse(assessment, random.Random(0))  # noqa: S311 - nobody sees its draws
    except BankExhausted:
        desk.message_user(request, MISSING, "warning")
