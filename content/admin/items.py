"""Items and their versions: draft, try, publish, retire."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from django.contrib import admin
from django.db.models import Q
from django.forms import BaseModelForm
from django.http import HttpRequest
from django.urls import URLPattern, path
from django.utils import timezone
from django.views.decorators.http import require_GET, require_POST

from content import authoring
from content.admin.beginning import Begins
from content.admin.comparing import compare_page, items_beside
from content.admin.consequences import RETIRE
from content.admin.desk import Button, Page
from content.admin.editing import Editor, document_of
from content.admin.evidence import evidence_pages
from content.admin.forms import DraftForm, NewItemForm, written
from content.admin.item_list import ItemList, tags_seen
from content.admin.item_pages import ACTIONS, DUPLICATE, MOVE, item_form
from content.admin.item_panels import PANELS
from content.admin.naming import find_names, make_name
from content.admin.reviews import Reviewed, to_decide
from content.admin.scoped import account, rights_of
from content.admin.trying import VARIANTS, draw_some, drawn_again, preview
from content.admin.versions import RETIRING, RetirableDesk, VersionInline
from content.curating import tag_item, tags_of
from content.documents.editing import Edit
from content.documents.examining import Examination
from content.documents.form import Schema
from content.documents.source import read_source
from content.expressions import exact
from content.items.definition import ItemDefinition
from content.items.examining import examine_item
from content.items.form import Section, completed, form_schema, sections, with_answer, without_answer
from content.items.interactions import INTERACTIONS
from content.items.parsing.document import parse_definition
from content.items.refusals import REFUSALS, faults_in
from content.models import Item, ItemBank, ItemVersion, Status


class ItemVersions(VersionInline):
    model = ItemVersion


def draft_of(item: Item) -> ItemVersion:
    """Return the draft of an item, begun from its current wording where there is none."""
    existing = item.versions.filter(status=Status.DRAFT).first()
    document = item.current.document if item.current else {"slug": item.slug, "title": item.title}
    source = item.current.source if item.current else ""
    now = timezone.now()
    return existing or authoring.draft_item(bank=item.bank, document=document, source=source, now=now)


def item_preview(version: ItemVersion, request: HttpRequest) -> dict[str, Any]:
    """Return what a learner would see of a version, and the verdict on an answer that was tried."""
    start = _whole(request.GET.get("start"))
    tried = request.POST.get("seed", "") if request.method == "POST" else None
    try:
        definition = parse_definition(version.document)
        previews = [
            preview(definition, variant, request.POST if str(variant.seed) == tried else None)
            for variant in _including(definition, draw_some(definition, start), tried)
        ]
    except REFUSALS as error:
        return {"faults": faults_in(error)}
    return {"definition": definition, "start": start, "next_start": start + 1, "previews": previews}


def preview_to_review(version: ItemVersion, request: HttpRequest) -> dict[str, Any]:
    """Return the preview, and what a reviewer needs to decide on it."""
    return {**item_preview(version, request), **to_decide(version, account(request), timezone.now())}


def _including(definition: ItemDefinition, variants: list[Any], tried: str | None) -> list[Any]:
    """Put the variant that was tried first when it is not among those drawn."""
    if tried is None or any(str(variant.seed) == tried for variant in variants):
        return variants
    again = drawn_again(definition, tried)
    return [again, *variants][:VARIANTS] if again else variants


def _whole(text: str | None) -> int:
    return exact.whole(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


@admin.register(Item)
class ItemAdmin(Begins, ItemList):
    autocomplete_fields = ["bank"]
    readonly_fields = ["bank", "slug", "title", "interactions", "use", "skills_listed", "retired_at"]
    fields = [*readonly_fields, "tags"]
    new_fields = ["bank", "document"]
    inlines = [ItemVersions]
    pages = [
        Page(
            "preview",
            "Preview",
            "admin/content/item_preview.html",
            lambda item, request: item_preview(item.current, request),
            shown=lambda item: item.current_id is not None,
        ),
        *evidence_pages(lambda item: item.current),
        compare_page(items_beside),
        DUPLICATE,
        MOVE,
        RETIRE,
    ]
    actions = (*ACTIONS, *RetirableDesk.actions)
    buttons = [Button("draft", "Edit the draft", draft_of, "The draft was opened."), *RETIRING]

    def choices(self, db_field: Any, request: HttpRequest) -> Q | None:
        """Offer the banks that the user writes in: those that are reviewed are seen besides."""
        if db_field.name != "bank" or request.user.is_superuser:
            return super().choices(db_field, request)
        return rights_of(self.admin_site).rows(request.user, "change", ItemBank, timezone.now())

    @admin.display(description="skills")
    def skills_listed(self, item: Item) -> str:
        return ", ".join(skill.title for skill in item.skills.all())

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **options: Any) -> Any:
        options["form"] = NewItemForm if obj is None else item_form(tags_seen(request))
        return super().get_form(request, obj, change, **options)

    def save_model(self, request: HttpRequest, obj: Item, form: Any, change: bool) -> None:
        """Keep what was changed about the tags: somebody else may have added one meanwhile."""
        if not change:
            return super().save_model(request, obj, form, change)
        shown = form.data.get(form.add_initial_prefix("tags"))
        before = set(form.initial.get("tags", ()) if shown is None else tags_of(shown))
        after = set(form.cleaned_data["tags"])
        obj.tags = tag_item(item=obj, add=after - before, remove=before - after).tags
        return None

    def begin(self, request: HttpRequest, obj: Item, form: BaseModelForm[Item]) -> ItemVersion:
        return authoring.draft_item(
            bank=obj.bank,
            document=form.cleaned_data["document"],
            source=written(form),
            now=timezone.now(),
            author=account(request),
        )


@admin.register(ItemVersion)
class ItemVersionAdmin(Reviewed, Editor):
    form = DraftForm
    panels = PANELS
    list_display = ["__str__", "title", "bank", "status", "created_at", "published_at"]
    list_select_related = ["item__bank", "written_by", "published_by"]
    list_filter = ["status", "item__bank", "item__is_exercise"]
    search_fields = ["item__slug", "item__title"]
    draft_fields = ["document", "based_on"]
    owner = "item"
    about = [
        "item",
        "number",
        "status",
        "written_by",
        "created_at",
        "published_by",
        "published_at",
        "retired_at",
        "certified",
        "reviews",
    ]
    pages = [
        Page("preview", "Preview", "admin/content/item_preview.html", preview_to_review),
        *evidence_pages(lambda version: version),
    ]

    @admin.display(ordering="item__title")
    def title(self, version: ItemVersion) -> str:
        return version.item.title

    @admin.display(ordering="item__bank")
    def bank(self, version: ItemVersion) -> str:
        return version.item.bank.title

    @admin.display(description="certificate")
    def certified(self, version: ItemVersion) -> str:
        """Say what the certificate found, in the fewest words."""
        found = version.certificate
        if not found:
            return "none yet"
        return f"{found['draws']} draws tried, {found['fenced']:.1%} rejected, {found['distinct']} different"

    def get_urls(self) -> list[URLPattern]:
        return [
            path("names/", self._open(require_GET, find_names), name="content_names"),
            path("names/new/", self._open(require_POST, make_name), name="content_new_name"),
            *super().get_urls(),
        ]

    def _open(self, method: Callable[..., Any], view: Callable[..., Any]) -> Callable[..., Any]:
        """Return a view of everybody at the desk."""
        opened: Callable[..., Any] = self.admin_site.admin_view(method(partial(view, self.admin_site)))
        return opened

    def schema(self) -> Schema:
        return form_schema()

    def form_of(self, document: Mapping[str, Any]) -> Sequence[Section]:
        return sections(document)

    def complete(self, edit: Edit, document: Mapping[str, Any]) -> Sequence[Edit]:
        return list(completed(edit, document))

    def commanded(self, document: Mapping[str, Any], command: str, argument: str) -> Sequence[Edit]:
        """Return the edits that add an answer of a kind, or remove one."""
        if command == "add" and argument in INTERACTIONS:
            return with_answer(document, argument)
        if command == "remove":
            return without_answer(document, argument)
        return super().commanded(document, command, argument)

    def examined(
        self, _request: HttpRequest, text: str, version: ItemVersion, *, certified: bool = False
    ) -> Examination[Any]:
        names = authoring.known_names(read_source(text).document)
        return examine_item(text, names, slug=version.item.slug, certified=certified)

    def keep(self, request: HttpRequest, version: ItemVersion, text: str, based_on: str) -> ItemVersion:
        return authoring.draft_item(
            bank=version.item.bank,
            document=document_of(text, version.item.slug),
            source=text,
            now=timezone.now(),
            based_on=based_on,
            author=account(request),
        )

    def examine(self, version: ItemVersion) -> None:
        authoring.checked_item(version.document, version.item.slug)

    def publish(self, version: ItemVersion, by: Any) -> None:
        authoring.publish_item(version=version, now=timezone.now(), published_by=by)

    def publish_anew(self, version: ItemVersion, by: Any) -> ItemVersion:
        """Publish it once more; where a bank needs review, begin a draft that can be sent to one."""
        if self.is_published_alone(version):
            return authoring.publish_item_anew(version=version, now=timezone.now(), published_by=by)
        return authoring.draft_item_anew(version=version, now=timezone.now(), author=by)

    def save_model(
        self, request: HttpRequest, obj: ItemVersion, form: BaseModelForm[ItemVersion], change: bool
    ) -> None:
        authoring.draft_item(
            bank=obj.item.bank,
            document=form.cleaned_data["document"],
            source=written(form),
            now=timezone.now(),
            based_on=form.cleaned_data["based_on"],
            author=account(request),
        )
