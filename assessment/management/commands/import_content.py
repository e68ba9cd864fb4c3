"""``manage.py import_content``: bring in courses, items, archives and files of other systems."""

import json
import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

import content
from assessment.transfer.bringing import Result, Wish, bring
from assessment.transfer.sources import Gathered
from content.importing import Tried
from content.importing_items import Entry

LIBRARY: Final = Path(content.__path__[0]) / "library"
NOTHING_WRITTEN: Final = "Nothing was written: this was a dry run."
UNCONFIRMED: Final = (
    "Nothing was imported. Look at it with --dry-run, and say --yes to let the desk's versions give way."
)


class Command(BaseCommand):
    help = (
        "Imports courses, items, archives (.zip) of these, and files of Moodle (XML, GIFT, Aiken) or tables "
        "(CSV, XLSX), whichever they are by their content; by default the library that ships with Assay. Each "
        "course is imported whole or not at all; twice changes nothing. It is looked at first: on a terminal it asks "
        "before it writes. Elsewhere it goes on where nothing of the desk gives way to a file, and needs --yes where "
        "something does. undo_import takes it back."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="*", type=Path, metavar="PATH", help="folders, files or archives")
        parser.add_argument(
            "--bank",
            default="",
            help="the slug of the bank for single items and foreign files; made if missing",
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )
        parser.add_argument("--yes", action="store_true", help="carry it out without asking")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, paths: list[Path], **options: Any) -> None:
        gathered = Gathered.of_paths(paths or [LIBRARY])
        wish = Wish(
            bank_slug=options["bank"],
            # The shipped library is part of the program: an update of the program brings it.
            may_replace=options["yes"] or not paths,
            is_dry=options["dry_run"],
        )
        tried: Tried = {}
        asks = paths and not (options["yes"] or options["json"] or options["dry_run"]) and sys.stdin.isatty()
        if asks:
            looked = bring(gathered, Wish(wish.bank_slug, is_dry=True), timezone.now(), tried)
            self.stdout.write("\n".join(_in_words(looked)))
            if not looked.writes or input("Carry it out? [y/N] ").strip().lower() not in ("y", "yes"):
                self.stdout.write(NOTHING_WRITTEN)
                return
            wish = Wish(wish.bank_slug, may_replace=True)
        result = bring(gathered, wish, timezone.now(), tried)
        if options["json"]:
            self.stdout.write(json.dumps(result.to_json()))
        elif not asks:
            self.stdout.write("\n".join(_in_words(result)))
        _exit(result, is_json=options["json"])


def _exit(result: Result, *, is_json: bool) -> None:
    """End with a failure where something was refused. With JSON all of it has been said already."""
    if result.is_whole:
        return
    if is_json:
        raise SystemExit(1)
    if not result.is_confirmed:
        raise CommandError(UNCONFIRMED)
    refused = [f"{one.source}: {'; '.join(one.notes)}" for one in result.entries if one.status == "refused"]
    said = [
        *map(str, result.faults),
        *(line for line in refused if not result.faults or "whole or not" not in line),
    ]
    raise CommandError("Refused:\n" + "\n".join(dict.fromkeys(said)))


def _in_words(result: Result) -> Iterator[str]:
    counts = result.counts
    yield ", ".join(f"{count} {status}" for status, count in counts.items())
    if result.new_bank:
        yield f"  the bank {result.new_bank} {'would be' if result.is_dry else 'was'} made"
    for entry in result.entries:
        yield from _of_entry(entry, result)
    yield from _of_others(result)
    yield from (f"  {line}" for line in (*result.gives_way, *result.remarks))
    if result.is_dry:
        yield NOTHING_WRITTEN
    elif result.run:
        yield f"  manage.py undo_import {result.run.pk} takes it back"


def _of_others(result: Result) -> Iterator[str]:
    """Yield what becomes of what is no item: one by one while it is looked at, counted when it is done."""
    changed = [one for one in result.others if one.outcome != "unchanged"]
    if result.is_dry:
        for one in changed:
            yield f"  {one.kind} {one.slug}: {one.outcome}"
            yield from (f"    {line}" for line in one.diff)
        return
    for (kind, outcome), count in Counter((one.kind, one.outcome) for one in changed).items():
        yield f"  {kind}: {count} {outcome}"


def _of_entry(entry: Entry, result: Result) -> Iterator[str]:
    """Yield what there is to say of an item: of one without a change or a loss nothing."""
    if entry.status == "unchanged" or (entry.status == "imported" and not result.is_dry and not entry.notes):
        return
    yield f"  items {entry.slug or entry.title}: {entry.status}{f', {entry.change}' if entry.change else ''}"
    yield from (f"    {note}" for note in entry.notes)
    yield from (f"    {line}" for line in entry.diff if result.is_dry)
