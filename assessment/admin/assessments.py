"""Assessments and their versions: draft, rehearse, simulate, publish, retire."""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, Q, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.safestring import mark_safe

from assessment import authoring
from assessment.admin.measurement import measures, simulation
from assessment.admin.statistics import STATISTICS
from assessment.errors import BankExhausted
from assessment.models import Assessment, AssessmentVersion, Assignment, Course, User
from assessment.modes import mode_of
from assessment.modes.base import Planned, Practiced
from assessment.people.assignments import give_on_usual_terms
from assessment.people.oversight import overseen_assignments, overseen_courses
from assessment.rules.definition import AssessmentDefinition, UsualTerms
from assessment.rules.document import parse_assessment
from content.admin.bases import ModelForm, TabularInline
from content.admin.comparing import compare_page
from content.admin.consequences import RETIRE
from content.admin.desk import Button, Page
from content.admin.forms import DocumentField, DocumentForm
from content.admin.scoped import account
from content.admin.trying import preview
from content.admin.versions import RETIRING, RetirableDesk, VersionDesk, VersionInline
from content.documents.reader import DefinitionError
from content.expressions import exact
from content.items.drawing import ImpossibleDraw
from content.items.markup import render
from content.items.soundness import sound_variant
from content.models import AuthorGrant, Item, Lesson, Status

MISSING = (
    "This assessment cannot be started: it asks for an item that is not served, or for more than there are."
)
TEMPLATE = """\
slug: a-name-of-its-own
title: What it is called
summary: What it is about, in a sentence.
instructions: >-
  Markdown, shown before the start.
mode: fixed
time_limit_minutes: null
attempts_allowed: null
tries: 2
feedback: immediate
pass_fraction: 0.7
sections:
  - title: The only section
    shuffle: false
    slots:
      - {item: the-slug-of-an-item}
"""


def rehearsal(version: AssessmentVersion, request: HttpRequest) -> dict[str, Any]:
    """Return the items of an attempt as the dice of this page draw them.

    Of an adaptive one it is the whole pool, of one of mastery the skills in their order.
    """
    draw = request.GET.get("draw", "0")
    dice = random.Random(draw[:10])  # noqa: S311 - so that a page can be looked at again
    try:
        definition = version.definition
    except DefinitionError as error:
        return {"faults": error.faults}
    context: dict[str, Any] = {
        "definition": definition,
        "instructions": mark_safe(render(definition.instructions)),  # noqa: S308 - markup has cleaned it
        "next_draw": exact.whole(draw) + 1 if draw.isascii() and draw.isdecimal() and len(draw) < 10 else 1,
    }
    try:
        found = mode_of(definition).rehearse(definition, dice)
        return context | {
            "pool": found.pool,
            "skills": None if found.skills is None else list(_skills(found.skills)),
            "places": None if found.places is None else [_place(planned, dice) for planned in found.places],
        }
    except BankExhausted:
        return {**context, "faults": [(definition.item_rules.key, MISSING)]}
    except ImpossibleDraw as error:
        return {**context, "faults": [("items", str(error))]}


def _skills(order: Any) -> Iterator[dict[str, Any]]:
    """Yield the skills in the order of prerequisites with what they require and how many items they have."""
    listed: list[Practiced] = list(order)
    titles = {one.skill.slug: one.skill.title for one in listed}
    for one in listed:
        requires = [titles[slug] for slug in one.requires]
        yield {"title": one.skill.title, "requires": requires, "items": one.items}


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


def refuse_foreign(user: Any, document: Mapping[str, Any], before: Mapping[str, Any] | None = None) -> None:
    """Refuse a document that names what the user may not see, unless it stood there ``before``.

    Whoever names an item may rehearse it, with its solution. An unfinished document is let through: it can be neither
    rehearsed nor published. Raises DefinitionError.
    """
    if user.is_superuser or (definition := _parsed(document)) is None:
        return
    earlier = _parsed(before) if before else None
    stood = {(one.kind, one.slug) for one in earlier.references()} if earlier else set()
    seen = _nameable(user)
    faults = [
        (one.path, f"there is no {one.kind} called {one.slug}")
        for one in definition.references()
        if one.kind in seen and (one.kind, one.slug) not in stood and not seen[one.kind].filter(slug=one.slug)
    ]
    if faults:
        raise DefinitionError(faults)


