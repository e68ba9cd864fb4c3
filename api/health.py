"""What an orchestrator asks: is the process up, can it serve, how is it doing."""

import os
import resource
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, HttpResponseForbidden, JsonResponse
from django.utils.crypto import constant_time_compare
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# Estimates that PostgreSQL keeps anyway: a scrape must cost the same at ten million responses.
ROWS = """
    SELECT relname, GREATEST(reltuples, 0)::bigint FROM pg_class
    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname ~ '^(assessment|content|api)_'
    ORDER BY relname
"""


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
    """Say whether requests can be served: the database answers and has every migration."""
    try:
        pending = pending_migrations()
    except DatabaseError:
        return JsonResponse({"status": "unavailable", "reason": "The database does not answer."}, status=503)
    if pending:
        reason = f"{len(pending)} migrations are not applied."
        return JsonResponse({"status": "unavailable", "reason": reason}, status=503)
    return JsonResponse({"status": "ok"})


@require_safe
@never_cache
def metrics(request: HttpRequest) -> HttpResponse:
    """Return gauges in Prometheus' text format to bearers of ``METRICS_TOKEN``, if it is set."""
    if not _may_read_metrics(request):
        return HttpResponseForbidden("Send METRICS_TOKEN as a bearer token.\n", content_type="text/plain")
    lines = [*_process_metrics(), *_database_metrics()]
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


def _metric(name: str, kind: str, description: str, value: float) -> list[str]:
    return [f"# HELP {name} {description}", f"# TYPE {name} {kind}", f"{name} {value}"]
