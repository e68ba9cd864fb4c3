"""``manage.py verify_attempts``: do the scores still follow from the responses?"""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.delivery.verifying import Difference, verify_attempt
from assessment.models import Attempt

EVERY = 1000


class Command(BaseCommand):
    help = (
        "Recomputes every attempt from its responses and reports what differs; changes nothing. "
        "Exits with 1 where anything does."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--exact", action="store_true", help="ask for the same bits, as on the machine that computed them"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        checked, found = 0, []
        for pk in Attempt.objects.order_by("pk").values_list("pk", flat=True).iterator():
            found += verify_attempt(attempt_id=pk, exact=options["exact"])
            checked += 1
            if checked % EVERY == 0:
                self.stderr.write(f"{checked} attempts checked, {len(found)} differences")
        self._say(checked, found, as_json=options["json"])
        if found:
            raise CommandError(f"{len(found)} values do not follow from the responses.")

    def _say(self, checked: int, found: list[Difference], *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps({"attempts": checked, "differences": [d.to_json() for d in found]}))
            return
        for difference in found:
            self.stdout.write(str(difference))
        self.stdout.write(f"{checked} attempts checked, {len(found)} differences")
