"""Calibrations with their reports, and simulations of adaptive assessments before anyone sits them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar, Final

import numpy as np
from django.contrib import admin
from django.db.models import Model, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe

from assessment.calibration.calibrating import activate_calibration
from assessment.calibration.simulating import Simulated, SimulationRefused, simulate_assessment
from assessment.errors import BankExhausted
from assessment.models import AssessmentVersion, Calibration, OnlineDifficulty
from assessment.models.corrections import judged_anew_since
from assessment.modes import mode_of
from assessment.modes.base import rules_of
from assessment.psychometrics import pictures
from assessment.psychometrics.irt import ItemParameters
from assessment.rules.adaptive import AdaptiveRules
from content.admin.bases import ModelAdmin
from content.admin.desk import Button, Desk, Page
from content.admin.scoped import Scoped
from content.documents.reader import DefinitionError
from content.expressions import exact

MOST_LEARNERS: Final = 500
MOST_BY_SHADOW: Final = 25
"""A page must come back within seconds; ``manage.py simulate`` takes more."""
DEFAULT_LEARNERS: Final = 200


def simulation(version: AssessmentVersion, request: HttpRequest) -> dict[str, Any]:
    """Return the form, and when it was sent the report on so many simulated learners."""
    asked = request.GET.get("learners")
    try:
        definition = version.definition
    except DefinitionError as error:
        return {"faults": error.faults}
    most = MOST_BY_SHADOW if rules_of(definition, AdaptiveRules).shadow else MOST_LEARNERS
    learners = _whole(asked, min(DEFAULT_LEARNERS, most), 2, most)
    seed = _whole(request.GET.get("seed"), 1, 0, 2**31 - 1)
    context: dict[str, Any] = {"learners": learners, "seed": seed, "most": most}
    if asked is None:
        return context
    try:
        found = simulate_assessment(definition=definition, learners=learners, seed=seed)
    except (SimulationRefused, BankExhausted) as error:
        return {**context, "faults": [("adaptive rules", str(error))]}
    return {**context, "found": found, "report": found.report, "pictures": _drawn(found)}


def measures(version: AssessmentVersion) -> bool:
    """Whether attempts at a version would estimate an ability; of an unfinished draft nobody knows."""
    try:
        return mode_of(version.definition).measures
    except DefinitionError:
        return False


def _drawn(found: Simulated) -> list[SafeString]:
    return [mark_safe(svg) for svg in found.pictures().values()]  # noqa: S308 - numbers in our own marks


def _whole(text: str | None, default: int, least: int, most: int) -> int:
    """Return a number from an address, brought into its bounds."""
    if text is None or not text.isascii() or not text.isdecimal() or len(text) > 10:
        return default
    return min(max(exact.whole(text), least), most)


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
