"""The group of instructors with its permissions. An installation may change it afterwards; nothing changes it back."""

from django.contrib.auth.management import create_permissions
from django.db import migrations
from django.db.models import Q

NAME = "Instructors"
EVERYTHING = ("view", "add", "change", "delete")
NO_DELETING = ("view", "add", "change")
MAY = {
    "content.subject": NO_DELETING,
    "content.lesson": NO_DELETING,
    "content.lessonversion": EVERYTHING,
    "content.skill": NO_DELETING,
    "content.misconception": NO_DELETING,
    "content.itembank": NO_DELETING,
    "content.item": NO_DELETING,
    "content.itemversion": EVERYTHING,
    "assessment.assessment": (*NO_DELETING, "grade_cases"),
    "assessment.assessmentversion": EVERYTHING,
    "assessment.assignment": NO_DELETING,
    "assessment.assignmentchange": ("view",),
    "assessment.course": NO_DELETING,
    "assessment.enrolment": EVERYTHING,
    "assessment.accommodation": EVERYTHING,
    "assessment.attempt": ("view",),
    "assessment.calibration": ("view", "change"),
    "assessment.masteryfit": ("view", "change"),
    "assessment.onlinedifficulty": ("view",),
    "assessment.resourcelink": ("view", "change"),
    "assessment.grade": ("view", "change"),
    "assessment.user": ("view",),
}


def make_group(apps, schema_editor):
    """Permissions are made when all migrations are over: make those that the group needs now. Twice is once."""
    for label in ("content", "assessment"):
        config = apps.get_app_config(label)
        config.models_module = True  # else it would count as an app without models
        create_permissions(config, verbosity=0, apps=apps, using=schema_editor.connection.alias)
        config.models_module = None
    group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=NAME)
    wanted = Q(pk__in=())
    for label, actions in MAY.items():
        app, model = label.split(".")
        codenames = [action if "_" in action else f"{action}_{model}" for action in actions]
        wanted |= Q(content_type__app_label=app, content_type__model=model, codename__in=codenames)
    group.permissions.set(apps.get_model("auth", "Permission").objects.filter(wanted))


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0003_promises"),
        ("content", "0002_promises"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
    ]

    operations = [migrations.RunPython(make_group, migrations.RunPython.noop)]
