"""What can be asked: everything as the models say it."""

import content.models.versions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ItemBank",
            fields=[
                ("imported_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("title", models.CharField(max_length=200)),
                (
                    "use",
                    models.CharField(
                        choices=[("practice", "practice"), ("assessment", "assessment"), ("both", "both")],
                        db_default="both",
                        default="both",
                        help_text="What its items are for, unless an item says it itself. Practice shows worked solutions to all.",
                        max_length=10,
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Lesson",
            fields=[
                ("imported_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("title", models.CharField(help_text="As in the current version.", max_length=200)),
                (
                    "premium",
                    models.BooleanField(
                        default=False,
                        help_text="Shows its summary to everybody and its theory to learners whose course has it.",
                    ),
                ),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Misconception",
            fields=[
                ("imported_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("explanation", models.TextField()),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Subject",
            fields=[
                ("imported_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.CreateModel(
            name="Item",
            fields=[
                ("imported_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("title", models.CharField(help_text="As in the current version.", max_length=200)),
                (
                    "is_exercise",
                    models.BooleanField(
                        default=False, help_text="Has parameters: each draw is another variant."
                    ),
                ),
                (
                    "use",
                    models.CharField(
                        blank=True,
                        choices=[("practice", "practice"), ("assessment", "assessment"), ("both", "both")],
                        db_default="",
                        help_text="As the current version says; empty: as its bank.",
                        max_length=10,
                    ),
                ),
                (
                    "bank",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="items",
                        to="content.itembank",
                    ),
                ),
            ],
            options={
                "ordering": ["slug"],
            },
        ),
        migrations.CreateModel(
            name="ItemVersion",
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
                ("number", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("document", content.models.versions.DocumentField()),
                ("fingerprint", models.CharField(editable=False, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "certificate",
                    models.JSONField(
                        blank=True,
                        editable=False,
                        help_text="What certification found when this was published.",
                        null=True,
                    ),
                ),
                (
                    "probing",
                    models.JSONField(
                        blank=True,
                        default=dict,
                        editable=False,
                        help_text="By interaction: the secret key from which follow the places where formulas are tried.",
                    ),
                ),
                (
                    "item",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="content.item",
                    ),
                ),
                (
                    "misconceptions",
                    models.ManyToManyField(
                        blank=True,
                        editable=False,
                        help_text="What answers to this wording may show: an answer reads them at once.",
                        related_name="item_versions",
                        to="content.misconception",
                    ),
                ),
            ],
            options={
                "ordering": ["item", "-number"],
            },
        ),
        migrations.AddField(
            model_name="item",
            name="current",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="current_of",
                to="content.itemversion",
            ),
        ),
        migrations.AddField(
            model_name="itembank",
            name="lesson",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.SET_NULL,
                related_name="banks",
                to="content.lesson",
            ),
        ),
        migrations.CreateModel(
            name="LessonVersion",
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
                ("number", models.PositiveIntegerField()),
                (
                    "status",
                    models.CharField(
                        choices=[("draft", "Draft"), ("published", "Published"), ("retired", "Retired")],
                        default="draft",
                        max_length=10,
                    ),
                ),
                ("document", content.models.versions.DocumentField()),
                ("fingerprint", models.CharField(editable=False, max_length=64)),
                ("created_at", models.DateTimeField()),
                ("published_at", models.DateTimeField(blank=True, null=True)),
                ("retired_at", models.DateTimeField(blank=True, null=True)),
                (
                    "lesson",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="versions",
                        to="content.lesson",
                    ),
                ),
            ],
            options={
                "ordering": ["lesson", "-number"],
            },
        ),
        migrations.AddField(
            model_name="lesson",
            name="current",
            field=models.OneToOneField(
                blank=True,
                editable=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="current_of",
                to="content.lessonversion",
            ),
        ),
        migrations.CreateModel(
            name="Skill",
            fields=[
                ("imported_fingerprint", models.CharField(blank=True, editable=False, max_length=64)),
                (
                    "id",
                    models.UUIDField(
                        default=content.models.versions.new_id,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("slug", models.SlugField(max_length=100, unique=True)),
                ("title", models.CharField(max_length=200)),
                ("description", models.TextField(blank=True)),
                (
                    "prerequisites",
                    models.ManyToManyField(blank=True, related_name="unlocks", to="content.skill"),
                ),
            ],
            options={
                "ordering": ["title"],
            },
        ),
        migrations.AddField(
            model_name="lesson",
            name="skills",
            field=models.ManyToManyField(blank=True, related_name="lessons", to="content.skill"),
        ),
        migrations.AddField(
            model_name="itemversion",
            name="skills",
            field=models.ManyToManyField(
                blank=True,
                editable=False,
                help_text="What answers to this wording are evidence of, whatever the item asks for later.",
                related_name="item_versions",
                to="content.skill",
            ),
        ),
        migrations.AddField(
            model_name="item",
            name="skills",
            field=models.ManyToManyField(blank=True, related_name="items", to="content.skill"),
        ),
        migrations.AddField(
            model_name="lesson",
            name="subject",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="lessons", to="content.subject"
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
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
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
                    "lesson",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="grants",
                        to="content.lesson",
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
                    ),
                    models.UniqueConstraint(fields=("user", "bank"), name="one_grant_per_user_and_bank"),
                    models.UniqueConstraint(fields=("user", "lesson"), name="one_grant_per_user_and_lesson"),
                ],
            },
        ),
        migrations.AddConstraint(
            model_name="lessonversion",
            constraint=models.UniqueConstraint(
                fields=("lesson", "number"), name="one_lesson_version_per_number"
            ),
        ),
        migrations.AddConstraint(
            model_name="lessonversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")), fields=("lesson",), name="one_draft_per_lesson"
            ),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.UniqueConstraint(fields=("item", "number"), name="one_item_version_per_number"),
        ),
        migrations.AddConstraint(
            model_name="itemversion",
            constraint=models.UniqueConstraint(
                condition=models.Q(("status", "draft")), fields=("item",), name="one_draft_per_item"
            ),
        ),
        migrations.AddIndex(
            model_name="item",
            index=models.Index(
                condition=models.Q(("retired_at__isnull", False)),
                fields=["bank", "retired_at"],
                name="retired_items_of_a_bank",
            ),
        ),
    ]
