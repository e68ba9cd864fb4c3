"""What the group of instructors may do with images.

An installation that has changed the group keeps what it has, and gets these besides.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Q

NAME = "Instructors"
MAY = {"content.media": ("view", "add", "delete")}


def let_group(apps, schema_editor):
    """Permissions are made when all migrations are over: make those that the group needs now. Twice is once."""
    for label in ("content", "assessment"):
        config = apps.get_app_config(label)
        config.models_module = True  # else it would count as an app without models
        create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
        config.models_module = None
    wanted = Q(pk__in=())
    for label, actions in MAY.items():
        app, model = label.split(".")
        codenames = [f"{action}_{model}" for action in actions]
        wanted |= Q(content_type__app_label=app, content_type__model=model, codename__in=codenames)
    for group in apps.get_model("auth", "Group").objects.filter(name=NAME):
        group.permissions.add(*apps.get_model("auth", "Permission").objects.filter(wanted))


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0012_who_wrote_versions"),
        ("content", "0006_media"),
    ]

    operations = [migrations.RunPython(let_group, migrations.RunPython.noop)]
