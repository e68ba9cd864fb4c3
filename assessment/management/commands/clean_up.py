"""``manage.py clean_up``: throw away idle guests, sessions that are over, and old counts of requests."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from assessment.cleaning import delete_expired_sessions, delete_idle_guests, delete_old_counts

VERBS = {
    "guests": delete_idle_guests,
    "sessions": delete_expired_sessions,
    "counts": delete_old_counts,
}


class Command(BaseCommand):
    help = "Delete guests who answered nothing, sessions that are over, and old counts of requests."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *_args: Any, **options: Any) -> None:
        now = timezone.now()
        deleted = {name: verb(now=now) for name, verb in VERBS.items()}
        if options["json"]:
            self.stdout.write(json.dumps(deleted))
        else:
            told = ", ".join(f"{count} {name}" for name, count in deleted.items())
            self.stdout.write(f"Deleted: {told}.")
