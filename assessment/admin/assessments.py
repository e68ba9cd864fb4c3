"""Assessments and their versions: draft, rehearse, simulate, publish, retire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from django import forms
from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.forms import BaseModelForm
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from assessment import authoring
from assessment.admin.beginning import start_page
from assessment.admin.blueprint import BLUEPRINT
from assessment.admin.clocks import clock_of, told
from assessment.admin.editing import PANELS, names_for, schema, sections
from assessment.admin.giving import GIVE
from assessment.admin.panels import ACCOMMODATED, REHEARSAL, SIMULATION, Panel, refuse_foreign
from assessment.admin.starts import TEMPLATES, start_named
from assessment.admin.statistics import STATISTICS
from assessment.models import Assessment, AssessmentVersion, Assignment, Course
from assessment.people.assignments import give_on_usual_terms
from assessment.people.oversight import overseen_assignments, overseen_courses
from assessment.rules.definition import UsualTerms
from assessment.rules.examining import examine_assessment
from content.admin.bases import ModelForm, TabularInline
from content.admin.comparing import compare_page
from content.admin.consequences import RETIRE
from content.admin.desk import Button, Page
from content.admin.editing import Editor, document_of
from content.admin.forms import DocumentField, DocumentForm, written
from content.admin.scoped import account
from content.admin.versions import RETIRING, RetirableDesk, VersionInline
from content.documents.examining import Examination, Locator, in_order
from content.documents.form import Schema
from content.documents.reader import DefinitionError, PathFault
from content.items.form import Section
from content.models import Status


def _page_of(panel: Panel) -> Page:
    """Return a page about a version that shows one panel of its document."""

    def context(version: AssessmentVersion, request: HttpRequest) -> dict[str, Any]:
        try:
            found = panel.context(version.definition, request.GET)
        except DefinitionError as error:
            return {"faults": error.faults}
        return {**found, "panel": panel.template}

    return Page(panel.name, panel.label, "admin/assessment/panel.html", context)


WHAT_MAY_STAND_HERE: Final = (
    'As in a course folder; <a href="/docs/assessments/">Assessments</a> says what may stand here.'
)


class NewAssessmentForm(ModelForm):
    """An assessment begins with a draft, and perhaps with a course that it is for."""

    course = forms.ModelChoiceField(
        Course.objects.none(), required=False, help_text="Only its members may take it; empty: everybody."
    )
    document = DocumentField(help_text=WHAT_MAY_STAND_HERE)

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
    fields = ("course", "section", "is_open", "opens", "closes", "time_limit_minutes", "attempts_allowed")
    readonly_fields = fields
    show_change_link = True
    extra = 0
    can_delete = False

    @admin.display
    def opens(self, given: Assignment) -> str:
        return told(given.opens_at, clock_of(given.course), "at once")

    @admin.display
    def closes(self, given: Assignment) -> str:
        return told(given.closes_at, clock_of(given.course), "never")

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
    source = assessment.current.source if assessment.current else ""
    return existing or authoring.draft_assessment(document=document, source=source, now=timezone.now())


PREVIEW, ARRANGED, SIMULATE = map(_page_of, (REHEARSAL, ACCOMMODATED, SIMULATION))


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
    pages = [GIVE, *map(_of_current, (PREVIEW, ARRANGED, SIMULATE)), STATISTICS, compare_page(), RETIRE]
    pages_for_overseers = [GIVE, STATISTICS]
    """What those may look at who teach with an assessment and may not write it."""
    buttons = [Button("draft", "Edit the draft", draft_of, "The draft was opened."), *RETIRING]

    add_form_template = "admin/assessment/assessment/add_form.html"

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        if not self.has_add_permission(request):
            raise PermissionDenied
        if "document" not in request.POST and "template" not in request.GET:
            return start_page(self.admin_site, self, request)
        start = start_named(request.GET.get("template", ""))
        return super().add_view(
            request, form_url, {**(extra_context or {}), "starts": TEMPLATES, "start": start}
        )

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Begin with the text that was chosen."""
        text = start_named(request.GET.get("template", "")).text
        return {**super().get_changeform_initial_data(request), "document": text}

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
        draft = authoring.draft_assessment(
            document=document, source=written(form), now=now, author=account(request)
        )
        course = form.cleaned_data["course"]
        give_on_usual_terms(assessment=draft.assessment, usual=UsualTerms(), now=now, course=course)
        return draft


@admin.register(AssessmentVersion)
class AssessmentVersionAdmin(Editor):
    form = AssessmentDraftForm
    panels = PANELS
    pages_beside = ("blueprint",)
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
    pages = [BLUEPRINT, PREVIEW, ARRANGED, SIMULATE]

    @admin.display(ordering="assessment__title")
    def title(self, version: AssessmentVersion) -> str:
        return version.assessment.title

    def schema(self) -> Schema:
        return schema()

    def form_of(self, document: Mapping[str, Any]) -> Sequence[Section]:
        return sections(document)

    def examined(
        self, request: HttpRequest, text: str, version: AssessmentVersion, *, certified: bool = False
    ) -> Examination[Any]:
        """Return what is wrong with a text. Trying it out is asking whether there are enough questions."""
        names = names_for(account(request), version.document)
        found = examine_assessment(text, names, slug=version.assessment.slug)
        if not certified or found.definition is None or found.refuses:
            return found
        short = [PathFault(path, reason) for path, reason in authoring.exhaustion(found.definition)]
        locator = Locator(found.source)
        return replace(found, faults=in_order([*found.faults, *(locator.place(one) for one in short)]))

    def keep(
        self, request: HttpRequest, version: AssessmentVersion, text: str, based_on: str
    ) -> AssessmentVersion:
        """Keep a draft that names nothing foreign. Raises what the verb raises, and DefinitionError."""
        document = document_of(text, version.assessment.slug)
        refuse_foreign(request.user, document, version.document)
        return authoring.draft_assessment(
            document=document, source=text, now=timezone.now(), based_on=based_on, author=account(request)
        )

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
            source=written(form),
            now=timezone.now(),
            based_on=form.cleaned_data["based_on"],
            author=account(request),
        )
