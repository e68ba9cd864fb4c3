"""``manage.py export_content``: write what is in force as course folders."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.exporting import export_course
from content.exporting import OneBankPerLesson
from content.formats.course_folder import write_course
from content.models import Subject


class Command(BaseCommand):
    help = "Writes published lessons, items and assessments as course folders, which import_content reads."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where to write; a folder per subject is made in it")
        parser.add_argument("--subject", help="the slug of one subject; without it, all of them")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, folder: Path, subject: str | None, **options: Any) -> None:
        chosen = Subject.objects.filter(slug=subject) if subject else Subject.objects.all()
        if subject and not chosen:
            raise CommandError(f"There is no subject called {subject}.")
        written = {}
        for row in chosen.order_by("slug"):
            try:
                files = write_course(export_course(subject=row), folder)
            except OneBankPerLesson as error:
                raise CommandError(str(error)) from error
            written[row.slug] = [str(path) for path in files]
            if not options["json"]:
                self.stdout.write(f"{row.slug}: {len(files)} files")
        if options["json"]:
            self.stdout.write(json.dumps(written))
