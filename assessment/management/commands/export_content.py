"""``manage.py export_content``: write what is in force as course folders."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.transfer.exporting import export_course, left_out
from content.exporting import LeftOut, OneBankPerLesson, unneeded
from content.formats.course_folder import write_course
from content.models import Subject


class Command(BaseCommand):
    help = (
        "Writes published lessons, items and assessments as course folders, which import_content reads, "
        "and names what has no place in them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, help="where to write; a folder per subject is made in it")
        parser.add_argument("--subject", help="the slug of one subject; without it, all of them")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, folder: Path, subject: str | None, **options: Any) -> None:
        chosen = Subject.objects.filter(slug=subject) if subject else Subject.objects.all()
        if subject and not chosen:
            raise CommandError(f"There is no subject called {subject}.")
        subjects = list(chosen.order_by("slug"))
        try:
            courses = [export_course(subject=row) for row in subjects]
        except OneBankPerLesson as error:
            raise CommandError(str(error)) from error
        files = {course.subject.slug: write_course(course, folder) for course in courses}
        missing = [*left_out(subjects), *(() if subject else unneeded(courses))]
        self.stdout.write(_as_json(files, missing) if options["json"] else _in_words(files, missing))


def _as_json(files: Mapping[str, list[Path]], missing: Sequence[LeftOut]) -> str:
    written = {slug: [str(path) for path in paths] for slug, paths in files.items()}
    return json.dumps({"files": written, "left_out": [asdict(one) for one in missing]})


def _in_words(files: Mapping[str, list[Path]], missing: Sequence[LeftOut]) -> str:
    lines = [f"{slug}: {len(paths)} files" for slug, paths in files.items()]
    if missing:
        lines += [f"Not written ({len(missing)}):", *(f"  {one}" for one in missing)]
    return "\n".join(lines)
