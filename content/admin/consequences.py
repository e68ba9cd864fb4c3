"""What becomes of others when a row is retired or moved: asked on a page before it is done.

Who uses what is partly known above this room. Whoever knows gives the site a function in ``consequences``, as
`assessment.admin` does.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils import timezone

from content.admin.desk import Page, address
from content.admin.scoped import rows_seen
from content.curating import as_if, lessons_asking
from content.models import Item, ItemBank, Lesson


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody is about to do: retire rows of a kind, or move items into a ``bank``."""

    rows: Sequence[Any]
    bank: ItemBank | None = None


@dataclass(frozen=True, slots=True)
class Consequence:
    """What uses a row, and how. ``breaks``: it does not work afterwards. ``details`` are lines below it."""

    name: str
    words: str
    breaks: bool
    address: str | None = None
    details: tuple[str, ...] = ()


Told = Callable[[Change, HttpRequest, admin.AdminSite], Iterable[Consequence]]


def consequences(change: Change, request: HttpRequest, site: admin.AdminSite) -> list[Consequence]:
    """Return what a change would do to others, what breaks first."""
    told: Sequence[Told] = (lessons, *getattr(site, "consequences", ()))
    found = [one for tell in told for one in tell(change, request, site)]
    return sorted(found, key=lambda one: not one.breaks)


def lessons(change: Change, request: HttpRequest, site: admin.AdminSite) -> Iterable[Consequence]:
    """Yield the lessons that ask items in their text. One whose question goes shows nothing in its place."""
    items = [row for row in change.rows if isinstance(row, Item)]
    if not (items and (asking := lessons_asking(items))):
        return
    practiced = Item.objects.practiced().filter(pk__in=[item.pk for item in items])
    before = {*practiced.values_list("slug", flat=True)}
    with as_if(items, change.bank, timezone.now()):
        gone = before - {*practiced.all().values_list("slug", flat=True)}
    seen = rows_seen(site, Lesson, request)
    open_to = {*Lesson.objects.filter(seen).values_list("pk", flat=True)} if seen is not None else None
    for lesson, slugs in asking.items():
        is_seen = open_to is None or lesson.pk in open_to
        missing = sorted(gone & {*slugs})
        words = f"; instead of {', '.join(missing)} its readers would find nothing" if missing else ""
        yield Consequence(
            f"Lesson “{lesson.title}”",
            f"asks {', '.join(slugs)} in its text{words}",
            breaks=bool(missing),
            address=address(lesson) if is_seen else None,
        )


def to_confirm(change: Change, request: HttpRequest) -> dict[str, Any]:
    """Return what a page shows that asks before something is done."""
    found = consequences(change, request, admin.site)
    return {"consequences": found, "breaks": sum(one.breaks for one in found)}


RETIRE = Page(
    "retire",
    "Retire",
    "admin/content/retire.html",
    lambda row, request: to_confirm(Change([row]), request),
    shown=lambda row: row.retired_at is None,
    writes=True,
)
"""Asks before something is retired."""
