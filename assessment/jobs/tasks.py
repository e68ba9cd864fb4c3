"""The scheduled work: a table of tasks, run when they are due by one process, and by hand at any time.

Each task may be run twice at once, on any number of hosts: the second finds the lock taken and leaves. A task that
fails is logged, noted and tried again at its next turn; it ends nothing else.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from io import StringIO
from threading import Event
from typing import Final

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, InterfaceError, OperationalError, close_old_connections
from django.utils import timezone

from assessment.delivery.attempts import GRACE, settle
from assessment.errors import CorrectionRefused
from assessment.exclusive import Lock, unless_held
from assessment.models import Attempt, TaskRun
from assessment.models.attempts import AttemptState
from assessment.models.audit import Door
from assessment.models.tasks import TaskOutcome
from assessment.people import cleaning
from assessment.people.auditing import audited
from assessment.platforms import tidying
from assessment.platforms.comparing import compare_links
from assessment.platforms.grading import send_due
from assessment.platforms.keys import rotate_keys
from assessment.recording.folding import fold_difficulties, fold_exposure
from assessment.results import regrading

SETTLED_AT_ONCE: Final = 500
"""Attempts in one run: the next run goes on."""
REGRADED_AT_ONCE: Final = 20.0
"""Seconds for one correction in one run: other work waits meanwhile."""
LATE: Final = 3
"""Intervals without a run after which somebody should look."""
SOON: Final = timedelta(minutes=2)
"""However often a task is due: it may take a while."""
TICK_SECONDS: Final = 2.0

logger = logging.getLogger(__name__)


class TaskFailed(Exception):
    """What a task could not do; its text is kept with the run."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something to do every ``interval``: it is told what time it is, and tells in a sentence what it did."""

    interval: timedelta
    work: Callable[[datetime], str]


def settle_attempts(now: datetime) -> str:
    """End the attempts whose time is up, so that no result waits for its learner to look again."""
    over = Attempt.objects.filter(state=AttemptState.OPEN, deadline__lt=now - GRACE).order_by("deadline")
    failed = []
    attempts = list(over[:SETTLED_AT_ONCE])
    for attempt in attempts:
        try:
            settle(attempt_id=attempt.pk, now=now)
        except (OperationalError, InterfaceError):
            raise
        except Exception:
            logger.exception("The attempt %s could not be ended.", attempt.pk)
            failed.append(str(attempt.pk))
    if failed:
        raise TaskFailed(
            f"{len(failed)} of {len(attempts)} attempts could not be ended: {', '.join(failed[:3])}"
        )
    return f"{len(attempts)} attempts ended."


def send_grades(now: datetime) -> str:
    """Tell platforms what has changed. What one of them refuses is noted with the grade, and is no failure here."""
    sent, failed = send_due(now)
    return f"{sent} grades sent, {failed} not."


def compare_grades(now: datetime) -> str:
    """Hold the ledger against the gradebooks. What differs is for people to look at."""
    compared, differing = compare_links(now)
    return f"{compared} columns compared, {differing} grades differ."


def regrade(now: datetime) -> str:
    """Go on with corrections that somebody asked for; what refuses one is kept with it, and is no failure here."""
    finished = waiting = 0
    for run in regrading.unfinished_runs():
        try:
            done = regrading.carry_out(run, now, seconds=REGRADED_AT_ONCE)
        except CorrectionRefused as refusal:
            logger.info("The %s was refused: %s", run, refusal)
            done = True
        finished, waiting = finished + done, waiting + (not done)
    return f"{finished} corrections previewed or applied, {waiting} to be gone on with."


def read_rosters(now: datetime) -> str:
    """Bring enrollments up to date with the platforms' rosters; the audit says that nobody here did it."""
    with audited(Door.COMMAND):
        return f"{tidying.read_rosters(now)} rosters read."


def _deleted(verb: Callable[..., int], what: str) -> Callable[[datetime], str]:
    return lambda now: f"{verb(now=now)} {what} deleted."


