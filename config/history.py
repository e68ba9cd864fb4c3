"""Whether the migrations that a database has seen are an earlier stage of ours."""

from django.db import connection
from django.db.migrations.exceptions import InconsistentMigrationHistory
from django.db.migrations.loader import MigrationLoader

Name = tuple[str, str]


class ForeignHistory(Exception):
    """The database was made by other migrations; the message says which and what to do."""

    def __init__(self, fact: str) -> None:
        super().__init__(
            f"Its tables were made by another history of migrations ({fact}), and nothing in it was changed: "
            "start the version of Assay that made it, or give this one an empty database "
            "(ASSAY_VAR=another-folder, or another DATABASE_URL) and load into it what you exported."
        )


def check_history() -> None:
    """Raise ForeignHistory unless migrating from where the database stands leads to where the code is.

    A database that a newer version has brought further passes: every migration of ours is there.
    """
    loader = MigrationLoader(connection)
    unknown = [name for name in loader.applied_migrations if _is_unknown(loader, name)]
    missing = [
        name
        for name in loader.disk_migrations
        if name not in loader.applied_migrations and name[0] in {app for app, _ in unknown}
    ]
    if unknown and missing:
        raise ForeignHistory(f"it knows {_text(min(unknown))} and lacks {_text(min(missing))}")
    try:
        loader.check_consistent_history(connection)
    except InconsistentMigrationHistory as error:
        raise ForeignHistory(str(error).rstrip(".")) from error


def _is_unknown(loader: MigrationLoader, name: Name) -> bool:
    """Return whether the code of an installed app has neither that migration nor one that replaces it."""
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    return name[0] in loader.migrated_apps and name not in loader.disk_migrations and name not in replaced


def _text(name: Name) -> str:
    return ".".join(name)
