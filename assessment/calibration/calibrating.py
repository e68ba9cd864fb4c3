"""Calibrating a bank from its response log, and choosing which calibration is in force.

A calibration is stored with its report and changes nothing by itself: somebody reads the report and activates it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

import numpy as np
from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q

from assessment.calibration.log import BankLog, log_of
from assessment.calibration.report import Measured, json_safe, report
from assessment.models import Calibration, Correction, Course, Presentation
from assessment.psychometrics.calibration import Anchors, Progress, Settings, calibrate
from assessment.psychometrics.irt import ItemParameters
from assessment.psychometrics.maximization import CalibrationModel
from assessment.psychometrics.schedulers import Scheduler, in_process
from assessment.selection.pool import Parameters
from content.models import ItemBank

MIN_RESPONSES: Final = 30
"""Below this a standard error says more about the prior than about the item."""
MIN_ITEMS: Final = 3
"""Fewer items cannot tell discrimination from ability."""


class CalibrationError(Exception):
    """Why a bank cannot be calibrated; the text may be shown to whoever asked for it."""


class TooFewResponses(CalibrationError):
    def __init__(self, bank: ItemBank, log: BankLog, minimum: int) -> None:
        enough, most = int((log.answers >= minimum).sum()), int(log.answers.max(initial=0))
        super().__init__(
            f"The bank {bank.slug} has too few responses: {enough} of its {len(log.slugs)} items have the "
            f"{minimum} that an item needs with both right and wrong among them, and it takes {MIN_ITEMS} such "
            f"items. The most answers to one item are {most}."
        )


class NothingInCommon(CalibrationError):
    def __init__(self, anchor: Calibration) -> None:
        super().__init__(
            f"None of the items of calibration {anchor.number} has been answered: there is no anchor."
        )


@dataclass(frozen=True, slots=True)
class Request:
    """What to calibrate and how. With an ``anchor`` its items keep their parameters, and with them the scale.

    With a ``focal`` course the report says which items favor its members or the others.
    """

    bank: ItemBank
    model: CalibrationModel = CalibrationModel.TWO
    anchor: Calibration | None = None
    focal: Course | None = None
    min_responses: int = MIN_RESPONSES
    scheduler: Scheduler = in_process
    progress: Progress | None = None


def calibrate_bank(request: Request, *, now: datetime) -> Calibration:
    """Calibrate a bank and store the result, not active. Locks the bank while it stores, not while it computes.

    Raises TooFewResponses or NothingInCommon.
    """
    whole = log_of(request.bank)
    anchored = request.anchor.items() if request.anchor else {}
    left_out = _left_out(whole, anchored, request.min_responses)
    answered = {slug for slug, count in zip(whole.slugs, whole.answers, strict=True) if count}
    log = whole.only([slug for slug in whole.slugs if slug in answered and slug not in left_out])
    if len(log.slugs) < MIN_ITEMS:
        raise TooFewResponses(request.bank, whole, request.min_responses)
    if request.anchor and not anchored.keys() & set(log.slugs):
        raise NothingInCommon(request.anchor)
    fitted = calibrate(
        log.triplets(),
        Settings(model=request.model),
        anchors=_anchors(log, anchored),
        scheduler=request.scheduler,
        progress=request.progress,
    )
    measured = Measured(log, fitted, left_out, _earlier(request), request.focal)
    return _store(request, parameters_of(measured, request.anchor), report(measured), now)


def banks_due(responses: int) -> list[ItemBank]:
    """Return the banks with at least ``responses`` new responses in attempts since they were last calibrated.

    What has been judged anew since then is new.
    """
    return [bank for bank in ItemBank.objects.order_by("slug") if _new_responses(bank) >= responses]


def _new_responses(bank: ItemBank) -> int:
    new = Presentation.objects.filter(
        item_version__item__bank=bank, attempt__isnull=False, first_score__isnull=False
    )
    last = Calibration.objects.filter(bank=bank).order_by("number").last()
    if last is None:
        return new.count()
    judged_anew = Correction.objects.filter(versions=OuterRef("item_version"), applied_at__gt=last.created_at)
    return new.filter(Q(first_at__gt=last.created_at) | Exists(judged_anew)).count()


@transaction.atomic
def activate_calibration(*, calibration_id: UUID, now: datetime) -> Calibration:
    """Let new adaptive attempts use a calibration; attempts under way keep theirs. Locks the bank.

    Raises Calibration.DoesNotExist.
    """
    calibration = Calibration.objects.get(pk=calibration_id)
    ItemBank.objects.select_for_update().get(pk=calibration.bank_id)
    calibration.refresh_from_db()
    if not calibration.is_active:
        Calibration.objects.filter(bank=calibration.bank_id, is_active=True).update(is_active=False)
        calibration.is_active, calibration.activated_at = True, now
        calibration.save(update_fields=["is_active", "activated_at"])
    return calibration


def parameters_of(measured: Measured, anchor: Calibration | None) -> dict[str, Any]:
    """Return the document of parameters; anchored items keep theirs whole, also those that nobody answered."""
    items, errors = measured.fitted.items, measured.fitted.standard_errors
    kept: dict[str, Any] = dict(anchor.parameters) if anchor else {}
    found = {}
    for place, slug in enumerate(measured.log.slugs):
        if slug in kept:
            continue
        found[slug] = {
            "a": float(items.a[place]),
            "b": float(items.b[place]),
            "c": float(items.c[place]),
            "d": float(items.d[place]),
            "se": json_safe(
                {"a": float(errors.a[place]), "b": float(errors.b[place]), "c": float(errors.c[place])}
            ),
            "answers": int(measured.log.answers[place]),
        }
    return kept | found


def _left_out(log: BankLog, anchored: Mapping[str, Parameters], minimum: int) -> dict[str, str]:
    """Return why items cannot be calibrated; what is anchored need not be."""
    reasons = {}
    for slug, answers, right in zip(log.slugs, log.answers, log.right, strict=True):
        if slug in anchored:
            continue
        if answers < minimum:
            reasons[slug] = f"{answers} answers"
        elif right in (0, answers):
            reasons[slug] = "everybody right" if right else "everybody wrong"
    return reasons


def _anchors(log: BankLog, anchored: Mapping[str, Parameters]) -> Anchors | None:
    index = [place for place, slug in enumerate(log.slugs) if slug in anchored]
    if not index:
        return None
    known = [anchored[log.slugs[place]] for place in index]
    table = np.array([[p.a, p.b, p.c, p.d] for p in known])
    return Anchors(np.array(index, dtype=np.int64), ItemParameters(*table.T))


def _earlier(request: Request) -> Calibration | None:
    """Return the calibration that this one is compared with, to see which items drifted."""
    return request.anchor or Calibration.objects.filter(bank=request.bank, is_active=True).first()


@transaction.atomic
def _store(
    request: Request, parameters: dict[str, Any], report: dict[str, Any], now: datetime
) -> Calibration:
    ItemBank.objects.select_for_update().get(pk=request.bank.pk)
    latest = Calibration.objects.filter(bank=request.bank).aggregate(latest=Max("number"))["latest"] or 0
    return Calibration.objects.create(
        bank=request.bank,
        number=latest + 1,
        model=request.model.value,
        parameters=parameters,
        anchor=request.anchor,
        report=report,
        created_at=now,
    )
