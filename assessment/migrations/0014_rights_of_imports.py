"""What the group of instructors may do with imports: bring files, and look at what they brought themselves.

An installation that has changed the group keeps what it has, and gets these besides.
"""

from importlib import import_module

from django.db import migrations

MAY = {"content.importrun": ("view", "add")}


def let_group(apps, schema_editor):
    """Permissions are made when all migrations are over: make those that the group needs now. Twice is once."""
    import_module("assessment.migrations.0006_rights").let(MAY, apps, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("assessment", "0013_media_rights"), ("content", "0010_imports")]

    operations = [migrations.RunPython(let_group, migrations.RunPython.noop)]
