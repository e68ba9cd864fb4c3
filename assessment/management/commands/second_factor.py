"""``manage.py second_factor``: who of the staff has one, and taking a lost one away where nobody can sign in."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.models import User
from assessment.people.second_factor import device_of, take_away


class Command(BaseCommand):
    help = (
        "Lists the accounts of staff and whether their second factor is on; --take-away removes a lost one."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--take-away", metavar="USERNAME", help="whose device and recovery codes are lost"
        )

    def handle(self, *_args: Any, **options: Any) -> None:
        if name := options["take_away"]:
            self._take_away(name)
            return
        for user in User.objects.filter(is_staff=True, is_active=True).order_by("username"):
            self.stdout.write(f"{'on' if device_of(user) else 'off':<4} {user.get_username()}")

    def _take_away(self, name: str) -> None:
        try:
            user = User.objects.get_by_natural_key(name)
        except User.DoesNotExist:
            raise CommandError("There is no account of that name.") from None
        if not take_away(user=user):
            raise CommandError(f"The second factor of {user} is not on.")
        self.stdout.write(f"The second factor of {user} is taken away, and all its sessions have ended.")
