"""``manage.py simulate``: what an assessment will do to many learners, before anyone sits it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.calibration.simulating import Simulated, SimulationRefused, simulate_assessment
from assessment.errors import BankExhausted
from assessment.models import Assessment

EVERY = 100


class Command(BaseCommand):
    help = (
        "Lets simulated learners take an assessment with its own rules and bank. Adaptive: bias, error, length, "
        "exposure, overlap and violated constraints. Fixed: scores, reliability, who passes, and each item. Mastery: "
        "answers until mastery, and how often it is wrong. Nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--assessment", required=True, help="the slug of the assessment")
        parser.add_argument("--learners", type=int, default=1000, help="how many, %(default)s if left out")
        parser.add_argument("--seed", type=int, default=1, help="the same seed gives the same learners")
        parser.add_argument("--svg", type=Path, metavar="FOLDER", help="write pictures there")
        parser.add_argument("--json", action="store_true", help="print one JSON object instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        assessment = Assessment.objects.filter(slug=options["assessment"]).first()
        if assessment is None:
            raise CommandError(f"There is no assessment called {options['assessment']}.")
        if assessment.current is None:
            raise CommandError(f"{options['assessment']} has not been published.")
        try:
            found = simulate_assessment(
                definition=assessment.definition,
                learners=options["learners"],
                seed=options["seed"],
                progress=self._tell,
            )
        except (SimulationRefused, BankExhausted) as error:
            raise CommandError(str(error)) from error
        if options["svg"]:
            _write(options["svg"], found)
        self.stdout.write(json.dumps(found.to_json()) if options["json"] else in_words(found))

    def _tell(self, done: int, learners: int) -> None:
        if done % EVERY == 0 or done == learners:
            self.stderr.write(f"{done} of {learners} learners")


def in_words(found: Simulated) -> str:
    """Return the report for a terminal, and what is odd in it below."""
    return "\n".join([*found.lines(), *(f"- {remark}" for remark in found.remarks)])


def _write(folder: Path, found: Simulated) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in found.pictures().items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
