#!/usr/bin/env python
"""The command line of the project: ``.venv/bin/python manage.py help`` lists what it can do."""

import os
import sys

from django.apps import apps
from django.core.management import BaseCommand, ManagementUtility


class Commands(ManagementUtility):
    """The framework's commands and ours, of which the audit knows what they write."""

    def fetch_command(self, subcommand: str) -> BaseCommand:
        command = super().fetch_command(subcommand)
        if apps.ready:
            from assessment.models.audit import Door
            from assessment.people.auditing import audited

            command.execute = audited(Door.COMMAND)(command.execute)  # type: ignore[method-assign]
        return command


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    Commands(sys.argv).execute()


if __name__ == "__main__":
    main()
