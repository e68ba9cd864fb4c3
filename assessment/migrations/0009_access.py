"""Exclusive assessments, counts of requests, pauses after unreadable answers, and one account per folded name."""

import django.db.models.functions.text
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("assessment", "0008_task_runs"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [
        migrations.CreateModel(
            name="RateCount",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "scope", "ident", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("scope", models.CharField(max_length=20)),
                ("ident", models.CharField(max_length=100)),
                ("ends_at", models.DateTimeField(db_index=True)),
                ("count", models.PositiveIntegerField()),
            ],
        ),
        migrations.AlterModelOptions(
            name="assessment",
            options={
                "ordering": ["title"],
                "permissions": [("grade_cases", "Can have answers graded under any policy")],
            },
        ),
        migrations.AlterModelManagers(
            name="user",
            managers=[],
        ),
        migrations.AddField(
            model_name="assessment",
            name="exclusive",
            field=models.BooleanField(
                blank=True,
                help_text="While it runs, its learners and guests cannot practise its items. Unknown: yes where it closes or withholds verdicts.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="presentation",
            name="invalid_answers",
            field=models.PositiveIntegerField(db_default=0, default=0),
        ),
        migrations.AddField(
            model_name="presentation",
            name="paused_until",
            field=models.DateTimeField(
                blank=True,
                help_text="After too many answers that could not be read, the next one waits.",
                null=True,
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                django.db.models.functions.text.Lower("username"), name="one_account_per_folded_name"
            ),
        ),
    ]
