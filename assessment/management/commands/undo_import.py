"""``manage.py undo_import``: take an import back."""

import json
from argparse import ArgumentParser
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.transfer.undoing import undo_import
from content.models import ImportRun, ImportState


class Command(BaseCommand):
    help = (
        "Takes an import back: what was in force before is in force again, what the import made and nobody used is "
        "removed, what learners have had is retired. What has been changed at the desk since is left alone and "
        "named. Twice is once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        which = parser.add_mutually_exclusive_group(required=True)
        which.add_argument("run", nargs="?", metavar="RUN", help="the number that the import told")
        which.add_argument(
            "--last", action="store_true", help="the latest import that has not been taken back"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, run: str | None, **options: Any) -> None:
        found = _run(run)
        was_undone = found.state == ImportState.UNDONE
        done = undo_import(run=found, by=None, now=timezone.now())
        if options["json"]:
            said = {"run": str(found.pk), "was_undone": was_undone, "changes": [asdict(one) for one in done]}
            self.stdout.write(json.dumps(said))
            return
        self.stdout.write(f"{found}{': was taken back already' if was_undone else ''}")
        for one in done:
            self.stdout.write(f"  {one}")


def _run(number: str | None) -> ImportRun:
    """Return the import of a number, or the latest. Raises CommandError."""
    if number is None:
        last = ImportRun.objects.last_of()
        if last is None:
            raise CommandError("There is no import that could be taken back.")
        return last
    try:
        return ImportRun.objects.exclude(state=ImportState.PLANNED).get(pk=UUID(number))
    except (ValueError, ImportRun.DoesNotExist) as error:
        raise CommandError(f"There is no import {number[:60]}.") from error
