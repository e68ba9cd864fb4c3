from django.db import migrations


class Migration(migrations.Migration):
    """Only a name that the desk shows: the database does not change."""

    dependencies = [("assessment", "0010_instructors_group")]

    operations = [
        migrations.AlterModelOptions(
            name="onlinedifficulty", options={"verbose_name_plural": "online difficulties"}
        )
    ]
