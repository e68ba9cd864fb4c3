"""Reviews of drafts: what waits for a reviewer, the decision on its preview, and what was decided before."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from content.admin.bases import ModelAdmin
from content.admin.desk import REFUSED, Desk, address, sentences, tell
from content.admin.scoped import Scoped, account
from content.models import ItemVersion, Review
from content.models.reviews import MOST_WORDS, Decision
from content.reviewing import approve, ask_for_review, send_back
from content.rights import CONTENT


def preview_of(version: ItemVersion) -> str:
    return reverse("admin:content_itemversion_page", args=[version.pk, "preview"])


def to_decide(version: ItemVersion, user: Any, now: datetime) -> dict[str, Any]:
    """Return what the preview of a draft shows to somebody who may decide on it; nothing to anybody else."""
    if version.written_by_id == user.pk or not CONTENT.may(user, "decide", version, now):
        return {}
    review = Review.objects.waiting().filter(version=version).select_related("asked_by").first()
    decide = reverse("admin:content_itemversion_decide", args=[version.pk])
    return {"review": review, "decide": decide, "most_words": MOST_WORDS}


class Reviewed(Scoped, Desk):
    """The desk of versions that may need review."""

    def get_urls(self) -> list[URLPattern]:
        decide = self.admin_site.admin_view(require_POST(self.decide))
        return [path("<uuid:pk>/decide/", decide, name="content_itemversion_decide"), *super().get_urls()]

    def is_published_alone(self, version: ItemVersion) -> bool:
        return not version.item.bank.needs_review

    def tools(self, request: HttpRequest, row: Model) -> dict[str, Any]:
        asks = isinstance(row, ItemVersion) and row.is_draft and not self.is_published_alone(row)
        may_ask = asks and self.has_change_permission(request, row)
        return {**super().tools(request, row), "desk_ask": may_ask}

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """Ask for a review of what has been saved, if that button was pressed."""
        if "_ask" not in request.POST:
            return super().response_change(request, obj)
        found = self.ask(request, obj)
        for reason in found.get("refused", ()):
            messages.error(request, reason)
        if "asked" in found:
            self.message_user(request, found["asked"])
        return HttpResponseRedirect(address(obj))

    def ask(self, request: HttpRequest, version: ItemVersion) -> dict[str, Any]:
        """Ask for a review of a draft that was saved; return what is told then, or why not."""
        try:
            ask_for_review(version=version, asked_by=account(request), now=timezone.now())
        except REFUSED as error:
            return {"refused": sentences(error)}
        self.log_change(request, version, "Asked for a review.")
        return {"asked": f"The reviewers of {version.item.bank} find {version} among what is to review."}

    def decide(self, request: HttpRequest, pk: UUID) -> HttpResponse:
        """Approve a draft and publish it, or send it back, as the preview asked."""
        version = self._row(request, pk)
        if not self.may(request, "decide", version):
            raise PermissionDenied
        review = _asked_for(version, request.POST.get("review", ""))
        verb = approve if "_approve" in request.POST else send_back
        try:
            done = verb(
                review=review,
                reviewer=account(request),
                words=request.POST.get("words", ""),
                now=timezone.now(),
            )
        except REFUSED as error:
            tell(request, error)
            return HttpResponseRedirect(preview_of(review.version))
        told = "is published" if done.decision == Decision.APPROVED else "is sent back to its author"
        self.log_change(request, version, f"Reviewed: {done.get_decision_display()}.")
        messages.success(request, f"{version} {told}.")
        return HttpResponseRedirect(address(version))

    @admin.display
    def reviews(self, version: ItemVersion) -> SafeString | str:
        """Tell who was asked when, and what was said, the latest first."""
        lines = [(_told(one), one.words) for one in version.reviews.select_related("asked_by", "decided_by")]
        return format_html_join("", "<div>{}<br>{}</div>", lines) if lines else "none"


def _asked_for(version: Model, pk: str) -> Review:
    """Return the review that the reviewer has read. Raises Http404."""
    try:
        return Review.objects.get(version=version.pk, pk=UUID(pk))
    except (ValueError, Review.DoesNotExist):
        raise Http404 from None


def _told(review: Review) -> str:
    asked = f"{review.asked_at:%Y-%m-%d %H:%M}, asked by {review.asked_by or 'somebody'}: {review.state}"
    decided = review.decided_at
    return f"{asked} by {review.decided_by or 'somebody'}, {decided:%Y-%m-%d %H:%M}" if decided else asked


class ReviewState(admin.SimpleListFilter):
    """What waits for a decision; everything on request."""

    title = "state"
    parameter_name = "state"

    def lookups(self, _request: HttpRequest, _model_admin: Any) -> list[tuple[str, str]]:
        return [("all", "all"), ("decided", "decided")]

    def choices(self, changelist: Any) -> Any:
        """Name what is shown where nothing was chosen."""
        first, *rest = super().choices(changelist)
        return [{**first, "display": "waiting"}, *rest]

    def queryset(self, _request: HttpRequest, queryset: QuerySet[Review]) -> QuerySet[Review]:
        if self.value() == "all":
            return queryset
        if self.value() == "decided":
            return queryset.filter(decided_at__isnull=False)
        return queryset.filter(pk__in=Review.objects.waiting().values("pk"))


@admin.register(Review)
class ReviewAdmin(Scoped, ModelAdmin):
    """What is to review, and what was. It is decided on the preview of the draft."""

    list_display = ["draft", "title", "bank", "asked_by", "asked_at", "state", "decided_by"]
    list_display_links = None
    list_select_related = ["version__item__bank", "asked_by", "decided_by"]
    list_filter = [ReviewState, "version__item__bank"]
    search_fields = ["version__item__slug", "version__item__title"]
    fields = ["draft", "bank", "asked_by", "asked_at", "state", "decided_by", "decided_at", "words"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return super().changelist_view(request, {**(extra_context or {}), "title": "To review"})

    @admin.display(ordering="version__item__slug")
    def draft(self, review: Review) -> SafeString:
        return format_html('<a href="{}">{}</a>', preview_of(review.version), review.version)

    @admin.display(ordering="version__item__title")
    def title(self, review: Review) -> str:
        return review.version.item.title

    @admin.display(ordering="version__item__bank")
    def bank(self, review: Review) -> str:
        return review.version.item.bank.title

    @admin.display
    def state(self, review: Review) -> str:
        return review.state

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False
