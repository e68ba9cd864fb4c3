"""What items are for, and who may change which banks and lessons."""

import content.models.versions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0003_probing_keys"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="item",
            name="use",
            field=models.CharField(
                blank=True,
                choices=[("practice", "practice"), ("assessment", "assessment"), ("both", "both")],
                db_default="",
                help_text="As the current version says; empty: as its bank.",
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="itembank",
            name="use",
            field=models.CharField(
                choices=[("practice", "practice"), ("assessment", "assessment"), ("both", "both")],
                db_default="both",
                default="both",
                help_text="What its items are for, unless an item says it itself. Practice shows worked solutions to all.",
                max_length=10,
            ),
        ),
        migrations.CreateModel(
            name="AuthorGrant",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("granted_at", models.DateTimeField()),
                (
                    "bank",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="content.itembank",
                    ),
                ),
                (
                    "granted_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="grants_given",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "lesson",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="content.lesson",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "ordering": ["id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("bank__isnull", False), ("lesson__isnull", True)),
                            models.Q(("bank__isnull", True), ("lesson__isnull", False)),
                            _connector="OR",
                        ),
                        name="a_grant_names_a_bank_or_a_lesson",
                        violation_error_message="A grant names a bank or a lesson, one of them.",
                    ),
                    models.UniqueConstraint(fields=("user", "bank"), name="one_grant_per_user_and_bank"),
                    models.UniqueConstraint(fields=("user", "lesson"), name="one_grant_per_user_and_lesson"),
                ],
            },
        ),
    ]
