"""``manage.py tasks``: when the scheduled work was done last; ``manage.py tasks NAME`` does it now."""

import json
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from assessment.jobs.tasks import TASKS, run_task
from assessment.models import TaskRun
from assessment.models.tasks import TaskOutcome


class Command(BaseCommand):
    help = (
        "Shows the scheduled tasks and how each went last; with a name, runs that one now. Running one that runs "
        "already does nothing. Exits with 1 where the task failed."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("name", nargs="?", choices=list(TASKS), help="the task to run now")
        parser.add_argument("--json", action="store_true", help="print JSON instead of words")

    def handle(self, *_args: Any, **options: Any) -> None:
        if not options["name"]:
            self._show(as_json=options["json"])
            return
        run = run_task(options["name"], timezone.now())
        if run is None:
            raise CommandError(f"The task {options['name']} is running already.")
        self.stdout.write(json.dumps(_as_json(run)) if options["json"] else _in_words(run))
        if run.outcome == TaskOutcome.FAILED:
            raise CommandError(f"The task {run.name} failed.")

    def _show(self, *, as_json: bool) -> None:
        runs = TaskRun.objects.in_bulk(TASKS)
        if as_json:
            self.stdout.write(json.dumps({name: _as_json(runs.get(name)) for name in TASKS}, indent=2))
            return
        for name, task in TASKS.items():
            last = _in_words(runs[name]) if name in runs else "never run"
            self.stdout.write(f"{name:<12} every {task.interval!s:<16} {last}")


def _as_json(run: TaskRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "name": run.name,
        "outcome": run.outcome,
        "started_at": run.started_at.isoformat(),
        "seconds": run.seconds,
        "detail": run.detail,
    }


def _in_words(run: TaskRun) -> str:
    took = "" if run.seconds is None else f" in {run.seconds:.2f} s"
    return f"{run.outcome} at {run.started_at:%Y-%m-%d %H:%M:%S}{took}. {run.detail}".strip()
