"""``manage.py doctor``."""

import io
import json
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import connection
from django.utils import timezone
from pytest_django import Settings

from api.health import writes
from assessment.jobs.tasks import TASKS
from assessment.models import Grade, TaskRun
from assessment.models.grades import GradeState
from assessment.models.platforms import PlatformState
from assessment.platforms.keys import published_keys
from tests import builders
from tests.assessment.people.test_second_factor import switched_on
from tests.builders import choice_document, make_item
from tests.launching import make_link, make_person


@pytest.fixture(autouse=True)
def _sound(tmp_path: Path, settings: Settings) -> None:
    """An installation with nothing to find, whatever the environment says."""
    settings.DEBUG = settings.DEMO = False
    settings.LOCAL = True
    settings.FRONTEND_DIST = tmp_path
    (tmp_path / "index.html").touch()


@pytest.fixture(autouse=True)
def _worked(db: None) -> None:
    """Scheduled work that was just done."""
    now = timezone.now()
    for name in TASKS:
        TaskRun.objects.create(name=name, started_at=now, finished_at=now, succeeded_at=now, outcome="done")


def states() -> dict[str, str]:
    out = io.StringIO()
    try:
        call_command("doctor", json=True, stdout=out)
    finally:
        print(out.getvalue())
    return {finding["subject"]: finding["state"] for finding in json.loads(out.getvalue())}


@pytest.mark.django_db
def test_a_sound_installation_has_no_findings() -> None:
    assert set(states().values()) == {"ok"}


@pytest.mark.django_db
def test_a_missing_migration_fails_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'api' AND name = '0002_audit'")
    with pytest.raises(SystemExit):
        states()
    assert "1 to apply" in capsys.readouterr().out


@pytest.mark.django_db
def test_an_app_that_is_not_built_fails_the_command(tmp_path: Path) -> None:
    (tmp_path / "index.html").unlink()
    with pytest.raises(SystemExit):
        states()


@pytest.mark.django_db
def test_a_demo_is_worth_a_warning(settings: Settings) -> None:
    settings.DEMO = True
    assert states()["settings"] == "warning"


@pytest.mark.django_db
def test_the_table_has_a_line_for_each_finding() -> None:
    out = io.StringIO()
    call_command("doctor", stdout=out)
    assert [line.split()[0] for line in out.getvalue().splitlines()] == ["ok"] * 9


@pytest.mark.django_db
def test_an_item_served_without_a_certificate_fails_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    make_item(choice_document("never-certified"))
    with pytest.raises(SystemExit):
        states()
    assert "never-certified" in capsys.readouterr().out


@pytest.mark.django_db
def test_scheduled_work_that_never_ran_is_worth_a_warning() -> None:
    TaskRun.objects.all().delete()
    assert states()["scheduled work"] == "warning"


@pytest.mark.django_db
def test_a_database_that_cannot_write_fails_the_command(capsys: pytest.CaptureFixture[str]) -> None:
    writes.forget()
    with connection.cursor() as cursor:
        cursor.execute("SET TRANSACTION READ ONLY")
    with pytest.raises(SystemExit):
        states()
    writes.forget()
    assert "cannot write" in capsys.readouterr().out


@pytest.mark.django_db
def test_what_waits_for_somebody_at_a_platform_is_a_warning() -> None:
    assert "platforms" not in states()
    link = make_link(course=builders.make_course())
    assert states()["platforms"] == "ok"
    deployment = link.context.deployment
    deployment.state = PlatformState.PENDING
    deployment.save()
    assert states()["platforms"] == "warning"
    deployment.state = PlatformState.ACTIVE
    deployment.save()
    person = make_person(deployment.platform, builders.make_learner())
    now = timezone.now()
    grade = {"score": 1, "maximum": 1, "is_final": True, "timestamp": now, "due_at": now, "created_at": now}
    Grade.objects.create(link=link, person=person, version=1, state=GradeState.PARKED, **grade)
    assert states()["platforms"] == "warning"


@pytest.mark.django_db
def test_a_key_that_nobody_can_open_fails_the_command(settings: Settings) -> None:
    published_keys(timezone.now())
    assert "tool keys" not in states()
    settings.SECRET_KEY = "another"
    with pytest.raises(SystemExit):
        states()


@pytest.mark.django_db
def test_staff_without_a_second_factor_are_named(
    settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.LOCAL, settings.HTTPS = False, True
    root = builders.make_learner("root", is_staff=True)
    assert states()["second factor"] == "warning"
    assert "a password alone lets in root" in capsys.readouterr().out
    settings.STAFF_SECOND_FACTOR = "required"
    assert states()["second factor"] == "ok"
    settings.STAFF_SECOND_FACTOR = "optional"
    switched_on(root)
    assert states()["second factor"] == "ok"
