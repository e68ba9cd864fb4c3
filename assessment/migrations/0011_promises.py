from django.db import migrations


class Migration(migrations.Migration):
    """Only a name that the desk shows: the database does not change."""

    dependencies = [("assessment", "0006_mastery_mode_and_fits")]

    operations = [
        migrations.AlterModelOptions(
            name="onlinedifficulty", options={"verbose_name_plural": "online difficulties"}
        )
    ]
