"""Imports remember what they did. A version that an import made may go again once that import has been taken back."""

import content.models.versions
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

# What else the function has learned by then stays in it: only this is put before its last word.
ALLOW = """
DO $body$
BEGIN
    EXECUTE replace(
        pg_get_functiondef('refuse_change_of_published_version'::regproc),
        '    RAISE EXCEPTION',
        $door$    IF TG_OP = 'DELETE' AND EXISTS (
        SELECT FROM content_importchange AS change JOIN content_importrun AS run ON run.id = change.run_id
        WHERE change.version_after = OLD.id AND change.is_new AND run.state = 'undone'
    ) THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION$door$
    );
END
$body$
"""
REFUSE = """
DO $body$
BEGIN
    EXECUTE regexp_replace(
        pg_get_functiondef('refuse_change_of_published_version'::regproc),
        'IF TG_OP = ''DELETE'' AND EXISTS.*?END IF;', ''
    );
END
$body$
"""


class Migration(migrations.Migration):
    dependencies = [
        ("content", "0009_words_of_items"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="ImportRun",
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
                ("begun_at", models.DateTimeField()),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("planned", "looked at, not carried out"),
                            ("done", "carried out"),
                            ("undone", "taken back"),
                        ],
                        default="done",
                        max_length=10,
                    ),
                ),
                ("sources", models.TextField(help_text="What was brought, by name.", verbose_name="from")),
                ("bank_slug", models.CharField(blank=True, max_length=100, verbose_name="bank")),
                (
                    "result",
                    content.models.versions.DocumentField(
                        default=dict, help_text="What became of each item, as it was told."
                    ),
                ),
                ("undone_at", models.DateTimeField(blank=True, null=True)),
                (
                    "undone",
                    content.models.versions.DocumentField(
                        default=list, help_text="What taking it back did with each row."
                    ),
                ),
                (
                    "by",
                    models.ForeignKey(
                        blank=True,
                        help_text="Empty: a command.",
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="imports",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "undone_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="imports_undone",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "import",
                "ordering": ["-begun_at", "-id"],
            },
        ),
        migrations.CreateModel(
            name="ImportFile",
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
                ("name", models.CharField(max_length=200)),
                ("content", models.BinaryField()),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="files",
                        to="content.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "id"],
            },
        ),
        migrations.CreateModel(
            name="ImportChange",
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
                ("model", models.CharField(help_text="As the framework labels it.", max_length=60)),
                ("row_id", models.UUIDField()),
                ("slug", models.CharField(max_length=100)),
                ("is_new", models.BooleanField(default=False)),
                (
                    "before",
                    content.models.versions.DocumentField(
                        default=dict, help_text="Of a row that existed: its columns before."
                    ),
                ),
                (
                    "after",
                    content.models.versions.DocumentField(
                        default=dict, help_text="The same columns, as the import left them."
                    ),
                ),
                ("version_before", models.UUIDField(blank=True, null=True)),
                ("version_after", models.UUIDField(blank=True, null=True)),
                (
                    "origin",
                    models.CharField(
                        blank=True, help_text="Names a question of a foreign file.", max_length=64
                    ),
                ),
                (
                    "run",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="changes",
                        to="content.importrun",
                    ),
                ),
            ],
            options={
                "ordering": ["run", "id"],
            },
        ),
        migrations.AddConstraint(
            model_name="importrun",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("state", "undone"), ("undone_at__isnull", False)),
                    models.Q(models.Q(("state", "undone"), _negated=True), ("undone_at__isnull", True)),
                    _connector="OR",
                ),
                name="an_import_that_was_undone_has_a_time",
            ),
        ),
        migrations.AddIndex(
            model_name="importchange",
            index=models.Index(
                condition=models.Q(("origin", ""), _negated=True),
                fields=["origin"],
                name="items_of_foreign_questions",
            ),
        ),
        migrations.AddIndex(
            model_name="importchange",
            index=models.Index(
                condition=models.Q(("is_new", True)),
                fields=["version_after"],
                name="versions_that_imports_made",
            ),
        ),
        migrations.RunSQL(ALLOW, REFUSE),
    ]
