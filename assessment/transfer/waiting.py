"""Imports at the desk: files are brought and looked at, and wait there until somebody carries them out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from assessment.transfer.bringing import Result, Wish, bring
from assessment.transfer.sources import Gathered
from content.importing import Tried
from content.importing_items import Entry
from content.models import ImportFile, ImportRun, ImportState, ItemBank

MOST_FILES: Final = 20
MOST_ITEMS: Final = 500
"""Of what is brought at the desk; the command takes more."""
MOST_DIFFS: Final = 100
"""Comparisons that are kept with a dry run."""


class ImportChanged(Exception):
    """What would be imported is not what was looked at any more; the run holds it as it is now."""


class TooMuch(ValueError):
    """More was brought than is imported at the desk; the text says what."""


def plan_import(
    *, files: Sequence[tuple[str, bytes]], bank_slug: str, by: Any, now: datetime, tried: Tried | None = None
) -> ImportRun:
    """Look at files and let them wait, with what importing them would do. Raises TooMuch.

    Dry runs that nobody has carried out in time are forgotten.
    """
    if len(files) > MOST_FILES:
        raise TooMuch(f"Bring at most {MOST_FILES} files at once, or an archive of them.")
    gathered = Gathered.of_files(files)
    if gathered.size > MOST_ITEMS:
        raise TooMuch(
            f"There are {gathered.size} items in it, and {MOST_ITEMS} is the limit here. Bring it in several parts, "
            "or let an administrator run manage.py import_content."
        )
    result = bring(gathered, wish_of(bank_slug, by, is_dry=True), now, tried)
    with transaction.atomic():
        ImportRun.objects.forgotten(now).delete()
        run = ImportRun.objects.create(
            begun_at=now,
            by=by,
            state=ImportState.PLANNED,
            sources=", ".join(gathered.names)[:1000],
            bank_slug=bank_slug,
            result=_shown(result),
        )
        ImportFile.objects.bulk_create(
            [ImportFile(run=run, name=name[:200], content=data) for name, data in files]
        )
    return run


def carry_out(*, run: ImportRun, by: Any, now: datetime) -> ImportRun:
    """Import what waits, unless it would do something else by now than what was shown. Twice is once.

    Locks the run. Raises ImportChanged.
    """
    with transaction.atomic():
        locked = ImportRun.objects.select_for_update(of=("self",)).get(pk=run.pk)
        if locked.state != ImportState.PLANNED:
            return locked
        gathered = Gathered.of_files((file.name, bytes(file.content)) for file in locked.files.all())
        tried: Tried = {}
        looked = bring(gathered, wish_of(locked.bank_slug, by, is_dry=True), now, tried)
        if is_same := _outline(looked.to_json()) == _outline(locked.result):
            bring(gathered, wish_of(locked.bank_slug, by, is_dry=False), now, tried, locked)
            locked.files.all().delete()
        else:
            locked.result = _shown(looked)
        locked.save()
    if not is_same:
        raise ImportChanged
    return locked


def wish_of(bank_slug: str, by: Any, *, is_dry: bool) -> Wish:
    """Return how somebody at the desk imports: what was shown may replace versions, and nobody passes a review by."""
    bank = ItemBank.objects.filter(slug=bank_slug).first()
    return Wish(
        bank_slug=bank_slug,
        by=by,
        is_dry=is_dry,
        may_replace=True,
        publishes=by.is_superuser or bank is None or not bank.needs_review,
        takes_courses=by.is_superuser,
    )


def _shown(result: Result) -> dict[str, Any]:
    """Return a result as it is kept and shown: the comparisons of the first changes are enough."""
    kept: list[Entry] = []
    compared = 0
    for entry in result.entries:
        compared += bool(entry.diff)
        kept.append(entry if compared <= MOST_DIFFS else replace(entry, diff=()))
    result.entries = kept
    return result.to_json()


def _outline(said: dict[str, Any]) -> list[Any]:
    """Return what somebody has agreed to: which items become what, and what gives way to them."""
    items = [[one["source"], one["status"], one["slug"], one.get("change", "")] for one in said["items"]]
    return [items, said["others"], said["gives_way"], said["new_bank"]]
