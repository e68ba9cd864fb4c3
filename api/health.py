"""What an orchestrator asks: is the process up, can it serve, how is it doing."""

import logging
import os
import resource
import shutil
import threading
import time
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

from django.conf import settings
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils import timezone
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from assessment.jobs.tasks import TASKS, late
from assessment.models import TaskRun
from assessment.models.tasks import TaskOutcome

# Estimates that PostgreSQL keeps anyway: a scrape must cost the same at ten million responses.
ROWS = """
    SELECT relname, GREATEST(reltuples, 0)::bigint FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname ~ '^(assessment|content|api)_'
    ORDER BY relname
"""
# A small row may still fit where a full disk lets no table grow; a new table must be given new space, and its
# commit waits for the log. Nothing of it stays.
WRITE = """
    CREATE TEMPORARY TABLE readiness AS SELECT md5(number::text) FROM generate_series(1, 4096) AS number;
    DROP TABLE readiness
"""
logger = logging.getLogger(__name__)

SECONDS_BETWEEN_WRITES: Final = 10.0
"""However often it is asked, one process tries no more often."""
LEAST_FREE_BYTES: Final = 64 * 1024 * 1024
"""On the disk of the embedded database: its log grows by 16 MB at a time."""


def pending_migrations() -> list[str]:
    """Return the migrations that the database has not seen, as ``app.name``. Raises DatabaseError."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _backwards in plan]


@require_safe
@never_cache
def healthz(_request: HttpRequest) -> HttpResponse:
    """Say that this process answers. Asks nothing of the database, whose outage must restart no process."""
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def readyz(_request: HttpRequest) -> HttpResponse:
    """Say whether requests can be served: the database answers, has every migration and can write.

    Scheduled work that is late or failed is a warning: it waits for somebody, and learners are served meanwhile.
    Anybody may ask, so no text of an error is told here: ``doctor`` tells it.
    """
    try:
        reason = _reason_not_to_serve()
        warnings = [] if reason else late(timezone.now(), in_detail=False)
    except DatabaseError:
        reason = "The database does not answer."
    if reason:
        return JsonResponse({"status": "unavailable", "reason": reason}, status=503)
    return JsonResponse({"status": "ok", "warnings": warnings})


def _reason_not_to_serve() -> str | None:
    """Raises DatabaseError where the database does not answer."""
    pending = pending_migrations()
    return f"{len(pending)} migrations are not applied." if pending else writes.reason_not_to()


class Writes:
    """Whether the database can write, as this process found out last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._reason: str | None = None
        self._due = 0.0

    def reason_not_to(self) -> str | None:
        """Return why nothing can be written, or None; tries it where the last try is some seconds old."""
        with self._lock:
            if time.monotonic() >= self._due:
                self._reason = no_space() or _refused_write()
                self._due = time.monotonic() + SECONDS_BETWEEN_WRITES
            return self._reason

    def forget(self) -> None:
        self._due = 0.0


writes = Writes()


def no_space() -> str | None:
    """Return a sentence if the disk of an embedded database is nearly full; another's cannot be seen from here."""
    server = connection.settings_dict.get("EMBEDDED")
    if server and shutil.disk_usage(server.home).free < LEAST_FREE_BYTES:
        return "The disk of the database is full."
    return None


def _refused_write() -> str | None:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(WRITE)
    except DatabaseError as error:
        logger.warning("The database cannot write: %s", error)
        return "The database cannot write."
    return None


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return gauges in Prometheus' text format to bearers of ``METRICS_TOKEN``, if it is set."""
    if not _may_read_metrics(request):
        return HttpResponseForbidden("Send METRICS_TOKEN as a bearer token.\n", content_type="text/plain")
    lines = [*_process_metrics(), *_database_metrics(), *_task_metrics()]
    return HttpResponse("\n".join(lines) + "\n", content_type="text/plain; version=0.0.4; charset=utf-8")


def _may_read_metrics(request: HttpRequest) -> bool:
    if settings.METRICS_TOKEN:
        return constant_time_compare(
            request.headers.get("Authorization", ""), f"Bearer {settings.METRICS_TOKEN}"
        )
    return settings.LOCAL


def _process_metrics() -> list[str]:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    seconds = usage.ru_utime + usage.ru_stime
    return [
        *_metric("process_cpu_seconds_total", "counter", "CPU time of the answering worker.", seconds),
        *_metric("process_resident_memory_bytes", "gauge", "Memory of that worker.", _resident_bytes()),
    ]


def _resident_bytes() -> int:
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") if statm.exists() else 0


def _database_metrics() -> list[str]:
    try:
        with connection.cursor() as cursor:
            cursor.execute(ROWS)
            tables = cursor.fetchall()
            cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
            (connections,) = cursor.fetchone() or (0,)
    except DatabaseError:
        return _metric("assay_database_up", "gauge", "Whether the database answers.", 0)
    return [
        *_metric("assay_database_up", "gauge", "Whether the database answers.", 1),
        *_metric("assay_database_connections", "gauge", "Open connections to the database.", connections),
        "# HELP assay_table_rows Estimated rows of a table.",
        "# TYPE assay_table_rows gauge",
        *(f'assay_table_rows{{table="{name}"}} {rows}' for name, rows in tables),
    ]


def _task_metrics() -> list[str]:
    """Return when each task ran and how; nothing of those that never did."""
    try:
        runs = TaskRun.objects.in_bulk(TASKS).values()
    except DatabaseError:
        return []
    started = {run.name: run.started_at.timestamp() for run in runs}
    succeeded = {run.name: run.succeeded_at.timestamp() for run in runs if run.succeeded_at}
    failed = {run.name: int(run.outcome == TaskOutcome.FAILED) for run in runs}
    seconds = {run.name: run.seconds for run in runs if run.seconds is not None}
    return [
        *_by_task("assay_task_last_start_timestamp_seconds", "When the task last began.", started),
        *_by_task("assay_task_last_success_timestamp_seconds", "When it last ended well.", succeeded),
        *_by_task("assay_task_failed", "Whether its last run failed.", failed),
        *_by_task("assay_task_duration_seconds", "How long its last run took.", seconds),
    ]


def _by_task(name: str, description: str, values: Mapping[str, float]) -> Iterable[str]:
    yield from (f"# HELP {name} {description}", f"# TYPE {name} gauge")
    yield from (f'{name}{{task="{task}"}} {value}' for task, value in values.items())


def _metric(name: str, kind: str, description: str, value: float) -> list[str]:
    return [f"# HELP {name} {description}", f"# TYPE {name} {kind}", f"{name} {value}"]