def _nameable(user: User) -> dict[str, QuerySet[Any]]:
    """Return what somebody's documents may name: one's own, and the lessons of one's courses."""
    banks, lessons = AuthorGrant.objects.banks(user), AuthorGrant.objects.lessons(user)
    taught = Lesson.objects.filter(courses__in=overseen_courses(user, timezone.now()))
    return {
        "lesson": Lesson.objects.filter(Q(pk__in=lessons.values("pk")) | Q(pk__in=taught.values("pk"))),
        "bank": banks,
        "item": Item.objects.filter(bank__in=banks.values("pk")),
    }


def _parsed(document: Mapping[str, Any]) -> AssessmentDefinition | None:
    try:
        return parse_assessment(document)
    except DefinitionError:
        return None


WHAT_MAY_STAND_HERE: Final = (
    'As in a course folder; <a href="/docs/assessments/">Assessments</a> says what may stand here.'
)


class NewAssessmentForm(ModelForm):
    """An assessment begins with a draft, and perhaps with a course that it is for."""

    course = forms.ModelChoiceField(
        Course.objects.none(), required=False, help_text="Only its members may take it; empty: everybody."
    )
    document = DocumentField(initial=TEMPLATE, help_text=WHAT_MAY_STAND_HERE)

    class Meta:
        model = Assessment
        fields: list[str] = []

    def clean_document(self) -> dict[str, Any]:
        document: dict[str, Any] = self.cleaned_data["document"]
        if Assessment.objects.filter(slug=document["slug"]).exists():
            raise forms.ValidationError(f"slug: {document['slug']} exists already")
        return document


class AssessmentDraftForm(DocumentForm):
    """The draft of an assessment."""

    document = DocumentField(help_text=WHAT_MAY_STAND_HERE)

    class Meta:
        model = AssessmentVersion
        fields: list[str] = []

    def slug(self) -> str:
        return str(self.instance.assessment.slug)


class AssessmentVersions(VersionInline):
    model = AssessmentVersion


class AssignmentInline(TabularInline):
    """To whom it is given, as far as the user may know; each has a page of its own."""

    model = Assignment
    fields = (
        "course",
        "section",
        "is_open",
        "opens_at",
        "closes_at",
        "time_limit_minutes",
        "attempts_allowed",
    )
    readonly_fields = fields
    show_change_link = True
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        seen = overseen_assignments(account(request), timezone.now()).values("pk")
        queryset: QuerySet[Any] = super().get_queryset(request).filter(pk__in=seen)
        return queryset.select_related("course", "section")

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


def draft_of(assessment: Assessment) -> AssessmentVersion:
    """Return the draft of an assessment, begun from its current wording where there is none."""
    existing = assessment.versions.filter(status=Status.DRAFT).first()
    document = assessment.current.document if assessment.current else {"slug": assessment.slug}
    return existing or authoring.draft_assessment(document=document, now=timezone.now())


PREVIEW = Page("preview", "Preview", "admin/assessment/rehearsal.html", rehearsal)
SIMULATE = Page("simulation", "Simulate", "admin/assessment/simulation.html", simulation, shown=measures)


def _of_current(page: Page) -> Page:
    """Return a page about versions as a page about what has one."""
    return Page(
        page.name,
        page.label,
        page.template,
        lambda assessment, request: page.context(assessment.current, request),
        shown=lambda assessment: assessment.current is not None and page.shown(assessment.current),
    )


