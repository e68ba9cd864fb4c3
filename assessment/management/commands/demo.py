"""``manage.py demo``: accounts and a course to look around in."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.demo.course import DemoReport, LibraryMissing, NotADemo, seed_demo


class Command(BaseCommand):
    help = (
        "Makes the demo's accounts and a course in which learners have been at work. Twice changes nothing."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        try:
            report = seed_demo(now=timezone.now())
        except (NotADemo, LibraryMissing) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(json.dumps(report.to_json()) if options["json"] else _in_words(report))


def _in_words(report: DemoReport) -> str:
    return (
        f"demo: {report.course}, {report.learners} learners, {report.attempts} attempts, "
        f"{report.responses} responses; sign in as {', '.join(report.accounts)} with {report.password}"
    )
