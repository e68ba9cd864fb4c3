"""``manage.py import_content``: bring the rows to what course folders say."""

import json
from argparse import ArgumentParser
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone

import content
from assessment.transfer.importing import import_course
from content.formats.course_folder import CourseError, FileFault, course_folders, read_course
from content.importing import ImportReport

LIBRARY = Path(content.__path__[0]) / "library"


class Command(BaseCommand):
    help = (
        "Imports course folders, by default the library that ships with Assay. "
        "Each course is imported whole or not at all; twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", nargs="?", type=Path, default=LIBRARY, help="a subject, or a folder of them"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="say what would change, and change nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, folder: Path, **options: Any) -> None:
        dry = options["dry_run"]
        reports: dict[str, Any] = {}
        faults: list[FileFault] = []
        # Courses build on each other: a dry run takes them all before it takes them back.
        with transaction.atomic() if dry else nullcontext():
            for path in _folders(folder):
                try:
                    reports[path.name] = report = import_course(course=read_course(path), now=timezone.now())
                except CourseError as error:
                    faults += error.faults
                    continue
                if not options["json"]:
                    self.stdout.write("\n".join(_in_words(path.name, report, dry=dry)))
            if dry:
                transaction.set_rollback(True)
        if options["json"]:
            imported = {name: report.to_json() for name, report in reports.items()}
            listed = {"faults": [asdict(fault) for fault in faults]} if faults else {}
            self.stdout.write(json.dumps(imported | listed))
        elif dry:
            self.stdout.write("Nothing was written: this was a dry run.")
        if faults:
            raise CommandError("Nothing was imported of this course:\n" + "\n".join(map(str, faults)))


def _folders(folder: Path) -> list[Path]:
    try:
        return course_folders(folder)
    except CourseError as error:
        raise CommandError(str(error)) from error


def _in_words(name: str, report: ImportReport, *, dry: bool) -> Iterator[str]:
    counts = (f"{report.total(outcome)} {outcome}" for outcome in ("created", "updated", "unchanged"))
    yield f"{name}: {', '.join(counts)}"
    lines = [*(report.changes if dry else ()), *report.overwritten, *report.remarks]
    yield from (f"  {line}" for line in lines)