@admin.register(Assessment)
class AssessmentAdmin(RetirableDesk):
    list_display = ["title", "slug", "lesson", "mode", "feedback", "version", "drafts", "is_served"]
    list_select_related = ["lesson"]
    ordering = ["title"]
    list_filter = ["assignments__course", "lesson", "feedback", "mode"]
    search_fields = ["title", "slug"]
    readonly_fields = ["slug", "title", "lesson", "mode", "feedback", "retired_at"]
    fields = ["slug", "title", "lesson", "mode", "feedback", "retired_at"]
    new_fields = ["course", "document"]
    inlines = [AssignmentInline, AssessmentVersions]
    pages = [_of_current(PREVIEW), _of_current(SIMULATE), STATISTICS, compare_page(), RETIRE]
    pages_for_overseers = [STATISTICS]
    """What those may look at who teach with an assessment and may not write it."""
    buttons = [Button("draft", "Edit the draft", draft_of, "The draft was opened."), *RETIRING]

    def may_write(self, request: HttpRequest, obj: Model) -> bool:
        return self.may(request, "change", obj)

    def get_inlines(self, request: HttpRequest, obj: Model | None = None) -> Any:
        """Versions are for those who may write them: a document names what its readers may rehearse."""
        found = super().get_inlines(request, obj)
        return found if obj is None or self.may_write(request, obj) else [AssignmentInline]

    def tools(self, request: HttpRequest, row: Model) -> dict[str, Any]:
        found = super().tools(request, row)
        if self.may_write(request, row):
            return found
        return {**found, "desk_pages": [page for page in self.pages_for_overseers if page.shown(row)]}

    def show(self, request: HttpRequest, pk: Any, name: str) -> HttpResponse:
        """Show a page; one with what is asked to those who may write it alone: solutions stand there."""
        is_open = name in [page.name for page in self.pages_for_overseers]
        if not is_open and not self.may_write(request, self._row(request, pk)):
            raise PermissionDenied
        return super().show(request, pk, name)

    def get_actions(self, request: HttpRequest) -> Any:
        """Rows are retired one by one where not all of them are the user's to write."""
        return super().get_actions(request) if request.user.is_superuser else {}

    def get_form(
        self, request: HttpRequest, obj: Assessment | None = None, change: bool = False, **options: Any
    ) -> Any:
        """Make those who are no superusers name a course: an assessment of none would belong to no instructor."""
        if obj is not None:
            return super().get_form(request, obj, change, **options)
        form = super().get_form(request, obj, change, **options, form=NewAssessmentForm)
        course = form.base_fields["course"]
        course.queryset = overseen_courses(account(request), timezone.now())
        course.required = not request.user.is_superuser
        return form

    def begin(
        self, request: HttpRequest, obj: Assessment, form: BaseModelForm[Assessment]
    ) -> AssessmentVersion:
        """Begin an assessment that is given to the course or to everybody, once it is published, on its own terms."""
        now, document = timezone.now(), form.cleaned_data["document"]
        refuse_foreign(request.user, document)
        draft = authoring.draft_assessment(document=document, now=now, author=account(request))
        course = form.cleaned_data["course"]
        give_on_usual_terms(assessment=draft.assessment, usual=UsualTerms(), now=now, course=course)
        return draft


@admin.register(AssessmentVersion)
class AssessmentVersionAdmin(VersionDesk):
    form = AssessmentDraftForm
    list_display = ["__str__", "title", "status", "created_at", "published_at"]
    list_select_related = ["assessment", "written_by", "published_by"]
    list_filter = ["status", "assessment"]
    search_fields = ["assessment__slug", "assessment__title"]
    draft_fields = ["document", "based_on"]
    owner = "assessment"
    about = [
        "assessment",
        "number",
        "status",
        "written_by",
        "created_at",
        "published_by",
        "published_at",
        "retired_at",
    ]
    pages = [PREVIEW, SIMULATE]

    @admin.display(ordering="assessment__title")
    def title(self, version: AssessmentVersion) -> str:
        return version.assessment.title

    def examine(self, version: AssessmentVersion) -> None:
        authoring.checked_assessment(version.document, version.assessment.slug)

    def publish(self, version: AssessmentVersion, by: Any) -> None:
        authoring.publish_assessment(version=version, now=timezone.now(), published_by=by)

    def publish_anew(self, version: AssessmentVersion, by: Any) -> AssessmentVersion:
        return authoring.publish_assessment_anew(version=version, now=timezone.now(), published_by=by)

    def save_model(
        self,
        request: HttpRequest,
        obj: AssessmentVersion,
        form: BaseModelForm[AssessmentVersion],
        change: bool,
    ) -> None:
        document = form.cleaned_data["document"]
        before = AssessmentVersion.objects.get(
            pk=obj.pk
        ).document  # the form has written over that of the row
        refuse_foreign(request.user, document, before)
        authoring.draft_assessment(
            document=document,
            now=timezone.now(),
            based_on=form.cleaned_data["based_on"],
            author=account(request),
        )
