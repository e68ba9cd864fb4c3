"""Which databases a start may migrate."""

import pytest
from django.db import connection

from config.history import ForeignHistory, check_history

pytestmark = pytest.mark.django_db

LAST = "(SELECT name FROM django_migrations WHERE app = 'assessment' ORDER BY name DESC LIMIT 1)"


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def know(app: str, name: str) -> None:
    run(f"INSERT INTO django_migrations (app, name, applied) VALUES ('{app}', '{name}', now())")


def test_our_own_history_passes_whole_and_in_part() -> None:
    check_history()
    run(f"DELETE FROM django_migrations WHERE app = 'assessment' AND name = {LAST}")
    check_history()


def test_a_database_that_a_newer_version_brought_further_passes() -> None:
    know("assessment", "9999_of_the_next_version")
    check_history()


def test_what_an_app_left_that_is_no_longer_installed_does_not_matter() -> None:
    know("gone", "0001_first")
    check_history()


def test_another_history_is_told_by_what_it_knows_and_what_it_lacks() -> None:
    run(f"DELETE FROM django_migrations WHERE app = 'assessment' AND name = {LAST}")
    know("assessment", "0001_initial")
    with pytest.raises(ForeignHistory, match=r"knows assessment.0001_initial and lacks assessment\.\d{4}_"):
        check_history()


def test_migrations_applied_out_of_order_are_another_history() -> None:
    run("DELETE FROM django_migrations WHERE app = 'assessment' AND name = '0001_first'")
    with pytest.raises(ForeignHistory, match=r"is applied before its dependency assessment\.0001_first"):
        check_history()
