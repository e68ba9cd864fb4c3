"""What has versions and what versions have in common: a draft has a form, the rest is only looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Exists, F, Model, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from content import authoring
from content.admin.bases import TabularInline
from content.admin.bulk import RESTORE_ALL, RETIRE_ALL
from content.admin.comparing import comparing
from content.admin.desk import REFUSED, Button, Desk, address, tell
from content.admin.history import history
from content.admin.scoped import Scoped, account
from content.documents.text import dump_document
from content.items.refusals import REFUSALS, faults_in
from content.models import Status, Version


class VersionInline(TabularInline):
    """The history of something; each version has a page of its own."""

    fields = (
        "number",
        "status",
        "created_at",
        "written_by",
        "published_at",
        "published_by",
        "retired_at",
        "compared",
    )
    readonly_fields = fields
    show_change_link = True
    extra = 0
    can_delete = False

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        queryset: QuerySet[Any] = super().get_queryset(request)
        return queryset.select_related("written_by", "published_by")

    @admin.display(description="compare")
    def compared(self, version: Any) -> SafeString | str:
        """Lead to the page that compares it: the first has nothing before it."""
        if version.number == 1:
            return "–"
        owner = getattr(version, self.parent_model._meta.model_name or "")
        return format_html(
            '<a href="{}" aria-label="Compare version {} with the one before">with the one before</a>',
            comparing(owner, version),
            version.number,
        )

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


class VersionedDesk(Scoped, Desk):
    """What has versions: begun with a draft, changed by drafts, never deleted.

    ``new_fields`` are asked for at the beginning. Lists may show ``version`` and ``drafts``.
    """

    new_fields: Sequence[str] = ()
    object_history_template = "admin/content/history.html"

    def begin(self, request: HttpRequest, obj: Any, form: Any) -> Any:
        """Call the verb that begins something with its draft, and return the draft."""
        raise NotImplementedError

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        relation = self.model._meta.get_field("versions")
        drafts = relation.related_model._default_manager.filter(
            **{relation.field.name: OuterRef("pk")}, status=Status.DRAFT
        )
        # Not the current version itself: a filter by skill makes the list distinct, and documents do not compare.
        queryset: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .annotate(current_number=F("current__number"), has_draft=Exists(drafts))
        )
        return queryset

    @admin.display(ordering="current_number", empty_value="–")
    def version(self, row: Any) -> str | None:
        return f"v{row.current_number}" if row.current_number else None

    @admin.display(boolean=True, description="draft", ordering="has_draft")
    def drafts(self, row: Any) -> bool:
        return bool(row.has_draft)

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """What learners have had of it stays."""
        return False

    def get_fields(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        return self.fields if obj else self.new_fields

    def get_inlines(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        return self.inlines if obj else []

    def get_readonly_fields(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        return self.readonly_fields if obj else []

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        """Begin something new with its draft; of what exists only what is no part of its document can be changed."""
        if change:
            return super().save_model(request, obj, form, change)
        obj.pk = getattr(self.begin(request, obj, form), f"{self.opts.model_name}_id")
        obj.refresh_from_db()
        return None

    def response_add(
        self, request: HttpRequest, obj: Any, post_url_continue: str | None = None
    ) -> HttpResponse:
        """Go on with the draft."""
        self.message_user(request, f"The {self.opts.verbose_name} was begun. This is its draft.")
        return HttpResponseRedirect(address(obj.versions.get(status=Status.DRAFT)))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> Any:
        """Tell what was done with the row and with its versions, publications by programs among it."""
        row = self.get_object(request, object_id)
        told = {"events": history(row) if row is not None else []}
        return super().history_view(request, object_id, {**(extra_context or {}), **told})


class RetirableDesk(VersionedDesk):
    """What can be retired as well."""

    actions: Sequence[Any] = (RETIRE_ALL, RESTORE_ALL)

    @admin.display(boolean=True, description="served")
    def is_served(self, row: Any) -> bool:
        return row.current_id is not None and row.retired_at is None


RETIRING = (
    Button(
        "retire",
        "Retire",
        lambda row: authoring.retire(row=row, now=timezone.now()),
        "This is retired: nobody is given it any more.",
        shown=lambda row: row.retired_at is None,
    ),
    Button(
        "restore",
        "Restore",
        lambda row: authoring.restore(row=row),
        "This is given to learners again.",
        shown=lambda row: row.retired_at is not None,
    ),
)
"""The buttons of a `RetirableDesk`."""


class VersionDesk(Scoped, Desk):
    """A draft is edited, published or thrown away. ``about`` are the fields that only tell.

    ``owner`` names the field of what it is a version of.
    """

    about: Sequence[str] = ()
    owner: str = ""
    draft_fields: Sequence[str] = ()
    date_hierarchy = "created_at"
    actions = ["publish_selected"]

    def examine(self, version: Any) -> None:
        """Raise DefinitionError when the document of a draft is not ready."""
        raise NotImplementedError

    def publish(self, version: Any, by: Any) -> None:
        """Call the verb that publishes."""
        raise NotImplementedError

    def publish_anew(self, version: Any, by: Any) -> Any:
        """Call the verb that publishes a retired version once more, and return the new one.

        Where nobody publishes alone, begin a draft with its wording.
        """
        raise NotImplementedError

    def get_urls(self) -> list[URLPattern]:
        anew = self.admin_site.admin_view(require_POST(self.press_anew))
        name = f"{self.opts.app_label}_{self.opts.model_name}_anew"
        return [path("<uuid:pk>/anew/", anew, name=name), *super().get_urls()]

    def press_anew(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Publish a retired version anew, and say what became of it and of a draft."""
        version: Any = self._row(request, pk)
        if not self.may_anew(request, version):
            raise PermissionDenied
        try:
            again = self.publish_anew(version, account(request))
        except REFUSED as error:
            tell(request, error)
            return HttpResponseRedirect(address(version))
        if again.is_draft:
            self.log_change(request, again, f"Begun from {version}.")
            messages.success(request, f"{again} is a draft with the wording of {version}. It needs a review.")
            return HttpResponseRedirect(address(again))
        self.log_change(request, again, f"Published anew from {version}.")
        messages.success(
            request, f"{version} is published anew as {again}: learners are given it from now on."
        )
        if (
            draft := type(version)
            ._default_manager.filter(**self._siblings(version), status=Status.DRAFT)
            .first()
        ):
            messages.info(request, f"The draft {draft} stays as it is.")
        return HttpResponseRedirect(address(again))

    def may_anew(self, request: HttpRequest, version: Version) -> bool:
        """Whether somebody may publish a version once more: it was, and whoever may change drafts may."""
        return version.status == Status.RETIRED and super().has_change_permission(request, version)

    def _siblings(self, version: Any) -> dict[str, Any]:
        return {self.owner: getattr(version, f"{self.owner}_id")}

    def has_add_permission(self, _request: HttpRequest) -> bool:
        """Drafts are begun from what they are drafts of."""
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return super().has_change_permission(request, obj) and _is_open(obj)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """A draft may be thrown away, and nothing else."""
        return super().has_delete_permission(request, obj) and _is_open(obj)

    def get_fields(self, _request: HttpRequest, obj: Model | None = None) -> Any:
        return [*self.about, *(self.draft_fields if _is_open(obj) else ["wording"])]

    def get_readonly_fields(self, _request: HttpRequest, _obj: Model | None = None) -> Any:
        return [*self.about, "wording"]

    @admin.display(description="document")
    def wording(self, version: Version) -> SafeString:
        return format_html('<pre class="document">{}</pre>', dump_document(version.document))

    def tools(self, request: HttpRequest, row: Model) -> dict[str, Any]:
        may_change = self.has_change_permission(request, row)
        return {
            **super().tools(request, row),
            "desk_publish": may_change and self.is_published_alone(row),
            "desk_anew": self._anew(request, row),
            "desk_faults": self._faults(row) if may_change else [],
        }

    def _anew(self, request: HttpRequest, row: Any) -> dict[str, str] | None:
        """Return the button of a retired version: what it says, and where it leads."""
        if not self.may_anew(request, row):
            return None
        label = "Publish anew" if self.is_published_alone(row) else "Begin a draft from this"
        name = f"admin:{self.opts.app_label}_{self.opts.model_name}_anew"
        return {"label": label, "address": reverse(name, args=[row.pk])}

    def is_published_alone(self, _version: Any) -> bool:
        """Whether whoever writes a draft may publish it."""
        return True

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Publish what has been saved, if that button was pressed."""
        if "_publish" not in request.POST:
            return super().response_change(request, obj)
        if self._publish(request, obj):
            self.message_user(request, f"{obj} is published: learners are given it from now on.")
        else:
            self.message_user(request, "The draft is saved, but not published.", "warning")
        return HttpResponseRedirect(address(obj))

    @admin.action(description="Publish the selected drafts", permissions=["change"])
    def publish_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        published = sum(self._publish(request, version) for version in queryset)
        self.message_user(request, f"{published} of {len(queryset)} are published.")

    def _publish(self, request: HttpRequest, version: Any) -> bool:
        if not self.may(request, "change", version):
            self.message_user(request, f"{version} is not yours to publish.", messages.ERROR)
            return False
        try:
            self.publish(version, account(request))
        except REFUSED as error:
            tell(request, error)
            return False
        self.log_change(request, version, "Published.")
        return True

    def _faults(self, version: Any) -> list[tuple[str, str]]:
        try:
            self.examine(version)
        except REFUSALS as error:
            return faults_in(error)
        return []


def _is_open(version: Model | None) -> bool:
    return version is None or (isinstance(version, Version) and version.is_draft)
