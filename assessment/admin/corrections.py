"""Corrections at the desk: written down, looked at before, applied, watched and taken back."""

from __future__ import annotations

import json
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Model, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from assessment.errors import CorrectionRefused
from assessment.models import Assessment, Correction, CorrectionEffect
from assessment.models.corrections import CorrectionKind
from assessment.models.regrading import RunKind
from assessment.people import rights
from assessment.results import regrading
from assessment.results.answers import written
from content.admin.bases import ModelForm
from content.admin.desk import Desk, Page
from content.admin.scoped import Scoped, account, rows_seen
from content.authoring import AuthoringError
from content.items.accepting import Accepted
from content.models import Item

AT_ONCE_SECONDS: Final = 20.0
"""For so long a page works on a correction itself; the scheduled work goes on with the rest."""
ROWS: Final = 50
"""Of changed attempts on one page."""

KINDS: Final = (
    (CorrectionKind.KEY.value, "The key was wrong: another version has the right one"),
    (
        CorrectionKind.POLICY.value,
        "It was judged too strictly or too loosely: another version has the right rules",
    ),
    (CorrectionKind.ACCEPT.value, "An answer is accepted besides the key"),
    (CorrectionKind.FULL_CREDIT.value, "Everybody gets full credit"),
    (CorrectionKind.DROP.value, "It does not count"),
)


class CorrectionForm(ModelForm):
    """A correction that is yet to be written down."""

    item = forms.CharField(
        max_length=100, help_text="The slug of the item, as it stands in the list of items."
    )
    kind = forms.ChoiceField(choices=KINDS, widget=forms.RadioSelect, label="What was wrong")
    version = forms.IntegerField(
        min_value=1,
        required=False,
        label="Wrong version",
        help_text="Its number; empty: the latest that was shown. All versions with the same key go along.",
    )
    corrected = forms.IntegerField(
        min_value=1,
        required=False,
        label="Right version",
        help_text="Where the key or the rules were wrong: publish the right ones first. Empty: the latest published.",
    )
    interaction = forms.CharField(
        max_length=100, required=False, help_text="Of an answer that is accepted too: where it stands, as a."
    )
    parsed = forms.CharField(
        max_length=2000,
        required=False,
        label="Accepted answer",
        help_text='As it was understood, in JSON: 0.25, ["other"]. The table of wrong answers fills this in.',
    )
    misconception = forms.CharField(
        max_length=100, required=False, help_text="Or all answers that show this misconception: its slug."
    )
    credit = forms.FloatField(
        min_value=0.01, max_value=1, initial=1.0, required=False, help_text="What it earns: 1 is everything."
    )

    class Meta:
        model = Correction
        fields = ("assessment", "keep_if_better", "exact", "reason")
        labels = {
            "assessment": "Only in the assessment",
            "keep_if_better": "Nobody loses by it",
            "exact": "Take back what learners were told was right",
        }
        help_texts = {
            "assessment": "Empty: wherever the item was asked.",
            "keep_if_better": "An attempt that would be worth less keeps all that it has.",
            "exact": "Without this, an answer that was announced to be right stays right.",
            "reason": "Everybody whose score changes reads it.",
        }

    def clean_item(self) -> Item:
        found = Item.objects.filter(slug=self.cleaned_data["item"].strip()).first()
        if found is None:
            raise forms.ValidationError("There is no item with this slug.")
        return found

    def clean_parsed(self) -> Any:
        text = self.cleaned_data["parsed"].strip()
        if not text:
            return None
        try:
            return json.loads(text)
        except ValueError as error:
            raise forms.ValidationError(f"This is no JSON: {error}. Put quotes around words.") from None

    def proposal(self, author: Any) -> regrading.Proposal:
        """Return what was entered, as the verb takes it."""
        entered = self.cleaned_data
        is_accepting = entered["kind"] == CorrectionKind.ACCEPT
        accepted = Accepted(
            entered["interaction"] or "",
            entered["parsed"],
            entered["misconception"] or None,
            entered["credit"] or 1.0,
        )
        return regrading.Proposal(
            item=entered["item"],
            kind=entered["kind"],
            reason=entered["reason"],
            author=author,
            version=entered["version"],
            corrected=entered["corrected"],
            assessment=entered["assessment"],
            keep_if_better=entered["keep_if_better"],
            exact=entered["exact"],
            accepted=accepted if is_accepting else None,
        )


def page_of(correction: Correction, request: HttpRequest) -> dict[str, Any]:
    """Return how far a correction is, what it comes to, and whom it changes."""
    run = correction.runs.order_by("-id").first()
    seen = _seen(request)
    changed = regrading.changed_effects(correction).filter(seen)
    changed = changed.select_related("attempt__assignment__assessment").prefetch_related("learner__users")
    effects = correction.effects.filter(seen)
    undone_by = Correction.objects.filter(undoes=correction).first()
    return {
        "correction": correction,
        "versions": correction.versions.select_related("item").order_by("number"),
        "run": run,
        "is_running": run is not None and run.finished_at is None,
        "summary": regrading.summary(correction) if correction.effects.exists() else None,
        "concerned": regrading.concerned(correction),
        "page": Paginator(changed, ROWS).get_page(request.GET.get("page")),
        "refused": effects.filter(refused__isnull=False).select_related("attempt")[:ROWS],
        "undone_by": undone_by,
        "accepted": written(correction.accepted["parsed"]) if correction.accepted else "",
        "may_apply": rights.may(account(request), "apply", correction, timezone.now()),
    }


