"""Attempts that were void count again; what waits to be judged is found without looking at every place."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0006_rights"),
        ("content", "0002_promises"),
    ]

    operations = [
        migrations.AlterField(
            model_name="attemptaction",
            name="kind",
            field=models.CharField(
                choices=[
                    ("void", "counts for nothing"),
                    ("restore", "counts again"),
                    ("reopen", "open again"),
                    ("extend", "more time"),
                    ("allow_another", "another attempt"),
                ],
                max_length=14,
            ),
        ),
        migrations.AddIndex(
            model_name="presentation",
            index=models.Index(
                condition=models.Q(("is_dropped", False), ("is_pending", True)),
                fields=["attempt"],
                name="places_that_wait",
            ),
        ),
    ]
