"""What versions of items and of lessons have in common: a draft has a form, the rest is only looked at."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from content.admin.bases import TabularInline
from content.admin.desk import REFUSED, Desk, address, tell
from content.documents.text import dump_document
from content.items.refusals import REFUSALS, faults_in
from content.models import Version


class VersionInline(TabularInline):
    """The history of an item or a lesson; each version has a page of its own."""

    fields = ("number", "status", "created_at", "published_at", "retired_at")
    readonly_fields = fields
    show_change_link = True
    extra = 0
    can_delete = False

    def has_add_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


class VersionDesk(Desk):
    """A draft is edited, published or thrown away. ``about`` are the fields that only tell."""

    about: Sequence[str] = ()
    draft_fields: Sequence[str] = ()
    date_hierarchy = "created_at"
    actions = ["publish_selected"]

    def examine(self, version: Any) -> None:
        """Raise DefinitionError when the document of a draft is not ready."""
        raise NotImplementedError

    def publish(self, version: Any) -> None:
        """Call the verb that publishes."""
        raise NotImplementedError

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
        may_publish = self.has_change_permission(request, row)
        return {
            **super().tools(request, row),
            "desk_publish": may_publish,
            "desk_faults": self._faults(row) if may_publish else [],
        }

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
        try:
            self.publish(version)
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
