"""``manage.py erase_person``: forget an account and what it did, because it asks for it."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.errors import ErasureRefused
from assessment.models import User
from assessment.people.auditing import act_as
from assessment.people.erasing import erase_person
from assessment.people.rights import may


class Command(BaseCommand):
    help = (
        "Removes an account with all that says who it was, and with all that it answered. Nothing brings it back "
        "but a backup. Exposure, calibrations and other sums over learners stay."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("username")
        parser.add_argument("--reason", required=True, help="kept with the erasure; without the name")
        parser.add_argument(
            "--by", required=True, metavar="USERNAME", help="the account that is answerable for it"
        )
        parser.add_argument(
            "--keep-grades",
            action="store_true",
            help="keep attempts and their numbers, of a learner without a name",
        )
        parser.add_argument("--yes", action="store_true", help="do it; without it nothing is written")

    def handle(self, *_args: Any, **options: Any) -> None:
        user, author = _account(options["username"]), _account(options["by"])
        if not may(author, "erase", user, timezone.now()):
            raise CommandError(f"{author} may not answer for it: that is for administrators, or the person.")
        if not options["yes"]:
            self.stdout.write(f"{user} would be forgotten. Say --yes to do it.")
            return
        act_as(author)
        try:
            done = erase_person(
                user=user,
                reason=options["reason"],
                author=author,
                now=timezone.now(),
                keeps_grades=options["keep_grades"],
            )
        except ErasureRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(
            f"Forgotten, with {len(done)} learners of its own. The backups still know the account."
        )


def _account(username: str) -> User:
    found = User.objects.filter(username=username).first()
    if found is None:
        raise CommandError("There is no account of that name.")
    return found
