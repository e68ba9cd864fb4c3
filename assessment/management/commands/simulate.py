"""``manage.py simulate``: what an adaptive assessment will do to many learners, before anyone sits it."""

import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from assessment.calibration.simulating import Simulated, SimulationRefused, simulate_assessment
from assessment.errors import BankExhausted
from assessment.models import Assessment
from assessment.psychometrics.simulation import Band

EVERY = 100


class Command(BaseCommand):
    help = (
        "Lets simulated learners take an adaptive assessment with its own rules and bank, and reports bias, error, "
        "length, exposure, overlap and violated constraints. Nothing is stored."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--assessment", required=True, help="the slug of the assessment")
        parser.add_argument("--learners", type=int, default=1000)
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
    """Return the report as a table for a terminal."""
    report = found.report
    ceiling = f" (ceiling {found.ceiling:.2f})" if found.ceiling is not None else ""
    violated = [f"  {name}: {count:g}" for name, count in report.violations.items()]
    return "\n".join(
        [
            f"{report.learners} learners, {len(found.pool.measuring)} items",
            f"bias {report.bias:+.3f}, RMSE {report.rmse:.3f}, standard error {report.standard_error:.3f}, "
            f"correlation {'unknown' if report.correlation is None else format(report.correlation, '.3f')}",
            f"length {report.length:.1f} on average, {report.longest} at most",
            f"highest exposure {report.highest_exposure:.2f}{ceiling}, overlap {report.overlap:.2f}, "
            f"{report.unused_items:.0%} of the items unused",
            "ended by " + ", ".join(f"{reason} {count}" for reason, count in report.reasons.items()),
            f"violated constraints: {'none' if not violated else ''}",
            *violated,
            *_above_ceiling(found),
            f"{'theta':>14} {'learners':>8} {'bias':>7} {'RMSE':>6} {'SE':>6} {'length':>6}",
            *map(_row, report.bands),
        ]
    )


def _above_ceiling(found: Simulated) -> list[str]:
    """Say why an item may be given more often than its ceiling: that holds on average, not of each sample."""
    ceiling = found.ceiling
    if ceiling is None or found.report.highest_exposure <= ceiling:
        return []
    return [
        f"  exposure above the ceiling: each learner is refused an item by chance, so that it is kept on average. "
        f"With {found.report.learners} learners a share may lie up to "
        f"{3 * (ceiling * (1 - ceiling) / found.report.learners) ** 0.5:.2f} above it; more than that says that too "
        "few items are left to choose from."
    ]


def _row(band: Band) -> str:
    low, high = ("" if end is None else f"{end:.1f}" for end in (band.low, band.high))
    between = f"{low} to {high}"
    return (
        f"{between:>14} {band.learners:>8} {band.bias:>+7.3f} {band.rmse:>6.3f} {band.standard_error:>6.3f} "
        f"{band.length:>6.1f}"
    )


def _write(folder: Path, found: Simulated) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, svg in found.pictures().items():
        (folder / f"{name}.svg").write_text(svg, encoding="utf-8")
