"""The group of instructors is there without the demo."""

from importlib import import_module
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group, Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from assessment.people.instructors import MAY, NAME, permissions_on
from assessment.people.rights import at_the_desk
from tests.desks import make_instructor

pytestmark = pytest.mark.django_db

MIGRATION = import_module("assessment.migrations.0004_instructors")
LATER = import_module("assessment.migrations.0006_rights")
IMAGES = import_module("assessment.migrations.0013_media_rights")
IMPORTS = import_module("assessment.migrations.0014_rights_of_imports")


def test_the_migration_makes_it_before_any_permission_is_there():
    Group.objects.all().delete()
    Permission.objects.all().delete()
    ContentType.objects.all().delete()
    ContentType.objects.clear_cache()
    leaf = ("assessment", "0014_rights_of_imports")
    state = MigrationExecutor(connection).loader.project_state([leaf])
    for _ in range(2):
        for step in (MIGRATION.make_group, LATER.let_group, IMAGES.let_group, IMPORTS.let_group):
            step(state.apps, SimpleNamespace(connection=connection))
    group = Group.objects.get(name=NAME)
    found = {f"{p.content_type.app_label}.{p.codename}" for p in group.permissions.all()}
    assert found == {name for label in MAY for name in permissions_on(label)}


def test_the_migrations_say_what_the_table_of_rights_says():
    stated = MIGRATION.MAY | LATER.MAY | IMAGES.MAY | IMPORTS.MAY
    told = {label: frozenset(actions) for label, actions in stated.items()}
    assert told == {label: frozenset(actions) for label, actions in at_the_desk().items()}
    assert dict(MAY) == at_the_desk()
    assert make_instructor().has_perm("assessment.grade_cases")
