"""Lessons and their versions: write, look, publish."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.contrib import admin
from django.contrib.admin.widgets import AdminDateWidget, FilteredSelectMultiple
from django.forms import BaseModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import mark_safe

from content import authoring
from content.admin.bases import ModelForm
from content.admin.comparing import compare_page, lessons_beside
from content.admin.desk import Button, Page
from content.admin.forms import check_still_draft
from content.admin.scoped import account
from content.admin.versions import VersionDesk, VersionedDesk, VersionInline
from content.documents.reader import DefinitionError
from content.lessons import MAX_THEORY, parse_lesson
from content.models import AuthorGrant, Lesson, LessonVersion, Skill, Status


class LessonDraftForm(ModelForm):
    """The draft of a lesson, field by field. A draft may be unfinished, so nothing but a title is required."""

    title = forms.CharField(max_length=200)
    summary = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}), required=False
    )
    level = forms.CharField(max_length=50, required=False)
    minutes = forms.IntegerField(min_value=1, required=False)
    updated_on = forms.DateField(widget=AdminDateWidget, required=False)
    premium = forms.BooleanField(
        required=False,
        help_text="Everybody sees the summary, only members of a course with this lesson the theory.",
    )
    preview = forms.BooleanField(
        required=False,
        help_text="Everybody may read what stands before the first heading, of a premium lesson as well.",
    )
    objectives = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 6, "class": "vLargeTextField"}),
        required=False,
        help_text="One a line.",
    )
    skills = forms.ModelMultipleChoiceField(
        Skill.objects.all(),
        to_field_name="slug",
        required=False,
        widget=FilteredSelectMultiple("skills", is_stacked=False),
    )
    related = forms.CharField(
        widget=forms.Textarea(attrs={"rows": 4, "class": "vLargeTextField"}),
        required=False,
        help_text=(
            "One a line, as kind: title. For example: project: AI project templates. "
            "A lesson of ours is linked by its slug at the end: lesson: Gradient descent -> gradient-descent."
        ),
    )
    prerequisites = forms.ModelMultipleChoiceField(
        Lesson.objects.all(),
        to_field_name="slug",
        required=False,
        help_text="The lessons to read before this one.",
    )
    theory = forms.CharField(
        widget=forms.Textarea(attrs={"class": "document", "rows": 40}),
        required=False,
        strip=False,
        max_length=MAX_THEORY,
        help_text="Markdown, with formulas as $w^2$ or $$w^2$$.",
    )
    based_on = forms.CharField(widget=forms.HiddenInput)

    class Meta:
        model = LessonVersion
        fields: list[str] = []

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if self.instance.pk:
            self.initial.update(_to_fields(self.instance.document), based_on=self.instance.revision)

    def clean_related(self) -> list[dict[str, str]]:
        entries = []
        for line in filter(None, map(str.strip, self.cleaned_data["related"].splitlines())):
            kind, colon, title = line.partition(":")
            if not (colon and kind.strip() and title.strip()):
                raise forms.ValidationError(f"“{line}” must be written as kind: title.")
            title, _, lesson = title.partition("->")
            entry = {"title": title.strip(), "kind": kind.strip()}
            entries.append(entry | ({"lesson": lesson.strip()} if lesson.strip() else {}))
        return entries

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        check_still_draft(LessonVersion, self.instance.pk, cleaned.get("based_on"))
        return cleaned

    def document(self) -> dict[str, Any]:
        """Return the document that the fields make."""
        fields = self.cleaned_data
        before_it = self._chosen("prerequisites")
        return {
            "slug": self.instance.lesson.slug,
            **{key: fields[key] for key in ("title", "summary", "level", "minutes")},
            "updated_on": fields["updated_on"].isoformat() if fields["updated_on"] else "",
            "premium": fields["premium"],
            "objectives": [line.strip() for line in fields["objectives"].splitlines() if line.strip()],
            "related": fields["related"],
            "skills": self._chosen("skills"),
            **({"prerequisites": before_it} if before_it else {}),
            **({"preview": True} if fields["preview"] else {}),
            "theory": fields["theory"].replace("\r\n", "\n"),
        }

    def _chosen(self, key: str) -> list[str]:
        """Return the slugs of what was chosen, those that were there before in their old order."""
        chosen = [row.slug for row in self.cleaned_data[key]]
        before = [slug for slug in _texts(self.instance.document, key) if slug in chosen]
        return [*before, *(slug for slug in chosen if slug not in before)]


def _to_fields(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document as the fields of the form show it; what a field cannot show stands there empty."""
    related = document.get("related")
    entries = [entry for entry in related if isinstance(entry, dict)] if isinstance(related, list) else []
    return {
        **document,
        "skills": _texts(document, "skills"),
        "prerequisites": _texts(document, "prerequisites"),
        "objectives": "\n".join(_texts(document, "objectives")),
        "related": "\n".join(map(_related_line, entries)),
    }


