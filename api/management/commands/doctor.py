"""``manage.py doctor``: what works in this installation, and what to do about the rest."""

import json
import platform
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand
from django.db import DatabaseError, connection
from django.db.models import Q
from django.utils import timezone

from api.health import pending_migrations, writes
from assessment.jobs.tasks import TASKS, late
from assessment.models import Deployment, Grade, Platform, Response, ToolKey, User
from assessment.models.grades import GradeState
from assessment.models.platforms import PlatformState
from assessment.platforms.keys import can_be_opened
from content.models import Item

EXAMPLES = 5
MOST_LISTED = 100


class State(StrEnum):
    """How a check came out; only ``FAILED`` makes the command fail."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the table: what was looked at, how it is, and what to do when it is not well."""

    subject: str
    state: State
    detail: str


class Command(BaseCommand):
    help = "Check Python, the database, migrations, the frontend, the settings and the published items."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print the findings as JSON")

    def handle(self, *args: Any, **options: Any) -> None:
        findings = list(examine())
        if options["json"]:
            self.stdout.write(json.dumps([asdict(finding) for finding in findings], indent=2))
        else:
            for finding in findings:
                self.stdout.write(f"{finding.state:<8} {finding.subject:<16} {finding.detail}")
        if any(finding.state is State.FAILED for finding in findings):
            sys.exit(1)


def examine() -> Iterator[Finding]:
    """Yield every finding; what needs the database, or its newest tables, is left out while they are not there."""
    yield _python()
    yield _frontend()
    yield from _settings()
    database = _database()
    yield database
    if database.state is State.OK:
        migrations = _migrations()
        yield migrations
        if migrations.state is State.OK:
            yield _writes()
            yield _second_factors()
            yield _items()
            yield _answers()
            yield from _platforms()
            yield _tasks()


def _python() -> Finding:
    return Finding("python", State.OK, f"{platform.python_version()} in {sys.prefix}")


def _frontend() -> Finding:
    page = settings.FRONTEND_DIST / "index.html"
    if page.exists():
        return Finding("frontend", State.OK, f"built in {settings.FRONTEND_DIST}")
    return Finding("frontend", State.FAILED, "not built: make frontend")


def _settings() -> Iterator[Finding]:
    if settings.DEBUG:
        yield Finding("settings", State.WARNING, "DEBUG is on: errors show the code to everybody")
    if settings.DEMO:
        yield Finding("settings", State.WARNING, "DEMO is on: everybody knows the passwords of its accounts")
    if not settings.LOCAL and not settings.HTTPS:
        yield Finding("settings", State.WARNING, "HTTPS is off: cookies travel unprotected")


def _database() -> Finding:
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        return Finding("database", State.FAILED, str(error).strip())
    version = ".".join(map(str, connection.get_database_version()))
    place = f"embedded in {connection.settings_dict['HOST']}" if settings.LOCAL else "of DATABASE_URL"
    return Finding("database", State.OK, f"PostgreSQL {version}, {place}")


def _migrations() -> Finding:
    pending = pending_migrations()
    if pending:
        return Finding("migrations", State.FAILED, f"{len(pending)} to apply: manage.py migrate")
    return Finding("migrations", State.OK, "all applied")


def _writes() -> Finding:
    reason = writes.reason_not_to()
    return (
        Finding("disk", State.FAILED, reason)
        if reason
        else Finding("disk", State.OK, "the database can write")
    )


def _second_factors() -> Finding:
    """Say who of the staff is let in by a password alone. Whoever tries the demo has no need of more."""
    staff = User.objects.filter(Q(is_staff=True) | Q(is_superuser=True), is_active=True)
    without = staff.exclude(totpdevice__confirmed=True).order_by("username")
    names = list(without.values_list("username", flat=True)[: EXAMPLES + 1])
    if not names:
        return Finding("second factor", State.OK, "on for everybody of the staff")
    listed = ", ".join(names[:EXAMPLES]) + (", ..." if len(names) > EXAMPLES else "")
    if settings.STAFF_SECOND_FACTOR == "required":
        return Finding("second factor", State.OK, f"set up at the next sign-in by {listed}")
    state = State.OK if settings.LOCAL or settings.DEMO else State.WARNING
    detail = f"a password alone lets in {listed}; STAFF_SECOND_FACTOR=required asks everybody for it"
    return Finding("second factor", state, detail)


def _platforms() -> Iterator[Finding]:
    """Learning-management systems, where there are any: what waits for somebody here."""
    if sealed := [key.kid for key in ToolKey.objects.all() if not can_be_opened(key)]:
        detail = f"{', '.join(sealed)} cannot be opened: put the former SECRET_KEY into SECRET_KEY_FALLBACKS"
        yield Finding("tool keys", State.FAILED, detail)
    if not Platform.objects.exists():
        return
    parked = Grade.objects.filter(state=GradeState.PARKED).count()
    waiting = Deployment.objects.filter(state=PlatformState.PENDING).count()
    said = []
    if parked:
        said.append(f"{parked} grades were refused: manage.py lti_grades --state parked")
    if waiting:
        said.append(f"{waiting} deployments wait to be confirmed at the desk")
    if said:
        yield Finding("platforms", State.WARNING, "; ".join(said))
    else:
        yield Finding(
            "platforms", State.OK, f"{Platform.objects.count()} registered, nothing waits for anybody"
        )


def _tasks() -> Finding:
    findings = late(timezone.now())
    if findings:
        detail = f"{' '.join(findings)} Is it running? By hand: manage.py tasks NAME"
        return Finding("scheduled work", State.WARNING, detail)
    return Finding("scheduled work", State.OK, f"{', '.join(TASKS)}: each ran when it was due")


def _items() -> Finding:
    served = Item.objects.servable()
    uncertified = [item.slug for item in served.filter(current__certificate__isnull=True)[:EXAMPLES]]
    if uncertified:
        return Finding("items", State.FAILED, f"served without a certificate: {', '.join(uncertified)}, ...")
    return Finding("items", State.OK, f"{served.count()} served, each with its certificate")


def _answers() -> Finding:
    pending = Response.objects.pending().filter(presentation__is_pending=True).order_by("created_at")
    found = list(pending.values_list("attempt", "presentation", "failure"))
    if not found:
        return Finding("answers", State.OK, "each that was sent is graded")
    attempts = [f"attempt {attempt}" for attempt in dict.fromkeys(one[0] for one in found if one[0])]
    practiced = [f"practice {shown}" for attempt, shown, _ in found if not attempt]
    places = [*attempts, *practiced]
    more = f" and {len(places) - MOST_LISTED} more" if len(places) > MOST_LISTED else ""
    errors = ", ".join(sorted({error for *_, error in found}))
    return Finding(
        "answers",
        State.WARNING,
        f"{len(found)} kept but not graded, as the grader failed ({errors}; the log says more): "
        f"{', '.join(places[:MOST_LISTED])}{more}",
    )
