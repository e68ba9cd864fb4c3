"""What is done with many rows at once: asked on a page where it can hurt, and told row by row afterwards."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone

from content import authoring
from content.admin.consequences import Change, to_confirm
from content.admin.desk import REFUSED, address, sentences

MOST_ROWS: Final = 200
"""At once: each is locked, written and told by itself."""
CONFIRMED: Final = "_confirmed"
ASKED: Final = "_asked"
"""What the buttons of the page are called: do it, and tell me first what becomes of others."""

Entered = Mapping[str, Any]


class NothingToEnter(forms.Form):
    """The form of what is done without a word more."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """Something that can be done with many rows.

    ``do`` calls a verb for one row and returns in words what happened. ``asks`` makes the form of what is entered
    for it, ``change`` tells what is planned, where others may depend on it. What is not ``asked`` is done at once.
    """

    name: str
    title: str
    do: Callable[[Any, Entered, HttpRequest], str]
    asks: Callable[[HttpRequest], type[forms.Form]] = lambda _request: NothingToEnter
    change: Callable[[Sequence[Any], Entered], Change] | None = None
    asked: bool = True
    most: int = MOST_ROWS


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one row."""

    row: Any
    address: str
    is_done: bool
    words: str


def action(bulk: Bulk) -> Callable[[Any, HttpRequest, QuerySet[Any]], HttpResponse | None]:
    """Return what the list of a desk offers for selected rows."""

    @admin.action(description=bulk.title, permissions=["change"])
    def run(desk: Any, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        rows = list(queryset.order_by("pk").distinct()[: bulk.most + 1])
        if len(rows) <= bulk.most:
            return _answer(bulk, desk, request, rows)
        words = f"“{bulk.title}” takes {bulk.most} at once. Nothing was done: select fewer."
        desk.message_user(request, words, messages.ERROR)
        return None

    run.__name__ = bulk.name
    return run


def _answer(bulk: Bulk, desk: Any, request: HttpRequest, rows: Sequence[Any]) -> HttpResponse:
    """Do it and tell what became of each row, or ask first."""
    form_class = bulk.asks(request)
    is_sent = CONFIRMED in request.POST or ASKED in request.POST or not form_class.base_fields
    form = form_class(request.POST if is_sent else None)
    own = _changeable(desk, request, rows)
    if (CONFIRMED in request.POST or not bulk.asked) and form.is_valid():
        outcomes = [_done(bulk, desk, request, row, own, form.cleaned_data) for row in rows]
        return _report(bulk, desk, request, outcomes)
    return _question(bulk, desk, request, rows, own, form)


def _changeable(desk: Any, request: HttpRequest, rows: Sequence[Any]) -> set[UUID]:
    """Return which of the rows the user may do more with than look at them."""
    of_user = desk.model._default_manager.filter(desk.rows(request.user, "change"))
    return set(of_user.filter(pk__in=[row.pk for row in rows]).values_list("pk", flat=True))


def _done(bulk: Bulk, desk: Any, request: HttpRequest, row: Any, own: set[UUID], entered: Entered) -> Outcome:
    if row.pk not in own:
        return Outcome(row, address(row), False, "is not yours to change")
    try:
        words = bulk.do(row, entered, request)
    except REFUSED as error:
        return Outcome(row, address(row), False, " ".join(sentences(error)))
    desk.log_change(request, row, f"{words[:1].upper()}{words[1:]}.")
    return Outcome(row, address(row), True, words)


def _report(bulk: Bulk, desk: Any, request: HttpRequest, outcomes: Sequence[Outcome]) -> HttpResponse:
    """Show what became of each row, what was refused first."""
    done = sum(one.is_done for one in outcomes)
    context = {
        **_about(desk, request),
        "title": f"{bulk.title}: {done} of {len(outcomes)} done",
        "outcomes": sorted(outcomes, key=lambda one: one.is_done),
        "refused": len(outcomes) - done,
    }
    return TemplateResponse(request, "admin/content/bulk_report.html", context)


def _question(
    bulk: Bulk, desk: Any, request: HttpRequest, rows: Sequence[Any], own: set[UUID], form: forms.Form
) -> HttpResponse:
    """Show what is planned; what hangs on something that is entered can be told once it is."""
    mine = [row for row in rows if row.pk in own]
    told = {}
    if bulk.change and form.is_valid():
        told = to_confirm(bulk.change(mine, form.cleaned_data), request)
    context = {
        **_about(desk, request),
        **told,
        "title": f"{bulk.title}: {len(mine)} of {len(rows)} selected",
        "bulk": bulk,
        "form": form,
        "mine": [(row, address(row)) for row in mine],
        "others": [row for row in rows if row.pk not in own],
        "told": bool(told) or not bulk.change,
        "chosen": [(form[name].label, value) for name, value in form.cleaned_data.items()] if told else [],
        "checkbox": ACTION_CHECKBOX_NAME,
    }
    return TemplateResponse(request, "admin/content/bulk.html", context)


def _about(desk: Any, request: HttpRequest) -> dict[str, Any]:
    return {**desk.admin_site.each_context(request), "opts": desk.opts, "media": desk.media}


def _retired(row: Any, _entered: Entered, _request: HttpRequest) -> str:
    authoring.retire(row=row, now=timezone.now())
    return "retired"


def _restored(row: Any, _entered: Entered, _request: HttpRequest) -> str:
    authoring.restore(row=row)
    return "given to learners again"


RETIRE_ALL = action(Bulk("retire", "Retire", _retired, change=lambda rows, _entered: Change(rows)))
RESTORE_ALL = action(Bulk("restore", "Restore", _restored, asked=False))