def _related_line(entry: Mapping[str, Any]) -> str:
    link = f" -> {entry['lesson']}" if entry.get("lesson") else ""
    return f"{entry.get('kind', '')}: {entry.get('title', '')}{link}"


def _texts(document: Mapping[str, Any], key: str) -> list[str]:
    """Return a list of texts of a draft, which may hold anything yet."""
    listed = document.get(key)
    return [text for text in listed if isinstance(text, str)] if isinstance(listed, list) else []


def lesson_preview(version: LessonVersion, _request: HttpRequest) -> dict[str, Any]:
    """Return what a learner would read."""
    try:
        lesson = parse_lesson(version.document)
    except DefinitionError as error:
        return {"faults": error.faults}
    return {"lesson": lesson, "theory": mark_safe(lesson.theory.html())}  # noqa: S308 - markup has cleaned it


def draft_of(lesson: Lesson) -> LessonVersion:
    """Return the draft of a lesson, begun from its current wording where there is none."""
    existing = lesson.versions.filter(status=Status.DRAFT).first()
    document = lesson.current.document if lesson.current else {"slug": lesson.slug, "title": lesson.title}
    return existing or authoring.draft_lesson(subject=lesson.subject, document=document, now=timezone.now())


class LessonVersions(VersionInline):
    model = LessonVersion


@admin.register(Lesson)
class LessonAdmin(VersionedDesk):
    list_display = ["title", "slug", "subject", "premium", "version"]
    list_select_related = ["subject"]
    list_filter = ["subject", "premium", "skills"]
    search_fields = ["title", "slug"]
    fields = ["subject", "slug", "title", "premium", "skills_listed"]
    readonly_fields = ["slug", "title", "premium", "skills_listed"]
    new_fields = ["subject", "slug", "title"]
    inlines = [LessonVersions]
    pages = [
        Page(
            "preview",
            "Preview",
            "admin/content/lesson_preview.html",
            lambda lesson, request: lesson_preview(lesson.current, request),
            shown=lambda lesson: lesson.current_id is not None,
        ),
        compare_page(lessons_beside),
    ]
    buttons = [Button("draft", "Edit the draft", draft_of, "The draft was opened.")]

    @admin.display(description="skills")
    def skills_listed(self, lesson: Lesson) -> str:
        return ", ".join(skill.title for skill in lesson.skills.all())

    def begin(self, request: HttpRequest, obj: Lesson, form: BaseModelForm[Lesson]) -> LessonVersion:
        """Begin a lesson for its author."""
        now = timezone.now()
        document = {"slug": obj.slug, "title": obj.title}
        author = account(request)
        draft = authoring.draft_lesson(subject=obj.subject, document=document, now=now, author=author)
        AuthorGrant.objects.give(draft.lesson, user=request.user, granted_by=request.user, now=now)
        return draft


@admin.register(LessonVersion)
class LessonVersionAdmin(VersionDesk):
    form = LessonDraftForm
    list_display = ["__str__", "title", "status", "created_at", "published_at"]
    list_select_related = ["lesson", "written_by", "published_by"]
    list_filter = ["status", "lesson__subject"]
    search_fields = ["lesson__slug", "lesson__title"]
    owner = "lesson"
    about = [
        "lesson",
        "number",
        "status",
        "written_by",
        "created_at",
        "published_by",
        "published_at",
        "retired_at",
    ]
    draft_fields = [*LessonDraftForm.base_fields]
    pages = [Page("preview", "Preview", "admin/content/lesson_preview.html", lesson_preview)]

    @admin.display(ordering="lesson__title")
    def title(self, version: LessonVersion) -> str:
        return version.lesson.title

    def examine(self, version: LessonVersion) -> None:
        authoring.checked_lesson(version.document, version.lesson.slug)

    def publish(self, version: LessonVersion, by: Any) -> None:
        authoring.publish_lesson(version=version, now=timezone.now(), published_by=by)

    def publish_anew(self, version: LessonVersion, by: Any) -> LessonVersion:
        return authoring.publish_lesson_anew(version=version, now=timezone.now(), published_by=by)

    def save_model(
        self, request: HttpRequest, obj: LessonVersion, form: LessonDraftForm, change: bool
    ) -> None:
        authoring.draft_lesson(
            subject=obj.lesson.subject,
            document=form.document(),
            now=timezone.now(),
            based_on=form.cleaned_data["based_on"],
            author=account(request),
        )
