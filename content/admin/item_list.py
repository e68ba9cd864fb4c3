"""The list of items: what it shows, by what it is filtered, and how words are found in the items' texts."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.contrib import admin
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.http import HttpRequest
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from content.admin.scoped import account, rows_seen
from content.admin.versions import RetirableDesk
from content.items.interactions import INTERACTIONS
from content.models import Item, ItemVersion, Review, Status
from content.models.reviews import Decision
from content.searching import Excerpt, excerpt, passages_of_item, words_of

SHOWN_SKILLS = 3
"""Of an item in the list; the rest is counted."""


class ItemState(admin.SimpleListFilter):
    """Which items are served, which have something unpublished, which are retired."""

    title = "state"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [
            ("served", "given to learners"),
            ("draft", "with a draft"),
            ("mine", "with a draft of mine"),
            ("returned", "sent back by a reviewer"),
            ("never", "never published"),
            ("retired", "retired"),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        drafts = ItemVersion.objects.filter(item=OuterRef("pk"), status=Status.DRAFT)
        sent_back = Review.objects.filter(
            version=OuterRef("pk"), fingerprint=OuterRef("fingerprint"), decision=Decision.SENT_BACK
        )
        conditions = {
            "served": Q(current__isnull=False, retired_at__isnull=True),
            "draft": Q(Exists(drafts)),
            "mine": Q(Exists(drafts.filter(written_by=account(request)))),
            "returned": Q(Exists(drafts.filter(Exists(sent_back)))),
            "never": Q(current__isnull=True),
            "retired": Q(retired_at__isnull=False),
        }
        return queryset.filter(conditions[value]) if (value := self.value()) in conditions else queryset


class Kind(admin.SimpleListFilter):
    """Items that have an interaction of a kind."""

    title = "kind of interaction"
    parameter_name = "kind"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [(kind, kind.replace("_", " ")) for kind in INTERACTIONS]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        return queryset.filter(kinds__contains=[self.value()]) if self.value() in INTERACTIONS else queryset


class Tag(admin.SimpleListFilter):
    """Items that have a tag: those of the items that the user sees."""

    title = "tag"
    parameter_name = "tag"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(tag, tag) for tag in tags_seen(request)]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Item]) -> QuerySet[Item]:
        return queryset.filter(tags__contains=[value]) if (value := self.value()) else queryset


def tags_seen(request: HttpRequest) -> list[str]:
    """Return the tags of the items that a user sees, in the order of the alphabet. One statement."""
    seen = rows_seen(admin.site, Item, request)
    items = Item.objects.order_by() if seen is None else Item.objects.order_by().filter(seen)
    return sorted(
        {tag for tags in items.exclude(tags=[]).values_list("tags", flat=True).distinct() for tag in tags}
    )


class ItemList(RetirableDesk):
    """The list of items, and the search that pickers of items use as well."""

    list_display = ["title", "place", "interactions", "about", "state", "changed"]
    list_select_related = ["bank"]
    list_filter = [ItemState, Kind, "bank", Tag, "skills"]
    search_fields = ["slug"]
    list_per_page = 50

    class Media:
        css = {"all": ["content/desk.css"]}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Add what the list shows; what the page of fifty items needs besides is read for these alone."""
        latest = ItemVersion.objects.filter(item=OuterRef("pk")).annotate(at=_CHANGED).order_by("-at")
        texts = ItemVersion.objects.exclude(status=Status.RETIRED).only("item", "status", "document")
        queryset: QuerySet[Any] = (
            super()
            .get_queryset(request)
            .select_related("bank")
            .annotate(
                changed_at=Subquery(latest.values("at")[:1]),
                changed_by=Subquery(latest.annotate(who=_CHANGER).values("who")[:1]),
            )
            .prefetch_related("skills", Prefetch("versions", texts, to_attr="open_versions"))
        )
        return queryset

    def get_search_results(
        self, request: HttpRequest, queryset: Any, search_term: str
    ) -> tuple[QuerySet[Any], bool]:
        words = words_of(search_term)
        if not words:
            return queryset, False
        return queryset.saying(words).annotate(searched=Value(" ".join(words))), False

    def picker_label(self, item: Item) -> str:
        """Return what a picker of items shows: authors know the title, documents the slug, banks tell them apart."""
        return f"{item.title} – {item.slug}, {item.bank}"

    @admin.display(description="slug, bank", ordering="slug")
    def place(self, item: Any) -> SafeString:
        """Tell where an item is, and beside it why a search found it."""
        place = format_html('<code>{}</code><br><span class="quiet">{}</span>', item.slug, item.bank)
        piece = found_in(item.open_versions, item.searched.split()) if hasattr(item, "searched") else None
        return format_html('{}<p class="excerpt">{}</p>', place, marked(piece)) if piece else place

    @admin.display(description="kind", ordering="kinds")
    def interactions(self, item: Item) -> str:
        return ", ".join(kind.replace("_", " ") for kind in item.kinds) or "–"

    @admin.display(description="skills, tags")
    def about(self, item: Item) -> SafeString | str:
        titles = [skill.title for skill in item.skills.all()]
        rest = len(titles) - SHOWN_SKILLS
        skills = "; ".join([*titles[:SHOWN_SKILLS], *([f"and {rest} more"] if rest > 0 else [])])
        tags = format_html_join(" ", '<span class="tag">{}</span>', ((tag,) for tag in item.tags))
        return format_html("{} {}", skills, tags) if skills or item.tags else "–"

    @admin.display(description="state", ordering="current_number")
    def state(self, item: Any) -> SafeString | str:
        words = state_of(item, has_draft=item.has_draft)
        return format_html("{}<br>version {}", words, item.current_number) if item.current_number else words

    @admin.display(description="changed", ordering="changed_at")
    def changed(self, item: Any) -> SafeString | str:
        if item.changed_at is None:
            return "–"
        moment = timezone.localtime(item.changed_at)
        return format_html("{}<br>{}", f"{moment:%Y-%m-%d %H:%M}", item.changed_by or "a program")


def found_in(versions: Sequence[ItemVersion], words: Sequence[str]) -> Excerpt | None:
    """Return the place that shows words in the wording in force, else in the draft."""
    texts = (passages_of_item(one.document) for one in sorted(versions, key=lambda one: one.is_draft))
    return next((piece for text in texts if (piece := excerpt(text, words))), None)


_CHANGED = Coalesce("published_at", "written_at", "created_at")
_CHANGER = Coalesce(F("published_by__username"), F("written_by__username"))


def state_of(item: Item, *, has_draft: bool) -> str:
    """Say in a few words whether learners are given an item, and whether something of it waits."""
    served = "given to learners" if item.current_id else "not published yet"
    state = "retired" if item.retired_at else served
    return f"{state}; draft" if has_draft else state


def marked(piece: Excerpt) -> SafeString:
    """Return an excerpt with the words of the search marked."""
    parts: list[tuple[str, str]] = []
    at = 0
    for begin, end in sorted(piece.matches):
        if begin >= at:
            parts.append((piece.text[at:begin], piece.text[begin:end]))
            at = end
    return format_html("{}{}", format_html_join("", "{}<mark>{}</mark>", parts), piece.text[at:])
