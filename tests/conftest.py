"""What every test stands on. Only a test that asks for the database starts one."""

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from hypothesis import settings as laws
from pytest_django import DjangoDbBlocker

from api.counters import SHARED
from config import database
from config.embedded import EmbeddedServer
from content.authoring import certificate_of
from content.items.certification import Certificate
from content.items.parsing.document import parse_definition
from content.models.versions import fingerprint

# Its own data, apart from those of `make run`: nothing in it outlives a test run, so it need not survive a crash.
SERVER = EmbeddedServer(settings.VAR / "test-postgres", durable=False)


def pytest_configure() -> None:
    """Take the costs out of the settings that no test is about."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.STORAGES["staticfiles"]["BACKEND"] = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.SECURE_SSL_REDIRECT = False
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    # A busy machine is no fault of the code: what a law costs is bounded by what it is given, not by the clock.
    laws.register_profile("assay", deadline=None)
    laws.load_profile("assay")


def pytest_unconfigure() -> None:
    """Leave the test server; the last process of the run stops it."""
    SERVER.detach()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_blocker: DjangoDbBlocker, django_db_modify_db_settings_parallel_suffix: None
) -> None:
    """Point the tests at their own server, at a database that no other run or worker uses."""
    default = settings.DATABASES["default"]
    worker = os.environ.get("PYTEST_XDIST_WORKER")
    run = os.getppid() if worker else os.getpid()
    default["TEST"]["NAME"] = f"test_{run}_{worker or 'alone'}"
    if settings.LOCAL:
        default.update(database.for_server(SERVER))
        with django_db_blocker.unblock():
            _drop_leftovers()


def _drop_leftovers() -> None:
    """Drop the databases of runs that were killed: those named after a process that is gone."""
    SERVER.attach()
    with connection._nodb_cursor() as cursor:
        cursor.execute("SELECT datname FROM pg_database WHERE datname ~ '^test_[0-9]+_'")
        for (name,) in cursor.fetchall():
            run = re.match(r"test_(\d+)_", name)
            if run and not Path("/proc", run[1]).exists():
                cursor.execute(f'DROP DATABASE IF EXISTS "{name}"')


@pytest.fixture(autouse=True)
def _fresh_cache() -> None:
    """Forget what earlier tests left in this process, so that none is throttled for another's requests."""
    cache.clear()
    SHARED.clear()


@pytest.fixture(scope="session", autouse=True)
def _tried_out_once() -> Iterator[None]:
    """Trying an item out over 10,000 draws is pure: what it found for a document holds in every test of a process."""
    known: dict[str, Certificate] = {}

    def certified(document: Mapping[str, Any]) -> Certificate:
        key = fingerprint(document)
        if key not in known:
            known[key] = certificate_of(parse_definition(document))
        return known[key]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("content.importing.certified", certified)
        yield
