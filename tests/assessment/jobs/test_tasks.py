"""The scheduled work: what each task does, when it is due, and that two of it do no harm."""

import io
import json
from collections.abc import Callable
from datetime import datetime, timedelta
from threading import Event
from uuid import UUID

import pytest
from django.core.management import CommandError, call_command
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone

from assessment.delivery import attempts
from assessment.exclusive import Lock, unless_held
from assessment.jobs import tasks
from assessment.jobs.tasks import TASKS, Task, due, late, run_due, run_task, serve
from assessment.models import Attempt, Session, TaskRun
from assessment.models.attempts import AttemptState
from tests import sitting
from tests.builders import NOW, make_attempt

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def table(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Replace the tasks by those given: name and work, each due every minute."""

    def replace(**works: Callable[[datetime], str]) -> None:
        monkeypatch.setattr(tasks, "TASKS", {name: Task(MINUTE, work) for name, work in works.items()})

    return replace


def fail(_now: datetime) -> str:
    raise ValueError("No room.")


def test_an_attempt_whose_time_is_up_is_ended_without_its_learner() -> None:
    attempt = make_attempt(time_limit_minutes=10)
    sitting.draft(attempt, 1, {"a": "right"}, now=NOW + 5 * MINUTE)
    run = run_task("settle", NOW + 11 * MINUTE)
    attempt.refresh_from_db()
    assert run is not None
    assert (run.outcome, run.detail) == ("done", "1 attempts ended.")
    assert (attempt.state, attempt.score) == (AttemptState.EXPIRED, 1)


def test_an_answer_that_came_in_time_is_let_through_before_the_attempt_is_ended() -> None:
    attempt = make_attempt(time_limit_minutes=10)
    run_task("settle", NOW + timedelta(minutes=10, seconds=29))
    attempt.refresh_from_db()
    assert attempt.state == AttemptState.OPEN


def test_an_attempt_that_cannot_be_ended_keeps_no_other_open(monkeypatch: pytest.MonkeyPatch) -> None:
    broken, sound = make_attempt(time_limit_minutes=5), make_attempt(time_limit_minutes=10)

    def settle_all_but_one(*, attempt_id: UUID, now: datetime) -> Attempt:
        if attempt_id == broken.pk:
            raise OverflowError("too large")
        return attempts.settle(attempt_id=attempt_id, now=now)

    monkeypatch.setattr(tasks, "settle", settle_all_but_one)
    run = run_task("settle", NOW + 20 * MINUTE)
    sound.refresh_from_db()
    assert sound.state == AttemptState.EXPIRED
    assert run is not None
    assert run.detail == f"TaskFailed: 1 of 2 attempts could not be ended: {broken.pk}"


def test_expired_sessions_go_and_others_stay() -> None:
    now = timezone.now()
    for key, age in (("old", -1), ("new", 1)):
        Session.objects.create(session_key=key, session_data="", expire_date=now + timedelta(days=age))
    run_task("sessions", now)
    assert list(Session.objects.values_list("session_key", flat=True)) == ["new"]


def test_calibrating_says_that_nothing_is_due() -> None:
    run = run_task("calibrate", NOW)
    assert run is not None
    assert (run.outcome, run.detail) == ("done", "No bank has 500 new responses.")


def test_a_run_is_noted_with_its_outcome_and_its_time(table: Callable[..., None]) -> None:
    table(good=lambda _now: "Done it.", bad=fail)
    for name in ("good", "bad"):
        run_task(name, NOW)
    good, bad = TaskRun.objects.get(name="good"), TaskRun.objects.get(name="bad")
    assert (good.outcome, good.detail, good.started_at) == ("done", "Done it.", NOW)
    assert good.succeeded_at == good.finished_at
    assert good.seconds is not None
    assert (bad.outcome, bad.detail, bad.succeeded_at) == ("failed", "ValueError: No room.", None)


def test_a_failure_keeps_the_time_of_the_last_success(table: Callable[..., None]) -> None:
    table(task=lambda _now: "Done it.")
    first = run_task("task", NOW)
    table(task=fail)
    second = run_task("task", NOW + MINUTE)
    assert first is not None
    assert second is not None
    assert second.outcome == "failed"
    assert TaskRun.objects.get().succeeded_at == first.succeeded_at


def test_a_task_is_due_at_first_and_then_after_its_interval_even_if_it_failed(
    table: Callable[..., None],
) -> None:
    table(task=fail)
    assert due(NOW) == ["task"]
    run_due(NOW)
    assert due(NOW + 0.9 * MINUTE) == []
    assert due(NOW + MINUTE) == ["task"]


def test_a_failing_task_keeps_no_other_from_its_turn(table: Callable[..., None]) -> None:
    table(bad=fail, good=lambda _now: "Done it.")
    run_due(NOW)
    assert TaskRun.objects.get(name="good").outcome == "done"


def test_a_task_that_runs_elsewhere_is_left_alone(table: Callable[..., None]) -> None:
    table(task=lambda _now: pytest.fail("It ran twice at once."), other=lambda _now: "Done it.")
    with unless_held(Lock.TASK, "task") as held:
        assert held
        assert run_task("task", NOW) is None
        run_due(NOW)
    assert list(TaskRun.objects.values_list("name", flat=True)) == ["other"]


def test_a_lock_ends_with_its_block(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: list[BaseDatabaseWrapper] = []
    with monkeypatch.context() as patched:
        # The server hears of a closed connection some time later: here it does at the end of the test.
        patched.setattr(BaseDatabaseWrapper, "close", lambda connection: kept.append(connection))
        with unless_held(Lock.TASK, "task") as first:
            assert first
    with unless_held(Lock.TASK, "task") as second:
        for connection in kept:
            connection.close()
        assert second


def test_what_rests_or_failed_is_late(table: Callable[..., None]) -> None:
    table(rests=lambda _now: "", bad=fail, good=lambda _now: "")
    assert late(NOW)[0] == "The task rests has never run."
    run_due(NOW)
    run_task("good", NOW + 4 * MINUTE)
    assert late(NOW + 4 * MINUTE) == [
        f"The task rests last ran at {NOW:%Y-%m-%d %H:%M} UTC.",
        "The task bad failed: ValueError: No room.",
    ]


def test_the_work_goes_on_when_the_database_was_away(monkeypatch: pytest.MonkeyPatch) -> None:
    stop, turns = Event(), []

    def turn(_now: datetime) -> None:
        turns.append("turn")
        if len(turns) == 1:
            raise OperationalError("gone")
        stop.set()

    monkeypatch.setattr(tasks, "run_due", turn)
    monkeypatch.setattr(tasks, "TICK_SECONDS", 0)
    monkeypatch.setattr(tasks, "close_old_connections", lambda: None)
    serve(stop)
    assert len(turns) == 2


def said(*arguments: str, **options: bool) -> str:
    out = io.StringIO()
    call_command("tasks", *arguments, stdout=out, **options)
    return out.getvalue()


def test_the_command_shows_every_task_and_runs_one() -> None:
    assert [line.split()[0] for line in said().splitlines()] == list(TASKS)
    assert "never run" in said()
    assert said("settle").startswith("done at ")
    assert json.loads(said(json=True))["settle"]["outcome"] == "done"


def test_the_command_fails_with_its_task_and_refuses_a_second_run(table: Callable[..., None]) -> None:
    with unless_held(Lock.TASK, "settle"), pytest.raises(CommandError, match="is running already"):
        said("settle")
    table(settle=fail)
    with pytest.raises(CommandError, match="The task settle failed"):
        said("settle")
