"""Imports at the desk: files are brought, looked at, carried out, and taken back."""

from __future__ import annotations

from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.views.decorators.http import require_POST

from assessment.transfer.undoing import undo_import
from assessment.transfer.waiting import ImportChanged, TooMuch, carry_out, plan_import
from content.admin.scoped import Scoped, account, rights_of
from content.catalogue import slug_fault
from content.formats.registry import FORMATS
from content.formats.sheet import template
from content.models import ImportRun, ImportState, ItemBank
from content.sheets.files import KINDS

ACCEPTED: Final = ".zip,.yaml,.yml,.xml,.gift,.txt,.csv,.xlsx"
WORDS: Final = {
    "imported": "imported",
    "loss": "imported with losses",
    "refused": "refused",
    "unchanged": "unchanged",
}


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Files, as many as were chosen."""

    def clean(self, data: Any, initial: Any = None) -> Any:
        listed = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in listed if one or len(listed) == 1]


class ImportForm(forms.Form):
    """``banks`` are those in which somebody writes."""

    brought = FilesField(
        label="Files",
        widget=SeveralFiles(attrs={"multiple": True, "accept": ACCEPTED}),
        help_text="What a file is, its content says. An archive (.zip) may hold any of the others.",
    )
    bank = forms.ModelChoiceField(
        queryset=ItemBank.objects.none(),
        required=False,
        to_field_name="slug",
        help_text="Where items and questions go. A course folder says it itself.",
    )
    new_bank = forms.CharField(
        required=False, max_length=100, label="Or a new bank", help_text="Its slug, such as week-one."
    )

    def __init__(self, *arguments: Any, banks: QuerySet[ItemBank], **options: Any) -> None:
        super().__init__(*arguments, **options)
        self.fields["bank"].queryset = banks  # type: ignore[attr-defined]  # a field of a model has one

    def clean_new_bank(self) -> str:
        slug: str = self.cleaned_data["new_bank"].strip()
        if slug and (reason := slug_fault(slug)):
            raise forms.ValidationError(f"The slug {reason}.")
        if slug and ItemBank.objects.filter(slug=slug).exists():
            raise forms.ValidationError("There is a bank of this name already. Choose another name.")
        return slug

    def clean(self) -> dict[str, Any]:
        said: dict[str, Any] = super().clean() or {}
        if said.get("bank") and said.get("new_bank"):
            self.add_error("new_bank", "Choose a bank or name a new one, not both.")
        return said

    @property
    def bank_slug(self) -> str:
        bank = self.cleaned_data.get("bank")
        return str(bank.slug if bank else self.cleaned_data["new_bank"])


@admin.register(ImportRun)
class ImportRunAdmin(Scoped):
    list_display = ["sources", "begun_at", "by", "bank_slug", "state", "counted"]
    list_filter = ["state"]
    search_fields = ["sources", "bank_slug"]
    date_hierarchy = "begun_at"
    list_select_related = ["by"]

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """An import is carried out or taken back, and not changed."""
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    @admin.display(description="items")
    def counted(self, run: ImportRun) -> str:
        return ", ".join(
            f"{count} {WORDS.get(name, name)}"
            for name, count in run.result.get("counts", {}).items()
            if count
        )

    def get_urls(self) -> list[URLPattern]:
        do = self.admin_site.admin_view(require_POST(self.do))
        sheet = self.admin_site.admin_view(self.sheet)
        return [
            path("<uuid:pk>/do/<slug:name>/", do, name="content_importrun_do"),
            path("table.<slug:kind>", sheet, name="content_importrun_table"),
            *super().get_urls(),
        ]

    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponse:
        """Take files in and look at them."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = ImportForm(request.POST or None, request.FILES or None, banks=self._banks(request))
        if request.method == "POST" and form.is_valid() and (run := self._planned(request, form)):
            return HttpResponseRedirect(_address(run))
        return self._page(request, "add", "Import", form=form, formats=FORMATS)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Show what an import would do, or did."""
        if request.method == "POST":
            raise PermissionDenied
        run = self.get_object(request, object_id)
        if run is None:
            raise Http404
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        titles = {ImportState.PLANNED: "What would be imported", ImportState.DONE: "What was imported"}
        title = titles.get(ImportState(run.state), "An import that was taken back")
        return self._page(request, "run", title, run=run, said=_said(run), original=run)

    def do(self, request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
        """Carry out what waits, forget it, or take back what was done."""
        run = self.get_object(request, str(pk))
        if run is None:
            raise Http404
        if not self.may(request, "undo", run):
            raise PermissionDenied
        if name == "carry" and run.state == ImportState.PLANNED:
            return self._carried(request, run)
        if name == "forget" and run.state == ImportState.PLANNED:
            run.delete()
            messages.success(request, "It was forgotten. Nothing was imported.")
            return HttpResponseRedirect(reverse("admin:content_importrun_changelist"))
        if name == "undo" and run.state == ImportState.DONE:
            done = undo_import(run=run, by=account(request), now=timezone.now())
            kept = sum(one.outcome == "kept" for one in done)
            rest = f" {kept} of its rows stay as they are; below is why." if kept else ""
            messages.success(request, f"The import was taken back.{rest}")
        return HttpResponseRedirect(_address(run))

    def sheet(self, _request: HttpRequest, kind: str) -> HttpResponse:
        """Return a table to be filled, with an example of each kind."""
        if kind not in KINDS:
            raise Http404
        name = f'attachment; filename="items.{kind}"'
        return HttpResponse(template(kind), content_type=KINDS[kind], headers={"Content-Disposition": name})

    def _planned(self, request: HttpRequest, form: ImportForm) -> ImportRun | None:
        files = [(one.name or "file", one.read()) for one in form.cleaned_data["brought"]]
        try:
            return plan_import(files=files, bank_slug=form.bank_slug, by=account(request), now=timezone.now())
        except TooMuch as reason:
            form.add_error("brought", str(reason))
            return None

    def _carried(self, request: HttpRequest, run: ImportRun) -> HttpResponse:
        bank = ItemBank.objects.filter(slug=run.bank_slug).first()
        if bank and not self._banks(request).filter(pk=bank.pk).exists():
            raise PermissionDenied
        try:
            done = carry_out(run=run, by=account(request), now=timezone.now())
        except ImportChanged:
            messages.warning(
                request, "Something has changed since you looked. Nothing was imported: look again."
            )
            return HttpResponseRedirect(_address(run))
        if done.state == ImportState.DONE:
            messages.success(request, "It was imported.")
        else:
            messages.warning(request, "There was nothing to import.")
        return HttpResponseRedirect(_address(done))

    def _banks(self, request: HttpRequest) -> QuerySet[ItemBank]:
        condition = rights_of(self.admin_site).rows(request.user, "change", ItemBank, timezone.now())
        return ItemBank.objects.filter(condition).distinct()

    def _page(self, request: HttpRequest, name: str, title: str, **more: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": title,
            "may_bring_courses": request.user.is_superuser,
            "has_change_permission": False,
            **more,
        }
        return TemplateResponse(request, f"admin/assessment/import_{name}.html", context)


def _address(run: ImportRun) -> str:
    return reverse("admin:content_importrun_change", args=[run.pk])


def _said(run: ImportRun) -> dict[str, Any]:
    """Return what a run has to say, item by item."""
    result = run.result
    return {
        "counts": [(WORDS[name], count) for name, count in result.get("counts", {}).items()],
        "items": [one | {"word": WORDS[one["status"]]} for one in result.get("items", ())],
        "others": result.get("others", ()),
        "faults": result.get("faults", ()),
        "gives_way": result.get("gives_way", ()),
        "remarks": result.get("remarks", ()),
        "new_bank": result.get("new_bank"),
        "writes": any(one.get("change") for one in result.get("items", ())) or bool(result.get("others")),
    }
