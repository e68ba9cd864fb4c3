"""``manage.py export_content``: write what is in force as course folders, or a bank as a file of another system."""

import json
from argparse import ArgumentParser
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from django.core.management.base import BaseCommand, CommandError

from assessment.transfer.exporting import export_alone, export_course, left_out
from content.exporting import LeftOut, export_bank, formats, left_out_of_banks, unneeded
from content.formats.course_folder import write_course
from content.formats.written import Written
from content.models import ItemBank, Subject

ALONE: Final = "."
"""What lies beside the subjects."""


class Command(BaseCommand):
    help = (
        "Writes published lessons, items and assessments as course folders, which import_content reads, "
        "and names what has no place in them. With --format and --bank it writes the items of a bank as one file, "
        "and names what that format cannot hold."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "folder", type=Path, help="where to write: a folder for courses, a file for a bank"
        )
        parser.add_argument("--subject", help="the slug of one subject; without it, all of them")
        parser.add_argument("--format", choices=formats(), help="what to write a bank as")
        parser.add_argument("--bank", help="the slug of the bank to write")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, folder: Path, subject: str | None, **options: Any) -> None:
        if bool(options["format"]) != bool(options["bank"]):
            raise CommandError("--format and --bank belong together.")
        if options["format"]:
            self._bank(folder, options["format"], options["bank"], is_json=options["json"])
        else:
            self._courses(folder, subject, is_json=options["json"])

    def _courses(self, folder: Path, subject: str | None, *, is_json: bool) -> None:
        chosen = Subject.objects.filter(slug=subject) if subject else Subject.objects.all()
        if subject and not chosen:
            raise CommandError(f"There is no subject called {subject}.")
        subjects = list(chosen.order_by("slug"))
        courses = [export_course(subject=row) for row in subjects]
        alone = [] if subject else [export_alone()]
        files = {course.slug or ALONE: write_course(course, folder) for course in (*courses, *alone)}
        missing = [
            *left_out(subjects, alone=not subject),
            *(() if subject else unneeded([*courses, *alone])),
        ]
        files = {name: paths for name, paths in files.items() if paths}
        self.stdout.write(_as_json(files, missing) if is_json else _in_words(files, missing))

    def _bank(self, path: Path, form: str, slug: str, *, is_json: bool) -> None:
        bank = ItemBank.objects.filter(slug=slug).first()
        if bank is None:
            raise CommandError(f"There is no item bank called {slug}.")
        written = export_bank(bank, form)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(written.content)
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}") from error
        missing = _missing(bank, written)
        if is_json:
            said = {"format": form, "bank": slug, "file": str(path), "items": written.count}
            self.stdout.write(json.dumps({**said, "left_out": [asdict(one) for one in missing]}))
        else:
            self.stdout.write("\n".join([f"{path}: {written.count} items", *_not_written(missing)]))


def _missing(bank: ItemBank, written: Written) -> list[LeftOut]:
    """Return what a file does not hold of a bank: whole items, then parts of those it holds."""
    whole = sorted(written.omissions, key=lambda one: not one.is_whole)
    return [
        *(
            LeftOut("item", one.slug, one.reason if one.is_whole else f"without {one.reason}")
            for one in whole
        ),
        *left_out_of_banks(ItemBank.objects.filter(pk=bank.pk)),
    ]


def _as_json(files: Mapping[str, list[Path]], missing: Sequence[LeftOut]) -> str:
    written = {slug: [str(path) for path in paths] for slug, paths in files.items()}
    return json.dumps({"files": written, "left_out": [asdict(one) for one in missing]})


def _in_words(files: Mapping[str, list[Path]], missing: Sequence[LeftOut]) -> str:
    lines = [f"{slug}: {len(paths)} files" for slug, paths in files.items()]
    return "\n".join([*lines, *_not_written(missing)])


def _not_written(missing: Sequence[LeftOut]) -> list[str]:
    return [f"Not written ({len(missing)}):", *(f"  {one}" for one in missing)] if missing else []
