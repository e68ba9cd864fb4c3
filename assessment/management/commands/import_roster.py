"""``manage.py import_roster``: enroll the people of a table in a course, or say what would happen."""

from __future__ import annotations

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.models import Course
from assessment.people.rosters import Imported, Plan, import_roster, people_in, plan_roster
from content.sheets.reading import SheetFault, read_table


class Command(BaseCommand):
    help = (
        "Enrolls the people of a CSV or XLSX file with the columns e-mail, username, first name, last name, section "
        "and role. For people without an account one is made; the links by which they choose their password are "
        "printed once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("course", help="the slug of the course")
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--dry-run", action="store_true", help="say what each row would do, and do nothing"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")
        parser.add_argument(
            "--site",
            default="",
            metavar="URL",
            help="put before the links, as https://assay.example.org; without it nobody is mailed",
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        course = Course.objects.filter(slug=options["course"]).first()
        if course is None:
            raise CommandError(f"There is no course {options['course']}.")
        try:
            people, unread = people_in(read_table(options["file"].read_bytes()))
        except (OSError, SheetFault) as fault:
            raise CommandError(str(fault)) from None
        common: dict[str, Any] = {"course": course, "people": people, "unread": unread, "appoints": True}
        now = timezone.now()
        if options["dry_run"]:
            done = Imported(plan_roster(**common, now=now), ())
        else:
            done = import_roster(
                **common,
                expected=None,
                now=now,
                mails=bool(options["site"]),
                address_of=lambda token: (
                    f"{options['site'].rstrip('/')}/recover?{urlencode({'token': token})}"
                ),
            )
        self.stdout.write(json.dumps(_told(done), indent=2) if options["json"] else "\n".join(_lines(done)))


def _told(done: Imported) -> dict[str, Any]:
    return {
        "counts": done.plan.counts,
        "new_sections": done.plan.new_sections,
        "unread_columns": done.plan.unread,
        "rows": [
            {"row": one.person.row, "who": one.person.named, "outcome": one.outcome, "words": one.words}
            for one in done.plan.steps
        ],
        "invitations": [
            {"row": one.person.row, "username": one.username, "link": one.address} for one in done.invited
        ],
    }


def _lines(done: Imported) -> list[str]:
    return [
        *(f"row {one.person.row}: {one.person.named}: {one.words}" for one in done.plan.steps),
        *(f"{one.username}: {one.address}" for one in done.invited),
        _summary(done.plan),
    ]


def _summary(plan: Plan) -> str:
    counts = plan.counts
    return (
        f"{counts['account']} with a new account, {counts['enrol']} enrolled, {counts['change']} changed, "
        f"{counts['there']} there already, {counts['refused']} refused."
    )
