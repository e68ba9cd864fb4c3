"""What the pages of the desk share: buttons that call a verb, and pages beside the form."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DataError, IntegrityError
from django.db.models import Field, Model
from django.forms import ModelForm
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.views.decorators.http import require_POST

from content.admin.bases import ModelAdmin
from content.admin.formulas import formula_style
from content.authoring import AuthoringError
from content.catalogue import slug_fault
from content.items.refusals import REFUSALS, Refusal, faults_in

MOST_FAULTS = 20
"""More than these are not read at once anyway."""

REFUSED = (AuthoringError, *REFUSALS)
"""What the verbs of authoring raise when an author is to be told something."""

CONFLICT = (
    "The database refuses these values: most likely somebody else has saved the same name or position meanwhile. "
    "Nothing was saved; what you entered still stands here."
)


@dataclass(frozen=True, slots=True)
class Button:
    """Something that can be done with a row, by POST only and by those who may change it.

    ``do`` calls a verb and returns the row to look at next.
    """

    name: str
    label: str
    do: Callable[[Any], Model]
    done: str
    shown: Callable[[Any], bool] = lambda _row: True


@dataclass(frozen=True, slots=True)
class Page:
    """A page about a row beside its form, for those who may look at the row.

    ``context`` returns what its template shows, or where the browser goes on after something was done. One that
    ``writes`` is for those who may change the row. It asks before the button of the same name is pressed, if any is.
    """

    name: str
    label: str
    template: str
    context: Callable[[Any, HttpRequest], dict[str, Any] | HttpResponseRedirect]
    shown: Callable[[Any], bool] = lambda _row: True
    writes: bool = False


class KeepsText(ModelAdmin):
    """A save that is refused after its form was found sound gives the form back, with all that was entered."""

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> Any:
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except (*REFUSED, IntegrityError, DataError) as error:
            if request.method != "POST":
                raise
            request.META[_REFUSAL] = sentences(error)
            return super().changeform_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        form = super().get_form(request, obj, change, **options)
        return _refusing(form, request.META[_REFUSAL]) if _REFUSAL in request.META else form

    def formfield_for_dbfield(self, db_field: Field[Any, Any], request: HttpRequest, **options: Any) -> Any:
        """Let a slug be what documents and course folders can name: a stricter thing than the framework's."""
        field = super().formfield_for_dbfield(db_field, request, **options)
        if db_field.name == "slug" and field is not None:
            field.validators.append(check_slug)
        return field


_REFUSAL = "assay.refusal"
"""Where a request keeps why its first go at saving was refused."""


def _refusing(form: type[ModelForm[Any]], reasons: Sequence[str]) -> type[ModelForm[Any]]:
    """Return the form with one more thing wrong, whatever is entered."""

    def clean(self: ModelForm[Any]) -> Any:
        form.clean(self)
        raise ValidationError(list(reasons))

    return type(form.__name__, (form,), {"clean": clean})


def check_slug(slug: str) -> None:
    """Raises ValidationError for a slug that a document could not have."""
    if reason := slug_fault(slug):
        raise ValidationError(f"The slug {reason}.")


class KeepsSlug(KeepsText):
    """The slug of a row that exists is not changed: documents and addresses refer to it."""

    def get_readonly_fields(self, request: HttpRequest, obj: Model | None = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "slug"] if obj else fields

    def get_prepopulated_fields(self, request: HttpRequest, obj: Model | None = None) -> dict[str, Any]:
        return {} if obj else super().get_prepopulated_fields(request, obj)


class NeverDeleted(KeepsText):
    """Documents that have been published refer to these rows by their slugs."""

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


