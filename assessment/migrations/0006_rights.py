"""What the group of instructors may do with kinds of rows that are new: courses in parts, grades, corrections, reviews.

An installation that has changed the group keeps what it has, and gets these besides.
"""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Q

NAME = "Instructors"
MAY = {
    "content.review": ("view", "add"),
    "assessment.section": ("view", "add", "change", "delete"),
    "assessment.gradenote": ("view", "add"),
    "assessment.correction": ("view", "add"),
    "assessment.correctionrun": ("view", "add"),
    "assessment.correctioneffect": ("view",),
    "assessment.regraderequest": ("view", "change"),
    "assessment.statisticssnapshot": ("view",),
}


def let_group(apps, schema_editor):
    let(MAY, apps, schema_editor)


def let(may, apps, schema_editor):
    """Permissions are made when all migrations are over: make those that the group needs now. Twice is once."""
    for label in ("content", "assessment"):
        config = apps.get_app_config(label)
        config.models_module = True  # else it would count as an app without models
        create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
        config.models_module = None
    wanted = Q(pk__in=())
    for label, actions in may.items():
        app, model = label.split(".")
        codenames = [f"{action}_{model}" for action in actions]
        wanted |= Q(content_type__app_label=app, content_type__model=model, codename__in=codenames)
    for group in apps.get_model("auth", "Group").objects.filter(name=NAME):
        group.permissions.add(*apps.get_model("auth", "Permission").objects.filter(wanted))


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0005_courses_and_results"),
        ("content", "0004_review_promises"),
    ]

    operations = [migrations.RunPython(let_group, migrations.RunPython.noop)]