def _seen(request: HttpRequest) -> Q:
    """Return the condition on effects on attempts that somebody may look into."""
    return rights.rows(account(request), "view", CorrectionEffect, timezone.now())


REGRADING: Final = Page("regrading", "Regrading", "admin/assessment/regrading.html", page_of)


@admin.register(Correction)
class CorrectionAdmin(Scoped, Desk):
    """Written down once, and never changed: what is wrong about one is undone, and another written."""

    form = CorrectionForm
    list_display = ["item", "kind", "reason", "author", "state", "created_at"]
    list_select_related = ["author", "undoes"]
    list_filter = ["kind", "assessment"]
    search_fields = ["versions__item__slug", "versions__item__title", "reason"]
    pages = [REGRADING]
    fieldsets = (
        (None, {"fields": ["item", "kind", "reason"]}),
        ("An answer that is accepted too", {"fields": ["interaction", "parsed", "misconception", "credit"]}),
        (
            "Whom it reaches",
            {"fields": ["version", "corrected", "assessment", "keep_if_better", "exact"]},
        ),
    )

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).prefetch_related("versions__item", "undone_by")

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False

    def choices(self, db_field: Any, request: HttpRequest) -> Q | None:
        return rows_seen(self.admin_site, Assessment, request) if db_field.name == "assessment" else None

    def get_changeform_initial_data(self, request: HttpRequest) -> dict[str, Any]:
        """Nobody loses unless it is said; links fill in what they are about."""
        return {"keep_if_better": True, **super().get_changeform_initial_data(request)}

    def save_model(self, request: HttpRequest, obj: Correction, form: Any, change: bool) -> None:
        """Write it down, if it reaches no further than its author may. Nothing is judged by it yet."""
        try:
            made = regrading.propose(form.proposal(account(request)), timezone.now())
        except CorrectionRefused as refusal:
            raise AuthoringError(str(refusal)) from None
        obj.pk = made.pk
        obj.refresh_from_db()

    def response_add(
        self, request: HttpRequest, obj: Correction, post_url_continue: str | None = None
    ) -> HttpResponse:
        messages.success(request, "It is written down. Look at what it would change before you apply it.")
        return HttpResponseRedirect(self._address(obj))

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        """There is nothing to change: whoever opens one looks at what it does."""
        row = self.get_object(request, object_id)
        if request.method == "POST" or not isinstance(row, Correction):
            return super().change_view(request, object_id, form_url, extra_context)
        return HttpResponseRedirect(self._address(row))

    def show(self, request: HttpRequest, pk: UUID, name: str) -> HttpResponse:
        """Show what it does; do what is asked, and show it again."""
        if request.method != "POST":
            return super().show(request, pk, name)
        correction = self._row(request, pk)
        if not isinstance(correction, Correction) or not self.may(request, "apply", correction):
            raise PermissionDenied
        try:
            goal = self._do(request, correction)
        except CorrectionRefused as refusal:
            messages.error(request, str(refusal))
            goal = correction
        return HttpResponseRedirect(self._address(goal))

    def _do(self, request: HttpRequest, correction: Correction) -> Correction:
        """Preview, apply or take back, as far as it can be done while somebody waits. Raises CorrectionRefused."""
        now, asked = timezone.now(), request.POST.get("do")
        if asked == "undo":
            correction = regrading.take_back(
                correction=correction,
                author=account(request),
                reason=request.POST.get("reason", ""),
                now=now,
            )
        elif asked not in ("preview", "apply"):
            raise PermissionDenied
        kind = RunKind.PREVIEW if asked == "preview" else RunKind.APPLY
        run = regrading.ask(correction=correction, kind=kind, by=account(request), now=now)
        is_small = (run.total or 0) <= regrading.AT_ONCE
        if is_small and regrading.carry_out(run, now, seconds=AT_ONCE_SECONDS):
            messages.success(request, DONE[asked])
        else:
            messages.info(request, "This takes a while. It goes on by itself; this page says how far it is.")
        return correction

    def _address(self, correction: Correction) -> str:
        return reverse("admin:assessment_correction_page", args=[correction.pk, REGRADING.name])

    @admin.display(description="item")
    def item(self, correction: Correction) -> str:
        return ", ".join(sorted({one.item.slug for one in correction.versions.all()}))

    @admin.display(description="state")
    def state(self, correction: Correction) -> str:
        if correction.undoes:
            return "takes another back" if correction.applied_at else "would take another back"
        undone = getattr(correction, "undone_by", None)
        if undone and undone.applied_at:
            return "taken back"
        return "in force" if correction.applied_at else "not applied"


DONE: Final = {
    "preview": "This is what it would change. Nothing is changed yet.",
    "apply": "It is in force.",
    "undo": "It is taken back.",
}