class Desk(KeepsText):
    """An admin whose rows have buttons and pages."""

    buttons: Sequence[Button] = ()
    pages: Sequence[Page] = ()
    change_form_template = "admin/content/desk_form.html"

    def get_urls(self) -> list[URLPattern]:
        name = f"{self.opts.app_label}_{self.opts.model_name}"
        press, show = self.admin_site.admin_view(self.press), self.admin_site.admin_view(self.show)
        return [
            path("<uuid:pk>/do/<slug:name>/", require_POST(press), name=f"{name}_do"),
            path("<uuid:pk>/page/<slug:name>/", show, name=f"{name}_page"),
            *super().get_urls(),
        ]

    def press(self, request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
        """Do what a button says, and say how it went."""
        row, button = self._row(request, pk), _named(self.buttons, name)
        if not self.has_change_permission(request, row):
            raise PermissionDenied
        try:
            goal = button.do(row)
        except REFUSED as error:
            tell(request, error)
            return HttpResponseRedirect(address(row))
        self.log_change(request, row, button.done)
        messages.success(request, button.done)
        return HttpResponseRedirect(address(goal))

    def show(self, request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
        """Show a page about a row."""
        row, page = self._row(request, pk), _named(self.pages, name)
        may = self.has_change_permission if page.writes else self.has_view_permission
        if not may(request, row):
            raise PermissionDenied
        if not page.shown(row):
            raise Http404
        found = page.context(row, request)
        if isinstance(found, HttpResponse):
            return found
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": row,
            "title": f"{page.label}: {row}",
            "formulas": formula_style(),
            "desk_pages": [one for one in self.pages if one.shown(row) and not one.writes],
            "desk_page": f"admin:{self.opts.app_label}_{self.opts.model_name}_page",
            "desk_here": name,
            "desk_do": f"admin:{self.opts.app_label}_{self.opts.model_name}_do",
            **found,
        }
        return TemplateResponse(request, page.template, context)

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is not None:
            extra_context = {**(extra_context or {}), **self.tools(request, row)}
        return super().change_view(request, object_id, form_url, extra_context)

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *arguments: Any, **options: Any
    ) -> HttpResponse:
        """Offer no saving where nothing can be entered: what is done with the row is done by its buttons."""
        inlines = context["inline_admin_formsets"]
        enterable = context["adminform"].form.fields or any(
            one.has_add_permission or one.has_change_permission or one.formset.can_delete for one in inlines
        )
        if not enterable:
            context |= {
                "show_save": False,
                "show_save_and_continue": False,
                "show_save_and_add_another": False,
            }
        return super().render_change_form(request, context, *arguments, **options)

    def tools(self, request: HttpRequest, row: Model) -> dict[str, Any]:
        """Return what the form shows around its fields."""
        may_change = self.has_change_permission(request, row)
        pages = [page for page in self.pages if page.shown(row) and (may_change or not page.writes)]
        asking = {page.name for page in pages}
        buttons = [one for one in self.buttons if may_change and one.shown(row) and one.name not in asking]
        return {
            "desk_buttons": buttons,
            "desk_pages": pages,
            "desk_do": f"admin:{self.opts.app_label}_{self.opts.model_name}_do",
            "desk_page": f"admin:{self.opts.app_label}_{self.opts.model_name}_page",
        }

    def _row(self, request: HttpRequest, pk: UUID) -> Model:
        row: Model | None = self.get_object(request, str(pk))
        if row is None:
            raise Http404
        return row


def address(row: Model) -> str:
    """Return where the form of a row is."""
    return reverse(f"admin:{row._meta.app_label}_{row._meta.model_name}_change", args=[row.pk])


def tell(request: HttpRequest, error: AuthoringError | Refusal) -> None:
    """Say why something was refused, fault by fault."""
    for text in sentences(error):
        messages.error(request, text)


def sentences(error: AuthoringError | Refusal | IntegrityError | DataError) -> list[str]:
    """Return what an author reads of a refusal, at most MOST_FAULTS of it, and never the name of a constraint."""
    if isinstance(error, IntegrityError | DataError):
        return [CONFLICT]
    if isinstance(error, AuthoringError):
        return [str(error)]
    faults = [f"{path}: {reason}" for path, reason in faults_in(error)]
    rest = len(faults) - MOST_FAULTS
    return [*faults[:MOST_FAULTS], f"… and {rest} more."] if rest > 0 else faults


def _named(things: Sequence[Any], name: str) -> Any:
    found = next((thing for thing in things if thing.name == name), None)
    if found is None:
        raise Http404
    return found
