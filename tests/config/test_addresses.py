"""What answers at which address, whatever else is installed."""

import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from pytest_django import Settings

from api.health import writes
from assessment.jobs.tasks import TASKS
from assessment.models import TaskRun
from config.embedded import EmbeddedServer


@pytest.fixture
def built(tmp_path: Path, settings: Settings) -> Path:
    """A frontend that was built."""
    settings.FRONTEND_DIST = tmp_path
    frontend = Path(settings.BASE_DIR, "frontend")
    shutil.copy(frontend / "index.html", tmp_path)
    shutil.copy(frontend / "src" / "routes.json", tmp_path)
    return tmp_path


def test_health_asks_nothing_of_the_database(client: Client) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}


@pytest.mark.django_db
def test_a_migrated_database_is_ready(client: Client) -> None:
    assert client.get("/readyz").status_code == 200


@pytest.mark.django_db
def test_a_missing_migration_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'api' AND name = '0002_audit'")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reason"] == "1 migrations are not applied."


@pytest.fixture
def unsettled() -> Iterator[None]:
    """Nothing remembered of whether the database can write, before and after."""
    writes.forget()
    yield
    writes.forget()


@pytest.mark.usefixtures("unsettled")
@pytest.mark.django_db
def test_a_database_that_cannot_write_is_not_ready(client: Client) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reason"] == "The database cannot write."


@pytest.mark.usefixtures("unsettled")
@pytest.mark.django_db
def test_a_full_disk_of_an_embedded_database_is_not_ready(
    client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setitem(connection.settings_dict, "EMBEDDED", EmbeddedServer(tmp_path))
    monkeypatch.setattr(shutil, "disk_usage", lambda _path: shutil._ntuple_diskusage(10**9, 10**9, 0))
    response = client.get("/readyz")
    assert response.status_code == 503
    assert response.json()["reason"] == "The disk of the database is full."


@pytest.mark.usefixtures("unsettled")
@pytest.mark.django_db
def test_many_probes_write_once(client: Client) -> None:
    with CaptureQueriesContext(connection) as captured:
        assert [client.get("/readyz").status_code for _ in range(5)] == [200] * 5
    assert sum("CREATE TEMPORARY" in query["sql"] for query in captured) == 1


@pytest.mark.django_db
def test_scheduled_work_that_does_not_run_is_a_warning(client: Client) -> None:
    now = timezone.now()
    for name, task in TASKS.items():
        TaskRun.objects.create(name=name, started_at=now - task.interval, finished_at=now, outcome="done")
    assert client.get("/readyz").json() == {"status": "ok", "warnings": []}
    TaskRun.objects.filter(name="settle").update(started_at=now - timedelta(days=1))
    TaskRun.objects.filter(name="sessions").update(outcome="failed", detail="No room.")
    response = client.get("/readyz")
    assert response.status_code == 200
    late, failed = response.json()["warnings"]
    assert late.startswith("The task settle last ran at")
    assert failed == "The task sessions failed."


@pytest.mark.django_db
def test_metrics_tell_when_each_task_ran_and_whether_it_failed(client: Client, settings: Settings) -> None:
    settings.LOCAL = True
    start = datetime(2026, 3, 1, 12, tzinfo=UTC)
    TaskRun.objects.create(
        name="settle", started_at=start, finished_at=start + timedelta(seconds=2), outcome="failed"
    )
    lines = client.get("/metrics").content.decode().splitlines()
    assert f'assay_task_last_start_timestamp_seconds{{task="settle"}} {start.timestamp()}' in lines
    assert 'assay_task_failed{task="settle"} 1' in lines
    assert 'assay_task_duration_seconds{task="settle"} 2.0' in lines
    assert not [line for line in lines if line.startswith("assay_task_last_success_timestamp_seconds{")]


@pytest.mark.django_db
def test_metrics_are_in_the_text_format_of_prometheus(client: Client, settings: Settings) -> None:
    settings.LOCAL = True
    lines = client.get("/metrics").content.decode().splitlines()
    assert "assay_database_up 1" in lines
    samples = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r'[a-z_]+(\{(table|task)="[a-z_]+"\})? [0-9.e+-]+', line) for line in samples)


@pytest.mark.parametrize(("sent", "status"), [("Bearer right", 200), ("Bearer wrong", 403), ("", 403)])
@pytest.mark.django_db
def test_metrics_with_a_token_are_for_its_bearers(
    client: Client, settings: Settings, sent: str, status: int
) -> None:
    settings.METRICS_TOKEN = "right"
    assert client.get("/metrics", headers={"Authorization": sent}).status_code == status


def test_metrics_without_a_token_are_for_local_installations(client: Client, settings: Settings) -> None:
    settings.LOCAL = False
    assert client.get("/metrics").status_code == 403


@pytest.mark.parametrize("path", ["/", "/progress", "/attempts/0197-a/result", "/sign-in/"])
@pytest.mark.django_db
def test_the_routes_of_the_app_get_its_page(client: Client, built: Path, path: str) -> None:
    response = client.get(path)
    assert response.status_code == 200
    assert response["Content-Type"] == "text/html; charset=utf-8"
    assert b"Assay</title>" in response.content
    assert "no-cache" in response["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    ["/nowhere", "/attempts/0197/items/3", "/lessons", "/lessons/%E0%A4%A", "/lessons/a//", "/lessons//"],
)
def test_an_address_without_a_screen_is_a_404_that_looks_like_the_app(
    client: Client, built: Path, path: str
) -> None:
    response = client.get(path)
    assert response.status_code == 404
    assert "<title>Nothing here · Assay</title>" in response.content.decode()
    assert b'<div id="app">' in response.content


@pytest.mark.parametrize("path", ["/assets/gone-1a2b3c4d.js", "/static/gone", "/robots.txt", "/api/gone/"])
def test_a_missing_file_is_no_page(client: Client, built: Path, path: str) -> None:
    assert client.get(path, follow=True).status_code == 404


def test_an_app_that_is_not_built_says_how_to_build_it(
    client: Client, tmp_path: Path, settings: Settings
) -> None:
    settings.FRONTEND_DIST = tmp_path
    response = client.get("/")
    assert response.status_code == 503
    assert b"make frontend" in response.content


def test_only_our_own_scripts_may_run(client: Client) -> None:
    policy = dict(
        part.split(" ", 1) for part in client.get("/healthz")["Content-Security-Policy"].split("; ")
    )
    assert policy["script-src"] == "'self'"
    assert policy["default-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert policy["style-src"] == "'self'"
    assert not any("unsafe" in sources for sources in policy.values())


def test_a_large_body_is_refused_before_it_is_read(client: Client) -> None:
    body = "x" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    response = client.post("/admin/login/", body, content_type="application/json")
    assert response.status_code == 413
    assert response.json()["errors"][0]["code"] == "body_too_large"


def test_an_unreadable_length_is_refused(client: Client) -> None:
    response = client.post("/admin/login/", "{}", content_type="application/json", CONTENT_LENGTH="-1")
    assert response.status_code == 413


def test_a_probe_may_call_by_any_address(client: Client) -> None:
    assert client.get("/healthz", headers={"Host": "10.0.0.7:8000"}).status_code == 200
    assert client.get("/admin/login/", headers={"Host": "10.0.0.7:8000"}).status_code == 400