def calibrate_due(_now: datetime) -> str:
    """Calibrate the banks that have enough new answers; nothing is put in force by it."""
    told = StringIO()
    call_command("calibrate", due=settings.CALIBRATE_AFTER, stdout=told, stderr=StringIO())
    return told.getvalue().strip().splitlines()[-1]


TASKS: Final[Mapping[str, Task]] = {
    "settle": Task(timedelta(minutes=1), settle_attempts),
    "exposure": Task(timedelta(minutes=1), lambda _: f"{fold_exposure()} changes of exposure counted."),
    "difficulties": Task(
        timedelta(minutes=1),
        lambda now: f"{fold_difficulties(now=now)} answers to unscored items learned from.",
    ),
    "sessions": Task(timedelta(hours=1), _deleted(cleaning.delete_expired_sessions, "expired sessions")),
    "guests": Task(timedelta(hours=1), _deleted(cleaning.delete_idle_guests, "idle guests")),
    "counts": Task(timedelta(hours=1), _deleted(cleaning.delete_old_counts, "old counts of requests")),
    "grades": Task(timedelta(seconds=10), send_grades),
    "corrections": Task(timedelta(seconds=5), regrade),
    "launches": Task(timedelta(hours=1), _deleted(tidying.delete_old_launches, "old launches")),
    "tool-keys": Task(timedelta(hours=1), lambda now: f"{rotate_keys(now)} keys made."),
    "gradebooks": Task(timedelta(hours=1), compare_grades),
    "rosters": Task(timedelta(hours=1), read_rosters),
    "calibrate": Task(timedelta(days=1), calibrate_due),
}
"""What is done, by the name under which it is run by hand. A new task is one line here."""


def run_task(name: str, now: datetime) -> TaskRun | None:
    """Run a task and note how it went; return the note, or None while another process runs the task."""
    with unless_held(Lock.TASK, name) as held:
        return _run(name, now) if held else None


def run_due(now: datetime) -> None:
    """Run every task whose turn it is."""
    for name in due(now):
        with unless_held(Lock.TASK, name) as held:
            # Another host may have run it since.
            if held and name in due(now):
                _run(name, now)


def due(now: datetime) -> list[str]:
    runs = TaskRun.objects.in_bulk(TASKS)
    return [name for name, task in TASKS.items() if name not in runs or runs[name].is_due(task.interval, now)]


def late(now: datetime, *, in_detail: bool = True) -> list[str]:
    """Return a sentence on each task that somebody should look at: failed, or not run for long.

    Why it failed is for those who run the installation: without ``in_detail`` it is left out.
    """
    runs = TaskRun.objects.in_bulk(TASKS)
    found = []
    for name, task in TASKS.items():
        run = runs.get(name)
        if run is None:
            found.append(f"The task {name} has never run.")
        elif run.outcome == TaskOutcome.FAILED:
            found.append(f"The task {name} failed: {run.detail}" if in_detail else f"The task {name} failed.")
        elif now - run.started_at > max(LATE * task.interval, SOON):
            found.append(f"The task {name} last ran at {run.started_at:%Y-%m-%d %H:%M} UTC.")
    return found


def serve(stop: Event) -> None:
    """Run what is due until ``stop`` is set; while the database is away, wait for it."""
    while not stop.wait(TICK_SECONDS):
        try:
            run_due(timezone.now())
        except DatabaseError as error:
            logger.warning("The scheduled work waits for the database. %s", error)
        finally:
            close_old_connections()


def _run(name: str, now: datetime) -> TaskRun:
    run, _ = TaskRun.objects.update_or_create(
        name=name,
        defaults={"started_at": now, "finished_at": None, "outcome": TaskOutcome.RUNNING, "detail": ""},
    )
    try:
        run.detail = TASKS[name].work(now)
        run.outcome = TaskOutcome.DONE
    except Exception as error:
        logger.exception("The task %s failed.", name)
        run.outcome, run.detail = TaskOutcome.FAILED, f"{type(error).__name__}: {error}"
    run.finished_at = max(timezone.now(), now)
    if run.outcome == TaskOutcome.DONE:
        run.succeeded_at = run.finished_at
    run.save()
    return run
