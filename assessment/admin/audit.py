"""The audit at the desk: who did what, for superusers. Read, filtered and exported, never touched."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from axes.models import AccessAttempt
from django.contrib import admin
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.db.models.functions import Lower
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localtime
from django_otp.plugins.otp_totp.models import TOTPDevice

from assessment.admin.telling import Rows, Told, changes, goal, kind, sentence, who
from assessment.models import AuditEntry, User
from assessment.people.audited import AUDITED
from content.admin.bases import ModelAdmin
from content.sheets.writing import BOM, Lines, defused

AT_ONCE: Final = 500
"""Entries of an export whose rows are read together."""
MOST_PEOPLE: Final = 200
HEADINGS: Final = ("at", "who", "what", "way", "table", "row", "changes")

LONGEST_NUMBER: Final = 9
CONCERNS: Final = sorted(
    {column for one in AUDITED.values() for column in one.about}
    - {"number", "group_id", "permission_id", "role"}
)
"""Columns with ids, by which an entry is found from the page of what it is about."""


class Telling(ChangeList):
    """A list whose entries have their sentences, from the same few statements however many there are."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        tell(self.result_list)


class ByPerson(admin.SimpleListFilter):
    title = "person"
    parameter_name = "person"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        staff = User.objects.filter(is_staff=True).order_by("username").values_list("pk", "username")
        return [(str(key), name) for key, name in staff[:MOST_PEOPLE]]

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(actor=self.value()) if _is_id(self.value()) else queryset


class ByTable(admin.SimpleListFilter):
    title = "what"
    parameter_name = "table"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return sorted(((what, kind(what)) for what in AUDITED), key=lambda pair: pair[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        return queryset.filter(what=self.value()) if self.value() in AUDITED else queryset


class ByRow(admin.SimpleListFilter):
    """What concerns one row: the row itself, what belongs to it, and for a person what the person did."""

    title = "row"
    parameter_name = "concerns"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("", "")]

    def choices(self, changelist: Any) -> Iterator[Any]:
        yield {
            "selected": not self.value(),
            "query_string": changelist.get_query_string(remove=[self.parameter_name]),
            "display": "All",
        }
        if self.value():
            yield {"selected": True, "query_string": changelist.get_query_string(), "display": self.value()}

    def queryset(self, request: HttpRequest, queryset: QuerySet[AuditEntry]) -> QuerySet[AuditEntry]:
        key = self.value()
        if not key:
            return queryset
        if _is_id(key):
            about = [Q(about__contains={column: key}) for column in CONCERNS]
            return queryset.filter(reduce(or_, about, Q(row_id=key) | Q(actor=key)))
        if _is_number(key):
            return queryset.filter(
                Q(what="auth_group", row_id=key) | Q(about__contains={"group_id": int(key)})
            )
        return queryset.none()


@admin.register(AuditEntry)
class AuditAdmin(ModelAdmin):
    list_display = ["when", "told", "door", "leads_to"]
    list_filter = [ByPerson, ByTable, "operation", "door", "at", ByRow]
    search_fields = ["actor_name", "=row_id"]
    date_hierarchy = "at"
    show_full_result_count = False
    change_list_template = "admin/assessment/audit/list.html"
    fields = ["at", "told", "door", "leads_to", "moved"]

    def get_changelist(self, request: HttpRequest, **options: Any) -> type[ChangeList]:
        return Telling

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {"title": "Audit", **(extra_context or {})})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        entry: AuditEntry | None = super().get_object(request, object_id, from_field)
        tell([entry] if entry else [])
        return entry

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("export/", view(self.export), name="assessment_auditentry_export"),
            path("failed/", view(self.failed), name="assessment_auditentry_failed"),
            *super().get_urls(),
        ]

    def export(self, request: HttpRequest) -> HttpResponse | StreamingHttpResponse:
        """Send the filtered list as a table."""
        self._check(request)
        entries = self.get_changelist_instance(request).get_queryset(request)
        return StreamingHttpResponse(
            _lines(entries),
            content_type="text/csv; charset=utf-8",
            headers={"Content-Disposition": 'attachment; filename="audit.csv"'},
        )

    def failed(self, request: HttpRequest) -> HttpResponse:
        """Show at whose accounts somebody guesses: wrong passwords and wrong codes of staff."""
        self._check(request)
        staff = User.objects.filter(is_staff=True).values(name=Lower("username"))
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Failed sign-ins of staff",
            "passwords": AccessAttempt.objects.filter(username__in=staff).order_by("-attempt_time"),
            "codes": TOTPDevice.objects.filter(throttling_failure_count__gt=0)
            .select_related("user")
            .order_by("-throttling_failure_timestamp"),
        }
        return TemplateResponse(request, "admin/assessment/audit/failed.html", context)

    @admin.display(description="at", ordering="at")
    def when(self, entry: Any) -> str:
        return f"{localtime(entry.at):%d %b %Y, %H:%M}"

    @admin.display(description="who did what")
    def told(self, entry: Any) -> str:
        return sentence(entry.told)

    @admin.display(description="look at")
    def leads_to(self, entry: Any) -> str:
        found = goal(entry.told)
        return format_html('<a href="{}">{}</a>', found[1], found[0]) if found else "–"

    @admin.display(description="before and since")
    def moved(self, entry: Any) -> str:
        return format_html_join("", "<p>{}: {} → {}</p>", changes(entry.told)) or "–"

    def _check(self, request: HttpRequest) -> None:
        if not self.has_view_permission(request):
            raise PermissionDenied

    def has_module_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


def tell(entries: Iterable[Any]) -> None:
    """Give each entry what its sentence names."""
    entries = list(entries)
    rows = Rows.of(entries)
    for entry in entries:
        entry.told = Told(entry, rows)


def _lines(entries: QuerySet[AuditEntry]) -> Iterator[bytes]:
    """Yield the lines of a table, the newest entry first, read in portions by their numbers."""
    writer = csv.writer(Lines())
    yield BOM + writer.writerow(HEADINGS)
    newest_first, last = entries.order_by("-id"), None
    while portion := list((newest_first if last is None else newest_first.filter(pk__lt=last))[:AT_ONCE]):
        last = portion[-1].pk
        tell(portion)
        for entry in portion:
            yield writer.writerow([defused(cell) for cell in _cells(entry)])


def _cells(entry: Any) -> list[str]:
    moved = "; ".join(f"{name}: {before} → {after}" for name, before, after in changes(entry.told))
    at, way = entry.at.isoformat(timespec="seconds"), entry.get_door_display()
    return [at, who(entry), sentence(entry.told), way, kind(entry.what), entry.row_id, moved]


def _is_id(text: str | None) -> bool:
    try:
        return bool(UUID(text or ""))
    except ValueError:
        return False


def _is_number(text: str) -> bool:
    """Whether it may be the number of a group, which has no other kind of id."""
    return text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER
