"""``manage.py lti_invite``: a link by which one learning-management system registers itself."""

import json
import os
from argparse import ArgumentParser
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.platforms.registering import invite

LONGEST_DAYS: Final = 365


class Command(BaseCommand):
    help = (
        "Makes an invitation and prints its link, which cannot be shown again. Who administers the platform enters "
        "it there as the address of dynamic registration. It registers one platform, once."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--name", default="", help="what people here call the platform; else its own name"
        )
        parser.add_argument("--days", type=int, default=7, help="how long the link can be used (default: 7)")
        parser.add_argument(
            "--waits", action="store_true", help="who registers by it waits until somebody here confirms it"
        )
        parser.add_argument(
            "--base",
            default="",
            metavar="URL",
            help="where browsers find this installation, such as https://assay.example; no setting says it, so "
            "without it the link is for `make run` on this machine: http://127.0.0.1:$PORT (default: 8000)",
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= LONGEST_DAYS:
            raise CommandError(f"--days must be 1 to {LONGEST_DAYS}.")
        base = _base(options["base"])
        invitation, secret = invite(
            name=options["name"], now=timezone.now(), confirms=not options["waits"], days=options["days"]
        )
        url = f"{base}/lti/register?{urlencode({'invitation': secret})}"
        if options["json"]:
            self.stdout.write(json.dumps({"url": url}))
            return
        self.stdout.write(url)
        self.stdout.write(
            f"It can be used until {invitation.expires_at:%Y-%m-%d %H:%M} UTC, once, and is not shown again."
        )


def _base(given: str) -> str:
    """Return the address that the link begins with. Raises CommandError."""
    if not given:
        return f"http://127.0.0.1:{os.environ.get('PORT') or 8000}"
    parts = urlsplit(given)
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.path.strip("/") or parts.query:
        raise CommandError("--base must be a scheme and a host, such as https://assay.example.")
    return f"{parts.scheme}://{parts.netloc}"
