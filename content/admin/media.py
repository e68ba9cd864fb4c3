"""Images: brought, several at once, looked at, found for a text, and deleted while nothing shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import UploadedFile
from django.db import IntegrityError, transaction
from django.db.models import Count, F, Func, Model, Q, QuerySet, TextField, Value
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.defaultfilters import filesizeformat
from django.template.response import TemplateResponse
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST, require_safe

from content.admin.desk import address
from content.admin.scoped import Scoped, account
from content.media.reading import MOST_BYTES_KEPT, MOST_BYTES_READ, ImageRefused
from content.models import ItemVersion, Media, Status
from content.uploading import Kept, keep_image, unused, used_in

MOST_FILES: Final = 20
"""Of one form. Each takes up to a second."""
PICKED: Final = 24
"""Images that the editor of an item offers at once."""


@dataclass(frozen=True, slots=True)
class Brought:
    """What became of a file: an image, or a reason why not."""

    file: str
    kept: Kept | None = None
    reason: str = ""


class Use(admin.SimpleListFilter):
    """Which images something shows."""

    title = "use"
    parameter_name = "use"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("shown", "shown somewhere"), ("unused", "shown nowhere"), ("own", "uploaded by me")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Media]) -> QuerySet[Media]:
        conditions = {"shown": ~unused(), "unused": unused(), "own": Q(uploaded_by=account(request))}
        return queryset.filter(conditions[value]) if (value := self.value()) in conditions else queryset


@admin.register(Media)
class MediaAdmin(Scoped):
    list_display = ["preview", "called", "pixels", "length", "shown", "uploaded_by", "uploaded_at"]
    list_display_links = ["called"]
    list_select_related = ["uploaded_by"]
    list_filter = [Use]
    list_per_page = 50
    ordering = ["-id"]
    search_fields = ["name"]
    actions = None
    readonly_fields = ["large", "markdown", "pixels", "length", "shown_in", "uploaded_by", "uploaded_at"]
    fields = [*readonly_fields]

    @property
    def media(self) -> forms.Media:
        style = forms.Media(css={"all": ["content/desk.css", "content/media.css"]}, js=["content/media.js"])
        return super().media + style

    def get_urls(self) -> list[URLPattern]:
        upload = self.admin_site.admin_view(require_POST(self.upload))
        pick = self.admin_site.admin_view(require_safe(self.pick))
        return [
            path("upload/", upload, name="content_media_upload"),
            path("pick/", pick, name="content_media_pick"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        rows: Any = super().get_queryset(request)
        counted: QuerySet[Any] = rows.described().annotate(
            items=Count("item_versions__item", distinct=True),
            lessons=Count("lesson_versions__lesson", distinct=True),
        )
        return counted

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        """An image never changes: another one has another name."""
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        """What is shown somewhere stays, whoever asks."""
        may = super().has_delete_permission(request, obj)
        return may and (obj is None or not any(used_in(obj)))  # type: ignore[arg-type]  # obj is one of our rows

    def add_view(
        self, request: HttpRequest, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        """Take several files at once: what is refused says why, and takes nothing from the others."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        brought = list(self._brought(request)) if request.method == "POST" else None
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "title": "Upload images",
            "brought": brought,
            "most_files": MOST_FILES,
            "most_read": MOST_BYTES_READ,
            "most_kept": MOST_BYTES_KEPT,
            **(extra_context or {}),
        }
        return TemplateResponse(request, "admin/content/media_upload.html", context)

    def _brought(self, request: HttpRequest) -> Iterator[Brought]:
        files = request.FILES.getlist("file")
        for file in files[:MOST_FILES]:
            yield self._bring(request, file)
        for file in files[MOST_FILES:]:
            yield Brought(
                _called(file), reason=f"{MOST_FILES} files are taken at once: bring this one again."
            )

    def _bring(self, request: HttpRequest, file: UploadedFile[Any]) -> Brought:
        """Keep what is in a file, if it is an image. It is read no further than an image may be long."""
        try:
            data = file.read(MOST_BYTES_READ + 1)
            kept = keep_image(data=data, file=file.name or "", by=account(request), now=timezone.now())
        except ImageRefused as error:
            return Brought(_called(file), reason=error.reason)
        if kept.is_new:
            self.log_addition(request, kept.media, [{"added": {}}])
        return Brought(_called(file), kept)

    def upload(self, request: HttpRequest) -> JsonResponse:
        """Take one image, as ``file``, for the editor of an item; answer with what stands in a text for it."""
        if not self.has_add_permission(request):
            return JsonResponse({"reason": "You may not upload images."}, status=403)
        file = request.FILES.get("file")
        if file is None:
            return JsonResponse({"reason": "Choose a file first."}, status=400)
        brought = self._bring(request, file)
        if brought.kept is None:
            return JsonResponse({"reason": brought.reason}, status=400)
        taken_out = list(brought.kept.taken_out)
        told = {"existing": not brought.kept.is_new, "taken_out": taken_out}
        return JsonResponse({**_as_json(brought.kept.media), **told})

    def pick(self, request: HttpRequest) -> JsonResponse:
        """Return the latest images called after files with every word that is searched for, or the one of a name."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        stem = Func(F("name"), Value("."), Value(1), function="split_part", output_field=TextField())
        found = Media.objects.filter(self.rows_of(request.user)).defer("data").annotate(stem=stem)
        for word in request.GET.get("search", "")[:200].replace("\0", " ").split():
            found = found.filter(Q(stem__icontains=word) | Q(name=word))
        return JsonResponse({"images": [_as_json(media) for media in found[:PICKED]]})

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        try:
            with transaction.atomic():
                return super().delete_view(request, object_id, extra_context)
        except IntegrityError:  # somebody has published a text with it since the page was made
            messages.error(request, "Something shows this image by now: it stays.")
            return HttpResponseRedirect("..")

    @admin.display(description="image")
    def preview(self, media: Media) -> SafeString:
        return _picture(media, "media-small")

    @admin.display(description="name", ordering="name")
    def called(self, media: Media) -> str:
        """Return the part of the name that people know; the rest fills a line."""
        return f"{media.parts.stem}.{media.parts.kind}"

    @admin.display(description="image")
    def large(self, media: Media) -> SafeString:
        return _picture(media, "media-large")

    @admin.display(description="in a text")
    def markdown(self, media: Media) -> SafeString:
        return format_html(
            '<input class="link" readonly value="{}" aria-label="What stands in a text for the image">'
            '<span class="media-note">Write what it shows between the brackets, for those who cannot see it.</span>',
            media.markdown,
        )

    @admin.display(description="pixels")
    def pixels(self, media: Media) -> str:
        return f"{media.parts.width} × {media.parts.height}"

    @admin.display(description="size", ordering="size")
    def length(self, media: Any) -> str:
        return filesizeformat(media.size)

    @admin.display(description="shown in", empty_value="–")
    def shown(self, media: Any) -> str | None:
        counts = ((media.items, "item"), (media.lessons, "lesson"))
        return ", ".join(f"{n} {what}{'' if n == 1 else 's'}" for n, what in counts if n) or None

    @admin.display(description="shown in")
    def shown_in(self, media: Media) -> SafeString | str:
        found = _by_owner(used_in(media))
        rows = ((address(owner), str(owner), ", ".join(versions)) for owner, versions in found)
        listed = format_html_join("", '<li><a href="{}">{}</a>: {}</li>', rows)
        return format_html("<ul>{}</ul>", listed) if listed else "nothing, neither published nor in a draft"


def _by_owner(versions: Iterable[Any]) -> Sequence[tuple[Any, list[str]]]:
    """Return items and lessons, each with the numbers of the versions that show an image."""
    found: dict[Any, list[str]] = {}
    for version in versions:
        owner = version.item if isinstance(version, ItemVersion) else version.lesson
        found.setdefault(owner, []).append(f"v{version.number} ({Status(version.status).label.lower()})")
    return list(found.items())


def _picture(media: Media, style: str) -> SafeString:
    """Return an image for the eye alone: its name stands beside it."""
    size = (media.parts.width, media.parts.height)
    return format_html(
        '<img class="{}" src="{}" alt="" width="{}" height="{}" loading="lazy">', style, media.url, *size
    )


def _as_json(media: Media) -> dict[str, Any]:
    parts = media.parts
    return {
        "name": media.name,
        "url": media.url,
        "markdown": media.markdown,
        "width": parts.width,
        "height": parts.height,
        "kind": parts.kind.value,
    }


def _called(file: UploadedFile[Any]) -> str:
    return (file.name or "a file without a name")[-120:]
