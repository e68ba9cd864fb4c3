"""``manage.py assessment_schema``: the JSON Schema of assessment documents, for authors' editors."""

from __future__ import annotations

import json
from typing import Any

from django.core.management.base import BaseCommand

from assessment.rules.schema import assessment_schema


class Command(BaseCommand):
    help = "Prints the JSON Schema of assessment documents: an editor completes names by it and marks slips."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        self.stdout.write(json.dumps(assessment_schema(), indent=1, ensure_ascii=False))
