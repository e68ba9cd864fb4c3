"""Calibrations with their reports, and simulations of adaptive assessments before anyone sits them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
from django.contrib import admin
from django.db.models import Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from assessment.calibration.calibrating import activate_calibration
from assessment.models import Calibration, OnlineDifficulty
from assessment.models.corrections import judged_anew_since
from assessment.psychometrics import pictures
from assessment.psychometrics.irt import ItemParameters
from content.admin.bases import ModelAdmin
from content.admin.desk import Button, Desk, Page
from content.admin.scoped import Scoped


def fit_report(calibration: Calibration, _request: HttpRequest) -> dict[str, Any]:
    """Return a calibration item by item, and how well it fits."""
    fits = calibration.report.get("item_fit", {})
    moved = (calibration.report.get("drift") or {}).get("moved", [])
    rows = [
        {"slug": slug, "item": item, "fit": fits.get(slug), "moved": slug in moved}
        for slug, item in calibration.parameters.items()
    ]
    return {"rows": rows, "report": calibration.report, "picture": _information(calibration)}


def _information(calibration: Calibration) -> SafeString | None:
    known = calibration.items().values()
    if not known:
        return None
    table = np.array([[p.a, p.b, p.c, p.d] for p in known])
    return mark_safe(pictures.bank_information(ItemParameters(*table.T)))  # noqa: S308 - numbers in our own marks


class NeverEdited:
    """Rows that are made by commands and looked at here."""

    made_from: ClassVar[Mapping[str, Any]] = {}
    """Of which wordings the answers were that a row was made from; nothing where it was made from none."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        found: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]  # beside an admin
        return found.annotate(is_outdated=judged_anew_since(**self.made_from)) if self.made_from else found

    @admin.display(description="answers corrected since", ordering="is_outdated")
    def corrected_since(self, row: Any) -> str:
        return "yes: make it anew" if row.is_outdated else "no"

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False


@admin.register(Calibration)
class CalibrationAdmin(NeverEdited, Scoped, Desk):
    list_display = [
        "__str__",
        "bank",
        "model",
        "is_active",
        "items",
        "attempts",
        "anchor",
        "created_at",
        "corrected_since",
    ]
    made_from: ClassVar = {"item__bank": OuterRef("bank")}
    list_select_related = ["bank", "anchor__bank"]
    list_filter = ["is_active", "bank", "model"]
    search_fields = ["bank__slug", "bank__title"]
    fields = readonly_fields = (
        "bank",
        "number",
        "model",
        "anchor",
        "is_active",
        "created_at",
        "activated_at",
        "corrected_since",
    )
    buttons = [
        Button(
            "activate",
            "Activate",
            lambda calibration: activate_calibration(calibration_id=calibration.pk, now=timezone.now()),
            "New adaptive attempts use this calibration now; attempts under way keep theirs.",
            shown=lambda calibration: not calibration.is_active,
        )
    ]
    pages = [Page("report", "Report", "admin/assessment/calibration.html", fit_report)]

    def tools(self, request: HttpRequest, row: Model) -> dict[str, Any]:
        """There is nothing to save: the button is all that may change."""
        return {**super().tools(request, row), "show_save": False, "show_save_and_continue": False}

    @admin.display
    def items(self, calibration: Calibration) -> int:
        return len(calibration.parameters)

    @admin.display
    def attempts(self, calibration: Calibration) -> int | None:
        found: int | None = calibration.report.get("persons")
        return found


@admin.register(OnlineDifficulty)
class OnlineDifficultyAdmin(NeverEdited, Scoped, ModelAdmin):
    """What unscored items have told so far, until a calibration takes them up."""

    list_display = ["item", "answers", "difficulty", "standard_error", "updated_at"]
    list_select_related = ["item"]
    list_filter = ["item__bank"]
    search_fields = ["item__slug", "item__title"]

    @admin.display(ordering="mean")
    def difficulty(self, learned: OnlineDifficulty) -> str:
        return f"{learned.mean:.2f}"

    @admin.display(ordering="variance")
    def standard_error(self, learned: OnlineDifficulty) -> str:
        return f"{learned.rating.standard_error:.2f}"

    def has_change_permission(self, _request: HttpRequest, _obj: Model | None = None) -> bool:
        return False
